"""Reaching the database: SQLite and PostgreSQL, set up never to lose a commit.

SQLite runs in WAL mode with `synchronous=FULL`, explicit transactions (`BEGIN IMMEDIATE` for
writers, so that nobody reads first and fails later) and recursive triggers (without them
`INSERT OR REPLACE` would walk past the trigger that forbids deleting). PostgreSQL writers run
READ COMMITTED behind the head row's lock; readers see one snapshot.

Writers use the driver itself (`ledger/driver.py`); SQLAlchemy is there for questions, and is not
even imported by a command that only writes.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from ledger.confirming import listen
from ledger.driver import Dialect, Driver
from ledger.errors import Corrupt, Disconnected, Misused, Unavailable

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
                creator=self._opened,
            )
        engine = create_engine("sqlite:///ledger", creator=self._opened)  # which knows the file
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine

    def dispose(self) -> None:
        """Close every connection that nobody uses."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
        if "alchemy" in self.__dict__:
            self.alchemy.dispose()


def connect(url: str, *, wait_seconds: float | None = None, create: bool = False) -> Engine:
    """An engine for a ledger's URL.

    A SQLite file that is not there is made only with `create`; otherwise `Unavailable`.
    """
    wait = _wait() if wait_seconds is None else wait_seconds
    scheme, _, rest = url.partition("://")
    try:
        match scheme:
            case "sqlite" | "sqlite+pysqlite":
                return _sqlite(url, rest, wait, create)
            case "postgresql" | "postgres" | "postgresql+psycopg":
                return _postgresql(rest, wait)
    except (ValueError, TypeError) as error:
        raise Misused(f"{_shown(url)} is not a ledger's URL: {error}") from None
    if not rest:
        raise Misused(f"{url!r} is not a database URL, such as sqlite:///grants.db")
    raise Misused(f"a ledger lives in SQLite or PostgreSQL, not in {scheme}")


def _wait() -> float:
    said = os.environ.get("GRANTS_WAIT") or WAIT_SECONDS
    try:
        wait = float(said)
    except ValueError:
        wait = -1.0
    if not 0 <= wait <= _LONGEST_WAIT:
        raise Misused(f"GRANTS_WAIT is a number of seconds, such as 10, not {said!r}")
    return wait


def _shown(url: str) -> str:
    """An address without who asks, and without its query: either may hold a password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _sqlite(url: str, rest: str, wait: float, create: bool) -> Engine:
    if rest and not rest.startswith("/"):
        raise Misused("a ledger's file comes after three slashes: sqlite:///grants.db")
    path, arguments = _as_sqlalchemy_reads(url) if "?" in rest else (rest.removeprefix("/"), {})
    if not path or path == ":memory:":
        raise Misused("a ledger needs a file: sqlite:///grants.db")
    if Path(path).is_dir():
        raise Unavailable(f"{path} is a folder, not a ledger")
    if not create and not Path(path).exists():
        raise Unavailable(f"there is no ledger at {path}; make one with: grants init")
    arguments |= {"timeout": wait, "check_same_thread": False, "isolation_level": None}

    def opened() -> sqlite3.Connection:
        connection: sqlite3.Connection = sqlite3.connect(path, **arguments)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        return connection

    return Engine(url, "sqlite", wait, opened)


_CHECKPOINT_PAGES = 4_000
"""Pages (16 MB) after which commits are carried from SQLite's write-ahead log into its file: with
fewer, a large ledger's commits spend a fifth of their time on pages that soon change again."""


def _as_sqlalchemy_reads(url: str) -> tuple[str, dict[str, Any]]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except ArgumentError as error:
        raise ValueError(str(error)) from None
    (path,), arguments = address.get_dialect()().create_connect_args(address)
    return str(path), dict(arguments)


def _postgresql(rest: str, wait: float) -> Engine:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    address = f"postgresql://{_with_hosts_together(rest)}"
    try:
        given = conninfo_to_dict(address)
    except psycopg.Error as error:
        said = str(error).strip()  # which may repeat a password that it cannot read
        raise ValueError(said if "query parameter" in said else "it cannot be read") from None
    arguments: dict[str, Any] = {"connect_timeout": max(2, int(wait))}
    arguments |= _NOTICING_A_LOST_SERVER | given
    settings = {
        "lock_timeout": max(1, int(wait * 1000)),
        "search_path": "public, pg_temp",  # after the catalogue, which needs no name to be first
        "idle_in_transaction_session_timeout": _LONGEST_SILENCE_MILLISECONDS,
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 5,
        "tcp_keepalives_count": 3,
    }

    def opened() -> psycopg.Connection[Any]:
        connection = psycopg.connect(**arguments, prepare_threshold=2, autocommit=True)
        connection.execute("; ".join(f"SET {name} = {said}" for name, said in settings.items()))
        connection.autocommit = False
        return connection

    return Engine(f"postgresql+psycopg://{rest}", "postgresql", wait, opened)


def _with_hosts_together(rest: str) -> str:
    """SQLAlchemy names several servers one by one, `host=a:5432&host=b`, libpq in one list."""
    address, _, query = rest.partition("?")
    pairs = parse_qsl(query)
    hosts = [host.partition(":") for name, host in pairs if name == "host"]
    if len(hosts) < 2:
        return rest
    others = [(name, said) for name, said in pairs if name not in ("host", "port")]
    together = {
        "host": ",".join(host for host, _, _ in hosts),
        "port": ",".join(port for _, _, port in hosts),
    }
    return f"{address}?{urlencode([*together.items(), *others])}"


_NOTICING_A_LOST_SERVER = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A server that vanished without a word is given up after half a minute, not after hours."""

_LONGEST_SILENCE_MILLISECONDS = 300_000
"""After which the server ends a writer that hangs with the lock in its hand."""


def let_readers_and_a_writer_work_at_once(engine: Engine) -> None:
    """Put a new SQLite file into WAL mode, which it remembers; before there is anything in it.

    SQLite does not wait for others here, so we do.
    """
    if engine.dialect != "sqlite":
        return
    deadline = time.monotonic() + engine.wait_seconds
    with speaking_plainly(), engine.driver() as driver:
        while not _in_wal_mode(driver.connection):
            if time.monotonic() > deadline:
                raise Unavailable(_BUSY)
            time.sleep(_FIRST_PAUSE)


def _in_wal_mode(connection: sqlite3.Connection) -> bool:
    """Whether the file is in WAL mode now, or is in use already and left alone."""
    try:
        new = connection.execute("PRAGMA page_count").fetchone() == (0,)
        return not new or connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise


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
            deadline = deadline or now + engine.wait_seconds
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
    except OverflowError as error:
        raise Misused(f"a number is past what the ledger can count: {error}") from error
    except Exception as error:
        own = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver raised
        if not isinstance(own, sqlite3.Error) and not type(own).__module__.startswith("psycopg"):
            raise
        raise _translated(own) from error


def _translated(error: Exception) -> Exception:
    kinds = {kind.__name__ for kind in type(error).__mro__}  # as every driver names them
    said = next(iter(str(error).strip().splitlines()), "no reason given")
    code = getattr(error, "sqlstate", None)
    if "DataError" in kinds:
        return Misused(f"a number is past what the ledger can count: {said}")
    if "is locked" in said or code == "55P03":
        return Unavailable(_BUSY)
    if "readonly" in said or code in ("25006", "42501"):
        return Unavailable("the ledger is read-only here: check the rights on it, then try again")
    if "disk is full" in said or "disk I/O" in said or code in _NO_ROOM or "File too large" in said:
        return Unavailable(
            f"the disk is full, or a limit is reached ({said}); nothing was recorded: make room, "
            "also where temporary files go, then try again"
        )
    if any(sign in said for sign in _NOT_WHOLE) or code in _DAMAGED:
        return Corrupt(f"this is not a whole ledger: {said}")
    if code in ("42P01", "42703"):
        return Corrupt("this database holds no ledger; make one with: grants init")
    if "immutable" in said:
        return Corrupt(f"the log refused to be changed: {said}")
    if "IntegrityError" in kinds:
        return Corrupt(f"the ledger contradicts itself: {said}")
    if isinstance(error, sqlite3.OperationalError):
        return Unavailable(f"the ledger cannot be reached: {said}")
    if code in _GONE:
        return Disconnected(f"the connection to the ledger broke: {said}")
    if "OperationalError" in kinds and code is None:
        return Disconnected(f"the ledger cannot be reached: {said}")
    return Unavailable(f"the database failed: {said}")


_NOT_WHOLE = ("Could not decode", "not a database", "malformed", "no such")
_DAMAGED = ("XX001", "XX002")  # a table's page, an index
_BUSY = "the ledger is busy: another writer held it past the wait; try again"
_NO_ROOM = ("53100", "58030")  # disk full, input or output failed
_GONE = ("57P01", "57P02", "57P03")  # shutting down, crashed, starting up
