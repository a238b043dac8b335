"""The log: append, read, and the lock that puts all writers in one order.

A writer takes the lock first, then reads, decides and appends, all in one transaction; so the
order of commits is the order of positions. A crash anywhere before the commit leaves nothing.
Only here (and in the scheduler) is a clock read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Engine,
    bindparam,
    insert,
    inspect,
    select,
)

from ledger import seoul, tables
from ledger.confirming import answered, check_confirmed
from ledger.engine import (
    WRITING,
    let_readers_and_a_writer_work_at_once,
    speaking_plainly,
    wait_of,
)
from ledger.envelope import Entry, hash_of
from ledger.errors import Corrupt, Misused
from ledger.events import AnyEvent
from ledger.merkle import Edge
from ledger.notes import origin_of

# Every command sends these, so they are written out and sent as they are.
_HEAD = "SELECT format, size, recorded_at, edge FROM head WHERE id = 1"
_HEAD_LOCKED = {"sqlite": _HEAD, "postgresql": f"{_HEAD} FOR UPDATE"}
_MOVE_HEAD = "UPDATE head SET size = {0}, recorded_at = {0}, edge = {0} WHERE id = 1"
_APPEND = f"INSERT INTO events ({', '.join(tables.events.c.keys())}) VALUES ({{}})"
_MAKING = 0x6772616E7473  # "grants": the advisory lock under which a ledger is made
_FIRST_LEAF = select(tables.events.c.leaf_hash).where(tables.events.c.seq == 1)
_RECORDED_AT = select(tables.events.c.recorded_at).where(tables.events.c.seq == bindparam("seq"))
_ENVELOPE = select(tables.events.c.envelope).where(tables.events.c.seq == bindparam("seq"))


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

    connection: Connection
    head: Head

    @property
    def next_seq(self) -> int:
        """The position that the next event will have."""
        return self.head.size + 1

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, or None."""
        return read_entry(self.connection, seq) if seq <= self.head.size else None

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """The entries from one position to another, both included."""
        for envelope, _ in read(self.connection, Wanted(after=first - 1, up_to=last)):
            yield Entry.from_envelope(envelope)


@dataclass(slots=True)
class Writer(Reader):
    """A transaction that holds the lock; what it appends is seen by all or by nobody."""

    pending: list[tuple[Any, ...]] = field(default_factory=list)
    appended: dict[int, Entry] = field(default_factory=dict)

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, appended in this transaction or before."""
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
        command_id: str,
        command_digest: str,
    ) -> Entry:
        """Append one event at the next position, later than everything before it."""
        head = self.head
        recorded_at = seoul.instant_text(seoul.later_of(now(), head.recorded_at))
        entry = Entry(
            head.size + 1, recorded_at, effective_on, actor, command_id, command_digest, event
        )
        envelope = entry.envelope()
        leaf = hash_of(envelope)
        head.size, head.recorded_at = entry.seq, recorded_at
        head.edge.append(bytes.fromhex(leaf))
        self.pending.append(tuple(event_row(entry, envelope, leaf).values()))
        self.appended[entry.seq] = entry
        return entry

    def flush(self) -> None:
        """Send what was appended to the database, and move the head there."""
        if not self.pending:
            return
        mark, head = tables.mark(self.connection), self.head
        marks = ", ".join([mark] * len(tables.events.c))
        self.connection.exec_driver_sql(_APPEND.format(marks), self.pending)
        self.connection.exec_driver_sql(
            _MOVE_HEAD.format(mark), (head.size, head.recorded_at, head.edge.to_text())
        )
        self.pending.clear()

    def take_over(self, entry: Entry, envelope: str, leaf: str) -> None:
        """Append what another ledger recorded, as it is: it must be the next position."""
        assert entry.seq == self.next_seq, f"position {entry.seq} is not next"
        self.head.size, self.head.recorded_at = entry.seq, entry.recorded_at
        self.head.edge.append(bytes.fromhex(leaf))
        self.pending.append(tuple(event_row(entry, envelope, leaf).values()))


def event_row(entry: Entry, envelope: str, leaf: str) -> dict[str, Any]:
    """The row of `events` that an entry is stored as."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "recorded_at": entry.recorded_at,
        "effective_on": entry.effective_on,
        "actor": entry.actor,
        "command_id": entry.command_id,
        "command_digest": entry.command_digest,
        "subject": entry.event.subject,
        "envelope": envelope,
        "leaf_hash": leaf,
    }


@contextmanager
def writing(engine: Engine) -> Iterator[Writer]:
    """A transaction behind the head row's lock: committed at the end, or nothing of it."""
    with _transaction(engine) as connection:
        with answered(connection, wait_of(engine)):
            writer = _writer(connection)
        yield writer
        writer.flush()


def _writer(connection: Connection) -> Writer:
    return Writer(connection, _head(connection, _HEAD_LOCKED[connection.dialect.name]))


@contextmanager
def making(engine: Engine) -> Iterator[tuple[Writer, bool]]:
    """Like `writing`, but makes the log where there is none; whether it is new."""
    let_readers_and_a_writer_work_at_once(engine)
    with _transaction(engine) as connection:
        new = create_where_none_is(connection)
        writer = _writer(connection)
        yield writer, new
        writer.flush()


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    with (
        speaking_plainly(),
        engine.connect().execution_options(**{WRITING: True}) as connection,
        connection.begin() as transaction,
    ):
        yield connection
        info = connection.info
        with answered(connection, wait_of(engine)):
            transaction.commit()
        check_confirmed(info)


_BEGIN_READING = """
    SET TRANSACTION READ ONLY;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    LOCK TABLE head IN ACCESS SHARE MODE"""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one snapshot and writes nothing.

    On PostgreSQL a table that is dropped and made anew would look empty to an older snapshot, so
    readers hold a light lock that only `shut_out_readers` waits for.
    """
    postgresql = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if postgresql else {}
    with (
        speaking_plainly(),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        if postgresql:
            connection.exec_driver_sql(_BEGIN_READING)
        yield connection


def shut_out_readers(connection: Connection) -> None:
    """Wait until nobody reads, and let nobody begin, before tables are dropped."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE head IN ACCESS EXCLUSIVE MODE")


def read_head(connection: Connection) -> Head:
    """Where the log stands now."""
    return _head(connection, _HEAD)


def _head(connection: Connection, question: str) -> Head:
    row = connection.exec_driver_sql(question).one_or_none()
    if row is None:
        raise Corrupt("the head row of the log is missing")
    version, size, recorded_at, edge = row
    if version != tables.FORMAT:
        raise Corrupt(
            f"this ledger has format {version}, this software reads format {tables.FORMAT}: carry "
            "it over with grants export (the software that made it) and grants load (this one)"
        )
    try:
        if type(size) is not int:
            raise TypeError(f"a size is a whole number, not {size!r}")
        return Head(size, recorded_at, Edge.from_text(size, edge))
    except (ValueError, TypeError, AttributeError) as error:
        raise Corrupt(f"the head row of the log is damaged: {error}") from error


def origin(connection: Connection) -> str:
    """What names this log among all others; `Misused` while it is empty."""
    leaf = connection.execute(_FIRST_LEAF).scalar_one_or_none()
    if leaf is None:
        raise Misused("the ledger is empty: record its catalogue first, with: grants init")
    return origin_of(bytes.fromhex(leaf))


def exists(connection: Connection) -> bool:
    """Whether this database holds a ledger."""
    return inspect(connection).has_table("head")


def create_where_none_is(connection: Connection) -> bool:
    """Make an empty log in an empty database; False where there is one already.

    Only one process at a time looks and makes. `Corrupt` if the database holds something else.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")
    if exists(connection):
        return False
    others = inspect(connection).get_table_names()
    if others:
        raise Corrupt(f"this database is in use for something else (table {others[0]})")
    tables.create(connection)
    connection.execute(
        insert(tables.head),
        {
            "id": 1,
            "format": tables.FORMAT,
            "size": 0,
            "recorded_at": None,
            "edge": "",
        },
    )
    return True


def read_entry(connection: Connection, seq: int) -> Entry | None:
    """The entry at a position, or None."""
    envelope = connection.execute(_ENVELOPE, {"seq": seq}).scalar_one_or_none()
    return None if envelope is None else Entry.from_envelope(envelope)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for; positions are exclusive below and inclusive above.

    `subjects` are named, or are a question to the same database that finds them.
    """

    after: int = 0
    up_to: int | None = None
    kind: str | None = None
    subjects: tuple[str, ...] | CompoundSelect[Any] | None = None
    limit: int | None = None


def read(
    connection: Connection, wanted: Wanted | None = None
) -> Generator[tuple[str, str], None, None]:
    """Stream `(envelope, leaf hash)` in order of position, in constant memory."""
    wanted = wanted or Wanted()
    columns = tables.events.c
    question = (
        select(columns.envelope, columns.leaf_hash)
        .where(columns.seq > wanted.after)
        .order_by(columns.seq)
    )
    if wanted.up_to is not None:
        question = question.where(columns.seq <= wanted.up_to)
    if wanted.kind is not None:
        question = question.where(columns.kind == wanted.kind)
    if wanted.subjects is not None:
        question = question.where(columns.subject.in_(wanted.subjects))
    if wanted.limit is not None:
        question = question.limit(wanted.limit)
    with connection.execute(question, execution_options={"yield_per": 1000}) as result:
        for row in result:
            yield row.envelope, row.leaf_hash


def reader(connection: Connection) -> Reader:
    """The log as a transaction sees it."""
    return Reader(connection, read_head(connection))


def position_at(connection: Connection, instant: datetime) -> int:
    """The last position recorded at or before an instant; 0 if none was."""
    positions = range(1, read_head(connection).size + 1)
    return bisect_right(
        positions,
        seoul.instant_text(instant),
        key=lambda seq: connection.execute(_RECORDED_AT, {"seq": seq}).scalar_one(),
    )
