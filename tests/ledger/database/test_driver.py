"""The driver's connection: many rows, much at once, and addresses as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from commands.execute import execute, execute_all
from ledger.database.driver import Driver
from ledger.database.engine import Engine, connect
from ledger.errors import Corrupt, Misused
from ledger.log import reading, writing
from tests import steps as say
from tests.app.calling import HANBIT
from tests.given import Story

LONGEST_NAME = "가" * 1000


def _register(place: int, name: str = LONGEST_NAME) -> dict[str, object]:
    return {
        "command": "register_company",
        "actor": "kim",
        "effective_on": "2025-01-02",
        "business_number": f"{100_000_0000 + place}",
        "name": name,
        "party_type": "company",
        "size": "sme",
    }


def test_a_batch_larger_than_what_fits_underway_to_the_server_arrives(engine: Engine) -> None:
    """Three megabytes; psycopg's pipeline would wait for ever for what it had not sent."""
    receipts = list(execute_all(engine, [_register(place) for place in range(500)]))
    assert {receipt.status for receipt in receipts} == {"recorded"}


def test_small_commands_after_a_large_batch_and_before_it_are_recorded(engine: Engine) -> None:
    assert execute(engine, _register(0, "한빛정밀")).status == "recorded"
    list(execute_all(engine, [_register(place) for place in range(1, 40)]))
    assert execute(engine, _register(40, "한빛정밀")).status == "recorded"


@pytest.mark.parametrize("many", [3, 300])
def test_signs_that_mean_something_to_sql_or_json_are_kept(engine: Engine, many: int) -> None:
    name = "100% \"정밀\" 'O''Brien' %s ? \\ \\N \\. 😀"
    list(execute_all(engine, [_register(place, name) for place in range(many)]))
    question = "SELECT name FROM companies ORDER BY name"
    with engine.driver() as driver:
        assert driver.ask(question) == [(name,)] * many


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_a_command_writes_travels_with_its_commit(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too long together goes one by one, and each statement waits for its answer."""
    Story(engine).given(say.approved(12_000_000))
    alone: list[str] = []
    send = Driver._execute

    def watched(driver: Driver, statement: str, values: Sequence[Any], cursor: Any = None) -> Any:
        answer = send(driver, statement, values, cursor)
        if not driver._travels_together:
            alone.append(statement)
        return answer

    monkeypatch.setattr(Driver, "_execute", watched)
    line = {"company": HANBIT, "year": 2025}
    asked = line | {"total_cost": 6_000_000, "subsidy": 3_000_000}
    for number, command in enumerate(
        (
            {"command": "apply", "programme": "prototype", "title": "시제품", "lead": HANBIT}
            | {"lines": [asked], "actor": "kim"},
            {"command": "approve", "actor": "lee"},
            {"command": "disburse", "amount": 1_000_000, "bank_ref": "KB-1", "actor": "kim"} | line,
        ),
        start=1,
    ):
        on = {"grant": "G9", "effective_on": f"2025-03-0{number}"}
        assert execute(engine, command | on).status == "recorded"
    assert not alone


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_questions_are_planned_for_what_they_ask_and_commands_are_not(engine: Engine) -> None:
    with reading(engine) as connection:
        planned = connection.exec_driver_sql("SHOW plan_cache_mode").scalar()
    with engine.driver() as driver:
        assert (planned, driver.ask("SHOW plan_cache_mode")) == (
            "force_custom_plan",
            [("auto",)],
        )


REVERSALS = ("reversals", ("entry", "by", "day"))


def _reversed_twice(engine: Engine) -> None:
    with writing(engine) as writer:
        writer.driver.put(*REVERSALS, [(1, 2, "")])
        writer.driver.put(*REVERSALS, [(1, 3, "")])


def test_a_row_that_is_there_already_stops_everything_that_was_sent_with_it(engine: Engine) -> None:
    with pytest.raises(Corrupt, match="contradicts itself"):
        _reversed_twice(engine)
    with engine.driver() as driver:
        assert driver.ask("SELECT count(*) FROM reversals") == [(0,)]


@pytest.mark.tampers
def test_what_was_changed_twice_before_it_was_sent_is_what_it_was_last(engine: Engine) -> None:
    with writing(engine) as writer:
        for by in (2, 3):
            writer.driver.put(*REVERSALS, [(1, by, "")], key=1)
    with engine.driver() as driver:
        assert driver.ask("SELECT by FROM reversals") == [(3,)]


def test_a_connection_that_failed_is_not_used_again(engine: Engine) -> None:
    with suppress(ZeroDivisionError), engine.driver() as broken:
        raise ZeroDivisionError
    with engine.driver() as driver:
        assert driver is not broken
    with engine.driver() as again:
        assert again is driver


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://office@/ledger?host=a:5433&host=b:5434",
        "postgresql+psycopg://office@a:5433,b:5434/ledger",
        "postgres://office@/ledger?host=a,b&port=5433,5434",
    ],
)
def test_several_hosts_may_be_named_in_any_of_the_usual_ways(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def heard(**arguments: object) -> None:
        given.update(arguments)
        raise psycopg.OperationalError("far away")

    monkeypatch.setattr(psycopg, "connect", heard)
    with pytest.raises(psycopg.OperationalError), connect(url).driver():
        pass
    assert (given["host"], given["port"], given["dbname"]) == ("a,b", "5433,5434", "ledger")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://office:secret@host/ledger?colour=blue",
        "postgresql://office:se%zzcret@host/ledger",
        "postgresql://office:/secret:@host/ledger?foo=1",
        "postgresql://host/ledger?password=secret&foo=1",
        "sqlite://secret@host/ledger?foo=1",
    ],
)
def test_an_address_that_is_none_is_shown_without_its_password(url: str) -> None:
    with pytest.raises(Misused) as raised:
        connect(url)
    assert "secret" not in str(raised.value)
    assert "cret" not in str(raised.value)


def test_a_file_after_two_slashes_is_not_made() -> None:
    with pytest.raises(Misused, match="three slashes"):
        connect("sqlite://typo.db", create=True)
