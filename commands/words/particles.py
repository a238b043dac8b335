"""Korean particles that fit the word before them: `{claim:은}` is written 은 or 는.

Which form is right hangs on how the word before ends when it is read aloud. Words in round
brackets do not count where something stands before them (`한빛정밀(609-86-00005)는`), quotation
marks are looked through. Digits and Latin letters count as Koreans read them; a day is read as
`…월 …일`, whatever its last digit. What has no Korean reading is taken to end in a vowel.
"""

from __future__ import annotations

import re
import unicodedata
from string import Formatter
from typing import Any

PARTICLES: dict[str, tuple[str, str]] = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이라는": ("이라는", "라는"),
}
"""Each particle as it is named in sentences: after a final consonant, after a vowel."""

_BRACKETED = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII)
_RIEUL, _OTHER, _NONE = "ㄹ", "ㅇ", ""
_READ = dict.fromkeys("178lr", _RIEUL) | dict.fromkeys("036mn", _OTHER)
"""What ends in a consonant: 일, 칠, 팔, 엘, 알; 영 (십, 백, 천, 만 alike), 삼, 육, 엠, 엔."""
_FIRST_SYLLABLE, _LAST_SYLLABLE, _FINALS, _FINAL_RIEUL = 0xAC00, 0xD7A3, 28, 8


def with_particle(text: str, particle: str) -> str:
    """The text with the form of the particle that fits it: `with_particle("과제", "은")`."""
    after_consonant, after_vowel = PARTICLES[particle]
    final = _final(text)
    soft = final == _NONE or (particle == "으로" and final == _RIEUL)
    return text + (after_vowel if soft else after_consonant)


def _final(text: str) -> str:
    """The consonant that a text ends in when read: `ㄹ`, another one, or none."""
    text = unicodedata.normalize("NFKC", text)
    while (shorter := _BRACKETED.sub("", text)) != text:
        text = shorter
    text = text.rstrip()
    while text and not (text[-1].isalnum() or text[-1] == "%"):
        text = text[:-1]
    if not text:
        return _NONE
    last = text[-1].lower()
    if _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
        return _RIEUL if final == _FINAL_RIEUL else _OTHER if final else _NONE
    if _DAY.search(text):
        return _RIEUL
    if text.endswith("ng"):
        return _OTHER
    return _READ.get(last, _NONE)


class KoreanSentence(Formatter):
    """Fills in a sentence; a particle's name as the format chooses the form that fits."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A fact as it is written, with its particle where one is named."""
        if format_spec in PARTICLES:
            return with_particle(str(value), format_spec)
        return format(value, format_spec)
