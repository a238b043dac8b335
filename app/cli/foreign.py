"""The one door for foreign text on its way to a terminal: it is shown, and never obeyed.

Whatever others wrote (names, references, file names, what an error quotes) may hold characters
that steer a terminal, turn the order of what stands beside them, or are not seen at all. Such a
character is shown by its code, as `<U+001B>`; everything else stands as it is.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

from ledger.unseen import is_unseen

_JOINS_EMOJI = frozenset("\u200d\ufe0e\ufe0f")
"""The joiner and the selectors that an emoji is made of: seen, where they follow a symbol."""


def shown(text: object) -> str:
    """A text as people may see it, on one line."""
    said = str(text)
    if not _unseen_in(said):
        return said
    return "".join(_seen(said))


def _seen(text: str) -> Iterator[str]:
    in_emoji = False
    for character in text:
        if not is_unseen(character):
            in_emoji = unicodedata.category(character) in ("So", "Sk")
            yield character
        elif in_emoji and character in _JOINS_EMOJI:
            yield character
        else:
            in_emoji = False
            yield f"<U+{ord(character):04X}>"


def shortened(text: str, longest: int = 2_000) -> str:
    """A text of at most so many characters: of a longer one the beginning, and how long it is."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text):,} characters)"


def json_text(value: object, indent: int | None = None) -> str:
    """A value as JSON whose text is as it was, and can be shown.

    What cannot be seen is written as `\\\\u001b`: to a program the same, to a terminal harmless.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    for character in _unseen_in(text) - {"\n"}:  # that one is never inside a string
        text = text.replace(character, json.dumps(character)[1:-1])
    return text


def _unseen_in(text: str) -> set[str]:
    if text.isascii() and text.isprintable():
        return set()
    return {character for character in set(text) if is_unseen(character)}
