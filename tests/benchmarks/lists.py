"""Lists and worklists on two ledgers, in turns: `python -m tests.benchmarks.lists URL URL`.

A page of twenty rows of each list, the worklist and `find`, now and in the middle of the log: as of
its day, at its position, and both. Every question is asked of the one and of the other, again and
again; what decides is the ratio of the medians. How long a worklist takes hangs on how much waits:
how many lines of grants do on each ledger stands beside.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from ledger.database.engine import Engine
from projections.opening import open_ledger
from projections.questions.snapshot import taken
from projections.questions.table import QUESTIONS, answered
from projections.questions.waiting import waiting

TURNS = 25

STATUSES = {
    "grants": (None, "applied", "approved", "settled", "rejected"),
    "claims": (None, "undecided", "accepted"),
    "companies": (None, "excluded"),
    "payments": (None,),
    "cases": (None,),
}
"""The lists, and by which status they are asked."""

TEXTS = ("기업 1", "업 10", "G2006-1", "201-8")
"""What is looked for: the beginning of a name and of a number, a part of a name, an id."""


def questions(engine: Engine) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What is asked of a ledger: its name in the table, the question, and its values."""
    for when, moment in _moments(engine).items():
        for name, statuses in STATUSES.items():
            for status in statuses:
                given = {"status": status} if status else {}
                told = f"list {name}{f' --status {status}' if status else ''}"
                yield f"{told}{when}", name, {"limit": 20, **given, **moment}
        yield f"work{when}", "work", moment
    for text in TEXTS:
        yield f"find {text}", "find", {"text": text}


def _moments(engine: Engine) -> dict[str, dict[str, Any]]:
    with taken(engine) as snapshot:
        seq = snapshot.head.size // 2
        ((day,),) = snapshot.driver.ask(f"SELECT effective_on FROM events WHERE seq = {seq}")
    position = {"at_seq": seq}
    return {
        "": {},
        ", as of a day": {"as_of": day},
        ", at a position": position,
        ", both": {"as_of": day, **position},
    }


def _lines(engine: Engine, moment: dict[str, Any]) -> int:
    """How many lines of grants wait for something at a moment."""
    question = QUESTIONS["work"].read(moment)
    with taken(engine) as snapshot:
        return len(waiting(question.turned(snapshot)))


def asked(engine: Engine, name: str, values: dict[str, Any]) -> tuple[float, int]:
    """Seconds that an answer took, and how many rows it has, or lines that wait there are."""
    question = QUESTIONS[name].read(values)
    begun = time.perf_counter()
    with taken(engine) as snapshot:
        answer = answered(snapshot, question)
    seconds = time.perf_counter() - begun
    return seconds, _lines(engine, values) if name == "work" else len(answer["rows"])


def main(small: str, big: str) -> None:
    """Print a line for each question."""
    engines = open_ledger(small), open_ledger(big)
    print("| question | small, ms | big, ms | times | rows, or lines that wait |")
    print("|---|---:|---:|---:|---:|")
    for pair in zip(*map(questions, engines), strict=True):
        times: tuple[list[float], ...] = [], []
        told = [0, 0]
        for _ in range(TURNS):
            for place, (engine, (_, name, values)) in enumerate(zip(engines, pair, strict=True)):
                seconds, told[place] = asked(engine, name, values)
                times[place].append(seconds * 1_000)
        ours, theirs = map(median, times)
        many = "" if told[0] == told[1] else f"{told[0]:,} and {told[1]:,}"
        row = f"{pair[0][0]} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} | {many}"
        print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
