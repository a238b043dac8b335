"""A long fold from the first event on, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from ledger.envelope import Entry
from ledger.errors import Corrupt
from ledger.garbage import no_cycles_sought
from ledger.transparency.merkle import Edge
from ledger.transparency.notes import Checkpoint
from projections.books import Journal
from projections.fold import fold_appended
from projections.replay.checkpoints import Seen
from projections.replay.laws import Laws
from projections.storage.stored_rows import StoredRows

Progress = Callable[[int, int], None]
"""Is told how many events are done, and of how many."""

CHUNK = 2_000
"""Events after which a long fold says how far it is."""

REMEMBERED = 25_000
"""Events after which the rows are written, and those let go that had been before, unless they were
looked at since: of at most twice as many events something is remembered, however long the log."""

Leaf: TypeAlias = tuple[Entry, str]
"""An entry and its hash."""


def wrong(seq: int, what: str, expected: object, found: object) -> Corrupt:
    """An event that is not what it should be."""
    return Corrupt(
        "event {seq}: {what} should be {expected!r}, found {found!r}",
        what=what,
        expected=expected,
        found=found,
        seq=seq,
    )


class Folding:
    """Folds every event of a log into rows, and looks for what checkpoints saw."""

    def __init__(
        self,
        rows: StoredRows,
        size: int = 0,
        progress: Progress | None = None,
        checkpoints: Iterable[Checkpoint] = (),
        journal: Journal | None = None,
    ) -> None:
        """Laws are held where there is a journal, in which entries are looked up again."""
        self.edge = Edge(0, [])
        self._rows = rows
        self._size = size
        self._progress = progress
        self._seen = Seen(checkpoints)
        self._before: Entry | None = None
        self._laws = Laws(rows, journal) if journal else None

    def fold_all(self, entries: Iterable[Leaf]) -> Entry | None:
        """Fold all events, each with its leaf hash, from the first on; the last of them.

        `Corrupt` names the first that cannot be the next one, or cannot be folded, or is not
        what a checkpoint saw; `Broken` the first that breaks a law.
        """
        with no_cycles_sought():
            for entry, leaf in entries:
                self._fold(entry, leaf)
                if self.edge.size % CHUNK == 0:
                    self._report()
                if self.edge.size % REMEMBERED == 0:
                    self._rows.evict()
        if self._laws is not None:
            self._laws.end()
        self._rows.evict()
        self._report()
        self._seen.look_back(self.edge.size)
        return self._before

    def _fold(self, entry: Entry, leaf: str) -> None:
        self._check(entry)
        if self._laws is not None:
            self._laws.before(entry)
        self.edge.append(bytes.fromhex(leaf))
        fold_appended(entry, self.edge, self._rows)
        if self._laws is not None:
            self._laws.after(entry)
        self._seen.look(self.edge)

    def _report(self) -> None:
        if self._progress is not None:
            self._progress(self.edge.size, self._size)

    def _check(self, entry: Entry) -> None:
        """Positions have no gap; a command's events are of one content."""
        seq = self.edge.size + 1
        if entry.seq != seq:
            raise wrong(seq, "position", seq, entry.seq)
        before, self._before = self._before, entry
        if before is None or before.command_id != entry.command_id:
            return
        if before.command_digest != entry.command_digest:
            raise wrong(seq, "command_digest", before.command_digest, entry.command_digest)
