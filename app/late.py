"""How long late entries are taken: a setting of the office."""

from __future__ import annotations

import os

from ledger.errors import Misused
from projections.questions.snapshot import LATE_DAYS

SETTING = "GRANTS_CLOSE_AFTER_DAYS"


def late_days() -> int:
    """How many days of the new year late entries for the old one are taken.

    Raises `Misused` where the environment holds something else.
    """
    text = os.environ.get(SETTING) or str(LATE_DAYS)
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Misused(
            "{setting} is a whole number of days from 0 to 9999, not {text!r}",
            setting=SETTING,
            text=text,
        )
    return int(text)
