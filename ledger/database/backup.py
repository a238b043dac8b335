"""Copying a SQLite ledger while writers go on: one snapshot, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ledger.database.atomic_files import drafted
from ledger.database.engine import Engine
from ledger.database.failures import speaking_plainly
from ledger.errors import Misused

_PAGES = 4_096


def backup(
    engine: Engine, target: Path, progress: Callable[[int, int], None] | None = None
) -> None:
    """Copy the ledger to a file that is not there yet, with the rights of the ledger's own.

    `progress` is told pages done, of all.
    """
    if engine.dialect != "sqlite":
        raise Misused(
            "a PostgreSQL ledger is copied with PostgreSQL's own tools, such as pg_dump "
            "(docs/operations.md); or carry it over with: grants export"
        )
    with drafted(target, engine.mode) as draft, speaking_plainly(), engine.driver() as source:
        _copy(source.connection, draft, progress)


def _copy(
    source: sqlite3.Connection, draft: Path, progress: Callable[[int, int], None] | None
) -> None:
    def told(_: int, left: int, total: int) -> None:
        if progress is not None:
            progress(total - left, total)

    source.execute("BEGIN")  # one snapshot: without it every write begins the copy anew
    source.execute("SELECT 1 FROM head").fetchone()
    try:
        with closing(sqlite3.connect(draft)) as copy:
            source.backup(copy, pages=_PAGES, progress=told)
    finally:
        source.execute("ROLLBACK")
