"""A dry run answers what would be recorded and the balances after it, and writes nothing."""

from __future__ import annotations

from typing import Any

from commands.execute import dry_run, dry_run_all, execute_all
from commands.receipts import Receipt
from ledger.database.engine import Engine
from projections.questions.roll_ups import KEYS
from tests.given import Given, _in_order
from tests.steps import (
    DAON,
    HANBIT,
    accepted,
    allocate,
    applied,
    approve,
    approved,
    budgeted,
    cancel,
    close_year,
    line,
    paid,
    pay,
    reverse,
)


def test_what_would_be_recorded_is_answered_and_not_written(engine: Engine, given: Given) -> None:
    story = given(budgeted(30_000_000), approved(10_000_000))
    size, before = story.size, story.standing()
    receipt = dry_run(engine, pay(4_000_000).command)
    assert receipt.status == "recorded"
    assert receipt.events == [size + 1]
    assert receipt.balances is not None
    (line,) = [row for row in receipt.balances if row["by"] == "line"]
    assert (line["company"], line["committed"], line["advanced"]) == (HANBIT, 6_000_000, 4_000_000)
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


def test_each_of_several_is_answered_as_if_those_before_it_had_been_recorded(
    engine: Engine, given: Given
) -> None:
    story = given(approved(10_000))
    size, before = story.size, story.standing()
    asked = [pay(6_000, bank_ref="A"), pay(6_000, bank_ref="B"), pay(4_000, bank_ref="C")]
    first, second, third = dry_run_all(engine, [step.command for step in asked])
    assert (first.status, first.events) == ("recorded", [size + 1])
    assert (second.rule, second.fits) == ("within-award", 4_000)
    assert (third.status, third.events) == ("recorded", [size + 2])
    assert [_line(receipt)["advanced"] for receipt in (first, third)] == [6_000, 10_000]
    assert (story.size, story.standing()) == (size, before)
    really = execute_all(engine, [step.command for step in asked])
    assert [receipt.status for receipt in really] == ["recorded", "refused", "recorded"]


def test_what_would_have_been_recorded_is_known_to_what_follows(
    engine: Engine, given: Given
) -> None:
    story = given(approved(10_000))
    paying = pay(6_000).but(id="pay-1")
    undone = reverse("pay-1")
    steps = [paying, paying, undone, reverse("pay-1"), close_year(), close_year()]
    found = list(dry_run_all(engine, [step.command for step in steps]))
    assert [receipt.status for receipt in found[:3]] == ["recorded", "duplicate", "recorded"]
    assert found[1].first is not None
    assert found[1].events == found[0].events
    assert [receipt.rule for receipt in found[3:]] == ["not-reversible", None, "wrong-status"]
    assert found[4].events[0] == story.size + 3


def test_a_grant_s_whole_life_may_be_foreseen_on_an_empty_ledger(
    engine: Engine, given: Given
) -> None:
    story = given()
    steps = list(_in_order((approved(10_000), paid(4_000)), set()))
    found = list(dry_run_all(engine, [step.command for step in steps]))
    assert {receipt.status for receipt in found} == {"recorded"}
    assert _line(found[-1])["advanced"] == 4_000
    story.given(approved(10_000), paid(4_000))


def _line(receipt: Receipt) -> dict[str, Any]:
    assert receipt.balances is not None
    (found,) = [row for row in receipt.balances if row["by"] == "line"]
    return found


def test_the_balances_after_are_those_that_a_question_gives_once_it_is_recorded(
    engine: Engine, given: Given
) -> None:
    """With ceilings and headroom, whatever the programme works by."""
    patent = {"programme": "domestic_patent", "grant": "G2"}
    cases = line(1_400_000, case="P-1"), line(700_000, case="P-2", company=DAON)
    story = given(
        budgeted(), approved(10_000_000), applied(*cases, **patent), budgeted(**_programme(patent))
    )
    for asked in (
        approve(grant="G2"),
        pay(4_000_000),
        pay(1_000, case="p 1", grant="G2"),
        allocate(-5_000),
        cancel(),
        close_year(on="2026-01-31"),
    ):
        foreseen = dry_run(engine, asked.command).as_json()
        assert foreseen["dry_run"] is True
        story.when(asked).recorded()
        assert foreseen["balances"]
        for row in foreseen["balances"]:
            keys = {name: row[name] for name in KEYS[row["by"]] if row[name] is not None}
            assert row == {"by": row["by"]} | story.row(row["by"], **keys)


def _programme(at: dict[str, str]) -> dict[str, str]:
    return {"programme": at["programme"]}


def test_the_receipt_of_a_dry_run_says_that_it_is_one_whatever_came_of_it(
    engine: Engine, given: Given
) -> None:
    story = given(approved(10_000))
    said = {"dry_run": True, "balances": []}
    refused = dry_run(engine, pay(10_001).command).as_json()
    assert refused | said == refused
    invalid = dry_run(engine, {}).as_json()
    assert invalid | said == invalid
    recorded = story.when(pay(1)).recorded().receipt.as_json()
    assert not recorded.keys() & said.keys()


def test_a_dry_run_warns_as_the_real_one_does(engine: Engine, given: Given) -> None:
    story = given(approved(10_000_000), accepted(8_000_000))
    asked = pay(5_000_000, on="2025-07-01")
    foreseen = dry_run(engine, asked.command).as_json()["warnings"]
    assert foreseen == story.when(asked).recorded().receipt.as_json()["warnings"]
    assert [one["slug"] for one in foreseen] == ["part-advance"]
