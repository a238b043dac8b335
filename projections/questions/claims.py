"""`list claims`: claims with what became of them, in the order they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from ledger.names import id_key
from ledger.seoul import Year
from projections.facts.claims import Claim, ClaimState
from projections.facts.grants import Grant
from projections.questions.in_order import in_order, in_state
from projections.questions.pages import Listed
from projections.questions.picked import ByDay
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.questions.states import claim_states
from projections.storage.schema import schema


class Claims(ByDay, Listed):
    """Claims, undecided or accepted, as they were at the moment."""

    name: ClassVar[str] = "claims"
    summed: ClassVar[tuple[str, ...]] = ("supply", "accepted_cost", "earned")

    status: Literal["undecided", "accepted"] | None = Field(None, description="what became of it")
    company: str | None = Field(None, description="whose claim: business number")
    programme: str | None = Field(None, description="programme of the catalogue")
    year: Year | None = Field(None, description="fiscal year of its line")
    grant: str | None = Field(None, description="id of its grant")
    person: str | None = Field(None, description="made it, accepted it or reversed that")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Claim]:
        """By the most telling filter that has an index."""
        between, own = self.span(snapshot, after), schema().tables[Claim].c
        for name in ("grant", "company"):
            if name in snapshot.given:
                named = own[name] == snapshot.given[name]
                return in_order(snapshot, Claim, named, between=between)
        if self.status is not None:
            return in_state(snapshot, Claim, ClaimState, self.status, between)
        return in_order(snapshot, Claim, between=between)

    def place_of(self, candidate: Claim) -> str:
        """The position at which it was made."""
        return str(candidate.seq)

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Claim]) -> list[Row | None]:
        """Each claim with what was accepted by the moment, in won."""
        rows = snapshot.rows
        company, programme = (snapshot.given.get(name) for name in ("company", "programme"))
        states = claim_states(snapshot, candidates)
        if programme is not None:
            rows.fetch((Grant, (id_key(claim.grant),)) for claim in candidates)
        return [
            self._row(claim, states[claim.claim_key])
            if snapshot.at.holds(claim.claimed_on, claim.seq)
            and self.is_within(claim.claimed_on)
            and company in (None, claim.company)
            and self.year in (None, claim.year)
            and programme in (None, _programme(snapshot, claim))
            else None
            for claim in candidates
        ]

    def _row(self, claim: Claim, states: Sequence[ClaimState]) -> Row | None:
        state = states[-1] if states else None
        status = state.status if state else "undecided"
        people = {id_key(claim.claimed_by), *(id_key(one.actor) for one in states)}
        if self.status not in (None, status):
            return None
        if self.person is not None and id_key(self.person) not in people:
            return None
        accepted = state if state and status == "accepted" else None
        return {
            "claim": claim.claim,
            "grant": claim.grant,
            "company": claim.company,
            "year": claim.year,
            "case": claim.case or None,
            "status": status,
            "supply": claim.supply,
            "accepted_cost": accepted.accepted_cost if accepted else None,
            "earned": accepted.earned if accepted else None,
            "claimed_on": claim.claimed_on,
            "claimed_by": claim.claimed_by,
            "accepted_by": accepted.actor if accepted else None,
        }


def _programme(snapshot: Snapshot, claim: Claim) -> str | None:
    grant = snapshot.rows.get(Grant, id_key(claim.grant))
    return grant.programme if grant else None
