"""Ceilings that are nearly used: of the day's year and the one before, and of cases."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, and_, or_, select, text

from ledger.seoul import year_of
from ledger.terms import Per
from projections.facts.editions import Edition
from projections.questions.roll_ups import KEYS, By, Row, told
from projections.questions.snapshot import Snapshot
from projections.questions.usage import used
from projections.storage.schema import OF_MANY, schema
from projections.worklists import Promised

_CEILED: dict[By, Per] = {"company": "company_year", "grant": "grant_year", "case": "case"}


def nearly_used(snapshot: Snapshot, percent: int) -> list[Row]:
    """The ceilings of which so many percent or more are used at the moment, the fullest first."""
    found = []
    for by, per in _CEILED.items():
        for row in _perhaps(snapshot, by, per, percent):
            if row["cap"] and row["used"] and row["used"] * 100 >= row["cap"] * percent:
                named = {key: row[key] for key in KEYS[by]}
                found.append({"by": by} | named | {name: row[name] for name in _TOLD})
    return sorted(found, key=lambda row: row["used"] / row["cap"], reverse=True)


_TOLD = ("used", "cap", "headroom")


def _perhaps(snapshot: Snapshot, by: By, per: Per, percent: int) -> list[Row]:
    """The rows of which so much of the lowest ceiling of their programme is used.

    A ceiling of a year is looked at in the day's year and the one before; a case's for life, and
    of all programmes the lowest stands for it, since what is promised for a case is of none.
    """
    least, year = _least(snapshot, per, percent), year_of(snapshot.day)
    if not least:
        return []
    years: tuple[int, ...] = (year - 1, year)
    if per == "case":
        least, years = {"": min(least.values())}, (0,)
    keys = _promised(by, per, least, years)
    if snapshot.connection.execute(keys.limit(1)).first() is None:
        return []
    found = [one for one in used(snapshot, by, keys) if one.used >= least[one.programme]]
    return told(snapshot, by, found)


def _least(snapshot: Snapshot, per: Per, percent: int) -> dict[str, int]:
    """What is nearly used of the lowest ceiling that a programme ever had, in won, by its slug."""
    lowest: dict[str, int] = {}
    for edition in snapshot.rows.where(Edition):
        for cap in edition.terms.caps:
            if cap.per == per:
                least = cap.amount * percent // 100
                lowest[edition.programme] = min(least, lowest.get(edition.programme, least))
    return lowest


def _promised(by: By, per: Per, least: dict[str, int], years: tuple[int, ...]) -> Select[Any]:
    """The keys of what was ever promised so much under a ceiling in these years."""
    promised = schema().tables[Promised].c
    slugs: dict[int, list[str]] = defaultdict(list)
    for slug, won in least.items():
        slugs[won].append(slug)
    of_many = () if per == "grant_year" else (text(OF_MANY),)
    enough = [
        and_(
            *(promised.per == per, promised.programme.in_(some), promised.year.in_(years)),
            *(promised.won >= won, *of_many),
        )
        for won, some in slugs.items()
    ]
    keys = select(promised.scope.label(by), promised.programme, promised.year)
    return keys.where(or_(*enough)).offset(0)  # so that databases begin with these
