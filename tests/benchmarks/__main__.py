"""All figures in one run: `python -m tests.benchmarks --size 100000`.

`--size` is the number of events of the big ledger, `--lines` how many lines are open when a year
is closed; `--quick` is for seeing that everything runs. `--only writing,reading` measures some
parts. `--write` puts each row into docs/benchmarks.md as soon as it is measured, and leaves the
others there as they are. The folder of `--folder` must be on the disk that is meant (the default
is that of temporary files).

`--keep FOLDER` keeps the grown SQLite ledgers there, and another run uses them again (each adds
some thousand events to the big one). On PostgreSQL they are kept by the server that
GRANTS_TEST_POSTGRES names, as databases `grants_benchmark_…`; a server made for the run goes with
it.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from statistics import median
from tempfile import gettempdir

from ledger import log
from ledger.errors import LedgerError
from projections.opening import open_ledger
from projections.replay.folding import REMEMBERED
from tests.benchmarks import goals, memory, one_shot, reading, replaying, report, writing
from tests.benchmarks.goals import Row
from tests.benchmarks.places import Place, flush_cost_s, place
from tests.benchmarks.workload import growing

SMALL = 10_000
LONG = 500_000
"""Events from which on the whole log is gone through once instead of three times."""

PARTS = ("writing", "growth", "reading", "replaying", "closing", "memory", "one_shot")


def main() -> None:
    """Measure, print and perhaps write down."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # folders and servers go too
    disk = report.Disk(asked.folder, flush_cost_s(asked.folder))
    rows: list[Row] = []
    with place("sqlite", asked.folder) as files:
        base = files.new()
        next(growing(base, asked.size, SMALL))
        for engine in asked.engines.split(","):
            with place(engine, asked.folder, asked.keep) as where:
                for row in _measured(where, (files, base), asked):
                    rows.append(row)
                    print(report.line(row, asked.size), file=sys.stderr, flush=True)
                    if asked.write:
                        report.write(rows, disk, asked.size)
    print(report.tables(rows, disk, asked.size))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--folder", default=gettempdir())
    parser.add_argument("--keep")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--only", default=",".join(PARTS))
    asked = parser.parse_args()
    if asked.quick:
        asked.size = min(asked.size, 30_000)
    asked.lines = asked.lines or (2_000 if asked.quick else 100_000)
    asked.rounds = asked.rounds or (3 if asked.quick else 9)
    return asked


def _measured(where: Place, sqlite: tuple[Place, str], asked: argparse.Namespace) -> Iterator[Row]:
    only, singles = set(asked.only.split(",")), 40 if asked.quick else 100
    if only - {"closing"}:
        small, middle, big = _grown(where, asked.size)
    if "writing" in only:
        yield from writing.rows(where, small, sqlite, rounds=asked.rounds, singles=singles)
    if "growth" in only:
        yield writing.growth(where, small, big, rounds=asked.rounds, singles=singles)
    if "reading" in only:
        yield from reading.rows(where, big)
    if "replaying" in only:
        rounds = 1 if asked.size >= LONG else min(asked.rounds, 3)
        yield from replaying.rows(where, big, rounds=rounds)
    if "memory" in only:
        yield from memory.rows(where, middle, big)
    if "closing" in only:
        yield replaying.closing_row(where, asked.lines)
    if "one_shot" in only:
        yield _one_shot(where, where.copy(small), runs=5 if asked.quick else 15)


def _grown(where: Place, size: int) -> tuple[str, str, str]:
    """A ledger of ten thousand events, a shorter and the big one; grown unless they were kept.

    The shorter one has a third of the events, but more than `rebuild` and `verify` remember.
    """
    remembered = 2 * REMEMBERED
    middle = min(max(size // 3, remembered * 6 // 5), remembered * 6, size)
    wanted = {f"{stop}_of_{size}": stop for stop in (SMALL, middle)} | {str(size): size}
    urls = [where.kept(name) for name in wanted]
    if not all(map(_has, urls, wanted.values())):
        *parts, big = urls
        where.drop(big)
        stages = growing(where.kept(str(size)), size, SMALL, middle)
        for part in parts:
            next(stages)
            where.drop(part)
            where.copy(big, to=part)
        for _ in stages:
            pass
    small, shorter, big = urls
    return small, shorter, big


def _has(url: str, size: int) -> bool:
    """Whether a ledger that was kept is there, and whole."""
    try:
        engine = open_ledger(url)
    except LedgerError:
        return False
    with log.reading(engine) as connection:
        found = log.read_head(connection).size
    engine.dispose()
    return found >= size


def _one_shot(where: Place, url: str, runs: int) -> Row:
    """A payment, as a process, beside asking for help."""
    calls = {"help": lambda: [one_shot.GRANTS, "--help"], "disburse": one_shot.payment(url)}
    times = one_shot.in_turns(calls, runs)
    pairs = list(zip(times["disburse"], times["help"], strict=True))
    cpu, wall = (median(a[part] / b[part] for a, b in pairs) for part in (0, 1))
    shown = {name: f"{median(wall for _, wall in spent):.3f} s" for name, spent in times.items()}
    return Row(goals.ONE_SHOT, where.engine, wall, cpu, shown["disburse"], shown["help"])


if __name__ == "__main__":
    main()
