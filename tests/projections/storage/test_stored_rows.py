"""Rows in a database: found without reading whole tables, and written in generations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest

from ledger import log
from ledger.database.driver import Driver, Question
from ledger.database.engine import Engine
from ledger.errors import Unavailable
from projections.flows import Posting
from projections.fold import KINDS
from projections.replay import folding
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from projections.rows import Row, columns_of
from projections.storage.stored_rows import StoredRows
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


def test_what_was_written_is_not_added_up_a_second_time_however_much_follows(
    engine: Engine,
) -> None:
    """As rows that are kept from one transaction to the next."""

    def paid(seq: int) -> Posting:
        line = ("prototype", 2025, "G1", "609-86-00005", "")
        return Posting(seq, 0, "2025-04-01", *line, "committed", "advanced", seq)

    found = []
    with suppress(Unavailable), log.writing(engine) as writer:
        rows = StoredRows(writer.driver)
        for first, last in ((1, 3), (3, 6), (6, 7)):
            for seq in range(first, last):
                rows.post(paid(seq))
            later = rows.changes_after("2025-01-01", (("grant", "G1"),))
            found.append(sorted(won for *_, won in later))
            rows.flush()
        raise Unavailable("nothing of it is kept")
    assert found == [[1, 2], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]]
