"""No sum of amounts grows past what can be counted, whichever command would let it.

Judged in one place, from what is about to be recorded: its flows, and the costs it names. A
programme's year bounds what its lines, companies and grants hold of it, on any day, so it stands
for them all; a case goes through programmes and years, and is looked at by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledger.errors import Refused
from ledger.events import (
    AnyEvent,
    AwardAmended,
    BudgetAllocated,
    CostsClaimed,
    EntryReversed,
    FundsReturned,
    GrantApplied,
    GrantApproved,
    RecoveryReceived,
)
from ledger.won import SUMS
from projections.balances import case_key, programme_key
from projections.books import Books, Summed
from projections.facts.claims import Claim
from projections.flows import INTEREST, OUTSIDE, Flow, flows
from projections.rows import Key


def within_sums(books: Books, events: Sequence[AnyEvent], day: str) -> None:
    """`invalid` where a sum of money or costs would be 10^18 won or more at the end of some day."""
    for event in events:
        judge = _JUDGES.get(type(event))
        if judge is not None:
            judge(books, event, day)


def _within_cases(books: Books, event: GrantApproved | AwardAmended, day: str) -> None:
    """An award lies within its budget, but a case may have been awarded under many."""
    if any(line.case for line in event.lines):
        _within_money(books, event, day)


def _within_interest(books: Books, event: FundsReturned | RecoveryReceived, day: str) -> None:
    """What comes back was paid before; interest comes from outside."""
    if event.interest:
        _within_money(books, event, day)


def _within_money(books: Books, event: AnyEvent, day: str) -> None:
    """The budget, the interest and what a case holds, on every day from the event's on."""
    added: dict[tuple[Key, Summed], int] = defaultdict(int)
    for flow in flows(event, day):
        for grown in _grown_by(flow):
            added[grown] += flow.won
    for (key, what), won in added.items():
        if books.fullest(key, what, day) + won >= SUMS:
            _, _, _, programme, year, case = key
            wording = "sum-held" if case else f"sum-{what}"
            raise Refused("invalid", wording, programme=programme, year=year, case=case, sums=SUMS)


def _grown_by(flow: Flow) -> Iterator[tuple[Key, Summed]]:
    """The sums that grow by a flow from outside or out of a budget."""
    if flow.source == OUTSIDE:
        what: Summed = "interest" if flow.target == INTEREST else "budget"
        yield programme_key(flow.programme, flow.year), what
        if flow.case:
            yield case_key(flow.case), what
    elif flow.source == "available" and flow.case:
        yield case_key(flow.case), "held"


def _within_claimed(books: Books, event: CostsClaimed, day: str) -> None:
    """The costs claimed on a line, accepted or not yet decided."""
    _within_costs(books, event, sum(item.supply for item in event.items))


def _within_claimed_again(books: Books, event: EntryReversed, day: str) -> None:
    """A claim whose acceptance is reversed is undecided again, over all its costs."""
    claim = books.claim(event.claim) if event.claim else None
    if claim is not None:
        _within_costs(books, claim, claim.supply - claim.accepted_cost)


def _within_costs(books: Books, on: CostsClaimed | Claim, more: int) -> None:
    line = books.line(on.grant, on.company, on.year, on.case or None)
    assert line is not None
    if line.accepted_cost + books.undecided_on(line) + more >= SUMS:
        company, year, _ = line.named
        raise Refused("invalid", "claimed-too-much", company=company, year=year, sums=SUMS)


def _within_application(books: Books, event: GrantApplied, day: str) -> None:
    """The total costs of an application, year by year."""
    costs: dict[int, int] = defaultdict(int)
    for line in event.lines:
        costs[line.year] += line.total_cost
        if costs[line.year] >= SUMS:
            raise Refused("invalid", "applied-too-much", year=line.year, sums=SUMS)


_JUDGES: dict[type[AnyEvent], Callable[[Books, Any, str], None]] = {
    BudgetAllocated: _within_money,
    GrantApproved: _within_cases,
    AwardAmended: _within_cases,
    FundsReturned: _within_interest,
    RecoveryReceived: _within_interest,
    CostsClaimed: _within_claimed,
    EntryReversed: _within_claimed_again,
    GrantApplied: _within_application,
}
"""The events that let a sum grow: those with flows from outside or out of a budget, and those
with costs."""
