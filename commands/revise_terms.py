"""`revise_terms`: a programme gets a new edition of its terms; old editions stay."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from commands.asks import Ask
from commands.rules import known_programme
from ledger.events import TermsRevised
from ledger.names import Text
from ledger.terms import Ceilings, Rate, RateBySize, Slug, Terms
from ledger.won import Percent
from projections.books import Books


class ReviseTerms(Ask):
    """Give a programme a new edition of its terms, holding from a day on (it may lie ahead)."""

    moves_money = False

    programme: Slug = Field(description="programme of the catalogue")
    caps: Ceilings = Field(
        description="ceilings: {per: company_year|grant_year|case, amount, bound: lt|le}"
    )
    ratio: Rate | RateBySize = Field(
        description="{percent, bound} for all sizes, or {sme: {…}, mid_size: {…}, large: {…}}"
    )
    min_companies: Annotated[int, Field(strict=True, ge=1)] = Field(
        description="fewest distinct companies in an application"
    )
    eligible: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        description="cost categories that are paid for"
    )
    excluded: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        description="cost categories that are never paid for"
    )
    advance_percent: Percent = Field(description="share of an award that may be paid in advance")
    source: Text = Field(description="where these terms are published")


def decide(ask: ReviseTerms, books: Books) -> TermsRevised:
    """The whole new edition; a lower one undoes nothing."""
    known_programme(books, ask.programme)
    terms = Terms(
        caps=ask.caps,
        ratio=ask.ratio,
        min_companies=ask.min_companies,
        eligible=ask.eligible,
        excluded=ask.excluded,
        advance_percent=ask.advance_percent,
        source=ask.source,
    )
    return TermsRevised(programme=ask.programme, terms=terms)
