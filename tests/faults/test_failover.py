"""A primary and its synchronous standby: the primary dies, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from commands.execute import execute, execute_all
from ledger import log
from ledger.database.engine import Engine
from ledger.errors import Disconnected, Unavailable
from projections.questions.roll_ups import BYS
from projections.questions.snapshot import Moment
from projections.replay.verify import verify
from tests.asked import balances
from tests.faults.cluster import (
    Cluster,
    in_background,
    primary_and_standby,
    until,
    whichever_writes,
)
from tests.faults.failover import failed_over
from tests.faults.writers import AT_ONCE, WAIT, opened, prepared, recorded, stream

PROJECT = Path(__file__).parents[2]
WAITS_FOR_THE_STANDBY = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

Pair: TypeAlias = tuple[Cluster, Cluster]


@pytest.fixture(scope="module")
def lasting() -> Iterator[Pair]:
    """A primary with a ledger and its synchronous standby, which tests leave as they are."""
    with primary_and_standby() as (primary, standby):
        prepared(whichever_writes(primary, standby))
        yield primary, standby


@pytest.fixture
def doomed() -> Iterator[Pair]:
    """A primary with a ledger and its synchronous standby, for one test alone."""
    with primary_and_standby() as (primary, standby):
        prepared(whichever_writes(primary, standby))
        yield primary, standby


def someone_waits_for_the_standby(primary: Cluster) -> None:
    """Wait until a commit hangs on the standby."""
    until(lambda: primary.ask(f"SELECT count(*) {WAITS_FOR_THE_STANDBY}") > 0)


def has_caught_up(standby: Cluster, primary: Cluster) -> None:
    """Wait until the standby shows its readers all that the primary has."""
    primary.ask("SELECT pg_logical_emit_message(true, '', '')")  # flushes what VACUUM left
    reached = primary.ask("SELECT pg_current_wal_flush_lsn()")
    until(lambda: standby.ask(f"SELECT pg_last_wal_replay_lsn() >= '{reached}'"))


def times_recorded(cluster: Cluster, command_id: str) -> int:
    """How often a command is in the log."""
    events = recorded(cluster.url("postgres"))
    return sum(event["command_id"] == command_id for event in events)


def rows(engine: Engine, at: Moment) -> list[list[dict[str, Any]]]:
    """Every roll-up of the balances."""
    with log.reading(engine) as connection:
        return [balances(connection, by, at, "2024-12-31") for by in BYS]


@pytest.mark.parametrize("end", [Cluster.kill, Cluster.stop_at_once])
def test_when_the_primary_dies_under_load_the_writers_go_on_at_the_standby(
    end: Callable[[Cluster], None],
) -> None:
    result = failed_over(end)
    assert result.is_whole
    assert result.sent == result.acknowledged


def test_a_command_is_acknowledged_only_once_the_standby_has_it(doomed: Pair) -> None:
    """Not even as a duplicate, though the primary has recorded it and shows it to readers."""
    primary, standby = doomed
    url, command = primary.url("postgres"), next(stream(0))
    standby.stop_at_once()
    with opened(url, AT_ONCE) as hasty, opened(url) as patient:
        first = in_background(lambda: execute(hasty, command))
        someone_waits_for_the_standby(primary)
        primary.ask(f"SELECT pg_terminate_backend(pid) {WAITS_FOR_THE_STANDBY}")
        with pytest.raises(Disconnected):
            first.result(WAIT)
        assert times_recorded(primary, command["id"]) == 1

        again = in_background(lambda: execute(patient, command))
        someone_waits_for_the_standby(primary)
        assert not again.done()
        standby.start()
        assert again.result(WAIT).status == "duplicate"
    primary.kill()
    standby.promote()
    assert times_recorded(standby, command["id"]) == 1


def test_a_commit_that_stopped_waiting_for_the_standby_is_not_acknowledged(doomed: Pair) -> None:
    """An operator's cancel makes PostgreSQL commit here alone, with no more than a warning."""
    primary, standby = doomed
    command = next(stream(0))
    standby.stop_at_once()
    with opened(primary.url("postgres"), AT_ONCE) as hasty:
        answer = in_background(lambda: execute(hasty, command))
        someone_waits_for_the_standby(primary)
        primary.ask(f"SELECT pg_cancel_backend(pid) {WAITS_FOR_THE_STANDBY}")
        with pytest.raises(Disconnected):
            answer.result(WAIT)


def test_a_commit_that_no_standby_confirms_is_given_up_after_the_wait(doomed: Pair) -> None:
    primary, standby = doomed
    command = next(stream(0))
    standby.stop_at_once()
    with opened(primary.url("postgres"), 1.0) as hasty, pytest.raises(Disconnected):
        in_background(lambda: execute(hasty, command)).result(15)
    standby.start()
    with opened(primary.url("postgres")) as patient:
        assert execute(patient, command).status == "duplicate"


def test_a_standby_answers_readers_what_the_primary_would(lasting: Pair) -> None:
    primary, standby = lasting
    with opened(whichever_writes(*lasting)) as writer, opened(standby.url("postgres")) as reader:
        list(execute_all(writer, list(islice(stream(0), 60))))
        has_caught_up(standby, primary)
        for at in (Moment(), Moment(day="2024-06-30"), Moment(seq=40)):
            assert rows(reader, at) == rows(writer, at)
    theirs, ours = recorded(standby.url("postgres")), recorded(primary.url("postgres"))
    assert list(theirs) == list(ours)


def test_a_standby_can_be_verified(lasting: Pair) -> None:
    primary, standby = lasting
    with opened(primary.url("postgres")) as writer, opened(standby.url("postgres")) as reader:
        list(execute_all(writer, list(islice(stream(1), 60))))
        has_caught_up(standby, primary)
        assert verify(reader) == verify(writer)


def test_a_standby_tells_writers_that_it_is_read_only(lasting: Pair) -> None:
    with (
        opened(lasting[1].url("postgres")) as reader,
        pytest.raises(Unavailable, match="read-only"),
    ):
        execute(reader, next(stream(2)))


def test_the_hosts_may_be_named_in_any_order(lasting: Pair) -> None:
    primary, standby = lasting
    with opened(whichever_writes(standby, primary)) as engine:
        assert execute(engine, next(stream(3))).status == "recorded"


def test_a_reading_that_the_standby_gives_up_is_told_plainly(lasting: Pair) -> None:
    """Where the primary has cleaned up rows that a long reading on the standby still sees."""
    primary, standby = lasting
    standby.set("max_standby_streaming_delay", "0")

    def read_for_too_long() -> None:
        with (
            opened(primary.url("postgres")) as writer,
            opened(standby.url("postgres")) as reader,
            log.reading(reader) as connection,
        ):
            log.read_head(connection)
            list(execute_all(writer, list(islice(stream(4), 60))))
            primary.ask("VACUUM")
            has_caught_up(standby, primary)
            log.read_head(connection)

    with pytest.raises(Unavailable) as told:
        read_for_too_long()
    assert "\n" not in str(told.value)


def test_tests_that_are_killed_leave_neither_servers_nor_folders() -> None:
    program = """if True:
        import time
        from tests.faults.cluster import primary_and_standby
        with primary_and_standby() as (primary, standby):
            primary.kill()
            print(primary.home.folder, standby.home.folder, standby.process, flush=True)
            time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout
        *folders, process = tests.stdout.readline().split()
        tests.send_signal(signal.SIGKILL)
    until(lambda: not any(os.path.exists(folder) for folder in folders), within=30)
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)
