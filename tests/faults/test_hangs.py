"""A writer on PostgreSQL that stops with the lock in its hand is ended, and another goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from commands.execute import execute
from ledger import log
from ledger.database import postgresql
from ledger.database.engine import Engine
from ledger.errors import Busy, Disconnected
from projections.opening import open_ledger
from projections.replay.verify import verify
from tests.benchmarks.places import plain
from tests.faults.cluster import in_background, until
from tests.faults.ledgers import opened
from tests.faults.nursery import PATIENCE, Nursery
from tests.faults.stops import Stopping

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

IMPATIENT = {"silence": 1.0}  # seconds after which a writer is ended, not five minutes


@pytest.fixture
def waiting(grown_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Who waits somewhat longer for the lock than a writer may be silent with it."""
    engine = open_ledger(grown_url, wait_seconds=3)
    monkeypatch.setattr(postgresql, "LONGEST_SILENCE_SECONDS", IMPATIENT["silence"])
    yield engine
    engine.dispose()


@pytest.mark.parametrize("asked", [1, 2, 3], ids=["at the lock", "at its rows", "later"])
def test_a_writer_that_stops_with_the_lock_in_its_hand_is_ended_and_another_goes_on(
    nursery: Nursery, grown_url: str, waiting: Engine, asked: int
) -> None:
    hung = nursery.fork("hang", url=grown_url, asked=asked, under=IMPATIENT)
    hung.hear("stopping")
    assert execute(waiting, _company(1)).status == "recorded"
    hung.signal(signal.SIGCONT)  # it finds its connection ended, and sends its command again
    assert hung.hear("finished")["status"] in ("recorded", "refused")
    hung.well()
    verify(waiting)


@pytest.mark.parametrize("job", ["hang-in-the-middle", "hang-before-an-answer"])
def test_one_that_stops_within_a_question_or_before_an_answer_is_ended_too(
    nursery: Nursery, grown_url: str, waiting: Engine, job: str
) -> None:
    hung = nursery.fork(job, url=grown_url, under=IMPATIENT)
    hung.hear("stopping")
    assert execute(waiting, _company(1)).status == "recorded"
    hung.kill()
    verify(waiting)


def test_a_rebuild_that_stops_is_ended_and_a_writer_goes_on(
    nursery: Nursery, grown_url: str, waiting: Engine
) -> None:
    hung = nursery.fork("recompute", url=grown_url, what="rebuild", stop_at=100, under=IMPATIENT)
    hung.hear("stopping")
    assert execute(waiting, _company(1)).status == "recorded"
    hung.kill()
    verify(waiting)


def test_a_writer_that_asks_each_question_alone_is_ended_by_the_server_itself(
    grown_url: str, waiting: Engine
) -> None:
    """As a rebuild or a large batch does, after the first rows that are too many to go along."""
    rows = [(number, number, "") for number in range(10_000, 10_200)]

    def falls_silent() -> None:
        with opened(grown_url) as engine, log.writing(engine) as writer:
            writer.driver.put("reversals", ("entry", "by", "day"), (), new=rows)
            until(lambda: not _holders(grown_url))

    with pytest.raises(Disconnected):
        falls_silent()
    assert execute(waiting, _company(1)).status == "recorded"


def test_one_whose_question_takes_long_is_not_ended_by_who_waits(
    grown_url: str, waiting: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def works_long() -> None:
        with opened(grown_url) as engine, log.writing(engine) as writer:
            writer.driver.ask("SELECT pg_sleep(6)")

    working = in_background(works_long)
    until(lambda: bool(_holders(grown_url)))
    monkeypatch.setattr(postgresql, "LONGEST_SILENCE_SECONDS", 0.0)
    with pytest.raises(Busy):
        execute(waiting, _company(1))
    working.result(PATIENCE)


def _holders(url: str) -> list[Any]:
    with psycopg.connect(plain(url)) as looking:
        question = """
            SELECT FROM pg_locks WHERE relation = 'head'::regclass AND mode = 'RowShareLock'"""
        return looking.execute(question).fetchall()


def test_stopped_at_any_moment_it_holds_up_nobody_and_nothing_is_lost(
    nursery: Nursery, new_url: Callable[[], str]
) -> None:
    tally = Stopping(4).run(nursery, new_url)
    assert not tally.harm
    assert tally.kills == 4


def _company(number: int) -> dict[str, Any]:
    return {
        "command": "register_company",
        "id": f"after-{number}",
        "actor": "kim",
        "effective_on": "2024-01-02",
        "business_number": f"900-81-{number:05d}",
        "name": f"나중 {number}",
        "party_type": "company",
        "size": "sme",
    }
