"""Rows in a database: one table a kind of row, derived from the row itself.

Rows are loaded a group at a time and written back together in a few statements, inside the
transaction that appends. The same code writes the shadow tables that `verify` compares with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, TypeAlias, get_type_hints

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from ledger.errors import Corrupt
from ledger.log import shut_out_readers
from ledger.structure import misshapen
from ledger.tables import Word, mark
from projections.balances import Balance
from projections.flows import Posting
from projections.fold import KINDS, VERSION
from projections.rows import Group, Key, R, Row, Rows, Scope, columns_of, key_of, values_of

OF_COMPANIES = ("company", "programme", "year", "seq", "day", "source", "target", "won")
"""All that a question about a company looks at, so that it needs to look nowhere else."""


class Shelf:
    """The tables of all rows, and of the postings."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.tables: dict[type[Row], Table] = {kind: _table(self.metadata, kind) for kind in KINDS}
        self.postings = Table(
            "postings",
            self.metadata,
            *(Column(name, _type_of(Posting, name), nullable=False) for name in Posting._fields),
            PrimaryKeyConstraint("programme", "year", "seq", "place"),
            sqlite_with_rowid=False,
        )
        columns = self.postings.c
        Index("postings_by_grant", columns.grant)
        Index("postings_by_company", *(columns[name] for name in OF_COMPANIES))
        of_cases = columns.case != ""
        Index("postings_by_case", columns.case, sqlite_where=of_cases, postgresql_where=of_cases)
        lines = self.tables[Balance].c
        Index("balances_by_year", lines.by, lines.year)
        self.version = Table(
            "projections",
            self.metadata,
            Column(
                "id", BigInteger, CheckConstraint("id = 1"), primary_key=True, autoincrement=False
            ),
            Column("version", BigInteger, nullable=False),
        )


def _table(metadata: MetaData, kind: type[Row]) -> Table:
    names = columns_of(kind)
    return Table(
        kind.table,
        metadata,
        *(Column(column, _type_of(kind, column), nullable=False) for column in names),
        PrimaryKeyConstraint(*names[: kind.key]),
        sqlite_with_rowid=False,
    )


def _type_of(kind: type, name: str) -> Any:
    return BigInteger if _hints(kind)[name] is int else Word


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def shelf() -> Shelf:
    """The tables of the projections."""
    return Shelf()


def tables() -> tuple[Table, ...]:
    """The tables of all rows, and of the postings."""
    return (*shelf().tables.values(), shelf().postings)


# ── statements ───────────────────────────────────────────────────────────────────────────────
#
# Written out once and sent as they are, with tuples: for each of these millions of rows
# SQLAlchemy's own way costs more than the database.

Names: TypeAlias = tuple[str, ...]


@cache
def _upsert(table: str, names: Names, key: int, mark: str) -> str:
    """Write a row, new or changed; its first `key` columns are its key."""
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names[key:])
    then = f"UPDATE SET {changed}" if changed else "NOTHING"
    return f"{_insert(table, names, mark)} ON CONFLICT ({_listed(names[:key])}) DO {then}"


@cache
def _groups(table: str, names: Names, group: int, many: int, mark: str) -> str:
    """All rows of so many groups, which the first `group` columns tell apart."""
    wanted = ", ".join([mark] * many)
    if group > 1:
        wanted = "VALUES " + ", ".join([f"({', '.join([mark] * group)})"] * many)
    return f"SELECT {_listed(names)} FROM {table} WHERE ({_listed(names[:group])}) IN ({wanted})"


@cache
def _insert(table: str, names: Names, mark: str) -> str:
    return f"INSERT INTO {table} ({_listed(names)}) VALUES ({', '.join([mark] * len(names))})"


def _listed(names: Names) -> str:
    return ", ".join(f'"{name}"' for name in names)


_TOGETHER = (512, 64, 8, 1)
"""How many groups are asked for in one statement; few sizes, so that few statements are parsed."""


class StoredRows(Rows):
    """Rows in a database, remembered while a transaction lasts.

    With `empty` the tables are known to be so: until something is forgotten, what is not
    remembered is not there.
    """

    def __init__(self, connection: Connection, *, empty: bool = False) -> None:
        super().__init__()
        self._connection = connection
        self._mark = mark(connection)
        self.all_here = empty

    @property
    def groups_remembered(self) -> int:
        """How many groups of rows are remembered."""
        return sum(map(len, self._groups.values()))

    def go_on(self, connection: Connection) -> None:
        """Go on in another transaction, with what is remembered."""
        self._connection = connection

    def flush(self) -> None:
        """Write back everything that is new or changed."""
        for kind, rows in self._dirty.items():
            if rows:
                values = [values_of(row) for row in rows.values()]
                statement = _upsert(kind.table, columns_of(kind), kind.key, self._mark)
                self._connection.exec_driver_sql(statement, values)
        self._dirty.clear()
        if self.postings:
            statement = _insert("postings", Posting._fields, self._mark)
            self._connection.exec_driver_sql(statement, [tuple(one) for one in self.postings])
            self.postings.clear()

    def forget(self) -> None:
        """Let go of everything that was remembered; only after `flush`."""
        self._groups.clear()
        self.all_here = False

    def fetch(self, wanted: Iterable[Group]) -> None:
        """Load groups that will be looked at, together; looking then asks no database."""
        if self.all_here:
            return
        missing: dict[type[Row], dict[Key, None]] = {}
        known = self._groups
        for kind, prefix in wanted:
            if kind not in known or prefix not in known[kind]:
                missing.setdefault(kind, {})[prefix] = None
        for kind, prefixes in missing.items():
            self._fetch(kind, list(prefixes))

    def _fetch(self, kind: type[Row], prefixes: list[Key]) -> None:
        groups = self._groups.setdefault(kind, {})
        for prefix in prefixes:
            groups[prefix] = {}
        width = kind.group
        for row in self._select(kind, prefixes):
            key = key_of(row)
            groups[key[:width]][key] = row

    def _load(self, kind: type[R], prefix: Key) -> Iterable[R]:
        return () if self.all_here else self._select(kind, [prefix])

    def _select(self, kind: type[R], prefixes: list[Key]) -> Iterator[R]:
        place = 0
        for many in _TOGETHER:
            while len(prefixes) - place >= many:
                asked = tuple(chain.from_iterable(prefixes[place : place + many]))
                statement = _groups(kind.table, columns_of(kind), kind.group, many, self._mark)
                for values in self._connection.exec_driver_sql(statement, asked):
                    yield kind(*values)
                place += many

    def _load_where(self, kind: type[R], equals: dict[str, str | int]) -> Iterable[R]:
        table = shelf().tables[kind]
        conditions = [table.c[name] == value for name, value in equals.items()]
        for values in self._connection.execute(select(table).where(*conditions)):
            yield kind(*values)

    def _load_changes(self, day: str, scope: Scope) -> Iterable[tuple[str, str, str, int]]:
        columns = shelf().postings.c
        question = select(columns.day, columns.source, columns.target, columns.won).where(
            columns.day > day, *conditions(dict(scope))
        )
        for row in self._connection.execute(question):
            yield row.day, row.source, row.target, row.won


def conditions(given: Mapping[str, str | int]) -> list[ColumnElement[bool]]:
    """What picks the postings with these values; a case's are found by an index of cases alone."""
    columns = shelf().postings.c
    of_cases = [columns.case != ""] if given.get("case") else []
    return of_cases + [columns[name] == value for name, value in given.items()]


def create(connection: Connection) -> None:
    """Make the tables of the projections, empty."""
    shelf().metadata.create_all(connection)
    connection.execute(insert(shelf().version), {"id": 1, "version": VERSION})


def empty(connection: Connection) -> None:
    """Have the tables of the projections there and empty, whatever was there before.

    Where they are as they should be only their rows go, and who reads meanwhile goes on reading
    what was there before.
    """
    whole = not any(misshapen(connection, [shelf().version, *tables()]))
    if whole and built_version(connection) == VERSION:
        for table in tables():
            connection.execute(delete(table))
        connection.execute(update(shelf().version).values(version=VERSION))
    else:
        shut_out_readers(connection)
        shelf().metadata.drop_all(connection)
        create(connection)


def create_bare(connection: Connection) -> None:
    """Make the tables without what makes them quick to search: all `verify` needs."""
    for table in shelf().metadata.tables.values():
        connection.execute(CreateTable(table))


def stamp(connection: Connection) -> tuple[object, ...]:
    """What is another where anybody else has changed the database or its projections since.

    `Corrupt` where another version of this software has built them anew meanwhile.
    """
    version, *changed = connection.exec_driver_sql(_STAMP[connection.dialect.name]).one()
    if version != VERSION:
        raise Corrupt(
            f"the projections were built anew by another version of this software ({version}, "
            f"this one makes {VERSION}): stop this one and use that"
        )
    if connection.dialect.name == "sqlite":  # which counts for each connection by itself
        changed.append(connection.connection.driver_connection)
    return tuple(changed)


_STAMP = {
    "sqlite": "SELECT version, data_version FROM projections, pragma_data_version",
    "postgresql": "SELECT version, xmin::text FROM projections",
}
"""SQLite counts what other connections commit; PostgreSQL names who wrote a row last."""


def built_version(connection: Connection) -> int | None:
    """The version the projections were built with, or None where there are none."""
    if not connection.dialect.has_table(connection, shelf().version.name):
        return None
    return connection.execute(select(shelf().version.c.version)).scalars().first()
