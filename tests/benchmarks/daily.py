"""The day's work: applications, approvals and payments mixed, all recorded, for a grown ledger.

It may be done again and again on one ledger: who asks, and the grants, are new each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from commands.execute import execute_all
from ledger import log
from ledger.database.engine import Engine
from tests.benchmarks.lives import Command
from tests.benchmarks.workload import number_of, open_year_of

COMPANIES = 500
RUNNING = 40
CAPS = {"prototype": 20_000_000, "technology_transfer": 7_000_000, "rbd_consulting": 3_000_000}
"""Programmes that a single company may ask for by the year, and their ceilings."""


def companies(year: int, first: int = 0) -> list[Command]:
    """The register entries of those who ask; others where `first` is another."""
    return [
        {
            "command": "register_company",
            "actor": "kim",
            "effective_on": f"{year}-01-02",
            "business_number": number_of(700_000 + first + place),
            "name": f"한빛정밀 {place}",
            "party_type": "company",
            "size": "sme",
        }
        for place in range(COMPANIES)
    ]


def work(year: int, first: int = 0) -> Iterator[Command]:
    """An endless stream; of four commands one applies, one approves and two pay."""
    chance = Random(1)
    used: dict[tuple[str, str], int] = defaultdict(int)
    running: list[Iterator[Command]] = []
    grants = 0
    while True:
        if len(running) < RUNNING:
            grants += 1
            running.append(_life(year, f"D{first}-{grants}", first, chance, used))
        place = chance.randrange(len(running))
        step = next(running[place], None)
        if step is not None:
            yield step
        else:
            running[place] = running[-1]
            running.pop()


def _life(
    year: int, grant: str, first: int, chance: Random, used: dict[tuple[str, str], int]
) -> Iterator[Command]:
    (programme,) = chance.choices(list(CAPS), (6, 3, 1))
    subsidy = CAPS[programme] // chance.randrange(100, 400)
    skew = 2
    while True:
        company = number_of(700_000 + first + int(COMPANIES * chance.random() ** skew))
        if used[company, programme] + subsidy <= CAPS[programme]:
            break
        skew = 1
    used[company, programme] += subsidy
    line: dict[str, Any] = {"company": company, "year": year}
    asked = line | {"total_cost": subsidy * 2, "subsidy": subsidy}
    on = {"effective_on": f"{year}-12-28", "grant": grant}
    yield {
        "command": "apply",
        "actor": "kim",
        "programme": programme,
        "title": "정밀 감속기 시제품",
        "lead": company,
        "lines": [asked],
        **on,
    }
    yield {"command": "approve", "actor": "lee", **on}
    for part in (1, 2):
        paid = {"amount": subsidy // 3, "bank_ref": f"KB-{grant}-{part}"}
        yield {"command": "disburse", "actor": "kim", **on, **line, **paid}


def prepared(engine: Engine) -> Iterator[Command]:
    """Register those who ask, and give the stream of their work."""
    year = open_year_of(engine)
    with log.reading(engine) as connection:
        first = log.read_head(connection).size  # a ledger grows by more than those who ask
    done(execute_all(engine, companies(year, first)))
    return work(year, first)


def done(receipts: Iterator[Any]) -> None:
    """All of them must have been recorded."""
    for receipt in receipts:
        assert receipt.status == "recorded", receipt


def chunks(stream: Iterator[Command], size: int) -> Iterator[list[Command]]:
    """The stream cut into lists."""
    while True:
        yield list(islice(stream, size))
