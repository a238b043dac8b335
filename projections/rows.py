"""Rows: what the folds write and decisions read, wherever it is kept.

A row is a small mutable record with a key; rows are loaded by *group* (all lines of a grant, all
editions of a programme), remembered, changed in place and written back together. `Rows` itself
keeps everything in memory; `projections/storage/stored_rows.py` adds a database behind it. Every
field is text or a whole number; what is not there is `""` or `0`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, ClassVar, TypeAlias, TypeVar

from ledger.errors import Corrupt
from projections.flows import Posting

Key: TypeAlias = tuple[str | int, ...]
Scope: TypeAlias = tuple[tuple[str, str | int], ...]
"""Which postings are meant: pairs of a posting's column and its value."""


@dataclass(slots=True)
class Row:
    """A projected record; its first `key` fields are its key, the first `group` its group.

    Its first `fixed` fields stay as they were first put, and its key in any case.
    """

    table: ClassVar[str]
    key: ClassVar[int]
    group: ClassVar[int]
    fixed: ClassVar[int] = 0


R = TypeVar("R", bound=Row)
Group: TypeAlias = tuple[type[Row], Key]
"""Which rows are meant: all of a kind whose keys begin like this."""


def key_of(row: Row) -> Key:
    """The key of a row."""
    return _KEYS[type(row)](row)


def values_of(row: Row) -> tuple[Any, ...]:
    """All fields of a row, in order."""
    return _VALUES[type(row)](row)


def columns_of(kind: type[Row]) -> tuple[str, ...]:
    """The names of a row's fields, in order."""
    return _COLUMNS[kind]


class _Columns(dict[type[Row], tuple[str, ...]]):
    """Told from each kind once: these are asked for every row that is written."""

    def __missing__(self, kind: type[Row]) -> tuple[str, ...]:
        names = self[kind] = tuple(field.name for field in fields(kind))
        return names


class _Keys(dict[type[Row], Callable[[Row], Key]]):
    def __missing__(self, kind: type[Row]) -> Callable[[Row], Key]:
        names = columns_of(kind)[: kind.key]
        get: Callable[[Row], Any] = attrgetter(*names)
        self[kind] = get if len(names) > 1 else lambda row: (get(row),)
        return self[kind]


class _Values(dict[type[Row], Callable[[Row], tuple[Any, ...]]]):
    def __missing__(self, kind: type[Row]) -> Callable[[Row], tuple[Any, ...]]:
        get = self[kind] = attrgetter(*columns_of(kind))
        return get


_COLUMNS, _KEYS, _VALUES = _Columns(), _Keys(), _Values()


class _Posted:
    """Postings by what they are sought by; those since the last time are put in their places."""

    def __init__(self, postings: list[Posting]) -> None:
        self._postings = postings
        self._placed = 0
        self._places: dict[tuple[str, str | int], list[Posting]] = defaultdict(list)

    def of(self, scope: Scope) -> list[Posting]:
        """Postings among which all of a scope are, and not many others."""
        for posting in self._postings[self._placed :]:
            for name in _SOUGHT_BY:
                self._places[name, getattr(posting, name)].append(posting)
        self._placed = len(self._postings)
        named = dict(scope)
        name = next(name for name in _SOUGHT_BY if name in named)
        return self._places.get((name, named[name]), [])

    def clear(self) -> None:
        """They were written, and let go."""
        self._places.clear()
        self._placed = 0


_SOUGHT_BY = ("grant", "case", "company", "programme")
"""Columns by which postings are sought, from the most telling to the least."""


class Rows:
    """Rows in memory: complete in itself for folding a few events, a cache where subclassed.

    A fold comes here several times for every event, so what was changed already since the last
    flush, as most rows that are looked at were, is found among those in one step.
    """

    def __init__(self) -> None:
        self._groups: dict[type[Row], dict[Key, dict[Key, Any]]] = defaultdict(dict)
        self._dirty: dict[type[Row], dict[Key, Any]] = defaultdict(dict)
        self._new: dict[type[Row], dict[Key, None]] = defaultdict(dict)
        """Of those that are dirty, the ones that were not there before."""
        self.postings: list[Posting] = []
        self._posted = _Posted(self.postings)

    def get(self, kind: type[R], *key: str | int) -> R | None:
        """The row with this key, or None."""
        row: R | None = self._dirty[kind].get(key)
        if row is None:
            group = self._groups[kind].get(key[: kind.group])
            row = (self.group(kind, *key[: kind.group]) if group is None else group).get(key)
        return row

    def group(self, kind: type[R], *prefix: str | int) -> dict[Key, R]:
        """All rows of a group by key. Not to be changed by the reader."""
        groups = self._groups[kind]
        group = groups.get(prefix)
        if group is None:
            group = groups[prefix] = {key_of(row): row for row in self._load(kind, prefix)}
        return group

    def add(self, row: Row) -> None:
        """Remember a new row; `Corrupt` if there is one with its key."""
        kind, key = type(row), key_of(row)
        group = self.group(kind, *key[: kind.group])
        if key in group:
            raise Corrupt("{table}: a second row for {key}", table=kind.table, key=key)
        group[key] = self._dirty[kind][key] = row
        self._new[kind][key] = None

    def append(self, row: Row) -> None:
        """Remember a row whose key holds its event's position: it is new, and nobody looks.

        Only for kinds that questions read and no fold does, so that no group is loaded for them.
        """
        kind, key = type(row), key_of(row)
        self._dirty[kind][key] = row
        self._new[kind][key] = None

    def change(self, kind: type[R], *key: str | int) -> R:
        """The row with this key, to be changed in place; `Corrupt` if there is none."""
        dirty = self._dirty[kind]
        row: R | None = dirty.get(key)
        if row is None:
            row = self.get(kind, *key)
            if row is None:
                raise Corrupt("{table}: no row for {key}", table=kind.table, key=key)
            dirty[key] = row
        return row

    def put(self, kind: type[R], *key: str | int) -> R:
        """The row with this key, to be changed in place; a new one where there is none."""
        dirty = self._dirty[kind]
        row: R | None = dirty.get(key)
        if row is None:
            group = self.group(kind, *key[: kind.group])
            row = group.get(key)
            if row is None:
                row = group[key] = kind(*key)
                self._new[kind][key] = None
            dirty[key] = row
        return row

    def post(self, posting: Posting) -> None:
        """Remember a posting."""
        self.postings.append(posting)

    def changes_after(self, day: str, scope: Scope) -> Iterator[tuple[str, str, str, int]]:
        """`(day, source, target, won)` of the postings of a scope that count after a day."""
        yield from self._load_changes(day, scope)
        for posting in self._posted.of(scope):
            if posting.day > day and all(getattr(posting, name) == value for name, value in scope):
                yield posting.day, posting.source, posting.target, posting.won

    def all(self, kind: type[R]) -> Iterator[R]:
        """Every row of a kind that is remembered here."""
        for group in self._groups.get(kind, {}).values():
            yield from group.values()

    def where(self, kind: type[R], **equals: str | int) -> list[R]:
        """The rows whose fields have these values, sorted by key, across groups."""
        found = {key_of(row): row for row in self._load_where(kind, equals)}
        for row in self.all(kind):
            if all(getattr(row, name) == value for name, value in equals.items()):
                found[key_of(row)] = row
        return [found[key] for key in sorted(found)]

    def _load(self, kind: type[R], prefix: Key) -> Iterable[R]:
        return ()

    def _load_changes(self, day: str, scope: Scope) -> Iterable[tuple[str, str, str, int]]:
        return ()

    def _load_where(self, kind: type[R], equals: dict[str, str | int]) -> Iterable[R]:
        return ()
