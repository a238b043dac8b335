"""`accept_claim`: a claim is accepted (인정), whole or with items disallowed (불인정)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from commands.asks import Ask, AskedPart, AsList, DistinctEvidence
from commands.limits import days_in_order, drawn
from commands.receipts import Warned
from commands.rules import dated, four_eyes, known_grant, not_before
from ledger.errors import Refused
from ledger.events import ClaimAccepted, Disallowed
from ledger.names import FreeText, Id, Reference, reference_key
from ledger.seoul import year_of
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import flows


class Disallow(AskedPart):
    """Evidence that is not recognised."""

    evidence: Reference = Field(description="the evidence, as claimed")
    reason: FreeText = Field(description="why")


class AcceptClaim(Ask):
    """Accept a claim; what it earned is proven or becomes payable."""

    claim: Id = Field(description="id of the claim")
    disallow: Annotated[tuple[Disallow, ...], AsList, DistinctEvidence] = Field(
        default=(), description="{evidence, reason} of items that are not recognised"
    )


def decide(ask: AcceptClaim, books: Books) -> ClaimAccepted:
    """What is earned follows the accepted cost; it discharges advances before it is owed."""
    claim = books.claim(ask.claim)
    if claim is None:
        raise Refused("unknown", "unknown-claim", claim=ask.claim)
    items = books.items(claim.claim)
    for refusal in ask.disallow:
        if reference_key(refusal.evidence) not in items:
            raise Refused("unknown", "unknown-evidence", evidence=refusal.evidence, claim=ask.claim)
    if claim.status != "undecided":
        raise Refused("wrong-status", "claim-accepted", claim=ask.claim)
    known_grant(books, claim.grant, "approved")
    day = dated(ask, books)
    not_before(day, claim.claimed_on, "claim")
    four_eyes(ask.actor, claim.claimed_by, "claim")

    line = books.line(claim.grant, claim.company, claim.year, claim.case or None)
    assert line is not None
    disallowed = {reference_key(refusal.evidence): refusal.reason for refusal in ask.disallow}
    cost = sum(item.supply for key, item in items.items() if key not in disallowed)
    within_year = year_of(claim.claimed_on) <= line.year
    buckets = ("advanced", "committed", "carried") if within_year else ("advanced", "carried")
    draws, _ = drawn(books.line_balance(line), _due(line, cost), buckets)
    accepted = ClaimAccepted(
        claim=claim.claim,
        **line.on_grant,
        accepted_cost=cost,
        earned=sum(draw.amount for draw in draws),
        draws=draws,
        disallowed=tuple(
            Disallowed(evidence=items[key].evidence, reason=reason)
            for key, reason in disallowed.items()
        ),
    )
    days_in_order(books, day, flows(accepted, day))
    return accepted


def warnings(ask: AcceptClaim, books: Books, events: Sequence[ClaimAccepted]) -> Iterator[Warned]:
    """What the line had earned but does not hold any more is lost unless it is raised."""
    (accepted,) = events
    line = books.line(accepted.grant, accepted.company, accepted.year, accepted.case)
    assert line is not None
    due = _due(line, accepted.accepted_cost)
    if accepted.earned < due:
        lost = due - accepted.earned
        yield Warned("earned-less", {"earned": due, "moved": accepted.earned, "lost": lost})


def _due(line: Line, accepted_cost: int) -> int:
    """What a line has earned with this much more accepted cost, less what was moved, in won."""
    return max(earned(line, line.accepted_cost + accepted_cost) - line.earned, 0)


def earned(line: Line, accepted_cost: int) -> int:
    """What a line has earned for an accepted cost, in won: its share of the award, rounded down."""
    return min(line.award, accepted_cost * line.award // line.total_cost)
