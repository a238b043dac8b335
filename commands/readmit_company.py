"""`readmit_company`: an exclusion ends early."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from commands.asks import Ask
from commands.receipts import Warned
from commands.rules import dated, day_of, known_company
from ledger.events import CompanyReadmitted
from ledger.names import BusinessNumber, FreeText
from projections.books import Books


class ReadmitCompany(Ask):
    """End a company's exclusion early."""

    moves_money = False

    business_number: BusinessNumber = Field(description="with or without hyphens")
    reason: FreeText = Field(description="why")


def decide(ask: ReadmitCompany, books: Books) -> CompanyReadmitted:
    """Readmitting a company that is not excluded does no harm."""
    known_company(books, ask.business_number)
    dated(ask, books)
    return CompanyReadmitted(business_number=ask.business_number, reason=ask.reason)


def warnings(ask: ReadmitCompany, books: Books, events: object) -> Iterator[Warned]:
    """It is said, though; and so is an exclusion dated later, which goes on."""
    number, day = ask.business_number, day_of(ask, books)
    if not books.excluded_until(number, day):
        yield Warned("not-excluded", {"business_number": number, "day": day})
    later = [found.until for found in books.exclusions_on(number, books.today) if found.day > day]
    if later:
        yield Warned("still-excluded", {"business_number": number, "until": max(later)})
