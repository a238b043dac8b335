"""The year-end clock: what is due on a day, doing it once whoever else does, waking for it."""

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
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from app import scheduler
from app.scheduler import Clock, due, run_due
from commands.execute import execute, execute_all
from commands.receipts import Receipt
from ledger import log, reading
from ledger.driver import driver_of
from ledger.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Corrupt, Misused
from projections.balances import line_key, programme_key
from projections.books import Books
from projections.opening import open_ledger
from projections.store import StoredRows
from projections.years import CALENDAR, FiscalYear

ROOT = Path(__file__).parents[2]
COMPANY = "100-81-00008"
PATIENCE = 30.0  # seconds a clock may take to do what it is watched for


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(scheduler.SETTING, raising=False)


def at(seoul: str) -> Any:
    """Freeze the clock at a time in Seoul."""
    return freeze_time(f"{seoul}+09:00")


def year(number: int, status: str = "open", reopenings: int = 0) -> FiscalYear:
    return FiscalYear(CALENDAR, number, status, f"{number}-01-01", reopenings=reopenings)


def ids(years: list[FiscalYear], today: str, days: int = 60) -> list[str]:
    return [command["id"] for command in due(years, today, days)]


@contextmanager
def books(engine: Engine) -> Iterator[Books]:
    with log.reading(engine) as connection:
        yield Books(StoredRows(driver_of(connection)), log.reader(connection), "2029-01-01")


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


# ── what is due ──────────────────────────────────────────────────────────────────────────────


def test_with_no_year_ever_opened_the_current_one_alone_is_due() -> None:
    assert due([], "2026-11-22", 60) == [
        {"command": "open_year", "id": "open-year:2026", "actor": "scheduler", "year": 2026}
    ]


def test_a_year_is_due_on_its_first_day_and_not_before() -> None:
    assert ids([year(2026)], "2026-12-31") == []
    assert ids([year(2026)], "2027-01-01") == ["open-year:2027"]


def test_every_missed_year_opens_in_order_and_those_past_their_period_close_in_order() -> None:
    assert ids([year(2025, "closed"), year(2026)], "2029-01-20") == [
        *("open-year:2027", "open-year:2028", "open-year:2029"),
        *("close-year:2026", "close-year:2027"),
    ]


@pytest.mark.parametrize(
    ("today", "days", "closes"),
    [
        ("2026-12-31", 0, False),
        ("2027-01-01", 0, True),
        ("2027-02-10", 41, False),
        ("2027-02-11", 41, True),
        ("2027-03-01", 60, False),
        ("2027-03-02", 60, True),
        ("2036-12-31", 9999, False),
    ],
)
def test_a_year_closes_on_the_day_its_period_has_ended(today: str, days: int, closes: bool) -> None:
    assert ("close-year:2026" in ids([year(2026)], today, days)) is closes


def test_in_a_leap_year_sixty_days_end_on_29_february() -> None:
    years = [year(2027), year(2028)]
    assert ids(years, "2028-02-29") == []
    assert ids(years, "2028-03-01") == ["close-year:2027"]
    assert ids([year(2028), year(2029)], "2029-03-01") == []


def test_a_year_that_a_person_reopened_is_never_due_to_close() -> None:
    assert ids([year(2026, reopenings=1), year(2027)], "2027-12-31") == []


def test_the_last_year_of_the_calendar_is_no_trouble() -> None:
    assert ids([year(9998), year(9999)], "9999-12-31") == ["close-year:9998"]


def done(years: list[FiscalYear], commands: list[dict[str, Any]]) -> list[FiscalYear]:
    """The years after commands that the ledger would record one by one."""
    status = {year.year: year.status for year in years}
    for command in commands:
        if command["command"] == "open_year":
            assert not status or command["year"] == max(status) + 1
            status[command["year"]] = "open"
        else:
            still_open = [year for year, held in status.items() if held == "open"]
            assert command["year"] == min(still_open)
            status[command["year"]] = "closed"
    return [year(number, held) for number, held in status.items()]


@given(
    days=st.lists(st.dates(date(2026, 1, 1), date(2040, 12, 31)).map(str), min_size=1).map(sorted),
    period=st.integers(0, 800),
)
def test_waking_seldom_comes_to_the_same_as_waking_often(days: list[str], period: int) -> None:
    opened = done([], due([], "2026-01-01", period))
    often = opened
    for day in days:
        often = done(often, due(often, day, period))
        assert due(often, day, period) == []
    assert done(opened, due(opened, days[-1], period)) == often


def test_the_period_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scheduler.close_after_days() == 60
    monkeypatch.setenv(scheduler.SETTING, "41")
    assert scheduler.close_after_days() == 41


@pytest.mark.parametrize("text", ["soon", "-1", "1.5", " 60", "６０", "12345"])
def test_a_period_that_is_no_number_of_days_is_refused_at_once(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(scheduler.SETTING, text)
    with pytest.raises(Misused, match="whole number of days"):
        scheduler.close_after_days()


# ── doing it, on a ledger ────────────────────────────────────────────────────────────────────


def test_a_start_a_second_before_midnight_opens_nothing_new_and_one_second_later_does(
    engine: Engine,
) -> None:
    with at("2026-12-31 23:59:59"):
        assert [receipt.id for receipt in run_due(engine)] == ["open-year:2026"]
        assert run_due(engine) == []
        assert years(engine) == {2026: "open"}
    with at("2027-01-01 00:00:00"):
        assert [receipt.id for receipt in run_due(engine)] == ["open-year:2027"]
    assert years(engine) == {2026: "open", 2027: "open"}


def test_a_start_after_three_missed_years_catches_up_in_order(engine: Engine) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)
    with at("2029-03-01 09:00:00"):
        receipts = run_due(engine)
        assert [receipt.status for receipt in receipts] == ["recorded"] * 5
        assert run_due(engine) == []
    assert recorded(engine) == [
        *("open-year:2026", "open-year:2027", "open-year:2028", "open-year:2029"),
        *("close-year:2026", "close-year:2027"),
    ]
    assert years(engine) == {2026: "closed", 2027: "closed", 2028: "open", 2029: "open"}


def test_a_year_closes_on_its_day_and_what_fires_counts_on_the_day_it_fires(
    engine: Engine,
) -> None:
    for day in ("2027-06-01", "2028-01-01", "2028-02-29"):
        with at(f"{day} 23:59:59"):
            run_due(engine)
    assert years(engine) == {2027: "open", 2028: "open"}
    with at("2028-03-01 00:00:00"):
        run_due(engine)
    with books(engine) as now:
        closed = now.year(2027)
        assert closed is not None
        assert (closed.status, closed.closed_on) == ("closed", "2028-03-01")
        assert closed.closed_by == "scheduler"


def test_running_twice_leaves_the_log_as_it_is(engine: Engine) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)
    with at("2027-03-02 00:00:00"):
        commands = due([year(2026)], "2027-03-02", 60)
        run_due(engine)
        before = size(engine)
        assert run_due(engine) == []
        again = list(execute_all(engine, commands))
    assert [receipt.status for receipt in again] == ["duplicate"] * 2
    assert size(engine) == before


def test_what_a_person_opened_or_closed_under_another_id_is_taken_for_done(
    engine: Engine,
) -> None:
    with at("2027-01-01 09:00:00"):
        do(engine, "open_year", year=2026)
        do(engine, "open_year", year=2027, id="new-year")
        assert run_due(engine) == []
    with at("2027-03-02 09:00:00"):
        do(engine, "close_year", year=2026)
        before = size(engine)
        assert run_due(engine) == []
    assert size(engine) == before


@pytest.mark.parametrize("own_id", [False, True])
def test_a_person_who_is_a_moment_faster_is_taken_for_done(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, own_id: bool
) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)

    refused = []

    def too_late(engine: Engine, command: dict[str, Any]) -> Receipt:
        named = {"id": command["id"]} if own_id else {}
        do(engine, command["command"], year=command["year"], **named)
        refused.append(execute(engine, command))
        return refused[-1]

    monkeypatch.setattr(scheduler, "execute", too_late)
    with at("2027-03-02 09:00:00"):
        assert run_due(engine) == []
    rules = ["idempotency-conflict"] * 2 if own_id else ["already-exists", "wrong-status"]
    assert [receipt.rule for receipt in refused] == rules
    assert years(engine) == {2026: "closed", 2027: "open"}


def test_two_clocks_that_act_at_the_same_moment_record_each_year_once(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)
    together = threading.Barrier(2, timeout=PATIENCE)

    def at_once(engine: Engine, command: dict[str, Any]) -> Receipt:
        together.wait()
        return execute(engine, command)

    monkeypatch.setattr(scheduler, "execute", at_once)
    clocks = [open_ledger(url) for _ in range(2)]
    with at("2029-06-01 09:00:00"), ThreadPoolExecutor(2) as pool:
        first, second = pool.map(run_due, clocks)
    for clock in clocks:
        clock.dispose()
    assert len(recorded(engine)) == len(set(recorded(engine))) == 7
    for one, other in zip(first, second, strict=True):
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
from freezegun import freeze_time
from app.scheduler import run_due
from projections.opening import open_ledger

engine = open_ledger(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with freeze_time("2029-06-01 09:00:00+09:00"):
    refused = [receipt.message() for receipt in run_due(engine) if receipt.status == "refused"]
print(refused)
"""


def test_clocks_in_several_processes_record_each_year_once(engine: Engine, url: str) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)
    processes = [script(CATCH_UP, url) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert process.communicate(timeout=PATIENCE) == ("[]\n", "")
    assert len(recorded(engine)) == len(set(recorded(engine))) == 7


def test_a_year_that_a_person_reopened_is_never_closed_again(engine: Engine) -> None:
    for moment in ("2026-11-22 09:00:00", "2027-03-02 00:00:00"):
        with at(moment):
            run_due(engine)
    with at("2027-03-05 09:00:00"):
        do(engine, "reopen_year", year=2026, reason="a late invoice")
    for moment in ("2027-03-05 09:00:01", "2027-03-06 00:00:00", "2027-12-31 23:59:59"):
        with at(moment):
            assert run_due(engine) == []
    assert years(engine) == {2026: "open", 2027: "open"}


def test_a_real_refusal_is_reported_and_tried_again_until_it_is_not_one(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    for moment in ("2026-11-22 09:00:00", "2027-03-02 00:00:00"):
        with at(moment):
            run_due(engine)
    with at("2027-03-05 09:00:00"):
        do(engine, "reopen_year", year=2026, reason="a late invoice")
    with at("2028-03-01 00:00:00"):
        opened, refused = run_due(engine)
        assert (opened.id, opened.status) == ("open-year:2028", "recorded")
        assert (refused.id, refused.rule) == ("close-year:2027", "out-of-order")
        assert "close-year:2027: refused (out-of-order)" in caplog.text
        before = size(engine)
        assert [receipt.rule for receipt in run_due(engine)] == ["out-of-order"]
        assert size(engine) == before
        do(engine, "close_year", year=2026)
        assert [receipt.status for receipt in run_due(engine)] == ["recorded"]
    assert years(engine) == {2026: "closed", 2027: "closed", 2028: "open"}


def test_an_id_that_somebody_took_for_something_else_is_reported(engine: Engine) -> None:
    with at("2026-11-22 09:00:00"):
        run_due(engine)
        allocate = {"programme": "prototype", "year": 2026, "amount": 1}
        do(engine, "allocate_budget", id="open-year:2027", **allocate)
    with at("2027-01-01 00:00:00"):
        assert [receipt.rule for receipt in run_due(engine)] == ["idempotency-conflict"]
        do(engine, "open_year", year=2027)
        assert run_due(engine) == []


def test_ceilings_start_afresh_at_midnight_and_what_is_left_lapses_at_the_closing(
    engine: Engine,
) -> None:
    line = {"company": COMPANY, "year": 2026}
    with at("2026-11-22 09:00:00"):
        run_due(engine)
        party = {"name": "한빛정밀", "party_type": "company", "size": "sme"}
        do(engine, "register_company", business_number=COMPANY, **party)
        do(engine, "allocate_budget", programme="prototype", year=2026, amount=25_000_000)
        applied_for(engine, "G-1", 2026)
        do(engine, "approve", grant="G-1", actor="lee")
        do(engine, "disburse", grant="G-1", **line, amount=5_000_000, bank_ref="B-1")
    with at("2027-01-01 00:00:00"):
        applied_for(engine, "G-2", 2027)
        run_due(engine)
        do(engine, "allocate_budget", programme="prototype", year=2027, amount=20_000_000)
        do(engine, "approve", grant="G-2", actor="lee")
    with at("2027-03-01 23:59:59"):
        run_due(engine)
        assert held(engine, "G-1", 2026) == (15_000_000, 5_000_000, 0)
        assert held(engine, "G-2", 2027) == (20_000_000, 0, 0)
    with at("2027-03-02 00:00:00"):
        run_due(engine)
    assert held(engine, "G-1", 2026) == (0, 5_000_000, 15_000_000)
    assert held(engine, "G-2", 2027) == (20_000_000, 0, 0)
    with books(engine) as now:
        budget = now.balance(programme_key("prototype", 2026))
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
    with at("2026-12-31 23:59:59") as clock_on_the_wall:
        clock = Clock(engine)
        clock.scheduler.remove_job("look-again")
        with running(clock) as next_end:
            assert next_end() == ("year-end", EVENT_JOB_EXECUTED)
            assert years(engine) == {2026: "open"}
            clock_on_the_wall.tick(1 + seconds_late)
            clock.scheduler.wakeup()
            assert next_end() == ("year-end", EVENT_JOB_EXECUTED)
    assert years(engine) == {2026: "open" if seconds_late < 60 * 86400 else "closed", 2027: "open"}


def test_the_wake_is_at_midnight_in_seoul_every_day_and_is_never_dropped(engine: Engine) -> None:
    with at("2026-12-31 09:00:00"):
        clock = Clock(engine)
        with running(clock) as next_end:
            next_end()
            job = clock.scheduler.get_job("year-end")
            assert job.next_run_time.isoformat() == "2027-01-01T00:00:00+09:00"
            following = job.trigger.get_next_fire_time(job.next_run_time, job.next_run_time)
            assert following.isoformat() == "2027-01-02T00:00:00+09:00"
            for job in clock.scheduler.get_jobs():
                assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_a_machine_that_slept_over_midnight_finds_out_by_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "AGAIN_SECONDS", 0.05)
    with at("2026-12-31 23:55:00") as clock_on_the_wall:
        clock = Clock(engine)
        with running(clock) as next_end:
            next_end()
            clock_on_the_wall.move_to("2027-01-01 00:01:00+09:00")
            assert next_end()[1] == next_end()[1] == EVENT_JOB_EXECUTED
            assert years(engine) == {2026: "open", 2027: "open"}


def test_a_wake_that_was_kept_out_by_a_run_over_midnight_is_made_up_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at("2026-12-31 23:59:59") as clock_on_the_wall:
        clock = Clock(engine)
        clock.wake()
        clock_on_the_wall.tick(31)
        clock.look_again()
        assert years(engine) == {2026: "open", 2027: "open"}
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
    def damaged(engine: Engine, days: int | None) -> list[Receipt]:
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


RUN_SLOWLY = """
import sys, time
from app import scheduler
from projections.opening import open_ledger

execute = scheduler.execute

def slowly(engine, command):
    print("begun", flush=True)
    time.sleep(0.5)
    receipt = execute(engine, command)
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
