"""Projections anew from the log: folded from nothing, in one transaction."""

from __future__ import annotations

from ledger import log
from ledger.engine import Engine
from ledger.envelope import Entry
from projections import kept, shelf
from projections.folding import Folding, Progress
from projections.store import StoredRows


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Empty the projections and fold the whole log again; the number of events folded."""
    kept.let_go(engine)
    with log.writing(engine) as writer:
        fold = Folding(StoredRows(writer.driver, empty=True), writer.head.size, progress)
        with shelf.anew(writer.driver, engine):
            fold.take_in_all(
                (Entry.from_envelope(envelope), leaf)
                for envelope, leaf in writer.leaves(1, writer.head.size)
            )
    return fold.edge.size
