"""Names that people type: texts, ids, business numbers, and when two of them are the same.

Texts are trimmed and brought to Unicode's composed form (NFC): Hangul that a Mac writes in
pieces is the same name. What cannot be seen is refused: under it one thing would have two names.
What is one and the same is told by keys (contract, *Commands*): two texts with one key are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from ledger.errors import Unfit
from ledger.unseen import is_unseen

_BUSINESS_NUMBER = re.compile(r"(\d{3})-?(\d{2})-?(\d{5})", re.ASCII)
_CHECK_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)

_REMEMBERED = 65_536
"""Numbers and references that come again and again are looked at once."""

_TEXTS_REMEMBERED = 8_192
"""The same for texts, which may be long."""


# ── what cannot be seen ──────────────────────────────────────────────────────────────────────

_OF_EMOJI = frozenset("\u200d\ufe0e\ufe0f")
"""The joiner and the two selectors that an emoji is made of."""


def _is_substance(character: str) -> bool:
    """Whether something stands there: no mark, no blank, nothing unseen."""
    return unicodedata.category(character)[0] not in "MZ" and not is_unseen(character)


def _check_seen(text: str, allowed: frozenset[str]) -> None:
    substance = False
    for place, character in enumerate(text, start=1):
        if is_unseen(character):
            if not (substance and character in allowed):
                raise Unfit("unseen-character", code=f"{ord(character):04X}", place=place)
        else:
            substance = substance or _is_substance(character)
    if not substance:
        raise Unfit("too-short")


def _text(longest: int, allowed: frozenset[str] = frozenset()) -> Callable[[str], str]:
    """A check that trims and composes a text of at most so many characters.

    `allowed` are characters that may stand unseen after something that is seen.
    """

    @lru_cache(maxsize=_TEXTS_REMEMBERED)
    def checked(text: str) -> str:
        text = text.strip()
        if not (text.isascii() and text.isprintable()):
            _check_seen(text, allowed)
            text = unicodedata.normalize("NFC", text)
        if not text:
            raise Unfit("too-short")
        if len(text) > longest:
            raise Unfit("too-long", length=len(text), longest=longest)
        return text

    return checked


# ── business numbers ─────────────────────────────────────────────────────────────────────────


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


# ── what is one and the same ─────────────────────────────────────────────────────────────────

_SEPARATORS = frozenset("\u2212./:\\")
_SEPARATING_CATEGORIES = frozenset({"Zs", "Pd", "Pc"})
_ASCII_SEPARATORS = re.compile(r"[ \-_./:\\]+")


@lru_cache(maxsize=_REMEMBERED)
def id_key(text: str) -> str:
    """What makes a grant, a claim, a person or an application number one and the same.

    NFKC, without regard to letter case and to blanks around it.
    """
    text = text.strip()
    if text.isascii():
        return text.lower()
    for _ in range(2):  # as Unicode's caseless matching has it: folding may undo the form
        text = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=_REMEMBERED)
def reference_key(reference: str) -> str:
    """What makes a bank reference or a piece of evidence one and the same.

    As for ids, and any run of separators counts as one hyphen.
    """
    key = id_key(reference)
    if key.isascii():
        return _ASCII_SEPARATORS.sub("-", key)
    parts = "".join("-" if _separates(character) else character for character in key)
    return re.sub("-+", "-", parts)


def _separates(character: str) -> bool:
    return character in _SEPARATORS or unicodedata.category(character) in _SEPARATING_CATEGORIES


@lru_cache(maxsize=_REMEMBERED)
def case_key(case: str) -> str:
    """What makes a case one and the same: as for ids, letters and digits alone."""
    return "".join(filter(str.isalnum, id_key(case)))


# ── kinds of text ────────────────────────────────────────────────────────────────────────────


checked_id = _text(64)
"""The id of a grant or claim as it is kept, or `Unfit`."""

checked_reference = _text(100)
"""A reference, user or slug as it is kept, or `Unfit`."""


def checked_case(text: str) -> str:
    """A case as it is kept, or `Unfit`."""
    text = checked_id(text)
    if not case_key(text):
        raise Unfit("empty-case")
    return text


def _refuse_null(value: object) -> object:
    if value is None:
        raise Unfit("null")
    return value


_Strict = Field(strict=True)

CommandId = Annotated[str, _Strict, AfterValidator(_text(100))]
"""What makes a command idempotent: 1 to 100 characters."""

Id = Annotated[str, _Strict, AfterValidator(checked_id)]
"""The id of a grant or claim, as first given: 1 to 64 characters; compared by `id_key`."""

CaseId = Annotated[str, _Strict, AfterValidator(checked_case)]
"""A docket id of ours for one filing; compared by `case_key`."""

Reference = Annotated[str, _Strict, AfterValidator(checked_reference)]
"""A bank reference, evidence, application number, user, category: 1 to 100 characters."""

Text = Annotated[str, _Strict, AfterValidator(_text(1000))]
"""A source, supplier or note: 1 to 1,000 characters."""

FreeText = Annotated[str, _Strict, AfterValidator(_text(1000, _OF_EMOJI))]
"""A name, title or reason: 1 to 1,000 characters, emoji among them."""

BusinessNumber = Annotated[str, _Strict, AfterValidator(business_number)]
"""A Korean business registration number, kept as `NNN-NN-NNNNN`."""

NotNull = BeforeValidator(_refuse_null)
"""What is not given is left out; JSON `null` is no value."""


# ── who records, besides persons ─────────────────────────────────────────────────────────────

SCHEDULER = "scheduler"
CATALOGUE = "catalogue"
OWN_ACTORS = (SCHEDULER, CATALOGUE)
"""The ledger's own parts; no person may be called like them."""
