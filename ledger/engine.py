"""Reaching the database: one engine for SQLite and PostgreSQL, set up never to lose a commit.

SQLite runs in WAL mode with `synchronous=FULL`, explicit transactions (`BEGIN IMMEDIATE` for
writers, so that nobody reads first and fails later) and recursive triggers (without them
`INSERT OR REPLACE` would walk past the trigger that forbids deleting). PostgreSQL writers run
READ COMMITTED behind the head row's lock; readers see one snapshot.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy import Engine as Engine
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, OperationalError

from ledger.confirming import listen
from ledger.errors import Corrupt, Disconnected, Misused, Unavailable

T = TypeVar("T")

WAIT_SECONDS = 10.0
"""How long a writer waits for its turn before it says that the ledger is busy."""

_LONGEST_WAIT = 86_400.0

WRITING = "grants_writing"
"""Execution option of a connection that is going to write."""

_WAIT = "grants_wait"


def connect(url: str, *, wait_seconds: float | None = None, create: bool = False) -> Engine:
    """An engine for a ledger's URL.

    A SQLite file that is not there is made only with `create`; otherwise `Unavailable`.
    """
    wait = _wait() if wait_seconds is None else wait_seconds
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Misused(f"{url!r} is not a database URL, such as sqlite:///grants.db") from None
    try:
        match parsed.drivername:
            case "sqlite" | "sqlite+pysqlite":
                return _sqlite(parsed, wait, create)
            case "postgresql" | "postgres" | "postgresql+psycopg":
                return _postgresql(parsed.set(drivername="postgresql+psycopg"), wait)
    except (ValueError, TypeError) as error:
        raise Misused(f"{parsed.render_as_string()} is not a ledger's URL: {error}") from None
    raise Misused(f"a ledger lives in SQLite or PostgreSQL, not in {parsed.drivername}")


def _wait() -> float:
    said = os.environ.get("GRANTS_WAIT") or WAIT_SECONDS
    try:
        wait = float(said)
    except ValueError:
        wait = -1.0
    if not 0 <= wait <= _LONGEST_WAIT:
        raise Misused(f"GRANTS_WAIT is a number of seconds, such as 10, not {said!r}")
    return wait


def _sqlite(url: URL, wait: float, create: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Misused("a ledger needs a file: sqlite:///grants.db")
    path = Path(url.database)
    if path.is_dir():
        raise Unavailable(f"{path} is a folder, not a ledger")
    if not create and not path.exists():
        raise Unavailable(f"there is no ledger at {path}; make one with: grants init")
    engine = create_engine(
        url,
        connect_args={"timeout": wait, "check_same_thread": False},
        execution_options={_WAIT: wait},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def let_readers_and_a_writer_work_at_once(engine: Engine) -> None:
    """Put a new SQLite file into WAL mode, which it remembers; before there is anything in it.

    SQLite does not wait for others here, so we do.
    """
    if engine.dialect.name != "sqlite":
        return
    deadline = time.monotonic() + wait_of(engine)
    with speaking_plainly(), closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        while not _in_wal_mode(cursor):
            if time.monotonic() > deadline:
                raise Unavailable(_BUSY)
            time.sleep(_FIRST_PAUSE)


def _in_wal_mode(cursor: Any) -> bool:
    """Whether the file is in WAL mode now, or is in use already and left alone."""
    try:
        new = cursor.execute("PRAGMA page_count").fetchone() == (0,)
        return not new or cursor.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise


def _postgresql(url: URL, wait: float) -> Engine:
    milliseconds = max(1, int(wait * 1000))
    arguments = _NOTICING_A_LOST_SERVER | {"connect_timeout": max(2, int(wait))}
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={name: said for name, said in arguments.items() if name not in url.query}
        | {"prepare_threshold": 2},
        execution_options={_WAIT: wait},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        listen(connection, record.info)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET lock_timeout = {milliseconds}; SET search_path = public; "
                f"SET idle_in_transaction_session_timeout = {_LONGEST_SILENCE_MILLISECONDS}; "
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; "
                "SET tcp_keepalives_count = 3"
            )
        connection.autocommit = False

    return engine


_NOTICING_A_LOST_SERVER = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A server that vanished without a word is given up after half a minute, not after hours."""

_LONGEST_SILENCE_MILLISECONDS = 300_000
"""After which the server ends a writer that hangs with the lock in its hand."""


def wait_of(engine: Engine) -> float:
    """How many seconds a writer waits for its turn."""
    wait: float = engine.get_execution_options()[_WAIT]
    return wait


def outlasting(engine: Engine, attempt: Callable[[], T]) -> T:
    """Attempt something again, with pauses, while the server is gone, until the wait is over.

    Only for what may be done twice: reading, and commands, whose ids settle it. Once something
    may have been recorded it ends as `Disconnected`, whatever comes in the way later.
    """
    deadline, pause = None, _FIRST_PAUSE
    while True:
        try:
            return attempt()
        except Unavailable as error:
            if deadline is None and not isinstance(error, Disconnected):
                raise
            now = time.monotonic()
            deadline = deadline or now + wait_of(engine)
            if now + pause > deadline:
                raise Disconnected(str(error)) from error
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


@contextmanager
def speaking_plainly() -> Iterator[None]:
    """Turn a database's own errors into the ledger's, each with what to do now."""
    try:
        yield
    except (OverflowError, DataError) as error:
        raise Misused(f"a number is past what the ledger can count: {error}") from error
    except (DBAPIError, sqlite3.Error) as error:
        raise _translated(error) from error


def _translated(error: DBAPIError | sqlite3.Error) -> Exception:
    own = error.orig if isinstance(error, DBAPIError) else error
    said = next(iter(str(own).strip().splitlines()), "no reason given")
    code = getattr(own, "sqlstate", None)
    if "is locked" in said or code == "55P03":
        return Unavailable(_BUSY)
    if "readonly" in said or code in ("25006", "42501"):
        return Unavailable("the ledger is read-only here: check the rights on it, then try again")
    if "disk is full" in said or "disk I/O" in said or code in _NO_ROOM or "File too large" in said:
        return Unavailable(
            f"the disk is full, or a limit is reached ({said}); nothing was recorded: make room, "
            "then try again"
        )
    if "Could not decode" in said:
        return Corrupt(f"this is not a whole ledger: {said}")
    if "not a database" in said or "malformed" in said or "no such" in said:
        return Corrupt(f"this is not a whole ledger: {said}")
    if code in ("42P01", "42703"):
        return Corrupt("this database holds no ledger; make one with: grants init")
    if "immutable" in said:
        return Corrupt(f"the log refused to be changed: {said}")
    if isinstance(error, IntegrityError | sqlite3.IntegrityError):
        return Corrupt(f"the ledger contradicts itself: {said}")
    if getattr(error, "connection_invalidated", False) or code in _GONE:
        return Disconnected(f"the connection to the ledger broke: {said}")
    if isinstance(own, sqlite3.OperationalError):
        return Unavailable(f"the ledger cannot be reached: {said}")
    if isinstance(error, OperationalError) and code is None:
        return Disconnected(f"the ledger cannot be reached: {said}")
    return Unavailable(f"the database failed: {said}")


_BUSY = "the ledger is busy: another writer held it past the wait; try again"
_NO_ROOM = ("53100", "58030")  # disk full, input or output failed
_GONE = ("57P01", "57P02", "57P03")  # shutting down, crashed, starting up
