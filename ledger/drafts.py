"""Files that are whole or not there: written as a draft beside their place, then named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.errors import Misused, Unavailable


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """Where to write a file that gets its name when it is complete and on the disk.

    It overwrites nothing, not even what somebody else puts there meanwhile: `Misused`.
    """
    if target.exists():
        raise _taken(target)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        yield draft
        _flush(draft)
        _name(draft, target)
        with suppress(OSError):  # not every system lets a folder be flushed
            _flush(target.parent)
    except OSError as error:
        raise Unavailable(f"{target} cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)  # a rename would replace what is there
    except FileExistsError:
        raise _taken(target) from None
    except OSError:  # a memory stick, say, knows no links
        if target.exists():
            raise _taken(target) from None
        draft.rename(target)


def _taken(target: Path) -> Misused:
    return Misused(f"{target} is there already: it is not overwritten")


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
