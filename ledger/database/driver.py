"""A connection of the database's own driver: text and values in, tuples out.

Commands spend their time here, so nothing stands in between. On PostgreSQL everything that needs
no answer yet waits and travels together with the next question, or with the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import cache, lru_cache
from itertools import chain
from select import POLLIN, poll
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

if TYPE_CHECKING:
    from sqlalchemy import Connection

Dialect: TypeAlias = Literal["sqlite", "postgresql"]
MARKS: dict[Dialect, str] = {"sqlite": "?", "postgresql": "%s"}
"""What stands in a statement where a value goes."""

Names: TypeAlias = tuple[str, ...]
Rows: TypeAlias = Sequence[tuple[Any, ...]]
Question: TypeAlias = tuple[str, Sequence[Any]]
"""A statement, and the values of its marks."""


_SAFELY_UNDERWAY_BYTES = 8_192
"""What may be sent before its answers are read. More might not fit between us and the server; the
driver then waits for answers to what it has not sent (psycopg issue 685), so it goes alone."""


_MANY = 100
"""New rows from which on PostgreSQL is quicker with a copy than with a statement."""

_MOST = 5_000
"""Rows of one statement at most."""


class Driver:
    """One connection."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.connection = connection
        self.dialect: Dialect = dialect
        self.mark = MARKS[dialect]
        self.alone = False
        """Whether the server told that no standby has what it committed."""
        self._waiting: dict[str, Question] = {}
        self._cursors: list[Any] = []
        self._journey = ExitStack()
        self._travels_together = False
        self._underway_bytes = 0

    @property
    def is_at_hand(self) -> bool:
        """Whether asking twice costs no more than asking once for both."""
        return self.dialect == "sqlite"

    @property
    def was_hung_up(self) -> bool:
        """Whether the server has ended the connection while nobody used it.

        It says nothing to those who ask nothing: what there is to read is a farewell.
        """
        if self.dialect == "sqlite":
            return False
        line = poll()
        line.register(self.connection.fileno(), POLLIN)
        return bool(line.poll(0))

    # ── a transaction ────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Begin to write; on SQLite with the lock in hand, so that nobody fails later."""
        if self.dialect == "sqlite":
            self.connection.execute("BEGIN IMMEDIATE")
        else:
            self._journey.enter_context(self.connection.pipeline())
            self._travels_together, self._underway_bytes = True, 0

    def commit(self) -> None:
        """Make it durable, with everything that was still waiting; only where it is looked for."""
        self._write()
        self.check_place()
        self.connection.commit()
        self._travel_alone()

    def check_place(self) -> None:
        """`Unavailable` where a SQLite ledger is no longer the file that is open here."""
        if self.dialect == "sqlite":
            self.connection.check_place()

    def close(self) -> None:
        """End the connection, and whatever it was in the middle of."""
        self.connection.close()
        with suppress(Exception):  # the pipeline minds that nobody waits for its answers
            self._journey.close()

    def rest(self) -> None:
        """Leave no transaction behind in which something was only read."""
        if self.dialect == "postgresql":
            self.connection.rollback()

    # ── questions ────────────────────────────────────────────────────────────────────────

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of an answer."""
        (rows,) = self.ask_all([(statement, values)])
        return rows

    def ask_all(self, questions: Sequence[Question]) -> list[list[Any]]:
        """The rows of several answers, asked for together."""
        self._write()
        while len(self._cursors) < len(questions):
            self._cursors.append(self.connection.cursor())
        cursors = [
            self._execute(*question, cursor)
            for question, cursor in zip(questions, self._cursors, strict=False)
        ]
        answers = [cursor.fetchall() for cursor in cursors]
        self._underway_bytes = 0
        return answers

    def do(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Send a statement that has no answer."""
        self._write()
        self._execute(statement, values)

    # ── rows ─────────────────────────────────────────────────────────────────────────────

    def put(
        self,
        table: str,
        names: Names,
        rows: Rows,
        key: int = 0,
        *,
        fixed: int = 0,
        new: Rows = (),
    ) -> None:
        """Write rows; those whose first `key` columns are there already are changed.

        Their first `fixed` columns stay as they are, and the indexes of these with them. Of `new`
        ones none is there: many are quicker to write for that.
        """
        if self.dialect == "sqlite":
            for those, known in ((new, 0), (rows, key)):
                if those:
                    statement = _put(table, names, known, fixed, _marks(names))
                    self.connection.executemany(statement, those)
            return
        if len(new) < _MANY:
            rows, new = [*new, *rows], ()
        if new:
            self._copy(table, names, new)
        for start in range(0, len(rows), _MOST):
            self._put(table, names, rows[start : start + _MOST], key, fixed)

    def _put(self, table: str, names: Names, rows: Rows, key: int, fixed: int) -> None:
        if table in self._waiting:
            self._write()
        objects = _json([dict(zip(names, row, strict=True)) for row in rows])
        statement = _put(table, names, key, fixed, _objects(table))
        self._waiting[table] = statement, (objects,)
        if len(objects) > _SAFELY_UNDERWAY_BYTES:
            self._write()  # now, so that a commit's wait is for the commit alone

    def _copy(self, table: str, names: Names, rows: Rows) -> None:
        self._write()
        self._travel_alone()  # a copy cannot travel together with anything
        statement = f"COPY {table} ({listed(names)}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def _write(self) -> None:
        """Send all that waits to be written, as one statement."""
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            statements, values = zip(*(waiting[table] for table in sorted(waiting)), strict=True)
            self._execute(_together(statements), tuple(chain.from_iterable(values)))

    def _execute(self, statement: str, values: Sequence[Any], cursor: Any = None) -> Any:
        if self._travels_together:
            self._underway_bytes += len(statement) + sum(
                len(str(value).encode()) for value in values
            )
            if self._underway_bytes > _SAFELY_UNDERWAY_BYTES:
                self._travel_alone()
        given = (values,) if values else ()  # without any, % means itself
        return (cursor or self.connection).execute(statement, *given)

    def _travel_alone(self) -> None:
        self._travels_together = False
        self._journey.close()


def _json(rows: list[dict[str, Any]]) -> str:
    try:
        return orjson.dumps(rows).decode()
    except TypeError as error:
        raise OverflowError(str(error)) from error


@lru_cache(maxsize=256)
def _together(statements: tuple[str, ...]) -> str:
    """Statements that write to different tables, as one: the server is asked once."""
    *others, last = statements
    parts = [f"w{place} AS ({statement})" for place, statement in enumerate(others)]
    return f"WITH {', '.join(parts)} {last}" if parts else last


@cache
def _put(table: str, names: tuple[str, ...], key: int, fixed: int, rows: str) -> str:
    statement = f"INSERT INTO {table} {rows}"
    if not key:
        return statement
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names[max(key, fixed) :])
    then = f"UPDATE SET {changed}" if changed else "NOTHING"
    return f"{statement} ON CONFLICT ({listed(names[:key])}) DO {then}"


@cache
def _marks(names: tuple[str, ...]) -> str:
    return f"({listed(names)}) VALUES ({', '.join('?' * len(names))})"


@cache
def _objects(table: str) -> str:
    """Any number of rows in one statement and one value: the server takes JSON apart itself.

    It makes rows of the table's own type, so that no column needs to be named: what travels
    together may not be long. Without its schema, a function that somebody made for just this table
    would be preferred.
    """
    taken_apart = f"pg_catalog.json_populate_recordset(NULL::public.{table}, %s::pg_catalog.json)"
    return f"SELECT * FROM {taken_apart}"


def listed(names: Sequence[str]) -> str:
    """Names of columns as SQL lists them."""
    return ", ".join(f'"{name}"' for name in names)


def driver_of(where: Connection | Driver) -> Driver:
    """The driver's connection under SQLAlchemy's, in the same transaction."""
    if isinstance(where, Driver):
        return where
    dialect: Dialect = "sqlite" if where.dialect.name == "sqlite" else "postgresql"
    return Driver(where.connection.driver_connection, dialect)
