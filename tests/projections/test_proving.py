"""Proofs from the kept nodes of the tree, against the RFC's own definition of the tree."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, select, text

from commands.execute import execute_all
from ledger import log
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.errors import Corrupt, Misused
from ledger.transparency.merkle import EMPTY_ROOT, Edge
from ledger.transparency.notes import Checkpoint
from ledger.transparency.proofs import check_consistency, root_by_inclusion
from projections import proving
from projections.facts.tree import Node
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from projections.storage.schema import schema
from tests.projections.replay.verify.tampering import tamper

NODES = schema().tables[Node]


def _fill(engine: Engine, size: int) -> None:
    with log.reading(engine) as connection:
        first = log.read_head(connection).size
    receipts = execute_all(engine, [_registration(number) for number in range(first, size)])
    assert {receipt.status for receipt in receipts} <= {"recorded"}


def _registration(number: int) -> dict[str, Any]:
    return {
        "command": "register_company",
        "actor": "kim",
        "business_number": f"999-81-{number:05d}",
        "name": f"기업 {number}",
        "party_type": "university",
    }


def _leaves(connection: Connection) -> list[bytes]:
    question = select(tables.events.c.leaf_hash).order_by(tables.events.c.seq)
    return [bytes.fromhex(leaf) for leaf in connection.execute(question).scalars()]


def _root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, over leaf hashes; owes nothing to our code."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _signable(engine: Engine, connection: Connection, last: Checkpoint | None = None) -> Checkpoint:
    """What is to be signed, after what was signed last or after nothing."""
    last = last or Checkpoint.of_nothing(log.origin(connection))
    return proving.extended(connection, proving.promised(engine), last)


@pytest.mark.parametrize("size", [17, 255, 256, 257, 600])
def test_every_event_is_proven_to_be_in_the_log(engine: Engine, size: int) -> None:
    _fill(engine, size)
    with log.reading(engine) as connection:
        leaves = _leaves(connection)
        seen = _signable(engine, connection)
        assert (seen.size, seen.root) == (size, _root(leaves))
        for seq in {1, 2, size // 2, 256, 257, 512, 513, size - 1, size}:
            if seq <= size:
                path = proving.inclusion(connection, seq, size)
                assert root_by_inclusion(leaves[seq - 1], seq - 1, size, path) == seen.root


def test_the_log_is_proven_to_begin_with_what_it_was_at_any_size(engine: Engine) -> None:
    _fill(engine, 600)
    with log.reading(engine) as connection:
        leaves = _leaves(connection)
        for first in (1, 17, 255, 256, 257, 300, 511, 512, 513, 599, 600):
            path = proving.consistency(connection, first, 600)
            check_consistency(first, _root(leaves[:first]), 600, _root(leaves), path)


def test_kept_nodes_are_the_roots_of_256_events_each(engine: Engine) -> None:
    _fill(engine, 600)
    with log.reading(engine) as connection:
        leaves = _leaves(connection)
        kept = connection.execute(select(NODES).order_by(NODES.c.place)).all()
    assert [tuple(row) for row in kept] == [
        (1, 0, _root(leaves[:256]).hex()),
        (1, 1, _root(leaves[256:512]).hex()),
    ]


def test_a_node_above_256_nodes_is_kept_when_they_are_complete() -> None:
    edge, kept = Edge(0, []), {}
    for number in range(65_536):
        edge.append(sha256(number.to_bytes(4, "big")).digest())
        for level, hash_ in enumerate(edge.completed[8::8], start=1):
            kept.setdefault(level, []).append(hash_)
    assert {level: len(hashes) for level, hashes in kept.items()} == {1: 256, 2: 1}
    assert kept[2] == [_root(kept[1])] == [edge.root()]


def test_a_rebuild_makes_the_same_nodes(engine: Engine) -> None:
    _fill(engine, 600)
    rebuild(engine)
    verify(engine)
    with log.reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(NODES)).scalar() == 2


@pytest.mark.parametrize("seq", [-1, 0, 18, 10**30])
def test_a_position_that_is_not_there_cannot_be_proven(engine: Engine, seq: int) -> None:
    with (
        log.reading(engine) as connection,
        pytest.raises(Misused, match="the log has positions 1 to 17"),
    ):
        proving.inclusion(connection, seq, 17)


def test_a_checkpoint_that_saw_more_events_says_that_some_are_missing(engine: Engine) -> None:
    with (
        log.reading(engine) as connection,
        pytest.raises(Corrupt, match="has 17 events, the checkpoint saw 18: some are missing"),
    ):
        proving.consistency(connection, 18, 17)


@pytest.mark.tampers
def test_missing_nodes_say_what_to_do(engine: Engine) -> None:
    _fill(engine, 600)
    with engine.alchemy.begin() as connection:
        connection.execute(delete(NODES).where(NODES.c.place == 1))
    with log.reading(engine) as connection, pytest.raises(Corrupt, match="run: grants rebuild"):
        proving.inclusion(connection, 1, 600)
    rebuild(engine)
    with log.reading(engine) as connection:
        assert proving.inclusion(connection, 1, 600)


def test_the_name_of_a_log_is_that_of_its_first_event(engine: Engine) -> None:
    with log.reading(engine) as connection:
        first = connection.execute(text("SELECT leaf_hash FROM events WHERE seq = 1")).scalar_one()
        assert log.origin(connection) == f"grant-ledger/{first[:16]}"


# ── what may be signed ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", [17, 255, 256, 300, 512, 600])
def test_what_is_signed_extends_what_was_signed_at_any_size(engine: Engine, first: int) -> None:
    _fill(engine, first)
    with log.reading(engine) as connection:
        seen = _signable(engine, connection)
    _fill(engine, 600)
    with log.reading(engine) as connection:
        assert _signable(engine, connection, seen).root == _root(_leaves(connection))


@pytest.mark.parametrize("size", [0, 1, 16])
def test_the_lines_that_a_checkpoint_carries_go_on(engine: Engine, size: int) -> None:
    with log.reading(engine) as connection:
        leaves = _leaves(connection)
        root = _root(leaves[:size]) if size else EMPTY_ROOT
        last = Checkpoint(log.origin(connection), size, root, ("after-restore unknown",))
        assert _signable(engine, connection, last).given_up == ["after-restore unknown"]


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("column", "value"), [("size", "size - 1"), ("edge", "'{other}'"), ("size", "size + 1")]
)
def test_a_head_row_that_the_events_do_not_add_up_to_is_not_signed(
    engine: Engine, column: str, value: str
) -> None:
    """Neither the first time nor after a checkpoint that saw everything."""
    with log.reading(engine) as connection:
        seen, edge = _signable(engine, connection), log.read_head(connection).edge
    other = Edge(edge.size, [*edge.hashes[:-1], bytes(32)]).to_text()
    tamper(engine, f"UPDATE head SET {column} = {value.format(other=other)}")
    if column == "size":
        tamper(engine, "UPDATE head SET edge = :edge", edge=_edge_of_size(value, edge))
    with log.reading(engine) as connection:
        for last in (None, seen):
            with pytest.raises(Corrupt):
                _signable(engine, connection, last)


def _edge_of_size(value: str, edge: Edge) -> str:
    size = edge.size - 1 if "-" in value else edge.size + 1
    return Edge(size, [bytes(32)] * size.bit_count()).to_text()


@pytest.mark.tampers
@pytest.mark.parametrize("signed", [0, 300, 599])
def test_an_event_whose_bytes_are_not_its_hash_is_not_signed(engine: Engine, signed: int) -> None:
    _fill(engine, signed)
    with log.reading(engine) as connection:
        last = _signable(engine, connection) if signed else None
    _fill(engine, 600)
    tamper(engine, "UPDATE events SET envelope = replace(envelope, 'kim', 'lee') WHERE seq = 600")
    with (
        log.reading(engine) as connection,
        pytest.raises(Corrupt, match="event 600: leaf_hash should be"),
    ):
        _signable(engine, connection, last)


@pytest.mark.tampers
def test_a_hash_that_was_changed_before_the_last_signature_is_not_signed_over(
    engine: Engine,
) -> None:
    _fill(engine, 300)
    with log.reading(engine) as connection:
        last = _signable(engine, connection)
    tamper(engine, f"UPDATE events SET leaf_hash = '{'0' * 64}' WHERE seq = 299")
    with log.reading(engine) as connection, pytest.raises(Corrupt, match="event 299: leaf_hash"):
        _signable(engine, connection, last)


@pytest.mark.tampers
@pytest.mark.parametrize("seq", [1, 100, 299, 300])
def test_an_event_that_is_missing_is_not_signed_over(engine: Engine, seq: int) -> None:
    _fill(engine, 300)
    with log.reading(engine) as connection:
        last = _signable(engine, connection)
    tamper(engine, f"DELETE FROM events WHERE seq = {seq}")
    with log.reading(engine) as connection, pytest.raises(Corrupt, match="missing"):
        proving.extended(connection, log.read_head(connection), Checkpoint.of_nothing(last.origin))
    if seq > 256:  # before, a kept node stands for it: verify looks there
        with log.reading(engine) as connection, pytest.raises(Corrupt, match="missing"):
            proving.extended(connection, log.read_head(connection), last)


@pytest.mark.tampers
def test_nodes_that_were_changed_are_told_from_a_history_that_was(engine: Engine) -> None:
    _fill(engine, 300)
    with log.reading(engine) as connection:
        last = _signable(engine, connection)
    tamper(engine, f"UPDATE nodes SET hash = '{'0' * 64}'")
    with log.reading(engine) as connection, pytest.raises(Corrupt, match="grants rebuild") as told:
        _signable(engine, connection, last)
    assert not isinstance(told.value, proving.NotExtended)
    rebuild(engine)
    with log.reading(engine) as connection:
        assert _signable(engine, connection, last) == last


@pytest.mark.tampers
@pytest.mark.parametrize("hash_", ["", "zz", "00"])
def test_a_damaged_hash_of_the_tree_is_named(engine: Engine, hash_: str) -> None:
    _fill(engine, 300)
    with log.reading(engine) as connection:
        last = _signable(engine, connection)
    tamper(engine, "UPDATE nodes SET hash = :hash", hash=hash_)
    with log.reading(engine) as connection, pytest.raises(Corrupt, match="damaged"):
        _signable(engine, connection, last)


def test_a_log_that_is_shorter_than_what_was_signed_is_not_signed(engine: Engine) -> None:
    """Not even if it should be its beginning: what was signed cannot be seen in it."""
    with log.reading(engine) as connection:
        seen = Checkpoint(log.origin(connection), 18, bytes(32))
        with pytest.raises(proving.NotExtended, match="events 18 to 18 are missing at the end"):
            _signable(engine, connection, seen)


@pytest.mark.parametrize("size", [1, 16, 17])
def test_another_history_than_the_one_that_was_signed_is_not_signed(
    engine: Engine, size: int
) -> None:
    with log.reading(engine) as connection:
        seen = Checkpoint(log.origin(connection), size, bytes(32))
        with pytest.raises(proving.NotExtended, match=f"over events 1 to {size} the root 0000"):
            _signable(engine, connection, seen)
