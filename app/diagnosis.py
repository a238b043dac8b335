"""Where a failure that nobody foresaw comes from values in the database that cannot be there.

SQLite lets anybody put a text where a number belongs. Whatever stumbles over it then is no fault
of the program: the ledger is not what it should be.
"""

from __future__ import annotations

from contextlib import suppress

from ledger.errors import LedgerError


def diagnosed(url: str, error: Exception) -> Exception:
    """The same error, or `Corrupt` where a stored value is of the wrong type."""
    if isinstance(error, LedgerError | OSError | MemoryError):
        return error
    from projections.replay.stored_types import ill_typed

    with suppress(Exception):  # then what happened first is all that is known
        if corrupt := ill_typed(url):
            corrupt.__cause__ = error
            return corrupt
    return error
