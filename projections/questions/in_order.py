"""Rows of a table in the order of their positions, a chunk at a time, found by an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, select, union

from projections.questions.snapshot import Snapshot
from projections.questions.spanning import ended_since
from projections.rows import Row
from projections.storage.schema import schema

R = TypeVar("R", bound=Row)

Span: TypeAlias = tuple[int, int]
"""Positions: after the one, up to the other."""

_CHUNK = 200


def in_order(
    snapshot: Snapshot, kind: type[R], *conditions: ColumnElement[bool], between: Span
) -> Iterator[R]:
    """Rows whose positions lie in a span, in order; as they are now."""
    table = schema().tables[kind]
    seq = table.c.seq
    after, last = between
    while True:
        meant = (seq > after, seq <= last, *conditions)
        question = select(table).where(*meant).order_by(seq).limit(_CHUNK)
        found = [kind(*values) for values in snapshot.connection.execute(question).all()]
        yield from found
        if len(found) < _CHUNK:
            return
        after = found[-1].seq  # type: ignore[attr-defined]


def in_state(
    snapshot: Snapshot, kind: type[R], changes: type[Row], status: str, between: Span
) -> Iterator[R]:
    """Rows that may have had a status at the moment, in order, and few others.

    Those that have it now, and those of which an entry after the moment said that they `was` so.
    """
    own = schema().tables[kind].c
    now = in_order(snapshot, kind, own.status == status, between=between)
    were = () if snapshot.at.is_now else _were(snapshot, kind, changes, status, between)
    return merge(now, were, key=_seq)


def _were(
    snapshot: Snapshot, kind: type[R], changes: type[Row], status: str, between: Span
) -> Iterator[R]:
    own, dated = schema().tables[kind].c, schema().tables[changes].c
    key, changed = next(iter(own)), next(iter(dated))
    there = select(own.seq, key).where(changed == key, own.status != status)
    found = snapshot.connection.execute(
        union(*ended_since(snapshot, changes, there, dated.was == status))
    ).all()
    after, last = between
    keys = [key for seq, key in sorted(map(tuple, found)) if after < seq <= last]
    for start in range(0, len(keys), _CHUNK):
        yield from keyed(snapshot, kind, keys[start : start + _CHUNK])


def keyed(snapshot: Snapshot, kind: type[R], keys: Sequence[str]) -> list[R]:
    """The rows with these keys, loaded together."""
    snapshot.rows.fetch((kind, (key,)) for key in keys)
    found = (snapshot.rows.get(kind, key) for key in keys)
    return [row for row in found if row is not None]


def _seq(row: Any) -> int:
    seq: int = row.seq
    return seq
