"""`replay`: the events one after another, each with the balance after it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import ClassVar

from pydantic import Field

from ledger.errors import Misused
from ledger.events import BUCKETS
from ledger.reading import Wanted
from ledger.seoul import Day
from projections.balances import Balance
from projections.questions.asks import Filtered, Position, Shape
from projections.questions.concerned import concerned, told_flow
from projections.questions.roll_ups import WHOLE, Row
from projections.questions.snapshot import Snapshot

HELD = (*BUCKETS, "interest", "budget")

_OF_BUDGETS = ("available", "budget")
"""What a programme's year holds as a whole, and no part of it."""


class Replay(Filtered):
    """The events one after another with the balance after each."""

    shape: ClassVar[Shape] = "history"

    from_: Day | None = Field(None, alias="from", description="first day, YYYY-MM-DD")
    to: Day | None = Field(None, description="last day, YYYY-MM-DD")
    from_seq: Position | None = Field(None, description="first position")
    to_seq: Position | None = Field(None, description="last position")

    def answer(self, snapshot: Snapshot) -> Generator[Row, None, None]:
        """The events that the filter concerns, in order of position.

        `moved` are the event's own flows within the filter; `balance` adds up all of them so far,
        in won, the events before the span included. `Misused` where it ends before it begins.
        """
        self._check_span()
        whole = snapshot.given.keys() <= WHOLE["programme"]
        running = Balance("programme" if whole else "line", "", "", "", 0, "")
        with closing(concerned(snapshot, Wanted(up_to=self.to_seq))) as found:
            for entry, _, _, moved in found:
                for flow in moved:
                    running.move(flow.source, flow.target, flow.won)
                if self._shows(entry.effective_on, entry.seq):
                    yield {
                        "seq": entry.seq,
                        "kind": entry.kind,
                        "recorded_at": entry.recorded_at,
                        "effective_on": entry.effective_on,
                        "actor": entry.actor,
                        "command_id": entry.command_id,
                        "subject": entry.event.subject,
                        "moved": [told_flow(flow) for flow in moved],
                        "balance": _held(running, whole=whole),
                    }

    def _check_span(self) -> None:
        if self.from_seq is not None and self.to_seq is not None and self.from_seq > self.to_seq:
            raise Misused(
                "position {from_seq} comes after position {to_seq}",
                from_seq=self.from_seq,
                to_seq=self.to_seq,
            )
        if self.from_ and self.to and self.from_ > self.to:
            raise Misused("{begin} comes after {end}", begin=self.from_, end=self.to)

    def _shows(self, day: str, seq: int) -> bool:
        return (
            (self.from_seq is None or seq >= self.from_seq)
            and (self.from_ is None or day >= self.from_)
            and (self.to is None or day <= self.to)
        )


def _held(running: Balance, *, whole: bool) -> dict[str, int | None]:
    return {
        name: getattr(running, name) if whole or name not in _OF_BUDGETS else None for name in HELD
    }
