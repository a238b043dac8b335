"""Whoever has touched the record: `verify` finds the first thing that is wrong, and names it.

The triggers come off first, as they would for whoever owns the database; then one thing is
changed, and often the traces are covered up as far as one can without recomputing everything.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Table,
    and_,
    delete,
    insert,
    make_url,
    select,
    text,
    update,
)

from commands.catalogue import record_catalogue
from ledger import log, tables
from ledger.errors import Corrupt
from projections.opening import make_ledger
from projections.rebuild import rebuild
from projections.store import shelf
from projections.verify import verify
from tests import steps as say
from tests.given import Story
from tests.postgres import Server
from tests.steps import KIM, MIRINAE, TAEBAEK

pytestmark = pytest.mark.tampers

CATALOGUE = 17
"""Events before the story."""


def _told(url: str) -> str:
    """Two years of three companies: paid, claimed, returned, recovered, carried over, closed."""
    engine = make_ledger(url)
    record_catalogue(engine)
    patent = {"programme": "domestic_patent"}
    told = Story(engine).given(
        say.approved(12_000_000, say.line(6_000_000, company=MIRINAE)),
        say.approved(say.line(1_400_000, company=TAEBAEK, case="DP-1"), grant="G2", **patent),
        say.paid(8_000_000, bank_ref="BANK-A"),
        say.paid(2_000_000, bank_ref="BANK-B"),
        say.paid(1_000_000, company=TAEBAEK, case="dp 1", grant="G2").but(id="paid-twice"),
        say.accepted(10_000_000, claim="C1"),
        say.claimed(say.item(4_000_000, evidence="X"), 3_000_000, claim="C2", company=MIRINAE),
        say.accept("C2", disallow=("X",)),
        say.claimed(1_000_000, claim="C3", on="2025-06-02"),
        say.identified("DP-1", "10-2025-0000001"),
        say.returned(1_000_000, interest=3_000),
        say.amended(say.line(5_000_000, company=MIRINAE), on="2025-10-01"),
        say.ordered_back(500_000, on="2025-10-02"),
        say.received_back(200_000, interest=70, on="2025-10-03"),
        say.reversed_("paid-twice", on="2025-10-04"),
        say.carried_over(1_500_000),
        say.excluded(TAEBAEK, on="2025-11-05", until="2026-11-04"),
        say.readmitted(TAEBAEK, on="2025-11-06"),
        say.reclassified(MIRINAE, "large", on="2025-11-07"),
        say.revised(on="2025-11-08", advance_percent=80),
        say.opened(2026),
        say.closed(2025),
        say.reopened(2025),
        say.paid(1_000_000, on="2026-03-01"),
    )
    assert told.size > CATALOGUE + 30
    verify(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with the story, to be copied for each test."""
    path = tmp_path_factory.mktemp("told") / "grants.db"
    _told(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def postgres_template(postgres: Server) -> str:
    """The name of a PostgreSQL ledger with the story, to be copied for each test."""
    return make_url(_told(postgres.create_database())).database or ""


@pytest.fixture
def story(engine: Engine) -> Story:
    """A ledger of one's own with the story."""
    return Story(engine)


# ── what anybody with rights on the database could do ────────────────────────────────────────


def _change(engine: Engine, *statements: str, **values: object) -> None:
    """Change the database behind the ledger's back, its triggers out of the way."""
    with engine.begin() as connection:
        put_back = _triggers_off(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        for statement in put_back:
            connection.exec_driver_sql(statement)


def _triggers_off(connection: Connection) -> list[str]:
    """Take the triggers out of the way; the statements that put them back."""
    put_back = ["ALTER TABLE events ENABLE TRIGGER ALL"]
    if connection.dialect.name == "sqlite":
        question = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        put_back = list(connection.exec_driver_sql(question).scalars())
    for trigger in tables.TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(_off(connection, trigger))
    return put_back


def _off(connection: Connection, trigger: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"DROP TRIGGER {trigger}"
    return f"ALTER TABLE events DISABLE TRIGGER {trigger}"


def _row(engine: Engine, seq: int) -> dict[str, Any]:
    with log.reading(engine) as connection:
        found = connection.execute(text("SELECT * FROM events WHERE seq = :seq"), {"seq": seq})
        return dict(found.mappings().one())


def _first(engine: Engine, kind: str) -> int:
    with log.reading(engine) as connection:
        found = connection.execute(
            text("SELECT min(seq) FROM events WHERE kind = :kind AND seq > :after"),
            {"kind": kind, "after": CATALOGUE},
        )
        return int(found.scalar_one())


def _wrong(engine: Engine, *said: str, seq: int | None = None) -> None:
    """`verify` names what is wrong, in one line."""
    with pytest.raises(Corrupt) as raised:
        verify(engine)
    message = str(raised.value)
    assert "\n" not in message
    for words in said:
        assert words in message
    assert raised.value.seq == seq


# ── the log ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = {
    "kind": "funds-returned",
    "recorded_at": "2020-01-01T00:00:00.000000Z",
    "effective_on": "2025-04-02",
    "actor": "somebody else",
    "command_id": "another-id",
    "command_digest": "0" * 64,
    "subject": "grant/G9",
    "leaf_hash": "0" * 64,
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_column_of_an_event_is_named(story: Story, column: str) -> None:
    seq = _first(story.engine, "disbursed")
    _change(
        story.engine,
        f"UPDATE events SET {column} = :value WHERE seq = :seq",
        value=COLUMNS[column],
        seq=seq,
    )
    _wrong(story.engine, f"event {seq}: {column} should be", COLUMNS[column], seq=seq)


def _forged(row: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, str]:
    """An envelope with something changed, and the hash that goes with it."""
    fields = json.loads(row["envelope"])
    change(fields)
    envelope = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    leaf = hashlib.sha256(b"\x00" + envelope.encode()).hexdigest()
    return {"envelope": envelope, "leaf": leaf}


def test_a_changed_envelope_no_longer_has_its_hash(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    forged = _forged(_row(story.engine, seq), lambda fields: fields["data"].update(amount=1))
    _change(
        story.engine,
        "UPDATE events SET envelope = :envelope WHERE seq = :seq",
        envelope=forged["envelope"],
        seq=seq,
    )
    _wrong(story.engine, f"event {seq}: leaf_hash should be '{forged['leaf']}'", seq=seq)


def _forge(engine: Engine, seq: int, change: Callable[[dict[str, Any]], Any]) -> None:
    forged = _forged(_row(engine, seq), change)
    _change(
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
    seq = _first(story.engine, "disbursed")
    _forge(story.engine, seq, lambda fields: fields.update({column: value}))
    _wrong(story.engine, f"event {seq}: {column} should be {value!r}", seq=seq)


def test_an_envelope_that_cannot_be_read_is_named(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    _forge(story.engine, seq, lambda fields: fields["data"].update(amount="a lot"))
    with pytest.raises(Corrupt, match=f"^event {seq}: an envelope cannot be read"):
        verify(story.engine)


def test_an_envelope_with_its_fields_in_another_order_is_not_canonical(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    fields = json.loads(_row(story.engine, seq)["envelope"])
    envelope = json.dumps(fields, ensure_ascii=False)
    _change(
        story.engine,
        "UPDATE events SET envelope = :envelope, leaf_hash = :leaf WHERE seq = :seq",
        envelope=envelope,
        leaf=hashlib.sha256(b"\x00" + envelope.encode()).hexdigest(),
        seq=seq,
    )
    _wrong(story.engine, f"event {seq}: ", seq=seq)


def test_a_forged_event_whose_traces_are_covered_up_is_in_no_tree(story: Story) -> None:
    """Envelope, hash, columns and projections all agree; the head's tree does not."""
    seq = _first(story.engine, "budget-allocated")
    _forge(story.engine, seq, lambda fields: fields["data"].update(amount=2_000_000_000))
    rebuild(story.engine)
    _wrong(story.engine, "head: edge should be", seq=story.size)


def test_instants_that_do_not_increase_are_named(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    before = _row(story.engine, seq - 1)["recorded_at"]
    _forge(story.engine, seq, lambda fields: fields.update(recorded_at=before))
    _change(
        story.engine,
        "UPDATE events SET recorded_at = :instant WHERE seq = :seq",
        instant=before,
        seq=seq,
    )
    _wrong(story.engine, f"event {seq}: recorded_at should be 'later than {before}'", seq=seq)


def test_an_event_missing_in_the_middle_is_named(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    _change(story.engine, "DELETE FROM events WHERE seq = :seq", seq=seq)
    _wrong(story.engine, f"event {seq}: position should be {seq}, found {seq + 1}", seq=seq)


def test_events_moved_up_into_a_gap_are_named(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    _change(
        story.engine,
        "DELETE FROM events WHERE seq = :seq",
        "UPDATE events SET seq = -seq WHERE seq > :seq",
        "UPDATE events SET seq = -seq - 1 WHERE seq < 0",
        seq=seq,
    )
    _wrong(story.engine, f"event {seq}: seq should be {seq + 1}, found {seq}", seq=seq)


@pytest.mark.parametrize("many", [1, 5])
def test_events_missing_at_the_end_are_missed_by_the_head(story: Story, many: int) -> None:
    last = story.size - many
    _change(story.engine, "DELETE FROM events WHERE seq > :last", last=last)
    _wrong(story.engine, f"head: size should be {last}, found {last + many}", seq=last)


def test_an_event_that_was_put_at_the_end_is_not_in_the_head(story: Story) -> None:
    size = story.size
    row = _row(story.engine, size)
    forged = _forged(row, lambda fields: fields.update(seq=size + 1, recorded_at="9999"))
    _change(
        story.engine,
        "INSERT INTO events SELECT seq + 1, kind, '9999', effective_on, actor, command_id, "
        "command_digest, subject, :envelope, :leaf FROM events WHERE seq = :seq",
        **forged,
        seq=size,
    )
    _wrong(story.engine, f"head: size should be {size + 1}, found {size}", seq=size + 1)


def test_an_event_before_the_first_is_named(story: Story) -> None:
    _change(
        story.engine,
        "INSERT INTO events SELECT 0, kind, recorded_at, effective_on, actor, command_id, "
        "command_digest, subject, envelope, leaf_hash FROM events WHERE seq = 1",
    )
    _wrong(story.engine, "event 1: position should be 1, found 0", seq=1)


# ── the head ─────────────────────────────────────────────────────────────────────────────────


def test_a_changed_instant_of_the_head_is_named(story: Story) -> None:
    _change(story.engine, "UPDATE head SET recorded_at = '2020-01-01T00:00:00.000000Z'")
    _wrong(story.engine, "head: recorded_at should be", "'2020-01-01", seq=story.size)


def test_a_changed_edge_of_the_head_is_named(story: Story) -> None:
    with log.reading(story.engine) as connection:
        edge = log.read_head(connection).edge.to_text()
    turned = ("0" if edge[0] != "0" else "1") + edge[1:]
    _change(story.engine, "UPDATE head SET edge = :edge", edge=turned)
    _wrong(story.engine, f"head: edge should be '{edge}', found '{turned}'", seq=story.size)


@pytest.mark.parametrize("damage", ["size = size + 1", "edge = 'not hexadecimal'", "edge = ''"])
def test_a_head_that_does_not_fit_together_is_damaged(story: Story, damage: str) -> None:
    size = story.size
    if damage == "size = size + 1" and (size + 1).bit_count() == size.bit_count():
        damage = "size = size + 2"
    _change(story.engine, f"UPDATE head SET {damage}")
    _wrong(story.engine, "the head row of the log is damaged")


def test_a_head_of_another_size_with_as_many_hashes_is_named(story: Story) -> None:
    size = story.size
    other = next(n for n in range(size + 1, 99999) if n.bit_count() == size.bit_count())
    _change(story.engine, "UPDATE head SET size = :other", other=other)
    _wrong(story.engine, f"head: size should be {size}, found {other}", seq=size)


def test_a_missing_head_is_named(story: Story) -> None:
    _change(story.engine, "DELETE FROM head")
    _wrong(story.engine, "the head row of the log is missing")


# ── the triggers ─────────────────────────────────────────────────────────────────────────────

PLACES = [(name, place) for name in tables.TRIGGERS for place in range(len(tables.TRIGGERS[name]))]


@pytest.mark.parametrize(("engine_name", "place"), PLACES)
def test_a_trigger_that_is_missing_or_off_is_named(
    story: Story, engine_name: str, place: int
) -> None:
    trigger = tables.TRIGGERS[engine_name][place]
    with story.engine.begin() as connection:
        connection.execute(text(_off(connection, trigger)))
    _wrong(story.engine, f"trigger {trigger} is missing or off")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_trigger_that_was_dropped_on_postgresql_is_named(story: Story) -> None:
    with story.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER events_are_never_changed ON events"))
    _wrong(story.engine, "trigger events_are_never_changed is missing or off")


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
    with story.engine.begin() as connection:
        for statement in HOLLOW[engine_name]:
            connection.exec_driver_sql(statement)
    _wrong(story.engine, "trigger events_are_never_changed")


# ── the projections ──────────────────────────────────────────────────────────────────────────

TABLES = (*shelf().tables.values(), shelf().postings)


@pytest.fixture
def tampered(story: Story) -> Callable[[Executable, str, Executable], None]:
    """Changes one thing, has it named, and puts it right again."""

    def named(wrong: Executable, said: str, right: Executable) -> None:
        with story.engine.begin() as connection:
            connection.execute(wrong)
        _wrong(story.engine, said)
        with story.engine.begin() as connection:
            connection.execute(right)

    return named


def _middle_rows(
    engine: Engine, only: tuple[Table, ...] = TABLES
) -> Iterator[tuple[Table, dict[str, Any], Any]]:
    """Of each table the row in the middle, and what finds it."""
    for table in only:
        with log.reading(engine) as connection:
            rows = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
        assert rows, f"the story leaves {table.name} empty"
        row = dict(rows[len(rows) // 2])
        yield table, row, and_(*(column == row[column.name] for column in table.primary_key))


def test_a_removed_row_is_missed(story: Story, tampered: Any) -> None:
    for table, row, is_it in _middle_rows(story.engine, TABLES[::3]):
        said = f"{table.name}: the row {tuple(row.values())} is missing"
        tampered(delete(table).where(is_it), said, insert(table).values(row))
    verify(story.engine)


def test_an_added_row_is_named(story: Story, tampered: Any) -> None:
    for table, row, _ in _middle_rows(story.engine, TABLES[::3]):
        key = list(table.primary_key)[-1]
        was = row[key.name]
        row[key.name] = was + 1_000_000 if isinstance(was, int) else was + "~"
        said = f"{table.name}: a row that no event made: {tuple(row.values())}"
        added = insert(table).values(row)
        tampered(added, said, delete(table).where(key == row[key.name]))
    verify(story.engine)


def test_a_changed_row_is_named_with_its_column(story: Story, tampered: Any) -> None:
    for table, row, is_it in _middle_rows(story.engine):
        column = list(table.columns)[-1].name
        was = row[column]
        wrong = was + 1 if isinstance(was, int) else was + "~"
        key = tuple(row[column.name] for column in table.primary_key)
        said = f"{table.name}: {column} of {key} should be {was!r}, found {wrong!r}"
        changed = update(table).where(is_it)
        tampered(changed.values({column: wrong}), said, changed.values({column: was}))
    verify(story.engine)


def test_postings_that_still_add_up_to_every_balance_are_found(story: Story) -> None:
    first = _first(story.engine, "disbursed")
    _change(
        story.engine,
        "UPDATE postings SET won = won - 5 WHERE seq = :first",
        "UPDATE postings SET won = won + 5 WHERE seq = :first + 1",
        first=first,
    )
    said = f"postings: won of ({first}, 0) should be 8000000, found 7999995"
    _wrong(story.engine, said)


def test_projections_of_another_version_say_what_to_do(story: Story) -> None:
    _change(story.engine, "UPDATE projections SET version = version + 1")
    _wrong(story.engine, "the projections are of another version; run: grants rebuild")


@pytest.mark.parametrize("table", ["balances", "postings", "grants"])
def test_a_rebuild_puts_projections_right(story: Story, table: str) -> None:
    _change(story.engine, f"DELETE FROM {table}")
    _wrong(story.engine, f"{table}: the row")
    rebuild(story.engine)
    assert verify(story.engine).events == story.size


def test_the_first_of_several_wrongs_is_named(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    for wrong in (seq + 3, seq, seq + 1):
        _change(story.engine, "UPDATE events SET actor = 'x' WHERE seq = :seq", seq=wrong)
    _change(story.engine, "DELETE FROM balances")
    _change(story.engine, "UPDATE head SET recorded_at = '2020'")
    _wrong(story.engine, f"event {seq}: actor", seq=seq)


def test_a_ledger_that_was_put_right_again_verifies(story: Story) -> None:
    seq = _first(story.engine, "disbursed")
    for actor in ("somebody else", KIM):
        _change(
            story.engine, "UPDATE events SET actor = :actor WHERE seq = :seq", actor=actor, seq=seq
        )
    found = verify(story.engine)
    with log.reading(story.engine) as connection:
        head = log.read_head(connection)
    assert (found.events, found.root) == (head.size, head.root)
    assert re.fullmatch(r"[0-9a-f]{64}", found.root)
