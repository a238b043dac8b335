"""The lines that wait for something: what is to be paid or proven on them at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select, text, union

from projections.balances import Balance
from projections.questions.roll_ups import KEYS, added_up, column_of, cut_by, up_to
from projections.questions.snapshot import Snapshot
from projections.questions.spanning import ended_since
from projections.storage.schema import WAITS, same, schema
from projections.worklists import Holding, waits

_LINE = (*KEYS["line"], "programme")


def waiting(snapshot: Snapshot) -> list[Balance]:
    """The lines that hold something in one of these buckets at the moment, sorted by their keys.

    Those that hold it now, and those that an entry after the moment emptied.
    """
    found = _before(snapshot)
    if not snapshot.at.is_now:
        found += (line for line in _cut_through(snapshot) if waits(line))
    return sorted(found, key=_place)


def _place(line: Balance) -> tuple[Any, ...]:
    return line.scope, line.company, line.year, line.case


def _before(snapshot: Snapshot) -> list[Balance]:
    kept = schema().tables[Balance]
    by_then = [*_meant(snapshot), *up_to(kept.c.newest_on, kept.c.newest_seq, snapshot.at)]
    question = select(kept).where(text(WAITS), *by_then)
    return [Balance(*values) for values in snapshot.connection.execute(question).all()]


def _cut_through(snapshot: Snapshot) -> Iterable[Balance]:
    key = select(*(column_of(name).label(name) for name in _LINE))
    still = key.where(text(WAITS), *_meant(snapshot), *cut_by(snapshot.at))
    held = schema().tables[Holding].c
    emptied = ended_since(
        snapshot,
        Holding,
        select(*(held[name] for name in _LINE)),
        *(same(held[name], value) for name, value in snapshot.given.items()),
    )
    return added_up(snapshot, "line", union(still, *emptied))


def _meant(snapshot: Snapshot) -> list[ColumnElement[bool]]:
    return [same(column_of(name), value) for name, value in snapshot.given.items()]
