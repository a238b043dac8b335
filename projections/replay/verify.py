"""Is the ledger what it should be? Everything is recomputed and held against what is stored.

The log: positions, bytes, hashes, instants, ids, the copies beside each envelope, the tree and
the head row, and that it extends what a checkpoint saw. The projections: the log is folded once
more, into a temporary database on this machine, and both are compared row by row in sorted
streams. Around it, the database itself: its structure with that of a ledger made new, and each
index with its table. The first thing that is wrong is named. Memory stays bounded, and the ledger
is only read, so an auditor's right to read is enough, on a standby too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Select, StaticPool, Table, create_engine, select

from ledger import log
from ledger.database import structure, tables
from ledger.database.driver import Driver, driver_of
from ledger.database.engine import Engine
from ledger.database.failures import speaking_plainly
from ledger.envelope import Entry, check_own_fields, hash_of
from ledger.errors import Corrupt
from ledger.seoul import parsed_instant
from ledger.transparency.merkle import Edge
from ledger.transparency.notes import Checkpoint
from projections.fold import VERSION
from projections.replay import access_paths
from projections.replay.folding import Folding, Leaf, Progress, wrong
from projections.storage import schema
from projections.storage.stored_rows import StoredRows, built_version


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be whole: how many events, and the root of the tree over them."""

    events: int
    root: str
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Events whose instants lie ahead of now: a clock was wrong, or is. No law is broken by it."""

    seq: int
    """The first of them; all that follow are later."""
    by: timedelta
    """How far ahead the last of them lies."""


def ahead_of_now(where: Connection | Driver, head: log.Head) -> Ahead | None:
    """What of a log lies ahead of now; None where nothing does."""
    now = log.now()
    newest = parsed_instant(head.recorded_at) if head.recorded_at else now
    return Ahead(log.position_at(where, now) + 1, newest - now) if newest > now else None


def verify(
    engine: Engine, progress: Progress | None = None, checkpoints: Sequence[Checkpoint] = ()
) -> Verified:
    """Verify everything; `Corrupt` names the first position or row that is wrong, or law broken.

    Checkpoints are what auditors saw: whose they are was checked when they were opened.
    """
    with log.reading(engine) as ledger, _scratch() as scratch:
        all_tables = (*tables.metadata.sorted_tables, *schema.schema().metadata.sorted_tables)
        head = log.read_head(ledger)
        if built_version(driver_of(ledger)) != VERSION:
            raise Corrupt("the projections are of another version; run: grants rebuild")
        structure.check(ledger, schema.schema().metadata)
        _check_only_row(ledger, schema.schema().version, {"id": 1, "version": VERSION})
        access_paths.check_keys(ledger, all_tables)
        rows = StoredRows(driver_of(scratch), empty=True)
        fold = Folding(rows, head.size, progress, checkpoints, journal=log.reader(ledger))
        with closing(_leaves(ledger)) as leaves:
            last = fold.fold_all(leaves)
        _check_only_row(ledger, tables.head, _head_of(fold.edge, last))
        for table in schema.tables():
            _compare(table, ledger, scratch)
        access_paths.check_indexes(ledger, all_tables)
        ahead = ahead_of_now(ledger, head)
    return Verified(head.size, head.root, ahead)


@contextmanager
def _scratch() -> Iterator[Connection]:
    """A database of this process alone, in memory as far as it fits, then in a nameless file."""
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(""), poolclass=StaticPool)
    try:
        with speaking_plainly(), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = OFF")
            connection.exec_driver_sql(f"PRAGMA cache_size = -{_SCRATCH_KIBIBYTES}")
            schema.create(driver_of(connection))
            yield connection
    finally:
        engine.dispose()


_SCRATCH_KIBIBYTES = 65_536


def _leaves(ledger: Connection) -> Generator[Leaf, None, None]:
    """The stored events in order of position, each checked against what it should be."""
    before = ""
    with _streamed(ledger, select(tables.events).order_by(tables.events.c.seq)) as stream:
        for seq, row in enumerate(map(tuple, stream), start=1):
            entry = _checked(row, seq, before)
            before = entry.recorded_at
            yield entry, row[-1]


def _head_of(edge: Edge, last: Entry | None) -> dict[str, Any]:
    return {
        "id": 1,
        "format": log.FORMAT,
        "size": edge.size,
        "recorded_at": last.recorded_at if last else None,
        "edge": edge.to_text(),
    }


_TYPES = (int, *[str] * (len(log.COLUMNS) - 1))


def _checked(stored: tuple[Any, ...], seq: int, before: str) -> Entry:
    """One stored event against everything it should be.

    The row is compared whole, and column by column only where something is wrong.
    """
    if stored[0] != seq:
        raise wrong(seq, "position", seq, stored[0])
    if tuple(map(type, stored)) != _TYPES:
        for column, value, kind in zip(log.COLUMNS, stored, _TYPES, strict=True):
            if type(value) is not kind:
                raise wrong(seq, column, "a text", value)
    *_, envelope, leaf = stored
    if hash_of(envelope) != leaf:
        raise wrong(seq, "leaf_hash", hash_of(envelope), leaf)
    try:
        entry = Entry.from_envelope(envelope)
        check_own_fields(entry)
    except (Corrupt, ValueError, TypeError, OverflowError) as error:
        raise Corrupt("event {seq}: {error}", error=error, seq=seq) from error
    expected = log.row_of(entry, entry.envelope(), leaf)
    if stored != expected:
        for column, should, is_ in zip(log.COLUMNS, expected, stored, strict=True):
            if should != is_:
                raise wrong(seq, column, should, is_)
    if entry.recorded_at <= before:
        raise wrong(seq, "recorded_at", f"later than {before}", entry.recorded_at)
    return entry


def _check_only_row(connection: Connection, table: Table, expected: dict[str, Any]) -> None:
    """A table that has one row, and which."""
    rows = connection.execute(select(table)).mappings().all()
    if len(rows) != 1:
        raise Corrupt("{name}: should have one row, found {many}", name=table.name, many=len(rows))
    for column, value in expected.items():
        if rows[0][column] != value or type(rows[0][column]) is not type(value):
            raise Corrupt(
                "{name}: {column} should be {value!r}, found {found!r}",
                name=table.name,
                column=column,
                value=value,
                found=rows[0][column],
                seq=expected.get("size"),
            )


def _compare(table: Table, ledger: Connection, scratch: Connection) -> None:
    """Row by row; SQLite would keep 5.0 where 5 is meant, which is equal but not the same."""
    types = tuple(column.type.python_type for column in table.columns)
    with _sorted(ledger, table) as found_rows, _sorted(scratch, table) as expected_rows:
        for found, expected in zip_longest(map(tuple, found_rows), map(tuple, expected_rows)):
            if found != expected or tuple(map(type, found)) != types:
                raise _difference(table, found, expected)


def _difference(live: Table, found: Any, expected: Any) -> Corrupt:
    """Which row is wrong, and how; both streams are sorted by their keys."""
    if found is not None and expected is not None and not _comparable(found, expected):
        return Corrupt(
            "{name}: {found} should be {expected}", name=live.name, found=found, expected=expected
        )
    if expected is None or (found is not None and _key(live, found) < _key(live, expected)):
        return Corrupt("{name}: a row that no event made: {found}", name=live.name, found=found)
    if found is None or _key(live, found) > _key(live, expected):
        return Corrupt("{name}: the row {expected} is missing", name=live.name, expected=expected)
    column, should, is_ = next(
        (column.name, should, is_)
        for column, should, is_ in zip(live.columns, expected, found, strict=True)
        if should != is_
    )
    return Corrupt(
        "{name}: {column} of {row} should be {should!r}, found {found!r}",
        name=live.name,
        column=column,
        row=_key(live, found),
        should=should,
        found=is_,
    )


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    places = {column.name: place for place, column in enumerate(table.columns)}
    return tuple(row[places[column.name]] for column in table.primary_key)


def _comparable(found: Any, expected: Any) -> bool:
    """Whether two rows hold values of the same types: SQLite keeps a text where a number goes."""
    return all(type(one) is type(other) for one, other in zip(found, expected, strict=True))


def _sorted(connection: Connection, table: Table) -> Any:
    return _streamed(connection, select(table).order_by(*table.primary_key.columns))


def _streamed(connection: Connection, question: Select[Any]) -> Any:
    """A result that is read in chunks, and closed where reading ends."""
    return connection.execute(question, execution_options={"yield_per": 1000})
