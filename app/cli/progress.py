"""Progress bars on long work, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


@contextmanager
def progress(what: str) -> Iterator[Progress | None]:
    """A function to tell how far it is: done, of how many. None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    from app.cli.language import in_words
    from app.cli.terminal import console

    with Progress(console=console(error=True), transient=True) as bars:
        task = bars.add_task(in_words(what), total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
