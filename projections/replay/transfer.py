"""Moving house: the log out and in again, with the same positions, bytes and root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from ledger import log, reading
from ledger.database.engine import Engine, connect
from ledger.envelope import Entry, as_json, from_json, hash_of, loaded
from ledger.errors import Corrupt, Misused
from ledger.transparency.merkle import Edge
from ledger.transparency.notes import Checkpoint
from projections.replay.folding import CHUNK, Folding, Leaf, Progress, wrong
from projections.replay.verify import Verified, ahead_of_now
from projections.storage import schema
from projections.storage.stored_rows import StoredRows


def load(url: str, lines: Iterable[bytes], checkpoints: Sequence[Checkpoint] = ()) -> Verified:
    """Load events as JSON lines into a ledger that is new or empty, all of them or none.

    `Corrupt` names the first line that is not as it was recorded, or what a checkpoint misses.
    A SQLite file that was made for it stays, empty: another process might use it by now.
    """
    engine = connect(url, create=True)
    try:
        return _loaded(engine, lines, checkpoints)
    finally:
        engine.dispose()


def exported(connection: Connection, progress: Progress | None = None) -> Iterator[dict[str, Any]]:
    """Every event as outsiders read it; `Corrupt` where they are not the tree's leaves."""
    head, edge = log.read_head(connection), Edge(0, [])
    for envelope, leaf in reading.read(connection):
        if hash_of(envelope) != leaf:
            raise wrong(edge.size + 1, "leaf_hash", hash_of(envelope), leaf)
        edge.append(bytes.fromhex(leaf))
        yield as_json(envelope, leaf)
        if progress is not None and edge.size % CHUNK == 0:
            progress(edge.size, head.size)
    if edge.root() != head.edge.root():
        raise Corrupt("the events are not the leaves of the log's tree; run: grants verify")


def _loaded(engine: Engine, lines: Iterable[bytes], checkpoints: Iterable[Checkpoint]) -> Verified:
    with log.making(engine) as (writer, _):
        if writer.head.size:
            raise Misused(
                "the ledger has {size:,} events already: load into a new one", size=writer.head.size
            )
        rows = StoredRows(writer.driver, empty=True)
        fold = Folding(rows, checkpoints=checkpoints, journal=writer)
        with schema.anew(writer.driver, engine, searched=True):
            fold.fold_all(_taken_over(lines, writer))
        if not fold.edge.size:
            raise Misused("there is no event to load")
        writer.flush()
        return Verified(
            writer.head.size, writer.head.root, ahead_of_now(writer.driver, writer.head)
        )


def _taken_over(lines: Iterable[bytes], writer: log.Writer) -> Iterator[Leaf]:
    """The events of the lines, each appended as it was recorded."""
    for number, line in enumerate(lines, start=1):
        try:
            entry, envelope, leaf = _read(line, number, writer.head.recorded_at)
        except Corrupt as error:
            raise Corrupt(
                "line {number}: {error}", number=number, error=error, seq=number
            ) from error
        writer.take_over(entry, envelope, leaf)
        if number % CHUNK == 0:
            writer.flush()
        yield entry, leaf


def _read(line: bytes, seq: int, before: str | None) -> tuple[Entry, str, str]:
    try:
        fields = loaded(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Corrupt("not JSON: {error}", error=error) from None
    entry, envelope, leaf = from_json(fields)
    if entry.seq != seq:
        raise Corrupt("seq should be {position}, found {found}", position=seq, found=entry.seq)
    if before is not None and entry.recorded_at <= before:
        raise Corrupt(
            "recorded_at should be later than {before}, found {found}",
            before=before,
            found=entry.recorded_at,
        )
    return entry, envelope, leaf
