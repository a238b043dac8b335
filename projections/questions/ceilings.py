"""Ceilings that are nearly used: of the day's year and the one before, and of cases."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.seoul import year_of
from ledger.terms import Per
from projections.facts.editions import Edition
from projections.questions.roll_ups import KEYS, By, Row, using
from projections.questions.snapshot import Snapshot

_CEILED: dict[By, Per] = {"company": "company_year", "grant": "grant_year", "case": "case"}


def nearly_used(snapshot: Snapshot, percent: int) -> list[Row]:
    """The ceilings of which so many percent or more are used at the moment, the fullest first."""
    found = []
    for by, per in _CEILED.items():
        least = _least(snapshot, per, percent)
        for within in _years(snapshot, by):
            for row in using(within, by, least):
                if row["cap"] and row["used"] and row["used"] * 100 >= row["cap"] * percent:
                    named = {key: row[key] for key in KEYS[by]}
                    told = {name: row[name] for name in ("used", "cap", "headroom")}
                    found.append({"by": by} | named | told)
    return sorted(found, key=lambda row: row["used"] / row["cap"], reverse=True)


def _years(snapshot: Snapshot, by: By) -> Iterator[Snapshot]:
    """A ceiling of a year is looked at in the day's year and the one before; a case's for life."""
    if by == "case":
        yield snapshot
        return
    this_year = year_of(snapshot.day)
    for year in (this_year - 1, this_year):
        yield snapshot.within({**snapshot.given, "year": year})


def _least(snapshot: Snapshot, per: Per, percent: int) -> dict[str, int]:
    """What is nearly used of the lowest ceiling that a programme ever had, in won, by its slug.

    Balances of cases belong to no programme: of all the lowest stands for them.
    """
    lowest: dict[str, int] = {}
    for edition in snapshot.rows.where(Edition):
        for cap in edition.terms.caps:
            if cap.per == per:
                least = max(1, cap.amount * percent // 100)
                lowest[edition.programme] = min(least, lowest.get(edition.programme, least))
    if per == "case" and lowest:
        return {"": min(lowest.values())}
    return lowest
