"""Does every access path lead to the same rows? Each index is compared with its table.

Questions and decisions find rows by an index and often read nothing else; a posting that is
missing from one is spent again. So what an index holds, and in which order, is compared with what
its table holds, read without it. Which way a server really reads is up to its planner: each way is
made the only one, and tests look at the plans.

Memory stays bounded, and nothing is written: the right to read is enough, on a standby too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table

from ledger.database.driver import Driver, driver_of, listed
from ledger.database.failures import speaking_plainly
from ledger.errors import Corrupt


@dataclass(frozen=True, slots=True)
class AccessPath:
    """An index, its table, the columns it holds (the first `in_order` sorted), of which rows."""

    index: str
    table: str
    columns: tuple[str, ...]
    in_order: int
    condition: str = "true"

    @property
    def order(self) -> str:
        """The columns it is sorted by, as SQL lists them."""
        return listed(self.columns[: self.in_order])


Sum: TypeAlias = tuple[int, int]


def check_keys(connection: Connection, tables: Iterable[Table]) -> None:
    """Compare every key with its table, before rows are read in its order.

    SQLite keeps the rows of a table in the order of its key itself.
    """
    driver = driver_of(connection)
    if driver.dialect == "postgresql":
        _check_postgresql(driver, list(keys_of(tables)))


def check_indexes(connection: Connection, tables: Iterable[Table]) -> None:
    """Compare every other index with its table, whose rows have been found to be right."""
    driver = driver_of(connection)
    paths = list(indexes_of(tables, driver.dialect))
    if driver.dialect == "postgresql":
        _check_postgresql(driver, paths)
    else:
        _check_sqlite(driver, paths)


def keys_of(tables: Iterable[Table]) -> Iterator[AccessPath]:
    """The indexes of primary keys, as PostgreSQL has them."""
    for table in tables:
        key = tuple(table.primary_key.columns.keys())
        beside = table.primary_key.dialect_options["postgresql"]["include"] or ()
        yield AccessPath(f"{table.name}_pkey", table.name, (*key, *beside), len(key))


def indexes_of(tables: Iterable[Table], dialect: str) -> Iterator[AccessPath]:
    """The other indexes; to each SQLite adds the columns of the key."""
    for table in tables:
        added = table.primary_key.columns.keys() if dialect == "sqlite" else ()
        for index in table.indexes:
            columns = tuple(dict.fromkeys((*index.columns.keys(), *added)))
            where = index.dialect_options[dialect]["where"]
            condition = "true" if where is None else str(where)
            yield AccessPath(str(index.name), table.name, columns, len(columns), condition)


@contextmanager
def _naming(index: str) -> Iterator[None]:
    """Say of which index it is that a database finds it damaged."""
    try:
        with speaking_plainly():
            yield
    except Corrupt as error:
        raise _different(index, str(error)) from error


def _different(index: str, how: str) -> Corrupt:
    return Corrupt(
        "index {index} is not what its table is: {how}; REINDEX makes it anew", index=index, how=how
    )


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────


def _check_sqlite(driver: Driver, paths: Sequence[AccessPath]) -> None:
    for path in paths:
        with _naming(path.index):
            _compare(driver.connection, path)
    with speaking_plainly():
        _check_pages(driver)


def _compare(connection: Any, path: AccessPath) -> None:
    """Two sorted streams: the index by itself, and the table."""
    by_index, by_table = map(connection.execute, questions_sqlite(path))
    with closing(by_index), closing(by_table):  # an open one would hold on to its snapshot
        for found, expected in zip_longest(by_index, by_table):
            if found != expected:
                raise Corrupt(
                    "{found} where {expected} should be",
                    found=found or "its end",
                    expected=expected or "its end",
                )


def questions_sqlite(path: AccessPath) -> tuple[str, str]:
    """What reads an index alone, and what reads its table alone, in the same order."""
    by_key = f"INDEXED BY sqlite_autoindex_{path.table}_1"  # in whose order the rows lie
    table_itself = "NOT INDEXED" if path.table == "events" else by_key  # by position
    ways = (  # of the table every row is looked at, not those alone that a search would find
        (f"INDEXED BY {path.index}", path.condition),
        (table_itself, f"({path.condition}) IS TRUE"),
    )
    by_index, by_table = (
        f"SELECT {listed(path.columns)} FROM {path.table} {way} WHERE {condition} "
        f"ORDER BY {path.order}"
        for way, condition in ways
    )
    return by_index, by_table


def _check_pages(driver: Driver) -> None:
    """That every row is found where a search looks for it, and no page is in use twice."""
    for (said,) in driver.ask("PRAGMA integrity_check(1)"):
        if said != "ok":
            raise Corrupt("the file is damaged: {said}", said=" ".join(str(said).split()))


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────


def _check_postgresql(driver: Driver, paths: Sequence[AccessPath]) -> None:
    if by_amcheck := _amcheck(driver):
        for path in paths:
            with _naming(path.index):
                driver.ask(by_amcheck, (f"public.{path.index}",))
    with only_by(driver, *THROUGH_INDEXES):
        by_index = {path: _sum(driver, path) for path in paths}
    with only_by(driver, *THROUGH_TABLES):
        by_table = {path: _sum(driver, path) for path in paths}
    for path in paths:
        if by_index[path] != by_table[path]:
            said = "{} entries of sum {}".format
            raise _different(
                path.index, f"{said(*by_index[path])} where {said(*by_table[path])} should be"
            )


@contextmanager
def only_by(driver: Driver, *ways: str) -> Iterator[None]:
    """Let the planner find rows in some ways only, until this ends."""
    off = (f"SET LOCAL enable_{way} = {'on' if way in ways else 'off'}" for way in _WAYS)
    driver.do("; ".join(("SAVEPOINT ways", *off)))
    yield
    driver.do("ROLLBACK TO SAVEPOINT ways; RELEASE SAVEPOINT ways")


THROUGH_INDEXES = ("indexscan", "indexonlyscan")
THROUGH_TABLES = ("seqscan", "sort")
_WAYS = (*THROUGH_INDEXES, *THROUGH_TABLES, "incremental_sort", "bitmapscan")


def _sum(driver: Driver, path: AccessPath) -> Sum:
    """How many entries there are, and a sum over them and their places in the order."""
    with _naming(path.index):
        ((entries, total),) = driver.ask(sum_of(path))
    return int(entries), int(total or 0)


def sum_of(path: AccessPath) -> str:
    """What adds an index up, or a table, whichever it is read by."""
    return f"""
        SELECT pg_catalog.count(*), pg_catalog.sum(pg_catalog.hash_record_extended(entry, place))
        FROM (SELECT ROW({listed(path.columns)}) AS entry,
                     pg_catalog.row_number() OVER (ORDER BY {path.order}) AS place
              FROM public.{path.table} WHERE {path.condition}) AS entries"""


def _amcheck(driver: Driver) -> str | None:
    """What calls the server's own check of an index, where there is one that we may call."""
    rows = driver.ask(_AMCHECK)
    return f"SELECT {rows[0][0]}.bt_index_check(%s::pg_catalog.regclass, true)" if rows else None


_AMCHECK = """
    SELECT pg_catalog.quote_ident(nspname)
    FROM pg_catalog.pg_proc JOIN pg_catalog.pg_namespace ON pg_namespace.oid = pronamespace
    WHERE proname = 'bt_index_check' AND probin = '$libdir/amcheck'
    AND pg_catalog.oidvectortypes(proargtypes) = 'regclass, boolean'
    AND pg_catalog.has_schema_privilege(pg_namespace.oid, 'USAGE')
    AND pg_catalog.has_function_privilege(pg_proc.oid, 'EXECUTE')"""
"""Code that comes with the server, which only a superuser could put in a function of this name."""
