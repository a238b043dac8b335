"""`readmit_company`: an exclusion ends early."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from commands.asks import Ask
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


def warnings(ask: ReadmitCompany, books: Books) -> list[tuple[str, dict[str, Any]]]:
    """It is said, though."""
    day = day_of(ask, books)
    if books.excluded_until(ask.business_number, day):
        return []
    return [("warning-not-excluded", {"business_number": ask.business_number, "day": day})]
