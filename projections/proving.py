"""What the log is, to be signed, and proofs of it: cheap, however long the log is.

A signature says for ever what the log was, so nothing is signed on the word of a row that can be
edited. The events since the last signature are hashed from their own bytes; those before are
vouched for by that signature, whose root the tree's kept nodes must lead to. So what is signed
extends what was signed, and is what its events add up to. Not looked at, because `verify` does:
the bytes of the events before, the copies beside each envelope, and every other projection.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ledger import log
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.envelope import hash_of
from ledger.errors import Corrupt, Misused, Unavailable
from ledger.transparency.merkle import Edge
from ledger.transparency.notes import Checkpoint
from ledger.transparency.proofs import Subtree, consistency_path, inclusion_path
from projections.facts.tree import LEVELS, Node
from projections.replay.folding import CHUNK, Progress, wrong
from projections.storage.schema import schema


class NotExtended(Corrupt):
    """The log does not begin with what was signed last."""


def promised(engine: Engine) -> log.Head:
    """Where the log stands, as far as those who recorded it were promised.

    A PostgreSQL server may show events that nobody was: a standby that its primary does not wait
    for, or a primary on which a commit stopped waiting for its standby. So a standby is not asked
    (`Unavailable`), and on a primary the lock is taken: its commit waits for the standby, which
    then has all that came before.
    """
    with log.reading(engine) as connection:
        if engine.dialect == "sqlite":
            return log.read_head(connection)
        if connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
            raise Unavailable(
                "this server is a standby, which may show what its primary has not promised and "
                "may take back: ask the primary for what is to be signed"
            )
    with log.writing(engine) as writer:
        return writer.head


def extended(
    connection: Connection, head: log.Head, last: Checkpoint, progress: Progress | None = None
) -> Checkpoint:
    """What the log is at this head, once it is proven to extend what was signed last.

    `NotExtended` if it does not, `Corrupt` if the head is not what the events add up to.
    """
    edge = _edge_of(connection, head, last)
    _append(connection, edge, head.size, progress)
    if edge != head.edge:
        raise Corrupt(
            "the head row says that {size} events have the root {root}, but they add up to {found}",
            size=head.size,
            root=head.root,
            found=edge.root().hex(),
        )
    return Checkpoint(last.origin, head.size, edge.root(), last.extensions)


def _edge_of(connection: Connection, head: log.Head, last: Checkpoint) -> Edge:
    """The right edge of the tree that was signed last, from the nodes that are kept of it."""
    if head.size < last.size:
        raise NotExtended(
            "events {first} to {last} are missing at the end: {last} were signed, the log has "
            "{size}",
            first=head.size + 1,
            last=last.size,
            size=head.size,
            seq=head.size + 1,
        )
    edge = Edge(last.size, _roots(connection, 0, last.size))
    if edge.root() == last.root:
        return edge
    anew = Edge(0, [])
    _append(connection, anew, last.size)
    if anew.root() == last.root:
        raise Corrupt("nodes of the tree are not what the events add up to; run: grants rebuild")
    raise NotExtended(
        "the log was rewritten: over events 1 to {last} the root {signed} was signed, now it is"
        " {found}",
        last=last.size,
        signed=last.root.hex(),
        found=anew.root().hex(),
    )


def _append(
    connection: Connection, edge: Edge, size: int, progress: Progress | None = None
) -> None:
    """Append the events up to a size, hashed from their own bytes."""
    for envelope, leaf in log.reader(connection).leaves(edge.size + 1, size):
        if type(envelope) is not str:
            raise wrong(edge.size + 1, "envelope", "a text", envelope)
        if hash_of(envelope) != leaf:
            raise wrong(edge.size + 1, "leaf_hash", hash_of(envelope), leaf)
        edge.append(bytes.fromhex(leaf))
        if progress is not None and edge.size % CHUNK == 0:
            progress(edge.size, size)
    if edge.size != size:
        raise Corrupt(
            "of {size} events {missing} are missing; run: grants verify",
            size=size,
            missing=size - edge.size,
        )


def inclusion(connection: Connection, seq: int, size: int) -> list[bytes]:
    """The path that proves the event at position `seq` to be among the first `size`."""
    if not 1 <= seq <= size:
        raise Misused("the log has positions 1 to {size}, not {position}", size=size, position=seq)
    return inclusion_path(seq - 1, size, _subtree(connection))


def consistency(connection: Connection, first: int, size: int) -> list[bytes]:
    """The path that proves the first `size` events to begin with what the first `first` were."""
    if not 0 <= first <= size:
        raise Corrupt(
            "the log has {size} events, the checkpoint saw {first}: some are missing at the end",
            size=size,
            first=first,
            seq=size + 1,
        )
    return consistency_path(first, size, _subtree(connection))


def _subtree(connection: Connection) -> Subtree:
    def root(low: int, high: int) -> bytes:
        return Edge(high - low, _roots(connection, low, high)).root()

    return root


def _roots(connection: Connection, low: int, high: int) -> list[bytes]:
    """The roots of the full subtrees that the events after the first `low`, up to `high`, make."""
    return [_full(connection, start, exponent) for start, exponent in _pieces(low, high)]


def _pieces(low: int, high: int) -> Iterator[tuple[int, int]]:
    """The full subtrees that [low, high) is made of, largest first: where, and 2^ how wide."""
    while low < high:
        exponent = (high - low).bit_length() - 1
        yield low, exponent
        low += 1 << exponent


def _full(connection: Connection, low: int, exponent: int) -> bytes:
    """The root of the full subtree of 2^exponent events after the first `low`."""
    level, above = divmod(exponent, LEVELS)
    first, many = low >> LEVELS * level, 1 << above
    edge = Edge(0, [])
    try:
        for hash_ in _kept(connection, level, first, many):
            edge.append(bytes.fromhex(hash_))
    except (ValueError, TypeError) as error:
        raise Corrupt(
            "a hash of the tree is damaged: {error}; run: grants verify", error=error
        ) from error
    if edge.size != many:
        raise Corrupt("nodes of the tree are missing; run: grants rebuild")
    return edge.root()


def _kept(connection: Connection, level: int, first: int, many: int) -> list[str]:
    """The hashes of so many nodes of a kept level, side by side; of events on level 0."""
    if level == 0:
        columns = tables.events.c
        question = select(columns.leaf_hash).where(columns.seq > first).order_by(columns.seq)
    else:
        nodes = schema().tables[Node].c
        question = (
            select(nodes.hash)
            .where(nodes.level == level, nodes.place >= first)
            .order_by(nodes.place)
        )
    return list(connection.execute(question.limit(many)).scalars())
