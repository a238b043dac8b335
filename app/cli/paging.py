"""Long answers on a terminal go through a pager, as far as there is one."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_USUAL = "less"
_OF_LESS = "FRX"
"""How less is told to end at once where one screen is enough, and to leave colours as they are."""


class _ToPager(io.TextIOWrapper):
    """Standard output, as long as a pager shows it: a terminal to whoever asks."""

    def isatty(self) -> bool:
        """It is shown on one."""
        return True


@contextmanager
def paged() -> Iterator[None]:
    """Meanwhile what is printed on a terminal goes through `PAGER`, else less.

    Whoever leaves the pager early has seen enough: that is no failure.
    """
    command = _pager()
    if command is None:
        yield
        return
    pager = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": _OF_LESS, **os.environ})
    assert pager.stdin is not None
    terminal, sys.stdout = sys.stdout, _ToPager(pager.stdin, "utf-8", "backslashreplace")
    try:
        with suppress(BrokenPipeError):
            yield
            sys.stdout.flush()
    finally:
        shown, sys.stdout = sys.stdout, terminal
        with suppress(BrokenPipeError):
            shown.close()
        pager.wait()


def _pager() -> list[str] | None:
    """The pager's command; None where nobody reads on a terminal, or wants none."""
    if not (sys.stdout.isatty() and sys.stdin is not None and sys.stdin.isatty()):
        return None
    command = shlex.split(os.environ.get("PAGER", _USUAL))
    return command if command and command != ["cat"] and shutil.which(command[0]) else None
