"""Projections anew from the log: folded from nothing, in one transaction."""

from __future__ import annotations

from contextlib import ExitStack

from ledger import log
from ledger.database.engine import Engine, outlasting, patiently
from ledger.envelope import Entry
from projections.fold import VERSION
from projections.replay.folding import Folding, Progress
from projections.storage import schema, stored_rows
from projections.storage.stored_rows import StoredRows


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Empty the projections and fold the whole log again; the number of events folded."""

    def attempt() -> int:
        with log.writing(engine) as writer:
            return _refill(writer, engine, progress)

    return outlasting(engine, attempt)


def bring_up_to_date(engine: Engine) -> None:
    """Rebuild the projections if another version of this software built them.

    Of several processes that find them so one rebuilds. The others wait for it, longer than a
    writer waits for its turn: each would have to do the same work.
    """

    def attempt() -> None:
        with ExitStack() as turn:
            writer = patiently(engine, lambda: turn.enter_context(log.writing(engine)))
            if stored_rows.built_version(writer.driver) != VERSION:
                _refill(writer, engine)

    outlasting(engine, attempt)


def _refill(writer: log.Writer, engine: Engine, progress: Progress | None = None) -> int:
    fold = Folding(StoredRows(writer.driver, empty=True), writer.head.size, progress)
    with schema.anew(writer.driver, engine):
        fold.fold_all(
            (Entry.from_envelope(envelope), leaf)
            for envelope, leaf in writer.leaves(1, writer.head.size)
        )
    return fold.edge.size
