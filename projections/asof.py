"""Balances as of any day, at any position, or both.

What is true now is read from the kept balances; every other question adds up postings, which
the fold wrote: which flows an event has is decided nowhere else. Both give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import Connection, Select, func, select

from ledger import log, names
from ledger.driver import driver_of
from ledger.errors import Misused
from ledger.events import BUCKETS
from ledger.seoul import last_day, parsed_instant
from ledger.terms import Ceiling, Per
from projections.balances import (
    Balance,
    case_key,
    company_key,
    grant_key,
    line_key,
    programme_key,
)
from projections.books import in_force
from projections.editions import Edition
from projections.grants import Case
from projections.rows import Key
from projections.shelf import conditions, shelf
from projections.store import StoredRows

By: TypeAlias = Literal["company", "programme", "grant", "case", "line"]
BYS: tuple[By, ...] = get_args(By)

KEYS: dict[By, tuple[str, ...]] = {
    "company": ("company", "programme", "year"),
    "programme": ("programme", "year"),
    "grant": ("grant", "year"),
    "case": ("case",),
    "line": ("grant", "company", "year", "case"),
}
"""The keys of the rows of each roll-up, in the order they are sorted by."""

_CEILING: dict[By, Per] = {"company": "company_year", "grant": "grant_year", "case": "case"}


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day and as known at which position; None for now."""

    day: str | None = None
    seq: int | None = None

    @property
    def is_now(self) -> bool:
        """Whether everything recorded counts."""
        return self.day is None and self.seq is None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flows are meant; None for any."""

    company: str | None = None
    programme: str | None = None
    year: int | None = None
    grant: str | None = None
    case: str | None = None

    def given(self) -> dict[str, str | int]:
        """The columns that are filtered, with their values."""
        pairs = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in pairs.items() if value is not None}


def moment(
    connection: Connection,
    *,
    as_of: str | None = None,
    at_seq: int | None = None,
    known_at: str | None = None,
) -> Moment:
    """The moment that is meant; `Misused` where the log does not reach that far."""
    if at_seq is not None and known_at is not None:
        raise Misused("name the position by --at-seq or by --known-at, not by both")
    if known_at is not None:
        try:
            instant = parsed_instant(known_at)
        except ValueError:
            raise Misused(f"{known_at!r} is no instant, such as 2026-12-31T23:59:59") from None
        at_seq = log.position_at(connection, instant)
    elif at_seq is not None:
        size = log.read_head(connection).size
        if not 0 <= at_seq <= size:
            raise Misused(f"the log has positions 0 to {size}, not {at_seq}")
    return Moment(as_of, at_seq)


def with_case_as_given(connection: Connection, wanted: Filter) -> Filter:
    """The filter with its case as first given, however it was typed."""
    if wanted.case is None:
        return wanted
    known = StoredRows(driver_of(connection)).get(Case, names.case_key(wanted.case))
    return replace(wanted, case=known.case if known else wanted.case)


def balances(
    connection: Connection, by: By, wanted: Filter, at: Moment, today: str
) -> list[dict[str, Any]]:
    """The rows of a roll-up, as outsiders read them, sorted by their keys. Amounts in won."""
    wanted = with_case_as_given(connection, wanted)
    found = _kept(connection, by, wanted) if at.is_now else _added_up(connection, by, wanted, at)
    ceilings = _Ceilings(connection, by, at, today)
    rows = [row_of(by, balance, ceilings.of(balance)) for balance in found]
    return sorted(rows, key=lambda row: [row[key] or "" for key in KEYS[by]])


def _kept(connection: Connection, by: By, wanted: Filter) -> Iterable[Balance]:
    """What the live balances say; lines are added up where the filter cuts across the roll-up."""
    given = wanted.given()
    own = set(KEYS[by]) | {"programme"} if by in ("line", "grant") else set(KEYS[by])
    table = shelf().tables[Balance]
    columns = dict(table.c) | {"grant": table.c.scope}
    cuts_across = by == "grant" or not set(given) <= own
    question = select(table).where(
        table.c.by == ("line" if cuts_across else by),
        *(columns[name] == value for name, value in given.items()),
    )
    rows: Iterator[Balance] = (Balance(*values) for values in connection.execute(question))
    return _rolled_up(by, rows) if cuts_across else rows


def _rolled_up(by: By, lines: Iterable[Balance]) -> Iterable[Balance]:
    sums = _Sums()
    for line in lines:
        if by != "case" or line.case:
            total = sums[_key(by, line.scope, line.company, line.programme, line.year, line.case)]
            total.add(line)
    return sums.values()


class _Sums(dict[Key, Balance]):
    """Balances by their key, empty where they are new."""

    def __missing__(self, key: Key) -> Balance:
        total = self[key] = Balance(*key)  # type: ignore[arg-type]
        return total


def _key(by: By, grant: str, company: str, programme: str, year: int, case: str) -> Key:
    """The key of the balance that a flow on a line belongs to in a roll-up."""
    match by:
        case "company":
            return company_key(company, programme, year)
        case "programme":
            return programme_key(programme, year)
        case "grant":
            return grant_key(grant, programme, year)
        case "case":
            return case_key(case)
        case "line":
            return line_key(grant, company, programme, year, case)


def _added_up(connection: Connection, by: By, wanted: Filter, at: Moment) -> Iterable[Balance]:
    """The postings up to the moment, added up by the database and moved by the one rule."""
    columns = shelf().postings.c
    lines = ("grant", "company", "programme", "year", "case")
    parts: dict[By, tuple[str, ...]] = {
        "company": ("company", "programme", "year"),
        "programme": ("programme", "year"),
        "grant": ("grant", "programme", "year"),
        "case": ("case",),
        "line": lines,
    }
    keys = [columns[name] for name in parts[by]]
    question: Select[Any] = select(
        columns.source, columns.target, func.sum(columns.won).label("total"), *keys
    ).group_by(columns.source, columns.target, *keys)
    question = _up_to(question, at).where(*conditions(wanted.given()))
    if by != "programme":
        question = question.where(columns["case" if by == "case" else "grant"] != "")
    nothing: dict[str, Any] = dict.fromkeys(lines, "") | {"year": 0}
    sums = _Sums()
    for source, target, total, *values in connection.execute(question):
        named = nothing | dict(zip(parts[by], values, strict=True))
        sums[_key(by, **named)].move(source, target, int(total))
    if by == "programme" and not wanted.given().keys() <= {"programme", "year"}:
        for part in sums.values():
            part.available = part.budget = 0  # what others hold of it is not to be seen from here
    return sums.values()


def _up_to(question: Select[Any], at: Moment) -> Select[Any]:
    columns = shelf().postings.c
    if at.day is not None:
        question = question.where(columns.day <= at.day)
    if at.seq is not None:
        question = question.where(columns.seq <= at.seq)
    return question


def row_of(by: str, balance: Balance, ceiling: Ceiling | None) -> dict[str, Any]:
    """A balance as outsiders read it, with its ceiling where there is one. Amounts in won."""
    row: dict[str, Any] = {
        key: balance.scope if key == "grant" else getattr(balance, key)
        for key in KEYS[by]  # type: ignore[index]
    }
    if by == "line":
        row["case"] = balance.case or None
    if by == "programme":
        row |= {"budget": balance.budget, "available": balance.available}
    row |= {bucket: getattr(balance, bucket) for bucket in BUCKETS if bucket != "available"}
    row |= {"interest": balance.interest, "used": balance.used}
    return row | {
        "cap": ceiling.amount if ceiling else None,
        "bound": ceiling.bound if ceiling else None,
        "headroom": ceiling.largest - balance.used if ceiling else None,
    }


class _Ceilings:
    """The ceiling of a row, under the terms known at the moment that hold on its day."""

    def __init__(self, connection: Connection, by: By, at: Moment, today: str) -> None:
        self._connection = connection
        self._rows = StoredRows(driver_of(connection))
        self._by, self._at, self._today = by, at, today
        self._programmes = self._of_cases() if by == "case" else {}

    def of(self, balance: Balance) -> Ceiling | None:
        """The ceiling of a balance, or None where there is none."""
        per = _CEILING.get(self._by)
        if per is None:
            return None
        day = self._at.day or self._today
        programme = balance.programme
        if self._by == "case":
            programmes = self._programmes.get(balance.case, set())
            if len(programmes) != 1:
                return None
            (programme,) = programmes
        else:
            day = min(day, last_day(balance.year))
        known = (
            edition
            for edition in self._rows.group(Edition, programme).values()
            if self._at.seq is None or edition.seq <= self._at.seq
        )
        edition = in_force(known, day)
        caps = edition.terms.caps if edition else ()
        return next((cap for cap in caps if cap.per == per), None)

    def _of_cases(self) -> dict[str, set[str]]:
        columns = shelf().postings.c
        question = select(columns.case, columns.programme).where(columns.case != "").distinct()
        found: dict[str, set[str]] = {}
        for case, programme in self._connection.execute(_up_to(question, self._at)):
            found.setdefault(case, set()).add(programme)
        return found
