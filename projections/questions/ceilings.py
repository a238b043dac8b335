"""Ceilings that are nearly used: of the day's year and the one before, and of cases."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, or_, select

from ledger.seoul import year_of
from ledger.terms import Per
from ledger.won import SUMS
from projections.balances import Balance
from projections.facts.editions import Edition
from projections.questions.roll_ups import KEYS, By, Row, balances
from projections.questions.snapshot import Snapshot, Value
from projections.storage.schema import same, schema
from projections.worklists import Promised

_CEILED: dict[By, Per] = {"company": "company_year", "grant": "grant_year", "case": "case"}

_TOGETHER = 500
"""How many companies, grants or cases are asked about in one statement."""


def nearly_used(snapshot: Snapshot, percent: int) -> list[Row]:
    """The ceilings of which so many percent or more are used at the moment, the fullest first."""
    found = []
    for by, per in _CEILED.items():
        for row in _perhaps(snapshot, by, per, percent):
            if row["cap"] and row["used"] and row["used"] * 100 >= row["cap"] * percent:
                named = {key: row[key] for key in KEYS[by]}
                told = {name: row[name] for name in ("used", "cap", "headroom")}
                found.append({"by": by} | named | told)
    return sorted(found, key=lambda row: row["used"] / row["cap"], reverse=True)


def _perhaps(snapshot: Snapshot, by: By, per: Per, percent: int) -> Iterator[Row]:
    """The rows under whose ceiling enough was promised, and few others.

    A ceiling of a year is looked at in the day's year and the one before; a case's for life.
    """
    given, year = dict(snapshot.given), year_of(snapshot.day)
    if by != "case":
        given["year"] = (year - 1, year)
    least = _least(snapshot, per, percent)
    scopes = _promised(snapshot, per, least, given.get("year", 0))

    def is_near(balance: Balance) -> bool:
        return balance.used >= least.get("" if by == "case" else balance.programme, SUMS)

    for start in range(0, len(scopes), _TOGETHER):
        given[by] = tuple(scopes[start : start + _TOGETHER])
        yield from balances(snapshot.within({**given}), by, is_near)


def _least(snapshot: Snapshot, per: Per, percent: int) -> dict[str, int]:
    """What is nearly used of the lowest ceiling that a programme ever had, in won, by its slug.

    What is promised for a case belongs to no programme: of all the lowest stands for them.
    """
    lowest: dict[str, int] = {}
    for edition in snapshot.rows.where(Edition):
        programme = "" if per == "case" else edition.programme
        for cap in edition.terms.caps:
            if cap.per == per:
                least = cap.amount * percent // 100
                lowest[programme] = min(least, lowest.get(programme, least))
    return lowest


def _promised(snapshot: Snapshot, per: Per, least: dict[str, int], years: Value) -> list[str]:
    """Whose ceilings were ever promised so much."""
    promised = schema().tables[Promised].c
    of_years = promised.per == per, same(promised.year, years)
    enough = [
        and_(*of_years, promised.programme == slug, promised.won >= won)
        for slug, won in least.items()
    ]
    question = select(promised.scope).where(or_(*enough)).distinct()
    return sorted(snapshot.connection.scalars(question)) if enough else []
