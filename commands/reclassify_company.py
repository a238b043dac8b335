"""`reclassify_company`: a company's size changes from a day on."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import dated, known_company
from ledger.errors import Refused
from ledger.events import CompanyReclassified
from ledger.names import BusinessNumber
from ledger.terms import Size
from projections.books import Books


class ReclassifyCompany(Ask):
    """Record that a company has another size from a day on."""

    moves_money = False

    business_number: BusinessNumber = Field(description="with or without hyphens")
    size: Size = Field(description="sme, mid_size or large")


def decide(ask: ReclassifyCompany, books: Books) -> CompanyReclassified:
    """Only companies have a size."""
    company = known_company(books, ask.business_number)
    if company.party_type != "company":
        raise Refused("invalid", "no-size", company=ask.business_number)
    dated(ask, books)
    return CompanyReclassified(business_number=ask.business_number, size=ask.size)
