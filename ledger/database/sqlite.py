"""The file of a SQLite ledger: opened never to lose a commit, and looked at in each transaction.

A connection keeps the file that it opened, whatever becomes of the path. Where the ledger is moved
away and a backup put in its place, where the file or its write-ahead log is removed, or where a
second name leads a second writer to a log of its own, commits would go on into files that nobody
reads any more. So a writer that has the lock looks whether the path still leads to what it has
open: before the commit, when nothing is recorded yet, and again before the commit is believed.

Only paths are looked at: opening the file beside SQLite and closing it again would give up
SQLite's locks on it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from ledger.errors import Unavailable

Identity: TypeAlias = tuple[int, int]
"""Device and inode: what a file is, whatever its name."""

_CHECKPOINT_PAGES = 4_000
"""Pages (16 MB) after which commits are carried from SQLite's write-ahead log into its file: with
fewer, a large ledger's commits spend a fifth of their time on pages that soon change again."""

_SETTINGS = (
    "synchronous = FULL",
    "fullfsync = ON",  # where a disk keeps to itself what it was told to keep
    "checkpoint_fullfsync = ON",
    "recursive_triggers = ON",
    "trusted_schema = OFF",
    f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
)
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.05


class SqliteFile:
    """Where a ledger's file is, and which file that was when it was opened first."""

    def __init__(self, path: Path, wait_seconds: float, *, create: bool) -> None:
        self.path = os.path.abspath(path)
        self.real = os.path.realpath(path)
        """Without symbolic links, as SQLite names the files beside it."""
        self._wait_seconds = wait_seconds
        self._create = create
        self._identity: Identity | None = None
        self._removed = ""

    def removed(self, name: str) -> Unavailable:
        """What lies beside it is gone: from now on no connection is made, since a new one would
        share what the older have open."""
        self._removed = name
        return Unavailable(
            "{name} was removed or replaced while the ledger is in use. Nothing was recorded; stop "
            "whatever uses the ledger, then start again and verify it",
            name=name,
        )

    def opened(self) -> SqliteConnection:
        """A new connection; `Unavailable` where the path leads to another file by now."""
        if self._removed:
            raise self.removed(self._removed)
        for _ in range(_ATTEMPTS):
            before = _identity(self.real)
            if self._identity is not None and self._identity != before:
                raise _gone(self.path)
            connection = self._connection()
            connection.file, connection.identity = self, _identity(self.real)
            if connection.identity == before or (before is None and self._create):
                break
            connection.close()  # replaced in that moment
        else:
            raise _gone(self.path)
        try:
            connection.check_file()
            self._set_up(connection)
            connection.check_place()
        except BaseException:
            connection.close()
            raise
        self._identity = connection.identity
        return connection

    def _connection(self) -> SqliteConnection:
        mode = "rwc" if self._create else "rw"  # a file that vanished is not made anew
        return sqlite3.connect(
            f"file:{quote(os.fsencode(self.real))}?mode={mode}",
            uri=True,
            timeout=self._wait_seconds,
            check_same_thread=False,
            isolation_level=None,
            factory=SqliteConnection,
        )

    def _set_up(self, connection: SqliteConnection) -> None:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        if self._has_to_be_in_wal_mode(connection):
            connection.into_wal_mode(self._wait_seconds)
        connection.see_its_log()

    def _has_to_be_in_wal_mode(self, connection: SqliteConnection) -> bool:
        """Whether it is a ledger, or to become one, that is not in WAL mode yet.

        Whoever changed it back made readers hold up the writer, and commits less durable.
        """
        if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            return False
        if connection.execute("PRAGMA page_count").fetchone() == (0,):
            return self._create
        return bool(connection.execute(_LOG_TABLES).fetchone() == (2,))


_LOG_TABLES = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('head', 'events')"
)
"""Both are there in a ledger; somebody else's file is left as it is."""


class SqliteConnection(sqlite3.Connection):
    """A connection that knows which files it has open."""

    file: SqliteFile
    identity: Identity | None
    _beside: dict[str, Identity | None]
    """The write-ahead log and its index. A connection that has read once keeps both where they
    are: whoever else is the last to close does not remove them."""

    def see_its_log(self) -> None:
        """Remember the files of the write-ahead log, which reading opens."""
        self.execute("SELECT 1 FROM sqlite_master").fetchone()
        names = (f"{self.file.real}{ending}" for ending in ("-wal", "-shm"))
        self._beside = {name: _identity(name) for name in names}

    def check_place(self) -> None:
        """`Unavailable` unless the path still leads to all that is open here, and nothing else.

        Some microseconds. What was done since the lock was taken has not been committed.
        """
        self.check_file()
        for name, seen in self._beside.items():
            if _identity(name) != seen:
                raise self.file.removed(name)

    def check_file(self) -> None:
        """The same for the file alone, whose log is not open yet."""
        place = self.file
        try:
            found = os.lstat(place.real)
            meant = found if place.path == place.real else os.stat(place.path)
        except OSError:
            raise _gone(place.path) from None
        if not (_of(found) == _of(meant) == self.identity):
            raise _gone(place.path)
        if found.st_nlink > 1:
            raise Unavailable(
                "{path} has another name (a hard link): writers under each would keep a "
                "write-ahead log of their own, and lose what the other records. Remove the "
                "other name; nothing was recorded",
                path=place.path,
            )

    def last_written(self) -> int | None:
        """When the write-ahead log was written to, in nanoseconds; None where there is none."""
        with suppress(OSError):
            return os.stat(f"{self.file.real}-wal").st_mtime_ns
        return None

    def into_wal_mode(self, wait_seconds: float) -> None:
        """Have readers and a writer work at once, if the file can be written.

        SQLite does not wait for others here, so we do.
        """
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                self.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    return
                if time.monotonic() > deadline:
                    raise
            time.sleep(_PAUSE_SECONDS)


def _identity(path: str) -> Identity | None:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return _of(found)


def _of(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino


def _gone(path: str) -> Unavailable:
    return Unavailable(
        "{path} is no longer the file that was opened: it was moved, replaced or removed. Nothing "
        "was recorded; stop whatever uses the ledger, put it in its place, then start again",
        path=path,
    )
