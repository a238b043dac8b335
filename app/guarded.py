"""Files that are their owner's alone: trusted only where nobody else can have put them there."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import Misused, Unavailable

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_LONGEST_BYTES = 1_000_000
_PAUSE_SECONDS = 0.02


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that nobody else can enter, whatever the umask."""
    try:
        for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            "{folder} cannot be made: {reason}", folder=folder, reason=error.strerror
        ) from None


@contextmanager
def alone_in(folder: Path, wait_seconds: float) -> Iterator[None]:
    """Have a folder of one's own, one process at a time.

    `Misused` if others may write there, `Unavailable` if it is busy past the wait.
    """
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unavailable(
            "{folder} cannot be opened: {reason}", folder=folder, reason=error.strerror
        ) from None
    try:
        found = os.fstat(opened)
        _check_owner(folder, found)
        check_unwritten(folder, found)
        _lock(opened, folder, wait_seconds)
        yield
    finally:
        os.close(opened)


def _lock(opened: int, folder: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Unavailable(
                    "{folder} is busy: another process held it past the wait; try again",
                    folder=folder,
                ) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def check_unwritten(path: Path, found: os.stat_result | None = None) -> None:
    """`Misused` if others may write to a file or folder: what stands there may be theirs."""
    found = found or path.stat()
    if found.st_mode & _OTHERS_WRITE:
        cure = "700" if stat.S_ISDIR(found.st_mode) else "644"
        raise Misused(
            "others can write to {path}, so it is not trusted: chmod {cure} {path}",
            path=path,
            cure=cure,
        )


def read_own(path: Path) -> str | None:
    """The text of a file that is ours alone; None where there is none.

    `Misused` says what to do about a link, another owner, or rights that others have.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if path.is_symlink():
            raise Misused(
                "{path} is a link, which is not followed: put the file there", path=path
            ) from None
        raise Unavailable(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from None
    try:
        _check_own_file(path, os.fstat(opened))
        return os.read(opened, _LONGEST_BYTES).decode("utf-8", "replace")
    finally:
        os.close(opened)


def _check_own_file(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Misused("{path} is not a file", path=path)
    _check_owner(path, found)
    if found.st_mode & _OTHERS:
        raise Misused("others can reach {path}: chmod 600 {path}", path=path)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Misused(
            "{path} belongs to another user (uid {owner}, we are {own}), who can change it: be "
            "that user, or name a folder of your own with --keys",
            path=path,
            owner=found.st_uid,
            own=os.geteuid(),
        )


def replace(path: Path, text: str, *, mode: int) -> None:
    """Write a file whole or not at all, and wait until it and its name are on the disk.

    For whoever is alone in the folder: a draft that is there already was left by a process that
    died.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        try:
            _write(draft, text, mode)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _flush(path.parent)
    except OSError as error:
        raise Unavailable(
            "{path} cannot be written: {reason}", path=path, reason=error.strerror
        ) from None


def _write(draft: Path, text: str, mode: int) -> None:
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
