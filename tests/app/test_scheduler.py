"""The year-end clock: doing what is due once whoever else does, waiting for persons, waking."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from freezegun import freeze_time

from app import late, scheduler, timekeeper
from app.late import late_days
from app.scheduler import Clock, Done, look, run, run_due
from app.timekeeper import Timekeeper
from commands.execute import execute, execute_all
from commands.receipts import Receipt
from ledger import log, reading
from ledger.database.driver import driver_of
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import ClockInDoubt, Corrupt, Misused
from projections.balances import line_key, programme_key
from projections.books import Books
from projections.due import Due
from projections.opening import open_ledger
from projections.storage.stored_rows import StoredRows

ROOT = Path(__file__).parents[2]
COMPANY = "100-81-00008"
PATIENCE = 30.0  # seconds a clock may take to do what it is watched for


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(late.SETTING, raising=False)


@pytest.fixture(autouse=True)
def _one_time_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where time is frozen, the server's and the machine's clocks show the same."""
    monkeypatch.setattr(timekeeper, "server_clock", lambda _: log.now())
    up = timedelta(seconds=1)
    monkeypatch.setattr(timekeeper, "machine_clock", lambda: up * log.now().timestamp())


def at(seoul: str) -> Any:
    """Freeze the clock at a time in Seoul: a century ahead, later than the ledger was made."""
    return freeze_time(f"{seoul}+09:00")


@contextmanager
def books(engine: Engine) -> Iterator[Books]:
    with log.reading(engine) as connection:
        yield Books(StoredRows(driver_of(connection)), log.reader(connection), "2129-01-01")


def years(engine: Engine) -> dict[int, str]:
    with books(engine) as now:
        return {year.year: year.status for year in now.years()}


def recorded(engine: Engine) -> list[str]:
    """The ids of the commands that opened, closed and reopened years, in the log's order."""
    with log.reading(engine) as connection:
        entries = [Entry.from_envelope(envelope) for envelope, _ in reading.read(connection)]
    kinds = ("year-opened", "year-closed", "year-reopened")
    return [entry.command_id for entry in entries if entry.kind in kinds]


def size(engine: Engine) -> int:
    with log.reading(engine) as connection:
        return log.read_head(connection).size


def do(engine: Engine, command: str, actor: str = "kim", **fields: Any) -> Receipt:
    """Execute a command that must be recorded."""
    receipt = execute(engine, {"command": command, "actor": actor, **fields})
    assert receipt.status == "recorded", receipt.message()
    return receipt


def somebody_works(engine: Engine, day: str) -> None:
    """A person records something on a day."""
    with at(f"{day} 09:00:00"):
        do(engine, "allocate_budget", programme="training", year=int(day[:4]), amount=1)


def begun(engine: Engine) -> None:
    """An office where a person opened 2126 on 22 November, and nobody has done anything since."""
    with at("2126-11-22 09:00:00"):
        do(engine, "open_year", year=2126)


def confirmed(engine: Engine) -> Done:
    """What `--once --confirm` does."""
    return run(engine, look(engine), Timekeeper(engine))


def statuses(done: Done) -> dict[str | None, str]:
    return {receipt.id: receipt.status for receipt in done.receipts}


def waiting(done: Done) -> list[str]:
    return [one.id for one in done.waiting]


def commands(*those: Due) -> list[dict[str, Any]]:
    """As the scheduler sends them."""
    return [
        {"command": one.command, "id": one.id, "actor": "scheduler", "year": one.year}
        for one in those
    ]


def test_the_period_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert late_days() == 60
    monkeypatch.setenv(late.SETTING, "41")
    assert late_days() == 41


@pytest.mark.parametrize("text", ["soon", "-1", "1.5", " 60", "６０", "12345"])
def test_a_period_that_is_no_number_of_days_is_refused_at_once(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(late.SETTING, text)
    with pytest.raises(Misused, match="whole number of days"):
        late_days()


# ── by itself ────────────────────────────────────────────────────────────────────────────────


def test_on_a_new_ledger_the_current_year_opens_and_what_fires_came_by_the_scheduler(
    engine: Engine,
) -> None:
    done = run_due(engine)
    (receipt,) = done.receipts
    assert receipt.status == "recorded"
    with books(engine) as now:
        entry = now.entry(receipt.events[0])
    assert (entry.actor, entry.via) == ("scheduler", "scheduler")
    assert entry.command_id == f"open-year:{scheduler.today()[:4]}"
    assert run_due(engine) == Done([], [])


def test_a_start_a_second_before_midnight_opens_nothing_new_and_one_second_later_does(
    engine: Engine,
) -> None:
    begun(engine)
    with at("2126-12-31 23:59:59"):
        assert run_due(engine) == Done([], [])
        assert years(engine) == {2126: "open"}
    with at("2127-01-01 00:00:00"):
        assert statuses(run_due(engine)) == {"open-year:2127": "recorded"}
    assert years(engine) == {2126: "open", 2127: "open"}


def test_a_year_closes_on_its_day_and_what_fires_counts_on_the_day_it_fires(
    engine: Engine,
) -> None:
    with at("2127-06-01 09:00:00"):
        do(engine, "open_year", year=2127)
    with at("2128-01-01 00:00:00"):
        run_due(engine)
    somebody_works(engine, "2128-02-01")
    with at("2128-02-29 23:59:59"):
        run_due(engine)
    assert years(engine) == {2127: "open", 2128: "open"}
    with at("2128-03-01 00:00:00"):
        run_due(engine)
    with books(engine) as now:
        closed = now.year(2127)
        assert closed is not None
        assert (closed.status, closed.closed_on) == ("closed", "2128-03-01")
        assert closed.closed_by == "scheduler"


def test_running_twice_leaves_the_log_as_it_is(engine: Engine) -> None:
    begun(engine)
    somebody_works(engine, "2126-12-20")
    with at("2127-03-02 00:00:00"):
        fires = [Due("open_year", 2127), Due("close_year", 2126)]
        assert look(engine) == fires
        run_due(engine)
        before = size(engine)
        assert run_due(engine) == Done([], [])
        again = list(execute_all(engine, commands(*fires), via="scheduler"))
    assert [receipt.status for receipt in again] == ["duplicate"] * 2
    assert size(engine) == before


def test_what_a_person_opened_or_closed_under_another_id_is_taken_for_done(
    engine: Engine,
) -> None:
    with at("2127-01-01 09:00:00"):
        do(engine, "open_year", year=2126)
        do(engine, "open_year", year=2127, id="new-year")
        assert run_due(engine) == Done([], [])
    with at("2127-03-02 09:00:00"):
        do(engine, "close_year", year=2126)
        before = size(engine)
        assert run_due(engine) == Done([], [])
    assert size(engine) == before


def test_a_person_who_is_a_moment_faster_is_taken_for_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(engine)
    somebody_works(engine, "2126-12-20")
    refused = []

    def too_late(engine: Engine, command: dict[str, Any], *, via: Any) -> Receipt:
        do(engine, command["command"], year=command["year"])
        refused.append(execute(engine, command, via=via))
        return refused[-1]

    monkeypatch.setattr(scheduler, "execute", too_late)
    with at("2127-03-02 09:00:00"):
        assert run_due(engine) == Done([], [])
    assert [receipt.rule for receipt in refused] == ["already-exists", "wrong-status"]
    assert years(engine) == {2126: "closed", 2127: "open"}


def test_a_year_closed_and_reopened_between_looking_and_the_lock_stays_open(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at("2127-01-01 09:00:00"):
        do(engine, "open_year", year=2126)
        do(engine, "open_year", year=2127)

    def too_late(engine: Engine, command: dict[str, Any], *, via: Any) -> Receipt:
        do(engine, "close_year", year=2126)
        do(engine, "reopen_year", actor="park", year=2126, reason="a late invoice")
        return execute(engine, command, via=via)

    monkeypatch.setattr(scheduler, "execute", too_late)
    with at("2127-03-02 09:00:00"):
        assert run_due(engine) == Done([], [])
    assert years(engine) == {2126: "open", 2127: "open"}


def test_a_year_that_a_person_reopened_is_never_closed_again(engine: Engine) -> None:
    begun(engine)
    somebody_works(engine, "2126-12-20")
    with at("2127-03-02 00:00:00"):
        run_due(engine)
    with at("2127-03-05 09:00:00"):
        do(engine, "reopen_year", year=2126, reason="a late invoice")
    for moment in ("2127-03-05 09:00:01", "2127-03-06 00:00:00", "2127-12-31 23:59:59"):
        with at(moment):
            assert run_due(engine) == confirmed(engine) == Done([], [])
    assert years(engine) == {2126: "open", 2127: "open"}


def test_a_real_refusal_is_reported_and_tried_again_until_it_is_not_one(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    begun(engine)
    somebody_works(engine, "2126-12-20")
    with at("2127-03-02 00:00:00"):
        run_due(engine)
    with at("2127-03-05 09:00:00"):
        do(engine, "reopen_year", year=2126, reason="a late invoice")
    somebody_works(engine, "2127-12-20")
    with at("2128-03-01 00:00:00"):
        opened, refused = run_due(engine).receipts
        assert (opened.id, opened.status) == ("open-year:2128", "recorded")
        assert (refused.id, refused.rule) == ("close-year:2127", "out-of-order")
        assert "close-year:2127: refused (out-of-order)" in caplog.text
        before = size(engine)
        assert [receipt.rule for receipt in run_due(engine).receipts] == ["out-of-order"]
        assert size(engine) == before
        do(engine, "close_year", year=2126)
        assert statuses(run_due(engine)) == {"close-year:2127": "recorded"}
    assert years(engine) == {2126: "closed", 2127: "closed", 2128: "open"}


def test_ceilings_start_afresh_at_midnight_and_what_is_left_lapses_at_the_closing(
    engine: Engine,
) -> None:
    line = {"company": COMPANY, "year": 2126}
    begun(engine)
    with at("2126-11-22 09:00:00"):
        party = {"name": "한빛정밀", "party_type": "company", "size": "sme"}
        do(engine, "register_company", business_number=COMPANY, **party)
        do(engine, "allocate_budget", programme="prototype", year=2126, amount=25_000_000)
        applied_for(engine, "G-1", 2126)
        do(engine, "approve", grant="G-1", actor="lee")
        do(engine, "disburse", grant="G-1", **line, amount=5_000_000, bank_ref="B-1")
    with at("2127-01-01 00:00:00"):
        applied_for(engine, "G-2", 2127)
        run_due(engine)
        do(engine, "allocate_budget", programme="prototype", year=2127, amount=20_000_000)
        do(engine, "approve", grant="G-2", actor="lee")
    with at("2127-03-01 23:59:59"):
        run_due(engine)
        assert held(engine, "G-1", 2126) == (15_000_000, 5_000_000, 0)
        assert held(engine, "G-2", 2127) == (20_000_000, 0, 0)
    with at("2127-03-02 00:00:00"):
        run_due(engine)
    assert held(engine, "G-1", 2126) == (0, 5_000_000, 15_000_000)
    assert held(engine, "G-2", 2127) == (20_000_000, 0, 0)
    with books(engine) as now:
        budget = now.balance(programme_key("prototype", 2126))
        assert (budget.available, budget.lapsed) == (0, 20_000_000)


def applied_for(engine: Engine, grant: str, year: int) -> None:
    """An application for the whole of prototype's annual cap of 20 million won."""
    line = {"company": COMPANY, "year": year, "total_cost": 40_000_000, "subsidy": 20_000_000}
    do(engine, "apply", grant=grant, programme="prototype", title=grant, lead=COMPANY, lines=[line])


def held(engine: Engine, grant: str, year: int) -> tuple[int, int, int]:
    """What is committed, advanced and lapsed on a grant's line."""
    with books(engine) as now:
        line = now.balance(line_key(grant, COMPANY, "prototype", year, ""))
        return line.committed, line.advanced, line.lapsed


# ── only when a person confirms it ───────────────────────────────────────────────────────────


def test_after_an_outage_of_years_one_opens_and_one_closes_and_the_rest_waits(
    engine: Engine,
) -> None:
    """Persons worked on, so there was no silence; only nobody turned the years."""
    begun(engine)
    with at("2129-03-01 09:00:00"):
        do(
            engine,
            "register_company",
            business_number=COMPANY,
            name="한빛",
            party_type="university",
        )
        done = run_due(engine)
        assert statuses(done) == {"open-year:2127": "recorded", "close-year:2126": "recorded"}
        rest = ["open-year:2128", "open-year:2129", "close-year:2127"]
        assert waiting(done) == rest
        before = size(engine)
        again = run_due(engine)
        assert (again.receipts, waiting(again)) == ([], rest)
        assert size(engine) == before
        done = confirmed(engine)
        assert statuses(done) == dict.fromkeys(rest, "recorded")
        assert waiting(done) == []
        assert run_due(engine) == confirmed(engine) == Done([], [])
    assert recorded(engine)[1:] == ["open-year:2127", "close-year:2126", *rest]
    assert years(engine) == {2126: "closed", 2127: "closed", 2128: "open", 2129: "open"}


@pytest.mark.parametrize(("day", "opens"), [("2127-12-27", True), ("2127-12-28", False)])
def test_a_year_opens_by_itself_400_days_after_the_last_entry_and_not_after_401(
    engine: Engine, day: str, opens: bool
) -> None:
    begun(engine)
    with at(f"{day} 23:59:59"):
        done = run_due(engine)
        assert [receipt.id for receipt in done.receipts] == ["open-year:2127"] * opens
        assert ("open-year:2127" in waiting(done)) is not opens
        assert "close-year:2126" in waiting(done)


@pytest.mark.parametrize(("last", "closes"), [("2126-12-02", True), ("2126-12-01", False)])
def test_a_year_closes_by_itself_90_days_after_the_last_entry_and_not_after_91(
    engine: Engine, last: str, closes: bool
) -> None:
    begun(engine)
    somebody_works(engine, last)
    with at("2127-01-01 00:00:00"):
        run_due(engine)
    with at("2127-03-02 00:00:00"):
        done = run_due(engine)
        assert [receipt.id for receipt in done.receipts] == ["close-year:2126"] * closes
        assert waiting(done) == ["close-year:2126"] * (not closes)


def test_what_the_scheduler_itself_records_breaks_no_silence(engine: Engine) -> None:
    begun(engine)
    with at("2127-12-27 00:00:00"):
        assert statuses(run_due(engine)) == {"open-year:2127": "recorded"}
    with at("2128-01-01 00:00:00"):
        assert waiting(run_due(engine)) == ["open-year:2128", "close-year:2126"]
    somebody_works(engine, "2127-12-30")
    with at("2128-01-01 00:00:00"):
        done = run_due(engine)
        assert statuses(done) == {"open-year:2128": "recorded", "close-year:2126": "recorded"}


def test_a_ledger_that_nobody_has_used_for_400_days_opens_nothing_by_itself(
    engine: Engine,
) -> None:
    """Of a new ledger the catalogue counts, and it was recorded when the test began."""
    with at("2126-11-26 09:00:00"):
        done = run_due(engine)
        assert (done.receipts, waiting(done)) == ([], ["open-year:2126"])
        assert statuses(confirmed(engine)) == {"open-year:2126": "recorded"}


def test_a_wake_under_a_clock_four_years_ahead_does_nothing_at_all(engine: Engine) -> None:
    begun(engine)
    before = size(engine)
    with at("2130-11-26 09:00:00"):
        done = run_due(engine)
        assert done.receipts == []
        assert len(waiting(done)) == 8
    assert size(engine) == before
    with at("2126-11-26 09:00:00"):
        assert run_due(engine) == Done([], [])


def test_what_was_confirmed_under_a_wrong_clock_is_undone_year_by_year(engine: Engine) -> None:
    begun(engine)
    with at("2130-11-26 09:00:00"):
        assert set(statuses(confirmed(engine)).values()) == {"recorded"}
        assert years(engine) == dict.fromkeys(range(2126, 2130), "closed") | {2130: "open"}
    with at("2126-11-26 09:00:00"):
        for year in range(2129, 2125, -1):
            do(engine, "reopen_year", year=year, reason="the clock was wrong")
        somebody_works(engine, "2126-11-26")
        assert run_due(engine) == confirmed(engine) == Done([], [])
    with at("2127-03-02 00:00:00"):
        assert run_due(engine) == Done([], [])
        do(engine, "close_year", year=2126)
    assert years(engine) == {2126: "closed"} | dict.fromkeys(range(2127, 2131), "open")


def test_confirming_does_exactly_what_was_listed(engine: Engine) -> None:
    """Not what became due, or what somebody did, meanwhile."""
    begun(engine)
    with at("2128-12-31 23:59:59"):
        those = look(engine)
    with at("2129-01-01 00:00:00"):
        do(engine, "open_year", year=2127)
        before = size(engine)
        done = run(engine, those, Timekeeper(engine))
        those_left = ("open-year:2128", "close-year:2126", "close-year:2127")
        assert statuses(done) == dict.fromkeys(those_left, "recorded")
        assert size(engine) == before + 3
        assert waiting(done) == ["open-year:2129"]


def test_a_clock_in_doubt_is_not_overridden_by_confirming(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(engine)
    before = size(engine)
    with at("2129-03-01 09:00:00") as clock_on_the_wall:
        monkeypatch.setattr(timekeeper, "machine_clock", lambda: timedelta(0))
        watched = Timekeeper(engine)
        clock_on_the_wall.tick(61)
        with pytest.raises(ClockInDoubt):
            run_due(engine, timekeeper=watched)
        with pytest.raises(ClockInDoubt):
            run(engine, look(engine), watched)
    assert size(engine) == before


# ── several at once ──────────────────────────────────────────────────────────────────────────


def test_two_clocks_that_act_at_the_same_moment_record_each_year_once(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(engine)
    together = threading.Barrier(2, timeout=PATIENCE)

    def at_once(engine: Engine, command: dict[str, Any], *, via: Any) -> Receipt:
        together.wait()
        return execute(engine, command, via=via)

    monkeypatch.setattr(scheduler, "execute", at_once)
    clocks = [open_ledger(url) for _ in range(2)]
    with at("2129-06-01 09:00:00"), ThreadPoolExecutor(2) as pool:
        lists = [look(clock) for clock in clocks]
        keepers = map(Timekeeper, clocks)
        first, second = pool.map(run, clocks, lists, keepers)
    for clock in clocks:
        clock.dispose()
    assert len(recorded(engine)) == len(set(recorded(engine))) == 7
    for one, other in zip(first.receipts, second.receipts, strict=True):
        assert {one.status, other.status} == {"recorded", "duplicate"}
        assert one.events == other.events


def script(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


CATCH_UP = """
import sys
from datetime import timedelta
from freezegun import freeze_time
from app import scheduler, timekeeper
from app import late
from app.late import late_days
from ledger import log
from projections.opening import open_ledger

timekeeper.server_clock = lambda driver: log.now()
timekeeper.machine_clock = lambda: timedelta(seconds=log.now().timestamp())
engine = open_ledger(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with freeze_time("2129-06-01 09:00:00+09:00"):
    done = scheduler.run(engine, scheduler.look(engine), timekeeper.Timekeeper(engine))
    again = scheduler.run(engine, scheduler.look(engine), timekeeper.Timekeeper(engine))
print([receipt.message() for receipt in done.receipts if receipt.status == "refused"], again)
"""


def test_clocks_in_several_processes_record_each_year_once(engine: Engine, url: str) -> None:
    begun(engine)
    processes = [script(CATCH_UP, url) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=PATIENCE) == ("[] Done(receipts=[], waiting=[])\n", "")
    assert len(recorded(engine)) == len(set(recorded(engine))) == 7


# ── waking ───────────────────────────────────────────────────────────────────────────────────


@contextmanager
def running(clock: Clock) -> Iterator[Callable[[], tuple[str, int]]]:
    """Run a clock; what is given waits for a job's end and tells its id and how it ended."""
    ended: queue.Queue[Any] = queue.Queue()
    codes = EVENT_JOB_EXECUTED | EVENT_JOB_MISSED | EVENT_JOB_ERROR
    clock.scheduler.add_listener(ended.put, codes)

    def next_end() -> tuple[str, int]:
        event = ended.get(timeout=PATIENCE)
        return event.job_id, event.code

    thread = threading.Thread(target=clock.run)
    thread.start()
    try:
        yield next_end
        assert ended.empty()
    finally:
        clock.scheduler.shutdown()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


@pytest.mark.parametrize("seconds_late", [0, 5, 9 * 3600, 70 * 86400])
def test_a_wake_fires_however_late_it_comes(engine: Engine, seconds_late: int) -> None:
    begun(engine)
    somebody_works(engine, "2126-12-31")
    with at("2126-12-31 23:59:59") as clock_on_the_wall:
        clock = Clock(engine)
        clock.scheduler.remove_job("look-again")
        with running(clock) as next_end:
            assert next_end() == ("year-end", EVENT_JOB_EXECUTED)
            assert years(engine) == {2126: "open"}
            clock_on_the_wall.tick(1 + seconds_late)
            clock.scheduler.wakeup()
            assert next_end() == ("year-end", EVENT_JOB_EXECUTED)
    closes = seconds_late >= 60 * 86400
    assert years(engine) == {2126: "closed" if closes else "open", 2127: "open"}


def test_the_wake_is_at_midnight_in_seoul_every_day_and_is_never_dropped(engine: Engine) -> None:
    with at("2126-12-31 09:00:00"):
        clock = Clock(engine)
        with running(clock) as next_end:
            next_end()
            job = clock.scheduler.get_job("year-end")
            assert job.next_run_time.isoformat() == "2127-01-01T00:00:00+09:00"
            following = job.trigger.get_next_fire_time(job.next_run_time, job.next_run_time)
            assert following.isoformat() == "2127-01-02T00:00:00+09:00"
            for job in clock.scheduler.get_jobs():
                assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_a_machine_that_slept_over_midnight_finds_out_by_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "AGAIN_SECONDS", 0.05)
    begun(engine)
    with at("2126-12-31 23:55:00") as clock_on_the_wall:
        clock = Clock(engine)
        with running(clock) as next_end:
            next_end()
            clock_on_the_wall.move_to("2127-01-01 00:01:00+09:00")
            assert next_end()[1] == next_end()[1] == EVENT_JOB_EXECUTED
            assert years(engine) == {2126: "open", 2127: "open"}


def test_a_wake_that_was_kept_out_by_a_run_over_midnight_is_made_up_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(engine)
    with at("2126-12-31 23:59:59") as clock_on_the_wall:
        clock = Clock(engine)
        clock.wake()
        clock_on_the_wall.tick(31)
        clock.look_again()
        assert years(engine) == {2126: "open", 2127: "open"}
        monkeypatch.delattr(scheduler, "run_due")
        clock.look_again()
        assert clock.failure is None


def test_a_ledger_out_of_reach_at_a_wake_is_tried_again_soon(
    engine: Engine,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(scheduler, "AGAIN_SECONDS", 0.2)
    impatient = open_ledger(url, wait_seconds=0.1)
    clock = Clock(impatient)
    thread = threading.Thread(target=clock.run)
    with log.writing(engine):
        thread.start()
        eventually(lambda: "tried again in 0.2 seconds: the ledger is busy" in caplog.text)
    eventually(lambda: list(years(engine).values()) == ["open"])
    clock.scheduler.shutdown()
    thread.join(PATIENCE)
    impatient.dispose()
    assert clock.failure is None


def test_a_ledger_that_is_damaged_stops_the_clock_and_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def damaged(engine: Engine, days: int | None, timekeeper: Timekeeper) -> Done:
        raise Corrupt("event 7 is not what it was")

    monkeypatch.setattr(scheduler, "run_due", damaged)
    before = signal.getsignal(signal.SIGTERM)
    clock = Clock(None)  # type: ignore[arg-type]  # never looked at
    patience = threading.Timer(PATIENCE, clock.scheduler.shutdown)
    patience.start()
    with pytest.raises(Corrupt, match="event 7"):
        clock.run()
    assert patience.is_alive(), "it had to be stopped from outside"
    patience.cancel()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_clock_that_was_moved_while_it_ran_stops_and_nothing_was_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's own clock has not gone on while the other went to the new year."""
    begun(engine)
    monkeypatch.setattr(scheduler, "AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(timekeeper, "machine_clock", lambda: timedelta(0))
    with at("2126-12-31 23:55:00") as clock_on_the_wall:
        clock = Clock(engine)
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(clock.run)
            eventually(lambda: clock._looked_on == "2126-12-31")
            clock_on_the_wall.move_to("2127-01-01 00:01:00+09:00")
            assert isinstance(running.exception(PATIENCE), ClockInDoubt)
    assert "moved by +360 seconds" in str(clock.failure)
    assert years(engine) == {2126: "open"}


def test_a_clock_that_runs_on_tells_its_log_what_waits_once_a_day(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    begun(engine)
    with at("2128-06-01 00:00:00") as clock_on_the_wall:
        clock = Clock(engine)
        for _ in range(2):
            clock.wake()
            clock.look_again()
            clock_on_the_wall.tick(86_400)
    assert caplog.text.count("open-year:2127: It waits") == 2
    assert "grants scheduler --once --confirm" in caplog.text
    assert years(engine) == {2126: "open"}


RUN_SLOWLY = """
import sys, time
from app import scheduler, timekeeper
from app import late
from app.late import late_days
from projections.opening import open_ledger

execute = scheduler.execute

def slowly(engine, command, *, via):
    print("begun", flush=True)
    time.sleep(0.5)
    receipt = execute(engine, command, via=via)
    print("done", flush=True)
    return receipt

scheduler.execute = slowly
scheduler.run_forever(open_ledger(sys.argv[1]))
print("stopped")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_clock_cleanly_once_its_command_is_done(
    engine: Engine, url: str, number: signal.Signals
) -> None:
    process = script(RUN_SLOWLY, url)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    assert process.communicate(timeout=PATIENCE) == ("done\nstopped\n", "")
    assert process.returncode == 0
    assert list(years(engine).values()) == ["open"]


def test_a_signal_stops_a_clock_that_waits_for_midnight(engine: Engine, url: str) -> None:
    process = script(RUN_SLOWLY, url)
    eventually(lambda: list(years(engine).values()) == ["open"])
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=PATIENCE) == ("begun\ndone\nstopped\n", "")


def test_doing_what_is_due_once_needs_no_apscheduler() -> None:
    process = script("import sys, app.scheduler; print('apscheduler' in sys.modules)")
    assert process.communicate(timeout=PATIENCE) == ("False\n", "")
