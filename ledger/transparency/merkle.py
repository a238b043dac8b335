"""The Merkle tree over the log: RFC 9162, section 2.1, with SHA-256.

Each event is a leaf. A leaf and an inner node are hashed under different prefixes, so that one
can never be passed off as the other. Appending needs only the *right edge* of the tree, at most
one hash for each binary digit of its size; the head row keeps it as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from ledger.errors import Malformed

HASH_BYTES = 32
"""Length of a SHA-256 hash."""

EMPTY_ROOT = sha256().digest()
"""The root of the tree without leaves: SHA-256 of nothing."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf, from its bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node, from the hashes of its two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Edge:
    """The right edge of a tree: the roots of its full subtrees, from left to right.

    A tree of 13 leaves is full subtrees of 8, 4 and 1: the ones in the binary form of its size,
    largest first. `Edge(0, [])` is the empty tree. The list is copied, so that appending
    leaves the caller's own alone. `ValueError` if the hashes do not fit the size.
    """

    size: int
    """Number of leaves."""
    hashes: list[bytes]
    """One hash for each full subtree."""
    completed: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)
    """The roots of the full subtrees that the last leaf completed: the leaf, two leaves, four …"""

    def __post_init__(self) -> None:
        if self.size < 0:
            raise Malformed("a tree cannot have {size} leaves", size=self.size)
        if len(self.hashes) != self.size.bit_count():
            raise Malformed(
                "the edge of a tree of {size} leaves has {wanted} hashes, not {many}",
                size=self.size,
                wanted=self.size.bit_count(),
                many=len(self.hashes),
            )
        for length in set(map(len, self.hashes)):
            check_length(length)
        self.hashes = list(self.hashes)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf at the right, given its hash (not its bytes). Amortised O(1).

        `ValueError` if it has not the length of a hash.
        """
        check_length(len(leaf_hash))
        node, merges = leaf_hash, self.size
        self.completed = [node]
        while merges & 1:  # each trailing one is a full subtree as large as `node`
            node = node_hash(self.hashes.pop(), node)
            self.completed.append(node)
            merges >>= 1
        self.hashes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *rest, node = self.hashes
        for left in reversed(rest):
            node = node_hash(left, node)
        return node

    def to_text(self) -> str:
        """The hashes in hex with a space between; empty for the empty tree."""
        return b"".join(self.hashes).hex(" ", HASH_BYTES)

    @classmethod
    def from_text(cls, size: int, text: str) -> Edge:
        """The edge that `to_text` wrote. `ValueError` if the text does not fit the size."""
        return cls(size, list(map(bytes.fromhex, text.split())))


def check_length(length: int) -> None:
    """`ValueError` where something has not the length of a hash, in bytes."""
    if length != HASH_BYTES:
        raise Malformed("a hash has {wanted} bytes, not {length}", wanted=HASH_BYTES, length=length)
