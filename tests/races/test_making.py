"""Eight processes make the ledger in one empty place: there is one, and it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.given import Story
from tests.postgres import Server
from tests.races.rounds import ROUNDS, registered, visited
from tests.races.track import Track, done

CATALOGUE = 17


@pytest.fixture
def empty_place(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Makes URLs where nothing is yet: a file that is not there, an empty database."""
    if engine_name == "sqlite":
        numbers = count(1)
        yield lambda: f"sqlite:///{tmp_path}/new{next(numbers)}.db"
        return
    server: Server = request.getfixturevalue("postgres")
    made: list[str] = []

    def empty_database() -> str:
        made.append(server.create_database())
        return made[-1]

    yield empty_database
    for url in made:
        server.drop_database(url)


def test_eight_processes_that_make_the_ledger_at_once_make_one(
    empty_place: Callable[[], str], track: Track
) -> None:
    for _ in range(ROUNDS):
        url = empty_place()
        recorded = done(track.race([{"do": "make", "url": url}] * 8))
        assert sorted(recorded) == [0] * 7 + [CATALOGUE]
        with visited(url) as engine:
            assert Story(engine).size == CATALOGUE
            if engine.dialect == "sqlite":
                with engine.alchemy.connect() as connection:
                    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
                assert mode == "wal", "readers would hold up the writer"


def test_making_a_ledger_that_others_work_on_does_no_harm(
    story: Story, url: str, track: Track
) -> None:
    making = {"do": "make", "url": url}
    for turn in range(ROUNDS):
        working = {"do": "execute", "url": url, "steps": [registered(turn).command]}
        *made, _, _, _, _ = done(track.race([*[making] * 4, *[working] * 4]))
        assert made == [0] * 4
        assert story.size == CATALOGUE + turn + 1
