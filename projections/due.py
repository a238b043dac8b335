"""What the turn of the year asks for: which years are due to open or to close, and what waits.

It is read from the log and nothing is remembered, so whoever asks is told the same. A clock can
lie, and a closing is hard to take back: what comes after a long silence, or is more than one year
at once, waits for a person to confirm it (contract, *The scheduler*).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from ledger.names import CATALOGUE, OWN_ACTORS, SCHEDULER
from ledger.seoul import day_of, first_day, year_of
from projections.books import Books
from projections.facts.years import FiscalYear

YearEnd: TypeAlias = Literal["open_year", "close_year"]

LONGEST_SILENCE_DAYS: dict[YearEnd, int] = {"open_year": 400, "close_year": 90}
"""The most days that what a person recorded last may lie back where a year opens, or closes, by
itself: so many are allowed, one more waits. Counted from its day in Seoul to today."""


class Waits:
    """Why something that is due waits for a person: a sentence's name, and what fills it in."""

    def __init__(self, wording: str, **facts: object) -> None:
        self.wording, self.facts = wording, facts


@dataclass(frozen=True, slots=True)
class Due:
    """A year that is due to open or to close; `waits` where not without a person."""

    command: YearEnd
    year: int
    waits: Waits | None = None

    @property
    def id(self) -> str:
        """The id of the command that does it, the same from every clock: it is done once."""
        return f"{self.command.replace('_', '-')}:{self.year}"


def due(
    years: Sequence[FiscalYear], newest_on: str | None, today: str, closing_after_days: int
) -> list[Due]:
    """Everything that is due on a day, in the order in which it can be recorded.

    Every missed year opens, one after another, up to the current one; where no year was ever
    opened, the current one alone. Then every open year closes whose days for late entries are
    over, counted from 1 January of the year after, but never one that a person reopened.

    `newest_on` is the day of what a person recorded last. One opening and one closing need no
    confirmation; what was left waiting beside them then waits on.
    """
    known = {year.year: year for year in years}
    this_year = year_of(today)
    opening = range(max(known, default=this_year - 1) + 1, this_year + 1)
    still_open = [year.year for year in years if year.status == "open" and not year.reopenings]
    closing = [
        year for year in sorted([*still_open, *opening]) if _closes(year, today, closing_after_days)
    ]
    to_open_was_left = bool(opening) and _opening_was_left(known, opening[0])
    to_close_was_left = bool(closing) and _closing_was_left(known, closing[0], closing_after_days)
    return [
        *_told("open_year", opening, to_open_was_left, newest_on, today),
        *_told("close_year", closing, to_close_was_left, newest_on, today),
    ]


def _closes(year: int, day: str, closing_after_days: int) -> bool:
    """Whether the days for late entries of a year are over on a day."""
    return year < year_of(day) and _days_between(first_day(year + 1), day) >= closing_after_days


def _opening_was_left(known: Mapping[int, FiscalYear], year: int) -> bool:
    """Whether it was due already when the scheduler opened the year before."""
    before = known.get(year - 1)
    return (
        before is not None and before.opened_by == SCHEDULER and before.opened_on >= first_day(year)
    )


def _closing_was_left(known: Mapping[int, FiscalYear], year: int, closing_after_days: int) -> bool:
    """Whether it was due already when the scheduler opened this year, or closed the one before."""
    own, before = known.get(year), known.get(year - 1)
    acted_on = [own.opened_on] if own and own.opened_by == SCHEDULER else []
    acted_on += [before.closed_on] if before and before.closed_by == SCHEDULER else []
    return own is None or any(_closes(year, day, closing_after_days) for day in acted_on)


def _told(
    command: YearEnd, years: Sequence[int], left: bool, newest_on: str | None, today: str
) -> Iterator[Due]:
    """What is due of one kind: the first by itself, unless it was left or comes after silence."""
    days, most = _days_between(newest_on or today, today), LONGEST_SILENCE_DAYS[command]
    for place, year in enumerate(years):
        waits = None
        if days > most:
            waits = Waits("waits-after-silence", newest=newest_on, days=days, most=most)
        elif place or left:
            waits = Waits("waits-its-turn")
        yield Due(command, year, waits)


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def last_recorded_on(books: Books) -> str | None:
    """The day in Seoul on which a person recorded last; of a new ledger that of its catalogue.

    None of an empty log. Goes back command by command, so that a closing is one step however much
    it recorded: it costs what the scheduler did since, and that is little.
    """
    of_catalogue = None
    seq = books.journal.next_seq - 1
    while seq:
        entry = books.entry(seq)
        day = day_of(datetime.fromisoformat(entry.recorded_at))
        if entry.actor not in OWN_ACTORS:
            return day
        if entry.actor == CATALOGUE:
            of_catalogue = of_catalogue or day
        recorded = books.recorded(entry.command_id)
        assert recorded is not None, f"no command recorded entry {seq}"
        seq = recorded.first - 1
    return of_catalogue
