"""Work in the shape of the real thing, for growing a ledger to a size: `python -m
tests.benchmarks.workload sqlite:///big.db 1000000`.

Two hundred companies a year ask for prototypes and consulting; each grant is applied for,
approved, paid in parts, claimed for and accepted. Only the number of events matters here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from commands.catalogue import record_catalogue
from commands.execute import execute_all
from ledger import log
from projections.opening import make_ledger

FIRST_YEAR = 2006
BATCH = 1_000


def commands() -> Iterator[dict[str, Any]]:
    """An endless stream of commands that are all recorded, year after year until 2025."""
    for year in range(FIRST_YEAR, 2026):
        yield _by("kim", f"{year}-01-01", command="open_year", year=year)
        for programme in ("prototype", "rbd_consulting"):
            yield _by(
                "kim",
                f"{year}-01-01",
                command="allocate_budget",
                programme=programme,
                year=year,
                amount=900_000_000_000_000,
            )
        for number in range(10_000):
            yield from _grant(year, number)


def _grant(year: int, number: int) -> Iterator[dict[str, Any]]:
    company = f"{100 + number % 900}-{10 + number // 900:02d}-{year:05d}"
    grant, day = f"G{year}-{number}", f"{year}-{2 + number % 11:02d}-{1 + number % 28:02d}"
    line = {"company": company, "year": year}
    yield _by(
        "kim",
        day,
        command="register_company",
        business_number=company,
        name=f"기업 {number}",
        party_type="company",
        size="sme",
    )
    yield _by(
        "kim",
        day,
        command="apply",
        grant=grant,
        programme="prototype",
        title="시제품",
        lead=company,
        lines=[line | {"total_cost": 30_000_000, "subsidy": 18_000_000}],
    )
    yield _by("lee", day, command="approve", grant=grant)
    for part in range(3):
        claim = f"{grant}-{part}"
        yield _by(
            "kim",
            day,
            command="disburse",
            grant=grant,
            **line,
            amount=6_000_000,
            bank_ref=f"KB-{claim}",
        )
        item = {
            "evidence": f"TI-{claim}",
            "category": "prototype_development",
            "supply": 10_000_000,
            "incurred_on": day,
        }
        yield _by("kim", day, command="claim", claim=claim, grant=grant, **line, items=[item])
        yield _by("lee", day, command="accept_claim", claim=claim)


def _by(actor: str, day: str, **fields: Any) -> dict[str, Any]:
    return {"actor": actor, "effective_on": day, **fields}


def grow(url: str, size: int) -> None:
    """Grow a ledger to at least so many events."""
    engine = make_ledger(url)
    record_catalogue(engine)
    stream = commands()
    recorded = 0
    while recorded < size:
        batch = list(islice(stream, BATCH))
        receipts = list(execute_all(engine, batch))
        assert batch, "the stream has ended"
        assert all(receipt.status == "recorded" for receipt in receipts), receipts
        with log.reading(engine) as connection:
            recorded = log.read_head(connection).size
    engine.dispose()


if __name__ == "__main__":
    grow(sys.argv[1], int(sys.argv[2]))
