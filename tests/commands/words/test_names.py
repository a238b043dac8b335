"""Whatever people meet has its words in both languages; what says something of itself, its help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from commands.fields import Field, fields_of
from commands.table import COMMANDS, ROLES
from commands.words import names, value_said, word
from commands.words.korean import HELP
from ledger.events import BUCKETS, KINDS
from ledger.terms import catalogue
from projections.questions.table import QUESTIONS

HANGUL = re.compile("[가-힣]")
MODELS = {
    **{name: command.ask for name, command in COMMANDS.items()},
    **{f"{name}?": asked.model for name, asked in QUESTIONS.items()},
    **KINDS,
}
TABLES = {
    name: table
    for name, table in vars(names).items()
    if name.isupper() and isinstance(table, dict) and name != "ALL"
}


def with_parts(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Fields, and those of the objects that they hold."""
    for field in fields:
        yield field
        yield from with_parts(field.one.parts)


@pytest.mark.parametrize("name", MODELS)
def test_every_field_of_a_command_question_and_event_has_its_words(name: str) -> None:
    model: type[BaseModel] = MODELS[name]
    for field in with_parts(fields_of(model)):
        if field.name != "kind" or name not in KINDS:
            assert field.label("en"), field.name
            assert HANGUL.search(field.label("ko")), field.name


@pytest.mark.parametrize("name", MODELS)
def test_every_choice_has_its_words(name: str) -> None:
    known = (
        names.CHOICES.keys() | names.STATUSES.keys() | names.EVENTS.keys() | names.BUCKETS.keys()
    )
    for field in with_parts(fields_of(MODELS[name])):
        if name not in KINDS:
            assert set(field.one.choices) <= known, field.name


def test_every_command_question_event_bucket_and_category_has_its_words() -> None:
    categories = {
        category
        for programme in catalogue()
        for category in programme.terms.eligible + programme.terms.excluded
    }
    assert set(names.COMMANDS) == set(COMMANDS)
    assert set(names.QUESTIONS) == set(QUESTIONS)
    assert set(names.EVENTS) == set(KINDS)
    assert set(names.BUCKETS) == set(BUCKETS)
    assert set(names.CATEGORIES) == categories
    assert tuple(names.ROLES) == ROLES


@pytest.mark.parametrize("table", TABLES)
def test_the_words_are_english_first_and_korean_second(table: str) -> None:
    for slug, (english, korean) in TABLES[table].items():
        assert re.search("[A-Za-z]", english), slug
        assert not HANGUL.search(english), slug
        assert HANGUL.search(korean), slug


def said_of_themselves() -> Iterator[str]:
    """What commands, questions and their fields say of themselves in English."""
    tables: list[tuple[Any, type[BaseModel]]] = [
        *((command, command.ask) for command in COMMANDS.values()),
        *((asked, asked.model) for asked in QUESTIONS.values()),
    ]
    for row, model in tables:
        yield row.summary
        yield str(model.__doc__)
        yield from (field.about for field in with_parts(fields_of(model)) if field.about)


def test_all_help_has_its_korean_and_none_is_left_that_nobody_says() -> None:
    assert set(HELP) == set(said_of_themselves())
    assert all(HANGUL.search(korean) for korean in HELP.values())


def test_every_field_of_a_command_and_of_a_question_says_what_it_is_for() -> None:
    for name, model in MODELS.items():
        if name not in KINDS:
            assert all(field.about for field in fields_of(model)), name


def test_a_word_that_has_none_is_said_as_it_stands() -> None:
    assert word("some_column", "en") == word("some_column", "ko") == "some column"


def test_a_text_that_is_no_slug_is_said_letter_by_letter() -> None:
    assert value_said("source", "notice_2026_1", "ko") == "notice_2026_1"
    assert value_said("source", "advanced", "ko") == "선지급 잔액"
    assert value_said("source", "advanced", "en") == "advanced"


def test_two_things_of_one_name_are_called_the_same_where_both_are_columns() -> None:
    """`case` is a choice, a question and a field; a column of that name has one word."""
    for name in ("company", "programme", "year", "grant", "case"):
        assert names.ALL[name] == names.FIELDS[name]
