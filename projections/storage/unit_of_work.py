"""Rows kept from one transaction to the next, as long as nobody else has written in between.

Whoever decides many commands one by one (a server, a file in small batches) then loads what is
new and nothing else. What was kept is used only where the log stands exactly where it was left
and the projections are of the same generation: nobody, this process included, has rebuilt them
since. After any failure it is let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ledger import log
from ledger.database.engine import Engine
from ledger.transparency.merkle import Edge
from projections.storage import stored_rows
from projections.storage.stored_rows import StoredRows

MOST_GROUPS = 50_000
"""Groups of rows that are kept at most; with more, everything is let go."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Rows, and where the log and the projections stood when they were true."""

    rows: StoredRows
    edge: Edge
    generation: object


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


@contextmanager
def deciding(engine: Engine) -> Iterator[tuple[log.Writer, StoredRows]]:
    """A transaction that decides: the writer with the lock, and the rows, written at the end."""
    kept = _KEPT.pop(engine, None)
    with log.writing(engine, stored_rows.GENERATION) as writer:
        generation = stored_rows.generation(writer.beside)
        if kept is not None and (kept.edge, kept.generation) == (writer.head.edge, generation):
            rows = kept.rows
            rows.go_on(writer.driver)
        else:
            rows = StoredRows(writer.driver)
        yield writer, rows
        rows.flush()
    if rows.groups_remembered <= MOST_GROUPS:
        _KEPT[engine] = _Kept(rows, writer.head.edge, generation)
