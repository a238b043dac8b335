"""Eight racers for all races, and the story that each race begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.database.engine import Engine

pytest.register_assert_rewrite("tests.races.rounds", "tests.races.track")

from tests.given import Story  # noqa: E402
from tests.races.track import Track  # noqa: E402


@pytest.fixture(scope="session")
def track() -> Iterator[Track]:
    """Eight racers, started when the first race is run, ended with the session."""
    track = Track()
    yield track
    track.end()


@pytest.fixture
def story(engine: Engine) -> Story:
    """A fresh ledger to tell things to; after the test all of it must verify."""
    return Story(engine)
