"""What the text of an option means, where it is a number or a day: read in one way by every call.

The library behind the command line reads whole numbers through floats, so that it takes 2025.9
for 2026; here a number is its digits and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ledger.errors import Misused

if TYPE_CHECKING:
    from cyclopts import Token

_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
"""So many digits as fit into a database's number."""


def whole(option: str, text: str) -> int:
    """A whole number from 0 on; `Misused` where a text is none."""
    if not _DIGITS.fullmatch(text.strip()):
        raise Misused(f"{option} is a whole number such as 2026, not {text}")
    return int(text)


def day(option: str, text: str | None) -> str | None:
    """A day of the calendar, or None where it was left out; `Misused` where a text is none."""
    from ledger import seoul

    if text is None:
        return None
    try:
        return seoul.checked_day(text.strip())
    except ValueError as error:
        raise Misused(f"{option} {text}: {error}") from None


def _whole_numbers(hint: Any, tokens: Sequence[Token]) -> Any:
    read = [whole(token.keyword or "a position", token.value) for token in tokens]
    return read if "list" in str(hint) else read[-1]


def _year(hint: Any, tokens: Sequence[Token]) -> int:
    year: int = _whole_numbers(hint, tokens)
    if not 1 <= year <= 9999:
        raise Misused(f"{tokens[-1].keyword} is a year from 1 to 9999, not {year}")
    return year


Whole = Annotated[int, Parameter(converter=_whole_numbers)]
"""A whole number from 0 on."""

Wholes = Annotated[list[int], Parameter(converter=_whole_numbers, negative="")]
"""Several of them."""

Year = Annotated[int, Parameter(converter=_year)]
"""A fiscal year."""
