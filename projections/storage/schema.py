"""The tables of the projections: one a kind of row, derived from the row itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from secrets import randbits
from typing import Any, get_type_hints

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    text,
)

from ledger.database.driver import Driver
from ledger.database.engine import Engine
from ledger.database.structure import differences
from ledger.database.tables import Word, make_indexes, make_tables
from ledger.log import shut_out_readers
from projections.balances import Balance
from projections.facts.claims import Claim, ClaimState
from projections.facts.companies import Company
from projections.facts.grants import Grant, GrantStatus, Line
from projections.facts.payments import Payment
from projections.flows import Posting
from projections.fold import KINDS, VERSION
from projections.rows import Row, columns_of
from projections.storage.stored_rows import OF_CASES, built_version
from projections.worklists import WAITING, Holding, Promised

OF_COMPANIES = ("company", "programme", "year", "source", "target", "seq", "day", "won")
"""All that a question about a company looks at, so that it needs to look nowhere else."""

OF_LINES_THAT_WAIT = (
    *("scope", *WAITING),
    *("oldest_on", "oldest_seq", "newest_on", "newest_seq"),
)
"""All that a worklist looks at of a line, its key beside."""

OF_PROGRAMMES = ("programme", "year", "source", "target", "seq", "place")
"""The key of postings: what is added up for a programme and year lies together, in that order."""


WAITS = "\"by\" || '' = 'line' AND committed + carried + payable + advanced > 0"
"""That a balance is a line's and holds something that worklists ask for, as their index says it.

`by` is not said plainly: SQLite, which counts nothing beforehand, would take the key instead, that
begins with it.
"""

OF_MANY = "per <> 'grant_year'"
"""That it is under a ceiling of many, as the index of what is promised says it.

A few programmes alone have a ceiling for a grant's year, and few grants each.
"""


class Schema:
    """The tables of all rows, and of the postings."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.tables: dict[type[Row], Table] = {kind: _table(self.metadata, kind) for kind in KINDS}
        self.postings = Table(
            "postings",
            self.metadata,
            *(Column(name, _type_of(Posting, name), nullable=False) for name in Posting._fields),
            PrimaryKeyConstraint(*OF_PROGRAMMES, postgresql_include=["day", "won"]),
            sqlite_with_rowid=False,
        )
        columns = self.postings.c
        Index("postings_by_grant", columns.grant)
        Index("postings_by_company", *(columns[name] for name in OF_COMPANIES))
        for table in (self.postings, self.tables[Line]):
            Index(
                f"{table.name}_by_case",
                table.c.case,
                sqlite_where=text(OF_CASES),
                postgresql_where=text(f"({OF_CASES}::text)"),  # as the server writes it
            )
        balances = self.tables[Balance].c
        Index("balances_by_year", balances.by, balances.year)
        Index(
            "balances_waiting",
            *(balances[name] for name in OF_LINES_THAT_WAIT),
            sqlite_where=text(WAITS),
            postgresql_where=text(
                "(((by || ''::text) = 'line'::text) "
                "AND ((((committed + carried) + payable) + advanced) > 0))"
            ),
        )
        grants, claims, payments = (self.tables[kind].c for kind in (Grant, Claim, Payment))
        Index("companies_by_seq", self.tables[Company].c.seq)
        Index("grants_by_seq", grants.seq)
        Index("grants_by_status", grants.status, grants.seq)
        Index("grants_by_programme", grants.programme, grants.seq)
        for kind in (GrantStatus, ClaimState):
            table = self.tables[kind]
            for width, end in (("width_seq", "seq"), ("width_on", "day")):
                Index(f"{table.name}_{width}", table.c.was, table.c[width], table.c[end])
        holdings = self.tables[Holding].c  # whose key finds them by position
        Index("holdings_width_on", holdings.width_on, holdings.day)
        promised = self.tables[Promised].c
        Index(
            "promised_by_won",
            *(promised.per, promised.programme, promised.year, promised.won),
            sqlite_where=text(OF_MANY),
            postgresql_where=text("(per <> 'grant_year'::text)"),
        )
        Index("claims_by_seq", claims.seq)
        Index("claims_by_status", claims.status, claims.seq)
        Index("claims_by_grant", claims.grant, claims.seq)
        Index("claims_by_company", claims.company, claims.seq)
        Index("payments_by_grant", payments.grant, payments.seq)
        Index("payments_by_company", payments.company, payments.seq)
        self.version = Table(
            "projections",
            self.metadata,
            Column(
                "id", BigInteger, CheckConstraint("id = 1"), primary_key=True, autoincrement=False
            ),
            Column("version", BigInteger, nullable=False),
            Column("generation", BigInteger, nullable=False),
        )


def _table(metadata: MetaData, kind: type[Row]) -> Table:
    names = columns_of(kind)
    return Table(
        kind.table,
        metadata,
        *(
            Column(column, _type_of(kind, column), nullable=False, autoincrement=False)
            for column in names
        ),
        PrimaryKeyConstraint(*names[: kind.key]),
        sqlite_with_rowid=False,
    )


def _type_of(kind: type, name: str) -> Any:
    return BigInteger if _hints(kind)[name] is int else Word


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def schema() -> Schema:
    """The tables of the projections."""
    return Schema()


def tables() -> tuple[Table, ...]:
    """The tables of all rows, and of the postings."""
    return (*schema().tables.values(), schema().postings)


def conditions(given: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What picks the postings with these values; a case's are found by an index of cases alone."""
    columns = schema().postings.c
    of_cases: list[ColumnElement[bool]] = [columns.case != ""] if given.get("case") else []
    return of_cases + [same(columns[name], value) for name, value in given.items()]


def same(column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    """That a column has a value, or one of several."""
    return column.in_(value) if isinstance(value, tuple) else column == value


def beginning_with(column: ColumnElement[Any], key: str) -> tuple[ColumnElement[bool], ...]:
    """That a text begins with a key, as an index finds it."""
    return column >= key, column < f"{key}\U0010ffff"


def create(driver: Driver) -> None:
    """Make the tables of the projections, empty."""
    create_bare(driver)
    _index(driver)


def create_bare(driver: Driver) -> None:
    """Make the tables without what makes them quick to search."""
    make_tables(driver, schema().metadata)
    _stamp(driver)


def _index(driver: Driver) -> None:
    """Make the tables quick to search; where they are filled, once they are: that is quicker."""
    make_indexes(driver, schema().metadata)


@contextmanager
def anew(driver: Driver, engine: Engine, *, searched: bool = False) -> Iterator[None]:
    """The tables of the projections, whatever was there before: empty, to be filled, then whole.

    Who reads meanwhile goes on reading what was there before. That is why on PostgreSQL, where the
    tables are as they should be, only their rows go; else they are bare until they are filled,
    unless they are `searched` while that is done.
    """
    if driver.dialect == "postgresql" and _are_as_they_should_be(driver, engine):
        for table in tables():
            driver.do(f"DELETE FROM {table.name}")
        _stamp(driver)
        yield
        return
    shut_out_readers(driver)
    for table in (schema().version, *tables()):
        driver.do(f"DROP TABLE IF EXISTS {table.name}")
    create_bare(driver)
    if searched:
        _index(driver)
    yield
    if not searched:
        _index(driver)


def _are_as_they_should_be(driver: Driver, engine: Engine) -> bool:
    """Looked at beside the transaction that holds the lock."""
    with engine.alchemy.connect() as beside:
        whole = not any(differences(beside, schema().metadata))
    return whole and built_version(driver) == VERSION


def _stamp(driver: Driver) -> None:
    """Say that they were made anew: whoever keeps rows of the old ones lets them go.

    The generation is drawn, not counted: where the row was lost a count would begin again.
    """
    row = 1, VERSION, randbits(62)
    driver.put("projections", ("id", "version", "generation"), [row], key=1)
