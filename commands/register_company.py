"""`register_company`: a company, university or research institute enters the register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from commands.asks import Ask
from commands.receipts import Warned
from commands.rules import dated
from ledger.errors import Refused, Unfit
from ledger.events import CompanyRegistered
from ledger.names import BusinessNumber, FreeText, NotNull, Text, check_digit_fits
from ledger.terms import PartyType, Size
from projections.books import Books


class RegisterCompany(Ask):
    """Enter a company, university or research institute into the register."""

    moves_money = False

    business_number: BusinessNumber = Field(description="with or without hyphens")
    name: FreeText = Field(description="name of the party")
    party_type: PartyType = Field(description="company, university or research_institute")
    size: Annotated[Size | None, NotNull] = Field(
        default=None, description="sme, mid_size or large; companies must have it, others must not"
    )
    mini_cluster: Annotated[Text | None, NotNull] = Field(
        default=None, description="the Mini Cluster it belongs to"
    )

    @model_validator(mode="after")
    def _companies_have_a_size(self) -> RegisterCompany:
        if (self.party_type == "company") != (self.size is not None):
            raise Unfit("size-and-party")
        return self


def decide(ask: RegisterCompany, books: Books) -> CompanyRegistered:
    """Registered once."""
    if books.company(ask.business_number) is not None:
        raise Refused("already-exists", "company-exists", company=ask.business_number)
    dated(ask, books)
    return CompanyRegistered(
        business_number=ask.business_number,
        name=ask.name,
        party_type=ask.party_type,
        size=ask.size,
        mini_cluster=ask.mini_cluster,
    )


def warnings(ask: RegisterCompany, books: Books, events: object) -> Iterator[Warned]:
    """Some real numbers fail the check digit, so it is only said."""
    if not check_digit_fits(ask.business_number):
        yield Warned("check-digit", {"business_number": ask.business_number})
