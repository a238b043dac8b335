"""`exclude_company`: a company may not take part for a while (참여제한, 수행배제)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from commands.asks import Ask
from commands.receipts import Warned
from commands.rules import dated, day_of, known_company
from ledger.errors import Refused
from ledger.events import CompanyExcluded
from ledger.names import BusinessNumber, FreeText
from ledger.seoul import Day
from projections.books import Books


class ExcludeCompany(Ask):
    """Exclude a company from taking part, from a day on until another."""

    moves_money = False

    business_number: BusinessNumber = Field(description="with or without hyphens")
    until: Day = Field(description="last day of the exclusion")
    reason: FreeText = Field(description="why")


def decide(ask: ExcludeCompany, books: Books) -> CompanyExcluded:
    """An exclusion ends no earlier than it begins."""
    if ask.until < day_of(ask, books):
        raise Refused("invalid", "ends-before-it-begins", until=ask.until, day=day_of(ask, books))
    known_company(books, ask.business_number)
    dated(ask, books)
    return CompanyExcluded(business_number=ask.business_number, until=ask.until, reason=ask.reason)


def warnings(ask: ExcludeCompany, books: Books, events: object) -> Iterator[Warned]:
    """A shorter exclusion ends no longer one: they add up."""
    until = books.excluded_until(ask.business_number, ask.until)
    if until is not None and until > ask.until:
        yield Warned("still-excluded", {"business_number": ask.business_number, "until": until})
