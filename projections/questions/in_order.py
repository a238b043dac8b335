"""Rows of a table in the order of their positions, a chunk at a time, found by an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Table, exists, not_, or_, select

from projections.questions.asks import position_at
from projections.questions.roll_ups import up_to
from projections.questions.snapshot import Snapshot
from projections.rows import Row
from projections.storage.schema import schema

R = TypeVar("R", bound=Row)

Span: TypeAlias = tuple[int, int]
"""Positions: after the one, up to the other."""

_CHUNK = 200
_FEW = 1_000
"""Of so many things that changed after a moment each is looked at; else all are, in order."""


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
        found = [kind(*values) for values in snapshot.connection.execute(question)]
        yield from found
        if len(found) < _CHUNK:
            return
        after = found[-1].seq  # type: ignore[attr-defined]


def in_state(
    snapshot: Snapshot,
    kind: type[R],
    changes: type[Row],
    status: str,
    between: Span,
    *,
    at_first: str,
) -> Iterator[R]:
    """Rows that may have had a status at the moment, in order, and few others.

    Those that have it now, and those that changed since; where many did, those that a change by
    then gave it, or that had it `at_first` and had not changed.
    """
    own, dated = schema().tables[kind], schema().tables[changes]
    recent = _changed_since(snapshot, dated)
    if recent is None:
        then = _given_then(snapshot, own, dated, status, at_first=at_first)
        return in_order(snapshot, kind, then, between=between)
    now = in_order(snapshot, kind, own.c.status == status, between=between)
    after, last = between
    others = [row for row in keyed(snapshot, kind, recent) if after < _seq(row) <= last]
    return merge(now, sorted((row for row in others if _status(row) != status), key=_seq), key=_seq)


def _given_then(
    snapshot: Snapshot, own: Table, dated: Table, status: str, *, at_first: str
) -> ColumnElement[bool]:
    """That a change by the moment gave a status, or that there was none and it was so at first."""
    key, changed = next(iter(own.c)), next(iter(dated.c))
    by_then = select(1).where(changed == key, *up_to(dated.c.day, dated.c.seq, snapshot.at))
    given = exists(by_then.where(dated.c.status == status))
    return or_(given, not_(exists(by_then))) if status == at_first else given


def keyed(snapshot: Snapshot, kind: type[R], keys: Sequence[str]) -> list[R]:
    """The rows with these keys, loaded together."""
    snapshot.rows.fetch((kind, (key,)) for key in keys)
    found = (snapshot.rows.get(kind, key) for key in keys)
    return [row for row in found if row is not None]


def _changed_since(snapshot: Snapshot, changes: Table) -> list[str] | None:
    """The keys of what changed after the moment; None where they are many.

    Nothing is recorded before the day on which it counts (a law), so that what counts later was
    recorded after the day's end.
    """
    at, seq = snapshot.at, changes.c.seq
    if at.is_now:
        return []
    later = [seq > at.seq] if at.seq is not None else []
    later += [changes.c.day > at.day] if at.day is not None else []
    known = [snapshot.position] if at.seq is not None else []
    known += [position_at(snapshot, at.day)] if at.day is not None else []
    key = next(iter(changes.c))
    question = select(key).where(seq > min(known), or_(*later)).distinct().limit(_FEW + 1)
    keys = list(snapshot.connection.scalars(question))
    return keys if len(keys) <= _FEW else None


def _seq(row: Any) -> int:
    seq: int = row.seq
    return seq


def _status(row: Any) -> str:
    status: str = row.status
    return status
