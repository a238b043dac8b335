"""The log as it would be: what a dry run decides follows what was recorded, and is not written."""

from __future__ import annotations

from collections.abc import Iterator

from commands.parse import Asked
from ledger import log, seoul
from ledger.database.driver import Driver
from ledger.envelope import Entry
from ledger.events import AnyEvent


class Imagined:
    """A snapshot of the log, and the entries that would follow."""

    def __init__(self, recorded: log.Reader) -> None:
        self._recorded = recorded
        self._appended: dict[int, Entry] = {}
        self._latest = recorded.head.recorded_at

    @property
    def driver(self) -> Driver:
        """Where the snapshot is read."""
        return self._recorded.driver

    @property
    def next_seq(self) -> int:
        """The position that the next event would have."""
        return self._recorded.next_seq + len(self._appended)

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, recorded or imagined, or None."""
        return self._appended.get(seq) or self._recorded.entry(seq)

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """The entries from one position to another, recorded or imagined."""
        yield from self._recorded.entries(first, min(last, self._recorded.head.size))
        yield from (entry for seq, entry in self._appended.items() if first <= seq <= last)

    def append(self, event: AnyEvent, asked: Asked, effective_on: str) -> Entry:
        """The entry that an event of a command would be, at the next position."""
        self._latest = seoul.later_of(log.now(), self._latest)
        entry = Entry(
            self.next_seq,
            self._latest,
            effective_on,
            asked.ask.actor,
            asked.via,
            asked.id,
            asked.digest,
            event,
        )
        self._appended[entry.seq] = entry
        return entry
