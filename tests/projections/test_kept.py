"""Rows kept between transactions: what nobody else touched is not asked again, the rest is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from commands import execute as execution
from commands.execute import execute
from ledger.driver import Driver, Question
from ledger.engine import Engine
from ledger.errors import Corrupt, Unavailable
from projections.opening import open_ledger
from projections.rebuild import rebuild
from projections.verify import verify
from tests.given import Story
from tests.steps import approved, pay


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are put to the database from now on."""
    said: list[str] = []
    ask_all = Driver.ask_all

    def heard(driver: Driver, questions: Sequence[Question]) -> list[list[Any]]:
        said.extend(
            statement.split(" FROM ")[1].split()[0].strip(",") for statement, _ in questions
        )
        return ask_all(driver, questions)

    monkeypatch.setattr(Driver, "ask_all", heard)
    return said


@pytest.fixture
def other(url: str) -> Iterator[Engine]:
    """The same ledger, opened by somebody else."""
    engine = open_ledger(url)
    yield engine
    engine.dispose()


@pytest.fixture
def story(engine: Engine) -> Story:
    """A grant with an award that is paid in parts."""
    return Story(engine).given(approved(10_000_000))


def _pays(engine: Engine, amount: int, reference: str) -> str:
    return execute(engine, pay(amount, bank_ref=reference).command).status


def test_the_next_command_asks_only_for_what_is_new(
    story: Story, engine: Engine, asked: list[str]
) -> None:
    assert _pays(engine, 1_000_000, "A") == "recorded"
    asked.clear()
    assert _pays(engine, 1_000_000, "B") == "recorded"
    assert set(asked) == {"bank_references", "commands", "head", "projections"}


def test_what_somebody_else_recorded_is_seen(story: Story, engine: Engine, other: Engine) -> None:
    assert _pays(engine, 4_000_000, "A") == "recorded"
    assert _pays(other, 4_000_000, "B") == "recorded"
    assert _pays(engine, 4_000_000, "C") == "refused"
    assert _pays(engine, 2_000_000, "C") == "recorded"
    assert _pays(other, 1, "D") == "refused"


def test_after_somebody_elses_rebuild_nothing_old_is_written_back(
    story: Story, engine: Engine, other: Engine
) -> None:
    with other.alchemy.begin() as connection:
        connection.execute(text("UPDATE balances SET advanced = advanced + 5"))
    assert _pays(engine, 1_000_000, "A") == "recorded"
    rebuild(other)
    assert _pays(engine, 1_000_000, "B") == "recorded"
    verify(other)


def test_after_a_rebuild_of_ones_own_nothing_old_is_decided_upon(
    story: Story, engine: Engine, other: Engine
) -> None:
    with other.alchemy.begin() as connection:
        connection.execute(text("UPDATE balances SET committed = committed + 50000000"))
        connection.execute(text("UPDATE lines SET award = award + 50000000"))
    assert _pays(engine, 1_000_000, "A") == "recorded"
    rebuild(engine)
    assert _pays(engine, 40_000_000, "B") == "refused"
    assert _pays(engine, 9_000_000, "B") == "recorded"
    verify(engine)


def test_after_a_failure_everything_is_asked_again(
    story: Story, engine: Engine, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _pays(engine, 1_000_000, "A") == "recorded"
    take_in: Callable[..., None] = execution.take_in

    def fail(*arguments: object) -> None:
        take_in(*arguments)
        raise Unavailable("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(execution, "take_in", fail)
        with pytest.raises(Unavailable, match="lights"):
            _pays(engine, 2_000_000, "B")
    asked.clear()
    assert _pays(engine, 9_000_000, "B") == "recorded"
    assert "balances" in asked


@pytest.mark.tampers
def test_where_newer_software_built_the_projections_anew_nothing_is_written(
    story: Story, engine: Engine, other: Engine
) -> None:
    assert _pays(engine, 1_000_000, "A") == "recorded"
    with other.alchemy.begin() as connection:
        connection.execute(text("UPDATE projections SET version = version + 1"))
    with pytest.raises(Corrupt, match="built anew by another version of this software"):
        _pays(engine, 1_000_000, "B")


@pytest.mark.tampers
def test_a_rebuild_by_somebody_else_is_noticed_though_nothing_was_recorded_since(
    story: Story, engine: Engine, other: Engine
) -> None:
    with other.alchemy.begin() as connection:
        connection.execute(text("UPDATE balances SET committed = committed + 50000000"))
    assert execute(engine, pay(1, bank_ref="A").command).status == "recorded"
    rebuild(other)
    assert _pays(engine, 40_000_000, "B") == "refused"
    verify(other)
