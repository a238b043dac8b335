"""The language a call speaks: as its `--lang` says, else the locale's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar
from itertools import pairwise
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ko"]

_OPTION = "--lang"
_asked: ContextVar[Language | None] = ContextVar("asked", default=None)


def listen(arguments: Sequence[str]) -> None:
    """Take the language from the words of a call, before anything of it is read or said."""
    said = [after for word, after in pairwise(arguments) if word == _OPTION]
    said += [word.partition("=")[2] for word in arguments if word.startswith(f"{_OPTION}=")]
    _asked.set("ko" if said[-1:] == ["ko"] else "en" if said[-1:] == ["en"] else None)


def spoken() -> Language:
    """The language of what is said now."""
    return _asked.get() or locale_language()


def in_words(text: str, /, **facts: object) -> str:
    """What a call did, saw or found, in its language: `text` is the English, with its facts."""
    from commands.words import result

    return result(text, spoken(), **facts)


def locale_language() -> Language:
    """Korean where the locale is, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"
