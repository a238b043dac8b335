"""No sum of amounts grows past what can be counted, whichever command would let it.

Judged in one place from the flows of what is about to be recorded. A programme's year bounds
what its lines, companies and grants hold of it, on any day, so it stands for them all; a case
goes through programmes and years, and is looked at by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ledger.errors import Refused
from ledger.events import AnyEvent, CostsClaimed, EntryReversed, GrantApplied, LineEvent
from ledger.won import SUMS
from projections.balances import case_key, programme_key
from projections.books import Books, Summed
from projections.claims import Claim
from projections.flows import INTEREST, OUTSIDE, Flow, flows
from projections.rows import Key


def within_sums(books: Books, events: Sequence[AnyEvent], day: str) -> None:
    """`invalid` where a sum of money or costs would be 10^18 won or more at the end of some day."""
    added: dict[tuple[Key, Summed], int] = defaultdict(int)
    for event in events:
        for flow in flows(event, day):
            if flow.source in (OUTSIDE, "available"):
                for grown in _grown_by(flow):
                    added[grown] += flow.won
        match event:
            case CostsClaimed():
                cost = sum(item.supply for item in event.items)
                _within_claimed(books, event, cost)
            case EntryReversed(claim=str(claim)):
                _within_claimed_again(books, claim)
            case GrantApplied():
                _within_application(event)
    for (key, what), won in added.items():
        if books.fullest(key, what, day) + won >= SUMS:
            _, _, _, programme, year, case = key
            wording = "sum-held" if case else f"sum-{what}"
            raise _too_large(wording, programme=programme, year=year, case=case)


def _grown_by(flow: Flow) -> Iterator[tuple[Key, Summed]]:
    """The sums that grow by a flow from outside or out of a budget."""
    if flow.source == OUTSIDE:
        what: Summed = "interest" if flow.target == INTEREST else "budget"
        yield programme_key(flow.programme, flow.year), what
        if flow.case:
            yield case_key(flow.case), what
    elif flow.case and flow.target != OUTSIDE:
        yield case_key(flow.case), "held"


def _within_claimed(books: Books, on: LineEvent | Claim, cost: int, accepted: int = 0) -> None:
    """The costs claimed on a line, accepted or not yet decided, with so much more of them."""
    line = books.line(on.grant, on.company, on.year, on.case or None)
    assert line is not None
    if line.accepted_cost - accepted + books.undecided_on(line) + cost >= SUMS:
        raise _too_large("sum-claimed", **line.on_line)


def _within_claimed_again(books: Books, claim: str) -> None:
    """A claim whose acceptance is reversed is undecided again, over all its costs."""
    found = books.claim(claim)
    assert found is not None
    _within_claimed(books, found, found.supply, found.accepted_cost)


def _within_application(event: GrantApplied) -> None:
    costs: dict[int, int] = defaultdict(int)
    for line in event.lines:
        costs[line.year] += line.total_cost
        if costs[line.year] >= SUMS:
            raise _too_large("sum-applied", year=line.year)


def _too_large(wording: str, **facts: Any) -> Refused:
    return Refused("invalid", wording, **facts, sums=SUMS)
