"""`show GRANT`: one grant, whole."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ledger.errors import NotFound
from projections.facts.claims import Claim
from projections.facts.grants import Grant
from projections.questions import lookup
from projections.questions.asks import AtAMoment, Shape
from projections.questions.snapshot import Snapshot
from projections.questions.things import entries_of, facts_of, lines_of, told_claim, told_entry


class ShowGrant(AtAMoment):
    """One grant with its lines, claims and events."""

    shape: ClassVar[Shape] = "thing"

    grant: str = Field(description="id of the grant")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The grant as of the moment. `NotFound` where there is none, or was none then."""
        named = lookup.grant(snapshot.rows, self.grant)
        entries = entries_of(snapshot, f"grant/{named.grant}")
        rows = facts_of(entries)
        found = rows.get(Grant, named.grant_key)
        if found is None:
            raise NotFound("no-grant-then", grant=named.grant)
        return {
            "grant": found.grant,
            "programme": found.programme,
            "title": found.title,
            "lead": found.lead,
            "partners": list(found.partners),
            "status": found.status,
            "applied_on": found.applied_on,
            "applied_by": found.applied_by,
            "lines": lines_of(snapshot, rows, found.grant),
            "claims": [told_claim(rows, claim) for claim in rows.all(Claim)],
            "events": [told_entry(entry) for entry in entries],
        }
