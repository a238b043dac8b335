"""Names that people type: texts, ids, business numbers, and when two of them are the same.

Texts are trimmed and brought to Unicode's composed form (NFC): Hangul that a Mac writes in
pieces is the same name. Control characters are refused.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, StringConstraints

_BUSINESS_NUMBER = re.compile(r"(\d{3})-?(\d{2})-?(\d{5})", re.ASCII)
_CHECK_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_GAPS = re.compile(r"[\s\-‐‑‒–—―−]+")


def _composed(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    for position, character in enumerate(text):
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise ValueError(
                f"a control character (U+{ord(character):04X}) at place {position + 1}"
            )
    return unicodedata.normalize("NFC", text)


def business_number(text: str) -> str:
    """A business number as `NNN-NN-NNNNN`, from ten digits with or without hyphens."""
    found = _BUSINESS_NUMBER.fullmatch(text)
    if not found:
        raise ValueError("a business number has ten digits: NNN-NN-NNNNN")
    return "-".join(found.groups())


def check_digit_fits(number: str) -> bool:
    """Whether the last digit of a business number is the one its other nine ask for."""
    digits = [int(digit) for digit in number if digit != "-"]
    total = sum(digit * weight for digit, weight in zip(digits, _CHECK_WEIGHTS, strict=False))
    return (10 - (total + digits[8] * 5 // 10) % 10) % 10 == digits[9]


def case_key(case: str) -> str:
    """What makes a case one and the same: no spaces, no hyphens, no letter case."""
    return _GAPS.sub("", unicodedata.normalize("NFC", case.casefold()))


def reference_key(reference: str) -> str:
    """What makes a bank reference, evidence or application number one and the same."""
    return unicodedata.normalize("NFC", reference.strip().casefold())


def _case_with_substance(text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise ValueError("a case needs a letter or a digit")
    return text


CommandId = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_composed),
]
"""What makes a command idempotent: 1 to 100 characters."""

Id = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_composed),
]
"""The id of a grant or claim, as first given: 1 to 64 characters."""

CaseId = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(_composed),
    AfterValidator(_case_with_substance),
]
"""A docket id of ours for one filing; compared without spaces, hyphens and letter case."""

Reference = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_composed),
]
"""A bank reference, a piece of evidence, an application number, a user: 1 to 100 characters."""

Text = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000),
    AfterValidator(_composed),
]
"""A name, title, reason or source: 1 to 1,000 characters."""

BusinessNumber = Annotated[
    str,
    StringConstraints(strict=True, strip_whitespace=True),
    AfterValidator(business_number),
]
"""A Korean business registration number, kept as `NNN-NN-NNNNN`."""


def refuse_null(value: object) -> object:
    """What is not given is left out; JSON `null` is no value."""
    if value is None:
        raise ValueError("null is not a value: leave the field out")
    return value


NotNull = BeforeValidator(refuse_null)
