"""`reopen_year`: the books of the last closed year open again; its closing is turned round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pydantic import Field

from commands.asks import Ask
from commands.limits import within_ceilings
from commands.rules import dated, four_eyes, not_before, terms_on
from commands.totals import programme_totals
from ledger.errors import Refused
from ledger.events import (
    AnyEvent,
    AwardLapsed,
    AwardRestored,
    BudgetLapsed,
    BudgetRestored,
    YearReopened,
)
from ledger.names import FreeText
from ledger.seoul import Year
from projections.books import Books
from projections.facts.grants import Line
from projections.facts.years import FiscalYear
from projections.flows import Moved


class ReopenYear(Ask):
    """Open the last closed year again, for a reason and by a second person."""

    moves_money = False

    year: Year = Field(description="fiscal year to reopen")
    reason: FreeText = Field(description="why")


def decide(ask: ReopenYear, books: Books) -> list[AnyEvent]:
    """Exactly the closing's flows turned round, but for grants settled or cancelled since."""
    found = books.year(ask.year)
    if found is None:
        raise Refused("year-not-open", year=ask.year)
    if found.status != "closed":
        raise Refused("wrong-status", "year-is-open", year=ask.year)
    day = dated(ask, books)
    last = max(year.year for year in books.years() if year.status == "closed")
    if last != ask.year:
        raise Refused("out-of-order", "not-the-last-closed", year=ask.year, last=last)
    _after_its_closing(books, day, found)
    four_eyes(ask.actor, found.closed_by, "close_year")

    lapsed = [entry.event for entry in books.entries_of(found.closing)]
    awards = [
        event
        for event in lapsed
        if isinstance(event, AwardLapsed) and _still_running(books, event.grant)
    ]
    budgets = [event for event in lapsed if isinstance(event, BudgetLapsed)]
    _within_ceilings(books, found, awards)
    moves: list[tuple[str, Moved]] = [
        (award.programme, ("lapsed", award.bucket, award.amount))
        for award in awards
        if award.year == ask.year
    ]
    moves += [(budget.programme, ("lapsed", "available", budget.amount)) for budget in budgets]
    return [
        *(_award(event, found.closed_on) for event in awards),
        *(_budget(event, found.closed_on) for event in budgets),
        YearReopened(
            year=ask.year,
            reason=ask.reason,
            counts_on=found.closed_on,
            totals=programme_totals(books, ask.year, found.closed_on, moves),
        ),
    ]


def _after_its_closing(books: Books, day: str, year: FiscalYear) -> None:
    """`out-of-order` before the closing; of one that a clock which ran ahead dated later, today.

    Otherwise nobody could undo it until its day has come.
    """
    if year.closed_on <= books.today:
        not_before(day, year.closed_on, "closing")
    elif day < books.today:
        raise Refused(
            "out-of-order", "closing-ahead", day=day, closed_on=year.closed_on, today=books.today
        )


def _still_running(books: Books, grant: str) -> bool:
    found = books.grant(grant)
    return found is not None and found.status not in ("settled", "cancelled")


def _within_ceilings(books: Books, year: FiscalYear, awards: Iterable[AwardLapsed]) -> None:
    """What comes back into use must fit under the terms of the closing's day."""
    moves: dict[str, list[tuple[Line, Moved]]] = defaultdict(list)
    for event in awards:
        line = books.line(event.grant, event.company, event.year, event.case)
        assert line is not None
        moves[event.programme].append((line, ("lapsed", event.bucket, event.amount)))
    everything = [move for restored in moves.values() for move in restored]
    for programme, restored in moves.items():
        terms = terms_on(books, programme, year.closed_on).terms
        within_ceilings(books, terms, year.closed_on, restored, together=everything)


def _award(event: AwardLapsed, day: str) -> AwardRestored:
    return AwardRestored(
        grant=event.grant,
        programme=event.programme,
        company=event.company,
        year=event.year,
        case=event.case,
        bucket=event.bucket,
        amount=event.amount,
        counts_on=day,
    )


def _budget(event: BudgetLapsed, day: str) -> BudgetRestored:
    return BudgetRestored(
        programme=event.programme, year=event.year, amount=event.amount, counts_on=day
    )
