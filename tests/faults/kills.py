"""`kill -9` of writers, again and again, and the count of what it did to the ledger.

Each round forks a writer for every track (a stream and how far it was acknowledged), kills them at
random moments, looks at the ledger, sends the first command that was not acknowledged again, and
goes on from there. A ledger whose streams have come to their end must hold what an undisturbed
ledger holds; then a new one is begun.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.faults.nursery import Child, Nursery
from tests.faults.tally import Tally, Track, look

SOON = 0.05
"""Seconds within which a writer at work is killed."""

ENDS = (0, -signal.SIGKILL)
"""How a writer may end: its stream was at its end, or it was killed."""


@dataclass(frozen=True)
class Campaign:
    """How ledgers are attacked: how often, in batches of up to how many, and under which load.

    Under load a second stream is written into the same ledger at the same time, and its writers
    are killed too; a reader asks for everything, again and again.
    """

    kills: int
    batch: int = 1
    loaded: bool = False
    verify_every: int = 5
    seed: int = 1

    def run(self, nursery: Nursery, new_url: Callable[[], str]) -> Tally:
        """Kill writers until there were enough kills, on as many ledgers as it takes."""
        tally, random = Tally(), Random(self.seed)
        while tally.kills < self.kills:
            self._one_ledger(nursery, new_url(), tally, random)
        return tally

    def _one_ledger(self, nursery: Nursery, url: str, tally: Tally, random: Random) -> None:
        tracks = [Track("finance"), Track("desk")] if self.loaded else [Track("finance")]
        reader = nursery.fork("ask", url=url) if self.loaded else None
        rounds = 0
        while tally.kills < self.kills and (left := [track for track in tracks if not track.ended]):
            self._one_round(nursery, url, left, tally, random)
            rounds += 1
            look(url, tracks, tally, whole=rounds % self.verify_every == 0)
        for track in tracks:
            finish(nursery, url, track, tally)
        look(url, tracks, tally, whole=True)
        if reader is not None:
            reader.kill()
            tally.answers += len(reader.all("answer"))
            tally.wrong_answers += len(reader.all("wrong"))

    def _one_round(
        self, nursery: Nursery, url: str, tracks: list[Track], tally: Tally, random: Random
    ) -> None:
        """A writer a track, each killed at its moment, now and then before it sent anything."""
        doomed: list[tuple[float, Track, Child]] = []
        for track in tracks:
            batch = random.randint(2, self.batch) if self.batch > 1 else 1
            writer = nursery.fork(
                "write", url=url, stream=track.stream, first=track.done, batch=batch
            )
            doomed.append((random.uniform(0, SOON), track, writer))
        if random.random() < 0.9:
            for _, _, writer in doomed:
                writer.hear("sent")
        passed = 0.0
        for moment, track, writer in sorted(doomed, key=lambda one: one[0]):
            nursery.listen_for(moment - passed)
            passed = moment
            killed = writer.kill()
            tally.commands_sent += track.take_in(writer.said)
            tally.kills += killed
            tally.at_work += killed and bool(track.in_flight)
            tally.writers_failed += bool(writer.all("failed")) or writer.code not in ENDS


def killed_in_the_middle(
    nursery: Nursery, within: float, random: Random, job: str, **order: Any
) -> bool:
    """Begin a job and kill it within so many seconds; whether it had not ended by itself."""
    child = nursery.fork(job, **order)
    child.hear("begun")
    nursery.listen_for(random.uniform(0, within))
    return child.kill() and not child.all("finished")


def duration(nursery: Nursery, job: str, **order: Any) -> float:
    """How many seconds a job takes that nobody disturbs."""
    child = nursery.fork(job, **order)
    child.hear("begun")
    began = time.monotonic()
    child.hear("finished")
    took = time.monotonic() - began
    child.well()
    return took


def finish(nursery: Nursery, url: str, track: Track, tally: Tally) -> None:
    """Send what is left of a stream, undisturbed."""
    if not track.ended:
        writer = nursery.done("write", url=url, stream=track.stream, first=track.done, batch=25)
        tally.commands_sent += track.take_in(writer.said)
        assert track.ended, writer.said[-1]
