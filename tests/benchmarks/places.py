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
from typing import LiteralString, Protocol

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from tests.postgres import Server, start


class Place(Protocol):
    """One engine, and room on it."""

    engine: str

    def new(self) -> str:
        """The URL of a database that is not there yet, or empty."""

    def kept(self, name: str) -> str:
        """The URL of a database that a later run may find again, whether it is there or not."""

    def copy(self, url: str, to: str | None = None) -> str:
        """The URL of a copy, new or where it is told, of a database that nobody has open."""

    def drop(self, url: str) -> None:
        """Remove a database that is not needed any more."""


class Files:
    """SQLite files in a folder."""

    engine = "sqlite"

    def __init__(self, folder: Path, keep: Path | None = None) -> None:
        self._folder = folder
        self._keep = keep or folder
        self._made = 0

    def new(self) -> str:
        """A file of its own."""
        self._made += 1
        return f"sqlite:///{self._folder}/{self._made}.db"

    def kept(self, name: str) -> str:
        """A file in the folder that stays."""
        return f"sqlite:///{self._keep}/{name}.db"

    def copy(self, url: str, to: str | None = None) -> str:
        """A copy of the file."""
        made = to or self.new()
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

    def kept(self, name: str) -> str:
        """A database that stays for as long as its server."""
        url = self._server.url(f"grants_benchmark_{name}")
        if not self._ask("SELECT 1 FROM pg_database WHERE datname = %s", database_of(url)):
            self._create(url, "template0")
        return url

    def copy(self, url: str, to: str | None = None) -> str:
        """A copy of the database."""
        if to is None:
            return self._server.create_database(database_of(url))
        self.drop(to)
        self._create(to, database_of(url))
        return to

    def drop(self, url: str) -> None:
        """The database."""
        self._server.drop_database(url)

    def _create(self, url: str, template: str) -> None:
        names = [Identifier(database_of(url)), Identifier(template)]
        statement = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(*names)
        with psycopg.connect(plain(self._server.url("postgres")), autocommit=True) as connection:
            connection.execute(statement)

    def _ask(self, question: LiteralString, value: str) -> object:
        with psycopg.connect(plain(self._server.url("postgres"))) as connection:
            return connection.execute(question, [value]).fetchone()


@contextmanager
def place(engine: str, folder: str, keep: str | None = None) -> Iterator[Place]:
    """Room on an engine, inside a folder; removed at the end but for files that are kept."""
    if engine == "sqlite":
        with TemporaryDirectory(prefix="grants-", dir=folder) as made:
            yield Files(Path(made), Path(keep) if keep else None)
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


def database_of(url: str) -> str:
    """The name of a PostgreSQL database."""
    return make_url(url).database or ""


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
