"""Databases, roles and environments that set otherwise what the ledger's promises rest on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from commands.execute import execute
from ledger import log
from ledger.database.engine import connect
from ledger.errors import Corrupt, LedgerError, Misused, Unavailable
from projections.opening import make_ledger, open_ledger
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.benchmarks.places import plain
from tests.faults.ledgers import opened
from tests.faults.writers import Load, prepared, reckoned
from tests.postgres import Server

HOSTILE: dict[str, str | None] = {
    # what is said: what must hold all the same
    "default_transaction_isolation = 'repeatable read'": "read committed",
    "default_transaction_isolation = 'serializable'": "read committed",
    "default_transaction_isolation = 'read uncommitted'": "read committed",
    "default_transaction_deferrable = on": "off",
    "synchronous_commit = off": "on",
    "synchronous_commit = local": "on",
    "synchronous_commit = remote_write": "on",
    "synchronous_commit = remote_apply": "remote_apply",
    "client_encoding = 'LATIN1'": "UTF8",
    "client_encoding = 'SQL_ASCII'": "UTF8",
    "client_encoding = 'EUC_KR'": "UTF8",
    "client_min_messages = error": "warning",
    "statement_timeout = '50ms'": "0",
    "lock_timeout = '1ms'": "30s",
    "idle_in_transaction_session_timeout = 0": "5min",
    "idle_in_transaction_session_timeout = '1s'": "5min",
    "idle_session_timeout = '1s'": "0",
    "session_replication_role = replica": "origin",
    "zero_damaged_pages = on": "off",
    "ignore_checksum_failure = on": "off",
    "row_security = on": "off",
    "standard_conforming_strings = off": "on",
    "quote_all_identifiers = on": "off",
    "search_path = evil, public": "public, pg_temp",
    "default_table_access_method = 'nowhere'": "heap",
    "tcp_keepalives_idle = 0": None,  # read back as 0 where there is no network in between
}


@pytest.fixture
def url(postgres: Server, postgres_template: str) -> Iterator[str]:
    """A ledger on PostgreSQL."""
    url = postgres.create_database(postgres_template)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def clerk(url: str) -> Iterator[str]:
    """The same ledger for a role that may read and write rows, and nothing else."""
    role = f"clerk_{uuid4().hex[:12]}"
    _said(url, f"CREATE ROLE {role} LOGIN")
    _said(url, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    yield make_url(url).set(username=role).render_as_string(hide_password=False)
    _said(url, f"DROP OWNED BY {role}")
    _said(url, f"DROP ROLE {role}")


def _said(url: str, statement: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _company(number: int) -> dict[str, object]:
    return {
        "command": "register_company",
        "id": f"company-{number}",
        "actor": "kim",
        "effective_on": "2024-01-02",
        "business_number": f"900-81-{number:05d}",
        "name": f"똠방각하 {number}",
        "party_type": "company",
        "size": "sme",
    }


def _works(url: str, *, accused: str = "") -> None:
    """Whoever writes and whoever reads finds everything as it should be, but for a setting."""
    engine = open_ledger(url)
    assert execute(engine, _company(1)).status == "recorded"
    with log.reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT name FROM companies").scalar_one()
    assert found == "똠방각하 1"
    rebuild(engine)
    if accused:
        with pytest.raises(Corrupt, match=f"setting {accused}"):
            verify(engine)
    else:
        verify(engine)
    engine.dispose()


ACCUSED = ("session_replication_role", "zero_damaged_pages", "ignore_checksum_failure")
"""Settings that take protections away from whoever connects otherwise: `verify` names them."""


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("of", ["database", "role"])
def test_what_a_database_or_a_role_sets_does_not_reach_the_ledger(
    url: str, said: str, of: str
) -> None:
    address = make_url(url)
    name = address.database if of == "database" else f"boss_{uuid4().hex[:12]}"
    if of == "role":
        _said(url, f"CREATE ROLE {name} LOGIN SUPERUSER")
        address = address.set(username=name)
    _said(url, f"ALTER {of} {name} SET {said}")
    try:
        theirs = address.render_as_string(hide_password=False)
        engine = connect(theirs, wait_seconds=30)
        with engine.driver() as driver:
            ((found,),) = driver.ask(f"SELECT current_setting('{said.split()[0]}')")
        assert HOSTILE[said] in (found, None)
        engine.dispose()
        setting = said.split()[0]
        _works(theirs, accused=setting if setting in ACCUSED else "")
    finally:
        _said(url, f"ALTER {of} {name} RESET ALL")
        if of == "role":
            _said(url, f"REASSIGN OWNED BY {name} TO CURRENT_USER")
            _said(url, f"DROP ROLE {name}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGCLIENTENCODING", "EUC_KR"),
        ("PGCLIENTENCODING", "SQL_ASCII"),
        ("PGOPTIONS", "-c client_encoding=UHC -c synchronous_commit=off"),
        ("PGOPTIONS", "-c default_transaction_isolation=serializable -c statement_timeout=50"),
        ("PGOPTIONS", "-c search_path=pg_temp -c session_replication_role=replica"),
        ("PGDATESTYLE", "German, DMY"),
        ("PGTZ", "Pacific/Apia"),
        ("PGCONNECT_TIMEOUT", "0"),
    ],
)
def test_what_the_environment_sets_does_not_reach_the_ledger(
    url: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    _works(url)


def test_an_encoding_in_the_address_does_not_reach_the_ledger(url: str) -> None:
    _works(make_url(url).update_query_dict({"client_encoding": "EUC_KR"}).render_as_string(False))


@pytest.mark.parametrize(
    "setting", ["session_replication_role = replica", "zero_damaged_pages = on"]
)
def test_what_a_clerk_may_not_set_right_is_refused_and_named(
    url: str, clerk: str, setting: str
) -> None:
    _works(clerk)
    _said(url, f"ALTER ROLE {make_url(clerk).username} SET {setting}")
    with pytest.raises(Unavailable, match=f"sets {setting.split()[0]}, under which"):
        open_ledger(clerk)


def test_writers_at_once_all_record_where_the_database_says_repeatable_read(
    postgres: Server,
) -> None:
    url = prepared(postgres.create_database())
    isolation = "SET default_transaction_isolation = 'repeatable read'"
    _said(url, f"ALTER DATABASE {make_url(url).database} {isolation}")
    with Load(url) as load:
        load.goes_on(40)
    assert reckoned(url, load.writers).is_whole
    postgres.drop_database(url)


# ── encodings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["EUC_KR", "SQL_ASCII", "LATIN1", "EUC_JP"])
def test_a_database_that_is_not_utf8_is_refused_before_anything_is_made_in_it(
    postgres: Server, encoding: str
) -> None:
    name = f"grants_test_{uuid4().hex}"
    postgres_url = postgres.url("postgres")
    manner = f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    _said(postgres_url, f"CREATE DATABASE {name} {manner}")
    url = postgres.url(name)
    try:
        for way in (make_ledger, open_ledger):
            with pytest.raises(Misused, match=f"in {encoding}.*needs UTF8"):
                way(url)
        with psycopg.connect(plain(url), client_encoding="UTF8") as connection:
            left = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            assert connection.execute(left).fetchone() == (0,)
    finally:
        _said(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_file_of_sqlite_that_is_not_utf8_is_refused_before_anything_is_made_in_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "utf16.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA encoding = 'UTF-16'")
        file.execute("CREATE TABLE x (y)")
        file.execute("DROP TABLE x")
    with pytest.raises(Corrupt, match="UTF-16"):
        make_ledger(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_the_settings_of_every_connection_to_sqlite_are_the_ledgers_own(
    sqlite_template: Path,
) -> None:
    wanted = {"synchronous": 2, "fullfsync": 1, "recursive_triggers": 1, "trusted_schema": 0}
    with (
        opened(f"sqlite:///{sqlite_template}") as engine,
        engine.driver() as driver,
        log.reading(engine) as connection,
    ):
        for setting, value in wanted.items():
            assert driver.ask(f"PRAGMA {setting}") == [(value,)]
            assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar_one() == value


def test_a_file_in_use_for_something_else_keeps_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE theirs (x)")
    for way in (make_ledger, open_ledger):
        with pytest.raises(LedgerError):
            way(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
