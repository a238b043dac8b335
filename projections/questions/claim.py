"""`show claim`: one claim, whole."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ledger.errors import NotFound
from projections.facts.claims import Claim
from projections.questions import lookup
from projections.questions.asks import AtAMoment, Shape
from projections.questions.snapshot import Snapshot
from projections.questions.things import entries_of, facts_of, told_claim, told_entry


class ShowClaim(AtAMoment):
    """One claim with its items and events."""

    shape: ClassVar[Shape] = "thing"

    claim: str = Field(description="id of the claim")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The claim as of the moment. `NotFound` where there is none, or was none then."""
        named = lookup.claim(snapshot.rows, self.claim)
        entries = entries_of(snapshot, f"grant/{named.grant}")
        rows = facts_of(entries)
        found = rows.get(Claim, named.claim_key)
        if found is None:
            raise NotFound("no-claim-then", claim=named.claim)
        own = [entry for entry in entries if getattr(entry.event, "claim", None) == found.claim]
        return (
            {"grant": found.grant}
            | told_claim(rows, found)
            | {"events": [told_entry(entry) for entry in own]}
        )
