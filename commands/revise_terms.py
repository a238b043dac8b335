"""`revise_terms`: a programme gets a new edition of its terms; old editions stay."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import known_programme
from ledger.events import TermsRevised
from ledger.terms import Slug, Terms
from projections.books import Books


class ReviseTerms(Terms, Ask):
    """Give a programme a new edition of its terms, holding from a day on (it may lie ahead)."""

    moves_money = False

    programme: Slug = Field(description="programme of the catalogue")


def decide(ask: ReviseTerms, books: Books) -> TermsRevised:
    """The whole new edition; a lower one undoes nothing."""
    known_programme(books, ask.programme)
    terms = Terms(**{name: getattr(ask, name) for name in Terms.model_fields})
    return TermsRevised(programme=ask.programme, terms=terms)
