"""What is wrong with a value that a command's model does not take, in both languages.

The models (pydantic) name the kind of problem and its bounds; every kind that they can name has
its words here, with the bound, the unit and the values that are allowed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from commands.words import said
from ledger.errors import Unfit

KINDS: dict[str, tuple[str, str]] = {
    "missing": ("it is missing", "필수 항목입니다"),
    "extra_forbidden": ("there is no such field", "없는 항목입니다"),
    "int_type": (
        "it must be a whole number, without quotes or fraction",
        "따옴표나 소수점이 없는 정수여야 합니다",
    ),
    "string_type": ("it must be a text", "문자열이어야 합니다"),
    "string_unicode": ("it is not a valid text", "올바른 문자열이 아닙니다"),
    "tuple_type": ("it must be a list", "목록이어야 합니다"),
    "model_type": ("it must be an object with fields", "항목을 갖춘 객체여야 합니다"),
    "literal_error": (
        "it must be one of: {expected}",
        "허용되지 않는 값입니다. 허용되는 값: {expected}",
    ),
    "greater_than_equal": ("it must be at least {bound}", "{bound} 이상이어야 합니다"),
    "greater_than": ("it must be more than {bound}", "{bound}보다 커야 합니다"),
    "less_than_equal": ("it must be at most {bound}", "{bound} 이하여야 합니다"),
    "less_than": ("it must be less than {bound}", "{bound} 미만이어야 합니다"),
}
"""What each kind of problem says."""

OTHER = ("it is not a value that this field takes", "이 항목에 적을 수 없는 값입니다")
"""What a kind of problem says that no model of ours names."""

_BOUNDS = ("ge", "gt", "le", "lt")
_WON = dict.fromkeys(
    ("amount", "subsidy", "total_cost", "in_kind", "local_share", "supply", "vat", "interest"),
    (" won", "원"),
)
UNITS: dict[str, tuple[str, str]] = _WON | {
    "percent": (" %", "%"),
    "advance_percent": (" %", "%"),
    "min_companies": ("", "개사"),
}
"""In what a field is counted."""

RATIOS = ("RateBySize", "Rate")
"""The two kinds of ratio, as the models name them; people see one field."""
_SHAPE = ("missing", "extra_forbidden", "model_type")
"""What is wrong with a value of the other kind."""


def told(error: ValidationError) -> list[tuple[str, str]]:
    """Where and what each problem is: in English, in Korean."""
    problems = error.errors(include_url=False, include_input=False)
    return list(dict.fromkeys(_told(problem) for problem in _as_meant(problems)))


def not_json(error: Exception) -> tuple[str, str]:
    """Why a text is no JSON: in English, in Korean."""
    match error:
        case json.JSONDecodeError(msg=why, lineno=line, colno=column):
            english, korean = (
                f"{why}, line {line}, column {column}",
                f"{line}행 {column}열을 읽을 수 없습니다",
            )
        case UnicodeDecodeError():
            english, korean = "it is not UTF-8", "UTF-8로 쓰이지 않았습니다"
        case RecursionError():
            english, korean = "it is nested too deeply", "너무 깊이 중첩되어 있습니다"
        case _:
            english, korean = "a number in it is too long", "너무 긴 수가 있습니다"
    return f"not JSON: {english}", f"JSON이 아닙니다: {korean}"


_LONGEST_NAME = 200
"""Characters of a field's name that are said back: it may be of any length."""


def _place(loc: Sequence[str | int]) -> str:
    """`lines[0].subsidy: `, as people name a place in JSON."""
    if loc[:1] == ("ratio",) and loc[1:2] and loc[1] in RATIOS:
        loc = ("ratio", *loc[2:])
    text = ""
    for step in loc:
        name = str(step)[:_LONGEST_NAME]
        text += f"[{step}]" if isinstance(step, int) else f".{name}" if text else name
    return f"{text}: " if text else ""


def _told(problem: ErrorDetails) -> tuple[str, str]:
    where, context = _place(problem["loc"]), problem.get("ctx", {})
    unfit = context.get("error")
    if isinstance(unfit, Unfit):
        return where + said(unfit, "en"), where + said(unfit, "ko")
    english, korean = KINDS.get(problem["type"], OTHER)
    field = next((step for step in reversed(problem["loc"]) if isinstance(step, str)), "")
    units = UNITS.get(field, ("", ""))
    return (
        where + english.format(**_facts(context, field, units[0])),
        where + korean.format(**_facts(context, field, units[1])),
    )


def _facts(context: Mapping[str, Any], field: str, unit: str) -> dict[str, str]:
    facts = {}
    if "expected" in context:
        facts["expected"] = context["expected"].replace(" or ", ", ").replace("'", "")
    for bound in _BOUNDS:
        if bound in context:
            number = context[bound] if field == "year" else f"{context[bound]:,}"
            facts["bound"] = f"{number}{unit}"
    return facts


def _as_meant(problems: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Of a ratio that is neither kind, only what is wrong with the kind that it resembles."""
    misshapen = {
        kind: sum(problem["type"] in _SHAPE for problem in problems if _is_of(problem, kind))
        for kind in RATIOS
    }
    other = max(RATIOS, key=lambda kind: misshapen[kind])
    return [problem for problem in problems if not _is_of(problem, other)]


def _is_of(problem: ErrorDetails, kind: str) -> bool:
    return problem["loc"][:2] == ("ratio", kind)
