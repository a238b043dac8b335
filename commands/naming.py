"""Whom and what a refusal or a warning speaks of, by the names that people know.

Looked up once, for what is told: never while amounts are tried out to find what would fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.wording import Named
from projections.books import Books


def named(facts: Mapping[str, object], books: Books) -> dict[str, Named]:
    """The names of the companies and the programme that the facts of a sentence speak of."""
    names = {
        fact: company_named(books, str(facts[fact]))
        for fact in ("company", "business_number")
        if facts.get(fact)
    }
    if "programme" in facts:
        names["programme"] = programme_named(books, str(facts["programme"]))
    return names


def company_named(books: Books, number: str) -> Named:
    """A company by name and number; by the number alone where it is not registered."""
    company = books.company(number)
    if company is None:
        return Named(number, number)
    return Named(f"{company.name} ({number})", f"{company.name}({number})")


def programme_named(books: Books, slug: str) -> Named:
    """A programme by its name; by what was typed where there is none."""
    programme = books.programme(slug)
    return Named(programme.name, programme.name_ko) if programme else Named(slug, slug)
