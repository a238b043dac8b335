"""The tree against the published vectors and against the RFC's own recursive definition."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.transparency.merkle import EMPTY_ROOT, Edge, leaf_hash, node_hash

# Leaves and roots of the Certificate Transparency reference implementation (RFC 6962).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

leaf_lists = st.lists(st.binary(max_size=8), max_size=70)


def edge_of(leaves: list[bytes]) -> Edge:
    edge = Edge(0, [])
    for leaf in leaves:
        edge.append(leaf_hash(leaf))
    return edge


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1: split at the largest power of two below n. Owes nothing to our code."""
    n = len(leaves)
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_the_root_is_the_published_one_for_every_size(size, root):
    assert edge_of(LEAVES[:size]).root().hex() == root


def test_the_empty_tree_has_the_hash_of_nothing_as_its_root():
    assert Edge(0, []).root() == EMPTY_ROOT == sha256(b"").digest()


def test_a_leaf_that_spells_out_two_hashes_is_not_their_parent():
    left, right = leaf_hash(b"left"), leaf_hash(b"right")
    assert leaf_hash(left + right) != node_hash(left, right)


@given(leaf_lists)
@example([b"leaf"] * 64)
def test_the_edge_agrees_with_the_recursive_definition_after_every_leaf(leaves):
    edge = Edge(0, [])
    for size, leaf in enumerate(leaves, start=1):
        edge.append(leaf_hash(leaf))
        assert edge.size == size
        assert edge.root() == mth(leaves[:size])


@given(leaf_lists)
def test_the_edge_holds_the_roots_of_the_full_subtrees_largest_first(leaves):
    expected, start = [], 0
    for width in (64, 32, 16, 8, 4, 2, 1):
        if len(leaves) & width:
            expected.append(mth(leaves[start : start + width]))
            start += width
    assert edge_of(leaves).hashes == expected


@given(leaf_lists)
def test_an_edge_comes_back_from_its_text(leaves):
    edge = edge_of(leaves)
    assert Edge.from_text(edge.size, edge.to_text()) == edge


@given(leaf_lists, leaf_lists)
def test_an_edge_from_text_goes_on_as_if_it_had_never_been_stored(before, after):
    stored = edge_of(before)
    edge = Edge.from_text(stored.size, stored.to_text())
    for leaf in after:
        edge.append(leaf_hash(leaf))
    assert edge.root() == mth(before + after)


def test_the_text_of_an_edge_is_hex_with_spaces_and_empty_for_the_empty_tree():
    assert Edge(0, []).to_text() == ""
    assert edge_of(LEAVES[:3]).to_text() == f"{ROOTS[2]} {leaf_hash(LEAVES[2]).hex()}"


def test_a_text_with_a_missing_hash_is_refused_and_says_how_many_there_should_be():
    shortened = edge_of(LEAVES[:7]).to_text().rpartition(" ")[0]
    with pytest.raises(ValueError, match="7 leaves has 3 hashes, not 2"):
        Edge.from_text(7, shortened)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        pytest.param(0, ROOTS[1], id="a hash too many"),
        pytest.param(1, ROOTS[1][:-2], id="a hash cut short"),
        pytest.param(1, "z" * 64, id="not hex"),
        pytest.param(-1, ROOTS[1], id="less than no leaves"),
    ],
)
def test_a_text_that_does_not_fit_its_size_is_refused(size, text):
    with pytest.raises(ValueError):  # noqa: PT011 the message is Python's own for what is not hex
        Edge.from_text(size, text)


def test_a_leaf_given_in_place_of_its_hash_is_refused_and_changes_nothing():
    edge = edge_of(LEAVES[:3])
    with pytest.raises(ValueError, match="a hash has 32 bytes, not 4"):
        edge.append(b"leaf")
    assert edge == edge_of(LEAVES[:3])


def test_appending_leaves_the_list_of_the_caller_alone():
    hashes = [leaf_hash(LEAVES[0])]
    Edge(1, hashes).append(leaf_hash(LEAVES[1]))
    assert hashes == [leaf_hash(LEAVES[0])]
