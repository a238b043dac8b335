"""`close_year`: the books of a year close (회계연도 마감); what is left lapses (불용)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from pydantic import Field

from commands.asks import Ask
from commands.limits import days_in_order
from commands.receipts import Warned
from commands.rules import dated
from commands.totals import programme_totals
from ledger.errors import Refused, Shortfall
from ledger.events import AnyEvent, AwardLapsed, BudgetLapsed, YearClosed
from ledger.names import SCHEDULER
from ledger.seoul import Year, last_day
from projections.books import Books
from projections.flows import flows

LapsingBucket: TypeAlias = Literal["committed", "carried"]


class CloseYear(Ask):
    """Close a year: what is left of its awards, of last year's carry-overs and budgets lapses."""

    moves_money = False

    year: Year = Field(description="fiscal year to close")


def decide(ask: CloseYear, books: Books) -> list[AnyEvent]:
    """An event for each line and bucket, each programme, and last the year with its totals."""
    found = books.year(ask.year)
    if found is None:
        raise Refused("year-not-open", year=ask.year)
    if found.status == "closed":
        raise Refused("wrong-status", "year-is-closed", year=ask.year, closed_on=found.closed_on)
    if found.reopenings and ask.actor == SCHEDULER:
        raise Refused("wrong-status", "year-was-reopened", year=ask.year)
    day = dated(ask, books)
    first_open = min(year.year for year in books.years() if year.status == "open")
    if first_open < ask.year:
        raise Refused("out-of-order", "earlier-year-open", year=ask.year, earlier=first_open)
    if day <= last_day(ask.year):
        raise Refused("out-of-order", "year-not-over", year=ask.year, day=day)

    awards = [
        *_awards(books, ask.year, "committed", day),
        *_awards(books, ask.year - 1, "carried", day),
    ]
    budgets = list(_budgets(books, ask.year, day))
    lapsing: list[AnyEvent] = [*awards, *budgets]
    moved = [flow for event in lapsing for flow in flows(event, day)]
    totals = programme_totals(books, ask.year, day, moved)
    return [*lapsing, YearClosed(year=ask.year, totals=totals)]


def warnings(ask: CloseYear, books: Books, events: Sequence[AnyEvent]) -> Iterator[Warned]:
    """Claims that nobody decided: what is left for them lapses with the rest."""
    lapsed = {
        (event.grant, event.company, event.case or "")
        for event in events
        if isinstance(event, AwardLapsed) and event.bucket == "carried"
    }
    waiting = books.undecided_of_year(ask.year) + [
        line
        for line in books.undecided_of_year(ask.year - 1)
        if (line.grant, line.company, line.case) in lapsed
    ]
    if waiting:
        claims, supply = (sum(line.count for line in waiting), sum(line.supply for line in waiting))
        yield Warned("claims-undecided", {"claims": claims, "supply": supply})


def _awards(books: Books, year: int, bucket: LapsingBucket, day: str) -> Iterator[AwardLapsed]:
    for balance in books.balances_of_year("line", year):
        amount = getattr(balance, bucket)
        if not amount:
            continue
        lapsed = AwardLapsed(
            grant=balance.scope,
            programme=balance.programme,
            company=balance.company,
            year=balance.year,
            case=balance.case or None,
            bucket=bucket,
            amount=amount,
        )
        days_in_order(books, day, flows(lapsed, day))
        yield lapsed


def _budgets(books: Books, year: int, day: str) -> Iterator[BudgetLapsed]:
    for balance in books.balances_of_year("programme", year):
        if not balance.available:
            continue
        least = books.least_available(balance.programme, year, day)
        if least < balance.available:
            short = Shortfall(balance.programme, None, year, None, least, 0, balance.available)
            raise Refused("out-of-order", "negative-budget-day", short=short, day=day)
        yield BudgetLapsed(programme=balance.programme, year=year, amount=balance.available)
