"""The two tables of the log, and the triggers by which the database itself protects them.

`events` is append-only: one row an event, the canonical envelope and, beside it, copies of its
fields for searching. `head` is one row: how far the log reaches, the right edge of its Merkle
tree, and the lock that puts all writers in one order.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    make_url,
)
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from ledger.driver import Driver

metadata = MetaData()

# On PostgreSQL texts sort and compare by code point, as on SQLite and in Python.
Word = Text().with_variant(Text(collation="C"), "postgresql")

Position = BigInteger().with_variant(Integer, "sqlite")
"""On SQLite a key of this type is the table's own order: no index stands beside it."""

head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("recorded_at", Word),
    Column("edge", Word, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", Position, primary_key=True, autoincrement=False),
    Column("kind", Word, nullable=False),
    Column("recorded_at", Word, nullable=False),
    Column("effective_on", Word, nullable=False),
    Column("actor", Word, nullable=False),
    Column("via", Word, nullable=False),
    Column("command_id", Word, nullable=False),
    Column("command_digest", Word, nullable=False),
    Column("subject", Word, nullable=False),
    Column("envelope", Word, nullable=False),
    Column("leaf_hash", Word, nullable=False),
    Index("events_by_subject", "subject", "seq"),
)

_SQLITE = {
    f"events_are_never_{past}": f"CREATE TRIGGER events_are_never_{past} BEFORE {verb} ON events "
    "BEGIN SELECT RAISE(ABORT, 'events are immutable'); END"
    for verb, past in (("UPDATE", "changed"), ("DELETE", "removed"))
} | {
    # REPLACE removes without a DELETE trigger where a program leaves recursive_triggers off.
    "events_are_never_replaced": "CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events "
    "WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'events are immutable'); END"
}
_REFUSE = "BEGIN RAISE EXCEPTION 'events are immutable'; END"
_POSTGRESQL = (
    f"CREATE FUNCTION events_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$",
    """CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION events_are_immutable()""",
    """CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION events_are_immutable()""",
)
_BEFORE_UPDATE_OR_DELETE_OF_A_ROW = 1 | 2 | 8 | 16
_BEFORE_TRUNCATE = 2 | 32
_POSTGRESQL_TYPES = {
    "events_are_never_changed": _BEFORE_UPDATE_OR_DELETE_OF_A_ROW,
    "events_are_never_truncated": _BEFORE_TRUNCATE,
}
TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(_SQLITE),
    "postgresql": tuple(_POSTGRESQL_TYPES),
}
"""The triggers that protect the log, on each engine."""

_STANDING_TRIGGERS = f"""
    SELECT tgname, tgtype FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = 'events'::regclass AND tgenabled IN ('O', 'A') AND tgqual IS NULL
    AND prosrc = '{_REFUSE.replace("'", "''")}'"""


def create(driver: Driver) -> None:
    """Make the tables of the log and the triggers that protect them."""
    sqlite = driver.dialect == "sqlite"
    make_tables(driver, metadata)
    make_indexes(driver, metadata)
    for statement in _SQLITE.values() if sqlite else _POSTGRESQL:
        driver.do(statement)


def make_tables(driver: Driver, those: MetaData) -> None:
    """Make tables, and nothing yet that makes them quick to search."""
    for table in those.sorted_tables:
        driver.do(_written(CreateTable(table), driver))


def make_indexes(driver: Driver, those: MetaData) -> None:
    """Make the indexes of tables."""
    for table in those.sorted_tables:
        for one in table.indexes:
            driver.do(_written(CreateIndex(one), driver))


def _written(statement: ExecutableDDLElement, driver: Driver) -> str:
    """A statement as the driver reads it."""
    return str(statement.compile(dialect=make_url(_PENS[driver.dialect]).get_dialect()()))


_PENS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


def missing_triggers(connection: Connection) -> list[str]:
    """The protecting triggers that are not there, switched off, or do something else."""
    if connection.dialect.name == "sqlite":
        wanted: dict[str, object] = dict(_SQLITE)
        question = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted, question = dict(_POSTGRESQL_TYPES), _STANDING_TRIGGERS
    present = {row[0]: row[1] for row in connection.exec_driver_sql(question)}
    return [name for name, what in wanted.items() if present.get(name) != what]
