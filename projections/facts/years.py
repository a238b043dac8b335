"""Fiscal years: opened, closed, reopened, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import YearClosed, YearOpened, YearReopened
from projections.rows import Row, Rows


@dataclass(slots=True)
class FiscalYear(Row):
    """A fiscal year; `closing` is the position of the last `year-closed`, 0 before the first."""

    table: ClassVar[str] = "years"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    calendar: str
    year: int
    status: str
    opened_on: str
    opened_by: str
    closed_on: str = ""
    closed_by: str = ""
    closing: int = 0
    reopenings: int = 0

    @property
    def was_closed(self) -> bool:
        """Whether its books were ever closed, though they may be open again."""
        return self.closing > 0


CALENDAR = "seoul"
"""The one group that all years are in: they are few, and looked at together."""


def opened(entry: Entry, event: YearOpened, rows: Rows) -> None:
    """A year begins."""
    rows.add(FiscalYear(CALENDAR, event.year, "open", entry.effective_on, entry.actor))


def closed(entry: Entry, event: YearClosed, rows: Rows) -> None:
    """Its books close."""
    year = rows.change(FiscalYear, CALENDAR, event.year)
    year.status, year.closed_on = "closed", entry.effective_on
    year.closed_by, year.closing = entry.actor, entry.seq


def reopened(entry: Entry, event: YearReopened, rows: Rows) -> None:
    """Its books open again."""
    year = rows.change(FiscalYear, CALENDAR, event.year)
    year.status, year.closed_on, year.closed_by = "open", "", ""
    year.reopenings += 1
