"""Are the tables themselves what they should be? Not their rows, but what could bend them.

A view in a table's place, a rule, a policy, a child table or a trigger of somebody else's shows
one thing to whoever verifies and another to whoever works; a lost key lets rows in twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Table, inspect, text

from ledger.tables import TRIGGERS


def oddities(connection: Connection, tables: Sequence[Table]) -> Iterator[str]:
    """What is not as it was made, in a few words each; nothing where all is."""
    yield from misshapen(connection, tables)
    names = [table.name for table in tables]
    if connection.dialect.name == "postgresql":
        for question, what in _POSTGRESQL.items():
            found = connection.execute(text(question), {"names": names, "ours": _OUR_TRIGGERS})
            yield from (f"{table} {what}" for table in found.scalars())
    else:
        found = connection.execute(text(_SQLITE_TRIGGERS))
        yield from (
            f"{row.tbl_name} has a trigger of somebody else's"
            for row in found
            if row.name not in TRIGGERS["sqlite"] and row.tbl_name in names
        )


def misshapen(connection: Connection, tables: Sequence[Table]) -> Iterator[str]:
    """Tables that are missing, or have other columns, types, keys or indexes than they should."""
    there = inspect(connection)
    present = set(there.get_table_names())
    for table in tables:
        if table.name not in present:
            yield f"{table.name} is not there as a table"
            continue
        columns = [
            (column["name"], column["type"].compile(connection.dialect), column["nullable"])
            for column in there.get_columns(table.name)
        ]
        expected = [
            (column.name, column.type.compile(connection.dialect), column.nullable)
            for column in table.columns
        ]
        if columns != expected:
            yield f"{table.name} has other columns or types"
        key = there.get_pk_constraint(table.name)["constrained_columns"]
        if key != [column.name for column in table.primary_key]:
            yield f"{table.name} has another key"
        indexes = {index["name"] for index in there.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in indexes:
                yield f"{table.name} has lost its index {index.name}"


_OUR_TRIGGERS = list(TRIGGERS["postgresql"])
_OURS = "relname = ANY(:names) AND relnamespace = 'public'::regnamespace"
_POSTGRESQL = {
    f"SELECT relname FROM pg_class WHERE {_OURS} AND (relrowsecurity OR relpersistence <> 'p')": (
        "hides rows, or forgets them"
    ),
    f"SELECT relname FROM pg_class WHERE {_OURS} AND EXISTS "
    "(SELECT FROM pg_rewrite WHERE ev_class = pg_class.oid)": "has a rule",
    f"SELECT relname FROM pg_class WHERE {_OURS} AND EXISTS "
    "(SELECT FROM pg_inherits WHERE pg_class.oid IN (inhparent, inhrelid))": (
        "shares its rows with another table"
    ),
    f"SELECT relname FROM pg_class JOIN pg_trigger ON tgrelid = pg_class.oid WHERE {_OURS} "
    "AND NOT tgisinternal AND NOT (relname = 'events' AND tgname = ANY(:ours) AND tgattr = '')": (
        "has a trigger of somebody else's, or one that looks at some columns only"
    ),
}
_SQLITE_TRIGGERS = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
