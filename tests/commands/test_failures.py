"""Of several commands one fails outside the rules: each has an outcome, and nothing is hidden."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from commands.execute import execute, execute_all
from commands.receipts import Failed
from ledger.database.engine import Engine
from projections.opening import open_ledger
from tests.given import Given
from tests.steps import HANBIT, approved, budgeted, item, pay
from tests.steps import claim as claim_of

pytestmark = pytest.mark.tampers


@pytest.fixture
def without_terms(engine: Engine, url: str, given: Given) -> Iterator[Engine]:
    """A ledger whose `prototype` has lost the edition that a line was approved under."""
    given(
        approved(10_000_000),
        budgeted(5_000, programme="training"),
    )
    with engine.driver() as driver:
        driver.begin()
        driver.do("DELETE FROM editions WHERE programme = 'prototype'")
        driver.commit()
    another = open_ledger(url)  # which remembers nothing
    yield another
    another.dispose()


def _budget(amount: int) -> dict[str, object]:
    return {
        "command": "allocate_budget",
        "actor": "kim",
        "effective_on": "2025-03-01",
        "programme": "training",
        "year": 2025,
        "amount": amount,
    }


def test_every_command_of_a_batch_has_an_outcome_of_its_own(without_terms: Engine) -> None:
    batch = [_budget(1), pay(5).command, _budget(2), _budget(3)]
    first, second, third, fourth = execute_all(without_terms, batch)
    assert [first.status, third.status, fourth.status] == ["recorded"] * 3
    assert isinstance(second, Failed)
    assert (second.status, second.command) == ("failed", "disburse")
    assert second.id
    assert isinstance(second.error, AssertionError)
    assert "prototype" in str(second.error)
    assert [first.events[0] + 1, third.events[0] + 1] == [third.events[0], fourth.events[0]]


def test_what_failed_together_is_logged(
    without_terms: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        list(execute_all(without_terms, [_budget(1), pay(5).command]))
    (record,) = caplog.records
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], AssertionError)
    assert "batch of 2" in record.getMessage()


def test_stopping_at_a_refusal_stops_at_a_failure_too(without_terms: Engine) -> None:
    batch = [_budget(1), pay(5).command, _budget(2)]
    outcomes = list(execute_all(without_terms, batch, stop_on_refusal=True))
    assert [outcome.status for outcome in outcomes] == ["recorded", "failed"]


def test_a_batch_in_which_all_fail_has_all_outcomes(without_terms: Engine) -> None:
    costs = claim_of(item(1, evidence="A"), company=HANBIT).command
    outcomes = list(execute_all(without_terms, [pay(5).command, costs]))
    assert [outcome.status for outcome in outcomes] == ["failed", "failed"]


def test_one_command_alone_raises_what_failed(without_terms: Engine) -> None:
    with pytest.raises(AssertionError, match="prototype"):
        execute(without_terms, pay(5).command)
    (outcome,) = execute_all(without_terms, [pay(5).command])
    assert outcome.status == "failed"
