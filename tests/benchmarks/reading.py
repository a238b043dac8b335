"""Questions about the middle of a long history: balances as of a day, at a position, or both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

from ledger import log
from projections.opening import open_ledger
from projections.questions.roll_ups import By
from projections.questions.snapshot import Moment
from tests.asked import balances
from tests.benchmarks import goals
from tests.benchmarks.goals import Goal, Row
from tests.benchmarks.places import Place

TIMES = 7
Wanted = dict[str, Any]


def rows(place: Place, big: str) -> Iterator[Row]:
    """The hottest company, and the hottest programme and year."""
    engine = open_ledger(big)
    with log.reading(engine) as connection:
        company = str(_most(connection, "company", "company <> ''")[0])
        programme, year = _most(connection, "programme, year", "grant <> ''")
        subjects: tuple[tuple[Goal, By, Wanted], ...] = (
            (goals.COMPANY, "company", {"company": company}),
            (goals.PROGRAMME, "programme", {"programme": str(programme), "year": int(str(year))}),
        )
        for goal, by, wanted in subjects:
            yield from _asked(place.engine, connection, goal, by, wanted)
    engine.dispose()


def _most(connection: Connection, what: str, where: str) -> tuple[object, ...]:
    """What most postings are about."""
    where = where.replace("grant", '"grant"')
    question = f"SELECT {what} FROM postings WHERE {where} GROUP BY {what} ORDER BY count(*) DESC"
    return tuple(connection.execute(text(f"{question} LIMIT 1")).one())


def _middle(connection: Connection, wanted: Wanted) -> tuple[int, str, int]:
    """How many postings something has, and the day and position of the one in their middle."""
    those = f"FROM postings WHERE {' AND '.join(f'{name} = :{name}' for name in wanted)}"
    many = int(connection.execute(text(f"SELECT count(*) {those}"), wanted).scalar_one())
    middle = text(f"SELECT day, seq {those} ORDER BY seq LIMIT 1 OFFSET {many // 2}")
    day, seq = connection.execute(middle, wanted).one()
    return many, str(day), int(seq)


def _asked(
    engine: str, connection: Connection, goal: Goal, by: By, wanted: Wanted
) -> Iterator[Row]:
    """As of a day, at a position, and both; each a median of several."""
    many, day, seq = _middle(connection, wanted)
    for name, moment in {
        "as of a day": Moment(day=day),
        "at a position": Moment(seq=seq),
        "both": Moment(day=day, seq=seq),
    }.items():
        spent, cpu, found = [], [], 0
        for _ in range(TIMES):
            began, used = time.perf_counter(), time.process_time()
            found = len(balances(connection, by, moment, day, **wanted))
            spent.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - used))
        named = replace(goal, what=goal.what.format(name))
        shown = f"{found} rows of {many:,} postings"
        yield Row(named, engine, median(spent), median(cpu), shown, "")
