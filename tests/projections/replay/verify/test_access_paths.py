"""An index that leads elsewhere than its table: questions read it, so `verify` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from ledger import log
from ledger.database import tables
from ledger.database.driver import driver_of
from ledger.database.engine import Engine, connect
from projections.questions.snapshot import Moment
from projections.replay import access_paths
from projections.replay.access_paths import AccessPath
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from projections.storage.schema import schema
from tests import steps as say
from tests.asked import balances
from tests.given import Story
from tests.projections.replay.verify.tampering import bend, first_of, is_found, tamper, unnoticed_by
from tests.steps import DAON, TAEBAEK

pytestmark = pytest.mark.tampers

ALL = (*tables.metadata.sorted_tables, *schema().metadata.sorted_tables)
PATHS: dict[str, list[AccessPath]] = {
    "sqlite": list(access_paths.indexes_of(ALL, "sqlite")),
    "postgresql": [*access_paths.keys_of(ALL), *access_paths.indexes_of(ALL, "postgresql")],
}
OF_POSTINGS = ("postings_by_company", "postings_by_grant", "postings_by_case")


def _posting_of_a_case(engine: Engine) -> dict[str, Any]:
    with log.reading(engine) as connection:
        question = text("SELECT * FROM postings WHERE \"case\" <> '' ORDER BY seq LIMIT 1")
        return dict(connection.execute(question).mappings().one())


def _put_again(engine: Engine, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(f":{name}" for name in row)
    tamper(engine, f"INSERT INTO {table} ({names}) VALUES ({marks})", **row)


# ── what is in an index ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("index", OF_POSTINGS)
def test_a_posting_that_is_missing_from_an_index_is_found_until_a_rebuild(
    story: Story, index: str
) -> None:
    row = _posting_of_a_case(story.engine)
    tamper(story.engine, "DELETE FROM postings WHERE seq = :seq", seq=row["seq"])
    with unnoticed_by(story.engine, index):
        _put_again(story.engine, "postings", row)
    is_found(story.engine, f"index {index} is not what its table is", "REINDEX makes it anew")
    rebuild(story.engine)
    verify(story.engine)


def test_an_event_that_is_missing_from_the_index_of_subjects_is_found(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    with log.reading(story.engine) as connection:
        question = text("SELECT * FROM events WHERE seq = :seq")
        row = dict(connection.execute(question, {"seq": seq}).mappings().one())
    tamper(story.engine, "DELETE FROM events WHERE seq = :seq", seq=seq)
    with unnoticed_by(story.engine, "events_by_subject"):
        _put_again(story.engine, "events", row)
    is_found(story.engine, "index events_by_subject is not what its table is")
    index = "INDEX " if story.engine.dialect == "postgresql" else ""
    bend(story.engine, f"REINDEX {index}events_by_subject")
    verify(story.engine)


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("index", ["balances_pkey", "grants_pkey", "balances_by_year"])
def test_a_row_that_is_missing_from_its_key_is_found(story: Story, index: str) -> None:
    table = index.partition("_")[0]
    with log.reading(story.engine) as connection:
        row = dict(connection.execute(text(f"SELECT * FROM {table}")).mappings().first() or {})
    key = "scope" if table == "balances" else '"grant"'
    value = row["scope" if table == "balances" else "grant"]
    again = f"{table} WHERE {key} = :value"
    tamper(story.engine, f"CREATE TABLE aside AS SELECT * FROM {again}", value=value)
    tamper(story.engine, f"DELETE FROM {again}", value=value)
    with unnoticed_by(story.engine, index):
        tamper(story.engine, f"INSERT INTO {table} SELECT * FROM aside", "DROP TABLE aside")
    is_found(story.engine, f"index {index} is not what its table is")


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("index", OF_POSTINGS)
def test_a_posting_that_only_an_index_has_is_found(story: Story, index: str) -> None:
    row = _posting_of_a_case(story.engine) | {"place": 9, "won": 10_000_000}
    _put_again(story.engine, "postings", row)
    with unnoticed_by(story.engine, index):
        tamper(story.engine, "DELETE FROM postings WHERE place = 9")
    is_found(story.engine, f"index {index} is not what its table is")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_amount_in_an_index_is_found_and_would_have_been_answered(story: Story) -> None:
    at = Moment(day="2025-10-03")

    def answer() -> list[dict[str, Any]]:
        with log.reading(story.engine) as connection:
            return balances(connection, "company", at, "2026-11-26", company=TAEBAEK)

    before, changed = answer(), "UPDATE postings SET won = won + {} WHERE company = '{}'"
    tamper(story.engine, changed.format(1_000, TAEBAEK))
    with unnoticed_by(story.engine, "postings_by_company"):
        tamper(story.engine, changed.format(-1_000, TAEBAEK))
    assert answer() != before
    is_found(story.engine, "index postings_by_company is not what its table is")


def test_a_ceiling_passed_since_an_index_lacks_a_posting_does_not_stay_unseen(
    story: Story,
) -> None:
    """An award of 12 million, lowered in October: until then another one is too much."""
    story.brought |= {step.brings for step in (say.opened(2025), say.budgeted())}
    story.given(
        say.approved(say.line(12_000_000, company=DAON), grant="G3"),
        say.amended(say.line(5_000_000, company=DAON), grant="G3", on="2025-10-01"),
        say.applied(say.line(12_000_000, company=DAON), grant="G4"),
    )
    back_dated = say.approve(grant="G4", on="2025-05-01")
    story.when(back_dated).refused("annual-cap")
    with log.reading(story.engine) as connection:
        lowering = text("SELECT * FROM postings WHERE \"grant\" = 'G3' AND won = 7000000")
        row = dict(connection.execute(lowering).mappings().one())
    tamper(story.engine, "DELETE FROM postings WHERE seq = :seq", seq=row["seq"])
    with unnoticed_by(story.engine, "postings_by_company"):
        _put_again(story.engine, "postings", row)
    story.when(back_dated).recorded()
    is_found(story.engine, "breaks annual-cap", seq=story.size)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_servers_own_check_of_an_index_is_used_where_it_is(story: Story) -> None:
    row = _posting_of_a_case(story.engine)
    tamper(story.engine, "DELETE FROM postings WHERE seq = :seq", seq=row["seq"])
    with unnoticed_by(story.engine, "postings_by_grant"):
        _put_again(story.engine, "postings", row)
    is_found(story.engine, "index postings_by_grant", "entries of sum")
    bend(story.engine, "CREATE SCHEMA other", "CREATE EXTENSION amcheck SCHEMA other")
    is_found(story.engine, "index postings_by_grant", "lacks matching index tuple")


@pytest.fixture
def auditor(story: Story) -> Iterator[Engine]:
    """The same ledger for somebody who has the right to read, and no other."""
    name = f"auditor_{uuid4().hex}"
    bend(
        story.engine,
        f"CREATE ROLE {name} LOGIN",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}",
    )
    address = make_url(story.engine.url).set(username=name)
    engine = connect(address.render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    bend(story.engine, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("amcheck", [False, True])
def test_the_right_to_read_is_enough(story: Story, auditor: Engine, amcheck: bool) -> None:
    if amcheck:
        bend(story.engine, "CREATE SCHEMA other", "CREATE EXTENSION amcheck SCHEMA other")
    assert verify(auditor) == verify(story.engine)


# ── by which way ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_reads_each_index_without_its_table_and_each_table_without_its_indexes(
    story: Story,
) -> None:
    with log.reading(story.engine) as connection:
        for path in PATHS["sqlite"]:
            by_index, by_table = (
                connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}").all()
                for question in access_paths.questions_sqlite(path)
            )
            assert [row.detail for row in by_index] == [
                f"SCAN {path.table} USING COVERING INDEX {path.index}"
            ]
            assert by_table[0].detail == f"SCAN {path.table}"


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_postgresql_reads_each_index_without_its_table_and_each_table_without_its_indexes(
    story: Story,
) -> None:
    with log.reading(story.engine) as connection:
        driver = driver_of(connection)
        before = driver.ask("SELECT name, setting FROM pg_settings ORDER BY name")

        def scanned(path: AccessPath, *ways: str) -> list[str]:
            with access_paths.only_by(driver, *ways):
                plan = driver.ask(f"EXPLAIN (COSTS OFF) {access_paths.sum_of(path)}")
            return [line.strip(" ->") for (line,) in plan if "Scan" in line]

        for path in PATHS["postgresql"]:
            assert scanned(path, *access_paths.THROUGH_INDEXES) == [
                f"Index Only Scan using {path.index} on {path.table}"
            ]
            assert scanned(path, *access_paths.THROUGH_TABLES) == [f"Seq Scan on {path.table}"]
        assert driver.ask("SELECT name, setting FROM pg_settings ORDER BY name") == before


def test_no_index_is_left_out(story: Story, engine_name: str) -> None:
    indexes = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class "
        "ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace",
    }
    with log.reading(story.engine) as connection:
        found = set(connection.exec_driver_sql(indexes[engine_name]).scalars())
    assert found == {path.index for path in PATHS[engine_name]}
