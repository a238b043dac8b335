"""Names that people type: texts, ids, business numbers, and when two of them are the same.

Texts are trimmed and brought to Unicode's composed form (NFC): Hangul that a Mac writes in
pieces is the same name. Control characters are refused, but for line breaks and tabs in texts of
several lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from ledger.wording import Unfit

_BUSINESS_NUMBER = re.compile(r"(\d{3})-?(\d{2})-?(\d{5})", re.ASCII)
_CHECK_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_GAPS = re.compile(r"[\s\-\u00ad\u200b\u2010-\u2015\u2212\ufe63]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""The wide letters, digits and signs that Korean keyboards also type, and their usual form."""


_REMEMBERED = 65_536
"""Numbers and references that come again and again are looked at once."""


def _text(longest: int, breaks: str = "") -> Callable[[str], str]:
    """A check that trims and composes a text of at most so many characters."""

    def checked(text: str) -> str:
        text = text.strip()
        if not (text.isascii() and text.isprintable()):
            for place, character in enumerate(text, start=1):
                if unicodedata.category(character) in ("Cc", "Cs") and character not in breaks:
                    raise Unfit("control-character", code=f"{ord(character):04X}", place=place)
            text = unicodedata.normalize("NFC", text)
        if not text:
            raise Unfit("too-short")
        if len(text) > longest:
            raise Unfit("too-long", length=len(text), longest=longest)
        return text

    return checked


@lru_cache(maxsize=_REMEMBERED)
def business_number(text: str) -> str:
    """A business number as `NNN-NN-NNNNN`, from ten digits with or without hyphens."""
    found = _BUSINESS_NUMBER.fullmatch(text.strip())
    if not found:
        raise Unfit("business-number")
    return "-".join(found.groups())


def check_digit_fits(number: str) -> bool:
    """Whether the last digit of a business number is the one its other nine ask for."""
    digits = [int(digit) for digit in number if digit != "-"]
    total = sum(digit * weight for digit, weight in zip(digits, _CHECK_WEIGHTS, strict=False))
    return (10 - (total + digits[8] * 5 // 10) % 10) % 10 == digits[9]


def case_key(case: str) -> str:
    """What makes a case one and the same: no spaces, no hyphens, no letter case, no wide form."""
    return _GAPS.sub("", reference_key(case))


def reference_key(reference: str) -> str:
    """What makes a bank reference, evidence or application number one and the same."""
    if reference.isascii():
        return reference.strip().lower()
    plain = reference.translate(_FULL_WIDTH)
    return unicodedata.normalize("NFC", plain.strip().casefold())


def _with_substance(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise Unfit("empty-case")
    return text


def _refuse_null(value: object) -> object:
    if value is None:
        raise Unfit("null")
    return value


_Strict = Field(strict=True)

CommandId = Annotated[str, _Strict, AfterValidator(_text(100))]
"""What makes a command idempotent: 1 to 100 characters."""

Id = Annotated[str, _Strict, AfterValidator(_text(64))]
"""The id of a grant or claim, as first given: 1 to 64 characters."""

CaseId = Annotated[str, _Strict, AfterValidator(_text(64)), AfterValidator(_with_substance)]
"""A docket id of ours for one filing; compared without spaces, hyphens and letter case."""

Reference = Annotated[str, _Strict, AfterValidator(_text(100))]
"""A bank reference, evidence, application number, user, category: 1 to 100 characters."""

Text = Annotated[str, _Strict, AfterValidator(_text(1000, "\t\n\r"))]
"""A name, title, reason or source: 1 to 1,000 characters, perhaps in several lines."""

BusinessNumber = Annotated[str, _Strict, AfterValidator(business_number)]
"""A Korean business registration number, kept as `NNN-NN-NNNNN`."""

NotNull = BeforeValidator(_refuse_null)
"""What is not given is left out; JSON `null` is no value."""
