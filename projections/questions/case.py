"""`show case`: one case, through all grants, years and programmes."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ledger.errors import NotFound
from ledger.events import CaseIdentified
from ledger.reading import Wanted
from projections.questions import lookup
from projections.questions.asks import AtAMoment, Shape
from projections.questions.concerned import concerned
from projections.questions.roll_ups import balances
from projections.questions.snapshot import Snapshot
from projections.questions.things import told_entry


class ShowCase(AtAMoment):
    """One case with its application number, its balances, lines and events."""

    shape: ClassVar[Shape] = "thing"

    case: str = Field(description="case, typed in any way")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The case as of the moment. `NotFound` where no application had named it then."""
        case = lookup.case(snapshot.rows, self.case).case
        own = snapshot.within({"case": case})
        entries = [
            found.entry
            for found in concerned(own, Wanted(up_to=snapshot.at.seq))
            if snapshot.at.holds(found.entry.effective_on, found.entry.seq)
        ]
        if not entries:
            raise NotFound("no-case-then", case=case)
        numbers = (
            entry.event.application_number
            for entry in entries
            if isinstance(entry.event, CaseIdentified)
        )
        return {
            "case": case,
            "application_number": next(numbers, None),
            "balances": balances(own, "case"),
            "lines": balances(own, "line"),
            "events": [told_entry(entry) for entry in entries],
        }
