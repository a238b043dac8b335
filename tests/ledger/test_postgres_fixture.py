"""The PostgreSQL server of the tests starts, keeps databases apart and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.postgres import GIVEN, NoPostgres, Server, from_wheels, installed, start

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a cluster of our own, whatever server the environment names."""
    with start([*installed(), *from_wheels()]) as server:
        yield server


def ask(url: str, question: str) -> object:
    """Return the first value of the first row."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        return connection.execute(text(question)).scalar()


def home(url: str) -> Path:
    """Return the folder that holds a cluster's socket and data."""
    return Path(str(make_url(url).query["host"]))


def alive(process: int) -> bool:
    """Tell whether a process still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_databases_of_one_server_are_empty_and_apart(server: Server) -> None:
    one, other = server.create_database(), server.create_database()
    with create_engine(one, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE grants AS SELECT '산업단지' AS name"))
    assert ask(one, "SELECT name FROM grants") == "산업단지"
    assert ask(other, "SELECT to_regclass('grants')") is None


def test_a_dropped_database_is_gone_though_someone_is_connected(server: Server) -> None:
    url = server.create_database()
    with create_engine(url, poolclass=NullPool).connect():
        server.drop_database(url)
    names = "SELECT count(*) FROM pg_database WHERE datname = "
    assert ask(server.url("postgres"), f"{names}'{make_url(url).database}'") == 0


def test_a_stopped_server_leaves_neither_process_nor_folder() -> None:
    with start([*installed(), *from_wheels()]) as server:
        folder = home(server.url("postgres"))
        process = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        assert alive(process)
    assert not alive(process)
    assert not folder.exists()
    server.stop()


def test_tests_that_are_killed_leave_neither_process_nor_folder() -> None:
    program = """if True:
        import time
        from tests.postgres import from_wheels, installed, start
        print(start([*installed(), *from_wheels()]).url("postgres"), flush=True)
        time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout
        folder = home(tests.stdout.readline().strip())
        process = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        tests.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (alive(process) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(process)
    assert not folder.exists()


def test_the_wheel_alone_is_enough() -> None:
    wheel = next(from_wheels())
    with start([wheel]) as server:
        used = ask(server.create_database(), "SELECT setting FROM pg_config WHERE name = 'BINDIR'")
    assert Path(str(used)).resolve() == wheel.resolve()


def test_a_wheel_that_only_its_owner_may_read_is_enough(tmp_path: Path) -> None:
    private = tmp_path / "pginstall"
    shutil.copytree(next(from_wheels()).parent, private)
    private.chmod(0o700)
    with start([private / "bin"]) as server:
        assert ask(server.create_database(), "SELECT 1") == 1


def test_a_given_server_is_joined_and_left_as_it_was(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.url("postgres")
    monkeypatch.setenv(GIVEN, address.replace("postgresql+psycopg:", "postgres:"))
    databases = "SELECT count(*) FROM pg_database"
    before = ask(address, databases)
    with start() as given:
        assert ask(given.create_database(), databases) == before + 1  # type: ignore[operator]
    assert ask(address, databases) == before


def test_a_given_server_that_does_not_answer_is_not_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(GIVEN, f"postgresql://postgres@/postgres?host={tmp_path}")
    with pytest.raises(NoPostgres, match=f"^{GIVEN} names a server that cannot be used: "):
        start()


def test_when_nothing_starts_one_sentence_says_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(NoPostgres, match=rf"tried: {tmp_path} \(.*\)\. Give a server's URL"):
        start([tmp_path])
