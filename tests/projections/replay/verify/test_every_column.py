"""Every column of every table, changed behind the ledger's back, is found by `verify`.

The tables are those of the database itself, so that none can be forgotten. Each change is made
with the triggers out of the way, has to be named, and is then put right, after which everything
verifies again.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    and_,
    delete,
    inspect,
    select,
    update,
)
from sqlalchemy import insert as insert_into

from ledger import log
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.errors import Corrupt
from projections.replay.verify import verify
from projections.storage.schema import schema
from projections.storage.schema import tables as row_tables
from tests.given import Story
from tests.projections.replay.verify.tampering import is_found, triggers_off

pytestmark = pytest.mark.tampers

LOG = (tables.events, tables.head)
SINGLE = (tables.head, schema().version)
"""Tables of one row, which a constraint keeps from having more."""
TABLES = {table.name: table for table in (*LOG, schema().version, *row_tables())}


def _execute(engine: Engine, table: Table, statement: Executable) -> None:
    """Change a table's rows, whatever protects them out of the way meanwhile."""
    with engine.alchemy.begin() as connection:
        put_back = triggers_off(connection)
        if table in SINGLE:
            _let_have_others(connection, table)
        connection.execute(statement)
        if table in SINGLE and connection.dialect.name == "postgresql":
            put_back.append(_constraint_again(connection, table))
        for made_again in put_back:
            connection.exec_driver_sql(made_again)


def _let_have_others(connection: Connection, table: Table) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    else:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {table}_id_check")


def _constraint_again(connection: Connection, table: Table) -> str:
    """As it was, or as if nobody had looked at the rows where there are others."""
    others = connection.execute(select(table).where(table.c.id != 1)).first()
    add = f"ALTER TABLE {table} ADD CONSTRAINT {table}_id_check CHECK (id = 1)"
    return f"{add} NOT VALID" if others else add


def _rows(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with log.reading(engine) as connection:
        found = connection.execute(select(table).order_by(*table.primary_key)).mappings()
        return [dict(row) for row in found]


def _is(table: Table, row: dict[str, Any]) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key))


def _other(value: object) -> Any:
    """A value of the same type that is not there yet."""
    if isinstance(value, int):
        return value + 1_000_000
    return f"{value}~"


def test_no_table_of_the_database_is_left_out(story: Story) -> None:
    there = inspect(story.engine.alchemy)
    assert set(there.get_table_names()) == set(TABLES)
    for name, table in TABLES.items():
        assert [column["name"] for column in there.get_columns(name)] == list(table.c.keys())
        assert _rows(story.engine, table), f"the story leaves {name} empty"


@pytest.mark.parametrize("name", TABLES)
def test_a_change_of_any_column_is_found(story: Story, name: str) -> None:
    engine, table = story.engine, TABLES[name]
    rows = _rows(engine, table)
    row = rows[len(rows) // 2]
    for column in table.columns:
        if column is schema().version.c.generation:
            continue  # drawn anew at each rebuild: any other is as good, and decides nothing
        changed = row | {column.name: _other(row[column.name])}
        _execute(engine, table, update(table).where(_is(table, row)).values(changed))
        _says_where(engine, table, row, column.name, changed[column.name])
        _execute(engine, table, update(table).where(_is(table, changed)).values(row))
    verify(engine)


def _says_where(
    engine: Engine, table: Table, row: dict[str, Any], column: str, value: object
) -> None:
    """The message names the table and row, and what was expected or found there."""
    with pytest.raises(Corrupt) as raised:
        verify(engine)
    message = str(raised.value)
    if table is tables.events:
        changed_here = column not in ("seq", "envelope")
        assert message.startswith(f"event {row['seq']}: ")
        assert raised.value.seq == row["seq"]
        assert f"{column} should be {row[column]!r}" in message or not changed_here
    elif table in SINGLE:
        assert table.name in message or "projections" in message or "format" in message
    elif table.c[column].primary_key:
        assert message.startswith(f"{table.name}: ")
        assert "is missing" in message or "a row that no event made" in message
    else:
        key = tuple(row[name.name] for name in table.primary_key)
        expected = f"{column} of {key} should be {row[column]!r}, found {value!r}"
        assert message == f"{table.name}: {expected}"


@pytest.mark.parametrize("name", TABLES)
def test_a_removed_row_is_found(story: Story, name: str) -> None:
    engine, table = story.engine, TABLES[name]
    rows = _rows(engine, table)
    for row in {0: rows[0], 1: rows[len(rows) // 2], 2: rows[-1]}.values():
        _execute(engine, table, delete(table).where(_is(table, row)))
        if table in (*LOG, schema().version):
            with pytest.raises(Corrupt):
                verify(engine)
        else:
            is_found(engine, f"{name}: the row {tuple(row.values())} is missing")
        _execute(engine, table, insert_into(table).values(row))
    verify(engine)


@pytest.mark.parametrize("name", TABLES)
def test_an_added_row_is_found(story: Story, name: str) -> None:
    engine, table = story.engine, TABLES[name]
    rows = _rows(engine, table)
    key = list(table.primary_key)[-1].name
    added = rows[-1] | {key: _other(rows[-1][key])}
    _execute(engine, table, insert_into(table).values(added))
    if table in (*LOG, schema().version):
        with pytest.raises(Corrupt):
            verify(engine)
    else:
        is_found(engine, f"{name}: a row that no event made: {tuple(added.values())}")
    _execute(engine, table, delete(table).where(_is(table, added)))
    verify(engine)
