"""Files that are whole or not there, and never more open than what they are a copy of.

A text is written into a file that has no name until it is complete: whatever ends the process, it
leaves nothing. Who needs a name to write to, as SQLite does, gets one in a folder that nobody else
can enter. Where such a process was killed, the next one at the same place takes its folder away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import IO

from ledger.errors import Misused, Unavailable

OWNER_ONLY = 0o600
"""The rights of a file that only its owner reads and writes."""

_BEGINNING, _ENDING = ".grants-", ".part"
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC


@contextmanager
def drafted(target: Path, mode: int = OWNER_ONLY) -> Iterator[Path]:
    """Where to write a file that gets its name when it is complete and on the disk.

    There is an empty file, with these rights at most. It overwrites nothing, not even what
    somebody else puts there meanwhile: `Misused`.
    """
    with _plainly(target), _own_folder(target) as folder:
        draft = folder / "draft"
        os.close(os.open(draft, _NEW, mode))
        yield draft
        _flush(draft)
        _name(draft, target)
        _flush_names(target)


@contextmanager
def written(target: Path, mode: int = OWNER_ONLY) -> Iterator[IO[str]]:
    """A text in UTF-8 that is there when it is complete and on the disk; like `drafted`."""
    with _plainly(target):
        nameless = _nameless(target, mode)
        if nameless is None:
            with drafted(target, mode) as draft, _as_text(draft) as file:
                yield file
            return
        with _as_text(nameless) as file:
            yield file
            file.flush()
            os.fsync(nameless)
            _give_name(nameless, target)
        _flush_names(target)


@contextmanager
def _plainly(target: Path) -> Iterator[None]:
    if os.path.lexists(target):
        raise _taken(target)
    try:
        yield
    except FileExistsError:
        raise _taken(target) from None
    except OSError as error:
        raise Unavailable(
            "{path} cannot be written: {reason}", path=target, reason=error.strerror
        ) from None


def _taken(target: Path) -> Misused:
    return Misused("{target} is there already: it is not overwritten", target=target)


def _as_text(where: Path | int) -> IO[str]:
    return open(where, "w", encoding="utf-8", newline="\n")


# ── without a name ───────────────────────────────────────────────────────────────────────────


def _nameless(target: Path, mode: int) -> int | None:
    """A new file without a name where a target is to be; None where the system has none."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_OPEN_FILES):
        return None
    try:
        return os.open(target.parent, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, mode)
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
            return None
        raise


_OPEN_FILES = "/proc/self/fd"


def _give_name(nameless: int, target: Path) -> None:
    folder = os.open(_OPEN_FILES, os.O_RDONLY | os.O_CLOEXEC)
    try:  # said relative to a folder, so that the link there is followed to the file
        os.link(str(nameless), target, src_dir_fd=folder)
    finally:
        os.close(folder)


# ── in a folder of one's own ─────────────────────────────────────────────────────────────────


@contextmanager
def _own_folder(target: Path) -> Iterator[Path]:
    """A new folder beside a target, locked as long as we live, removed in the end."""
    for old in target.parent.glob(f"{_BEGINNING}*{_ENDING}"):
        _remove_if_left_behind(old)
    lock = None
    while lock is None:  # who tidies up just now may take a new folder for a forgotten one
        folder = Path(mkdtemp(prefix=_BEGINNING, suffix=_ENDING, dir=target.parent))
        lock = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """The folder, opened and locked; None where another process has it, or has removed it."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with suppress(BlockingIOError):
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(opened).st_nlink:
                return opened
        os.close(opened)
    return None


def _remove_if_left_behind(folder: Path) -> None:
    """Remove a folder of a process that is dead: of ours, and locked by nobody."""
    with suppress(OSError):
        found = folder.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        lock = _locked(folder) if ours and found.st_mode & 0o777 == 0o700 else None
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _name(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)  # a rename would replace what is there
    except FileExistsError:
        raise
    except OSError:  # a memory stick, say, knows no links
        if os.path.lexists(target):
            raise _taken(target) from None
        draft.rename(target)


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _flush_names(target: Path) -> None:
    with suppress(OSError):  # not every system lets a folder be flushed
        _flush(target.parent)
