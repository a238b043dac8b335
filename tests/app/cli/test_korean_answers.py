"""Answers speak Korean where that is asked: headings, and the words for what is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from commands.words import names
from tests.app.calling import HANBIT, Call

ASKED = (
    ("balances",),
    ("work",),
    ("monthly",),
    *(("list", kind) for kind in ("grants", "companies", "claims", "payments")),
    *(("list", kind) for kind in ("cases", "programmes", "reversals")),
    ("show", "G1"),
    ("show", "company", HANBIT),
    ("show", "programme", "prototype"),
    ("show", "claim", "C-1"),
    ("show", "case", "DP-1"),
    ("show", "event", "24"),
    ("find", "한빛"),
    ("diff", "--at-seq", "18", "--at-seq", "27"),
)


def keys(told: Any) -> Iterator[str]:
    """The names of fields anywhere in an answer."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from keys(value)
    elif isinstance(told, list):
        for value in told:
            yield from keys(value)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_every_heading_has_its_word(busy: Call, asked: tuple[str, ...]) -> None:
    answer = busy(*asked, "--json")
    assert answer.code == 0, answer.err
    found = [name for line in answer.lines for name in keys(line)]
    assert found
    assert {name for name in found if not name.endswith("_name")} <= names.ALL.keys()


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_no_slug_of_a_status_bucket_or_kind_is_shown(busy: Call, asked: tuple[str, ...]) -> None:
    answer = busy(*asked, "--lang", "ko")
    assert answer.code == 0, answer.err
    slugs = names.STATUSES.keys() | names.BUCKETS.keys() | names.EVENTS.keys()
    shown = {slug for slug in slugs if re.search(rf"(?<![\w-]){slug}(?![\w-])", answer.out)}
    assert not shown


def test_in_english_a_slug_stands_as_it_is_typed(busy: Call) -> None:
    assert "approved" in busy("list", "grants").out
    assert "교부결정" in busy("list", "grants", "--lang", "ko").out
