"""Every sentence exists in both languages, and every refusal finds its sentence and its facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple, get_args

import pytest

from ledger.terms import Bound, Per
from ledger.wording import RULES, SENTENCES, say

HOUSE = Path(__file__).parents[2]
SOURCES = [path for part in ("ledger", "commands") for path in sorted((HOUSE / part).glob("*.py"))]
SHORTFALL = {"programme", "company", "year", "case", "limit", "used", "asked"}
"""The facts that every refusal on an amount has."""

HANGUL = re.compile("[가-힣]")


class Said(NamedTuple):
    """A place in the code that says a sentence: where, which, and the facts that it gives."""

    where: str
    wording: str
    facts: set[str]


def placeholders(sentence: str) -> set[tuple[str, str]]:
    """The facts of a sentence with the way they are written, such as `("used", ",")`."""
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(sentence) if name}


def texts(node: ast.expr, names: dict[str, ast.expr]) -> Iterator[str]:
    """What an expression may say, as patterns: literals, either branch, filled-in places."""
    match node:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body, names)
            yield from texts(other, names)
        case ast.JoinedStr(values=values):
            parts = (
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_-]+"
                for part in values
            )
            yield "".join(parts)
        case ast.Name(id=name) if name in names:
            yield from texts(names[name], names)


def wording_of(call: ast.Call) -> tuple[ast.expr | None, set[str]]:
    """The expression that names a call's sentence, and the facts that come without being named."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    given = {word.arg for word in call.keywords if word.arg}
    more = SHORTFALL if "short" in given or name == "short_of" else set()
    facts = given | more
    match name, call.args:
        case "Refused", [_, wording, *_]:
            return wording, facts
        case "Refused", [rule]:
            return rule, facts
        case "Unfit", [wording]:
            return wording, facts
        case "short_of", [_, _, _, wording, *_]:
            return wording, facts
        case "Warned", [slug, ast.Dict(keys=keys)]:
            figures = {key.value for key in keys if isinstance(key, ast.Constant)}
            return ast.JoinedStr([ast.Constant("warning-"), slug]), {str(name) for name in figures}
        case "not_before", [_, _, what]:
            return ast.JoinedStr([ast.Constant("before-"), what]), {"day", "earlier"}
    return None, set()


def said() -> Iterator[Said]:
    """Every sentence that the code says in a refusal."""
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    wording, facts = wording_of(call)
                    if wording is not None:
                        for text in texts(wording, names):
                            yield Said(f"{path.name}:{call.lineno}", text, facts)


SAID = list(said())
NOT_IN_REFUSALS = {"fits", "nothing-fits"}
"""What would fit."""


@pytest.mark.parametrize("wording", SENTENCES)
def test_a_sentence_says_the_same_facts_in_both_languages(wording: str) -> None:
    english, korean = SENTENCES[wording]
    assert placeholders(english) == placeholders(korean)
    assert not HANGUL.search(english)
    assert HANGUL.search(korean) or wording == "invalid"


def test_every_refusal_finds_its_sentence() -> None:
    assert len(SAID) > 80
    for place in SAID:
        assert any(re.fullmatch(place.wording, wording) for wording in SENTENCES), place


def test_every_refusal_gives_the_facts_that_its_sentence_names() -> None:
    for place in SAID:
        for wording, (english, _) in SENTENCES.items():
            if re.fullmatch(place.wording, wording):
                asked = {name for name, _ in placeholders(english)}
                assert asked <= place.facts, (place, asked - place.facts)


def test_no_sentence_is_left_that_nobody_says() -> None:
    for wording in set(SENTENCES) - NOT_IN_REFUSALS - {"invalid"}:
        assert any(re.fullmatch(place.wording, wording) for place in SAID), wording


def test_every_ceiling_and_every_ratio_has_its_sentence() -> None:
    for bound in get_args(Bound):
        assert f"subsidy-ratio-{bound}" in SENTENCES
        for per in get_args(Per):
            assert f"over-{per}-{bound}" in SENTENCES


def test_every_rule_is_named_once_and_raised_somewhere() -> None:
    assert len(set(RULES)) == len(RULES)
    code = "".join(path.read_text("utf-8") for path in SOURCES if path.name != "wording.py")
    for rule in RULES:
        assert f'"{rule}"' in code, rule


def test_amounts_are_read_with_their_thousands_separated() -> None:
    facts = {
        "company": "609-86-00005",
        "year": 2025,
        "programme": "prototype",
        "asked": 1_234_567,
        "limit": 1_000,
    }
    assert say("exceeds-request", "en", **facts) == (
        "609-86-00005 2025, prototype: an award of 1,234,567 won is over the 1,000 asked for."
    )
    assert say("exceeds-request", "ko", **facts) == (
        "609-86-00005 2025년 prototype: 교부액 1,234,567원이 신청액 1,000원을 넘습니다."
    )
