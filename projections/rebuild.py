"""Projections anew from the log: folded from nothing, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine

from ledger import log
from ledger.envelope import Entry
from ledger.errors import Corrupt
from projections import store
from projections.fold import fold
from projections.store import Shelf, StoredRows

CHUNK = 2_000
"""Events folded between two writes."""

REMEMBERED = 50_000
"""Events after which the rows are let go, so that memory does not grow with the log."""


def rebuild(engine: Engine, progress: Callable[[int, int], None] | None = None) -> int:
    """Drop the projections and fold the whole log again; the number of events folded."""
    with log.writing(engine) as writer:
        if store.built_version(writer.connection) is not None:
            store.drop(writer.connection)
        store.create(writer.connection)
        return fold_all(writer.connection, store.shelf(), writer.head.size, progress)


def fold_all(
    connection: Connection,
    shelf: Shelf,
    size: int,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Fold every event of the log into a shelf's tables; the number of events folded."""
    rows = StoredRows(connection, shelf)
    seq = 0
    for envelope, _ in log.read(connection):
        entry = Entry.from_envelope(envelope)
        fold_one(entry, rows)
        seq = entry.seq
        if seq % CHUNK == 0:
            rows.flush()
            if progress is not None:
                progress(seq, size)
        if seq % REMEMBERED == 0:
            rows.forget()
    rows.flush()
    if progress is not None:
        progress(seq, size)
    return seq


def fold_one(entry: Entry, rows: StoredRows) -> None:
    """Fold one event; one that cannot be folded stops the world and names its position."""
    try:
        fold(entry, rows)
    except Corrupt as error:
        raise Corrupt(f"event {entry.seq} cannot be folded: {error}", seq=entry.seq) from error
