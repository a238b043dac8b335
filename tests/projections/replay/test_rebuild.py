"""A rebuild beside others: who has few rights, who looks after the tables, who spoilt them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import make_url

from ledger.database.engine import Engine, connect
from ledger.errors import Corrupt, LedgerError
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.benchmarks.places import file_of, plain

on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
def beside(engine: Engine) -> Iterator[psycopg.Connection]:
    """Somebody else at the same server."""
    with psycopg.connect(plain(engine.url)) as connection:
        yield connection
        connection.rollback()


@on_postgresql
def test_who_may_only_read_and_write_rows_rebuilds(
    engine: Engine, beside: psycopg.Connection
) -> None:
    beside.execute("DROP ROLE IF EXISTS clerk")
    beside.execute("CREATE ROLE clerk LOGIN")
    beside.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
    beside.commit()
    address = make_url(engine.url).set(username="clerk").render_as_string(hide_password=False)
    clerk = connect(address)
    try:
        rebuild(clerk)
    finally:
        clerk.dispose()
        beside.execute("DROP OWNED BY clerk")
        beside.execute("DROP ROLE clerk")
        beside.commit()


@on_postgresql
def test_a_rebuild_does_not_wait_for_who_vacuums_or_analyses(
    engine: Engine, beside: psycopg.Connection
) -> None:
    beside.execute("LOCK TABLE postings IN SHARE UPDATE EXCLUSIVE MODE")
    hasty = connect(engine.url, wait_seconds=2)
    rebuild(hasty)
    hasty.dispose()


@pytest.mark.tampers
def test_where_an_index_cannot_be_made_the_rebuild_says_so_and_leaves_all_as_it_was(
    engine: Engine,
) -> None:
    _spoil(engine)
    with pytest.raises(LedgerError, match="postings_by_grant"):
        rebuild(engine)
    with pytest.raises(Corrupt, match="index postings_by_grant on postings is missing"):
        verify(engine)


def _spoil(engine: Engine) -> None:
    """An index of ours stands on another table."""
    statements = "DROP INDEX postings_by_grant", "CREATE INDEX postings_by_grant ON head (size)"
    if engine.dialect == "sqlite":
        with closing(sqlite3.connect(file_of(engine.url))) as file:
            for statement in statements:
                file.execute(statement)
    else:
        with psycopg.connect(plain(engine.url)) as connection:
            for statement in statements:
                connection.execute(statement.encode())
