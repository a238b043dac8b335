"""Commands a second: one to a commit and in batches, beside `eventsourcing` and the bare driver;
and one command on a big ledger beside one on a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import count, islice

from commands.execute import execute, execute_all
from ledger.database.engine import Engine
from projections.opening import open_ledger
from tests.benchmarks import goals
from tests.benchmarks.bare import Bare, Transaction, caught
from tests.benchmarks.clock import Times, in_turns
from tests.benchmarks.daily import chunks, companies, done, prepared, work
from tests.benchmarks.goals import Row
from tests.benchmarks.lives import Command
from tests.benchmarks.places import Place
from tests.benchmarks.theirs import office
from tests.benchmarks.workload import open_year_of

WARM = 10
"""Rounds before the measured ones where a ledger's size is what matters."""

BATCH = 1_000
TOGETHER = "eventsourcing, one save a batch"


def one_by_one(engine: Engine, commands: Sequence[Command]) -> None:
    """A durable commit for each."""
    for command in commands:
        assert execute(engine, command).status == "recorded", command


def rates(
    place: Place, base: str, sqlite: tuple[Place, str], *, single: bool, rounds: int, size: int
) -> dict[str, Times]:
    """Ours, theirs and the bare driver in turn, `size` commands a round.

    `base` is a grown ledger of which each gets a copy; `sqlite` is the same on SQLite, where the
    rows of the bare driver are caught.
    """
    own, to_fill, theirs_at = place.copy(base), place.copy(base), [place.new(), place.new()]
    wanted = [size] * (rounds + 1)
    registering, caught_rows = _rows(*sqlite, single=single, sizes=wanted)
    engine = open_ledger(own)
    stream = chunks(prepared(engine), size)
    todo = [next(stream) for _ in wanted]
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        bare = undo.enter_context(closing(Bare(to_fill)))
        bare.write(bare.prepared(registering))
        ready = [list(bare.prepared(part)) for part in caught_rows]
        apps = [undo.enter_context(closing(office(url))) for url in theirs_at]
        mine, yours, batches, written = iter(todo), iter(todo), iter(todo), iter(ready)
        jobs: dict[str, Callable[[], object]] = {
            "ours": (
                (lambda: one_by_one(engine, next(mine)))
                if single
                else (lambda: done(execute_all(engine, next(mine))))
            ),
            "eventsourcing": lambda: apps[0].run(next(yours)),
            "bare": lambda: bare.write(next(written)),
        }
        if not single and place.engine == "sqlite":  # the library's pipeline hangs on so many
            jobs[TOGETHER] = lambda: apps[1].run(next(batches), together=True)
        times = in_turns(rounds, jobs)
    for url in (own, to_fill, *theirs_at):
        place.drop(url)
    return times


def _rows(
    place: Place, base: str, *, single: bool, sizes: list[int]
) -> tuple[list[Transaction], list[list[Transaction]]]:
    """What registers those who ask, and the rows of each round in as many commits as it has."""
    copy = place.copy(base)
    engine = open_ledger(copy)
    year = open_year_of(engine)
    engine.dispose()
    stream = work(year)
    rounds = [
        [list(islice(stream, 1)) for _ in range(size)] if single else [list(islice(stream, size))]
        for size in sizes
    ]
    batches = [companies(year), *(batch for batches in rounds for batch in batches)]
    found = iter(caught(copy, batches))
    place.drop(copy)
    return list(islice(found, 1)), [list(islice(found, len(batches))) for batches in rounds]


def rows(
    place: Place, base: str, sqlite: tuple[Place, str], *, rounds: int, singles: int
) -> Iterator[Row]:
    """The rows about rates."""
    for single, against_theirs, against_bare, size in (
        (True, goals.ONE_THEIRS, goals.ONE_BARE, singles),
        (False, goals.BATCH_THEIRS, goals.BATCH_BARE, BATCH),
    ):
        times = rates(place, base, sqlite, single=single, rounds=rounds, size=size)
        shown = {name: f"{size / found.seconds:,.0f}/s" for name, found in times.items()}
        theirs = shown["eventsourcing"]
        if TOGETHER in shown:
            theirs += f" ({shown[TOGETHER]} in one save a batch)"
        wall, cpu = times["eventsourcing"].over(times["ours"])
        yield Row(against_theirs, place.engine, wall, cpu, shown["ours"], theirs)
        wall, cpu = times["bare"].over(times["ours"])
        yield Row(against_bare, place.engine, wall, cpu, shown["ours"], shown["bare"])


def growth(place: Place, small: str, big: str, *, rounds: int, singles: int) -> Row:
    """One command on the big ledger itself beside one on a copy of the small, both at work for
    some time: what is used every day has been read once."""
    copy = place.copy(small)
    engines = [open_ledger(url) for url in (copy, big)]
    streams = [chunks(prepared(engine), 1) for engine in engines]
    todo = [[next(stream)[0] for _ in range((rounds + WARM) * singles)] for stream in streams]
    marks = [count(step=singles), count(step=singles)]

    def some(which: int) -> None:
        start = next(marks[which])
        one_by_one(engines[which], todo[which][start : start + singles])

    times = in_turns(rounds, {"small": lambda: some(0), "big": lambda: some(1)}, warm=WARM)
    for engine in engines:
        engine.dispose()
    place.drop(copy)
    wall, cpu = times["big"].over(times["small"])
    big_ms, small_ms = (1000 * times[name].seconds / singles for name in ("big", "small"))
    return Row(goals.GROWTH, place.engine, wall, cpu, f"{big_ms:.2f} ms", f"{small_ms:.2f} ms")
