"""Inner nodes of the log's Merkle tree, kept so that proofs are cheap however long the log is.

Only every eighth level is kept: the roots of full subtrees of 256 events, of 65,536, and so on.
Whatever a proof needs is then a few hundred hashes away at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.transparency.merkle import Edge
from projections.rows import Row, Rows

LEVELS = 8
"""Levels of the tree between two that are kept; a kept node stands for 2^8 of those below."""


@dataclass(slots=True)
class Node(Row):
    """The root of a full subtree of 256^level events."""

    table: ClassVar[str] = "nodes"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 2

    level: int
    place: int
    """How many subtrees of its size stand to its left."""
    hash: str


def grown(edge: Edge, rows: Rows) -> None:
    """Keep the nodes that the last event appended at this edge completed."""
    for level, hash_ in enumerate(edge.completed[LEVELS::LEVELS], start=1):
        rows.add(Node(level, (edge.size >> LEVELS * level) - 1, hash_.hex()))
