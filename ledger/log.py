"""The log: append, read, and the lock that puts all writers in one order.

A writer takes the lock first, then reads, decides and appends, all in one transaction; so the
order of commits is the order of positions. A crash anywhere before the commit leaves nothing.
Only here (and in the scheduler) is a clock read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ledger import seoul
from ledger.database.confirming import answered, check_confirmed
from ledger.database.driver import Driver, driver_of
from ledger.database.engine import Engine
from ledger.database.failures import speaking_plainly
from ledger.envelope import Entry, Via, hash_of
from ledger.errors import Corrupt, Misused
from ledger.events import AnyEvent
from ledger.transparency.merkle import Edge

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMAT = 3
"""The version of the log's shape, which should never need to change again.

A log of another format is carried over with `grants export` by the software that made it and
`grants load` by this one.
"""

COLUMNS = (
    "seq",
    "kind",
    "recorded_at",
    "effective_on",
    "actor",
    "via",
    "command_id",
    "command_digest",
    "subject",
    "envelope",
    "leaf_hash",
)
"""Of the table of events."""

_HEAD = "SELECT format, size, recorded_at, edge FROM head WHERE id = 1"
_HEAD_LOCKED = {"sqlite": _HEAD, "postgresql": f"{_HEAD} FOR UPDATE"}
_HEAD_COLUMNS = ("id", "format", "size", "recorded_at", "edge")
_MAKING = 0x6772616E7473  # "grants": the advisory lock under which a ledger is made
_PAGE = 2_000


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Head:
    """How far the log reaches: its size, the newest instant, the right edge of its tree."""

    size: int
    recorded_at: str | None
    edge: Edge

    @property
    def root(self) -> str:
        """The root hash of the tree over all events, in hexadecimal."""
        return self.edge.root().hex()


@dataclass(slots=True)
class Reader:
    """The log as one transaction sees it."""

    driver: Driver
    head: Head

    @property
    def next_seq(self) -> int:
        """The position that the next event will have."""
        return self.head.size + 1

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, or None."""
        return read_entry(self.driver, seq) if seq <= self.head.size else None

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """The entries from one position to another, both included."""
        for envelope, _ in self.leaves(first, last):
            yield Entry.from_envelope(envelope)

    def leaves(self, first: int, last: int) -> Iterator[tuple[str, str]]:
        """The envelopes and leaf hashes from one position to another, a page at a time."""
        mark = self.driver.mark
        question = (
            "SELECT envelope, leaf_hash FROM events "
            f"WHERE seq BETWEEN {mark} AND {mark} ORDER BY seq"
        )
        for start in range(first, last + 1, _PAGE):
            yield from self.driver.ask(question, (start, min(start + _PAGE - 1, last)))


@dataclass(slots=True)
class Writer(Reader):
    """A transaction that holds the lock; what it appends is seen by all or by nobody."""

    beside: list[Any]
    """The rows of what was asked together with the lock, after it was taken."""
    pending: list[tuple[Any, ...]] = field(default_factory=list)
    appended: dict[int, Entry] = field(default_factory=dict)

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, appended in this transaction or before."""
        if seq > self.head.size - len(self.pending) and seq not in self.appended:
            self.flush()
        return self.appended.get(seq) or Reader.entry(self, seq)

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """The entries from one position to another, appended in this transaction or before."""
        self.flush()
        return Reader.entries(self, first, last)

    def append(
        self,
        event: AnyEvent,
        *,
        effective_on: str,
        actor: str,
        via: Via,
        command_id: str,
        command_digest: str,
    ) -> Entry:
        """Append one event at the next position, later than everything before it."""
        recorded_at = seoul.later_of(now(), self.head.recorded_at)
        entry = Entry(
            self.next_seq, recorded_at, effective_on, actor, via, command_id, command_digest, event
        )
        envelope = entry.envelope()
        self.take_over(entry, envelope, hash_of(envelope))
        self.appended[entry.seq] = entry
        return entry

    def take_over(self, entry: Entry, envelope: str, leaf: str) -> None:
        """Append an entry as it is: it must be the next position."""
        assert entry.seq == self.next_seq, f"position {entry.seq} is not next"
        self.head.size, self.head.recorded_at = entry.seq, entry.recorded_at
        self.head.edge.append(bytes.fromhex(leaf))
        self.pending.append(row_of(entry, envelope, leaf))

    def flush(self) -> None:
        """Send what was appended to the database, and move the head there."""
        if not self.pending:
            return
        head = self.head
        moved = (1, FORMAT, head.size, head.recorded_at, head.edge.to_text())
        self.driver.put("events", COLUMNS, (), new=self.pending)
        self.driver.put("head", _HEAD_COLUMNS, [moved], key=1)
        self.pending.clear()


def row_of(entry: Entry, envelope: str, leaf: str) -> tuple[Any, ...]:
    """The row of `events` that an entry is stored as."""
    return (
        entry.seq,
        entry.kind,
        entry.recorded_at,
        entry.effective_on,
        entry.actor,
        entry.via,
        entry.command_id,
        entry.command_digest,
        entry.event.subject,
        envelope,
        leaf,
    )


@contextmanager
def writing(engine: Engine, beside: str | None = None) -> Iterator[Writer]:
    """A transaction behind the head row's lock: committed at the end, or nothing of it.

    `beside` is a question that is sent along with the one for the lock. Whoever has waited in vain
    (`Busy`) sees to it that nobody hangs with the lock for ever.
    """
    with _transaction(engine) as driver:
        try:
            with answered(driver, engine.wait_seconds):
                writer = _writer(driver, beside)
        except Exception as error:
            engine.end_who_hangs(error)
            raise
        yield writer
        writer.flush()


@contextmanager
def making(engine: Engine) -> Iterator[tuple[Writer, bool]]:
    """Like `writing`, but makes the log where there is none; whether it is new."""
    with _transaction(engine) as driver:
        with answered(driver, engine.wait_seconds):
            new = create_where_none_is(driver)
        with answered(driver, engine.wait_seconds):
            writer = _writer(driver)
        yield writer, new
        writer.flush()


def _writer(driver: Driver, beside: str | None = None) -> Writer:
    questions = [(question, ()) for question in (_HEAD_LOCKED[driver.dialect], beside) if question]
    head, *others = driver.ask_all(questions)
    return Writer(driver, _head(head), others[0] if others else [])


@contextmanager
def _transaction(engine: Engine) -> Iterator[Driver]:
    with speaking_plainly(), engine.driver() as driver:
        driver.begin()
        yield driver
        with answered(driver, engine.wait_seconds):
            driver.commit()
        check_confirmed(driver)


_BEGIN_READING = """
    SET TRANSACTION READ ONLY;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    LOCK TABLE events IN ACCESS SHARE MODE"""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one snapshot and writes nothing.

    On PostgreSQL a table that is dropped and made anew would look empty to an older snapshot, so
    readers hold a light lock on the events that only `shut_out_readers` waits for.
    """
    postgresql = engine.dialect == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if postgresql else {}
    with (
        speaking_plainly(),
        engine.alchemy.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        if postgresql:
            connection.exec_driver_sql(_BEGIN_READING)
        else:
            driver_of(connection).check_place()
        yield connection


def shut_out_readers(driver: Driver) -> None:
    """Wait until nobody reads, and let nobody begin, before tables are dropped.

    For who holds the head row. Writers that wait for the row hold nothing else but the table of
    the head, so it is the events that are locked here: with the table of the head each would wait
    for the other.
    """
    if driver.dialect == "postgresql":
        driver.do("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")


def reader(where: Connection | Driver) -> Reader:
    """The log as a transaction sees it."""
    return Reader(driver_of(where), read_head(where))


def read_head(where: Connection | Driver) -> Head:
    """Where the log stands now."""
    return _head(driver_of(where).ask(_HEAD))


def _head(rows: list[Any]) -> Head:
    if not rows:
        raise Corrupt("the head row of the log is missing")
    version, size, recorded_at, edge = rows[0]
    if version != FORMAT:
        raise Corrupt(
            "this ledger has format {version}, this software reads format {own}: carry it over "
            "with grants export (the software that made it) and grants load (this one)",
            version=version,
            own=FORMAT,
        )
    try:
        if type(size) is not int:
            raise TypeError(f"a size is a whole number, not {size!r}")
        return Head(size, recorded_at, Edge.from_text(size, edge))
    except (ValueError, TypeError, AttributeError) as error:
        raise Corrupt("the head row of the log is damaged: {error}", error=error) from error


def origin(where: Connection | Driver) -> str:
    """What names this log among all others; `Misused` while it is empty."""
    first = driver_of(where).ask("SELECT leaf_hash FROM events WHERE seq = 1")
    if not first:
        raise Misused("the ledger is empty: record its catalogue first, with: grants init")
    from ledger.transparency.notes import origin_of  # which a command has no use for

    return origin_of(bytes.fromhex(first[0][0]))


def exists(where: Connection | Driver) -> bool:
    """Whether this database holds a ledger."""
    return "head" in _names(driver_of(where))


def _names(driver: Driver) -> list[str]:
    return [name for (name,) in driver.ask(_TABLES[driver.dialect])]


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname",
}


def create_where_none_is(driver: Driver) -> bool:
    """Make an empty log in an empty database; False where there is one already.

    Only one process at a time looks and makes. `Corrupt` if the database holds something else.
    """
    if driver.dialect == "postgresql":
        driver.ask(f"SELECT pg_catalog.pg_advisory_xact_lock({_MAKING})")
    elif driver.ask("PRAGMA encoding") != [("UTF-8",)]:
        raise Corrupt("this file keeps its text in UTF-16: a ledger needs a file of its own")
    others = _names(driver)
    if "head" in others:
        return False
    if others:
        raise Corrupt("this database is in use for something else (table {table})", table=others[0])
    from ledger.database import tables

    tables.create(driver)
    driver.put("head", _HEAD_COLUMNS, [(1, FORMAT, 0, None, "")])
    return True


def read_entry(where: Connection | Driver, seq: int) -> Entry | None:
    """The entry at a position, or None."""
    driver = driver_of(where)
    found = driver.ask(f"SELECT envelope FROM events WHERE seq = {driver.mark}", (seq,))
    return Entry.from_envelope(found[0][0]) if found else None


def position_at(where: Connection | Driver, instant: datetime) -> int:
    """The last position recorded at or before an instant; 0 if none was."""
    driver = driver_of(where)
    question = f"SELECT recorded_at FROM events WHERE seq = {driver.mark}"

    def recorded_at(seq: int) -> str:
        for (instant,) in driver.ask(question, (seq,)):
            return str(instant)
        raise Corrupt("event {seq} is missing", seq=seq)

    positions = range(1, read_head(driver).size + 1)
    return bisect_right(positions, seoul.instant_text(instant), key=recorded_at)
