"""Roll-ups: balances by company, programme, grant, case or line, as of any day and position.

What is true now is read from the kept balances. At any other moment those whose flows all lie
before it are as they are kept, and what the moment cuts through is added up from the postings, so
that a long history costs no more than a short one. Which flows an event has, only the fold says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from operator import attrgetter
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, not_, select

from ledger.events import BUCKETS
from ledger.seoul import last_day
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
from projections.facts.editions import Edition
from projections.flows import Posting
from projections.questions.snapshot import Given, Moment, Snapshot
from projections.rows import Key
from projections.storage.schema import conditions, same, schema

By: TypeAlias = Literal["company", "programme", "grant", "case", "line"]
BYS: tuple[By, ...] = get_args(By)

Row: TypeAlias = dict[str, Any]
"""A row as outsiders read it."""

KEYS: dict[By, tuple[str, ...]] = {
    "company": ("company", "programme", "year"),
    "programme": ("programme", "year"),
    "grant": ("grant", "year"),
    "case": ("case",),
    "line": ("grant", "company", "year", "case"),
}
"""The keys of the rows of each roll-up, in the order they are sorted by."""

WHOLE: dict[By, frozenset[str]] = {
    "company": frozenset({"company", "programme", "year"}),
    "programme": frozenset({"programme", "year"}),
    "grant": frozenset({"grant", "programme", "year"}),
    "case": frozenset({"case", "programme"}),
    "line": frozenset({"grant", "company", "programme", "year", "case"}),
}
"""What may be filtered by without cutting through rows. A part of a row has no ceiling and no
budget: those belong to the whole. (A case under two programmes has no ceiling either way.)"""

_CEILING: dict[By, Per] = {"company": "company_year", "grant": "grant_year", "case": "case"}


def balances(snapshot: Snapshot, by: By) -> list[Row]:
    """The rows of a roll-up as outsiders read them, sorted by their keys. Amounts are in won."""
    return told(snapshot, by, list(_found(snapshot, by)))


def told(snapshot: Snapshot, by: By, found: Sequence[Balance]) -> list[Row]:
    """Balances as rows, with their ceilings, sorted by their keys."""
    whole = snapshot.given.keys() <= WHOLE[by]
    ceiling_of = _ceilings(snapshot, by, found) if whole else _no_ceiling
    rows = [row_of(by, balance, ceiling_of(balance), whole=whole) for balance in found]
    return sorted(rows, key=lambda row: _place(by, row))


def of_cases(snapshot: Snapshot, cases: Iterable[str]) -> dict[str, Row]:
    """The rows of cases, by case."""
    rows = balances(snapshot.within({"case": tuple(cases)}), "case")
    return {row["case"]: row for row in rows}


def rows_after(
    snapshot: Snapshot, found: Iterable[Balance], postings: Collection[Posting]
) -> list[Row]:
    """The rows of balances after postings that are not written, each with the roll-up it is `by`.

    They are what `balances` would give now if the postings were, in the order of the roll-ups.
    """
    rows: list[Row] = []
    for by in BYS:
        ours = [balance for balance in found if balance.by == by]
        ceiling_of = _ceilings(snapshot, by, ours, postings)
        made = [row_of(by, balance, ceiling_of(balance)) for balance in ours]
        rows += ({"by": by} | row for row in sorted(made, key=lambda row: _place(by, row)))
    return rows


def _place(by: By, row: Row) -> list[Any]:
    return [row[key] or "" for key in KEYS[by]]


def _found(snapshot: Snapshot, by: By) -> Iterable[Balance]:
    """The balances at a moment; parts are added up where the filter cuts across the roll-up."""
    parts = _parts(by, snapshot.given.keys())
    found = [*before(snapshot, parts), *cut_through(snapshot, parts)]
    return found if parts == by else rolled_up(by, found)


def before(snapshot: Snapshot, by: By) -> list[Balance]:
    """Kept balances whose flows all lie before the moment."""
    kept = schema().tables[Balance]
    newest = up_to(kept.c.newest_on, kept.c.newest_seq, snapshot.at)
    question = select(kept).where(*_meant(by, snapshot.given), *newest)
    return [Balance(*values) for values in snapshot.connection.execute(question).all()]


def cut_through(snapshot: Snapshot, by: By, *only: ColumnElement[bool]) -> Iterable[Balance]:
    """Balances with flows on both sides of the moment."""
    if snapshot.at.is_now:
        return ()
    names = (column_of(name).label(name) for name in _KEYED[by][1])
    keys = select(*names).where(*_meant(by, snapshot.given), *cut_by(snapshot.at))
    return added_up(snapshot, by, keys.offset(0), *only)  # so that databases begin with these


def cut_by(at: Moment) -> Iterator[ColumnElement[bool]]:
    """That a kept balance has flows on both sides of a moment."""
    kept = schema().tables[Balance].c
    yield from up_to(kept.oldest_on, kept.oldest_seq, at)
    yield not_(and_(*up_to(kept.newest_on, kept.newest_seq, at)))


def added_up(
    snapshot: Snapshot,
    by: By,
    keys: Select[Any] | CompoundSelect[Any],
    *only: ColumnElement[bool],
) -> Iterable[Balance]:
    """The balances with these keys at the moment, whose flows (`only` some of them) the database
    adds up and the one rule moves."""
    at, postings, (key_of, names) = snapshot.at, schema().postings.c, _KEYED[by]
    wanted = keys.subquery().c
    grouped = [*(wanted[name] for name in names), postings.source, postings.target]
    theirs = [wanted[name] == _sought(by, name) for name in KEYS[by]]
    if by == "case":
        theirs.append(postings.case != "")  # for the index of postings that have one
    question = (
        select(
            *grouped, *(func.sum(part) for part in (postings.won // _HIGH, postings.won % _HIGH))
        )
        .where(*theirs, *only, *up_to(postings.day, postings.seq, at))
        .group_by(*grouped)
    )
    sums = _Sums()
    for *values, source, target, high, low in snapshot.connection.execute(question).all():
        sums[key_of(*values)].move(source, target, int(high) * _HIGH + int(low))
    return sums.values()


def _sought(by: By, name: str) -> ColumnElement[Any]:
    """A column of postings by which a roll-up's are sought: a line's by its grant alone.

    SQLite, which counts nothing beforehand, might else begin with all that its company ever had.
    """
    column = schema().postings.c[name]
    return column.concat("") if by == "line" and name == "company" else column


_HIGH = 10**9
"""Won are added up in two parts: what moved there and back may be more than a database counts."""


def _meant(by: By, given: Given) -> Iterator[ColumnElement[bool]]:
    """What picks kept balances; a line's company or case is found by the grants it has."""
    kept, postings = schema().tables[Balance].c, schema().postings.c
    yield kept.by == by
    yield from (same(column_of(name), value) for name, value in given.items())
    if by in given:
        yield same(kept.scope, given[by])
    elif by == "line" and "grant" not in given and given.keys() & {"company", "case"}:
        yield kept.scope.in_(select(postings.grant).where(*conditions(given)))


def column_of(name: str) -> ColumnElement[Any]:
    """The column of kept balances that holds a part of their key."""
    return schema().tables[Balance].c["scope" if name == "grant" else name]


def up_to(
    day: ColumnElement[Any], seq: ColumnElement[Any], at: Moment
) -> Iterator[ColumnElement[bool]]:
    """What is not after a moment."""
    if at.day is not None:
        yield day <= at.day
    if at.seq is not None:
        yield seq <= at.seq


def _parts(by: By, given: Set[str]) -> By:
    """Which kept balances answer a question: its own, or those that they are added up from."""
    if by != "grant" and given <= {*KEYS[by]}:
        return by
    return "company" if by == "programme" and given <= {*KEYS["company"]} else "line"


def rolled_up(by: By, parts: Iterable[Balance]) -> Iterable[Balance]:
    """Balances added up from their parts."""
    key_of, names = _KEYED[by]
    values_of = [attrgetter("scope" if name == "grant" else name) for name in names]
    sums = _Sums()
    for part in parts:
        if by != "case" or part.case:
            sums[key_of(*(value_of(part) for value_of in values_of))].add(part)
    return sums.values()


class _Sums(dict[Key, Balance]):
    """Balances by their key, empty where they are new."""

    def __missing__(self, key: Key) -> Balance:
        total = self[key] = Balance(*key)  # type: ignore[arg-type]
        return total


_KEYED: dict[By, tuple[Callable[..., Key], tuple[str, ...]]] = {
    "company": (company_key, ("company", "programme", "year")),
    "programme": (programme_key, ("programme", "year")),
    "grant": (grant_key, ("grant", "programme", "year")),
    "case": (case_key, ("case",)),
    "line": (line_key, ("grant", "company", "programme", "year", "case")),
}
"""What makes the keys of a roll-up, and of which columns of a posting."""


def row_of(by: By, balance: Balance, ceiling: Ceiling | None, *, whole: bool = True) -> Row:
    """A balance as outsiders read it, with its ceiling where there is one. Amounts in won.

    Of a part of a programme's year nothing is available, and no budget is its own.
    """
    row: Row = {key: balance.scope if key == "grant" else getattr(balance, key) for key in KEYS[by]}
    if by == "line":
        row["case"] = balance.case or None
    if by == "programme":
        row["budget"] = balance.budget if whole else None
        row["available"] = balance.available if whole else None
    row |= {bucket: getattr(balance, bucket) for bucket in BUCKETS if bucket != "available"}
    row |= {"interest": balance.interest, "used": balance.used}
    return row | {
        "cap": ceiling.amount if ceiling else None,
        "bound": ceiling.bound if ceiling else None,
        "headroom": ceiling.largest - balance.used if ceiling else None,
    }


def _no_ceiling(_: Balance) -> None:
    return None


def _ceilings(
    snapshot: Snapshot,
    by: By,
    found: Collection[Balance],
    unwritten: Collection[Posting] = (),
) -> Callable[[Balance], Ceiling | None]:
    """What tells the ceiling of each row of a roll-up."""
    per = _CEILING.get(by)
    return _Ceilings(snapshot, per, found, unwritten).of if per else _no_ceiling


class _Ceilings:
    """The ceilings of whole rows, under the terms known at the moment that hold on its day."""

    def __init__(
        self,
        snapshot: Snapshot,
        per: Per,
        found: Collection[Balance],
        unwritten: Collection[Posting],
    ) -> None:
        self._per, self._day, self._rows = per, snapshot.day, snapshot.known
        if per == "case":
            self._programmes = _of_cases(snapshot, {balance.case for balance in found})
            for posting in unwritten:
                if posting.case:
                    self._programmes[posting.case].add(posting.programme)
        programmes = {self._programme(balance) for balance in found}
        self._rows.fetch((Edition, (programme,)) for programme in programmes)

    def of(self, balance: Balance) -> Ceiling | None:
        """The ceiling of a balance, or None where there is none."""
        day = min(self._day, last_day(balance.year)) if balance.year else self._day
        edition = in_force(self._rows.group(Edition, self._programme(balance)).values(), day)
        caps = edition.terms.caps if edition else ()
        return next((cap for cap in caps if cap.per == self._per), None)

    def _programme(self, balance: Balance) -> str:
        """The one whose terms count; "" for a case that several use."""
        if self._per != "case":
            return balance.programme
        programmes = self._programmes[balance.case]
        return next(iter(programmes)) if len(programmes) == 1 else ""


def _of_cases(snapshot: Snapshot, cases: set[str]) -> dict[str, set[str]]:
    """Under which programmes cases were used, whoever used them."""
    columns = schema().postings.c
    question = select(columns.case, columns.programme).distinct()
    question = question.where(columns.case != "", *up_to(columns.day, columns.seq, snapshot.at))
    found: dict[str, set[str]] = {case: set() for case in cases}
    wanted = sorted(cases)
    for start in range(0, len(wanted), _CASES):
        some = columns.case.in_(wanted[start : start + _CASES])
        for case, programme in snapshot.connection.execute(question.where(some)):
            found[case].add(programme)
    return found


_CASES = 500
"""How many cases are asked about in one statement."""
