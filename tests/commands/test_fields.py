"""A form is read from the model: what a field holds, whether it must be there, what it may be."""

from __future__ import annotations

import pytest

from commands.fields import Field, fields_of
from commands.table import COMMANDS
from projections.questions.table import QUESTIONS


def field(command: str, name: str) -> Field:
    """A field of a command."""
    return next(one for one in fields_of(COMMANDS[command].ask) if one.name == name)


@pytest.mark.parametrize(
    ("command", "name", "kind"),
    [
        ("disburse", "amount", "won"),
        ("allocate_budget", "amount", "won"),
        ("disburse", "year", "year"),
        ("disburse", "effective_on", "day"),
        ("disburse", "bank_ref", "text"),
        ("register_company", "size", "choice"),
        ("revise_terms", "advance_percent", "percent"),
        ("revise_terms", "min_companies", "whole"),
        ("reverse", "event", "whole"),
        ("apply", "lines", "list"),
        ("approve", "lines", "list"),
        ("revise_terms", "eligible", "list"),
        ("revise_terms", "ratio", "object"),
    ],
)
def test_what_a_field_holds(command: str, name: str, kind: str) -> None:
    assert field(command, name).kind == kind


def test_a_list_says_what_one_of_it_is() -> None:
    lines = {part.name: part for part in field("apply", "lines").one.parts}
    assert lines["subsidy"].kind == "won"
    assert lines["case"].required is False
    assert field("apply", "partners").one.kind == "text"


def test_a_choice_says_which() -> None:
    assert field("register_company", "size").choices == ("sme", "mid_size", "large")


def test_of_a_ratio_the_fields_of_both_kinds_are_known() -> None:
    parts = {part.name: part for part in field("revise_terms", "ratio").parts}
    assert set(parts) == {"percent", "bound", "sme", "mid_size", "large"}
    assert {part.name for part in parts["sme"].parts} == {"percent", "bound"}


def test_what_may_be_left_out_has_its_default() -> None:
    assert field("return_funds", "interest").default == 0
    assert not field("return_funds", "interest").required
    assert field("disburse", "amount").required


def test_a_field_of_a_question_goes_by_the_name_that_outsiders_use() -> None:
    start = next(one for one in fields_of(QUESTIONS["events"].model) if one.name == "from")
    assert start.attribute != "from"
    assert start.kind == "day"


def test_a_field_speaks_both_languages() -> None:
    amount = field("disburse", "amount")
    assert (amount.label("en"), amount.label("ko")) == ("amount", "금액")
    assert (amount.help("en"), amount.help("ko")) == ("amount paid, in whole won", "지급액(원)")
