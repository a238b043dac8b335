"""A dry run answers what would be recorded and the balances after it, and writes nothing."""

from __future__ import annotations

from commands.execute import dry_run
from ledger.engine import Engine
from tests.given import Given
from tests.steps import HANBIT, approved, budgeted, close_year, pay


def test_what_would_be_recorded_is_answered_and_not_written(engine: Engine, given: Given) -> None:
    story = given(budgeted(30_000_000), approved(10_000_000))
    size, before = story.size, story.standing()
    receipt = dry_run(engine, pay(4_000_000).command)
    assert receipt.status == "recorded"
    assert receipt.events == [size + 1]
    assert receipt.balances is not None
    (line,) = [balance for balance in receipt.balances if balance.by == "line"]
    assert (line.company, line.committed, line.advanced) == (HANBIT, 6_000_000, 4_000_000)
    assert (story.size, story.standing()) == (size, before)


def test_a_dry_run_refuses_and_knows_duplicates_like_the_real_one(
    engine: Engine, given: Given
) -> None:
    story = given(approved(10_000))
    refused = dry_run(engine, pay(10_001).command)
    assert (refused.rule, refused.fits, refused.events) == ("within-award", 10_000, [])
    assert dry_run(engine, {"command": "disburse"}).rule == "invalid"
    asked = pay(1).but(id="pay-1")
    first = story.when(asked).recorded().receipt
    again = dry_run(engine, asked.command)
    assert (again.status, again.events) == ("duplicate", first.events)


def test_many_events_are_answered_too(engine: Engine, given: Given) -> None:
    story = given(approved(10_000))
    receipt = dry_run(engine, close_year().command)
    assert receipt.events == [story.size + 1, story.size + 2, story.size + 3]
    story.when(close_year()).recorded()
