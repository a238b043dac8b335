"""Laws of reversals: an entry's own flows turned round, once, by another person."""

from __future__ import annotations

from ledger.envelope import Entry
from ledger.events import (
    CarriedOver,
    ClaimAccepted,
    Disbursed,
    EntryReversed,
    FundsReturned,
    RecoveryOrdered,
    RecoveryReceived,
)
from projections.books import Books
from projections.flows import INTEREST, OUTSIDE, Flow, flows
from projections.replay.laws.broken import Broken, grant_of, other_person, same

_REVERSIBLE = {
    "approved": (
        Disbursed,
        ClaimAccepted,
        FundsReturned,
        CarriedOver,
        RecoveryOrdered,
        RecoveryReceived,
    ),
    "cancelled": (FundsReturned, RecoveryOrdered, RecoveryReceived),
    "settled": (RecoveryOrdered, RecoveryReceived),
}
"""What may be reversed, by the status of the grant."""


def reversed_(entry: Entry, event: EntryReversed, books: Books) -> None:
    """It names an earlier entry that stands, and turns exactly its flows round."""
    if event.entry >= entry.seq:
        raise Broken(entry, "unknown", f"event {event.entry} is no earlier entry")
    turned = books.entry(event.entry)
    grant = grant_of(entry, event, books, *_REVERSIBLE)
    if not isinstance(turned.event, _REVERSIBLE[grant.status]):
        raise Broken(entry, "not-reversible", f"event {turned.seq} is {turned.kind}")
    by = books.reversal_of(turned.seq)
    if by:
        raise Broken(entry, "not-reversible", f"event {by} reversed event {turned.seq} before")
    if entry.effective_on < turned.effective_on:
        raise Broken(entry, "out-of-order", f"it precedes the entry of {turned.effective_on}")
    other_person(entry, turned.actor, "entry")
    same(entry, "grant", event.grant, turned.event.grant)
    same(entry, "entry_kind", event.entry_kind, turned.kind)
    for name in ("bank_ref", "claim"):
        same(entry, name, getattr(event, name), getattr(turned.event, name, None))
    if isinstance(turned.event, ClaimAccepted):
        _evidence_free(entry, turned.event, books)
    before = flows(turned.event, entry.effective_on)
    should = [_turned(flow, books) for flow in before]
    same(entry, "moves", flows(event, entry.effective_on), should)


def _turned(flow: Flow, books: Books) -> Flow:
    """A flow turned round; money of a year whose books are closed goes to lapsed."""
    if flow.target == INTEREST:
        return flow._replace(source=INTEREST, target=OUTSIDE)
    back = flow.source
    if (back == "committed" and _is_closed(flow.year, books)) or (
        back == "carried" and _is_closed(flow.year + 1, books)
    ):
        back = "lapsed"
    return flow._replace(source=flow.target, target=back)


def _is_closed(year: int, books: Books) -> bool:
    found = books.year(year)
    return found is not None and found.status == "closed"


def _evidence_free(entry: Entry, accepted: ClaimAccepted, books: Books) -> None:
    """What had been disallowed was not claimed elsewhere since."""
    for refusal in accepted.disallowed:
        holder = books.evidence_held_by(refusal.evidence)
        if holder is not None:
            raise Broken(entry, "not-reversible", f"{refusal.evidence} is held by {holder}")
