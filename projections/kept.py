"""Rows kept from one transaction to the next, as long as nobody else has written in between.

Whoever decides many commands one by one (a server, a file in small batches) then loads what is
new and nothing else. What was kept is used only where the log stands exactly where it was left
and nobody has touched the database since; after any failure it is let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ledger import log
from ledger.engine import Engine
from projections import store
from projections.store import StoredRows

MOST_GROUPS = 50_000
"""Groups of rows that are kept at most; with more, everything is let go."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows, and where the log and the database stood when they were true."""

    rows: StoredRows
    size: int
    edge: str
    stamp: tuple[object, ...]


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


@contextmanager
def deciding(engine: Engine) -> Iterator[tuple[log.Writer, StoredRows]]:
    """A transaction that decides: the writer with the lock, and the rows, written at the end."""
    kept = _KEPT.pop(engine, None)
    with log.writing(engine, store.STAMP[engine.dialect]) as writer:
        stamp = store.stamp(writer.driver, writer.beside)
        if kept is not None and _still_true(kept, writer.head, stamp):
            rows = kept.rows
            rows.go_on(writer.driver)
        else:
            rows = StoredRows(writer.driver)
        yield writer, rows
        rows.flush()
    if rows.groups_remembered <= MOST_GROUPS:
        _KEPT[engine] = _Kept(rows, writer.head.size, writer.head.edge.to_text(), stamp)


def let_go(engine: Engine) -> None:
    """Keep nothing for this engine: its own connection has written the tables anew."""
    _KEPT.pop(engine, None)


def _still_true(kept: _Kept, head: log.Head, stamp: tuple[object, ...]) -> bool:
    return (kept.size, kept.edge, kept.stamp) == (head.size, head.edge.to_text(), stamp)
