"""Balances at any moment are the flows before it, added up one by one, however they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ledger import log
from ledger.database.driver import driver_of, listed
from ledger.database.engine import Engine
from ledger.events import BUCKETS
from projections.flows import INTEREST, OUTSIDE, Posting
from projections.questions.roll_ups import BYS, KEYS, By
from projections.questions.snapshot import Moment
from tests.asked import balances
from tests.benchmarks.workload import grow
from tests.projections.replay.verify.tampering import tamper

Held = dict[str, int | None]
TODAY = "2031-01-01"
MOMENTS = 12


@pytest.fixture
def grown(engine: Engine) -> Iterator[Connection]:
    """Several years of work."""
    grow(engine.url, 1_800)
    with log.reading(engine) as connection:
        yield connection


@pytest.mark.parametrize("by", BYS)
def test_a_balance_at_a_moment_is_what_the_flows_before_it_add_up_to(
    grown: Connection, by: By
) -> None:
    postings = [Posting(*row) for row in driver_of(grown).ask(_ALL)]
    chance = Random(by)
    answered = 0
    for wanted in _filters(postings, chance):
        for at in _moments(postings, chance):
            found = balances(grown, by, at, TODAY, **wanted)
            assert _sums(by, found) == _expected(by, postings, wanted, at), (wanted, at)
            answered += len(found)
    assert answered > MOMENTS, "nothing was asked"


_ALL = f"SELECT {listed(Posting._fields)} FROM postings ORDER BY seq, place"


Wanted = dict[str, Any]


def _filters(postings: list[Posting], chance: Random) -> Iterator[Wanted]:
    of_cases = [posting for posting in postings if posting.case]
    yield {}
    for one in (*chance.sample(postings, 2), *chance.sample(of_cases, 2)):
        for names in (
            ("programme", "year"),
            ("year",),
            ("company",),
            ("company", "programme"),
            ("grant",),
            ("case",),
            ("grant", "company", "year", "case"),
        ):
            yield {name: getattr(one, name) for name in names if getattr(one, name)}


def _moments(postings: list[Posting], chance: Random) -> Iterator[Moment]:
    for one, other in zip(*(chance.sample(postings, MOMENTS // 3) for _ in "ab"), strict=True):
        yield Moment(day=one.day)
        yield Moment(seq=one.seq)
        yield Moment(day=one.day, seq=other.seq)


def _expected(
    by: By, postings: Iterable[Posting], wanted: Wanted, at: Moment
) -> dict[tuple[object, ...], Held]:
    sums: dict[tuple[object, ...], Any] = {}
    for posting in postings:
        if _is_meant(posting, by, wanted, at):
            key = tuple(getattr(posting, name) or None for name in KEYS[by])
            held = sums.setdefault(key, dict.fromkeys((*BUCKETS, INTEREST, OUTSIDE), 0))
            held[posting.source] -= posting.won
            held[posting.target] += posting.won
    whole = by == "programme" and not wanted.keys() & {"company", "grant", "case"}
    for held in sums.values():
        budget = -held.pop(OUTSIDE) - held[INTEREST]
        available = held.pop("available")
        if whole:
            held |= {"budget": budget, "available": available}
        elif by == "programme":
            held |= {"budget": None, "available": None}
    return sums


def _is_meant(posting: Posting, by: By, wanted: Wanted, at: Moment) -> bool:
    if by == "case" and not posting.case:
        return False
    if by != "programme" and not posting.company:
        return False
    if any(getattr(posting, name) != value for name, value in wanted.items()):
        return False
    in_time = at.day is None or posting.day <= at.day
    return in_time and (at.seq is None or posting.seq <= at.seq)


def _sums(by: By, rows: list[dict[str, Any]]) -> dict[tuple[object, ...], Held]:
    shown = [*(bucket for bucket in BUCKETS if bucket != "available"), INTEREST]
    shown += ["budget", "available"] if by == "programme" else []
    return {
        tuple(row[name] or None for name in KEYS[by]): {name: row[name] for name in shown}
        for row in rows
    }


@pytest.mark.tampers
def test_a_company_whose_flows_all_lie_before_the_moment_is_not_added_up(engine: Engine) -> None:
    """What is kept of it is taken as it is: not even postings that are gone are missed."""
    grow(engine.url, 1_800)
    with log.reading(engine) as connection:
        question = "SELECT company, max(seq) FROM postings GROUP BY company ORDER BY count(*) DESC"
        company, newest = connection.execute(text(f"{question} LIMIT 1 OFFSET 1")).one()
        before = balances(connection, "company", Moment(seq=newest), TODAY, company=company)
    assert before
    tamper(engine, f"DELETE FROM postings WHERE company = '{company}'")
    with log.reading(engine) as connection:
        after = balances(connection, "company", Moment(seq=newest), TODAY, company=company)
    assert after == before
