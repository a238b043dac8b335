"""Only what is confirmed is signed: a signature cannot be taken back, what a server shows can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import attesting
from app.cli.door import Door, Keyring
from commands.execute import execute
from ledger.errors import Disconnected, Unavailable
from tests.faults.cluster import Cluster, in_background, primary_and_standby, until
from tests.faults.test_failover import (
    WAITS_FOR_THE_STANDBY,
    Pair,
    has_caught_up,
    someone_waits_for_the_standby,
    times_recorded,
)
from tests.faults.writers import AT_ONCE, WAIT, opened, prepared, stream


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary with a ledger and its synchronous standby."""
    with primary_and_standby() as (primary, standby):
        prepared(primary.url("postgres"))
        yield primary, standby


@pytest.fixture
def keyring(pair: Pair, tmp_path: Path) -> Keyring:
    """A folder with a key of that ledger."""
    keyring = Keyring(keys=str(tmp_path / "grant-keys"))
    url = pair[0].url("postgres")
    with Door(ledger=url).opened(keyring=keyring) as application:
        application.keys.make()
    return keyring


def _size(cluster: Cluster, keyring: Keyring, capsys: pytest.CaptureFixture[str]) -> int:
    """The size in a checkpoint that is signed now."""
    assert attesting.checkpoint(Door(ledger=cluster.url("postgres")), keyring) == 0
    return int(capsys.readouterr().out.split("\n")[1])


def test_a_standby_signs_nothing_and_says_who_does(
    pair: Pair, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it shows may be taken back, if its primary does not wait for it."""
    primary, standby = pair
    primary.set("synchronous_standby_names", "")
    with opened(primary.url("postgres")) as writer:
        assert execute(writer, next(stream(0))).status == "recorded"
    has_caught_up(standby, primary)
    door = Door(ledger=standby.url("postgres"))
    for sign in (
        lambda: attesting.checkpoint(door, keyring),
        lambda: attesting.checkpoint(door, keyring, after_restore=True),
        lambda: attesting.prove(door, keyring, 1, None),
    ):
        with pytest.raises(Unavailable, match=r"is a standby.* ask the primary"):
            sign()
    assert capsys.readouterr().out == ""
    size = _size(primary, keyring, capsys)
    primary.kill()
    standby.promote()
    assert _size(standby, keyring, capsys) == size


def test_what_the_standby_has_not_confirmed_is_not_signed(
    pair: Pair,
    keyring: Keyring,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An operator's cancel made a commit visible that one machine only has."""
    primary, standby = pair
    command = next(stream(0))
    before = _size(primary, keyring, capsys)
    standby.stop_at_once()
    with opened(primary.url("postgres"), AT_ONCE) as hasty:
        answer = in_background(lambda: execute(hasty, command))
        someone_waits_for_the_standby(primary)
        primary.ask(f"SELECT pg_cancel_backend(pid) {WAITS_FOR_THE_STANDBY}")
        with pytest.raises(Disconnected):
            answer.result(WAIT)
    assert times_recorded(primary, command["id"]) == 1
    monkeypatch.setenv("GRANTS_WAIT", "1")
    with pytest.raises(Unavailable):
        _size(primary, keyring, capsys)
    assert capsys.readouterr().out == ""
    standby.start()
    until(lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync")
    monkeypatch.setenv("GRANTS_WAIT", "30")
    assert _size(primary, keyring, capsys) == before + 1
