"""Rows in a database: found without reading whole tables, and written in generations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ledger.driver import Driver, Question
from ledger.engine import Engine
from projections import folding
from projections.fold import KINDS
from projections.rebuild import rebuild
from projections.rows import Row, columns_of
from projections.store import StoredRows
from projections.verify import verify
from tests.benchmarks.workload import grow

LARGEST_SET = 1_000


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Every question that a driver was asked."""
    questions: list[Question] = []
    ask_all = Driver.ask_all

    def noted(self: Driver, those: Sequence[Question]) -> list[list[Any]]:
        questions.extend(those)
        return ask_all(self, those)

    monkeypatch.setattr(Driver, "ask_all", noted)
    return questions


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
@pytest.mark.parametrize("many", [1, 2, 9, LARGEST_SET])
def test_no_group_of_rows_is_sought_by_reading_its_whole_table(
    engine: Engine, asked: list[Question], kind: type[Row], many: int
) -> None:
    with engine.driver() as driver:
        StoredRows(driver).fetch((kind, _prefix(kind, place)) for place in range(many))
        plans = [step for question in list(asked) for step in _plan(driver, question)]
    assert plans
    assert not [step for step in plans if step.startswith(f"SCAN {kind.table}")]


def _prefix(kind: type[Row], place: int) -> tuple[int, ...]:
    return tuple(range(place, place + len(columns_of(kind)[: kind.group])))


def _plan(driver: Driver, question: Question) -> Iterator[str]:
    statement, values = question
    for *_, step in driver.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values):
        yield step


@pytest.fixture
def grown(engine: Engine) -> Engine:
    """A ledger of some thousand events, of all kinds."""
    grow(engine.url, 4_000)
    return engine


def test_a_rebuild_that_forgets_all_the_time_builds_the_same(
    grown: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as forgetful:
        forgetful.setattr(folding, "REMEMBERED", 70)
        rebuild(grown)
    verify(grown)


def test_verify_forgets_all_the_time_and_finds_the_same(
    grown: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "REMEMBERED", 70)
    verify(grown)
