"""`list reversals`: entries that were reversed, by whom, why, and how long after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import select

from ledger import log
from ledger.envelope import Entry
from ledger.events import EntryReversed
from ledger.names import id_key
from ledger.seoul import parsed_instant
from projections.facts.payments import Reversal
from projections.questions.pages import CHUNK, Listed
from projections.questions.picked import ByDay
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.storage.schema import schema


class Reversals(ByDay, Listed):
    """Reversals, each with the entry that it turned round."""

    name: ClassVar[str] = "reversals"
    summed: ClassVar[tuple[str, ...]] = ("amount",)

    grant: str | None = Field(None, description="id of a grant")
    company: str | None = Field(None, description="business number")
    person: str | None = Field(None, description="reversed it, or recorded what was reversed")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[int]:
        """All of them, in the order of their positions: they are few."""
        by = schema().tables[Reversal].c.by
        before, last = self.span(snapshot, after)
        while True:
            meant = (by > before, by <= last)
            found = list(
                snapshot.connection.scalars(select(by).where(*meant).order_by(by).limit(CHUNK))
            )
            yield from found
            if len(found) < CHUNK:
                return
            before = found[-1]

    def place_of(self, candidate: int) -> str:
        """The reversal's position."""
        return str(candidate)

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[int]) -> list[Row | None]:
        """Each with who recorded the entry and who reversed it, and the days between, in won."""
        return [self._row(snapshot, seq) for seq in candidates]

    def _row(self, snapshot: Snapshot, seq: int) -> Row | None:
        back = log.read_entry(snapshot.driver, seq)
        if back is None or not snapshot.at.holds(back.effective_on, seq):
            return None
        event = back.event
        assert isinstance(event, EntryReversed), back.kind
        entry = log.read_entry(snapshot.driver, event.entry)
        assert entry is not None, event.entry
        if not self._is_meant(snapshot, back, entry):
            return None
        later = parsed_instant(back.recorded_at) - parsed_instant(entry.recorded_at)
        return {
            "seq": seq,
            "entry": entry.seq,
            "entry_kind": entry.kind,
            "grant": event.grant,
            "company": getattr(entry.event, "company", None),
            "effective_on": back.effective_on,
            "recorded_at": back.recorded_at,
            "actor": back.actor,
            "entry_actor": entry.actor,
            "entry_recorded_at": entry.recorded_at,
            "days": later // timedelta(days=1),
            "amount": sum(move.amount for move in event.moves),
            "reason": event.reason,
        }

    def _is_meant(self, snapshot: Snapshot, back: Entry, entry: Entry) -> bool:
        event: Any = back.event
        companies = {move.company for move in event.moves} | {getattr(entry.event, "company", None)}
        return (
            self.is_within(back.effective_on)
            and snapshot.given.get("grant") in (None, event.grant)
            and snapshot.given.get("company") in (None, *companies)
            and (
                self.person is None
                or id_key(self.person) in (id_key(back.actor), id_key(entry.actor))
            )
        )
