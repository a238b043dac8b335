"""Is the database itself what it should be? Not its rows, but all that could bend them.

A view in a table's place, a trigger, a rule, a constraint or a function of somebody else's shows
one thing to whoever verifies and another to whoever works; a lost key lets rows in twice. So the
whole of it is compared with a ledger made new: nothing more may be there, and nothing less.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from sqlalchemy import Connection, MetaData

from ledger.database import structure_postgresql, tables
from ledger.database.driver import Driver, driver_of
from ledger.errors import Corrupt


def check(connection: Connection, projections: MetaData) -> None:
    """Compare the whole database with a ledger made new; `Corrupt` names the first difference."""
    for difference in differences(connection, projections):
        raise Corrupt("the database itself was changed: {difference}", difference=difference)


def differences(connection: Connection, projections: MetaData) -> Iterator[Corrupt]:
    """What is not as it was made, a clause each; nothing where all is."""
    driver = driver_of(connection)
    if driver.dialect == "postgresql":
        expected = _by_name(structure_postgresql.expected((tables.metadata, projections)))
        found = _by_name(structure_postgresql.found(driver))
    else:
        expected, found = _by_name(_made_new(projections)), _by_name(_definitions(driver))
    for name, definition in expected.items():
        if name not in found:
            yield Corrupt("{name} is missing", name=name)
        elif found[name] != definition:
            yield Corrupt(
                "{name} should be {definition!r}, found {found!r}",
                name=name,
                definition=definition,
                found=found[name],
            )
    for name, definition in found.items():
        if name not in expected:
            told = f"{name} ({definition})" if definition else name
            yield Corrupt("{name} is no part of a ledger", name=told)


def _by_name(definitions: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Definitions by what they define, on one line; two of one name stand together."""
    named: dict[str, str] = {}
    for pair in definitions:
        name, definition = (" ".join(said.split()) for said in pair)
        named[name] = f"{named[name]}; {definition}" if name in named else definition
    return named


def _made_new(projections: MetaData) -> list[tuple[str, str]]:
    """The definitions of a SQLite ledger that is made for this, in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        driver = Driver(connection, "sqlite")
        tables.create(driver)
        tables.make_tables(driver, projections)
        tables.make_indexes(driver, projections)
        return _definitions(driver)


def _definitions(driver: Driver) -> list[tuple[str, str]]:
    """Everything that a SQLite database is made of, and how its texts are encoded and compared."""
    ((encoding,),) = driver.ask("PRAGMA encoding")
    return [("the encoding", str(encoding)), *driver.ask(_EVERYTHING)]


_EVERYTHING = """
    SELECT CASE type WHEN 'table' THEN 'table ' || name
                     ELSE type || ' ' || name || ' on ' || tbl_name END,
           coalesce(sql, '')
    FROM sqlite_master"""
