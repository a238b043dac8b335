"""Rows in a database: one table a kind of row, derived from the row itself.

Rows are loaded a group at a time and written back together in a few statements, inside the
transaction that appends. The same code writes the shadow tables that `verify` compares with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_type_hints

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.schema import CreateTable

from ledger.log import shut_out_readers
from ledger.tables import Word
from projections.balances import Balance
from projections.flows import Posting
from projections.fold import KINDS, VERSION
from projections.rows import Key, R, Row, Rows, Scope, columns_of, values_of


class Shelf:
    """The tables of all rows, and of the postings."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.tables: dict[type[Row], Table] = {kind: _table(self.metadata, kind) for kind in KINDS}
        self.postings = Table(
            "postings",
            self.metadata,
            *(Column(name, _type_of(Posting, name), nullable=False) for name in Posting._fields),
            PrimaryKeyConstraint("seq", "place"),
        )
        columns = self.postings.c
        Index("postings_by_grant", columns.grant)
        Index("postings_by_company", columns.company, columns.programme, columns.year)
        Index("postings_by_programme", columns.programme, columns.year)
        Index("postings_by_case", columns.case)
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
        self._upserts: dict[tuple[str, type[Row]], Any] = {}
        self._groups: dict[type[Row], Select[Any]] = {
            kind: _select_group(table, kind) for kind, table in self.tables.items()
        }

    def group(self, kind: type[Row]) -> Select[Any]:
        """The question for all rows of a group."""
        return self._groups[kind]

    def upsert(self, dialect: str, kind: type[Row]) -> Any:
        """The statement that writes rows, new or changed."""
        statement = self._upserts.get((dialect, kind))
        if statement is None:
            table = self.tables[kind]
            names = columns_of(kind)
            inserting = _insert_or_change(dialect, table)
            changed = {name: inserting.excluded[name] for name in names[kind.key :]}
            key = list(names[: kind.key])
            statement = (
                inserting.on_conflict_do_update(index_elements=key, set_=changed)
                if changed
                else inserting.on_conflict_do_nothing(index_elements=key)
            )
            self._upserts[dialect, kind] = statement
        return statement


def _insert_or_change(dialect: str, table: Table) -> Any:
    """An insert that may say what happens on a conflict; each dialect is imported when used."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        return insert_postgresql(table)
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    return insert_sqlite(table)


def _table(metadata: MetaData, kind: type[Row]) -> Table:
    names = columns_of(kind)
    return Table(
        kind.table,
        metadata,
        *(Column(column, _type_of(kind, column), nullable=False) for column in names),
        PrimaryKeyConstraint(*names[: kind.key]),
    )


def _type_of(kind: type, name: str) -> Any:
    return BigInteger if _hints(kind)[name] is int else Word


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _select_group(table: Table, kind: type[Row]) -> Select[Any]:
    question = select(table)
    for name in columns_of(kind)[: kind.group]:
        question = question.where(table.c[name] == bindparam(f"is_{name}"))
    return question


@cache
def shelf() -> Shelf:
    """The tables of the projections."""
    return Shelf()


def tables() -> tuple[Table, ...]:
    """The tables of all rows, and of the postings."""
    return (*shelf().tables.values(), shelf().postings)


class StoredRows(Rows):
    """Rows in a database, remembered while a transaction lasts."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection
        self._shelf = shelf()

    def flush(self) -> None:
        """Write back everything that is new or changed."""
        dialect = self._connection.dialect.name
        for kind, rows in self._dirty.items():
            if rows:
                names = columns_of(kind)
                values = [dict(zip(names, values_of(row), strict=True)) for row in rows.values()]
                self._connection.execute(self._shelf.upsert(dialect, kind), values)
        self._dirty.clear()
        if self.postings:
            self._connection.execute(
                insert(self._shelf.postings), [posting._asdict() for posting in self.postings]
            )
            self.postings.clear()

    def forget(self) -> None:
        """Let go of everything that was remembered; only after `flush`."""
        self._groups.clear()

    def _load(self, kind: type[R], prefix: Key) -> Iterable[R]:
        names = columns_of(kind)[: kind.group]
        asked = {f"is_{name}": value for name, value in zip(names, prefix, strict=True)}
        return self._rows(kind, self._shelf.group(kind), asked)

    def _load_where(self, kind: type[R], equals: dict[str, str | int]) -> Iterable[R]:
        table = self._shelf.tables[kind]
        conditions = [table.c[name] == value for name, value in equals.items()]
        return self._rows(kind, select(table).where(*conditions), {})

    def _rows(self, kind: type[R], question: Select[Any], asked: dict[str, Any]) -> Iterator[R]:
        for values in self._connection.execute(question, asked):
            yield kind(*values)

    def _load_changes(self, day: str, scope: Scope) -> Iterable[tuple[str, str, str, int]]:
        columns = self._shelf.postings.c
        question = select(columns.day, columns.source, columns.target, columns.won).where(
            columns.day > day, *(columns[name] == value for name, value in scope)
        )
        for row in self._connection.execute(question):
            yield row.day, row.source, row.target, row.won


def create(connection: Connection) -> None:
    """Make the tables of the projections, empty."""
    shelf().metadata.create_all(connection)
    connection.execute(insert(shelf().version), {"id": 1, "version": VERSION})


def empty(connection: Connection) -> None:
    """Have the tables of the projections there and empty, whatever was there before.

    Where they are as they should be only their rows go, and who reads meanwhile goes on reading
    what was there before.
    """
    if built_version(connection) == VERSION and _as_they_should_be(connection):
        for table in tables():
            connection.execute(delete(table))
    else:
        shut_out_readers(connection)
        shelf().metadata.drop_all(connection)
        create(connection)


def _as_they_should_be(connection: Connection) -> bool:
    there = inspect(connection)
    return all(
        there.has_table(table.name)
        and {column["name"] for column in there.get_columns(table.name)} == set(table.c.keys())
        for table in shelf().metadata.tables.values()
    )


def create_bare(connection: Connection) -> None:
    """Make the tables without what makes them quick to search: all `verify` needs."""
    for table in shelf().metadata.tables.values():
        connection.execute(CreateTable(table))


def built_version(connection: Connection) -> int | None:
    """The version the projections were built with, or None where there are none."""
    if not connection.dialect.has_table(connection, shelf().version.name):
        return None
    return connection.execute(select(shelf().version.c.version)).scalars().first()
