"""The bare driver: the very rows that ours wrote, in the same transactions, and nothing else.

They are caught by triggers while ours runs on a SQLite copy, then written to another copy by
`sqlite3` or `psycopg` alone: no reading, no rules, no hashing, no SQLAlchemy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any, TypeAlias

import psycopg

from commands.execute import execute_all
from projections.opening import open_ledger
from tests.benchmarks.daily import done
from tests.benchmarks.lives import Command
from tests.benchmarks.places import file_of, plain

Write: TypeAlias = tuple[str, list[tuple[Any, ...]]]
"""A statement with `?` as its marks, and the rows it is executed for."""

Transaction: TypeAlias = list[Write]
_MARKED = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def caught(url: str, batches: Iterable[list[Command]]) -> list[Transaction]:
    """Run batches on a SQLite ledger, and give what each of them wrote."""
    engine = open_ledger(url)
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as connection:
        columns = _columns(connection)
        _lay_traps(connection, columns)
        transactions, seen = [], 0
        for batch in batches:
            done(execute_all(engine, batch))
            rows = connection.execute("SELECT * FROM trap WHERE n > ? ORDER BY n", [seen])
            writes: dict[tuple[str, str], list[list[Any]]] = {}
            for number, table, verb, values in rows:
                writes.setdefault((table, verb), []).append(_unquoted(values))
                seen = number
            transactions.append(
                [
                    _write(table, verb, columns[table], rows)
                    for (table, verb), rows in writes.items()
                ]
            )
    engine.dispose()
    return transactions


def _columns(connection: sqlite3.Connection) -> dict[str, dict[str, bool]]:
    """The columns of each table, and whether they are part of its key."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {
        table: {
            name: bool(key)
            for _, name, _, _, _, key in connection.execute(f'PRAGMA table_info("{table}")')
        }
        for (table,) in tables
    }


def _lay_traps(connection: sqlite3.Connection, columns: dict[str, dict[str, bool]]) -> None:
    connection.execute("CREATE TABLE trap (n INTEGER PRIMARY KEY, name, verb, row)")
    for table, names in columns.items():
        for verb, side in _MARKED.items():
            row = " || char(31) || ".join(f'quote({side}."{name}")' for name in names)
            connection.execute(
                f'CREATE TRIGGER "trap_{table}_{verb}" AFTER {verb} ON "{table}" BEGIN '
                f"INSERT INTO trap (name, verb, row) VALUES ('{table}', '{verb}', "
                f"{row}); END"
            )


def _unquoted(row: str) -> list[Any]:
    """The values of a row from their SQL, a unit separator between them."""
    return [
        value[1:-1].replace("''", "'") if value.startswith("'") else int(value)
        for value in row.split("\x1f")
    ]


def _write(table: str, verb: str, names: dict[str, bool], rows: list[list[Any]]) -> Write:
    keys = [name for name, key in names.items() if key]
    others = [name for name, key in names.items() if not key] or keys
    where = " AND ".join(f'"{name}" = ?' for name in keys)
    match verb:
        case "INSERT":
            wanted = list(names)
            listed = ", ".join(f'"{name}"' for name in wanted)
            statement = f'INSERT INTO "{table}" ({listed}) VALUES ({", ".join("?" * len(wanted))})'
        case "UPDATE":
            wanted = [*others, *keys]
            sets = ", ".join(f'"{name}" = ?' for name in others)
            statement = f'UPDATE "{table}" SET {sets} WHERE {where}'
        case _:
            wanted = keys
            statement = f'DELETE FROM "{table}" WHERE {where}'
    places = [list(names).index(name) for name in wanted]
    return statement, [tuple(row[place] for place in places) for row in rows]


class Bare:
    """A connection of the driver alone to a copy of a ledger, its triggers dropped."""

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        self._connection: Any
        if self._sqlite:
            self._connection = sqlite3.connect(file_of(url), isolation_level=None)
            self._connection.execute("PRAGMA synchronous = FULL")
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in self._connection.execute(triggers).fetchall():
                self._connection.execute(f'DROP TRIGGER "{name}"')
        else:
            self._connection = psycopg.connect(plain(url), prepare_threshold=2)

    def prepared(self, transactions: Iterable[Transaction]) -> Iterator[Transaction]:
        """The transactions with the marks that this driver reads."""
        for writes in transactions:
            yield (
                writes if self._sqlite else [(sql.replace("?", "%s"), rows) for sql, rows in writes]
            )

    def write(self, transactions: Iterable[Transaction]) -> None:
        """Write and commit each."""
        cursor = self._connection.cursor()
        for writes in transactions:
            if self._sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            for statement, rows in writes:
                if len(rows) == 1:
                    cursor.execute(statement, rows[0])
                else:
                    cursor.executemany(statement, rows)
            self._connection.commit()
        cursor.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
