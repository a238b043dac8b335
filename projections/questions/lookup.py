"""What questions name: found as commands find it, however it is typed, and as it was known.

`Misused` says what no name could be, `NotFound` what is not in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection

from ledger import log, names
from ledger.database.driver import Driver, driver_of
from ledger.errors import Misused, NotFound
from ledger.wording import Unfit
from projections.books import Books
from projections.facts.claims import Claim
from projections.facts.companies import Company
from projections.facts.editions import Programme
from projections.facts.grants import Case, Grant
from projections.rows import Group, R, Row, Rows
from projections.storage.stored_rows import StoredRows


def stored(connection: Connection) -> StoredRows:
    """The rows as they are now."""
    return StoredRows(driver_of(connection))


def company(rows: Rows, number: str) -> Company:
    """A registered party, by its business number with or without hyphens."""
    number = _read(names.business_number, number)
    found = rows.get(Company, number)
    if found is None:
        raise NotFound("no-such-company", company=number)
    return found


def programme(rows: Rows, slug: str) -> Programme:
    """A programme of the catalogue."""
    slug = _read(names.checked_reference, slug)
    found = rows.get(Programme, slug)
    if found is None:
        known = sorted(rows.where(Programme), key=lambda programme: programme.place)
        slugs = ", ".join(programme.programme for programme in known)
        raise NotFound("no-such-programme", programme=slug, known=slugs or "–")
    return found


def grant(rows: Rows, name: str) -> Grant:
    """A grant, however its id is typed."""
    name = _read(names.checked_id, name)
    found = rows.get(Grant, names.id_key(name))
    if found is None:
        raise NotFound("no-such-grant", grant=name)
    return found


def case(rows: Rows, name: str) -> Case:
    """A case that an application named, however it is typed."""
    name = _read(names.checked_case, name)
    found = rows.get(Case, names.case_key(name))
    if found is None:
        raise NotFound("no-such-case", case=name)
    return found


def claim(rows: Rows, name: str) -> Claim:
    """A claim, however its id is typed."""
    name = _read(names.checked_id, name)
    found = rows.get(Claim, names.id_key(name))
    if found is None:
        raise NotFound("no-such-claim", claim=name)
    return found


Given: TypeAlias = Mapping[str, str | int]
"""What is filtered by, and the value that is meant."""


def as_first_given(connection: Connection, given: Given) -> Given:
    """What is filtered by, each name as it was first given."""
    rows = stored(connection)
    return {
        name: _FIRST_GIVEN[name](rows, str(value)) if name in _FIRST_GIVEN else value
        for name, value in given.items()
    }


_FIRST_GIVEN: dict[str, Callable[[Rows, str], str]] = {
    "company": lambda rows, number: company(rows, number).business_number,
    "programme": lambda rows, slug: programme(rows, slug).programme,
    "grant": lambda rows, name: grant(rows, name).grant,
    "case": lambda rows, name: case(rows, name).case,
}


def _read(check: Callable[[str], str], text: str) -> str:
    try:
        return check(text)
    except Unfit as unfit:
        raise Misused(f"{text}: {unfit}") from None


# ── as it was known ──────────────────────────────────────────────────────────────────────────


class KnownRows(StoredRows):
    """Facts as they were known at a position of the log, or now where that is None.

    Right for kinds of rows that are only ever added, with their position as `seq`: companies,
    programmes, and whatever holds from a day on.
    """

    def __init__(self, driver: Driver, at_seq: int | None) -> None:
        super().__init__(driver)
        self._at_seq = at_seq

    def _made(self, kind: type[R], answer: Iterable[tuple[Any, ...]]) -> Iterable[R]:
        rows, at_seq = super()._made(kind, answer), self._at_seq
        return rows if at_seq is None else [row for row in rows if _position(row) <= at_seq]


def _position(row: Row) -> int:
    seq: int = row.seq  # type: ignore[attr-defined]
    return seq


def books_known(
    connection: Connection, at_seq: int | None, today: str, looked_at: Iterable[Group] = ()
) -> Books:
    """The books as they were known at a position: companies, programmes and dated facts alone.

    What is known to be `looked_at` is loaded together.
    """
    rows = KnownRows(driver_of(connection), at_seq)
    rows.fetch(looked_at)
    return Books(rows, log.reader(connection), today)
