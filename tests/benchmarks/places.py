"""Where ledgers of a benchmark live: files or databases on a real disk, commits flushed to it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from tests.postgres import Server, start


class Place(Protocol):
    """One engine, and room on it."""

    engine: str

    def new(self) -> str:
        """The URL of a database that is not there yet, or empty."""

    def copy(self, url: str) -> str:
        """The URL of a copy of a database that nobody has open."""

    def drop(self, url: str) -> None:
        """Remove a database that is not needed any more."""


class Files:
    """SQLite files in a folder."""

    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def new(self) -> str:
        """A file of its own."""
        self._made += 1
        return f"sqlite:///{self._folder}/{self._made}.db"

    def copy(self, url: str) -> str:
        """A copy of the file."""
        made = self.new()
        shutil.copy(file_of(url), file_of(made))
        return made

    def drop(self, url: str) -> None:
        """The file and what SQLite keeps beside it."""
        for ending in ("", "-wal", "-shm"):
            Path(file_of(url) + ending).unlink(missing_ok=True)


class Databases:
    """Databases of a PostgreSQL server."""

    engine = "postgresql"

    def __init__(self, server: Server) -> None:
        self._server = server

    def new(self) -> str:
        """An empty database."""
        return self._server.create_database()

    def copy(self, url: str) -> str:
        """A copy of the database."""
        return self._server.create_database(make_url(url).database or "")

    def drop(self, url: str) -> None:
        """The database."""
        self._server.drop_database(url)


@contextmanager
def place(engine: str, folder: str) -> Iterator[Place]:
    """Room on an engine, inside a folder; removed at the end."""
    if engine == "sqlite":
        with TemporaryDirectory(prefix="grants-", dir=folder) as made:
            yield Files(Path(made))
        return
    with start(room=folder) as server:
        with psycopg.connect(plain(server.url("postgres")), autocommit=True) as connection:
            # room for a load: otherwise checkpoints, not commits, are measured
            connection.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            connection.execute("SELECT pg_reload_conf()")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                row = connection.execute(f"SHOW {setting}".encode()).fetchone()
                assert row == ("on",), f"{setting} is {row}"
        yield Databases(server)


def file_of(url: str) -> str:
    """The path of a SQLite ledger."""
    return make_url(url).database or ""


def plain(url: str) -> str:
    """The URL as psycopg reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def flush_cost_s(folder: str) -> float:
    """Seconds that one flush of a page in a file takes there: the median of two hundred."""
    times, page, pages = [], b"x" * 4096, 200
    with NamedTemporaryFile(dir=folder) as file:
        file.write(page * pages)
        file.flush()
        os.fsync(file.fileno())
        for place_ in range(pages):
            os.pwrite(file.fileno(), page, place_ * len(page))
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times)
