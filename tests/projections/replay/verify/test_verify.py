"""Whoever has touched the record: `verify` finds the first thing that is wrong, and names it.

The triggers come off first, as they would for whoever owns the database; then one thing is
changed, and often the traces are covered up as far as one can without recomputing everything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    text,
)

from ledger import log
from ledger.database import tables
from ledger.errors import Corrupt
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.given import Story
from tests.projections.replay.verify.tampering import (
    bend,
    event_at,
    first_of,
    is_found,
    switching_off,
    tamper,
)
from tests.steps import KIM

pytestmark = pytest.mark.tampers

# ── the log ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = {
    "kind": "funds-returned",
    "recorded_at": "2020-01-01T00:00:00.000000Z",
    "effective_on": "2025-04-02",
    "actor": "somebody else",
    "via": "server",
    "command_id": "another-id",
    "command_digest": "0" * 64,
    "subject": "grant/G9",
    "leaf_hash": "0" * 64,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_of_an_event_is_named(story: Story, column: str) -> None:
    seq = first_of(story.engine, "disbursed")
    tamper(
        story.engine,
        f"UPDATE events SET {column} = :value WHERE seq = :seq",
        value=COLUMNS[column],
        seq=seq,
    )
    is_found(story.engine, f"event {seq}: {column} should be", COLUMNS[column], seq=seq)


def _forged(row: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, str]:
    """An envelope with something changed, and the hash that goes with it."""
    fields = json.loads(row["envelope"])
    change(fields)
    envelope = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = hashlib.sha256(b"\x00" + envelope.encode()).hexdigest()
    return {"envelope": envelope, "leaf": leaf}


def test_a_changed_envelope_no_longer_has_its_hash(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    forged = _forged(event_at(story.engine, seq), lambda fields: fields["data"].update(amount=1))
    tamper(
        story.engine,
        "UPDATE events SET envelope = :envelope WHERE seq = :seq",
        envelope=forged["envelope"],
        seq=seq,
    )
    is_found(story.engine, f"event {seq}: leaf_hash should be '{forged['leaf']}'", seq=seq)


def _forge(engine: Engine, seq: int, change: Callable[[dict[str, Any]], Any]) -> None:
    forged = _forged(event_at(engine, seq), change)
    tamper(
        engine,
        "UPDATE events SET envelope = :envelope, leaf_hash = :leaf WHERE seq = :seq",
        **forged,
        seq=seq,
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("effective_on", "2025-04-02"),
        ("actor", "somebody else"),
        ("recorded_at", "2020-01-01T00:00:00.000000Z"),
        ("seq", 1),
        ("command_id", "another"),
    ],
)
def test_a_forged_envelope_with_its_hash_differs_from_its_columns(
    story: Story, column: str, value: object
) -> None:
    seq = first_of(story.engine, "disbursed")
    _forge(story.engine, seq, lambda fields: fields.update({column: value}))
    is_found(story.engine, f"event {seq}: {column} should be {value!r}", seq=seq)


def test_an_envelope_that_cannot_be_read_is_named(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    _forge(story.engine, seq, lambda fields: fields["data"].update(amount="a lot"))
    with pytest.raises(Corrupt, match=f"^event {seq}: an envelope cannot be read"):
        verify(story.engine)


def test_an_envelope_with_its_fields_in_another_order_is_not_canonical(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    fields = json.loads(event_at(story.engine, seq)["envelope"])
    envelope = json.dumps(fields, ensure_ascii=False)
    tamper(
        story.engine,
        "UPDATE events SET envelope = :envelope, leaf_hash = :leaf WHERE seq = :seq",
        envelope=envelope,
        leaf=hashlib.sha256(b"\x00" + envelope.encode()).hexdigest(),
        seq=seq,
    )
    is_found(story.engine, f"event {seq}: ", seq=seq)


def test_a_forged_event_whose_traces_are_covered_up_is_in_no_tree(story: Story) -> None:
    """Envelope, hash, columns and projections all agree; the head's tree does not."""
    seq = first_of(story.engine, "carried-over")
    _forge(story.engine, seq, lambda fields: fields["data"].update(reason="another"))
    rebuild(story.engine)
    is_found(story.engine, "head: edge should be", seq=story.size)


def test_instants_that_do_not_increase_are_named(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    before = event_at(story.engine, seq - 1)["recorded_at"]
    _forge(story.engine, seq, lambda fields: fields.update(recorded_at=before))
    tamper(
        story.engine,
        "UPDATE events SET recorded_at = :instant WHERE seq = :seq",
        instant=before,
        seq=seq,
    )
    is_found(story.engine, f"event {seq}: recorded_at should be 'later than {before}'", seq=seq)


def test_an_event_missing_in_the_middle_is_named(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    tamper(story.engine, "DELETE FROM events WHERE seq = :seq", seq=seq)
    is_found(story.engine, f"event {seq}: position should be {seq}, found {seq + 1}", seq=seq)


def test_events_moved_up_into_a_gap_are_named(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    tamper(
        story.engine,
        "DELETE FROM events WHERE seq = :seq",
        "UPDATE events SET seq = -seq WHERE seq > :seq",
        "UPDATE events SET seq = -seq - 1 WHERE seq < 0",
        seq=seq,
    )
    is_found(story.engine, f"event {seq}: seq should be {seq + 1}, found {seq}", seq=seq)


@pytest.mark.parametrize("many", [1, 40])
def test_events_missing_at_the_end_are_missed_by_the_head(story: Story, many: int) -> None:
    last = story.size - many
    tamper(story.engine, "DELETE FROM events WHERE seq > :last", last=last)
    is_found(story.engine, f"head: size should be {last}, found {last + many}", seq=last)


def test_an_event_that_was_put_at_the_end_is_not_in_the_head(story: Story) -> None:
    size = story.size
    row = event_at(story.engine, first_of(story.engine, "company-excluded"))
    later, new = "2999-01-01T00:00:00.000000Z", {"seq": size + 1, "command_id": "new"}
    forged = _forged(row, lambda fields: fields.update(new, recorded_at=later))
    tamper(
        story.engine,
        f"INSERT INTO events SELECT {size + 1}, kind, '{later}', effective_on, actor, via, "
        "'new', command_digest, subject, :envelope, :leaf FROM events WHERE seq = :seq",
        **forged,
        seq=row["seq"],
    )
    is_found(story.engine, f"head: size should be {size + 1}, found {size}", seq=size + 1)


def test_an_event_before_the_first_is_named(story: Story) -> None:
    tamper(
        story.engine,
        "INSERT INTO events SELECT 0, kind, recorded_at, effective_on, actor, via, "
        "command_id, command_digest, subject, envelope, leaf_hash FROM events WHERE seq = 1",
    )
    is_found(story.engine, "event 1: position should be 1, found 0", seq=1)


# ── the head ─────────────────────────────────────────────────────────────────────────────────


def test_a_changed_instant_of_the_head_is_named(story: Story) -> None:
    tamper(story.engine, "UPDATE head SET recorded_at = '2020-01-01T00:00:00.000000Z'")
    is_found(story.engine, "head: recorded_at should be", "'2020-01-01", seq=story.size)


def test_a_changed_edge_of_the_head_is_named(story: Story) -> None:
    with log.reading(story.engine) as connection:
        edge = log.read_head(connection).edge.to_text()
    turned = ("0" if edge[0] != "0" else "1") + edge[1:]
    tamper(story.engine, "UPDATE head SET edge = :edge", edge=turned)
    is_found(story.engine, f"head: edge should be '{edge}', found '{turned}'", seq=story.size)


@pytest.mark.parametrize("damage", ["size = size + 1", "edge = 'not hexadecimal'", "edge = ''"])
def test_a_head_that_does_not_fit_together_is_damaged(story: Story, damage: str) -> None:
    size = story.size
    if damage == "size = size + 1" and (size + 1).bit_count() == size.bit_count():
        damage = "size = size + 2"
    tamper(story.engine, f"UPDATE head SET {damage}")
    is_found(story.engine, "the head row of the log is damaged")


def test_a_head_of_another_size_with_as_many_hashes_is_named(story: Story) -> None:
    size = story.size
    other = next(n for n in range(size + 1, 99999) if n.bit_count() == size.bit_count())
    tamper(story.engine, "UPDATE head SET size = :other", other=other)
    is_found(story.engine, f"head: size should be {size}, found {other}", seq=size)


def test_a_missing_head_is_named(story: Story) -> None:
    tamper(story.engine, "DELETE FROM head")
    is_found(story.engine, "the head row of the log is missing")


# ── the triggers ─────────────────────────────────────────────────────────────────────────────

ALL = [(name, trigger) for name, triggers in tables.TRIGGERS.items() for trigger in triggers]


@pytest.mark.parametrize(("engine_name", "trigger"), ALL)
def test_a_trigger_that_is_missing_or_off_is_named(
    story: Story, engine_name: str, trigger: str
) -> None:
    with story.engine.alchemy.begin() as connection:
        connection.execute(text(switching_off(connection, trigger)))
    wrong = {"sqlite": "is missing", "postgresql": "enabled: A', found"}[engine_name]
    is_found(story.engine, f"trigger {trigger} on events", wrong)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_trigger_that_was_dropped_on_postgresql_is_named(story: Story) -> None:
    with story.engine.alchemy.begin() as connection:
        connection.execute(text("DROP TRIGGER events_are_never_changed ON events"))
    is_found(story.engine, "trigger events_are_never_changed on events is missing")


HOLLOW = {
    "sqlite": (
        "DROP TRIGGER events_are_never_changed",
        "CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events BEGIN SELECT 1; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION events_are_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$",
    ),
}


def test_a_trigger_that_protects_nothing_any_more_is_named(story: Story, engine_name: str) -> None:
    """Its name is there, but it lets everything pass."""
    with story.engine.alchemy.begin() as connection:
        for statement in HOLLOW[engine_name]:
            connection.exec_driver_sql(statement)
    changed = {"sqlite": "trigger events_are_never_changed", "postgresql": "code of "}
    is_found(story.engine, changed[engine_name], "should be")


# ── the projections ──────────────────────────────────────────────────────────────────────────


def test_postings_that_still_add_up_to_every_balance_are_found(story: Story) -> None:
    first = first_of(story.engine, "disbursed")
    tamper(
        story.engine,
        "UPDATE postings SET won = won - 5 WHERE seq = :first",
        "UPDATE postings SET won = won + 5 WHERE seq = :first + 1",
        first=first,
    )
    key = ("prototype", 2025, "committed", "advanced", first, 0)
    is_found(story.engine, f"postings: won of {key} should be 8000000, found 7999995")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_number_that_is_equal_but_not_whole_is_found(story: Story) -> None:
    """SQLite makes 5 of 5.0 only where a column's type asks for it."""
    retyped = "UPDATE sqlite_master SET sql = replace(sql, '{}', '{}') WHERE name = 'balances'"
    bend(story.engine, retyped.format("interest BIGINT", "interest BLOB"))
    bend(story.engine, "UPDATE balances SET interest = CAST(interest AS REAL)")
    bend(story.engine, retyped.format("interest BLOB", "interest BIGINT"))
    is_found(story.engine, "balances: ", "0.0")


def test_projections_of_another_version_say_what_to_do(story: Story) -> None:
    tamper(story.engine, "UPDATE projections SET version = version + 1")
    is_found(story.engine, "the projections are of another version; run: grants rebuild")


@pytest.mark.parametrize("table", ["balances", "postings", "grants"])
def test_a_rebuild_puts_projections_right(story: Story, table: str) -> None:
    tamper(story.engine, f"DELETE FROM {table}")
    is_found(story.engine, f"{table}: the row")
    rebuild(story.engine)
    assert verify(story.engine).events == story.size


def test_the_first_of_several_wrongs_is_named(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    for wrong in (seq + 3, seq, seq + 1):
        tamper(story.engine, "UPDATE events SET actor = 'x' WHERE seq = :seq", seq=wrong)
    tamper(story.engine, "DELETE FROM balances")
    tamper(story.engine, "UPDATE head SET recorded_at = '2020'")
    is_found(story.engine, f"event {seq}: actor", seq=seq)


def test_a_ledger_that_was_put_right_again_verifies(story: Story) -> None:
    seq = first_of(story.engine, "disbursed")
    for actor in ("somebody else", KIM):
        tamper(
            story.engine, "UPDATE events SET actor = :actor WHERE seq = :seq", actor=actor, seq=seq
        )
    found = verify(story.engine)
    with log.reading(story.engine) as connection:
        head = log.read_head(connection)
    assert (found.events, found.root) == (head.size, head.root)
    assert re.fullmatch(r"[0-9a-f]{64}", found.root)
