"""What the text of an option means, where it is a number or a day: read in one way by every call.

The library behind the command line reads whole numbers through floats, so that it takes 2025.9
for 2026; here a number is its digits and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ledger.errors import Misread, Misused, Unfit

if TYPE_CHECKING:
    from cyclopts import Token

_DIGITS = re.compile(r"\d{1,18}", re.ASCII)
"""So many digits as fit into a database's number."""


def whole(option: str, text: str) -> int:
    """A whole number from 0 on; `Misused` where a text is none."""
    if not _DIGITS.fullmatch(text.strip()):
        raise Misused(
            "{option} is a whole number such as 2026, not {text}", option=option, text=text
        )
    return int(text)


def day(option: str, text: str) -> str:
    """A day of the calendar; `Misused` where a text is none."""
    from ledger import seoul

    try:
        return seoul.checked_day(text.strip())
    except Unfit as unfit:
        if option in ("--from", "--to") and text.strip().isdecimal():
            raise Misused(
                "{option} {text}: a day is YYYY-MM-DD; a position is given by {option}-seq",
                option=option,
                text=text,
            ) from None
        raise Misread(f"{option} {text}", unfit) from None


def whole_numbers(hint: Any, tokens: Sequence[Token]) -> Any:
    """Whole numbers from 0 on: one, or each of several."""
    read = [whole(token.keyword or "a position", token.value) for token in tokens]
    return read if "list" in str(hint) else read[-1]


def year(hint: Any, tokens: Sequence[Token]) -> int:
    """A fiscal year."""
    year: int = whole_numbers(hint, tokens)
    if not 1 <= year <= 9999:
        raise Misused(
            "{option} is a year from 1 to 9999, not {year}", option=tokens[-1].keyword, year=year
        )
    return year


def days(hint: Any, tokens: Sequence[Token]) -> Any:
    """Days of the calendar: one, or each of several."""
    read = [day(token.keyword or "a day", token.value) for token in tokens]
    return read if "list" in str(hint) else read[-1]


Whole = Annotated[int, Parameter(converter=whole_numbers)]
"""A whole number from 0 on."""
