"""Every sentence exists in both languages, and every refusal finds its sentence and its facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple, get_args

import pytest

from commands.words import Named, line_named, say
from commands.words import names as words
from commands.words.particles import PARTICLES
from commands.words.sentences import INSTEAD, SENTENCES
from ledger.events import KINDS
from ledger.terms import Bound, Per

HOUSE = Path(__file__).parents[3]
PACKAGES = ("ledger", "projections", "commands", "app")
SOURCES = [path for part in PACKAGES for path in sorted((HOUSE / part).rglob("*.py"))]
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
    found = ((name, spec or "") for _, name, spec, _ in Formatter().parse(sentence) if name)
    return {(name, "" if spec in PARTICLES else spec) for name, spec in found}


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


def spread(value: ast.expr, names: dict[str, ast.expr]) -> set[str]:
    """The facts that a call spreads out: those of a line, or a dictionary's."""
    match value:
        case ast.Attribute(attr="on_line"):
            return {"company", "year", "case"}
        case ast.Name(id=name) if isinstance(found := names.get(name), ast.Dict):
            return {str(key.value) for key in found.keys if isinstance(key, ast.Constant)}
    return set()


def facts_of(call: ast.Call, names: dict[str, ast.expr]) -> set[str]:
    """The facts that a call gives to its sentence, named or not."""
    facts: set[str] = set()
    for word in call.keywords:
        facts |= {word.arg} if word.arg else spread(word.value, names)
    if "short" in facts or (isinstance(call.func, ast.Name) and call.func.id == "short_of"):
        facts |= SHORTFALL
    return facts | ({"line"} if {"company", "year"} <= facts else set())


def wording_of(call: ast.Call, facts: set[str]) -> tuple[ast.expr | None, set[str]]:
    """The expression that names a call's sentence, and its facts."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    match name, call.args:
        case "Refused", [_, wording, *_]:
            return wording, facts
        case "Refused", [rule]:
            return rule, facts
        case "Unfit" | "NotFound" | "Waits", [wording]:
            return wording, facts
        case "Misread", [_, _]:
            return ast.Constant("cannot-be-read"), {"text", "why"}
        case "Warned", [slug, ast.Dict(keys=keys)]:
            figures = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
            return ast.JoinedStr([ast.Constant("warning-"), slug]), figures
        case "short_of", [_, _, _, wording, *_]:
            return wording, facts
        case "not_before", [_, _, what]:
            return ast.JoinedStr([ast.Constant("before-"), what]), {"day", "earlier"}
    return None, set()


def said() -> Iterator[Said]:
    """Every sentence that the code says in a refusal, a warning or another answer."""
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            names = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if isinstance(call, ast.Call):
                    wording, facts = wording_of(call, facts_of(call, names))
                    if wording is not None:
                        for text in texts(wording, names):
                            yield Said(f"{path.name}:{call.lineno}", text, facts)


SAID = list(said())
WHAT_FITS = {"fits", "fits-award", "fits-cut", "nothing-fits"}


@pytest.mark.parametrize("wording", SENTENCES)
def test_a_sentence_says_the_same_facts_in_both_languages(wording: str) -> None:
    english, korean = SENTENCES[wording]
    assert placeholders(english) == placeholders(korean)
    assert not HANGUL.search(english)
    assert HANGUL.search(korean) or wording == "invalid"


EITHER_FORM = re.compile(
    "[은는][(][은는][)]|[이가][(][이가][)]|[을를][(][을를][)]|[와과][(][와과][)]|[(]으[)]로|[(]이[)]라"
)
FIXED_FORM = re.compile("[}](은|는|이|가|을|를|과|와|로|으로|이라는|라는)(?=[ .,]|$)")
"""A particle written out after a fact, which may end in anything."""


def test_no_sentence_leaves_the_particle_to_the_reader() -> None:
    for wording, (_, korean) in SENTENCES.items():
        assert not EITHER_FORM.search(korean), wording
        assert not FIXED_FORM.search(korean), wording


COMPANY = Named("Daon (110-81-12345)", "다온소재(110-81-12345)")
FACTS: dict[str, object] = {
    "allowed": ("applied", "approved"),
    "bucket": "carried",
    "business_number": COMPANY,
    "category": "registration_fee",
    "company": COMPANY,
    "company_name": Named("Daon", "다온소재"),
    "eligible": ("application_fee", "planning"),
    "exclusion": Named("excluded", "수행배제"),
    "instead": "budget-allocated",
    "kind": "budget-allocated",
    "known": (Named("prototype", "시제품 제작(prototype)"),),
    "line": line_named(COMPANY, 2025, "3"),
    "programme": Named("Prototype production", "시제품 제작"),
    "status": "settled",
    "uncounted": (Named("Nuri", "누리대학교"), Named("Onsaemi", "온새미연구원")),
    "what": "close_year",
}
"""Facts that are words; all others are filled in with a number."""
FORMS = re.compile(
    r"NNN-NN-NNNNN|YYYY-MM-DD|U\+7|null|event나 of|lines나 partners|name이나 mini_cluster"
    r"|\([a-z_]+\)"
)
"""What a Korean sentence says in Latin letters: forms, field names and values."""


@pytest.mark.parametrize("wording", SENTENCES)
def test_every_sentence_can_be_filled_in_and_speaks_its_own_language(wording: str) -> None:
    names = {name for sentence in SENTENCES[wording] for name, _ in placeholders(sentence)}
    facts = {name: FACTS.get(name, 7) for name in names}
    english, korean = (say(wording, language, **facts) for language in ("en", "ko"))
    assert not re.search("[{}]|  |None", english + korean)
    assert not HANGUL.search(english)
    assert wording == "invalid" or not re.search("[A-Za-z]{2}", FORMS.sub("", korean)), korean


def test_what_is_done_instead_is_said_of_events_that_cannot_be_reversed() -> None:
    assert set(INSTEAD) <= set(KINDS)
    assert not set(INSTEAD) & {"disbursed", "claim-accepted", "funds-returned", "carried-over"}
    assert not set(INSTEAD) & {"recovery-ordered", "recovery-received"}


OLD_WORDS = re.compile(
    "정산청구|출납폐쇄|정산(?! 확정|을 확정)|환수할 금액|교부액|지급할 금액|반려|몫|사건|중복수급"
    "|열린 적|다시 열|[}0-9] 회계연도|아직 오지|이듬해|(?<!한도 )사용액|(?<!이번 )요청액|거부"
    "|움직인 돈|너무 작|너무 큽|산업집적지 경쟁력|지원 비목|[0-9}]개입니다|[0-9}]개 이상"
)
"""Words that no office uses so, and what half the sentences once said."""


def test_no_old_word_is_left_anywhere() -> None:
    files = [*SOURCES, *(HOUSE / "ledger").rglob("*.toml")]
    assert len(files) > 120
    left = [
        f"{path.relative_to(HOUSE)}:{number}: {found[0]}"
        for path in files
        for number, text in enumerate(path.read_text("utf-8").splitlines(), start=1)
        for found in [OLD_WORDS.search(text) or EITHER_FORM.search(text)]
        if found
    ]
    assert not left


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
    for wording in set(SENTENCES) - WHAT_FITS - {"invalid"}:
        assert any(re.fullmatch(place.wording, wording) for place in SAID), wording


def test_every_ceiling_and_every_ratio_has_its_sentence() -> None:
    for bound in get_args(Bound):
        assert f"subsidy-ratio-{bound}" in SENTENCES
        for per in get_args(Per):
            assert f"over-{per}-{bound}" in SENTENCES


def test_every_rule_is_raised_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES if path.name != "names.py")
    for rule in words.RULES:
        assert f'"{rule}"' in code, rule


def test_amounts_are_read_with_their_thousands_separated() -> None:
    facts = {
        "line": line_named("609-86-00005", 2025),
        "programme": "prototype",
        "asked": 1_234_567,
        "limit": 1_000,
    }
    assert say("exceeds-request", "en", **facts) == (
        "609-86-00005 in 2025, prototype: an award of 1,234,567 won is over the 1,000 asked for."
    )
    assert say("exceeds-request", "ko", **facts) == (
        "prototype, 609-86-00005 2025년도분: 교부결정액 1,234,567원이 신청액 1,000원을 초과합니다."
    )
