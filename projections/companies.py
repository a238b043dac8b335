"""Companies, universities and institutes: who they are, and their size and exclusion by day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import (
    CompanyExcluded,
    CompanyReadmitted,
    CompanyReclassified,
    CompanyRegistered,
)
from projections.rows import Row, Rows


@dataclass(slots=True)
class Company(Row):
    """A registered party; `size` is the one at registration, `""` where it has none."""

    table: ClassVar[str] = "companies"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    business_number: str
    name: str
    party_type: str
    size: str
    mini_cluster: str
    seq: int


@dataclass(slots=True)
class SizeFrom(Row):
    """A company's size from a day on."""

    table: ClassVar[str] = "sizes"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    business_number: str
    seq: int
    day: str
    size: str


@dataclass(slots=True)
class ExclusionFrom(Row):
    """An exclusion from a day on, until its last day; readmitted where `until` is `""`."""

    table: ClassVar[str] = "exclusions"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    business_number: str
    seq: int
    day: str
    until: str
    reason: str


def registered(entry: Entry, event: CompanyRegistered, rows: Rows) -> None:
    """A party enters the register."""
    rows.add(
        Company(
            event.business_number,
            event.name,
            event.party_type,
            event.size or "",
            event.mini_cluster or "",
            entry.seq,
        )
    )


def reclassified(entry: Entry, event: CompanyReclassified, rows: Rows) -> None:
    """Its size changes from a day on."""
    rows.add(SizeFrom(event.business_number, entry.seq, entry.effective_on, event.size))


def excluded(entry: Entry, event: CompanyExcluded, rows: Rows) -> None:
    """It may not take part for a while."""
    rows.add(
        ExclusionFrom(
            event.business_number, entry.seq, entry.effective_on, event.until, event.reason
        )
    )


def readmitted(entry: Entry, event: CompanyReadmitted, rows: Rows) -> None:
    """It may take part again."""
    rows.add(ExclusionFrom(event.business_number, entry.seq, entry.effective_on, "", event.reason))
