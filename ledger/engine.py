"""Reaching the database: one engine for SQLite and PostgreSQL, set up never to lose a commit.

SQLite runs in WAL mode with `synchronous=FULL`, explicit transactions (`BEGIN IMMEDIATE` for
writers, so that nobody reads first and fails later) and recursive triggers (without them
`INSERT OR REPLACE` would walk past the trigger that forbids deleting). PostgreSQL writers run
READ COMMITTED behind the head row's lock; readers see one snapshot.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy import Engine as Engine
from sqlalchemy.exc import ArgumentError, DatabaseError, DataError, DBAPIError, OperationalError

from ledger.errors import Corrupt, Misused, Unavailable

WAIT_SECONDS = 10.0
"""How long a writer waits for its turn before it says that the ledger is busy."""

_LONGEST_WAIT = 86_400.0

WRITING = "grants_writing"
"""Execution option of a connection that is going to write."""


def connect(url: str, *, wait_seconds: float | None = None, create: bool = False) -> Engine:
    """An engine for a ledger's URL.

    A SQLite file that is not there is made only with `create`; otherwise `Unavailable`.
    """
    wait = _wait() if wait_seconds is None else wait_seconds
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Misused(f"{url!r} is not a database URL, such as sqlite:///grants.db") from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed, wait, create)
        case "postgresql":
            return _postgresql(parsed, wait)
        case other:
            raise Misused(f"a ledger lives in SQLite or PostgreSQL, not in {other}")


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
    engine = create_engine(url, connect_args={"timeout": wait, "check_same_thread": False})

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
    """Put a new SQLite ledger into WAL mode, which its file remembers."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")


def _postgresql(url: URL, wait: float) -> Engine:
    milliseconds = max(1, int(wait * 1000))
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={"connect_timeout": max(2, int(wait)), "prepare_threshold": 2},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {milliseconds}")
            cursor.execute("SET search_path = public")
        connection.commit()

    return engine


@contextmanager
def speaking_plainly() -> Iterator[None]:
    """Turn a database's own errors into the ledger's, each with what to do now."""
    try:
        yield
    except (OverflowError, DataError) as error:
        raise Misused(f"a number is past what the ledger can count: {error}") from error
    except DBAPIError as error:
        raise _translated(error) from error


def _translated(error: DBAPIError) -> Exception:
    said = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"
    code = getattr(error.orig, "sqlstate", None)
    if "is locked" in said or code == "55P03":
        return Unavailable("the ledger is busy: another writer held it past the wait; try again")
    if "readonly" in said or code in ("25006", "42501"):
        return Unavailable("the ledger is read-only here: check the rights on it, then try again")
    if "not a database" in said or "malformed" in said or "no such" in said:
        return Corrupt(f"this is not a whole ledger: {said}")
    if code in ("42P01", "42703"):
        return Corrupt("this database holds no ledger; make one with: grants init")
    if "immutable" in said:
        return Corrupt(f"the log refused to be changed: {said}")
    if isinstance(error, OperationalError):
        return Unavailable(f"the ledger cannot be reached: {said}")
    if isinstance(error, DatabaseError) and error.connection_invalidated:
        return Unavailable(f"the connection to the ledger broke: {said}")
    return error
