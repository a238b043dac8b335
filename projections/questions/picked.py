"""What lists are picked by: companies, people, names, and when something was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field
from sqlalchemy import select

from ledger.database import tables
from ledger.names import id_key
from ledger.seoul import Day
from projections.questions.asks import Question, position_at, position_before
from projections.questions.in_order import Span
from projections.questions.roll_ups import up_to
from projections.questions.snapshot import Snapshot


class ByDay(Question):
    """A list of what happened on a day: from one to another, and when it was recorded."""

    from_: Day | None = Field(None, alias="from", description="first day, YYYY-MM-DD")
    to: Day | None = Field(None, description="last day, YYYY-MM-DD")
    recorded_from: str | None = Field(
        None, description="recorded from a day or an instant on, Seoul time"
    )
    recorded_to: str | None = Field(
        None, description="recorded by the end of a day, or by an instant"
    )

    def span(self, snapshot: Snapshot, after: str) -> Span:
        """The positions that are meant, of those after a place.

        Nothing is recorded before the day on which it counts: that is a law.
        """
        begun = (self.from_, self.recorded_from)
        before = (position_before(snapshot, day) for day in begun if day is not None)
        last = snapshot.position
        if self.recorded_to is not None:
            last = min(last, position_at(snapshot, self.recorded_to))
        return max(int(after or 0), *before, 0), last

    def is_within(self, day: str) -> bool:
        """Whether a day is one of those that are meant."""
        return (self.from_ is None or day >= self.from_) and (self.to is None or day <= self.to)


def is_part(part: str | None, *texts: str) -> bool:
    """Whether a part is found in one of the texts, letter case and width left aside."""
    return part is None or any(id_key(part) in id_key(text) for text in texts)


def people_of(snapshot: Snapshot, subjects: Iterable[str]) -> Mapping[str, set[str]]:
    """Who had recorded anything about subjects by the moment, as people are compared."""
    events = tables.events.c
    found: dict[str, set[str]] = defaultdict(set)
    question = select(events.subject, events.actor).where(
        events.subject.in_(list(subjects)),
        *up_to(events.effective_on, events.seq, snapshot.at),
    )
    for subject, actor in snapshot.connection.execute(question):
        found[subject].add(id_key(actor))
    return found


def recorded_by(snapshot: Snapshot, seqs: Iterable[int]) -> Mapping[int, Any]:
    """Of events their day, actor and instant, by position."""
    events = tables.events.c
    question = select(events.seq, events.effective_on, events.actor, events.recorded_at).where(
        events.seq.in_(list(seqs))
    )
    return {row.seq: row for row in snapshot.connection.execute(question)}
