"""Writers on PostgreSQL stopped (SIGSTOP) at random moments, the lock perhaps in their hand.

Somebody else sends a command meanwhile, which has to be recorded: who hangs is ended. Then the
stopped one is killed, and the next goes on from the first command that was not acknowledged.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from ledger.database import postgresql
from ledger.database.engine import Engine
from projections.opening import open_ledger
from tests.faults.kills import SOON, finish
from tests.faults.nursery import Nursery
from tests.faults.tally import Tally, Track, look

SILENCE = 3.0
"""Seconds after which a writer that is silent is ended; five minutes in an office."""


@dataclass(frozen=True)
class Stopping:
    """How often writers are stopped, in batches of up to how many commands."""

    stops: int
    batch: int = 1
    seed: int = 1
    verify_every: int = 5

    def run(self, nursery: Nursery, new_url: Callable[[], str]) -> Tally:
        """Stop writers so often, on as many ledgers as it takes; `kills` are the stops."""
        tally, random = Tally(), Random(self.seed)
        while tally.kills < self.stops:
            url, stopped, other = new_url(), Track("finance"), Track("desk")
            while tally.kills < self.stops and not (stopped.ended or other.ended):
                self._one_round(nursery, url, stopped, other, tally, random)
            for track in (stopped, other):
                finish(nursery, url, track, tally)
            look(url, [stopped, other], tally, whole=True)
        return tally

    def _one_round(
        self,
        nursery: Nursery,
        url: str,
        stopped: Track,
        other: Track,
        tally: Tally,
        random: Random,
    ) -> None:
        batch = random.randint(2, self.batch) if self.batch > 1 else 1
        order = {"url": url, "stream": stopped.stream, "first": stopped.done, "batch": batch}
        writer = nursery.fork("write", **order, under={"silence": SILENCE})
        writer.hear("sent")
        nursery.listen_for(random.uniform(0, SOON))
        writer.signal(signal.SIGSTOP)
        tally.kills += 1
        with _impatient(url) as engine:
            tally.next_failed += not other.send_next(engine)
        writer.kill()
        tally.commands_sent += 1 + stopped.take_in(writer.said)
        tally.at_work += bool(stopped.in_flight)
        look(url, [stopped, other], tally, whole=tally.kills % self.verify_every == 0)


@contextmanager
def _impatient(url: str) -> Iterator[Engine]:
    """Who waits somewhat longer than a writer may be silent, and then ends it."""
    usual, postgresql.LONGEST_SILENCE_SECONDS = postgresql.LONGEST_SILENCE_SECONDS, SILENCE
    engine = open_ledger(url, wait_seconds=2 * SILENCE)
    try:
        yield engine
    finally:
        engine.dispose()
        postgresql.LONGEST_SILENCE_SECONDS = usual
