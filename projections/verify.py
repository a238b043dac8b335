"""Is the ledger what it should be? Everything is recomputed and held against what is stored.

The log: positions, bytes, hashes, instants, the copies beside each envelope, the tree and the
head row. The projections: the log is folded once more, into shadow tables, and both are compared
row by row in sorted streams. The first thing that is wrong is named; memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, select

from ledger import log, tables
from ledger.envelope import Entry, hash_of
from ledger.errors import Corrupt
from ledger.merkle import Edge
from projections import store
from projections.fold import VERSION
from projections.rebuild import CHUNK, REMEMBERED, fold_one
from projections.store import Shelf, StoredRows

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be whole: how many events, and the root of the tree over them."""

    events: int
    root: str


def verify(engine: Engine, progress: Progress | None = None) -> Verified:
    """Verify everything; `Corrupt` names the first position or row that is wrong."""
    with log.reading(engine, temporary_tables=True) as connection:
        missing = tables.missing_triggers(connection)
        if missing:
            raise Corrupt(f"the log is not protected: trigger {missing[0]} is missing or off")
        head = log.read_head(connection)
        if store.built_version(connection) != VERSION:
            raise Corrupt("the projections are of another version; run: grants rebuild")
        shadow = _shadow()
        shadow.metadata.create_all(connection, checkfirst=False)
        _fold_again(connection, head, shadow, progress)
        _compare_all(connection, shadow)
        shadow.metadata.drop_all(connection, checkfirst=False)
    return Verified(head.size, head.root)


@cache
def _shadow() -> Shelf:
    return Shelf("shadow_", temporary=True)


def _fold_again(
    connection: Connection, head: log.Head, shadow: Shelf, progress: Progress | None
) -> None:
    """Recompute the log event by event, folding each into the shadow tables."""
    rows = StoredRows(connection, shadow)
    edge, before = Edge(0, []), ""
    with _streamed(connection, select(tables.events).order_by(tables.events.c.seq)) as stream:
        for row in stream.mappings():
            stored = dict(row)
            seq = edge.size + 1
            entry = _checked(stored, seq, before)
            edge.append(bytes.fromhex(stored["leaf_hash"]))
            before = entry.recorded_at
            fold_one(entry, rows)
            if seq % CHUNK == 0:
                rows.flush()
                if progress is not None:
                    progress(seq, head.size)
            if seq % REMEMBERED == 0:
                rows.forget()
    rows.flush()
    _check_head(head, edge, before)
    if progress is not None:
        progress(edge.size, head.size)


def _checked(stored: dict[str, Any], seq: int, before: str) -> Entry:
    """One stored event against everything it should be."""
    if stored["seq"] != seq:
        raise _wrong(seq, "position", seq, stored["seq"])
    if hash_of(stored["envelope"]) != stored["leaf_hash"]:
        raise _wrong(seq, "leaf_hash", hash_of(stored["envelope"]), stored["leaf_hash"])
    try:
        entry = Entry.from_envelope(stored["envelope"])
    except Corrupt as error:
        raise Corrupt(f"event {seq}: {error}", seq=seq) from error
    expected = log.event_row(entry, entry.envelope(), stored["leaf_hash"])
    for column, value in expected.items():
        if stored[column] != value:
            raise _wrong(seq, column, value, stored[column])
    if entry.recorded_at <= before:
        raise _wrong(seq, "recorded_at", f"later than {before}", entry.recorded_at)
    return entry


def _check_head(head: log.Head, edge: Edge, recorded_at: str) -> None:
    for name, expected, found in (
        ("size", edge.size, head.size),
        ("recorded_at", recorded_at, head.recorded_at or ""),
        ("edge", edge.to_text(), head.edge.to_text()),
    ):
        if expected != found:
            raise Corrupt(f"head: {name} should be {expected!r}, found {found!r}", seq=edge.size)


def _compare_all(connection: Connection, shadow: Shelf) -> None:
    live = store.shelf()
    for kind, table in live.tables.items():
        _compare(connection, table, shadow.tables[kind])
    _compare(connection, live.postings, shadow.postings)


def _compare(connection: Connection, live: Table, shadow: Table) -> None:
    with _sorted(connection, live) as found_rows, _sorted(connection, shadow) as expected_rows:
        for found, expected in zip_longest(found_rows, expected_rows):
            if found != expected:
                raise _difference(live, found, expected)


def _difference(live: Table, found: Any, expected: Any) -> Corrupt:
    """Which row is wrong, and how; both streams are sorted by their keys."""
    width = len(live.primary_key)
    if expected is None or (found is not None and found[:width] < expected[:width]):
        return Corrupt(f"{live.name}: a row that no event made: {tuple(found)}")
    if found is None or found[:width] > expected[:width]:
        return Corrupt(f"{live.name}: the row {tuple(expected)} is missing")
    column, should, is_ = next(
        (column.name, should, is_)
        for column, should, is_ in zip(live.columns, expected, found, strict=True)
        if should != is_
    )
    return Corrupt(
        f"{live.name}: {column} of {tuple(found[:width])} should be {should!r}, found {is_!r}"
    )


def _sorted(connection: Connection, table: Table) -> Any:
    return _streamed(connection, select(table).order_by(*table.primary_key.columns))


def _streamed(connection: Connection, question: Select[Any]) -> Any:
    """A result that is read in chunks, and closed where reading ends."""
    return connection.execute(question, execution_options={"yield_per": 1000})


def _wrong(seq: int, what: str, expected: object, found: object) -> Corrupt:
    return Corrupt(f"event {seq}: {what} should be {expected!r}, found {found!r}", seq=seq)
