"""Questions: balances as of a day, at a position, or both, on a big ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from sqlalchemy import Connection, text

from ledger import log
from projections.asof import By, Filter, Moment, balances
from projections.opening import open_ledger
from tests.benchmarks import goals
from tests.benchmarks.goals import Goal, Row
from tests.benchmarks.places import Place

TIMES = 7


def rows(place: Place, big: str) -> Iterator[Row]:
    """The hottest company, and the hottest programme and year."""
    engine = open_ledger(big)
    with log.reading(engine) as connection:
        size = log.read_head(connection).size
        company = _most(connection, "company", "company <> ''")
        programme, year = _most(connection, "programme, year", "grant <> ''")
        yield from _asked(
            place.engine, connection, size, goals.COMPANY, "company", Filter(company=company[0])
        )
        yield from _asked(
            place.engine,
            connection,
            size,
            goals.PROGRAMME,
            "programme",
            Filter(programme=str(programme), year=int(year)),
        )
    engine.dispose()


def _most(connection: Connection, what: str, where: str) -> tuple[str, ...]:
    """What most postings are about."""
    where = where.replace("grant", '"grant"')
    question = f"SELECT {what} FROM postings WHERE {where} GROUP BY {what} ORDER BY count(*) DESC"
    return tuple(connection.execute(text(f"{question} LIMIT 1")).one())


def _asked(
    engine: str, connection: Connection, size: int, goal: Goal, by: By, wanted: Filter
) -> Iterator[Row]:
    """The slowest of as of a day, at a position, and both; each a median of several."""
    day = connection.execute(text("SELECT max(day) FROM postings")).scalar_one()
    if wanted.year is not None:
        day = f"{wanted.year}-11-30"
    for name, moment in {
        "as of a day": Moment(day=day),
        "at a position": Moment(seq=size - 10),
        "both": Moment(day=day, seq=size - 10),
    }.items():
        spent, cpu, found = [], [], 0
        for _ in range(TIMES):
            began, used = time.perf_counter(), time.process_time()
            found = len(balances(connection, by, wanted, moment, day))
            spent.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - used))
        named = replace(goal, what=goal.what.format(name))
        yield Row(named, engine, median(spent), median(cpu), f"{found} rows", "")
