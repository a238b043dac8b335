"""Checkpoints and proofs from the kept nodes of the tree: cheap, however long the log is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from ledger import log, tables
from ledger.errors import Corrupt, Misused
from ledger.merkle import Edge
from ledger.notes import Checkpoint
from ledger.proofs import Subtree, consistency_path, inclusion_path
from projections.shelf import shelf
from projections.tree import LEVELS, Node


def checkpoint(connection: Connection) -> Checkpoint:
    """What the log is now, to be signed; `Misused` while it is empty."""
    head = log.read_head(connection)
    return Checkpoint(log.origin(connection), head.size, head.edge.root())


def inclusion(connection: Connection, seq: int, size: int) -> list[bytes]:
    """The path that proves the event at position `seq` to be among the first `size`."""
    if not 1 <= seq <= size:
        raise Misused(f"the log has positions 1 to {size}, not {seq}")
    return inclusion_path(seq - 1, size, _subtree(connection))


def consistency(connection: Connection, first: int, size: int) -> list[bytes]:
    """The path that proves the first `size` events to begin with what the first `first` were."""
    if not 0 <= first <= size:
        raise Corrupt(
            f"the log has {size} events, the checkpoint saw {first}: some are missing at the end",
            seq=size + 1,
        )
    return consistency_path(first, size, _subtree(connection))


def _subtree(connection: Connection) -> Subtree:
    def root(low: int, high: int) -> bytes:
        hashes = [_full(connection, start, exponent) for start, exponent in _pieces(low, high)]
        return Edge(high - low, hashes).root()

    return root


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
    for hash_ in _kept(connection, level, first, many):
        edge.append(bytes.fromhex(hash_))
    if edge.size != many:
        raise Corrupt("nodes of the tree are missing; run: grants rebuild")
    return edge.root()


def _kept(connection: Connection, level: int, first: int, many: int) -> list[str]:
    """The hashes of so many nodes of a kept level, side by side; of events on level 0."""
    if level == 0:
        columns = tables.events.c
        question = select(columns.leaf_hash).where(columns.seq > first).order_by(columns.seq)
    else:
        nodes = shelf().tables[Node].c
        question = (
            select(nodes.hash)
            .where(nodes.level == level, nodes.place >= first)
            .order_by(nodes.place)
        )
    return list(connection.execute(question.limit(many)).scalars())
