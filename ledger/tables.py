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
)

FORMAT = 1
"""The version of the log's shape. It must never need to change."""

metadata = MetaData()

# On PostgreSQL texts sort and compare by code point, as on SQLite and in Python.
Word = Text().with_variant(Text(collation="C"), "postgresql")

head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("origin", Word, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("recorded_at", Word),
    Column("edge", Word, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Word, nullable=False),
    Column("recorded_at", Word, nullable=False),
    Column("effective_on", Word, nullable=False),
    Column("actor", Word, nullable=False),
    Column("command_id", Word, nullable=False),
    Column("command_digest", Word, nullable=False),
    Column("subject", Word, nullable=False),
    Column("envelope", Word, nullable=False),
    Column("leaf_hash", Word, nullable=False),
    Index("events_by_subject", "subject", "seq"),
    Index("events_by_instant", "recorded_at"),
)

_SQLITE = [
    f"""CREATE TRIGGER events_are_never_{past} BEFORE {verb} ON events
        BEGIN SELECT RAISE(ABORT, 'events are immutable'); END"""
    for verb, past in (("UPDATE", "changed"), ("DELETE", "removed"))
]
_POSTGRESQL = [
    """CREATE FUNCTION events_are_immutable() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are immutable'; END $$""",
    """CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION events_are_immutable()""",
    """CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION events_are_immutable()""",
]
TRIGGERS = {
    "sqlite": ("events_are_never_changed", "events_are_never_removed"),
    "postgresql": ("events_are_never_changed", "events_are_never_truncated"),
}


def create(connection: Connection) -> None:
    """Make the tables of the log and the triggers that protect them."""
    metadata.create_all(connection)
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def missing_triggers(connection: Connection) -> list[str]:
    """The protecting triggers that are not there."""
    name = connection.dialect.name
    question = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
        if name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'events'::regclass AND tgenabled = 'O'"
    )
    present = set(connection.exec_driver_sql(question).scalars())
    return [trigger for trigger in TRIGGERS[name] if trigger not in present]
