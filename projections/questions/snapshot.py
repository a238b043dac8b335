"""A snapshot: one reading transaction, turned to a moment. It is all that a question looks at."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from sqlalchemy import Connection

from ledger import log, reading, seoul
from ledger.database.driver import Driver, driver_of
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.log import Head
from projections.books import Books
from projections.facts.grants import Grant
from projections.rows import R, Row
from projections.storage.stored_rows import StoredRows

LATE_DAYS = 60
"""Days of a new year in which late entries are taken, unless a setting says otherwise.

Sixty days cover January and February in every year: time for the last invoices and reports of a
subsidised year. A year closes on the day after them: 2 March, or 1 March in a leap year.
"""

Value: TypeAlias = str | int | tuple[str, ...] | tuple[int, ...]
"""What is meant, or several of it; each name as it was first given."""

Given: TypeAlias = Mapping[str, Value]
"""What is filtered by."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day and as known at which position; None for now."""

    day: str | None = None
    seq: int | None = None

    @property
    def is_now(self) -> bool:
        """Whether everything recorded counts."""
        return self.day is None and self.seq is None

    def holds(self, day: str, seq: int) -> bool:
        """Whether what counts on a day and was recorded at a position is part of it."""
        return (self.day is None or day <= self.day) and (self.seq is None or seq <= self.seq)


@dataclass(frozen=True)
class Snapshot:
    """What one transaction sees of a ledger, as of a moment, within a filter.

    Everything read through it is of one state of the log, however long it takes.
    """

    connection: Connection
    head: Head
    today: str
    """The day in Seoul on which it was taken."""
    late_days: int = LATE_DAYS
    """Days of a new year in which late entries for the old one are taken."""
    at: Moment = Moment()
    given: Given = field(default_factory=dict)

    def turned(self, at: Moment) -> Snapshot:
        """The same, as of another moment."""
        return replace(self, at=at)

    def within(self, given: Given) -> Snapshot:
        """The same, of other things."""
        return replace(self, given=given)

    @property
    def day(self) -> str:
        """The day that is asked about."""
        return self.at.day or self.today

    @property
    def position(self) -> int:
        """The position up to which events are known."""
        return self.head.size if self.at.seq is None else self.at.seq

    @cached_property
    def driver(self) -> Driver:
        """The driver's connection, in the same transaction."""
        return driver_of(self.connection)

    @cached_property
    def rows(self) -> StoredRows:
        """The rows as they are now, whatever the moment."""
        return StoredRows(self.driver)

    @cached_property
    def books_now(self) -> Books:
        """The books over the rows as they are now."""
        return Books(self.rows, log.Reader(self.driver, self.head), self.today)

    def grant(self, name: str) -> Grant | None:
        """A grant as it is now, by its name."""
        return self.books_now.grant(name)

    @cached_property
    def known(self) -> KnownRows:
        """Companies, programmes and dated facts, as they were known at the position."""
        return KnownRows(self.driver, self.at.seq)

    @cached_property
    def books(self) -> Books:
        """The books over what was known."""
        return Books(self.known, log.Reader(self.driver, self.head), self.today)

    def entries(self, subjects: Any) -> Iterator[Entry]:
        """The entries about subjects, as far as they were known; whatever their day."""
        for envelope, _ in self.read(reading.Wanted(subjects=subjects, up_to=self.at.seq)):
            yield Entry.from_envelope(envelope)

    def read(self, wanted: reading.Wanted) -> Generator[tuple[str, str], None, None]:
        """Envelopes and leaf hashes in order of position, in constant memory."""
        return reading.read(self.connection, wanted)


class KnownRows(StoredRows):
    """Facts as they were known at a position of the log, or now where that is None.

    Right for kinds of rows that are only ever added, with their position as `seq`: companies,
    programmes, and whatever holds from a day on.
    """

    def __init__(self, driver: Driver, at_seq: int | None) -> None:
        super().__init__(driver)
        self._at_seq = at_seq

    def _made(self, kind: type[R], answer: Iterable[tuple[Any, ...]]) -> Iterable[R]:
        rows, at_seq = super()._made(kind, answer), self._at_seq
        return rows if at_seq is None else [row for row in rows if _position(row) <= at_seq]


def _position(row: Row) -> int:
    seq: int = row.seq  # type: ignore[attr-defined]
    return seq


@contextmanager
def taken(engine: Engine, late_days: int = LATE_DAYS) -> Iterator[Snapshot]:
    """A snapshot of a ledger as it is now."""
    with log.reading(engine) as connection:
        today = seoul.day_of(log.now())
        yield Snapshot(connection, log.read_head(connection), today, late_days)
