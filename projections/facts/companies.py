"""Companies, universities and institutes: who they are; name, size and exclusion by day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import (
    CompanyExcluded,
    CompanyReadmitted,
    CompanyReclassified,
    CompanyRegistered,
    CompanyRenamed,
)
from ledger.names import id_key
from projections.rows import Row, Rows


@dataclass(slots=True)
class Company(Row):
    """A registered party as it was registered; `size` is `""` where it has none."""

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
class NameFrom(Row):
    """A party's name, its Mini Cluster, or both, from a day on; `""` where one stays as it was."""

    table: ClassVar[str] = "names"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    business_number: str
    seq: int
    day: str
    name: str
    mini_cluster: str


@dataclass(slots=True)
class NameEnding(Row):
    """How a name ends that a party has or had, from any of its letters on; `whole` is 1 for all.

    Names are compared under NFKC and letter case. A part of a name begins one of its endings.
    """

    table: ClassVar[str] = "name_endings"
    key: ClassVar[int] = 4
    group: ClassVar[int] = 1

    whole: int
    ending: str
    business_number: str
    seq: int


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


def exclusions_on(day: str, rows: Collection[ExclusionFrom]) -> list[ExclusionFrom]:
    """Of a company's exclusions and readmissions, the exclusions that hold on a day.

    They add up. A readmission ends those dated before it, and those of its own day that were
    recorded before it (contract, *As of a day*).
    """
    if not rows:
        return []
    so_far = [row for row in rows if row.day <= day]
    readmitted = max(((row.day, row.seq) for row in so_far if not row.until), default=("", 0))
    return [row for row in so_far if row.until >= day and (row.day, row.seq) > readmitted]


def excluded_until(day: str, rows: Collection[ExclusionFrom]) -> str | None:
    """The last day of the exclusions that hold on a day, or None where there are none."""
    found = exclusions_on(day, rows)
    return max(row.until for row in found) if found else None


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
    _called(entry, event.business_number, event.name, rows)


def _called(entry: Entry, number: str, name: str, rows: Rows) -> None:
    key = id_key(name)
    for place in range(len(key)):
        rows.append(NameEnding(int(place == 0), key[place:], number, entry.seq))


def reclassified(entry: Entry, event: CompanyReclassified, rows: Rows) -> None:
    """Its size changes from a day on."""
    rows.add(SizeFrom(event.business_number, entry.seq, entry.effective_on, event.size))


def renamed(entry: Entry, event: CompanyRenamed, rows: Rows) -> None:
    """It is called otherwise from a day on, or belongs to another Mini Cluster."""
    rows.add(
        NameFrom(
            event.business_number,
            entry.seq,
            entry.effective_on,
            event.name or "",
            event.mini_cluster or "",
        )
    )
    _called(entry, event.business_number, event.name or "", rows)


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
