"""`open_year`: the reset. A new key, never a zeroing: last year's balances stay what they were."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import dated
from ledger.errors import Refused
from ledger.events import YearOpened
from ledger.seoul import Year, first_day
from projections.books import Books


class OpenYear(Ask):
    """Open a fiscal year: approvals for it are possible, ceilings start afresh."""

    moves_money = False

    year: Year = Field(description="fiscal year to open")


def decide(ask: OpenYear, books: Books) -> YearOpened:
    """Years open one after another, once they have begun in Seoul."""
    if books.year(ask.year) is not None:
        raise Refused("already-exists", "year-exists", year=ask.year)
    dated(ask, books)
    if first_day(ask.year) > books.today:
        raise Refused("future-dated", "year-not-begun", year=ask.year, today=books.today)
    years = books.years()
    if years and ask.year != years[-1].year + 1:
        raise Refused("out-of-order", "not-the-next-year", year=ask.year, next=years[-1].year + 1)
    return YearOpened(year=ask.year)
