"""Real ledgers for the tests: SQLite files and PostgreSQL databases, each test its own.

A ledger with the catalogue is made once a session and engine, and copied for each test. Whatever
a test does to its ledger, the whole ledger must verify afterwards, unless the test is marked
`tampers`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from commands.catalogue import record_catalogue
from ledger.database.engine import Engine
from projections.opening import make_ledger, open_ledger
from projections.replay.verify import verify
from tests.postgres import Server, start

pytest.register_assert_rewrite("tests.given")

from tests.given import Given, Story  # noqa: E402  # once its asserts are rewritten


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL server; where none can be had the tests fail, they never skip."""
    with start() as server:
        yield server


def _made(url: str) -> str:
    engine = make_ledger(url)
    record_catalogue(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with the catalogue and nothing else."""
    path = tmp_path_factory.mktemp("template") / "grants.db"
    _made(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a PostgreSQL ledger with the catalogue and nothing else."""
    return make_url(_made(postgres.create_database())).database or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each of the two engines in turn."""
    return str(request.param)


@pytest.fixture
def new_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Makes URLs of ledgers that have the catalogue and nothing else, on the engine in turn."""
    made: list[str] = []

    def sqlite_copy() -> str:
        path = tmp_path / f"grants{len(made)}.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        made.append(f"sqlite:///{path}")
        return made[-1]

    def postgres_copy() -> str:
        server: Server = request.getfixturevalue("postgres")
        made.append(server.create_database(request.getfixturevalue("postgres_template")))
        return made[-1]

    yield sqlite_copy if engine_name == "sqlite" else postgres_copy
    if engine_name == "postgresql":
        for url in made:
            request.getfixturevalue("postgres").drop_database(url)


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The URL of a fresh ledger."""
    return new_url()


@pytest.fixture
def engine(url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A fresh ledger; after the test all of it must verify."""
    engine = open_ledger(url)
    yield engine
    try:
        if request.node.get_closest_marker("tampers") is None:
            verify(engine)
    finally:
        engine.dispose()


@pytest.fixture
def given(engine: Engine) -> Iterator[Given]:
    """Tells the beginning of a story on a fresh ledger, on each engine in turn."""
    story = Story(engine)
    yield story.given
    story.was_looked_at()
