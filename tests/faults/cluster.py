"""PostgreSQL clusters that may be killed, started again, copied to a standby and promoted.

Everything is done with the standard tools: `initdb` or `pg_basebackup` makes the data, `postgres`
serves it on a socket in a folder of its own, `pg_ctl` stops and promotes. Durability is at its
defaults (`fsync` and `synchronous_commit` on): nothing here may be easier than in an office.

As in `tests.postgres` a cluster hangs on a pipe to a small shell, its keeper, which makes the data
and then starts the server each time it is told to. When the pipe closes, however the tests ended,
the keeper ends the server and removes its folder.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import Any, Self, TypeVar

import psycopg
from sqlalchemy import make_url

from tests.postgres import (
    PATIENCE,
    Home,
    NoPostgres,
    Server,
    answers,
    from_wheels,
    installed,
    why,
)

T = TypeVar("T")

KEEPER = """
exec 3<&0 </dev/null
binaries=$1 home=$2 server=
shift 2
"$@" 3<&- && while read -r task <&3 && [ "$task" = start ]; do
    [ -z "$server" ] || wait "$server"
    "$binaries/postgres" -D "$home/data" -k "$home" -p 5432 -c listen_addresses= \
        -c max_connections=100 -c max_wal_size=128MB \
        -c dynamic_shared_memory_type=mmap 3<&- &  # in the folder, so that it goes with it
    server=$!
done
[ -z "$server" ] || { kill -QUIT "$server"; wait "$server"; }
if [ -s "$home/data/postmaster.pid" ]; then  # it was killed: nobody else frees its memory
    set -- $(sed -n 7p "$home/data/postmaster.pid")
    ipcrm -m "$2"
fi
cd /
for _ in 1 2 3 4 5 6 7 8 9; do rm -rf -- "$home" && break; sleep 1; done
"""

MAKE = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
TOOLS = ("initdb", "postgres", "pg_ctl", "pg_basebackup")
NAME = "standby"  # what a standby calls itself to its primary


class Cluster(Server):
    """A server of our own that tests may do anything to."""

    def __init__(self, home: Home, *making: str) -> None:
        self.home = home
        with ExitStack() as undo:
            self._log = undo.enter_context(TemporaryFile())
            self._its_keeper = home.kept_by(KEEPER, self._log, *making)
            super().__init__(home.address, self._its_keeper)
            undo.callback(super().stop)
            self.start()
            self._undo = undo.pop_all()

    @classmethod
    def fresh(cls, binaries: Path | None = None) -> Self:
        """Start an empty cluster."""
        home = Home.made(binaries or _whole())
        return cls(home, f"{home.binaries}/initdb", f"--pgdata={home.folder}/data", *MAKE)

    def standby(self) -> Self:
        """Start a copy that follows this cluster, and make every commit here wait for it."""
        home = Home.made(self.home.binaries)
        source = f"host={self.home.folder} port=5432 user=postgres application_name={NAME}"
        copy = type(self)(
            home,
            *(f"{home.binaries}/pg_basebackup", f"--pgdata={home.folder}/data"),
            *(f"--dbname={source}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        )
        # set after the copy was made, so that the copy waits for nobody once it is promoted
        self.set("synchronous_standby_names", NAME)
        until(lambda: self.ask("SELECT sync_state FROM pg_stat_replication") == "sync")
        return copy

    def start(self) -> None:
        """Start the server and wait until it answers."""
        assert self._its_keeper.stdin
        with suppress(BrokenPipeError):  # the keeper is gone; why, is in its log
            self._its_keeper.stdin.write(b"start\n")
            self._its_keeper.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        while not answers(self.home.address):
            if self._its_keeper.poll() is not None or time.monotonic() > deadline:
                self._log.seek(0)
                raise NoPostgres(why(self._log.read().decode(errors="replace")))
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server, whatever it is doing, and remove its folder."""
        self._undo.close()

    def stop_at_once(self) -> None:
        """Stop without a checkpoint or a word to the clients (`pg_ctl stop -m immediate`)."""
        self._pg_ctl("stop", "--mode=immediate")

    def kill(self) -> None:
        """Kill the postmaster with SIGKILL; it cannot be started again."""
        os.kill(self.process, signal.SIGKILL)
        until(lambda: not answers(self.home.address))

    def promote(self) -> None:
        """Make a primary of a standby (`pg_ctl promote`), and wait until it is one."""
        self._pg_ctl("promote")

    def set(self, setting: str, value: str) -> None:
        """Change a setting of the running server."""
        self.ask(f"ALTER SYSTEM SET {setting} = '{value}'")
        self.ask("SELECT pg_reload_conf()")

    def ask(self, question: str, url: str = "") -> Any:
        """Return the first value of the answer, if there is one."""
        plain = make_url(url or self.url("postgres")).set(drivername="postgresql")
        with psycopg.connect(plain.render_as_string(False), autocommit=True) as connection:
            answer = connection.execute(question.encode())
            row = answer.fetchone() if answer.description else None
        return row[0] if row else None

    @property
    def process(self) -> int:
        """The process id of the postmaster."""
        return int((self.home.folder / "data" / "postmaster.pid").read_text().split()[0])

    def _pg_ctl(self, *task: str) -> None:
        command = (f"{self.home.binaries}/pg_ctl", f"--pgdata={self.home.folder}/data", "--wait")
        done = subprocess.run(
            [*command, *task], stdin=subprocess.DEVNULL, capture_output=True, **self.home.manner
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _whole() -> Path:
    """The first folder of binaries that has all the tools."""
    for folder in (*installed(), *from_wheels()):
        if all((folder / tool).exists() for tool in TOOLS):
            return folder
    raise NoPostgres(f"no PostgreSQL on this machine has all of {', '.join(TOOLS)}")


@contextmanager
def primary_and_standby(binaries: Path | None = None) -> Iterator[tuple[Cluster, Cluster]]:
    """A primary and its one synchronous standby."""
    with Cluster.fresh(binaries) as primary, primary.standby() as standby:
        yield primary, standby


def whichever_writes(*clusters: Cluster, database: str = "postgres") -> str:
    """The URL that names several clusters and means the one that takes commands."""
    hosts = [str(cluster.home.folder) for cluster in clusters]
    query = {
        "host": ",".join(hosts),
        "port": ",".join("5432" for _ in hosts),
        "target_session_attrs": "read-write",
    }
    address = clusters[0].home.address.set(database=database, query=query)
    return address.render_as_string(hide_password=False)


def until(holds: Callable[[], bool], within: float = PATIENCE) -> None:
    """Wait until something holds; fail if it does not in time."""
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about within {within:g} seconds"
        time.sleep(0.02)


def in_background(call: Callable[[], T]) -> Future[T]:
    """Start something that may take its time; a thread left waiting does not hold up the tests."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer
