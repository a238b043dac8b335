"""Commands that come in a file without an id get one made of what they ask."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from commands.execute import dry_run, execute, execute_all
from commands.file_ids import FileOfCommands, file_id
from commands.parse import Asked, Invalid
from ledger.database.engine import Engine
from tests.given import Given
from tests.steps import HANBIT, approved, pay


def _read(*raws: object, again: str = "") -> list[Any]:
    file = FileOfCommands(again)
    return [file.read(raw, "cli") for raw in raws]


def _ids(*raws: object, again: str = "") -> list[str | None]:
    return [item.id for item in _read(*raws, again=again)]


def _budget(**more: object) -> dict[str, object]:
    return {
        "command": "allocate_budget",
        "actor": "kim",
        "programme": "prototype",
        "year": 2025,
        "amount": 1_000,
    } | more


def test_the_id_is_the_hash_of_the_canonical_command_the_count_and_again() -> None:
    content = {
        "amount": 1_000,
        "command": "allocate_budget",
        "programme": "prototype",
        "year": 2025,
    }
    said = json.dumps([content, 0, ""], sort_keys=True, separators=(",", ":"))
    name = f"file:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    assert _ids(_budget()) == [name]
    assert file_id(content, 0) == name
    assert len({name, file_id(content, 1), file_id(content, 0, "2026")}) == 3


def test_the_order_of_fields_blanks_hyphens_and_who_asks_make_no_other_id() -> None:
    asked = pay(5).command
    spelled = dict(reversed(asked.items())) | {
        "actor": "somebody.else",
        "grant": f" {asked['grant']} ",
        "company": HANBIT.replace("-", ""),
    }
    assert _ids(asked) == _ids(spelled)
    assert _ids(asked) != _ids(asked | {"amount": 6})
    assert _ids(asked) != _ids({k: v for k, v in asked.items() if k != "effective_on"})


def test_of_equal_commands_each_is_another_whoever_asks() -> None:
    first, second, other, third = _ids(
        _budget(), _budget(actor="lee"), _budget(amount=2), _budget()
    )
    assert len({first, second, other, third}) == 4
    assert _ids(_budget(amount=2), _budget(), _budget(), _budget()) == [other, first, second, third]


def test_what_has_an_id_keeps_it_and_does_not_count() -> None:
    named, unnamed = _ids(_budget(id="budget-1"), _budget())
    assert named == "budget-1"
    assert [unnamed] == _ids(_budget())


def test_what_is_no_command_gets_no_id() -> None:
    broken, wrong, right = _read(Invalid("a", "b"), _budget(amount=0.5), _budget())
    assert isinstance(broken, Invalid)
    assert isinstance(wrong, Invalid)
    assert isinstance(right, Asked)


@pytest.mark.parametrize("name", ["file:", "file:0123456789abcdef0123456789abcdef", "file:mine"])
def test_an_id_that_begins_like_a_file_s_and_is_not_made_so_is_invalid(
    engine: Engine, name: str
) -> None:
    assert execute(engine, _budget(id=name)).rule == "invalid"
    assert dry_run(engine, _budget(id=name)).rule == "invalid"
    (item,) = _read(_budget(id=name))
    assert isinstance(item, Invalid)


def test_not_even_the_true_one_is_taken_from_outside(engine: Engine) -> None:
    (name,) = _ids(_budget())
    assert execute(engine, _budget(id=name)).rule == "invalid"


def test_under_such_an_id_the_same_is_a_duplicate_whoever_asks(
    engine: Engine, given: Given
) -> None:
    given(approved(10_000))
    asked = pay(4_000).command
    (first,) = execute_all(engine, _read(asked))
    (again,) = execute_all(engine, _read(asked | {"actor": "somebody.else"}))
    assert (first.status, again.status, again.events) == ("recorded", "duplicate", first.events)
    assert again.first.actor == asked["actor"]
    (anew,) = execute_all(engine, _read(asked | {"bank_ref": "KB-2"}, again="2"))
    assert anew.status == "recorded"


def test_under_another_id_another_actor_is_still_a_conflict(engine: Engine, given: Given) -> None:
    given(approved(10_000))
    asked = pay(4_000).but(id="pay-1").command
    assert execute(engine, asked).status == "recorded"
    (again,) = execute_all(engine, _read(asked | {"actor": "somebody.else"}))
    assert again.rule == "idempotency-conflict"
