"""A process in the middle of `rebuild` or `verify`: killed there, or others at work meanwhile."""

from __future__ import annotations

import signal
from collections.abc import Callable
from random import Random
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from commands.execute import execute
from ledger import log
from projections.questions.roll_ups import BYS
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.asked import balances
from tests.benchmarks.places import plain
from tests.faults.cluster import in_background, until
from tests.faults.kills import duration, killed_in_the_middle
from tests.faults.ledgers import opened
from tests.faults.nursery import PATIENCE, Child, Nursery
from tests.faults.work import everything
from tests.faults.writers import Load, prepared, reckoned

MIDDLE = 100
"""A position in the middle of a grown ledger."""

TODAY = "2026-01-01"
IMPATIENT = {"wait": 0.3}


def test_killed_at_any_moment_it_leaves_the_old_projections_whole(
    nursery: Nursery, grown_url: str
) -> None:
    random = Random(6)
    whole_time = duration(nursery, "recompute", url=grown_url, what="rebuild")
    for number, what in enumerate(["rebuild", "verify"] * 2):
        with opened(grown_url) as engine:
            before = everything(engine)
        if number < 2:
            _stopped(nursery, grown_url, what).kill()
        else:
            order = {"url": grown_url, "what": what}
            killed_in_the_middle(nursery, whole_time, random, "recompute", **order)
        with opened(grown_url) as engine:
            assert everything(engine) == before
            verify(engine)
            assert execute(engine, _company(number)).status == "recorded"
    with opened(grown_url) as engine:
        assert rebuild(engine) == verify(engine).events


def test_while_one_process_rebuilds_writers_wait_or_say_that_the_ledger_is_busy(
    nursery: Nursery, grown_url: str
) -> None:
    with opened(grown_url) as engine:
        before = everything(engine)[0]
    builder = _stopped(nursery, grown_url, "rebuild")
    patient = nursery.fork("send", url=grown_url, commands=[_company(1)])
    also_rebuilding = nursery.fork("recompute", url=grown_url, what="rebuild")
    busy = nursery.done("send", url=grown_url, commands=[_company(2)], under=IMPATIENT)
    assert _failure(busy) == ("Busy", True)
    assert not patient.all("answer")
    builder.signal(signal.SIGCONT)
    assert builder.hear("finished")["events"] == before
    assert patient.hear("answer")["status"] == "recorded"
    also_rebuilding.hear("finished")
    for child in (builder, patient, also_rebuilding):
        child.well()
    again = nursery.done("send", url=grown_url, commands=[_company(1), _company(2)])
    assert [said["status"] for said in again.all("answer")] == ["duplicate", "recorded"]
    with opened(grown_url) as engine:
        assert verify(engine).events == before + 2


def test_while_one_process_rebuilds_every_question_has_its_whole_old_answer(
    nursery: Nursery, grown_url: str
) -> None:
    with opened(grown_url) as engine:
        before = everything(engine)
    builder = _stopped(nursery, grown_url, "rebuild")
    meanwhile = nursery.done("ask", url=grown_url, times=4, under=IMPATIENT)
    verifying = nursery.done("recompute", url=grown_url, what="verify", under=IMPATIENT)
    dry_run = nursery.done("call", arguments=[*_CLOSING, "--ledger", grown_url], under=IMPATIENT)
    builder.signal(signal.SIGCONT)
    builder.hear("finished")
    builder.well()
    assert _answers(meanwhile) == [before] * 4
    assert verifying.all("finished")
    assert dry_run.all("finished")[0]["code"] == 0


def test_questions_asked_while_rebuilds_come_and_go_never_find_less_than_everything(
    nursery: Nursery, grown_url: str
) -> None:
    with opened(grown_url) as engine:
        before = everything(engine)
    reader = nursery.fork("ask", url=grown_url)
    for _ in range(4):
        nursery.done("recompute", url=grown_url, what="rebuild")
    reader.hear("answer", "wrong")
    reader.kill()
    answers = _answers(reader)
    assert answers == [before] * len(answers)
    assert len(answers) > 2


def test_a_rebuild_does_not_wait_for_readers_nor_change_what_they_see(
    nursery: Nursery, grown_url: str
) -> None:
    with opened(grown_url) as engine, log.reading(engine) as connection:
        rows = {by: balances(connection, by, today=TODAY) for by in BYS[:-1]}
        rebuilt = nursery.done("recompute", url=grown_url, what="rebuild", under=IMPATIENT)
        assert rebuilt.all("finished"), rebuilt.said
        for by, before in rows.items():
            assert balances(connection, by, today=TODAY) == before
        assert len(balances(connection, BYS[-1], today=TODAY)) == 27


# ── after an upgrade ─────────────────────────────────────────────────────────────────────────


def test_of_four_processes_that_open_an_older_ledger_one_rebuilds_it(
    nursery: Nursery, grown_url: str
) -> None:
    _outdate(grown_url)
    openers = [nursery.fork("open-up", url=grown_url) for _ in range(4)]
    for opener in openers:
        opener.hear("finished")
        opener.well()
    assert [len(opener.all("rebuilding")) for opener in openers].count(1) == 1
    with opened(grown_url) as engine:
        verify(engine)


def test_who_opens_an_older_ledger_waits_for_the_rebuild_of_another_as_long_as_it_goes_on(
    nursery: Nursery, grown_url: str
) -> None:
    _outdate(grown_url)
    builder = nursery.fork("open-up", url=grown_url, slowly=True)
    builder.hear("rebuilding")
    waiting = nursery.fork("open-up", url=grown_url, under={"wait": 1.0})
    waiting.hear("finished", "failed")
    assert waiting.all("finished"), waiting.said
    assert not waiting.all("rebuilding")
    assert builder.hear("finished")


def test_who_opens_an_older_ledger_does_not_wait_for_ever_for_one_that_hangs(
    nursery: Nursery, grown_url: str
) -> None:
    _outdate(grown_url)
    builder = _stopped(nursery, grown_url, "rebuild")
    waiting = nursery.done("open-up", url=grown_url, under=IMPATIENT)
    assert _failure(waiting) == ("Busy", True)
    builder.kill()


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_tables_are_made_anew_while_writers_are_at_work_and_nobody_waits_for_ever(
    new_url: Callable[[], str],
) -> None:
    url = prepared(new_url())
    with Load(url) as load, opened(url) as engine:
        for _ in range(4):
            load.goes_on(10)
            with engine.alchemy.begin() as connection:
                connection.execute(text("DROP INDEX postings_by_grant"))
            rebuild(engine)
        load.goes_on(10)
    assert reckoned(url, load.writers).is_whole


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_command_that_the_server_gives_up_for_anothers_sake_is_sent_again(
    grown_url: str,
) -> None:
    with opened(grown_url) as engine, psycopg.connect(plain(grown_url)) as beside:
        beside.execute("SET deadlock_timeout = '1min'")  # so that it is the command that is ended
        beside.execute("LOCK TABLE companies IN ACCESS EXCLUSIVE MODE")
        sent = in_background(lambda: execute(engine, _company(1)))
        until(lambda: _waits_for_a_lock(grown_url))
        beside.execute("SELECT 1 FROM head FOR UPDATE")
        beside.rollback()
        assert sent.result(PATIENCE).status == "recorded"


def _waits_for_a_lock(url: str) -> bool:
    with psycopg.connect(plain(url)) as looking:
        question = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(looking.execute(question).fetchall())


def _outdate(url: str) -> None:
    """Leave a ledger as an older version of this software left it."""
    with opened(url) as engine, engine.alchemy.begin() as connection:
        connection.execute(text("UPDATE projections SET version = version - 1"))


_CLOSING = (
    *("close-year", "--year", "2023", "--effective-on", "2024-01-31", "--actor", "lee"),
    "--dry-run",
)


def _stopped(nursery: Nursery, url: str, what: str) -> Child:
    """A process that stands still in the middle of its work, with its transaction open."""
    child = nursery.fork("recompute", url=url, what=what, stop_at=MIDDLE)
    child.hear("stopping")
    return child


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


def _failure(child: Child) -> tuple[str, bool]:
    """What kind of error a child met, and whether it says that the ledger is busy."""
    (failed,) = child.all("failed")
    return failed["kind"], "busy" in failed["message"]


def _answers(reader: Child) -> list[tuple[int, str]]:
    """What a reader was told; not one of its questions may have gone wrong."""
    assert not reader.all("wrong"), reader.all("wrong")[0]
    return [(said["size"], said["digest"]) for said in reader.all("answer")]
