"""Which command recorded which events, so that the same command twice records once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.errors import Corrupt
from projections.rows import Row, Rows


@dataclass(slots=True)
class Recorded(Row):
    """The first and last position that a command recorded."""

    table: ClassVar[str] = "commands"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    command_id: str
    first: int = 0
    last: int = 0


def recorded(entry: Entry, rows: Rows) -> None:
    """Every event belongs to a command; its events stand together, and it comes once."""
    command = rows.put(Recorded, entry.command_id)
    if command.last not in (0, entry.seq - 1):
        raise Corrupt(
            "command {command_id} was recorded before, at {first}",
            command_id=entry.command_id,
            first=command.first,
        )
    command.first = command.first or entry.seq
    command.last = entry.seq
