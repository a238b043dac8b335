"""Rows kept between transactions: what nobody else touched is not asked again, the rest is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text

from commands import execute as execution
from commands.execute import execute
from ledger import log
from ledger.database.driver import Driver, Question
from ledger.database.engine import Engine
from ledger.errors import Corrupt, Unavailable
from projections.opening import open_ledger
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
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


@pytest.fixture
def deceived(story: Story, engine: Engine, url: str) -> Iterator[Engine]:
    """Whoever keeps rows that say 50,000,000 more than is true, since somebody changed them."""
    _raise_the_award(engine)
    deceived = open_ledger(url)
    assert _pays(deceived, 1_000_000, "A") == "recorded"
    yield deceived
    deceived.dispose()


def _raise_the_award(engine: Engine) -> None:
    with engine.alchemy.begin() as connection:
        connection.execute(text("UPDATE balances SET committed = committed + 50000000"))
        connection.execute(text("UPDATE lines SET award = award + 50000000"))


def test_after_somebody_elses_rebuild_nothing_old_is_decided_upon(
    deceived: Engine, other: Engine
) -> None:
    rebuild(other)
    assert _pays(deceived, 40_000_000, "B") == "refused"
    assert _pays(deceived, 9_000_000, "B") == "recorded"
    verify(other)


def test_after_a_rebuild_of_ones_own_nothing_old_is_decided_upon(deceived: Engine) -> None:
    rebuild(deceived)
    assert _pays(deceived, 40_000_000, "B") == "refused"
    assert _pays(deceived, 9_000_000, "B") == "recorded"
    verify(deceived)


def test_a_command_that_came_before_a_rebuild_of_the_same_process_keeps_nothing_beyond_it(
    deceived: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rebuild was called first, and the command had the lock before it."""
    writing = log.writing

    def after_a_command(engine: Engine) -> AbstractContextManager[log.Writer]:
        monkeypatch.undo()
        assert _pays(deceived, 1_000_000, "B") == "recorded"
        return writing(engine)

    monkeypatch.setattr(log, "writing", after_a_command)
    rebuild(deceived)
    assert _pays(deceived, 40_000_000, "C") == "refused"
    assert _pays(deceived, 8_000_000, "C") == "recorded"
    verify(deceived)


def test_rows_kept_from_before_the_projections_were_lost_are_not_used_after_their_making(
    deceived: Engine, other: Engine
) -> None:
    with other.alchemy.begin() as connection:
        connection.execute(text("DROP TABLE projections"))
    rebuild(other)
    assert _pays(deceived, 40_000_000, "B") == "refused"
    assert _pays(deceived, 9_000_000, "B") == "recorded"
    verify(other)


def test_what_others_write_beside_the_ledger_does_not_make_anything_be_asked_again(
    story: Story, engine: Engine, other: Engine, asked: list[str]
) -> None:
    assert _pays(engine, 1_000_000, "A") == "recorded"
    with other.alchemy.begin() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (x INTEGER)"))
        connection.execute(text("DROP TABLE somebody_elses"))
    asked.clear()
    assert _pays(engine, 1_000_000, "B") == "recorded"
    assert set(asked) == {"bank_references", "commands", "head", "projections"}


def test_after_a_failure_everything_is_asked_again(
    story: Story, engine: Engine, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _pays(engine, 1_000_000, "A") == "recorded"
    fold_appended: Callable[..., None] = execution.fold_appended

    def fail(*arguments: object) -> None:
        fold_appended(*arguments)
        raise Unavailable("the lights went out")

    with monkeypatch.context() as broken:
        broken.setattr(execution, "fold_appended", fail)
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
