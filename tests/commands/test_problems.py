"""What a model does not take is said in both languages: the bound, the unit, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from commands import words
from commands.parse import Invalid, parsed
from commands.problems import KINDS, UNITS
from commands.table import COMMANDS
from tests.commands.test_bad_input import WRONG
from tests.steps import apply, claim, item, line, open_year, pay, registered, revise

LIMIT = "1,000,000,000,000,000"


def said(command: dict[str, Any]) -> tuple[str, str]:
    """What the refusal of a command that is not well-formed says: in English, in Korean."""
    with pytest.raises(Invalid) as found:
        parsed(command)
    return words.said(found.value, "en"), words.said(found.value, "ko")


# fmt: off
PROVOKED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("missing", pay(1).without("amount").command,
     "amount: it is missing", "amount: 필수 항목입니다"),
    ("extra_forbidden", pay(1).but(memo="급함").command,
     "memo: there is no such field", "memo: 없는 항목입니다"),
    ("int_type", pay(1).but(amount=True).command,
     "amount: it must be a whole number, without quotes or fraction",
     "amount: 따옴표나 소수점이 없는 정수여야 합니다"),
    ("int_type", pay(1).but(amount=1.0).command,
     "amount: it must be a whole number, without quotes or fraction",
     "amount: 따옴표나 소수점이 없는 정수여야 합니다"),
    ("string_type", pay(1).but(bank_ref=7).command,
     "bank_ref: it must be a text", "bank_ref: 문자열이어야 합니다"),
    ("string_unicode", registered().but(size="\ud800").command,
     "size: it is not a valid text", "size: 올바른 문자열이 아닙니다"),
    ("tuple_type", claim(1).but(items={"evidence": "A"}).command,
     "items: it must be a list", "items: 목록이어야 합니다"),
    ("model_type", claim(1).but(items=["A"]).command,
     "items[0]: it must be an object with fields", "items[0]: 항목을 갖춘 객체여야 합니다"),
    ("literal_error", registered().but(size="tiny").command,
     "size: it must be one of: sme, mid_size, large",
     "size: 허용되지 않는 값입니다. 허용되는 값: sme, mid_size, large"),
    ("literal_error", registered().but(party_type="club").command,
     "party_type: it must be one of: company, university, research_institute",
     "party_type: 허용되지 않는 값입니다. 허용되는 값: company, university, research_institute"),
    ("greater_than_equal", pay(0).command,
     "amount: it must be at least 1 won", "amount: 1원 이상이어야 합니다"),
    ("greater_than_equal", claim(item(1, vat=-1)).command,
     "items[0].vat: it must be at least 0 won", "items[0].vat: 0원 이상이어야 합니다"),
    ("greater_than_equal", revise(on="2025-01-01", min_companies=0).command,
     "min_companies: it must be at least 1", "min_companies: 1개사 이상이어야 합니다"),
    ("less_than_equal", open_year(2025).but(year=10_000).command,
     "year: it must be at most 9999", "year: 9999 이하여야 합니다"),
    ("less_than_equal", revise(on="2025-01-01", advance_percent=101).command,
     "advance_percent: it must be at most 100 %", "advance_percent: 100% 이하여야 합니다"),
    ("less_than", apply(line(10**15, total_cost=1)).command,
     f"lines[0].subsidy: it must be less than {LIMIT} won",
     f"lines[0].subsidy: {LIMIT}원 미만이어야 합니다"),
    ("greater_than",
     {"command": "allocate_budget", "actor": "kim", "programme": "prototype", "year": 2025,
      "amount": -(10**15)},
     f"amount: it must be more than -{LIMIT} won", f"amount: -{LIMIT}원보다 커야 합니다"),
    ("value_error", pay(1).but(company="609-86").command,
     "company: a business number has ten digits: NNN-NN-NNNNN",
     "company: 사업자등록번호는 열 자리 숫자입니다: NNN-NN-NNNNN"),
    ("value_error", pay(1).but(grant="가" * 65).command,
     "grant: 65 characters, at most 64 are kept", "grant: 65자입니다. 64자까지 적을 수 있습니다"),
    ("value_error", pay(1).but(effective_on="2025-02-30").command,
     "effective_on: 2025-02-30 is not a day of the calendar",
     "effective_on: 2025-02-30은 달력에 없는 날짜입니다"),
)
# fmt: on


@pytest.mark.parametrize(("kind", "command", "english", "korean"), PROVOKED)
def test_a_problem_is_said_with_its_bound_its_unit_and_what_is_allowed(
    kind: str, command: dict[str, Any], english: str, korean: str
) -> None:
    assert list(kinds_of(command)) == [kind]
    assert said(command) == (english, korean)


def test_every_kind_of_problem_that_has_words_is_provoked() -> None:
    assert KINDS.keys() <= {kind for kind, *_ in PROVOKED}


def kinds_of(command: dict[str, Any]) -> Iterator[str]:
    """The kinds of problem that a command's model finds in it."""
    fields = {name: value for name, value in command.items() if name != "command"}
    try:
        COMMANDS[command["command"]].ask.model_validate(fields)
    except ValidationError as error:
        yield from (problem["type"] for problem in error.errors(include_url=False))


def test_no_model_names_a_kind_of_problem_without_words() -> None:
    found = {kind for command, _ in WRONG for kind in kinds_of(command)}
    assert found <= KINDS.keys() | {"value_error"}


def test_every_amount_that_is_asked_for_has_its_unit() -> None:
    """A field whose bound is the limit of amounts is counted in won."""
    for command in COMMANDS.values():
        schema = command.ask.model_json_schema()
        for part in (schema, *schema.get("$defs", {}).values()):
            for name, field in part.get("properties", {}).items():
                if field.get("exclusiveMaximum") == 10**15:
                    assert UNITS[name] == (" won", "원"), f"{command.name}.{name}"


FIELDS_AND_VALUES = re.compile(
    r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*: |허용되는 값: [a-z_, ]+|NNN-NN-NNNNN|YYYY-MM-DD"
    r"|U\+[0-9A-F]{4}|null|event나 of|lines나 partners|name이나 mini_cluster"
)


def test_nothing_english_is_left_in_korean_but_fields_and_values() -> None:
    for command, _ in WRONG:
        _, korean = said(command)
        assert not re.search("[A-Za-z]{2}", FIELDS_AND_VALUES.sub("", korean)), korean


@pytest.mark.parametrize(
    ("ratio", "english"),
    [
        ({"percent": 60.5, "bound": "le"}, "ratio.percent: it must be a whole number, without"),
        ({"percent": 60}, "ratio.bound: it is missing"),
        ({"percent": 101, "bound": "<"}, "ratio.percent: it must be at most 100 %; ratio.bound: "),
        ({"sme": {"percent": 101, "bound": "le"}}, "ratio.sme.percent: it must be at most 100 %"),
        ({"tiny": {"percent": 60, "bound": "le"}}, "ratio.tiny: there is no such field"),
        (60, "ratio: it must be an object with fields"),
    ],
)
def test_of_a_ratio_only_what_is_wrong_with_the_kind_it_resembles_is_said(
    ratio: object, english: str
) -> None:
    message, korean = said(revise(on="2025-01-01").but(ratio=ratio).command)
    assert message.startswith(english)
    assert message.count(";") == korean.count(";") == english.count(";")


def test_a_field_that_is_called_like_a_kind_of_ratio_is_named() -> None:
    assert said(pay(1).but(Rate=1).command)[1] == "Rate: 없는 항목입니다"
