"""Which command recorded which events, so that the same command twice records once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import CostsClaimed, GrantApplied
from projections.rows import Row, Rows


@dataclass(slots=True)
class Recorded(Row):
    """The first and last position that a command recorded, and what it was."""

    table: ClassVar[str] = "commands"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    command_id: str
    digest: str
    first: int
    last: int
    made_kind: str = ""
    made: str = ""


def recorded(entry: Entry, rows: Rows) -> None:
    """Every event belongs to a command."""
    if rows.get(Recorded, entry.command_id) is not None:
        rows.change(Recorded, entry.command_id).last = entry.seq
        return
    made_kind, made = _made(entry)
    rows.add(
        Recorded(entry.command_id, entry.command_digest, entry.seq, entry.seq, made_kind, made)
    )


def _made(entry: Entry) -> tuple[str, str]:
    if isinstance(entry.event, GrantApplied):
        return "grant", entry.event.grant
    if isinstance(entry.event, CostsClaimed):
        return "claim", entry.event.claim
    return "", ""
