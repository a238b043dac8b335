"""The fixture that lets a test of the commands read given, when, then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.engine import Engine
from tests.given import Given, Story


@pytest.fixture
def given(engine: Engine) -> Iterator[Given]:
    """Tells the beginning of a story on a fresh ledger, on each engine in turn."""
    story = Story(engine)
    yield story.given
    story.was_looked_at()
