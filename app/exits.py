"""Exit codes, and the one place where errors become them."""

from __future__ import annotations

from ledger.errors import Corrupt, LedgerError, Misused, Unavailable

DONE = 0
MISUSED = 2
REFUSED = 3
CORRUPT = 4
UNAVAILABLE = 5
INTERRUPTED = 130
NOT_READ = 141
"""Whoever read the output left before its end, as `head` does."""


def code_of(error: LedgerError) -> int:
    """The exit code of an error."""
    match error:
        case Misused():
            return MISUSED
        case Corrupt():
            return CORRUPT
        case Unavailable():
            return UNAVAILABLE
        case _:
            return REFUSED
