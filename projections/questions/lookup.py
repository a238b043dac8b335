"""What questions name: found as commands find it, however it is typed.

`Misread` says what no name could be, `NotFound` what is not in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger import names
from ledger.errors import Misread, NotFound, Unfit
from projections.facts.claims import Claim
from projections.facts.companies import Company
from projections.facts.editions import Programme
from projections.facts.grants import Case, Grant
from projections.questions.snapshot import Given
from projections.rows import Rows


def company(rows: Rows, number: str) -> Company:
    """A registered party, by its business number with or without hyphens."""
    number = _read(names.business_number, number)
    found = rows.get(Company, number)
    if found is None:
        raise NotFound("no-such-company", company=number)
    return found


def programme(rows: Rows, slug: str) -> Programme:
    """A programme of the catalogue."""
    slug = _read(names.checked_reference, slug)
    found = rows.get(Programme, slug)
    if found is None:
        known = sorted(rows.where(Programme), key=lambda programme: programme.place)
        slugs = ", ".join(programme.programme for programme in known)
        raise NotFound("no-such-programme", programme=slug, known=slugs or "–")
    return found


def grant(rows: Rows, name: str) -> Grant:
    """A grant, however its id is typed."""
    name = _read(names.checked_id, name)
    found = rows.get(Grant, names.id_key(name))
    if found is None:
        raise NotFound("no-such-grant", grant=name)
    return found


def case(rows: Rows, name: str) -> Case:
    """A case that an application named, however it is typed."""
    name = _read(names.checked_case, name)
    found = rows.get(Case, names.case_key(name))
    if found is None:
        raise NotFound("no-such-case", case=name)
    return found


def claim(rows: Rows, name: str) -> Claim:
    """A claim, however its id is typed."""
    name = _read(names.checked_id, name)
    found = rows.get(Claim, names.id_key(name))
    if found is None:
        raise NotFound("no-such-claim", claim=name)
    return found


def as_first_given(rows: Rows, given: Given) -> Given:
    """What is filtered by, each name as it was first given."""
    return {
        name: _FIRST_GIVEN[name](rows, str(value)) if name in _FIRST_GIVEN else value
        for name, value in given.items()
    }


_FIRST_GIVEN: dict[str, Callable[[Rows, str], str]] = {
    "company": lambda rows, number: company(rows, number).business_number,
    "programme": lambda rows, slug: programme(rows, slug).programme,
    "grant": lambda rows, name: grant(rows, name).grant,
    "case": lambda rows, name: case(rows, name).case,
}


def _read(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except Unfit as unfit:
        raise Misread(text, unfit) from None
