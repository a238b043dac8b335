"""What each event does to money: the only place that says so.

A flow moves whole won from one bucket to another, on a day, on a line (or, for budgets, on a
programme's year). Nothing is created on the way: `outside` is where budgets come from. Interest
is recorded beside the buckets, as a flow from `outside` to `interest`, and uses up nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias, assert_never

from ledger.events import (
    AnyEvent,
    AwardAmended,
    AwardLapsed,
    AwardRestored,
    BudgetAllocated,
    BudgetLapsed,
    BudgetRestored,
    CarriedOver,
    CaseIdentified,
    ClaimAccepted,
    CompanyExcluded,
    CompanyReadmitted,
    CompanyReclassified,
    CompanyRegistered,
    CompanyRenamed,
    CostsClaimed,
    Disbursed,
    Draw,
    EntryReversed,
    FundsReturned,
    GrantApplied,
    GrantApproved,
    GrantCancelled,
    GrantRejected,
    GrantSettled,
    GrantWithdrawn,
    LineEvent,
    OnLine,
    RecoveryOrdered,
    RecoveryReceived,
    TermsRevised,
    YearClosed,
    YearOpened,
    YearReopened,
)

OUTSIDE = "outside"
INTEREST = "interest"

USES = frozenset({"committed", "carried", "payable", "advanced", "spent", "due", "recovered"})
"""The buckets that use up a ceiling."""

PAID_FROM = {"payable": "spent", "committed": "advanced", "carried": "advanced"}
"""Where a payment puts what it draws: what was owed is proven, the rest is advanced."""

EARNED_FROM = {"advanced": "spent", "committed": "payable", "carried": "payable"}
"""Where an acceptance puts what it draws: what was paid is proven, the rest is owed."""


class Flow(NamedTuple):
    """Won that moved from a bucket to another, on a day and a line."""

    day: str
    programme: str
    year: int
    grant: str
    company: str
    case: str
    source: str
    target: str
    won: int

    @property
    def line(self) -> tuple[str, int, str | None]:
        """The line as a grant names it: company, year and, where there is one, case."""
        return self.company, self.year, self.case or None


class Posting(NamedTuple):
    """A flow with the position of its event and its place among that event's flows."""

    seq: int
    place: int
    day: str
    programme: str
    year: int
    grant: str
    company: str
    case: str
    source: str
    target: str
    won: int


_Moved: TypeAlias = tuple[str, str, int]
"""From which bucket, to which, how many won."""


def used_by(source: str, target: str) -> int:
    """What one won moved from `source` to `target` adds to the use of a ceiling: -1, 0 or 1."""
    return (target in USES) - (source in USES)


_newest: tuple[AnyEvent | None, str, list[Flow]] = (None, "", [])
"""The event that was asked about last, its day and its flows; replaced whole, by any thread."""


def flows(event: AnyEvent, day: str) -> list[Flow]:
    """The flows of an event that counts on a day. Not to be changed by the reader.

    Limits ask, and then the fold: what was told last is told again.
    """
    global _newest
    asked, on, found = _newest
    if event is not asked or day != on:
        found = _flows(event, day)
        _newest = event, day, found
    return found


def _flows(event: AnyEvent, day: str) -> list[Flow]:
    """What happens most often stands first: every case that does not fit costs time."""
    found: list[Flow] = []
    moved: list[_Moved]
    match event:
        case Disbursed():
            moved = [(draw.bucket, PAID_FROM[draw.bucket], draw.amount) for draw in event.draws]
            found += _on_own(day, event, moved)
        case CostsClaimed() | GrantApplied():
            pass
        case ClaimAccepted():
            moved = [(draw.bucket, EARNED_FROM[draw.bucket], draw.amount) for draw in event.draws]
            found += _on_own(day, event, moved)
        case GrantApproved():
            for approved in event.lines:
                moved = [("available", "committed", approved.award)]
                found += _on(day, event.programme, event.grant, approved, moved)
        case FundsReturned():
            moved = [("advanced", "returned", event.amount), (OUTSIDE, INTEREST, event.interest)]
            found += _on_own(day, event, moved)
        case GrantSettled():
            for settled in event.lines:
                moved = _released(settled.released, settled.released_to)
                found += _on(day, event.programme, event.grant, settled, moved)
        case AwardLapsed():
            found += _on_own(day, event, [(event.bucket, "lapsed", event.amount)])
        case AwardRestored():
            found += _on_own(event.counts_on, event, [("lapsed", event.bucket, event.amount)])
        case CarriedOver():
            found += _on_own(day, event, [("committed", "carried", event.amount)])
        case AwardAmended():
            for amended in event.lines:
                raised = [("available", "committed", max(amended.award - amended.was, 0))]
                moved = raised + _released(amended.released, amended.released_to)
                found += _on(day, event.programme, event.grant, amended, moved)
        case GrantCancelled():
            for cancelled in event.lines:
                moved = _released(cancelled.released, cancelled.released_to)
                moved += [(draw.bucket, "due", draw.amount) for draw in cancelled.to_recover]
                found += _on(day, event.programme, event.grant, cancelled, moved)
        case RecoveryOrdered():
            for ordered in event.lines:
                moved = [(draw.bucket, "due", draw.amount) for draw in ordered.draws]
                found += _on(day, event.programme, event.grant, ordered, moved)
        case RecoveryReceived():
            moved = [("due", "recovered", event.amount), (OUTSIDE, INTEREST, event.interest)]
            found += _on_own(day, event, moved)
        case EntryReversed():
            for move in event.moves:
                moved = [(move.source, move.target, move.amount)]
                found += _on(day, event.programme, event.grant, move, moved)
            if back := event.interest_back:
                moved = [(INTEREST, OUTSIDE, back.amount)]
                found += _on(day, event.programme, event.grant, back, moved)
        case BudgetAllocated(programme=programme, year=year, amount=amount):
            inward = (OUTSIDE, "available") if amount > 0 else ("available", OUTSIDE)
            found.append(Flow(day, programme, year, "", "", "", *inward, abs(amount)))
        case BudgetLapsed(programme=programme, year=year, amount=amount):
            found.append(Flow(day, programme, year, "", "", "", "available", "lapsed", amount))
        case BudgetRestored(programme=programme, year=year, amount=amount, counts_on=day):
            found.append(Flow(day, programme, year, "", "", "", "lapsed", "available", amount))
        case (
            CompanyRegistered()
            | CompanyReclassified()
            | CompanyRenamed()
            | CompanyExcluded()
            | CompanyReadmitted()
            | TermsRevised()
            | YearOpened()
            | YearClosed()
            | YearReopened()
            | GrantRejected()
            | GrantWithdrawn()
            | CaseIdentified()
        ):
            pass
        case _:
            assert_never(event)
    return found


def _released(draws: Iterable[Draw], to: str | None) -> list[_Moved]:
    return [(draw.bucket, str(to), draw.amount) for draw in draws]


def _on_own(day: str, event: LineEvent, moved: Iterable[_Moved]) -> list[Flow]:
    return _on(day, event.programme, event.grant, event, moved)


def _on(
    day: str, programme: str, grant: str, line: OnLine | LineEvent, moved: Iterable[_Moved]
) -> list[Flow]:
    year, company, case = line.year, line.company, line.case or ""
    return [
        Flow(day, programme, year, grant, company, case, source, target, won)
        for source, target, won in moved
        if won
    ]
