"""What faults did to a ledger, counted: what was lost, doubled, recorded in part.

What is found is held against what writers were told, what they had sent, and what a ledger holds
to which the same streams were sent undisturbed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from commands.execute import execute
from ledger.database.engine import Engine
from ledger.errors import Corrupt
from projections.replay.verify import verify
from tests.faults.ledgers import Event, opened, told_of, undisturbed
from tests.faults.stream import STREAMS

HARMLESS = ("commands_sent", "kills", "at_work", "recorded_unheard", "answers")


@dataclass
class Tally:
    """What was done to ledgers, and what came of it.

    `at_work` are the kills of writers that had sent commands and heard nothing of them yet;
    `recorded_unheard` are commands of theirs that were recorded all the same.
    """

    commands_sent: int = 0
    kills: int = 0
    at_work: int = 0
    recorded_unheard: int = 0
    answers: int = 0
    lost: int = 0
    duplicated: int = 0
    half_recorded: int = 0
    out_of_order: int = 0
    verify_failures: int = 0
    next_failed: int = 0
    writers_failed: int = 0
    wrong_answers: int = 0

    def add(self, other: Tally) -> None:
        """Add what another counted."""
        for name, number in asdict(other).items():
            setattr(self, name, getattr(self, name) + number)

    @property
    def harm(self) -> dict[str, int]:
        """What should not be: the counts that are not zero and ought to be."""
        return {name: n for name, n in asdict(self).items() if n and name not in HARMLESS}


@dataclass
class Track:
    """A stream that is being written: how far it was acknowledged, and what is in flight.

    `known` is how many of its events there were when it was last looked at: a command of which
    nothing was heard is sent again later, perhaps in another batch.
    """

    stream: str
    done: int = 0
    in_flight: tuple[int, ...] = ()
    statuses: list[str] = field(default_factory=list)
    known: int = 0

    def plain(self) -> dict[str, Any]:
        """The track as plain data, for a process that is to look at it."""
        return asdict(self)

    @property
    def ended(self) -> bool:
        """Whether all of it was acknowledged."""
        return self.done == len(STREAMS[self.stream]())

    def take_in(self, said: list[dict[str, Any]]) -> int:
        """Take in what a writer said until it ended; how many commands it had sent."""
        sent = 0
        self.in_flight = ()
        for line in said:
            if line["say"] == "sent":
                self.in_flight = tuple(range(line["first"], line["until"]))
                sent += len(self.in_flight)
            elif line["say"] == "acknowledged":
                assert line["first"] == self.done, (line, self.done)
                self.hear(*line["statuses"])
        return sent

    def hear(self, *statuses: str) -> None:
        """Take in what came of the next commands."""
        self.statuses += statuses
        self.done += len(statuses)
        self.in_flight = ()

    def send_next(self, engine: Engine) -> bool:
        """Send the first command that was not acknowledged; whether that ends as it should."""
        expected = undisturbed(self.stream).statuses[self.done]
        try:
            status = execute(engine, STREAMS[self.stream]()[self.done]).status
        except Exception:
            return False
        if status == expected or (status == "duplicate" and expected == "recorded"):
            self.hear(status)
            return True
        return False


def look(url: str, tracks: list[Track], tally: Tally, *, whole: bool) -> None:
    """Count what faults did; send each stream's next command; verify, if all is to be looked at."""
    with opened(url) as engine:
        for track in tracks:
            count(track, told_of(engine, track.stream), tally)
        for track in tracks:
            if not track.ended:
                tally.commands_sent += 1
                tally.next_failed += not track.send_next(engine)
        if whole:
            try:
                verify(engine)
            except Corrupt:
                tally.verify_failures += 1


def count(track: Track, found: list[Event], tally: Tally) -> None:
    """Count what is wrong with the events that were found of a stream."""
    whole = undisturbed(track.stream)
    recorded: dict[str, int] = {}
    for event in found:
        recorded[event["command_id"]] = recorded.get(event["command_id"], 0) + 1
    for name, events in recorded.items():
        expected = len(whole.events.get(name, ()))
        tally.half_recorded += events < expected
        tally.duplicated += events > expected
    for name, status in zip(whole.ids, track.statuses, strict=False):
        tally.lost += name in whole.events and name not in recorded
        tally.out_of_order += (status == "refused") != (name not in whole.events)
    known = {event["command_id"] for event in whole.order[: track.known]}
    in_flight = {whole.ids[place] for place in track.in_flight} & whole.events.keys()
    there = [name in recorded for name in in_flight - known]
    tally.half_recorded += any(there) and not all(there)  # a batch is recorded whole or not at all
    tally.recorded_unheard += sum(there)
    track.known = len(found)
    tally.out_of_order += found != whole.order[: len(found)]
    tally.lost += track.ended and len(found) < len(whole.order)
