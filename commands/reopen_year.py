"""`reopen_year`: the books of the last closed year open again; its closing is turned round."""

from __future__ import annotations

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
from projections.facts.years import FiscalYear
from projections.flows import Flow, flows


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
    counts_on = found.closed_on
    awards = [
        _award(event, counts_on)
        for event in lapsed
        if isinstance(event, AwardLapsed) and _still_running(books, event.grant)
    ]
    budgets = [_budget(event, counts_on) for event in lapsed if isinstance(event, BudgetLapsed)]
    restored: list[AnyEvent] = [*awards, *budgets]
    moved = [flow for event in restored for flow in flows(event, counts_on)]
    _within_ceilings(books, counts_on, [flow for flow in moved if flow.grant])
    totals = programme_totals(books, ask.year, counts_on, moved)
    reopened = YearReopened(year=ask.year, reason=ask.reason, counts_on=counts_on, totals=totals)
    return [*restored, reopened]


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


def _within_ceilings(books: Books, day: str, restored: list[Flow]) -> None:
    """What comes back into use must fit under the terms of the closing's day."""
    for programme in dict.fromkeys(flow.programme for flow in restored):
        own = [flow for flow in restored if flow.programme == programme]
        within_ceilings(books, terms_on(books, programme, day).terms, day, own, together=restored)


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
