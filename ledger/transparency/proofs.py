"""Proofs over the Merkle tree: RFC 9162, sections 2.1.3 and 2.1.4, on hashes alone.

An *inclusion* path proves that one leaf is in a tree and shows nothing of the other leaves. A
*consistency* path proves that a tree begins with all of an older one: nothing was changed, taken
out or put in between. Neither path vouches for a root or a size: those come from a checkpoint
that somebody trusts (`ledger/transparency/notes.py`).

Leaves count from 0; ranges include `low` and exclude `high`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ledger.errors import Malformed
from ledger.transparency.merkle import EMPTY_ROOT, check_length, node_hash

Subtree = Callable[[int, int], bytes]
"""Gives the root over the leaves [low, high).

It is asked only for nodes of the tree: full subtrees that begin at a multiple of their width, a
power of two, and at most one range that does not: the ragged one that ends where the tree ends.
"""


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that prove leaf `index` to be in the tree of `size` leaves, lowest first.

    RFC 9162, 2.1.3.1. `ValueError` if the tree has no such leaf.
    """
    _check_index(index, size)
    path, low, high = [], 0, size
    while high - low > 1:
        middle = _middle(low, high)
        if index < middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    return path[::-1]


def root_by_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that the path leads to: the leaf is in the tree if this is the tree's root.

    RFC 9162, 2.1.3.2. `ValueError` if the path cannot be one of that leaf in a tree of that size.
    """
    _check_index(index, size)
    _check_lengths(leaf_hash, *path)
    node = leaf_hash
    for on_the_left, sibling in _climb(index, size - 1, path):
        node = node_hash(sibling, node) if on_the_left else node_hash(node, sibling)
    return node


def consistency_path(first: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that prove the tree of `size` leaves to begin with its own first `first` ones.

    RFC 9162, 2.1.4.1; empty when there is nothing to prove: from no leaves, or from all of them.
    `ValueError` if the tree has fewer than `first` leaves.
    """
    _check_growth(first, size)
    if first == 0:
        return []
    path, low, high = [], 0, size
    while high != first:
        middle = _middle(low, high)
        if first <= middle:
            path.append(subtree(middle, high))
            high = middle
        else:
            path.append(subtree(low, middle))
            low = middle
    if low > 0:  # otherwise [low, high) is the whole older tree, whose root the checker has
        path.append(subtree(low, high))
    return path[::-1]


def check_consistency(
    first: int, first_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> None:
    """Prove that the tree of `size` leaves begins with the older one of `first` leaves.

    RFC 9162, 2.1.4.2. The RFC leaves out the two cases that need no hashes, and here they are as
    its definitions have them: the tree without leaves has one root only and begins every tree,
    and a tree of the same size is the same tree. `ValueError` says what does not fit.
    """
    _check_growth(first, size)
    _check_lengths(first_root, root, *path)
    if first == 0 and first_root != EMPTY_ROOT:
        raise Malformed(
            "the root {first_root} is not that of a tree without leaves, which is {empty}",
            first_root=first_root.hex(),
            empty=EMPTY_ROOT.hex(),
        )
    if first == size and first_root != root:
        raise Malformed(
            "two trees of {size} leaves have different roots: {first_root} and {root}",
            size=size,
            first_root=first_root.hex(),
            root=root.hex(),
        )
    if first in (0, size):
        if path:
            raise Malformed(
                "from {first} to {size} leaves there is nothing to prove, yet the path has {many} "
                "hashes",
                first=first,
                size=size,
                many=len(path),
            )
        return
    old, new = _roots_by_consistency(first, first_root, size, path)
    if old != first_root:
        raise Malformed(
            "the path leads to another older tree of {first} leaves: its root is {old}, not "
            "{first_root}",
            first=first,
            old=old.hex(),
            first_root=first_root.hex(),
        )
    if new != root:
        raise Malformed(
            "the path leads to another tree of {size} leaves: its root is {new}, not {root}",
            size=size,
            new=new.hex(),
            root=root.hex(),
        )


def _roots_by_consistency(
    first: int, first_root: bytes, size: int, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The roots of the older and of the newer tree that the path leads to; 0 < first < size."""
    if not path:
        raise Malformed(
            "from {first} to {size} leaves a path has at least one hash", first=first, size=size
        )
    index, last = first - 1, size - 1
    while index & 1:  # up to the largest full subtree that ends where the older tree ends
        index, last = index >> 1, last >> 1
    if index == 0:  # that subtree is the whole older tree: a path leaves out its root
        start, rest = first_root, path
    else:
        start, rest = path[0], path[1:]
    old = new = start
    for on_the_left, sibling in _climb(index, last, rest):
        if on_the_left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return old, new


def _climb(index: int, last: int, path: Sequence[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Each hash of the path, and whether it stands on the left of the node that meets it.

    `index` is the node's position on its level, `last` that of the last node there. `ValueError`
    at the end of a path that is too short, or at the first hash above the root.
    """
    for sibling in path:
        if last == 0:
            raise Malformed(
                "the path of {many} hashes is too long: it goes past the root", many=len(path)
            )
        on_the_left = bool(index & 1) or index == last
        if on_the_left:
            while index and not index & 1:  # the last node, alone on its level, moves up as it is
                index, last = index >> 1, last >> 1
        yield on_the_left, sibling
        index, last = index >> 1, last >> 1
    if last:
        raise Malformed(
            "the path of {many} hashes is too short: it ends before the root", many=len(path)
        )


def _middle(low: int, high: int) -> int:
    """Where a node divides: after the largest power of two of leaves that is not all of them."""
    return low + (1 << (high - low - 1).bit_length() - 1)


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise Malformed(
            "a tree of {size} leaves has no leaf {index} (they count from 0)",
            size=size,
            index=index,
        )


def _check_growth(first: int, size: int) -> None:
    if not 0 <= first <= size:
        raise Malformed(
            "a tree of {size} leaves cannot have grown from one of {first}", size=size, first=first
        )


def _check_lengths(*hashes: bytes) -> None:
    for hash_ in hashes:  # of another length, two of them could be cut apart elsewhere
        check_length(len(hash_))
