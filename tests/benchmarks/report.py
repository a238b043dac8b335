"""The tables, and their place in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.benchmarks.goals import Row

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADING = "## Beside yardsticks"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Disk:
    """Where it was measured: the folder, and seconds that a flush to its disk takes."""

    folder: str
    flush_s: float


HEAD = (
    "| what | measured | processor | has to | aim | | ours | the other | events | on |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row, size: int) -> str:
    """A row of a table; `size` is the number of events of the big ledger."""
    goal = row.goal
    sign = "≥" if goal.at_least else "≤"
    cpu = "" if row.cpu is None else goal.shown(row.cpu)
    has_to, aim = f"{sign} {goal.has_to:g} {goal.unit}", f"{sign} {goal.aim:g} {goal.unit}"
    return (
        f"| {goal.what} | {goal.shown(row.figure)} | {cpu} | {has_to} | {aim} "
        f"| {goal.verdict(row.figure)} | {row.ours} | {row.theirs} "
        f"| {size:,} | {date.today():%-d %b %Y} |"
    )


def tables(rows: Iterable[Row], disk: Disk, size: int, before: str = "") -> str:
    """A table for each engine, with the rows of the tables before that are not measured anew."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    free = shutil.disk_usage(disk.folder).free / 2**30
    parts = [
        f"Last measured on {date.today():%-d %B %Y} on {os.cpu_count()} shared cores "
        f"({_processor()}, {memory:.0f} GB), {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}. One flush to the disk "
        f"takes {1000 * disk.flush_s:.2f} ms (median of 200 `fsync`; {free:.0f} GB free). Each row "
        "says how many events the big ledger had, and when it was measured; the small ledger has "
        "10,000.",
    ]
    lines = _lines(before)
    for row in rows:
        lines[row.engine][row.goal.what] = line(row, size)
    for engine, name in NAMES.items():
        if lines[engine]:
            parts += [f"### {name}", "\n".join([HEAD, *lines[engine].values()])]
    return "\n\n".join(parts) + "\n"


def _lines(said: str) -> dict[str, dict[str, str]]:
    """The rows of the tables in a text, by their engine and what they are about."""
    found: dict[str, dict[str, str]] = {}
    for engine, name in NAMES.items():
        table = said.partition(f"### {name}\n\n{HEAD}\n")[2].partition("\n\n")[0]
        found[engine] = {one.split(" | ")[0].lstrip("| "): one for one in table.splitlines()}
    return found


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    found = (one.partition(":")[2].strip() for one in told if one.startswith("model name"))
    return next(found, platform.machine())


EXPLAINED = """\
`python -m tests.benchmarks --size 100000 --write` measures all of this and puts it here, with
`--only` some of it. Every job is done in turns with its yardstick (ours, theirs, ours, theirs),
and the figure that decides is the median over the rounds of the ratio of wall times, since waiting
for the disk is part of a commit. Beside it stands the same ratio of this process's processor time,
which leaves out a PostgreSQL server: where the two differ much on SQLite, the machine was busy.

- **`eventsourcing`** is 9.5.6 on its own recorders, as durable as ours (WAL and
  `synchronous=FULL`; `fsync` and `synchronous_commit`): aggregates for the grant, the company's
  year and the programme's year, those that a command changes saved in one `save(...)`. It checks
  the ceiling, the budget and the award, and nothing else. Its cache is on and never looks whether
  somebody else wrote (`AGGREGATE_CACHE_FASTFORWARD=n`). It starts empty, ours with 10,000 events.
- **The bare driver** writes the very rows that ours wrote, caught by triggers, in the same
  transactions: no reading, no rules, no hashing.
- **Reading and decoding** is the bare driver's `SELECT envelope` and `json.loads`.
- The work is applications, approvals and payments (1 : 1 : 2) on a ledger of the real shape:
  `tests/benchmarks/workload.py`, all 25 commands over many years, one in twenty refused.
"""


def write(rows: Iterable[Row], disk: Disk, size: int) -> None:
    """Put the rows into the tables of the document, below their heading."""
    before, _, after = DOCUMENT.read_text(encoding="utf-8").partition(HEADING)
    old, mark, rest = after.partition("\n## ")
    said = tables(rows, disk, size, old)
    text = f"{before.rstrip()}\n\n{HEADING}\n\n{EXPLAINED}\n{said}{mark}{rest}"
    DOCUMENT.write_text(text, encoding="utf-8")
