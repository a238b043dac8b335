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
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    make_url,
)
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from ledger.database.driver import Driver

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
FUNCTION = """CREATE FUNCTION public.events_are_immutable()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$BEGIN RAISE EXCEPTION 'events are immutable'; END$function$
"""
"""What the triggers call on PostgreSQL, as the server itself writes it."""

_POSTGRESQL = {
    "events_are_never_changed": "CREATE TRIGGER events_are_never_changed "
    "BEFORE DELETE OR UPDATE ON public.events "
    "FOR EACH ROW EXECUTE FUNCTION public.events_are_immutable()",
    "events_are_never_truncated": "CREATE TRIGGER events_are_never_truncated "
    "BEFORE TRUNCATE ON public.events "
    "FOR EACH STATEMENT EXECUTE FUNCTION public.events_are_immutable()",
}
TRIGGERS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
"""The triggers that protect the log on each engine, as they are made; on PostgreSQL word for word
as the server writes them, and switched on whatever `session_replication_role` says."""


def create(driver: Driver) -> None:
    """Make the tables of the log and the triggers that protect them."""
    make_tables(driver, metadata)
    make_indexes(driver, metadata)
    if driver.dialect == "postgresql":
        driver.do(FUNCTION)
    for name, statement in TRIGGERS[driver.dialect].items():
        driver.do(statement)
        if driver.dialect == "postgresql":
            driver.do(f"ALTER TABLE events ENABLE ALWAYS TRIGGER {name}")


def make_tables(driver: Driver, those: MetaData) -> None:
    """Make tables, and nothing yet that makes them quick to search."""
    for table in those.sorted_tables:
        driver.do(_written(CreateTable(table), driver))


def make_indexes(driver: Driver, those: MetaData) -> None:
    """Make the indexes of tables, always in one order: SQLite may go by it where two would do."""
    for table in those.sorted_tables:
        for one in sorted(table.indexes, key=lambda index: str(index.name)):
            driver.do(_written(CreateIndex(one), driver))


def _written(statement: ExecutableDDLElement, driver: Driver) -> str:
    """A statement as the driver reads it."""
    return str(statement.compile(dialect=make_url(_PENS[driver.dialect]).get_dialect()()))


_PENS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}
