"""The clock is held against the server's, and against the machine's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app import timekeeper
from app.timekeeper import Timekeeper
from ledger import log
from ledger.database.engine import Engine, connect
from ledger.errors import ClockInDoubt, Unavailable


@contextmanager
def moved(seconds: float) -> Iterator[None]:
    """What this process takes for the time of day is moved; all other clocks are real."""
    with pytest.MonkeyPatch.context() as patch:
        ahead = timedelta(seconds=seconds)
        patch.setattr(log, "now", lambda: datetime.now(UTC) + ahead)
        yield


FOUR_YEARS = 4 * 365 * 86_400


@pytest.mark.parametrize("seconds", [0, 30, -30])
def test_a_clock_that_is_less_than_a_minute_off_is_believed(engine: Engine, seconds: int) -> None:
    with moved(seconds):
        Timekeeper(engine).check()


@pytest.mark.parametrize("seconds", [90, -90, FOUR_YEARS, -FOUR_YEARS])
def test_a_clock_that_disagrees_with_a_postgresql_servers_is_in_doubt(
    engine: Engine, seconds: int
) -> None:
    """Beside a SQLite file there is no other clock to ask."""
    with moved(seconds):
        keeper = Timekeeper(engine)
        if engine.dialect == "sqlite":
            keeper.check()
            return
        with pytest.raises(ClockInDoubt, match="the database server's") as doubt:
            keeper.check()
        assert f"{log.now() + timedelta(hours=9):%Y-%m-%d}" in str(doubt.value)
        assert f"{datetime.now(UTC) + timedelta(hours=9):%Y-%m-%d}" in str(doubt.value)


@pytest.mark.parametrize("seconds", [90, -90, FOUR_YEARS, -FOUR_YEARS])
def test_a_clock_that_is_moved_while_it_is_watched_is_in_doubt(
    engine: Engine, seconds: int
) -> None:
    keeper = Timekeeper(engine)
    keeper.check()
    with moved(seconds), pytest.raises(ClockInDoubt, match="moved by"):
        keeper.check()
    keeper.check()


def test_the_time_of_a_server_is_read_to_the_microsecond(engine: Engine) -> None:
    if engine.dialect == "sqlite":
        return
    with engine.driver() as driver:
        first, second = timekeeper.server_clock(driver), timekeeper.server_clock(driver)
    assert first < second


def test_a_server_that_is_out_of_reach_is_no_clock_in_doubt(engine: Engine) -> None:
    if engine.dialect == "sqlite":
        return
    away = connect("postgresql://nobody@127.0.0.1:1/nowhere", wait_seconds=0.1)
    with pytest.raises(Unavailable) as out_of_reach:
        Timekeeper(away).check()
    assert not isinstance(out_of_reach.value, ClockInDoubt)
