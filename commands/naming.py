"""Whom and what a refusal or a warning speaks of, by the names that people know.

Looked up once, for what is told: never while amounts are tried out to find what would fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from commands.words import Named
from projections.books import Books


def named(facts: Mapping[str, object], books: Books) -> dict[str, object]:
    """The names of the companies and the programme that the facts of a sentence speak of.

    A company is called by the name of today and its number, and by the name alone as
    `company_name`; what is not registered, and a programme that does not exist, stay as typed.
    """
    names: dict[str, object] = {
        fact: _company(str(facts[fact]), books)
        for fact in ("company", "business_number")
        if facts.get(fact)
    }
    if "company" in names:
        number = str(facts["company"])
        names["company_name"] = books.name_on(number, books.today) or number
    uncounted = facts.get("uncounted")
    if isinstance(uncounted, tuple):
        names["uncounted"] = tuple(_company(number, books) for number in uncounted)
    programme = books.programme(str(facts["programme"])) if "programme" in facts else None
    if programme is not None:
        names["programme"] = Named(programme.name, programme.name_ko)
    return names


def _company(number: str, books: Books) -> Named:
    name = books.name_on(number, books.today)
    if name is None:
        return Named(number, number)
    return Named(f"{name} ({number})", f"{name}({number})")
