"""`open_year`: the reset. A new key, never a zeroing: last year's balances stay what they were."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import dated
from ledger.errors import Refused
from ledger.events import YearOpened
from ledger.seoul import Year, first_day, last_day
from projections.books import Books


class OpenYear(Ask):
    """Open a fiscal year: approvals for it are possible, ceilings start afresh."""

    moves_money = False

    year: Year = Field(description="fiscal year to open")


def decide(ask: OpenYear, books: Books) -> YearOpened:
    """The first may be any that has begun and has terms; then one follows or precedes another."""
    _has_terms(books, ask.year)
    if books.year(ask.year) is not None:
        raise Refused("already-exists", "year-exists", year=ask.year)
    dated(ask, books)
    if first_day(ask.year) > books.today:
        raise Refused("future-dated", "year-not-begun", year=ask.year, today=books.today)
    _in_its_turn(books, ask.year)
    return YearOpened(year=ask.year)


def _has_terms(books: Books, year: int) -> None:
    """`unknown` where at the end of a year no programme had terms yet: it may be mistyped."""
    first = books.first_terms_on()
    if first is None:
        raise Refused("unknown", "no-terms-at-all", year=year)
    if first > last_day(year):
        raise Refused("unknown", "no-terms-in-year", year=year, first=first)


def _in_its_turn(books: Books, year: int) -> None:
    """`out-of-order` unless a year follows the last one or precedes the first.

    No year is put before others once books were closed (contract, *Opening*).
    """
    years = books.years()
    if not years:
        return
    after, before = years[-1].year + 1, years[0].year - 1
    if any(opened.was_closed for opened in years):
        if year != after:
            raise Refused("out-of-order", "not-the-next-year", year=year, next=after)
    elif year not in (before, after):
        raise Refused("out-of-order", "not-beside-years", year=year, next=after, before=before)
