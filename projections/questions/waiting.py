"""The lines that wait for something: what is to be paid or proven on them at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, text, union

from projections.balances import Balance
from projections.questions.roll_ups import KEYS, added_up, column_of, cut_by, up_to
from projections.questions.snapshot import Snapshot
from projections.questions.spanning import ended_since
from projections.storage.schema import WAITS, same, schema
from projections.worklists import Holding, waits

_LINE = (*KEYS["line"], "programme")


class Waiting(NamedTuple):
    """What a line holds that is still to be paid or to be proven, in won."""

    grant: str
    company: str
    programme: str
    year: int
    case: str
    committed: int
    carried: int
    payable: int
    advanced: int


def waiting(snapshot: Snapshot) -> list[Waiting]:
    """The lines that hold something in one of these buckets at the moment, sorted by their keys.

    Those that hold it now, and those that an entry after the moment emptied.
    """
    found = _before(snapshot)
    if not snapshot.at.is_now:
        found += map(_held, filter(waits, _cut_through(snapshot)))
    return sorted(found, key=_place)


def _place(line: Waiting) -> tuple[Any, ...]:
    return line.grant, line.company, line.year, line.case


def _held(line: Balance) -> Waiting:
    return Waiting(line.scope, *(getattr(line, name) for name in Waiting._fields[1:]))


def _before(snapshot: Snapshot) -> list[Waiting]:
    kept = schema().tables[Balance].c
    by_then = [*_meant(snapshot), *up_to(kept.newest_on, kept.newest_seq, snapshot.at)]
    question = select(*map(column_of, Waiting._fields)).where(text(WAITS), *by_then)
    return [Waiting(*values) for values in snapshot.connection.execute(question).all()]


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
