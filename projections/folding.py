"""A long fold from the first event on: loaded, folded and written in chunks, in bounded memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeAlias

from ledger.envelope import Entry
from ledger.errors import Corrupt
from ledger.merkle import Edge
from ledger.notes import Checkpoint
from projections.fold import take_in
from projections.receipts import Recorded
from projections.seen import Seen
from projections.store import StoredRows
from projections.touches import moved_by, named_by

Progress = Callable[[int, int], None]
"""Is told how many events are done, and of how many."""

CHUNK = 2_000
"""Events that are loaded for, folded and written together."""

REMEMBERED = 50_000
"""Events after which the rows are let go, so that memory does not grow with the log."""

Leaf: TypeAlias = tuple[Entry, str]
"""An entry and its hash."""


def wrong(seq: int, what: str, expected: object, found: object) -> Corrupt:
    """An event that is not what it should be."""
    return Corrupt(f"event {seq}: {what} should be {expected!r}, found {found!r}", seq=seq)


class Folding:
    """Folds every event of a log into rows, and looks for what checkpoints saw."""

    def __init__(
        self,
        rows: StoredRows,
        size: int = 0,
        progress: Progress | None = None,
        checkpoints: Iterable[Checkpoint] = (),
    ) -> None:
        self.edge = Edge(0, [])
        self._rows = rows
        self._size = size
        self._progress = progress
        self._seen = Seen(checkpoints)
        self._before: Entry | None = None

    def take_in_all(self, entries: Iterable[Leaf]) -> Entry | None:
        """Fold all events, each with its leaf hash, from the first on; the last of them.

        `Corrupt` names the first that cannot be the next one, or cannot be folded, or is not
        what a checkpoint saw.
        """
        with _no_cycles_sought():
            for chunk in _chunks(iter(entries)):
                self._take_in(chunk)
        self._rows.forget()
        self._seen.look_back(self.edge.size)
        return self._before

    def _take_in(self, chunk: Sequence[Leaf]) -> None:
        if not self._rows.all_here:
            happened = [entry.event for entry, _ in chunk]
            self._rows.fetch((Recorded, (entry.command_id,)) for entry, _ in chunk)
            self._rows.fetch(named_by(happened))
            self._rows.fetch(moved_by(happened))
        for entry, leaf in chunk:
            self._check(entry)
            self.edge.append(bytes.fromhex(leaf))
            take_in(entry, self.edge, self._rows)
            self._seen.look(self.edge)
        self._rows.flush()
        if self._progress is not None:
            self._progress(self.edge.size, self._size)
        if self.edge.size % REMEMBERED < CHUNK:
            self._rows.forget()
            gc.collect()

    def _check(self, entry: Entry) -> None:
        """Positions have no gap; a command's events stand together, and no id comes twice."""
        seq = self.edge.size + 1
        if entry.seq != seq:
            raise wrong(seq, "position", seq, entry.seq)
        before, self._before = self._before, entry
        if before is not None and before.command_id == entry.command_id:
            if before.command_digest != entry.command_digest:
                raise wrong(seq, "command_digest", before.command_digest, entry.command_digest)
        elif self._rows.get(Recorded, entry.command_id) is not None:
            raise wrong(seq, "command_id", "a new one", entry.command_id)


@contextmanager
def _no_cycles_sought() -> Iterator[None]:
    """Without the search for circular garbage, which takes a third of the time of a long fold.

    Entries and rows hold no circles and go without it; for whatever else does, the fold searches
    by itself each time it has let its rows go.
    """
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.enable()


def _chunks(entries: Iterator[Leaf]) -> Iterator[list[Leaf]]:
    """Lists of events; where reading them fails, what came before is given first."""
    while True:
        chunk: list[Leaf] = []
        try:
            chunk.extend(islice(entries, CHUNK))
        except Corrupt:
            if chunk:
                yield chunk
            raise
        if not chunk:
            return
        yield chunk
