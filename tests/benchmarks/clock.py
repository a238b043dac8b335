"""Measuring in turns: ours, theirs, ours, theirs, so that a machine that slows down slows both.

What decides is wall time, since waiting for the disk and the server is part of a durable commit;
the ratio is the median over the rounds of the ratio within each round. The processor time of this
process stands beside it: where the two ratios differ much on SQLite, the machine was busy.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median


@dataclass(slots=True)
class Times:
    """Seconds of each round."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median wall time."""
        return median(self.wall)

    def over(self, other: Times) -> tuple[float, float]:
        """How many times longer than the other: wall and processor, medians of the rounds."""
        return (
            median(a / b for a, b in zip(self.wall, other.wall, strict=True)),
            median(a / max(b, 1e-9) for a, b in zip(self.cpu, other.cpu, strict=True)),
        )


def in_turns(
    rounds: int, jobs: dict[str, Callable[[], object]], *, warm: int = 1
) -> dict[str, Times]:
    """Do the jobs in turn, so many rounds; the order turns round each time."""
    times = {name: Times() for name in jobs}
    for turn in range(rounds + warm):
        names = list(jobs) if turn % 2 else list(reversed(jobs))
        for name in names:
            gc.collect()
            cpu, wall = time.process_time(), time.perf_counter()
            jobs[name]()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if turn >= warm:
                times[name].wall.append(wall)
                times[name].cpu.append(cpu)
    return times
