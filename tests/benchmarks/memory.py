"""The most memory that a process of its own takes: `python -m tests.benchmarks.memory TASK URL`.

It prints megabytes: the high-water mark of the resident set that Linux keeps for the process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from commands.execute import execute, execute_all
from ledger import log
from ledger.database.engine import Engine
from projections.opening import open_ledger
from projections.replay import transfer
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.benchmarks import goals
from tests.benchmarks.daily import chunks, done, prepared
from tests.benchmarks.goals import Row
from tests.benchmarks.places import Place
from tests.benchmarks.workload import open_year_of

ROOT = Path(__file__).parents[2]
BATCHES = 10


def _run(engine: Engine) -> None:
    batches = chunks(prepared(engine), 1_000)
    for _ in range(BATCHES):
        done(execute_all(engine, next(batches)))


def _export(engine: Engine) -> None:
    with log.reading(engine) as connection, Path("/dev/null").open("w") as out:
        for event in transfer.exported(connection, None):
            out.write(json.dumps(event, ensure_ascii=False) + "\n")


def _close_year(engine: Engine) -> None:
    """Close what is open; `_opened_again` undoes it."""
    newest = open_year_of(engine)
    for year in (newest - 1, newest):
        asked = {"command": "close_year", "actor": "lee", "year": year}
        receipt = execute(engine, asked | {"effective_on": f"{newest + 1}-01-31"})
    assert receipt.status == "recorded", receipt


def _opened_again(url: str) -> None:
    """The newest year is open again, as every other task needs it."""
    engine = open_ledger(url)
    year = open_year_of(engine)
    asked = {"command": "reopen_year", "actor": "park", "year": year, "reason": "지출 누락"}
    receipt = execute(engine, asked | {"effective_on": f"{year + 1}-01-31"})
    assert receipt.status == "recorded", receipt
    engine.dispose()


TASKS = {
    "run": _run,
    "rebuild": rebuild,
    "verify": verify,
    "export": _export,
    "close_year": _close_year,
}


def peak_mb() -> float:
    """The most that this process has had in memory."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count what the parent had when it forked
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows(place: Place, shorter: str, longer: str) -> Iterator[Row]:
    """Each task on a log and on a longer one, both too long to be remembered whole."""
    for task in TASKS:
        peaks = [_measured(task, url) for url in (shorter, longer)]
        grows = replace(goals.MEMORY_GROWS, what=goals.MEMORY_GROWS.what.format(task))
        most = replace(goals.MEMORY, what=goals.MEMORY.what.format(task))
        shown = [f"{peak:.0f} MB" for peak in peaks]
        yield Row(grows, place.engine, peaks[1] / peaks[0], None, shown[1], shown[0])
        yield Row(most, place.engine, peaks[1], None, shown[1], "")


def _measured(task: str, url: str) -> float:
    call = [sys.executable, "-m", "tests.benchmarks.memory", task, url]
    said = subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    if task == "close_year":
        _opened_again(url)
    return float(said)


if __name__ == "__main__":
    opened = open_ledger(sys.argv[2])
    TASKS[sys.argv[1]](opened)
    opened.dispose()
    print(peak_mb())
