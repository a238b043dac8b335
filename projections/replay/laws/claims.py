"""Laws of claims: evidence once, costs in time and of a kind that is paid for, what they earn."""

from __future__ import annotations

from ledger.envelope import Entry
from ledger.events import ClaimAccepted, CostsClaimed
from ledger.names import reference_key
from ledger.seoul import year_of
from projections.books import Books
from projections.replay.laws.broken import (
    Broken,
    approved_line,
    distinct,
    drawn,
    grant_of,
    other_person,
    pairs,
    same,
)


def claimed(entry: Entry, event: CostsClaimed, books: Books) -> None:
    """Evidence that nobody claimed, of costs between the approval and the claim's day."""
    if books.claim(event.claim) is not None:
        raise Broken(entry, "already-exists", f"claim {event.claim} was made before")
    grant_of(entry, event, books, "approved")
    line = approved_line(entry, books, event.grant, event.company, event.year, event.case)
    terms = books.edition_at(line.programme, line.edition).terms
    distinct(entry, (reference_key(item.evidence) for item in event.items), "evidence")
    for item in event.items:
        if not line.approved_on <= item.incurred_on <= entry.effective_on:
            raise Broken(entry, "out-of-order", f"{item.evidence} is of {item.incurred_on}")
        if not terms.pays_for(item.category):
            raise Broken(entry, "ineligible-cost", f"{item.evidence} is for {item.category}")
        holder = books.evidence_held_by(item.evidence)
        if holder is not None:
            raise Broken(entry, "duplicate-evidence", f"{item.evidence} is held by {holder}")


def accepted(entry: Entry, event: ClaimAccepted, books: Books) -> None:
    """An undecided claim, by another person; it moves what it earned, advances first."""
    claim = books.claim(event.claim)
    if claim is None or claim.claim != event.claim:
        raise Broken(entry, "unknown", f"there is no claim {event.claim!r}")
    if claim.status != "undecided":
        raise Broken(entry, "wrong-status", f"claim {claim.claim} is {claim.status}")
    grant_of(entry, event, books, "approved")
    named = (event.grant, event.company, event.year, event.case or "")
    same(entry, "line", named, (claim.grant, claim.company, claim.year, claim.case))
    if entry.effective_on < claim.claimed_on:
        raise Broken(entry, "out-of-order", f"it precedes the claim of {claim.claimed_on}")
    other_person(entry, claim.claimed_by, "claim")
    cost = _accepted_cost(entry, event, books)
    line = approved_line(entry, books, event.grant, event.company, event.year, event.case)
    share = (line.accepted_cost + cost) * line.award // line.total_cost
    due = max(min(line.award, share) - line.earned, 0)
    in_time = year_of(claim.claimed_on) <= line.year
    buckets = ("advanced", "committed", "carried") if in_time else ("advanced", "carried")
    draws = drawn(books.line_balance(line), due, *buckets)
    same(entry, "draws", pairs(event.draws), draws)
    same(entry, "earned", event.earned, sum(won for _, won in draws))


def _accepted_cost(entry: Entry, event: ClaimAccepted, books: Books) -> int:
    """The cost of the items that were not disallowed, in won."""
    items = books.items(event.claim)
    disallowed = [reference_key(refusal.evidence) for refusal in event.disallowed]
    if disallowed:
        distinct(entry, disallowed, "evidence")
    for key, refusal in zip(disallowed, event.disallowed, strict=True):
        if key not in items or items[key].evidence != refusal.evidence:
            raise Broken(entry, "unknown", f"the claim has no evidence {refusal.evidence!r}")
    cost = sum(item.supply for key, item in items.items() if key not in disallowed)
    same(entry, "accepted_cost", event.accepted_cost, cost)
    return cost
