"""A database's own errors, turned into the ledger's, each with what to do now."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType

from ledger.database.postgresql import LOCK_NOT_AVAILABLE
from ledger.errors import Busy, Corrupt, Disconnected, Misused, RolledBack, Unavailable


def speaking_plainly() -> AbstractContextManager[None]:
    """Turn a database's own errors into the ledger's, each with what to do now."""
    return _PLAINLY


class _Plainly(AbstractContextManager[None]):
    """Holds nothing, so that one is enough: every command goes through it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            return
        own = getattr(error, "orig", error)  # SQLAlchemy wraps what the driver raised
        if isinstance(own, sqlite3.Error) or type(own).__module__.startswith("psycopg"):
            raise _translated(own) from error
        if isinstance(error, OverflowError):
            raise Misused(
                "a number is past what the ledger can count: {said}", said=error
            ) from error
        if isinstance(error, UnicodeDecodeError):  # SQLite repeats what it could not read
            raise Corrupt(
                "this is not a whole ledger: it holds {held!r}", held=error.object
            ) from error


_PLAINLY = _Plainly()


def _translated(error: BaseException) -> Exception:
    kinds = {kind.__name__ for kind in type(error).__mro__}  # as every driver names them
    said = next(iter(str(error).strip().splitlines()), "no reason given")
    code = getattr(error, "sqlstate", None)
    if "DataError" in kinds:
        return Misused("a number is past what the ledger can count: {said}", said=said)
    if "is locked" in said or code == LOCK_NOT_AVAILABLE:
        return Busy("the ledger is busy: another writer held it past the wait; try again")
    if code in _UNDONE:
        return RolledBack(
            "the server undid it for another's sake ({said}); nothing was recorded", said=said
        )
    if "readonly" in said or code in ("25006", "42501"):
        return Unavailable("the ledger is read-only here: check the rights on it, then try again")
    if "disk is full" in said or "disk I/O" in said or code in _NO_ROOM or "File too large" in said:
        return Unavailable(
            "the disk is full, or a limit is reached ({said}); nothing was recorded: make room,"
            " also where temporary files go, then try again",
            said=said,
        )
    if any(sign in said for sign in _NOT_WHOLE) or code in _DAMAGED:
        return Corrupt("this is not a whole ledger: {said}", said=said)
    if code in ("42P01", "42703"):
        return Corrupt("this database holds no ledger; make one with: grants init")
    if "immutable" in said:
        return Corrupt("the log refused to be changed: {said}", said=said)
    if "IntegrityError" in kinds:
        return Corrupt("the ledger contradicts itself: {said}", said=said)
    if isinstance(error, sqlite3.OperationalError):
        return Unavailable("the ledger cannot be reached: {said}", said=said)
    if code in _GONE:
        return Disconnected("the connection to the ledger broke: {said}", said=said)
    if "OperationalError" in kinds and code is None:
        return Disconnected("the ledger cannot be reached: {said}", said=said)
    return Unavailable("the database failed: {said}", said=said)


_NOT_WHOLE = ("Could not decode", "not a database", "malformed", "no such")
_DAMAGED = ("XX001", "XX002")  # a table's page, an index
_NO_ROOM = ("53100", "58030")  # disk full, input or output failed
_UNDONE = ("40P01", "40001")  # deadlock, serialization failure
_GONE = (
    *("57P01", "57P02", "57P03"),  # shutting down, crashed, starting up
    *("25P03", "25P04", "57P05"),  # silent for too long: in a transaction, over all, between two
)
