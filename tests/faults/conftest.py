"""One cradle for all fault tests, and ledgers that have something in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from commands.execute import execute_all
from tests.faults.ledgers import opened
from tests.faults.nursery import Nursery
from tests.faults.stream import finance
from tests.postgres import Server


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes come from that do a job on a ledger."""
    with Nursery() as nursery:
        yield nursery


def _grown(url: str) -> None:
    with opened(url) as engine:
        list(execute_all(engine, finance()))


@pytest.fixture(scope="session")
def grown_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger in which an office worked for three years."""
    path = tmp_path_factory.mktemp("grown") / "grants.db"
    shutil.copy(sqlite_template, path)
    _grown(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def grown_database(postgres: Server, postgres_template: str) -> str:
    """The name of a PostgreSQL ledger in which an office worked for three years."""
    url = postgres.create_database(postgres_template)
    _grown(url)
    return make_url(url).database or ""


@pytest.fixture
def grown_url(
    engine_name: str,
    new_url: Callable[[], str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[str]:
    """A copy of a ledger in which an office worked for three years, on the engine in turn."""
    if engine_name == "sqlite":
        path = tmp_path / "grown.db"
        shutil.copy(request.getfixturevalue("grown_file"), path)
        yield f"sqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("postgres")
        url = server.create_database(request.getfixturevalue("grown_database"))
        yield url
        server.drop_database(url)
