"""Which command recorded which events, so that the same command twice records once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from projections.rows import Row, Rows


@dataclass(slots=True)
class Recorded(Row):
    """The first and last position that a command recorded."""

    table: ClassVar[str] = "commands"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    command_id: str
    first: int
    last: int


def recorded(entry: Entry, rows: Rows) -> None:
    """Every event belongs to a command."""
    if rows.get(Recorded, entry.command_id) is None:
        rows.add(Recorded(entry.command_id, entry.seq, entry.seq))
    else:
        rows.change(Recorded, entry.command_id).last = entry.seq
