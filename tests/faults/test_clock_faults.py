"""Clocks that are wrong: set back by an hour, also over midnight; four years ahead for one wake.

The processes are real; what they take for the time of day is moved in each of them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from ledger import log
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.seoul import day_of, year_of
from projections.replay.verify import verify
from tests.faults.ledgers import opened, told, told_of, undisturbed
from tests.faults.nursery import Nursery
from tests.faults.tally import Tally, Track, look

AN_HOUR = timedelta(hours=1)


def instants(engine: Engine) -> list[datetime]:
    """When each event was recorded, in order of position; strictly one after another."""
    with log.reading(engine) as connection:
        rows = connection.execute(
            select(tables.events.c.seq, tables.events.c.recorded_at).order_by(tables.events.c.seq)
        ).all()
    found = [datetime.fromisoformat(row.recorded_at) for row in rows]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert all(earlier < later for earlier, later in pairwise(found))
    return found


def test_after_the_clock_was_set_back_everything_goes_on_in_order(
    nursery: Nursery, url: str
) -> None:
    newest = []
    for first, until, batch, moved in (
        (0, 30, 1, 0),
        (30, 60, 1, -1),
        (60, 90, 7, -1),
        (90, 0, 25, 0),
    ):
        nursery.done(
            "write",
            url=url,
            stream="finance",
            first=first,
            until=until or None,
            batch=batch,
            under={"clock": (datetime.now(UTC) + moved * AN_HOUR).isoformat()},
        )
        with opened(url) as engine:
            newest.append(instants(engine)[-1])
    an_instant = timedelta(milliseconds=1)
    assert newest[0] < newest[1] < newest[2] < newest[0] + an_instant < newest[3]
    with opened(url) as engine:
        verify(engine)
        assert told_of(engine, "finance") == undisturbed("finance").order


def test_two_writers_of_which_one_has_its_clock_set_back_write_in_one_order(
    nursery: Nursery, url: str
) -> None:
    now, tracks = datetime.now(UTC), [Track("finance"), Track("desk")]
    writers = [
        nursery.fork(
            "write",
            url=url,
            stream=track.stream,
            until=120,
            batch=5,
            under={"clock": clock.isoformat()},
        )
        for track, clock in zip(tracks, (now, now - AN_HOUR), strict=True)
    ]
    for track, writer in zip(tracks, writers, strict=True):
        track.take_in(writer.well().said)
    tally = Tally()
    look(url, tracks, tally, whole=True)
    assert tally.harm == {}
    with opened(url) as engine:
        assert instants(engine)[-1] < now + AN_HOUR


BEFORE_MIDNIGHT = {"clock": "2031-12-31T14:30:00+00:00"}  # 23:30 in Seoul
AFTER_MIDNIGHT = {"clock": "2031-12-31T15:30:00+00:00"}  # 00:30 on New Year's day


def test_a_clock_set_back_over_midnight_in_seoul_opens_no_year_twice_and_stops_nobody(
    nursery: Nursery, url: str
) -> None:
    registered, undated = _register(1), _apply("G1")
    dated = _register(2, effective_on="2032-01-01")
    withdrawn = {"command": "withdraw", "id": "w", "actor": "kim", "grant": "G1", "reason": "철회"}

    def send(under: dict[str, str], *commands: dict[str, Any]) -> list[str]:
        child = nursery.done("send", url=url, commands=list(commands), under=under)
        return [said["rule"] or said["status"] for said in child.all("answer")]

    def due(under: dict[str, str]) -> list[str]:
        child = nursery.done("do-what-is-due", url=url, under=under)
        return [said["id"] for said in child.all("answer")]

    assert send(BEFORE_MIDNIGHT, _register(0)) == ["recorded"]
    assert due(AFTER_MIDNIGHT) == ["open-year:2032"]
    assert send(AFTER_MIDNIGHT, registered, undated) == ["recorded", "recorded"]
    assert due(BEFORE_MIDNIGHT) == []
    assert send(BEFORE_MIDNIGHT, registered, _register(3)) == ["duplicate", "recorded"]
    assert send(BEFORE_MIDNIGHT, dated, withdrawn) == ["future-dated", "out-of-order"]
    assert due(AFTER_MIDNIGHT) == []
    assert send(AFTER_MIDNIGHT, dated, withdrawn) == ["recorded", "recorded"]
    with opened(url) as engine:
        verify(engine)
        instants(engine)
        days = {event["command_id"]: event["effective_on"] for event in told(engine)}
    assert (days["register-1"], days["register-3"]) == ("2032-01-01", "2031-12-31")


# ── four years ahead, and back ───────────────────────────────────────────────────────────────


THIS_YEAR = year_of(day_of(datetime.now(UTC)))
YEARS = range(THIS_YEAR - 1, THIS_YEAR + 4)
"""What a clock four years ahead would close: last year, this one and the three after it."""


def ahead() -> str:
    """Now, four years later."""
    return (datetime.now(UTC) + timedelta(days=4 * 365 + 1)).isoformat()


def an_office(nursery: Nursery, url: str) -> None:
    """Last year and this one are open, and this one has a budget."""
    opening = [
        {"command": "open_year", "id": f"y{year}", "actor": "kim", "year": year}
        for year in YEARS[:2]
    ]
    assert answers(nursery, url, *opening, allocate(1)) == ["recorded"] * 3


def allocate(number: int) -> dict[str, Any]:
    """A budget for this year."""
    budget = {"programme": "prototype", "year": THIS_YEAR, "amount": 1_000_000}
    return {"command": "allocate_budget", "id": f"a{number}", "actor": "kim"} | budget


def answers(nursery: Nursery, url: str, *commands: dict[str, Any]) -> list[str]:
    """What comes of commands under a clock that is right."""
    child = nursery.done("send", url=url, commands=list(commands))
    return [said["rule"] or said["status"] for said in child.all("answer")]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_clock_ahead_of_the_servers_does_nothing_whoever_confirms_it(
    nursery: Nursery, url: str, engine_name: str, confirmed: bool
) -> None:
    an_office(nursery, url)
    with opened(url) as engine:
        before = told(engine)
    if engine_name == "postgresql":
        child = nursery.done(
            "do-what-is-due", url=url, confirmed=confirmed, under={"own_clock": ahead()}
        )
        (failed,) = child.all("failed")
        assert failed["kind"] == "ClockInDoubt"
        assert "nothing is done" in failed["message"]
        with opened(url) as engine:
            assert told(engine) == before
    assert answers(nursery, url, allocate(2)) == ["recorded"]


def test_a_wake_under_a_clock_four_years_ahead_does_nothing_and_says_what_waits(
    nursery: Nursery, url: str
) -> None:
    """Also where the server's clock is as wrong, or there is no server."""
    an_office(nursery, url)
    with opened(url) as engine:
        before = told(engine)
    child = nursery.done("do-what-is-due", url=url, under={"clock": ahead()})
    assert child.all("answer") == []
    waiting = [said["id"] for said in child.all("waits")]
    assert waiting[:4] == [f"open-year:{year}" for year in range(THIS_YEAR + 1, THIS_YEAR + 5)]
    assert waiting[4] == f"close-year:{THIS_YEAR - 1}"
    with opened(url) as engine:
        assert told(engine) == before
    assert answers(nursery, url, allocate(2)) == ["recorded"]


def test_years_that_were_closed_under_a_wrong_clock_are_reopened_and_the_office_goes_on(
    nursery: Nursery, url: str
) -> None:
    an_office(nursery, url)
    child = nursery.done("do-what-is-due", url=url, confirmed=True, under={"clock": ahead()})
    assert {said["status"] for said in child.all("answer")} == {"recorded"}
    closed = [said["id"] for said in child.all("answer") if said["id"].startswith("close-year")]
    assert answers(nursery, url, allocate(2)) == ["year-closed"]
    reopening = [
        {"command": "reopen_year", "id": f"r{year}", "actor": "lee", "year": year, "reason": "시계"}
        for year in reversed(YEARS[: len(closed)])
    ]
    assert answers(nursery, url, *reopening, allocate(2)) == ["recorded"] * (len(closed) + 1)
    for confirmed in (False, True):
        child = nursery.done("do-what-is-due", url=url, confirmed=confirmed)
        assert (child.all("answer"), child.all("waits")) == ([], [])
    with opened(url) as engine:
        verify(engine)
        instants(engine)
        days = {event["command_id"]: event["effective_on"] for event in told(engine)}
    assert days["a2"] == days["a1"] < days[closed[-1]]


def _register(number: int, **dated: str) -> dict[str, Any]:
    return {
        "command": "register_company",
        "id": f"register-{number}",
        "actor": "kim",
        "business_number": f"900-81-{number:05d}",
        "name": f"기업 {number}",
        "party_type": "company",
        "size": "sme",
        **dated,
    }


def _apply(grant: str) -> dict[str, Any]:
    line = {"company": "900-81-00001", "year": 2032, "total_cost": 3_000_000, "subsidy": 1_500_000}
    return {
        "command": "apply",
        "id": "a",
        "actor": "kim",
        "grant": grant,
        "programme": "rbd_consulting",
        "title": "기획",
        "lead": "900-81-00001",
        "lines": [line],
    }
