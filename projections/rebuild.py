"""Projections anew from the log: folded from nothing, in one transaction."""

from __future__ import annotations

from sqlalchemy import Engine

from ledger import log
from ledger.envelope import Entry
from projections import kept, store
from projections.folding import Folding, Progress
from projections.store import StoredRows


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Empty the projections and fold the whole log again; the number of events folded."""
    kept.let_go(engine)
    with log.writing(engine) as writer:
        store.empty(writer.connection)
        fold = Folding(StoredRows(writer.connection, empty=True), writer.head.size, progress)
        fold.take_in_all(
            (Entry.from_envelope(envelope), leaf) for envelope, leaf in log.read(writer.connection)
        )
    return fold.edge.size
