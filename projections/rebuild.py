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
from projections.receipts import Recorded
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


def wrong(seq: int, what: str, expected: object, found: object) -> Corrupt:
    """An event that is not what it should be."""
    return Corrupt(f"event {seq}: {what} should be {expected!r}, found {found!r}", seq=seq)


class Folding:
    """A long fold from the first event on, written in chunks, in bounded memory."""

    def __init__(self, rows: StoredRows, size: int = 0, progress: Progress | None = None) -> None:
        self.edge = Edge(0, [])
        self._rows = rows
        self._size = size
        self._progress = progress

    def take_in(self, entry: Entry, leaf: str) -> None:
        """Fold the next event; `leaf` is its hash. `Corrupt` if it cannot be the next one."""
        self._check(entry)
        self.edge.append(bytes.fromhex(leaf))
        take_in(entry, self.edge, self._rows)
        if self.edge.size % CHUNK == 0:
            self._write()
        if self.edge.size % REMEMBERED == 0:
            self._rows.forget()

    def _check(self, entry: Entry) -> None:
        """Positions have no gap; a command's events stand together, and no id comes twice."""
        seq = self.edge.size + 1
        if entry.seq != seq:
            raise wrong(seq, "position", seq, entry.seq)
        known = self._rows.get(Recorded, entry.command_id)
        if known is not None and known.last != seq - 1:
            raise wrong(seq, "command_id", "a new one", entry.command_id)
        if known is not None and known.digest != entry.command_digest:
            raise wrong(seq, "command_digest", known.digest, entry.command_digest)

    def finish(self) -> None:
        """Write what is left."""
        self._write()

    def _write(self) -> None:
        self._rows.flush()
        if self._progress is not None:
            self._progress(self.edge.size, self._size)
