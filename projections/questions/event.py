"""`show event`: one event, whole."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ledger import log
from ledger.envelope import Entry, as_json
from ledger.errors import NotFound
from ledger.reading import Wanted
from projections.facts.payments import Reversal
from projections.flows import flows
from projections.questions.asks import AtAMoment, Position, Shape, reached
from projections.questions.concerned import told_flow
from projections.questions.snapshot import Snapshot


class ShowEvent(AtAMoment):
    """One event with what it moved, and by which one it was reversed."""

    shape: ClassVar[Shape] = "thing"

    seq: Position = Field(description="position of the event")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The event as exported, with its flows in won. `NotFound` before it was recorded."""
        reached(snapshot, self.seq)
        for envelope, leaf in snapshot.read(Wanted(after=self.seq - 1, up_to=self.seq)):
            entry = Entry.from_envelope(envelope)
            if snapshot.at.holds(entry.effective_on, entry.seq):
                moved = flows(entry.event, entry.effective_on)
                return as_json(envelope, leaf) | {
                    "moved": [told_flow(flow) for flow in moved],
                    "reversed_by": _reversed_by(snapshot, self.seq),
                }
        raise NotFound("no-event-then", event=self.seq)


def _reversed_by(snapshot: Snapshot, seq: int) -> int | None:
    found = snapshot.rows.get(Reversal, seq)
    entry = log.read_entry(snapshot.driver, found.by) if found else None
    if entry is None or not snapshot.at.holds(entry.effective_on, entry.seq):
        return None
    return entry.seq
