"""What was so at a moment and is not so any more, found by the width of its span."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select

from projections.facts.spans import class_of, widest
from projections.questions.snapshot import Snapshot
from projections.rows import Row
from projections.storage.schema import schema


def ended_since(
    snapshot: Snapshot, kind: type[Row], selected: Select[Any], *meant: ColumnElement[bool]
) -> list[Select[Any]]:
    """Selections that together find the rows of a kind whose span holds the moment, on its day or
    its position.

    At a moment of both axes also a few that ended by it, and some twice; none for now.
    """
    columns, at = schema().tables[kind].c, snapshot.at
    begun = [*meant]
    ends: list[Iterable[ColumnElement[bool]]] = []
    if at.seq is not None:
        begun.append(columns.since_seq <= at.seq)
        ends += _positions(columns, at.seq, snapshot.head.size)
    if at.day is not None:
        begun.append(columns.since_on <= at.day)
        ends += _days(columns, at.day)
    return [selected.where(*begun, *end) for end in ends]


def _positions(columns: Any, seq: int, size: int) -> Iterator[Iterable[ColumnElement[bool]]]:
    """Of each class of widths, what ends after a position and not too late to hold it."""
    for width in range(1, class_of(size) + 1):
        yield (
            columns.width_seq == width,
            columns.seq > seq,
            columns.seq <= seq + widest(width),
        )


def _days(columns: Any, day: str) -> Iterator[Iterable[ColumnElement[bool]]]:
    """The same on the axis of days."""
    ordinal, last = date.fromisoformat(day).toordinal(), date.max.toordinal()
    for width in range(1, class_of(last) + 1):
        latest = date.fromordinal(min(ordinal + widest(width), last))
        yield columns.width_on == width, columns.day > day, columns.day <= latest.isoformat()
