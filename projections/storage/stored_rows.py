"""Rows in a database: loaded a group at a time, written back together in a few statements.

Statements are written out once and sent as they are, with tuples: a command spends its time here.
The tables themselves are made in `projections/storage/schema.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any

from ledger.database.driver import MARKS, Dialect, Driver, Question, listed
from ledger.errors import Corrupt
from projections.flows import Posting
from projections.fold import VERSION
from projections.rows import Group, Key, R, Row, Rows, Scope, columns_of, key_of, values_of
from projections.storage.bloom_filter import BloomFilter

_TOGETHER = (512, 64, 8, 2, 1)
"""How many groups are asked for in one statement; few sizes, so that few statements are parsed."""

_FILLED_UP = 32
"""So many groups are rather asked for twice than a few statements more sent."""


@cache
def _groups(table: str, names: tuple[str, ...], group: int, many: int, dialect: Dialect) -> str:
    """All rows of so many groups, which the first `group` columns tell apart.

    SQLite would read the whole table to find several columns in a list of values, so it is told
    to go through the list and look each up.
    """
    mark = MARKS[dialect]
    question, key = f"SELECT {listed(names)} FROM {table}", names[:group]
    if group == 1 or many == 1:
        same = (f"{listed([name])} IN ({', '.join([mark] * many)})" for name in key)
        return f"{question} WHERE {' AND '.join(same)}"
    wanted = "VALUES " + ", ".join([f"({', '.join([mark] * group)})"] * many)
    if dialect == "postgresql":
        return f"{question} WHERE ({listed(key)}) IN ({wanted})"
    same = (f"{listed([name])} = column{place}" for place, name in enumerate(key, start=1))
    return f"SELECT {listed(names)} FROM ({wanted}) CROSS JOIN {table} ON {' AND '.join(same)}"


class StoredRows(Rows):
    """Rows in a database, remembered while a transaction lasts.

    With `empty` the tables are so at the beginning: what is not remembered, and left no trace when
    it was forgotten, is not there, and nobody asks the database for it.
    """

    def __init__(self, driver: Driver, *, empty: bool = False) -> None:
        super().__init__()
        self._driver = driver
        self._forgotten = BloomFilter() if empty else None
        self._older: dict[type[Row], dict[Key, dict[Key, Any]]] = defaultdict(dict)

    @property
    def driver(self) -> Driver:
        """Where the rows are read."""
        return self._driver

    @property
    def groups_remembered(self) -> int:
        """How many groups of rows are remembered."""
        return sum(map(len, self._groups.values()))

    def go_on(self, driver: Driver) -> None:
        """Go on in another transaction, with what is remembered."""
        self._driver = driver

    def flush(self) -> None:
        """Write back everything that is new or changed."""
        for kind, rows in self._dirty.items():
            if not rows:
                continue  # they were looked for only
            new = self._new[kind]
            added = [values_of(rows[key]) for key in new]
            changed = [values_of(row) for key, row in rows.items() if key not in new]
            names, key, fixed = columns_of(kind), kind.key, kind.fixed
            self._driver.put(kind.table, names, changed, key, fixed=fixed, new=added)
        self._driver.put("postings", Posting._fields, (), new=self.postings)
        for written in (self._dirty, self._new, self.postings, self._posted):
            written.clear()

    def evict(self) -> None:
        """Write everything back; forget what was not looked at since the time before last.

        Only where the tables were empty at the beginning.
        """
        assert self._forgotten is not None, "what is in these tables is not known"
        self.flush()
        for kind, groups in self._older.items():
            self._forgotten.add((kind, prefix) for prefix, group in groups.items() if group)
        self._older, self._groups = self._groups, defaultdict(dict)

    def fetch(self, wanted: Iterable[Group]) -> None:
        """Load groups that will be looked at, together; looking then asks no database."""
        assert self._forgotten is None, "what may be in these tables is asked for one by one"
        missing: dict[type[Row], dict[Key, None]] = {}
        known = self._groups
        for kind, prefix in wanted:
            if prefix not in known[kind]:
                missing.setdefault(kind, {})[prefix] = None
        for kind, prefixes in missing.items():
            known[kind].update((prefix, {}) for prefix in prefixes)
        for row in self._rows_of({kind: list(prefixes) for kind, prefixes in missing.items()}):
            key = key_of(row)
            known[type(row)][key[: row.group]][key] = row

    def _load(self, kind: type[R], prefix: Key) -> Iterable[R]:
        if self._forgotten is not None:
            older = self._older[kind].pop(prefix, None)
            if older is not None:
                return older.values()
            if (kind, prefix) not in self._forgotten:
                return ()
        statement = _groups(kind.table, columns_of(kind), kind.group, 1, self._driver.dialect)
        return self._made(kind, self._driver.ask(statement, prefix))

    def _rows_of(self, wanted: dict[type[R], list[Key]]) -> Iterator[R]:
        """The rows of groups, asked for together."""
        asked = [(kind, part) for kind, keys in wanted.items() for part in self._parts(kind, keys)]
        answers = self._driver.ask_all([question for _, question in asked])
        for (kind, _), answer in zip(asked, answers, strict=True):
            yield from self._made(kind, answer)

    def _made(self, kind: type[R], answer: Iterable[tuple[Any, ...]]) -> Iterable[R]:
        """The rows of an answer."""
        return [kind(*values) for values in answer]

    def _parts(self, kind: type[Row], prefixes: list[Key]) -> Iterator[Question]:
        place = 0
        for many in _TOGETHER:
            while many - _FILLED_UP <= (left := len(prefixes) - place) > many // 2:
                some = prefixes[place : place + many]
                some += some[:1] * (many - left)
                statement = _groups(
                    kind.table, columns_of(kind), kind.group, many, self._driver.dialect
                )
                yield statement, tuple(chain.from_iterable(some))
                place += many

    def _load_where(self, kind: type[R], equals: dict[str, str | int]) -> Iterable[R]:
        found = f"SELECT {listed(columns_of(kind))} FROM {kind.table}"
        conditions = self._equal(equals)
        if conditions:
            found = f"{found} WHERE {' AND '.join(conditions)}"
        for values in self._driver.ask(found, tuple(equals.values())):
            yield kind(*values)

    def _load_changes(self, day: str, scope: Scope) -> Iterable[tuple[str, str, str, int]]:
        given = dict(scope)
        conditions = [*self._equal(given), f"day > {self._driver.mark}"]
        if given.get("case"):
            conditions.append(OF_CASES)
        yield from self._driver.ask(
            f"SELECT day, source, target, won FROM postings WHERE {' AND '.join(conditions)}",
            (*given.values(), day),
        )

    def _equal(self, names: Iterable[str]) -> list[str]:
        return [f'"{name}" = {self._driver.mark}' for name in names]


OF_CASES = "\"case\" <> ''"
"""Says that a question is for the index of postings that have a case."""


GENERATION = "SELECT version, generation FROM projections"
"""The question that `generation` reads; together with the lock, so that no rebuild is between."""


def generation(rows: list[Any]) -> object:
    """Which filling of the projections these are: another after each rebuild, by whomever.

    It is told from the answer to `GENERATION`. `Corrupt` where another version of this software
    has built them anew meanwhile.
    """
    ((version, drawn),) = rows
    if version != VERSION:
        raise Corrupt(
            "the projections were built anew by another version of this software ({version}, "
            "this one makes {own}): stop this one and use that",
            version=version,
            own=VERSION,
        )
    return drawn


def built_version(driver: Driver) -> int | None:
    """The version the projections were built with, or None where there are none."""
    ((there,),) = driver.ask(_IS_BUILT[driver.dialect])
    rows = driver.ask("SELECT version FROM projections") if there else []
    return rows[0][0] if rows else None


_IS_BUILT = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'projections'",
    "postgresql": "SELECT count(*) FROM pg_class WHERE relname = 'projections' "
    "AND relnamespace = 'public'::regnamespace",
}
