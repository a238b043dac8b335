"""What cannot be seen in a text: under it one thing has two names, and a terminal is steered."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default-ignorable code points, the Hangul fillers among them, and the blank braille
pattern."""

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control characters, formats, halves of a surrogate pair, separators of lines and paragraphs."""


@lru_cache(maxsize=4_096)
def is_unseen(character: str) -> bool:
    """Whether nobody could see this character in a text (contract, *Commands*)."""
    return (
        unicodedata.category(character) in _UNSEEN_CATEGORIES
        or _UNSEEN.fullmatch(character) is not None
    )
