"""What questions have in common: the moment that is asked about, and what is filtered by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from ledger import log
from ledger.errors import Misused
from ledger.seoul import Day, Year, begun, instant_asked
from projections.questions.lookup import as_first_given
from projections.questions.snapshot import Moment, Snapshot

Position: TypeAlias = Annotated[int, Field(strict=True, ge=0)]
"""A position of the log; 0 is before the first event."""

Shape: TypeAlias = Literal["rows", "page", "lists", "thing", "history", "log"]
"""What an answer is: rows of a table, a page of a list, several lists, one thing, events with what
they moved, or raw events. The last two are told as they come."""


class Question(BaseModel):
    """What may be asked, and how it is answered: as plain data, the same through every door."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    shape: ClassVar[Shape] = "rows"
    empty: ClassVar[str] = "no-rows"
    """Which sentence tells people that an answer has no rows."""

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as of the moment, and within the filter, that are asked about."""
        return snapshot

    def answer(self, snapshot: Snapshot) -> Any:
        """The answer of a snapshot that was turned. `NotFound` for what is not in the ledger."""
        raise NotImplementedError


class AtAMoment(Question):
    """A question about a moment: a day, a position, or both; now if nothing is said."""

    as_of: Day | None = Field(None, description="as of the end of a day, YYYY-MM-DD")
    at_seq: Position | None = Field(None, description="as known at a position of the log")
    known_at: str | None = Field(
        None, description="as known at an instant, Seoul time if no zone; a day means its end"
    )

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as of the moment; `Misused` where the log does not reach that far."""
        seq = self.at_seq
        if self.known_at is not None:
            if seq is not None:
                raise Misused("name the position by its number or by an instant, not by both")
            seq = position_at(snapshot, self.known_at)
        return super().turned(snapshot).turned(Moment(self.as_of, reached(snapshot, seq)))


class Filtered(Question):
    """A question about a company, a programme, a year, a grant, a case, or several of them."""

    company: str | None = Field(None, description="business number")
    programme: str | None = Field(None, description="programme of the catalogue")
    year: Year | None = Field(None, description="fiscal year")
    grant: str | None = Field(None, description="id of a grant")
    case: str | None = Field(None, description="case, typed in any way")

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot within the filter; `NotFound` where it names what is not in the ledger."""
        pairs = ((name, getattr(self, name)) for name in Filtered.model_fields)
        given = {name: value for name, value in pairs if value is not None}
        return super().turned(snapshot.within(as_first_given(snapshot.rows, given)))


def reached(snapshot: Snapshot, seq: int | None) -> int | None:
    """A position that the log reaches; `Misused` for one beyond."""
    if seq is not None and not 0 <= seq <= snapshot.head.size:
        raise Misused(
            "the log has positions 0 to {size}, not {position}",
            size=snapshot.head.size,
            position=seq,
        )
    return seq


def position_at(snapshot: Snapshot, instant: str) -> int:
    """The last position recorded by an instant, or by the end of a day in Seoul."""
    return log.position_at(snapshot.driver, _read(instant_asked, instant))


def position_before(snapshot: Snapshot, instant: str) -> int:
    """The last position recorded before an instant, or before a day begins in Seoul."""
    return log.position_at(snapshot.driver, _read(begun, instant) - timedelta(microseconds=1))


def _read(meaning: Callable[[str], datetime], text: str) -> datetime:
    try:
        return meaning(text.strip())
    except (ValueError, OverflowError):
        raise Misused(
            "{text!r} is neither an instant, such as 2026-12-31T23:59:59, nor a day", text=text
        ) from None
