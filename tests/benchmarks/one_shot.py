"""What one call costs: `python -m tests.benchmarks.one_shot sqlite:///small.db sqlite:///big.db`.

Whole processes are timed in turn, so that a machine that slows down slows all of them; medians
of their processor time and of the pairwise ratios are printed. The ledgers are grown beforehand
by `tests.benchmarks.workload`; a grant to pay from is added to each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median

from commands.execute import execute_all
from projections.opening import open_ledger
from tests.benchmarks.workload import open_year_of

RUNS = 21
GRANTS = str(Path(sys.executable).parent / "grants")
HANBIT = "609-86-00005"


def _prepared(url: str) -> int:
    """A company with an approved grant in the open year, whose payments are then timed."""
    engine = open_ledger(url)
    year = open_year_of(engine)
    day = f"{year}-06-01"
    line = {"company": HANBIT, "year": year, "total_cost": 10_000_000, "subsidy": 3_000_000}
    asked = (
        {
            "command": "register_company",
            "actor": "kim",
            "business_number": HANBIT,
            "name": "한빛정밀",
            "party_type": "company",
            "size": "sme",
        },
        {
            "command": "apply",
            "actor": "kim",
            "grant": "ONE-SHOT",
            "programme": "rbd_consulting",
            "title": "기획",
            "lead": HANBIT,
            "lines": [line],
        },
        {"command": "approve", "actor": "lee", "grant": "ONE-SHOT"},
    )
    list(execute_all(engine, [command | {"effective_on": day} for command in asked]))
    engine.dispose()
    return year


def payment(url: str) -> Callable[[], list[str]]:
    """Makes calls that pay one won each."""
    year = _prepared(url)
    return lambda: [
        *(GRANTS, "disburse", "--grant", "ONE-SHOT", "--company", HANBIT, "--year", str(year)),
        *("--amount", "1", "--bank-ref", uuid.uuid4().hex, "--effective-on", f"{year}-12-31"),
        *("--actor", "park", "--ledger", url),
    ]


def _timed(call: list[str]) -> tuple[float, float]:
    """Processor and wall seconds of a process that must end well."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system, wall


def in_turns(
    calls: dict[str, Callable[[], list[str]]], runs: int
) -> dict[str, list[tuple[float, float]]]:
    """Processor and wall seconds of each run of the calls, made in turn."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for run in range(runs + 1):
        for name, call in calls.items():
            spent = _timed(call())
            if run:  # the first run warms up
                times[name].append(spent)
    return times


def main(small: str, big: str) -> None:
    """Time the calls in turn and print the table."""
    libraries = [sys.executable, "-c", "import cyclopts; from pydantic import BaseModel"]
    calls: dict[str, Callable[[], list[str]]] = {
        "importing pydantic and cyclopts": lambda: libraries,
        "grants --help": lambda: [GRANTS, "--help"],
        "disburse, small ledger": payment(small),
        "disburse, big ledger": payment(big),
    }
    times = in_turns(calls, RUNS)
    print("| call | processor s | wall s |\n|---|---|---|")
    for name, spent in times.items():
        cpu, wall = (median(column) for column in zip(*spent, strict=True))
        print(f"| {name} | {cpu:.3f} | {wall:.3f} |")
    names = list(calls)
    print("\n| ratio, median of the pairs | processor | wall |\n|---|---|---|")
    for one, other in ((1, 0), (3, 2), (3, 1)):
        pairs = list(zip(times[names[one]], times[names[other]], strict=True))
        cpu, wall = (median(a[place] / b[place] for a, b in pairs) for place in (0, 1))
        print(f"| {names[one]} / {names[other]} | {cpu:.2f} | {wall:.2f} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
