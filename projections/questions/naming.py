"""What companies and programmes are called, at the moment that is asked about."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from projections.facts.companies import Company, NameFrom
from projections.facts.editions import Programme
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot


def programme_names(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    """What programmes are called, in English and Korean, by their slug."""
    return {
        found.programme: (found.name, found.name_ko) for found in snapshot.rows.where(Programme)
    }


def company_names(snapshot: Snapshot, numbers: Collection[str]) -> dict[str, str]:
    """What companies are called on the day, as was known at the position, by business number."""
    for kind in (Company, NameFrom):
        snapshot.known.fetch((kind, (number,)) for number in numbers)
    called = ((number, snapshot.books.name_on(number, snapshot.day)) for number in numbers)
    return {number: name for number, name in called if name}


def with_names(snapshot: Snapshot, rows: Sequence[Row]) -> list[Row]:
    """Rows in which each company is accompanied by its name at the moment."""
    numbers = {row[field] for row in rows for field in _COMPANIES if row.get(field)}
    names = company_names(snapshot, numbers)
    return [_with_names(row, names) for row in rows]


def _with_names(row: Row, names: dict[str, str]) -> Row:
    told: Row = {}
    for field, value in row.items():
        told[field] = value
        if field in _COMPANIES:
            told[f"{field}_name"] = names.get(value) if value else None
    return told


_COMPANIES = ("company", "lead")
"""The fields of rows that name a company by its number."""
