"""What calls did, saw or found is said in both languages, with the same facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app.cli import wrong_calls
from commands.words import result
from commands.words.results import KOREAN
from tests.commands.words.test_names import HANGUL

SAYING = ("in_words", "result", "progress")


def _said() -> Iterator[tuple[str, str | None]]:
    """Where something is said, and what, where that is written there."""
    for path in sorted(Path("app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[text, *_]) if name in SAYING:
                    written = isinstance(text, ast.Constant)
                    yield f"{path}:{node.lineno}", text.value if written else None  # type: ignore[attr-defined]


PASSED_ON = ("app/cli/language.py", "app/cli/progress.py")
"""Where what somebody else says is said."""


def test_every_result_is_written_out_where_it_is_said() -> None:
    for where, text in _said():
        assert text is not None or where.startswith(PASSED_ON), where


def test_every_result_has_its_korean_and_no_korean_is_left_over() -> None:
    assert KOREAN.keys() == {text for _, text in _said() if text is not None}


@pytest.mark.parametrize("english", sorted(KOREAN | wrong_calls.KOREAN))
def test_both_languages_tell_the_same_facts(english: str) -> None:
    korean = (KOREAN | wrong_calls.KOREAN)[english]
    named = [
        {name for _, name, _, _ in Formatter().parse(said) if name} for said in (english, korean)
    ]
    assert HANGUL.search(re.sub(r"\{.*?\}", "", korean)) or korean == "{day}, {actor}"
    assert not HANGUL.search(english)
    assert named[1] <= named[0]
    if english in KOREAN:
        assert named[0] == named[1]


def test_a_result_is_filled_in() -> None:
    said = "{events:,} events, root {root}"
    assert result(said, "en", events=1_200, root="ab") == "1,200 events, root ab"
    assert result(said, "ko", events=1_200, root="ab") == "기록 1,200건, 루트 ab"
