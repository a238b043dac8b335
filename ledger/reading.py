"""Reading the log: which events are asked for, streamed in constant memory."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Connection, select

from ledger.database import tables


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for; positions are exclusive below and inclusive above.

    `subjects` are named, or are a question to the same database that finds them.
    """

    after: int = 0
    up_to: int | None = None
    kind: str | None = None
    subjects: tuple[str, ...] | CompoundSelect[Any] | None = None
    limit: int | None = None


def read(
    connection: Connection, wanted: Wanted | None = None
) -> Generator[tuple[str, str], None, None]:
    """Stream `(envelope, leaf hash)` in order of position, in constant memory."""
    wanted = wanted or Wanted()
    columns = tables.events.c
    question = (
        select(columns.envelope, columns.leaf_hash)
        .where(columns.seq > wanted.after)
        .order_by(columns.seq)
    )
    if wanted.up_to is not None:
        question = question.where(columns.seq <= wanted.up_to)
    if wanted.kind is not None:
        question = question.where(columns.kind == wanted.kind)
    if wanted.subjects is not None:
        question = question.where(columns.subject.in_(wanted.subjects))
    if wanted.limit is not None:
        question = question.limit(wanted.limit)
    with connection.execute(question, execution_options={"yield_per": 1000}) as result:
        for row in result:
            yield row.envelope, row.leaf_hash
