"""Ledgers with a story that fills every table, a fresh copy for each test to damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger.database.engine import Engine
from tests.given import Story
from tests.postgres import Server
from tests.projections.replay.verify.tampering import told


@pytest.fixture(scope="module")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with the story, to be copied for each test."""
    path = tmp_path_factory.mktemp("told") / "grants.db"
    told(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def postgres_template(postgres: Server) -> str:
    """The name of a PostgreSQL ledger with the story, to be copied for each test."""
    return make_url(told(postgres.create_database())).database or ""


@pytest.fixture
def story(engine: Engine) -> Story:
    """A ledger of one's own with the story."""
    return Story(engine)
