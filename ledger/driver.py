"""A connection of the database's own driver: text and values in, tuples out.

Commands spend their time here, so nothing stands in between. On PostgreSQL everything that needs
no answer yet waits and travels together with the next question, or with the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

if TYPE_CHECKING:
    from sqlalchemy import Connection

Dialect: TypeAlias = Literal["sqlite", "postgresql"]
Question: TypeAlias = tuple[str, Sequence[Any]]
"""A statement, and the values of its marks."""


_SOON_WRITTEN = 100
"""Rows that may still wait to be written when the commit is sent."""


class Driver:
    """One connection; `mark` stands in a statement where a value goes."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect: Dialect = dialect
        self.mark = "?" if dialect == "sqlite" else "%s"
        self.alone = False
        """Whether the server told that no standby has what it committed."""
        self._pipeline: Any = None
        self._leaving = ExitStack()

    # ── a transaction ────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Begin to write; on SQLite with the lock in hand, so that nobody fails later."""
        if self.dialect == "sqlite":
            self.connection.execute("BEGIN IMMEDIATE")
        else:
            self._pipeline = self._leaving.enter_context(self.connection.pipeline())

    def commit(self) -> None:
        """Make it durable, with everything that was still waiting."""
        self.connection.commit()
        self._pipeline = None
        self._leaving.close()

    def rest(self) -> None:
        """Leave no transaction behind in which something was only read."""
        if self.dialect == "postgresql":
            self.connection.rollback()

    # ── questions ────────────────────────────────────────────────────────────────────────

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of an answer."""
        rows: list[Any] = self._sent(statement, values).fetchall()
        return rows

    def ask_all(self, questions: Sequence[Question]) -> list[list[Any]]:
        """The rows of several answers, asked for together."""
        if self._pipeline is None:
            return [self.ask(*question) for question in questions]
        return [cursor.fetchall() for cursor in [self._sent(*one) for one in questions]]

    def do(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Send a statement that has no answer."""
        self._sent(statement, values)

    def _sent(self, statement: str, values: Sequence[Any]) -> Any:
        if self.dialect == "sqlite":
            return self.connection.execute(statement, values)
        return self.connection.execute(statement, values or None)  # without, % means itself

    # ── rows ─────────────────────────────────────────────────────────────────────────────

    def put(
        self, table: str, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]], key: int = 0
    ) -> None:
        """Write rows; those whose first `key` columns are there already are changed."""
        if self.dialect == "sqlite":
            self.connection.executemany(_put(table, names, key, _marks(names, "?")), rows)
        elif len(rows) == 1:
            self._sent(_put(table, names, key, _marks(names, "%s")), rows[0])
        else:
            objects = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows])
            self._sent(_put(table, names, key, _objects(table, names)), (objects.decode(),))
            if self._pipeline is not None and len(rows) > _SOON_WRITTEN:
                self._pipeline.sync()  # so that a commit's wait is for the commit


@cache
def _put(table: str, names: tuple[str, ...], key: int, rows: str) -> str:
    statement = f"INSERT INTO {table} ({listed(names)}) {rows}"
    if not key:
        return statement
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names[key:])
    then = f"UPDATE SET {changed}" if changed else "NOTHING"
    return f"{statement} ON CONFLICT ({listed(names[:key])}) DO {then}"


@cache
def _marks(names: tuple[str, ...], mark: str) -> str:
    return f"VALUES ({', '.join([mark] * len(names))})"


@cache
def _objects(table: str, names: tuple[str, ...]) -> str:
    """Any number of rows in one statement and one value: the server takes JSON apart itself."""
    return f"SELECT {listed(names)} FROM json_populate_recordset(NULL::{table}, %s::json)"


def listed(names: Sequence[str]) -> str:
    """Names of columns as SQL lists them."""
    return ", ".join(f'"{name}"' for name in names)


def driver_of(where: Connection | Driver) -> Driver:
    """The driver's connection under SQLAlchemy's, in the same transaction."""
    if isinstance(where, Driver):
        return where
    dialect: Dialect = "sqlite" if where.dialect.name == "sqlite" else "postgresql"
    return Driver(where.connection.driver_connection, dialect)
