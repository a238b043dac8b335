"""Reaching the database: SQLite and PostgreSQL, set up never to lose a commit.

SQLite runs in WAL mode with `synchronous=FULL`, explicit transactions (`BEGIN IMMEDIATE` for
writers, so that nobody reads first and fails later) and recursive triggers (without them
`INSERT OR REPLACE` would walk past the trigger that forbids deleting). PostgreSQL writers run
READ COMMITTED behind the head row's lock; readers see one snapshot.

Writers use the driver itself (`ledger/database/driver.py`); SQLAlchemy is there for questions, and
is not even imported by a command that only writes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.database import address
from ledger.database.atomic_files import OWNER_ONLY
from ledger.database.confirming import listen
from ledger.database.driver import Dialect, Driver
from ledger.database.failures import speaking_plainly
from ledger.database.postgresql import LOCK_NOT_AVAILABLE, end_the_hanging, opener
from ledger.database.sqlite import SqliteFile
from ledger.errors import Busy, Disconnected, Misused, RolledBack, Unavailable

if TYPE_CHECKING:
    import sqlalchemy

T = TypeVar("T")

WAIT_SECONDS = 10.0
"""How long a writer waits for its turn before it says that the ledger is busy."""

_LONGEST_WAIT = 86_400.0


class Engine:
    """A ledger's database: connections for writers, and SQLAlchemy's engine for questions."""

    def __init__(
        self, url: str, dialect: Dialect, wait_seconds: float, opened: Callable[[], Any]
    ) -> None:
        self.url = url
        """As SQLAlchemy reads it, with the password."""
        self.dialect: Dialect = dialect
        self.wait_seconds = wait_seconds
        """How long a writer waits for its turn."""
        self._opened = opened
        self._idle: list[Driver] = []

    @property
    def mode(self) -> int:
        """The rights that a copy of the ledger may have at most: its file's, or its owner's."""
        path = address.sqlite_path(self.url)
        return OWNER_ONLY if path is None else path.stat().st_mode & 0o666

    @contextmanager
    def driver(self) -> Iterator[Driver]:
        """A connection of the driver, ours alone meanwhile; closed if anything goes wrong."""
        driver = self._idle_driver() or self._new_driver()
        try:
            yield driver
            driver.rest()
        except BaseException:
            driver.close()
            raise
        self._idle.append(driver)

    def _idle_driver(self) -> Driver | None:
        with suppress(IndexError):  # until there is none
            while True:
                driver = self._idle.pop()
                if not driver.was_hung_up:
                    return driver
                driver.close()
        return None

    def _new_driver(self) -> Driver:
        driver = Driver(self._opened(), self.dialect)
        if self.dialect == "postgresql":
            listen(driver)
        return driver

    @cached_property
    def alchemy(self) -> sqlalchemy.Engine:
        """SQLAlchemy's engine on the same database."""
        from sqlalchemy import create_engine, event

        if self.dialect == "postgresql":
            return create_engine(
                "postgresql+psycopg://",
                isolation_level="READ COMMITTED",
                pool_pre_ping=True,
                creator=self._opened_for_questions,
            )
        engine = create_engine("sqlite:///ledger", creator=self._opened)  # which knows the file
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine

    def _opened_for_questions(self) -> Any:
        """A connection of PostgreSQL that plans each question for what it asks.

        A plan for any status reads all grants in order to find the few that are applied for.
        """
        connection = self._opened()
        connection.execute("SET plan_cache_mode = force_custom_plan")
        connection.commit()
        return connection

    def sign_of_life(self) -> object:
        """Something that changes while anybody writes to the database."""
        with speaking_plainly(), self.driver() as driver:
            if self.dialect == "sqlite":
                return driver.connection.last_written()
            return driver.ask(_LAST_WRITTEN)

    def end_who_hangs(self, error: Exception) -> None:
        """Where the lock did not come in time, end a writer of PostgreSQL that hangs with it.

        `RolledBack` if there was one: asking again may well succeed.
        """
        if getattr(error, "sqlstate", None) == LOCK_NOT_AVAILABLE and self._end_who_hangs():
            raise RolledBack("a writer that hung was ended; nothing was recorded") from error

    def _end_who_hangs(self) -> bool:
        with suppress(Exception), self.driver() as driver:
            return bool(driver.ask(end_the_hanging()))
        return False

    def dispose(self) -> None:
        """Close every connection that nobody uses."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
        if "alchemy" in self.__dict__:
            self.alchemy.dispose()


_LAST_WRITTEN = """
    SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
    ELSE pg_catalog.pg_current_wal_insert_lsn() END::text"""


def connect(url: str, *, wait_seconds: float | None = None, create: bool = False) -> Engine:
    """An engine for a ledger's URL.

    A SQLite file that is not there is made only with `create`; otherwise `Unavailable`.
    """
    scheme, slashes, rest = url.partition("://")
    if scheme in address.SQLITE and slashes:
        return _sqlite(url, wait_seconds, create)
    if scheme in address.POSTGRESQL and slashes:
        return _postgresql(url, rest, wait_seconds)
    raise Misused(
        "{url} is not the URL of a ledger, which lives in SQLite or PostgreSQL: "
        "sqlite:///grants.db, postgresql://user@host/database",
        url=address.shown(url),
    )


def _sqlite(url: str, wait_seconds: float | None, create: bool) -> Engine:
    path = address.sqlite_path(url)
    said = address.sqlite_wait(url)
    assert path is not None, url
    wait = _wait("timeout", said) if wait_seconds is None and said else _or_usual(wait_seconds)
    if path.is_dir():
        raise Unavailable("{path} is a folder, not a ledger", path=path)
    if not create and not path.exists():
        raise Unavailable("there is no ledger at {path}; make one with: grants init", path=path)
    return Engine(url, "sqlite", wait, SqliteFile(path, wait, create=create).opened)


def _postgresql(url: str, rest: str, wait_seconds: float | None) -> Engine:
    try:
        given = address.postgresql_conninfo(rest)
    except ValueError as error:
        raise Misused(
            "{url} is not a ledger's URL: {error}", url=address.shown(url), error=error
        ) from None
    wait = _or_usual(wait_seconds)
    return Engine(f"postgresql+psycopg://{rest}", "postgresql", wait, opener(given, wait))


def _or_usual(wait_seconds: float | None) -> float:
    """The seconds to wait, as the caller says, else the environment, else as is usual."""
    if wait_seconds is not None:
        return wait_seconds
    return _wait("GRANTS_WAIT", os.environ.get("GRANTS_WAIT") or str(WAIT_SECONDS))


def _wait(name: str, said: str) -> float:
    try:
        wait = float(said)
    except ValueError:
        wait = -1.0
    if not 0 <= wait <= _LONGEST_WAIT:
        raise Misused(
            "{name} is a number of seconds, such as 10, not {said!r}", name=name, said=said
        )
    return wait


def outlasting(engine: Engine, attempt: Callable[[], T]) -> T:
    """Attempt something again, with pauses, while the server fails it, until the wait is over.

    It is gone, or has undone it for another's sake. Only for what may be done twice: reading,
    rebuilding, and commands, whose ids settle it. Once something may have been recorded it ends as
    `Disconnected`, whatever comes in the way later.
    """
    deadline, pause, unsettled = None, _FIRST_PAUSE, False
    while True:
        try:
            return attempt()
        except Unavailable as error:
            unsettled = unsettled or isinstance(error, Disconnected)
            if deadline is None and not isinstance(error, Disconnected | RolledBack):
                raise
            now = time.monotonic()
            deadline = deadline or now + engine.wait_seconds
            if now + pause > deadline:
                if not unsettled:
                    raise
                raise Disconnected(str(error)) from error
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


def patiently(engine: Engine, attempt: Callable[[], T]) -> T:
    """Attempt something again while the ledger is busy and somebody is at work on it.

    For who waits for the very thing that another is doing. The wait is then how long nothing may
    move; `Busy` once nothing has.
    """
    before: object = None
    while True:
        try:
            return attempt()
        except Busy:
            now = engine.sign_of_life()
            if now == before:
                raise
            before = now
