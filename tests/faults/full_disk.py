"""Disks that are full: small file systems of their own, and PostgreSQL servers that meet one.

A small file system lies in a mount namespace, which only the processes started in it see, and
which the kernel takes away with the last of them, however they end. Where it cannot be had,
`NoSmallDisk` says why; a limit on the size of files does without.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.nursery import PATIENCE, Child, Nursery
from tests.postgres import _within_reach, from_wheels, installed

NOBODY = {"nobody": True}
MOUNT = 'mount -t tmpfs -o "size=$0,mode=0777" tmpfs "$1" && shift && exec "$@"'


class NoSmallDisk(RuntimeError):
    """No file system of its own can be had here; the message says why."""


@contextmanager
def nursery_on_a_small_disk(nursery: Nursery, size: int) -> Iterator[tuple[Nursery, str]]:
    """Another nursery, whose children see a file system of so many bytes, and where."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    with nursery.folder("disk") as folder:
        words = ["unshare", "--mount", *own, "sh", "-c", MOUNT, str(size), folder]
        if shutil.which("unshare") is None:
            raise NoSmallDisk("there is no unshare(1)")
        tried = subprocess.run([*words, "true"], capture_output=True, text=True, check=False)
        if tried.returncode:
            raise NoSmallDisk(tried.stderr.strip())
        with Nursery(*words) as within:
            yield within, folder


class Cluster:
    """A PostgreSQL server of its own, started by a child of a nursery, with a ledger in it."""

    def __init__(self, nursery: Nursery, home: str, data: str, wal: str) -> None:
        self._nursery, self._home = nursery, home
        self._places = {"home": home, "data": f"{data}/data", "wal": f"{wal}/wal"}
        self.url = f"postgresql://postgres@/postgres?host={home}"
        self.server = self.started()

    def started(self) -> Child:
        """The server's first process, as soon as it answers; started again if it has ended."""
        server = getattr(self, "server", None)
        if server is None or server.code is not None:
            server = self._nursery.fork(
                "serve",
                binaries=str(_binaries(Path(self._home))),
                under=NOBODY,
                **self._places,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            self._nursery.listen_for(0.02)
            log = Path(self._home, "server.log")
            assert server.code is None, log.read_text() if log.exists() else server.said
            assert time.monotonic() < deadline, "the server does not answer"
        self.server = server
        return server

    def panicked(self) -> bool:
        """Whether the server fell because it could not write its log."""
        return "PANIC" in Path(self._home, "server.log").read_text()

    def limit_files(self, size: int | None) -> None:
        """Let new connections write files of so many bytes at most; None for any size."""
        self._nursery.done("limit-files", pid=self.server.pid, size=size, under=NOBODY)

    def execute(self, statement: str) -> None:
        """Execute one statement by a connection of its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster(nursery: Nursery, *, data: str = "", wal: str = "") -> Iterator[Cluster]:
    """A running cluster, its data or its write-ahead log in a folder of their own."""
    if (data or wal) and os.geteuid() != 0:
        raise NoSmallDisk("whoever mounts is root there, and PostgreSQL does not run as root")
    with nursery.folder("pg") as home:
        if os.geteuid() == 0:
            os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
        running = Cluster(nursery, home, data or home, wal or data or home)
        try:
            yield running
        finally:
            running.server.signal(signal.SIGQUIT)
            running.server.ended()


def _binaries(home: Path) -> Path:
    """The first PostgreSQL at hand, where another user can read it."""
    found = next(iter((*installed(), *from_wheels())))
    return _within_reach(found, home) if os.geteuid() == 0 else found
