"""Ceilings that are nearly used: of the day's year and the one before, and of cases."""

from __future__ import annotations

from ledger.seoul import year_of
from projections.questions.roll_ups import KEYS, By, Row, balances
from projections.questions.snapshot import Snapshot

_CEILED: tuple[By, ...] = ("company", "grant", "case")


def nearly_used(snapshot: Snapshot, percent: int) -> list[Row]:
    """The ceilings of which so many percent or more are used at the moment, the fullest first."""
    this_year = year_of(snapshot.day)
    found = []
    for by in _CEILED:
        for year in (None,) if by == "case" else (this_year - 1, this_year):
            within = snapshot.given if year is None else {**snapshot.given, "year": year}
            for row in balances(snapshot.within(within), by):
                if row["cap"] and row["used"] and row["used"] * 100 >= row["cap"] * percent:
                    named = {key: row[key] for key in KEYS[by]}
                    told = {name: row[name] for name in ("used", "cap", "headroom")}
                    found.append({"by": by} | named | told)
    return sorted(found, key=lambda row: row["used"] / row["cap"], reverse=True)
