"""Projections anew from the log: folded from nothing, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from ledger import log
from ledger.envelope import Entry
from ledger.errors import Corrupt
from ledger.merkle import Edge
from projections import store
from projections.fold import take_in
from projections.store import StoredRows

Progress = Callable[[int, int], None]
"""Is told how many events are done, and of how many."""

CHUNK = 2_000
"""Events folded between two writes."""

REMEMBERED = 50_000
"""Events after which the rows are let go, so that memory does not grow with the log."""


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Empty the projections and fold the whole log again; the number of events folded."""
    with log.writing(engine) as writer:
        store.empty(writer.connection)
        fold = Folding(StoredRows(writer.connection), writer.head.size, progress)
        for envelope, leaf in log.read(writer.connection):
            fold.take_in(Entry.from_envelope(envelope), leaf)
        fold.finish()
    return fold.edge.size


class Folding:
    """A long fold from the first event on, written in chunks, in bounded memory."""

    def __init__(self, rows: StoredRows, size: int, progress: Progress | None) -> None:
        self.edge = Edge(0, [])
        self._rows = rows
        self._size = size
        self._progress = progress

    def take_in(self, entry: Entry, leaf: str) -> None:
        """Fold the next event; `leaf` is its hash. `Corrupt` if it is not the next one."""
        if entry.seq != self.edge.size + 1:
            raise Corrupt(
                f"event {self.edge.size + 1} is missing: the next is {entry.seq}", seq=entry.seq
            )
        self.edge.append(bytes.fromhex(leaf))
        take_in(entry, self.edge, self._rows)
        if self.edge.size % CHUNK == 0:
            self._write()
        if self.edge.size % REMEMBERED == 0:
            self._rows.forget()

    def finish(self) -> None:
        """Write what is left."""
        self._write()

    def _write(self) -> None:
        self._rows.flush()
        if self._progress is not None:
            self._progress(self.edge.size, self._size)
