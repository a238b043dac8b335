"""Proofs against the published vectors, and the laws that a proof must keep."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.merkle import EMPTY_ROOT, leaf_hash
from ledger.transparency.proofs import (
    Subtree,
    check_consistency,
    consistency_path,
    inclusion_path,
    root_by_inclusion,
)
from tests.ledger.transparency.test_merkle import LEAVES, ROOTS, mth

# Paths of the Certificate Transparency reference implementation (RFC 6962), on LEAVES and ROOTS.
A_HASH = "abacaba000000000000000000000000000000000000000000060061e00123456"
LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
NODE_0_2 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
NODE_2_4 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
NODE_4_6 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
NODE_6_8 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
NODE_0_4 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
NODE_4_8 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

INCLUSION = {
    (0, 1): [],
    (0, 8): [LEAF_1, NODE_2_4, NODE_4_8],
    (5, 8): [LEAF_4, NODE_6_8, NODE_0_4],
    (2, 3): [NODE_0_2],
    (1, 5): [LEAF_0, NODE_2_4, LEAF_4],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [LEAF_1, NODE_2_4, NODE_4_8],
    (6, 8): [NODE_4_6, NODE_6_8, NODE_0_4],
    (2, 5): [NODE_2_4, LEAF_4],
    (6, 7): [NODE_4_6, LEAF_6, NODE_0_4],
}

# The example of RFC 9162, 2.1.5, a tree of seven leaves: its names of nodes, its paths.
NODES = {
    "a": (0, 1),
    "b": (1, 2),
    "c": (2, 3),
    "d": (3, 4),
    "f": (5, 6),
    "g": (0, 2),
    "h": (2, 4),
    "i": (4, 6),
    "j": (6, 7),
    "k": (0, 4),
    "l": (4, 7),
}
INCLUSION_IN_SEVEN = {0: "bhl", 3: "cgl", 4: "fjk", 6: "ik"}
CONSISTENCY_WITH_SEVEN = {3: "cdgl", 4: "l", 6: "ijk"}

SIZES = st.integers(1, 200)
FORESTS = st.binary(max_size=4)  # one tree of each size, all with leaves of their own


def raw(*hashes: str) -> list[bytes]:
    return [bytes.fromhex(hash_) for hash_ in hashes]


def leaf(forest: bytes, index: int) -> bytes:
    return leaf_hash(forest + b"/%d" % index)


def subtree_of(forest: bytes) -> Subtree:
    return lambda low, high: mth([forest + b"/%d" % index for index in range(low, high)])


def published(low: int, high: int) -> bytes:
    return mth(LEAVES[low:high])


def root_of(size: int) -> bytes:
    return bytes.fromhex(ROOTS[size])


def included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_by_inclusion(leaf, index, size, path) == root
    except ValueError:
        return False


def consistent(first: int, first_root: bytes, size: int, root: bytes, path: list[bytes]) -> bool:
    try:
        check_consistency(first, first_root, size, root, path)
    except ValueError:
        return False
    return True


@st.composite
def leaves_in_trees(draw) -> tuple[int, int]:
    size = draw(SIZES)
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw) -> tuple[int, int]:
    """An older and a newer size, where there is something to prove."""
    size = draw(st.integers(2, 200))
    return draw(st.integers(1, size - 1)), size


def with_one_byte_changed(draw, path: list[bytes]) -> list[bytes]:
    place = draw(st.integers(0, len(path) - 1))
    at, mask = draw(st.integers(0, 31)), draw(st.integers(1, 255))
    damaged = bytearray(path[place])
    damaged[at] ^= mask
    return [*path[:place], bytes(damaged), *path[place + 1 :]]


def with_one_dropped(draw, path: list[bytes]) -> list[bytes]:
    place = draw(st.integers(0, len(path) - 1))
    return path[:place] + path[place + 1 :]


def with_one_added(draw, path: list[bytes], roots: list[bytes]) -> list[bytes]:
    place = draw(st.integers(0, len(path)))
    added = draw(st.sampled_from([*path, *roots, *raw(A_HASH)]))
    return [*path[:place], added, *path[place:]]


# ── inclusion ──


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_an_inclusion_path_is_the_published_one_and_leads_to_the_published_root(place, path):
    index, size = place
    assert inclusion_path(index, size, published) == raw(*path)
    assert root_by_inclusion(leaf_hash(LEAVES[index]), index, size, raw(*path)) == root_of(size)


@pytest.mark.parametrize(("index", "path"), INCLUSION_IN_SEVEN.items())
def test_an_inclusion_path_names_the_nodes_of_the_example_in_the_rfc(index, path):
    asked = []
    inclusion_path(index, 7, lambda low, high: asked.append((low, high)) or b"")
    assert asked[::-1] == [NODES[node] for node in path]


def test_every_leaf_of_every_small_tree_is_proved_whether_or_not_its_size_is_a_power_of_two():
    subtree = subtree_of(b"")
    for size in range(1, 34):
        for index in range(size):
            path = inclusion_path(index, size, subtree)
            assert included(leaf(b"", index), index, size, path, subtree(0, size))


@given(leaves_in_trees(), FORESTS)
def test_every_inclusion_path_leads_to_the_root(place, forest):
    index, size = place
    path = inclusion_path(index, size, subtree_of(forest))
    assert len(path) <= (size - 1).bit_length()
    root = subtree_of(forest)(0, size)
    assert root_by_inclusion(leaf(forest, index), index, size, path) == root


@given(leaves_in_trees().filter(lambda place: place[1] > 1), st.data())
def test_an_inclusion_path_with_one_byte_changed_leads_elsewhere(place, data):
    index, size = place
    damaged = with_one_byte_changed(data.draw, inclusion_path(index, size, subtree_of(b"")))
    assert not included(leaf(b"", index), index, size, damaged, subtree_of(b"")(0, size))


@given(leaves_in_trees().filter(lambda place: place[1] > 1), st.data())
def test_an_inclusion_path_with_a_hash_dropped_is_too_short(place, data):
    index, size = place
    cut = with_one_dropped(data.draw, inclusion_path(index, size, subtree_of(b"")))
    with pytest.raises(ValueError, match=f"path of {len(cut)} hashes is too short"):
        root_by_inclusion(leaf(b"", index), index, size, cut)


@given(leaves_in_trees(), st.data())
def test_an_inclusion_path_with_a_hash_added_is_too_long(place, data):
    index, size = place
    path = inclusion_path(index, size, subtree_of(b""))
    longer = with_one_added(data.draw, path, [subtree_of(b"")(0, size)])
    with pytest.raises(ValueError, match=f"path of {len(longer)} hashes is too long"):
        root_by_inclusion(leaf(b"", index), index, size, longer)


@given(leaves_in_trees(), st.data())
def test_an_inclusion_path_proves_no_other_leaf_and_no_other_place(place, data):
    index, size = place
    other = data.draw(st.integers(-1, size).filter(lambda other: other != index))
    path, root = inclusion_path(index, size, subtree_of(b"")), subtree_of(b"")(0, size)
    assert not included(leaf(b"", other), index, size, path, root)
    assert not included(leaf(b"", index), other, size, path, root)


@given(leaves_in_trees(), SIZES)
def test_an_inclusion_path_proves_nothing_in_the_tree_of_another_size(place, other):
    index, size = place
    path = inclusion_path(index, size, subtree_of(b""))
    other_root = subtree_of(b"")(0, other)
    assert included(leaf(b"", index), index, other, path, other_root) == (other == size)


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_a_published_inclusion_path_is_refused_in_a_tree_of_another_height(place, path):
    index, size = place
    for other in (size * 2, size // 2):
        with pytest.raises(ValueError, match=r"too short|too long|has no leaf"):
            root_by_inclusion(leaf_hash(LEAVES[index]), index, other, raw(*path))


def test_in_a_tree_of_one_leaf_the_leaf_is_the_root_and_the_path_is_empty():
    assert inclusion_path(0, 1, published) == []
    assert root_by_inclusion(leaf_hash(LEAVES[0]), 0, 1, []) == root_of(1)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (2, 1), (-1, 1), (0, -1), (8, 8)])
def test_a_leaf_that_the_tree_does_not_have_is_neither_proved_nor_checked(index, size):
    sentence = f"a tree of {size} leaves has no leaf {index} "
    with pytest.raises(ValueError, match=re.escape(sentence)):
        inclusion_path(index, size, published)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        root_by_inclusion(leaf_hash(b""), index, size, [])


@pytest.mark.parametrize("hash_", [b"", b"WrongLeaf", bytes(31), bytes(33), bytes(64)])
def test_what_has_not_the_length_of_a_hash_is_refused_in_an_inclusion_path(hash_):
    sentence = f"a hash has 32 bytes, not {len(hash_)}"
    with pytest.raises(ValueError, match=sentence):
        root_by_inclusion(hash_, 0, 1, [])
    with pytest.raises(ValueError, match=sentence):
        root_by_inclusion(leaf_hash(b""), 0, 2, [hash_])


# ── consistency ──


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_a_consistency_path_is_the_published_one_and_fits_the_published_roots(sizes, path):
    first, size = sizes
    assert consistency_path(first, size, published) == raw(*path)
    check_consistency(first, root_of(first), size, root_of(size), raw(*path))


@pytest.mark.parametrize(("first", "path"), CONSISTENCY_WITH_SEVEN.items())
def test_a_consistency_path_names_the_nodes_of_the_example_in_the_rfc(first, path):
    asked = []
    consistency_path(first, 7, lambda low, high: asked.append((low, high)) or b"")
    assert asked[::-1] == [NODES[node] for node in path]


def test_every_small_tree_is_proved_to_have_grown_from_every_smaller_one():
    subtree = subtree_of(b"")
    for size in range(34):
        for first in range(size + 1):
            path = consistency_path(first, size, subtree)
            check_consistency(first, subtree(0, first), size, subtree(0, size), path)


@given(growths(), FORESTS)
def test_every_consistency_path_fits_the_two_roots(sizes, forest):
    first, size = sizes
    subtree = subtree_of(forest)
    path = consistency_path(first, size, subtree)
    assert 1 <= len(path) <= (size - 1).bit_length() + 1
    check_consistency(first, subtree(0, first), size, subtree(0, size), path)


@given(growths(), st.data())
def test_a_consistency_path_with_one_byte_changed_leads_to_another_tree(sizes, data):
    first, size = sizes
    subtree = subtree_of(b"")
    damaged = with_one_byte_changed(data.draw, consistency_path(first, size, subtree))
    with pytest.raises(ValueError, match="the path leads to another"):
        check_consistency(first, subtree(0, first), size, subtree(0, size), damaged)


@given(growths(), st.data())
def test_a_consistency_path_with_a_hash_dropped_is_too_short(sizes, data):
    first, size = sizes
    subtree = subtree_of(b"")
    cut = with_one_dropped(data.draw, consistency_path(first, size, subtree))
    with pytest.raises(ValueError, match=r"too short|has at least one hash"):
        check_consistency(first, subtree(0, first), size, subtree(0, size), cut)


@given(growths())
def test_growth_is_not_proved_by_an_empty_path(sizes):
    first, size = sizes
    subtree = subtree_of(b"")
    with pytest.raises(ValueError, match=f"from {first} to {size} leaves a path has at least one"):
        check_consistency(first, subtree(0, first), size, subtree(0, size), [])


@given(growths(), st.data())
def test_a_consistency_path_with_a_hash_added_is_too_long(sizes, data):
    first, size = sizes
    old, new = subtree_of(b"")(0, first), subtree_of(b"")(0, size)
    path = consistency_path(first, size, subtree_of(b""))
    longer = with_one_added(data.draw, path, [old, new])
    with pytest.raises(ValueError, match="too long"):
        check_consistency(first, old, size, new, longer)


@given(growths(), st.data())
def test_a_consistency_path_does_not_fit_a_root_with_one_byte_changed(sizes, data):
    first, size = sizes
    subtree = subtree_of(b"")
    old, new = subtree(0, first), subtree(0, size)
    path = consistency_path(first, size, subtree)
    [other_old] = with_one_byte_changed(data.draw, [old])
    [other_new] = with_one_byte_changed(data.draw, [new])
    assert not consistent(first, other_old, size, new, path)
    assert not consistent(first, old, size, other_new, path)
    assert not consistent(first, new, size, old, path)


@given(growths(), st.integers(0, 200), st.integers(0, 200))
def test_a_consistency_path_proves_nothing_of_trees_of_other_sizes(sizes, first, size):
    subtree = subtree_of(b"")
    path = consistency_path(*sizes, subtree)
    fits = consistent(first, subtree(0, first), size, subtree(0, size), path)
    assert fits == ((first, size) == sizes)


@given(growths(), st.data())
def test_a_tree_with_one_old_leaf_replaced_has_no_consistency_path(sizes, data):
    first, size = sizes
    replaced = data.draw(st.integers(0, first - 1))
    leaves = [b"new" if index == replaced else b"/%d" % index for index in range(size)]
    path = consistency_path(first, size, lambda low, high: mth(leaves[low:high]))
    assert not consistent(first, subtree_of(b"")(0, first), size, mth(leaves), path)


def test_the_tree_without_leaves_begins_every_tree_and_has_one_root():
    assert consistency_path(0, 8, published) == []
    check_consistency(0, EMPTY_ROOT, 8, root_of(8), [])
    check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    with pytest.raises(ValueError, match="is not that of a tree without leaves"):
        check_consistency(0, root_of(1), 8, root_of(8), [])


def test_a_tree_of_the_same_size_is_the_same_tree():
    assert consistency_path(8, 8, published) == []
    check_consistency(8, root_of(8), 8, root_of(8), [])
    with pytest.raises(ValueError, match="two trees of 8 leaves have different roots"):
        check_consistency(8, root_of(8), 8, root_of(7), [])
    with pytest.raises(ValueError, match="two trees of 0 leaves have different roots"):
        check_consistency(0, EMPTY_ROOT, 0, root_of(1), [])


@pytest.mark.parametrize(("first", "size"), [(0, 0), (0, 1), (1, 1), (8, 8)])
def test_where_nothing_is_to_be_proved_a_path_that_is_not_empty_is_refused(first, size):
    with pytest.raises(ValueError, match="nothing to prove, yet the path has 1 hashes"):
        check_consistency(first, root_of(first), size, root_of(size), raw(A_HASH))


@pytest.mark.parametrize(("first", "size"), [(1, 0), (2, 1), (8, 7), (-1, 3)])
def test_a_tree_has_not_grown_from_a_larger_one(first, size):
    sentence = f"a tree of {size} leaves cannot have grown from one of {first}"
    with pytest.raises(ValueError, match=sentence):
        consistency_path(first, size, published)
    with pytest.raises(ValueError, match=sentence):
        check_consistency(first, EMPTY_ROOT, size, EMPTY_ROOT, [])


@pytest.mark.parametrize("hash_", [b"", b"WrongRoot", bytes(31), bytes(33), bytes(64)])
def test_what_has_not_the_length_of_a_hash_is_refused_in_a_consistency_path(hash_):
    sentence = f"a hash has 32 bytes, not {len(hash_)}"
    old, new, path = root_of(6), root_of(8), raw(*CONSISTENCY[6, 8])
    for claim in ((hash_, new, path), (old, hash_, path), (old, new, [hash_, *path])):
        with pytest.raises(ValueError, match=sentence):
            check_consistency(6, claim[0], 8, claim[1], claim[2])


# ── what is asked of the tree ──


@given(leaves_in_trees())
def test_a_path_asks_for_full_aligned_subtrees_and_at_most_one_ragged_one_at_the_end(place):
    for path in (inclusion_path, consistency_path):
        asked = []
        path(*place, lambda low, high, asked=asked: asked.append((low, high)) or b"")
        ragged = [
            high for low, high in asked if (high - low).bit_count() != 1 or low % (high - low)
        ]
        assert ragged in ([], [place[1]])
