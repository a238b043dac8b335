"""The whole log again: rebuild and verify beside reading it; and the close of a year."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import psycopg

from commands.catalogue import record_catalogue
from commands.execute import execute, execute_all
from projections.opening import make_ledger, open_ledger
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.benchmarks import goals
from tests.benchmarks.clock import Times, in_turns
from tests.benchmarks.daily import done
from tests.benchmarks.goals import Row
from tests.benchmarks.lives import Command
from tests.benchmarks.places import Place, file_of, plain
from tests.benchmarks.workload import number_of

READ = "SELECT envelope FROM events ORDER BY seq"


def decode(url: str) -> int:
    """Read the log with the bare driver and decode its JSON; how many events."""
    events = 0
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url))) as file:
            for (envelope,) in file.execute(READ):
                json.loads(envelope)
                events += 1
        return events
    with psycopg.connect(plain(url)) as connection, connection.cursor(name="all") as cursor:
        cursor.itersize = 5_000
        for (envelope,) in cursor.execute(READ):
            json.loads(envelope)
            events += 1
    return events


def times(place: Place, url: str, *, rounds: int) -> dict[str, Times]:
    """Decoding, rebuild and verify in turn, on a ledger that nothing else uses."""
    engine = open_ledger(url)
    found = in_turns(
        rounds,
        {
            "decode": lambda: decode(url),
            "rebuild": lambda: rebuild(engine),
            "verify": lambda: verify(engine),
        },
        warm=0,
    )
    engine.dispose()
    return found


def rows(place: Place, url: str, *, rounds: int) -> Iterator[Row]:
    """The rows about the whole log."""
    found = times(place, url, rounds=rounds)
    shown = {name: f"{one.seconds:.2f} s" for name, one in found.items()}
    for goal, name, other in (
        (goals.REBUILD, "rebuild", "decode"),
        (goals.VERIFY, "verify", "rebuild"),
    ):
        wall, cpu = found[name].over(found[other])
        yield Row(goal, place.engine, wall, cpu, shown[name], shown[other])


def _open_lines(lines: int) -> Iterator[Command]:
    year = 2024
    yield _by("kim", f"{year}-01-01", command="open_year", year=year)
    budget = {"programme": "prototype", "year": year, "amount": 900_000_000_000_000}
    yield _by("kim", f"{year}-01-01", command="allocate_budget", **budget)
    companies = [number_of(place) for place in range(max(20, lines // 20))]
    for place, company in enumerate(companies):
        said = {"name": f"기업 {place}", "party_type": "company", "size": "sme"}
        yield _by(
            "kim", f"{year}-01-01", command="register_company", business_number=company, **said
        )
    for place in range(lines):
        company, grant = companies[place % len(companies)], f"L{place}"
        line = {"company": company, "year": year, "total_cost": 200_000, "subsidy": 100_000}
        yield _by(
            "kim",
            f"{year}-02-01",
            command="apply",
            grant=grant,
            programme="prototype",
            title="시제품",
            lead=company,
            lines=[line],
        )
        yield _by("lee", f"{year}-02-02", command="approve", grant=grant)


def _by(actor: str, day: str, **fields: object) -> Command:
    return {"actor": actor, "effective_on": day, **fields}


def with_open_lines(place: Place, lines: int) -> tuple[str, float, float]:
    """A ledger with so many open lines, and the seconds a command took while it was made."""
    url = place.new()
    engine = make_ledger(url)
    record_catalogue(engine)
    stream, seconds, cpu, commands = _open_lines(lines), 0.0, 0.0, 0
    while batch := list(islice(stream, 1_000)):
        began, used = time.perf_counter(), time.process_time()
        done(execute_all(engine, batch))
        seconds += time.perf_counter() - began
        cpu += time.process_time() - used
        commands += len(batch)
    engine.dispose()
    return url, seconds / commands, cpu / commands


CLOSING: Command = {
    "command": "close_year",
    "actor": "lee",
    "year": 2024,
    "effective_on": "2025-01-31",
}


def closing_row(place: Place, lines: int) -> Row:
    """close_year beside the applications and approvals, in batches, that opened its lines."""
    url, a_command, cpu_a_command = with_open_lines(place, lines)
    engine = open_ledger(url)
    began, used = time.perf_counter(), time.process_time()
    receipt = execute(engine, CLOSING)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    assert len(receipt.events) >= lines, receipt
    engine.dispose()
    place.drop(url)
    many = len(receipt.events)
    return Row(
        goals.CLOSE,
        place.engine,
        seconds / (a_command * many),
        cpu / (cpu_a_command * many),
        f"{seconds:.2f} s, {many:,} events",
        f"{a_command * many:.2f} s",
    )
