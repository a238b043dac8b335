"""What is wrong with a call that could not be read: the library says it in English, we in Korean.

What it says is made of a few sentences; of each the Korean stands here by the English.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from app.cli.language import spoken
from commands.words.particles import KoreanSentence

KOREAN: dict[str, str] = {
    'Unknown command "{name}".': '"{name}" 명령은 없습니다.',
    "Unknown option: {name}.": "{name} 옵션은 없습니다.",
    'Unknown option: "{name}".': '"{name}" 옵션은 없습니다.',
    "{name} is not a recognized option.": "{name} 옵션은 없습니다.",
    "Did you mean {other}?": "{other:을} 말합니까?",
    "Available commands: {known}, ...": "쓸 수 있는 명령: {known} 등",
    "Available commands: {known}.": "쓸 수 있는 명령: {known}",
    'Invalid value "{value}" for {name}. Choose from: {known}.': (
        '{name}에 쓸 수 없는 값입니다: "{value}". 쓸 수 있는 값: {known}'
    ),
    'Invalid value for {name}: unable to convert "{value}" into {kind}.': (
        '{name}에 쓸 수 없는 값입니다: "{value}".'
    ),
    'Command "{command}" parameter {name} requires an argument.': (
        "{command} 명령의 {name}에는 값이 있어야 합니다."
    ),
    'Command "{command}" parameter {name} requires {many} positional arguments.': (
        "{command} 명령의 {name}에는 값이 {many}개 있어야 합니다."
    ),
    "Only got {many}.": "{many}개만 적혔습니다.",
    "Parameter {name} requires an argument.": "{name}에는 값이 있어야 합니다.",
    "Parameter {name} specified multiple times.": "{name:은} 한 번만 적을 수 있습니다.",
    "Unused Tokens: {words}.": "쓰이지 않은 말이 있습니다: {words}",
}
"""The library's sentences, each in Korean."""


def wrong_call(error: BaseException) -> str:
    """What is wrong, in the language of the call; as the library says it where it is new to us."""
    english = str(error)
    return _korean(english) or english if spoken() == "ko" else english


def _korean(english: str) -> str | None:
    """The sentences in Korean, one after another; None where one of them is not known."""
    said: list[str] = []
    while english:
        for form, korean in _forms():
            if found := form.match(english):
                said.append(KoreanSentence().vformat(korean, (), found.groupdict()))
                english = english[found.end() :].lstrip()
                break
        else:
            return None
    return " ".join(said)


@cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    return [(_form(english), korean) for english, korean in KOREAN.items()]


def _form(english: str) -> re.Pattern[str]:
    """What fits a sentence, whatever its facts are."""
    parts = (
        re.escape(text) + (f"(?P<{name}>.*?)" if name else "")
        for text, name, _, _ in Formatter().parse(english)
    )
    return re.compile("".join(parts) + r"(?=\s|$)")
