"""Whom and what a refusal or a warning speaks of, by the names that people know.

Looked up once, for what is told: never while amounts are tried out to find what would fit.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.wording import Named
from projections.books import Books


def named(facts: Mapping[str, object], books: Books) -> dict[str, object]:
    """The names of the companies and the programme that the facts of a sentence speak of.

    A company is called by name and number, and by the name alone as `company_name`; what is not
    registered, and a programme that does not exist, stay what was typed.
    """
    names: dict[str, object] = {}
    for fact in ("company", "business_number"):
        number = facts.get(fact)
        company = books.company(str(number)) if number else None
        if company is not None:
            names[fact] = Named(f"{company.name} ({number})", f"{company.name}({number})")
            names["company_name"] = company.name
    programme = books.programme(str(facts["programme"])) if "programme" in facts else None
    if programme is not None:
        names["programme"] = Named(programme.name, programme.name_ko)
    return names
