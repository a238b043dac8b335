"""What has to be reached and what is aimed at, and one measured row of the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a figure: a ratio, milliseconds or megabytes."""

    what: str
    has_to: float
    aim: float
    at_least: bool = False
    unit: str = "×"

    def shown(self, figure: float) -> str:
        """A figure in the goal's unit."""
        return f"{figure:,.{0 if figure >= 100 else 1 if figure >= 10 else 2}f} {self.unit}"

    def verdict(self, figure: float) -> str:
        """Whether the figure reaches what it has to, or even what is aimed at."""
        if self._reached(figure, self.aim):
            return "aim reached"
        return "reached" if self._reached(figure, self.has_to) else "**no**"

    def _reached(self, figure: float, bound: float) -> bool:
        return figure >= bound if self.at_least else figure <= bound


@dataclass(frozen=True, slots=True)
class Row:
    """A figure on one engine; `cpu` is the same ratio in this process's time."""

    goal: Goal
    engine: str
    figure: float
    cpu: float | None
    ours: str
    theirs: str


ONE_THEIRS = Goal("one durable commit / `eventsourcing`, rate", 1.5, 3, at_least=True)
ONE_BARE = Goal("one durable commit / bare driver, rate", 0.333, 0.5, at_least=True)
BATCH_THEIRS = Goal("batches of 1,000 / `eventsourcing`, rate", 10, 20, at_least=True)
BATCH_BARE = Goal("batches of 1,000 / bare driver, rate", 0.4, 0.6, at_least=True)
GROWTH = Goal("one command on the big ledger / on one of 10,000, time", 1.2, 1.05)
COMPANY = Goal("balance of a company, {}", 20, 5, unit="ms")
PROGRAMME = Goal("balance of a programme and year, {}", 300, 50, unit="ms")
REBUILD = Goal("rebuild / reading and decoding the log, time", 6, 3)
VERIFY = Goal("verify / rebuild, time", 2.5, 1.5)
CLOSE = Goal("close_year / as many commands in batches, time", 1.5, 0.5)
MEMORY_GROWS = Goal("memory of {}, big ledger / a shorter one", 1.2, 1.1)
MEMORY = Goal("memory of {}", 500, 300, unit="MB")
ONE_SHOT = Goal("one-shot `grants disburse` / `grants --help`, time", 2.5, 1.5)
