"""What goes wrong outside the rules is said in both languages, with the same facts."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest

from commands.words import failure
from commands.words.failures import KOREAN
from ledger.errors import Corrupt, Misused
from tests.commands.words.failing import failures
from tests.commands.words.test_names import HANGUL

SAID = {arg.value for _, arg in failures() if isinstance(arg, ast.Constant)}

ELSEWHERE = (
    "app/cli/forms.py",  # said in the person's language already
    "ledger/database/engine.py",  # the same again, of another kind
)
"""Where an error is made of what somebody else said."""


def test_every_failure_is_written_out_where_it_happens() -> None:
    for where, arg in failures():
        assert isinstance(arg, ast.Constant) or where.startswith(ELSEWHERE), where


def test_every_failure_has_its_korean_and_no_korean_is_left_over() -> None:
    assert KOREAN.keys() == SAID


@pytest.mark.parametrize("text", sorted(KOREAN))
def test_both_languages_say_the_same_facts(text: str) -> None:
    english, korean = (
        {name for _, name, _, _ in Formatter().parse(said) if name} for said in (text, KOREAN[text])
    )
    assert HANGUL.search(KOREAN[text])
    assert not re.search("[가-힣]", text)
    assert english == korean


def test_a_failure_inside_another_is_said_in_the_same_language() -> None:
    inner = Corrupt("event {seq} is missing", seq=7)
    outer = Corrupt("line {number}: {error}", number=3, error=inner)
    assert str(outer) == "line 3: event 7 is missing"
    assert failure(outer, "en") == str(outer)
    assert failure(outer, "ko") == "3번째 줄: 기록 7이 없습니다"


def test_what_has_no_korean_is_said_as_it_is() -> None:
    assert failure(Misused("a {brace} of somebody else's"), "ko") == "a {brace} of somebody else's"
