"""Lists, a page at a time: things in order, as they were at the moment, within a bounded time.

A page looks at candidates in order, at most `MOST` of them: where that does not fill it, it says
from where to go on, and is not `complete`. A cursor names its list, the position of its first page
and the last thing seen, so that pages do not shift while others record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Field

from ledger.errors import Misused
from projections.questions.asks import AtAMoment, Shape, reached
from projections.questions.lookup import as_first_given
from projections.questions.naming import with_names
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Moment, Snapshot

MOST = 10_000
"""Candidates that one page looks at."""

CHUNK = 200
"""Candidates whose facts are loaded together."""

Limit: TypeAlias = Annotated[int, Field(strict=True, ge=1, le=1_000)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the thing at a place, as of the position of its first page."""

    position: int
    after: str

    @classmethod
    def read(cls, name: str, cursor: str) -> Place:
        """The place that a cursor names; `Misused` for one that is none, or of another list."""
        listed, _, rest = cursor.partition(".")
        position, dot, after = rest.partition(".")
        if listed != name or not dot or not is_position(position):
            raise _no_place(name, cursor)
        return cls(int(position), after)

    def cursor(self, name: str) -> str:
        """The cursor of a list that goes on here."""
        return f"{name}.{self.position}.{self.after}"


def _no_place(name: str, cursor: str) -> Misused:
    return Misused("{cursor!r} is not where a list of {name} goes on", cursor=cursor, name=name)


_DIGITS = re.compile(r"\d{1,18}", re.ASCII)


def is_position(text: str) -> bool:
    """Whether a text is a position, and nothing else."""
    return _DIGITS.fullmatch(text) is not None


_NAMED = ("company", "programme", "grant")
"""Filters that name a thing: each as it was first given, and there is one."""


class Listed(AtAMoment):
    """A list: which things are candidates, in order, and what each was at the moment."""

    shape: ClassVar[Shape] = "page"
    name: ClassVar[str]
    """What is listed."""
    summed: ClassVar[tuple[str, ...]] = ()
    """Which fields of a row add up, in won."""

    limit: Limit = Field(100, description="at most so many rows, up to 1,000")
    after: str | None = Field(None, description="where the page before ended")

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot of what is named, as of the moment: of a later page, as of the first's."""
        pairs = ((name, getattr(self, name, None)) for name in _NAMED)
        given = {name: value for name, value in pairs if value is not None}
        turned = super().turned(snapshot.within(as_first_given(snapshot.rows, given)))
        if self.after is None:
            return turned
        position = reached(snapshot, Place.read(self.name, self.after).position)
        if self.at_seq not in (None, position):
            raise Misused(
                "{after!r} goes on as of position {position}, not {at_seq}",
                after=self.after,
                position=position,
                at_seq=self.at_seq,
            )
        return turned.turned(Moment(turned.at.day, position))

    def is_place(self, snapshot: Snapshot, after: str) -> bool:
        """Whether a page may have ended at a place."""
        return is_position(after) and int(after) <= snapshot.position

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Any]:
        """What may be listed, in order, after a place (`""`: from the first on)."""
        raise NotImplementedError

    def place_of(self, candidate: Any) -> str:
        """The place of a candidate in that order."""
        raise NotImplementedError

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Any]) -> list[Row | None]:
        """What each was at the moment; None for one that was not there, or is not meant."""
        raise NotImplementedError

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """A page of rows; `after` is where to go on, None at the end."""
        start = self._start(snapshot)
        rows: list[Row] = []
        last, more, looked = start, False, 0
        candidates = self.candidates(snapshot, start)
        many = min(self.limit + 1, CHUNK)  # most often all of them are meant
        while not more and (chunk := list(islice(candidates, many))):
            for candidate, row in zip(chunk, self.rows_of(snapshot, chunk), strict=True):
                if row is not None and len(rows) == self.limit:
                    more = True
                    break
                if row is not None:
                    rows.append(row)
                last = self.place_of(candidate)
            looked, many = looked + len(chunk), CHUNK
            if looked >= MOST:
                break
        unfinished = not more and looked >= MOST
        return {
            "rows": with_names(snapshot, rows),
            "after": (
                Place(snapshot.position, last).cursor(self.name) if more or unfinished else None
            ),
            "position": snapshot.position,
            "as_of": snapshot.day,
            "complete": not unfinished,
            "totals": None if more or unfinished or start else self._totals(rows),
        }

    def _start(self, snapshot: Snapshot) -> str:
        if self.after is None:
            return ""
        start = Place.read(self.name, self.after).after
        if not self.is_place(snapshot, start):
            raise _no_place(self.name, self.after)
        return start

    def _totals(self, rows: Sequence[Row]) -> dict[str, int]:
        sums = {name: sum(row[name] or 0 for row in rows) for name in self.summed}
        return {"count": len(rows), **sums}
