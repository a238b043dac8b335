"""`diff`: what changed between two positions, or between two days."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from pydantic import Field

from ledger.errors import Misused
from ledger.events import BUCKETS
from ledger.seoul import Day
from projections.questions.asks import Filtered, Position, reached
from projections.questions.roll_ups import KEYS, By, Row, balances
from projections.questions.snapshot import Moment, Snapshot

Amounts: TypeAlias = dict[str, int | None]

_COMPARED = (*BUCKETS, "interest", "budget", "used")


class Diff(Filtered):
    """What changed between two positions, or between two days."""

    empty: ClassVar[str] = "no-change"

    at_seq: tuple[Position, ...] = Field((), description="a position; twice")
    as_of: tuple[Day, ...] = Field((), description="a day; twice")
    by: By = Field("line", description="what the flows are added up by")

    def answer(self, snapshot: Snapshot) -> list[Row]:
        """The rows of the roll-up that differ, with both and the change, in won.

        What `balances` has no number for has none here.
        """
        older, newer = (
            {_key(self.by, row): row for row in balances(snapshot.turned(at), self.by)}
            for at in self._moments(snapshot)
        )
        rows = []
        for key in sorted(older.keys() | newer.keys(), key=_place):
            was = _amounts(older.get(key), newer.get(key))
            is_ = _amounts(newer.get(key), older.get(key))
            change = {name: _less(is_[name], was[name]) for name in is_}
            if any(change.values()):
                named = dict(zip(KEYS[self.by], key, strict=True))
                rows.append(named | {"before": was, "after": is_, "change": change})
        return rows

    def _moments(self, snapshot: Snapshot) -> tuple[Moment, Moment]:
        if bool(self.at_seq) == bool(self.as_of):
            raise Misused("name two positions or two days")
        moments = [Moment(seq=reached(snapshot, seq)) for seq in self.at_seq]
        moments += [Moment(day) for day in self.as_of]
        if len(moments) != 2:
            raise Misused("two moments are compared, not {many}", many=len(moments))
        return moments[0], moments[1]


def _amounts(row: Row | None, other: Row | None) -> Amounts:
    """What a row holds; where there is none, nothing of what the other one holds."""
    known = row or {name: None if amount is None else 0 for name, amount in (other or {}).items()}
    return {name: known[name] for name in _COMPARED if name in known}


def _less(amount: int | None, other: int | None) -> int | None:
    return None if amount is None or other is None else amount - other


def _key(by: By, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS[by])


def _place(key: tuple[Any, ...]) -> list[Any]:
    return [part or "" for part in key]
