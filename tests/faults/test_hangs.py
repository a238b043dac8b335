"""A writer on PostgreSQL that stops with the lock in its hand is ended by the server."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

from commands.execute import execute
from projections.verify import verify
from tests.faults.ledgers import opened
from tests.faults.nursery import Nursery
from tests.faults.stops import Stopping

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

IMPATIENT = {"silence": 1.0}  # seconds after which the server ends a writer, not five minutes


@pytest.mark.parametrize("asked", [1, 2, 3], ids=["at the lock", "at its rows", "later"])
def test_a_writer_that_stops_with_the_lock_in_its_hand_is_ended_and_another_goes_on(
    nursery: Nursery, grown_url: str, asked: int
) -> None:
    hung = nursery.fork("hang", url=grown_url, asked=asked, under=IMPATIENT)
    hung.hear("stopping")
    with opened(grown_url) as engine:
        assert execute(engine, _company(1)).status == "recorded"
        hung.signal(signal.SIGCONT)  # it finds its connection ended, and sends its command again
        assert hung.hear("finished")["status"] in ("recorded", "refused")
        hung.well()
        verify(engine)


def test_a_rebuild_that_stops_is_ended_and_a_writer_goes_on(
    nursery: Nursery, grown_url: str
) -> None:
    hung = nursery.fork("recompute", url=grown_url, what="rebuild", stop_at=100, under=IMPATIENT)
    hung.hear("stopping")
    with opened(grown_url) as engine:
        assert execute(engine, _company(1)).status == "recorded"
        hung.kill()
        verify(engine)


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
