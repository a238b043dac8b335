"""The log: immutable in the database itself, in one order, hashed as anyone can recompute.

What is no ledger, or cannot be reached or written, says so in one sentence.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from freezegun import freeze_time
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from commands.execute import execute, execute_all
from ledger import events, log, reading
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Busy, Corrupt, Disconnected, LedgerError, Misused, Unavailable
from ledger.events import KINDS, AnyEvent
from ledger.terms import Ceiling, Rate, RateBySize, Terms
from projections.opening import make_ledger, open_ledger
from projections.replay.rebuild import rebuild
from projections.storage.schema import schema
from projections.storage.stored_rows import StoredRows
from tests.postgres import Server

CATALOGUE = 17
"""Events that every ledger of the tests begins with."""


def _register(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "command": "register_company",
        "id": f"r{number}",
        "actor": "kim",
        "business_number": f"{number:010d}",
        "name": f'한빛 "{number}" \\ ½',
        "party_type": "company",
        "size": "sme",
        **fields,
    }


def _stored(engine: Engine) -> list[dict[str, Any]]:
    with log.reading(engine) as connection:
        question = select(tables.events).order_by(tables.events.c.seq)
        return [dict(row) for row in connection.execute(question).mappings()]


def _head(engine: Engine) -> log.Head:
    with log.reading(engine) as connection:
        return log.read_head(connection)


# ── the database itself ──────────────────────────────────────────────────────────────────────

ANY_ENGINE = (
    "UPDATE events SET actor = 'somebody else' WHERE seq = 1",
    "UPDATE events SET seq = seq + 100",
    "UPDATE events SET envelope = envelope",
    "DELETE FROM events WHERE seq = 17",
    "DELETE FROM events",
    "INSERT INTO events SELECT * FROM events WHERE seq = 1 "
    "ON CONFLICT (seq) DO UPDATE SET kind = 'x'",
)
ONLY_SQLITE = (
    "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 1",
    "REPLACE INTO events SELECT * FROM events",
    "UPDATE OR REPLACE events SET seq = 2 WHERE seq = 1",
)
ONLY_POSTGRESQL = (
    "TRUNCATE events",
    "TRUNCATE events CASCADE",
    "MERGE INTO events USING head ON seq = size WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM events RETURNING seq) SELECT count(*) FROM gone",
)
REFUSED = [
    *((name, statement) for name in ("sqlite", "postgresql") for statement in ANY_ENGINE),
    *(("sqlite", statement) for statement in ONLY_SQLITE),
    *(("postgresql", statement) for statement in ONLY_POSTGRESQL),
]


@pytest.mark.parametrize(("engine_name", "statement"), REFUSED)
def test_the_database_itself_refuses_to_change_or_remove_an_event(
    engine: Engine, statement: str
) -> None:
    before = _stored(engine)
    with (
        pytest.raises(DBAPIError, match="events are immutable"),
        engine.alchemy.begin() as connection,
    ):
        connection.execute(text(statement))
    assert _stored(engine) == before


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("statement", [*ANY_ENGINE, *ONLY_SQLITE])
def test_another_program_cannot_change_or_remove_an_event_of_a_sqlite_file(
    engine: Engine, statement: str
) -> None:
    """Such as the `sqlite3` shell, which sets none of our pragmas."""
    before = _stored(engine)
    other = sqlite3.connect(str(make_url(engine.url).database))
    try:
        with pytest.raises(sqlite3.IntegrityError, match="events are immutable"), other:
            other.execute(statement)
    finally:
        other.close()
    assert _stored(engine) == before


# ── one order ────────────────────────────────────────────────────────────────────────────────


def _instants(engine: Engine) -> list[str]:
    return [row["recorded_at"] for row in _stored(engine)]


def test_recorded_at_moves_on_by_a_microsecond_while_the_clock_stands_still(
    engine: Engine,
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=400)
    with freeze_time(ahead):
        execute(engine, _register(1))
        list(execute_all(engine, [_register(number) for number in range(2, 6)]))
    expected = [
        (ahead + timedelta(microseconds=step)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        for step in range(5)
    ]
    assert _instants(engine)[CATALOGUE:] == expected


def test_recorded_at_never_goes_back_though_the_clock_does(engine: Engine) -> None:
    for number, day in enumerate(("2031-01-01", "2030-01-01", "2031-01-02", "2029-06-30"), 1):
        with freeze_time(f"{day}T12:00:00Z"):
            receipt = execute(engine, _register(number))
            assert receipt.status == "recorded", receipt.message()
    instants = _instants(engine)
    assert instants == sorted(set(instants))
    assert instants[CATALOGUE:] == [
        "2031-01-01T12:00:00.000000Z",
        "2031-01-01T12:00:00.000001Z",
        "2031-01-02T12:00:00.000000Z",
        "2031-01-02T12:00:00.000001Z",
    ]


def test_a_day_is_the_one_in_seoul_at_the_instant_of_the_decision(engine: Engine) -> None:
    with freeze_time("2026-12-31T14:59:59.999999Z"):
        execute(engine, _register(1))
    with freeze_time("2026-12-31T15:00:00Z"):
        execute(engine, _register(2))
    days = [row["effective_on"] for row in _stored(engine)[CATALOGUE:]]
    assert days == ["2026-12-31", "2027-01-01"]


def test_positions_have_no_gaps_whatever_was_refused_or_failed_in_between(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(engine, _register(1))
    assert execute(engine, _register(1, id="again")).rule == "already-exists"
    with monkeypatch.context() as broken:
        broken.setattr(StoredRows, "flush", lambda rows: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            execute(engine, _register(2))
    list(execute_all(engine, [_register(3), _register(3, id="again"), _register(4)]))
    stored = _stored(engine)
    assert [row["seq"] for row in stored] == list(range(1, CATALOGUE + 4))
    assert [row["command_id"] for row in stored[CATALOGUE:]] == ["r1", "r3", "r4"]


def _all_rows(engine: Engine) -> dict[str, list[str]]:
    known = [*tables.metadata.sorted_tables, *schema().metadata.sorted_tables]
    with log.reading(engine) as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in known}


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    execute(engine, _register(1))
    before = _all_rows(engine)
    entry = _samples()["year-opened"]

    def append_and_fail() -> None:
        with log.writing(engine) as writer:
            for _ in range(3):
                writer.append(
                    entry,
                    effective_on="2025-01-01",
                    actor="a",
                    via="python",
                    command_id="x",
                    command_digest="y",
                )
            writer.flush()
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        append_and_fail()
    assert _all_rows(engine) == before


def test_a_batch_that_fails_is_sent_again_whole(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash on the way to the commit the same commands settle by their ids."""
    before = _all_rows(engine)
    batch = [_register(number) for number in range(1, 6)]
    flush = log.Writer.flush

    def crash(writer: log.Writer) -> None:
        flush(writer)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(log.Writer, "flush", crash)
        with pytest.raises(KeyboardInterrupt):
            list(execute_all(engine, batch))
    assert _all_rows(engine) == before
    assert [receipt.status for receipt in execute_all(engine, batch)] == ["recorded"] * 5
    assert [receipt.status for receipt in execute_all(engine, batch)] == ["duplicate"] * 5


# ── bytes that anyone can recompute ──────────────────────────────────────────────────────────


def _canonical(value: object) -> str:
    """RFC 8785 for what envelopes may hold: objects, arrays, texts and whole numbers."""
    match value:
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return (
                "{" + ",".join(f"{_text(name)}:{_canonical(value[name])}" for name in names) + "}"
            )
        case list():
            return "[" + ",".join(map(_canonical, value)) + "]"
        case str():
            return _text(value)
        case bool() | float() | None:
            pytest.fail(f"{value!r} has no place in an envelope")
        case int():
            return str(value)
    raise AssertionError(value)


def _text(value: str) -> str:
    short = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
    short |= {'"': r"\"", "\\": r"\\"}
    escaped = (short.get(sign) or (f"\\u{ord(sign):04x}" if sign < " " else sign) for sign in value)
    return f'"{"".join(escaped)}"'


def _root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash as RFC 9162 writes it down, in section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _raw_envelopes(engine: Engine) -> list[tuple[bytes, str]]:
    """The bytes that lie in the database, read without our code."""
    question = "SELECT envelope, leaf_hash FROM events ORDER BY seq"
    if engine.dialect == "sqlite":
        connection = sqlite3.connect(str(make_url(engine.url).database))
        connection.text_factory = bytes
        found = connection.execute(question).fetchall()
        connection.close()
        return [(envelope, leaf.decode()) for envelope, leaf in found]
    plain = make_url(engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        found = connection.execute(
            "SELECT convert_to(envelope, 'UTF8'), leaf_hash FROM events ORDER BY seq"
        ).fetchall()
    return [(bytes(envelope), leaf) for envelope, leaf in found]


def test_hashes_and_root_are_recomputed_from_the_bytes_alone(engine: Engine) -> None:
    for size in range(8):
        if size:
            execute(engine, _register(size, mini_cluster="한글 \U0001f3ed \u00a0é"))
        raw = _raw_envelopes(engine)
        assert len(raw) == CATALOGUE + size
        assert [hashlib.sha256(b"\x00" + leaf).hexdigest() for leaf, _ in raw] == [
            leaf_hash for _, leaf_hash in raw
        ]
        assert _head(engine).root == _root([leaf for leaf, _ in raw]).hex()


def test_an_envelope_is_canonical_json_and_holds_everything(engine: Engine) -> None:
    list(execute_all(engine, [_register(number) for number in range(1, 20)]))
    for (raw, leaf_hash), row in zip(_raw_envelopes(engine), _stored(engine), strict=True):
        fields = json.loads(raw)
        assert _canonical(fields) == raw.decode()
        copies = {"seq", "kind", "recorded_at", "effective_on", "actor", "via", "command_id"}
        copies |= {"command_digest"}
        assert {name: row[name] for name in copies} == {name: fields[name] for name in copies}
        assert set(fields) == copies | {"data"}
        assert row["leaf_hash"] == leaf_hash


def _samples() -> dict[str, AnyEvent]:
    """One event of every kind, every field filled in."""
    company, case, most = "609-86-00005", "DP-가나 1", 10**15 - 1
    on = {"company": company, "year": 2025, "case": case}
    draws = (
        events.Draw(bucket="payable", amount=1),
        events.Draw(bucket="committed", amount=most),
    )
    release = {"released": draws, "released_to": "lapsed"}
    grant = {"grant": "G-1", "programme": "domestic_patent"}
    line = grant | on
    terms = Terms(
        caps=(
            Ceiling(per="case", amount=2_000_000, bound="le"),
            Ceiling(per="company_year", amount=1, bound="lt"),
        ),
        ratio=RateBySize(sme=Rate(percent=75, bound="lt"), large=Rate(percent=0, bound="le")),
        min_companies=2,
        eligible=("application_fee",),
        excluded=(),
        advance_percent=0,
        source='공고 "2025-1"',
    )
    totals = (events.ProgrammeTotals(programme="prototype", budget=most, lapsed=most),)
    item = events.ClaimedItem(
        evidence="세금계산서/1",
        category="application_fee",
        supply=1,
        vat=most,
        incurred_on="2025-03-01",
        supplier="특허법인 \u00e9",
    )
    move = events.Move(**on, source="spent", target="payable", amount=5)
    back = events.InterestBack(**on, amount=7)
    size: dict[str, Any] = {"business_number": company, "size": "mid_size"}
    budget = {"programme": "prototype", "year": 2025}
    texts = {"name": "a", "name_ko": "가", "group": "b", "group_ko": "나", "detail": "c"}
    found: list[AnyEvent] = [
        events.CompanyRegistered(**size, name="한빛", party_type="company", mini_cluster="광주"),
        events.CompanyReclassified(**size),
        events.CompanyRenamed(
            business_number=company, name="한빛테크", mini_cluster="창원", reason="r"
        ),
        events.CompanyExcluded(business_number=company, until="2025-12-31", reason="r"),
        events.CompanyReadmitted(business_number=company, reason="r"),
        events.TermsRevised(
            programme="prototype", terms=terms, order=1, notes=("n",), assumed=("m",), **texts
        ),
        events.BudgetAllocated(**budget, amount=-most),
        events.BudgetLapsed(**budget, amount=most),
        events.BudgetRestored(**budget, amount=most, counts_on="2026-01-31"),
        events.YearOpened(year=2025),
        events.YearClosed(year=2025, totals=totals),
        events.YearReopened(year=2025, reason="r", counts_on="2026-01-31", totals=totals),
        events.GrantApplied(
            **grant,
            title="t",
            lead=company,
            partners=(company,),
            lines=(events.AppliedLine(**on, total_cost=9, subsidy=3, in_kind=2, local_share=1),),
        ),
        events.GrantApproved(**grant, edition=3, lines=(events.ApprovedLine(**on, award=0),)),
        events.GrantRejected(**grant, reason="r"),
        events.GrantWithdrawn(**grant, reason="r"),
        events.AwardAmended(
            **grant, reason="r", lines=(events.AmendedLine(**on, was=9, award=4, **release),)
        ),
        events.Disbursed(**line, amount=most, draws=draws, bank_ref="B/1"),
        events.CostsClaimed(**line, claim="C-1", items=(item,)),
        events.ClaimAccepted(
            **line,
            claim="C-1",
            accepted_cost=0,
            earned=most,
            draws=draws,
            disallowed=(events.Disallowed(evidence="x", reason="r"),),
        ),
        events.FundsReturned(**line, amount=0, interest=3, bank_ref="B/2"),
        events.CarriedOver(**line, amount=1, reason="r"),
        events.CaseIdentified(case=case, application_number="10-2025-0000001"),
        events.GrantCancelled(
            **grant,
            reason="r",
            lines=(events.CancelledLine(**on, **release, to_recover=draws),),
        ),
        events.RecoveryOrdered(
            **grant, reason="r", lines=(events.RecoveryLine(**on, draws=draws),)
        ),
        events.RecoveryReceived(**line, amount=1, interest=2, bank_ref="B/3"),
        events.GrantSettled(**grant, lines=(events.SettledLine(**on, **release),)),
        events.AwardLapsed(**line, bucket="carried", amount=1),
        events.AwardRestored(**line, bucket="committed", amount=1, counts_on="2026-01-31"),
        events.EntryReversed(
            **grant,
            entry=5,
            entry_kind="disbursed",
            moves=(move,),
            interest_back=back,
            bank_ref="B/1",
            claim="C-1",
            reason="r",
        ),
    ]
    return {event.kind: event for event in found}


def test_there_is_a_sample_of_every_kind() -> None:
    assert list(_samples()) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_of_every_kind_survives_its_envelope(kind: str) -> None:
    event = _samples()[kind]
    entry = Entry(7, "2025-01-01T00:00:00.000000Z", "2025-01-01", "김", "cli", "id", "00", event)
    envelope = entry.envelope()
    assert _canonical(json.loads(envelope)) == envelope
    again = Entry.from_envelope(envelope)
    assert again == entry
    assert type(again.event) is type(event)
    assert again.envelope() == envelope


@pytest.mark.tampers
def test_an_event_of_every_kind_survives_the_database(engine: Engine) -> None:
    appended = []
    with log.writing(engine) as writer:
        for kind, event in _samples().items():
            entry = writer.append(
                event,
                effective_on="2025-01-01",
                actor="김",
                via="cli",
                command_id=kind,
                command_digest="00",
            )
            assert writer.entry(entry.seq) == entry
            appended.append(entry)
    with log.reading(engine) as connection:
        found = [Entry.from_envelope(envelope) for envelope, _ in reading.read(connection)]
    assert found[CATALOGUE:] == appended
    assert [row["subject"] for row in _stored(engine)[CATALOGUE:]] == [
        entry.event.subject for entry in appended
    ]


@pytest.mark.parametrize(
    "damage",
    [
        lambda fields: fields | {"kind": "grant-forgotten"},
        lambda fields: fields | {"data": fields["data"] | {"year": "2025"}},
        lambda fields: fields | {"data": fields["data"] | {"more": 1}},
        lambda fields: fields | {"data": {}},
        lambda fields: fields | {"more": 1},
        lambda fields: {name: fields[name] for name in fields if name != "actor"},
        lambda fields: [fields],
    ],
)
def test_an_envelope_that_cannot_be_read_is_corrupt(damage: Callable[[Any], Any]) -> None:
    entry = Entry(
        1,
        "2025-01-01T00:00:00.000000Z",
        "2025-01-01",
        "a",
        "cli",
        "b",
        "c",
        _samples()["year-opened"],
    )
    with pytest.raises(Corrupt, match="an envelope cannot be read"):
        Entry.from_envelope(json.dumps(damage(json.loads(entry.envelope()))))


# ── what is no ledger ────────────────────────────────────────────────────────────────────────

NOT_PLAIN = re.compile(r"sqlite3|psycopg|sqlalche|traceback|select |\(background|error:", re.I)


def _says_plainly(error: LedgerError) -> str:
    """One sentence, in the ledger's own words."""
    said = str(error)
    assert "\n" not in said
    assert 10 < len(said) < 200, said
    assert not NOT_PLAIN.search(said), said
    return said


@contextmanager
def _refused(kind: type[LedgerError], match: str | None = None) -> Iterator[None]:
    with pytest.raises(LedgerError, match=match) as raised:
        yield
    assert type(raised.value) is kind, raised.value
    _says_plainly(raised.value)


def test_a_file_that_is_not_there_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "grants.db"
    with _refused(Unavailable, "there is no ledger at .*grants init"):
        open_ledger(f"sqlite:///{path}")
    with _refused(Unavailable, "there is no ledger at .*grants init"):
        open_ledger(f"sqlite:///{tmp_path}/nowhere/grants.db")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_cannot_be_made_where_there_is_no_folder(tmp_path: Path) -> None:
    with _refused(Unavailable):
        make_ledger(f"sqlite:///{tmp_path}/nowhere/grants.db")


@pytest.mark.parametrize("opened", [open_ledger, make_ledger])
def test_a_folder_is_unavailable(tmp_path: Path, opened: Callable[[str], Engine]) -> None:
    with _refused(Unavailable, "is a folder"):
        opened(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("opened", [open_ledger, make_ledger])
def test_a_text_file_is_corrupt_and_is_left_alone(
    tmp_path: Path, opened: Callable[[str], Engine]
) -> None:
    path = tmp_path / "grants.db"
    path.write_text("This is a letter, not a ledger.\n" * 200, "utf-8")
    before = path.read_bytes()
    with _refused(Corrupt, "not a whole ledger"):
        opened(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_an_empty_file_is_corrupt_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "grants.db"
    path.touch()
    with _refused(Corrupt, "no ledger"):
        open_ledger(f"sqlite:///{path}")
    assert path.read_bytes() == b""


FOREIGN = ("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)", "CREATE TABLE head (sha TEXT)")


@pytest.mark.parametrize("statement", FOREIGN)
@pytest.mark.parametrize("opened", [open_ledger, make_ledger])
def test_somebody_elses_sqlite_database_is_corrupt_and_is_left_alone(
    tmp_path: Path, statement: str, opened: Callable[[str], Engine]
) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute(statement)
    other.close()
    before = path.read_bytes()
    with _refused(Corrupt):
        opened(f"sqlite:///{path}")
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["other.db"]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_file_of_which_a_part_is_missing_is_corrupt(
    sqlite_template: Path, tmp_path: Path, share: float
) -> None:
    path = tmp_path / "grants.db"
    whole = sqlite_template.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with _refused(Corrupt):
        rebuild(open_ledger(f"sqlite:///{path}"))


@pytest.mark.parametrize("statement", [None, *FOREIGN])
def test_a_postgresql_database_without_a_ledger_is_corrupt(
    postgres: Server, statement: str | None
) -> None:
    url = postgres.create_database()
    try:
        if statement:
            with psycopg.connect(_plain(url)) as other:
                other.execute(statement)
        with _refused(Corrupt):
            open_ledger(url)
        if statement:
            with _refused(Corrupt):
                make_ledger(url)
    finally:
        postgres.drop_database(url)


def test_a_postgresql_database_that_is_not_there_is_unavailable(postgres: Server) -> None:
    with _refused(Disconnected, "nobody_made_this"):
        open_ledger(postgres.url("nobody_made_this"))


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with _refused(Disconnected):
        open_ledger("postgresql://127.0.0.1:1/grants", wait_seconds=1)


@pytest.mark.parametrize(
    "url", ["", "grants.db", "sqlite://", "sqlite:///:memory:", "mysql://localhost/grants"]
)
def test_what_is_no_url_of_a_ledger_is_a_wrong_call(url: str) -> None:
    with _refused(Misused):
        open_ledger(url)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.tampers
def test_a_ledger_of_a_later_format_is_left_to_later_software(engine: Engine, url: str) -> None:
    with engine.alchemy.begin() as connection:
        connection.execute(text(f"UPDATE head SET format = {log.FORMAT + 1}"))
    sentence = f"this ledger has format {log.FORMAT + 1}, this software reads format {log.FORMAT}"
    with _refused(Corrupt, sentence):
        open_ledger(url)
    with _refused(Corrupt, sentence):
        make_ledger(url)
    with _refused(Corrupt, sentence):
        execute(engine, _register(1))


@pytest.mark.tampers
@pytest.mark.parametrize(
    "damage", ["DELETE FROM head", "UPDATE head SET size = 7", "UPDATE head SET edge = 'zz'"]
)
def test_a_damaged_head_is_corrupt(engine: Engine, url: str, damage: str) -> None:
    with engine.alchemy.begin() as connection:
        connection.execute(text(damage))
    with _refused(Corrupt, "head row of the log"):
        open_ledger(url)
    with _refused(Corrupt, "head row of the log"):
        execute(engine, _register(1))


# ── what cannot be written ───────────────────────────────────────────────────────────────────


@contextmanager
def _opened(url: str, **options: float) -> Iterator[Engine]:
    """A ledger that is let go of, whatever happens."""
    engine = open_ledger(url, **options)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _another_writer(url: str) -> Iterator[None]:
    """Somebody who holds the lock and takes their time."""
    if url.startswith("sqlite"):
        file = str(make_url(url).database)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(_plain(url)) as other:
            other.execute("SELECT size FROM head FOR UPDATE")
            yield


def test_a_ledger_that_is_held_past_the_wait_is_busy(engine: Engine, url: str) -> None:
    with _opened(url, wait_seconds=0.2) as hasty, _another_writer(url):
        began = time.monotonic()
        with _refused(Busy, "busy"):
            execute(hasty, _register(1))
        assert 0.15 < time.monotonic() - began < 5
        with _refused(Busy, "busy"):
            list(execute_all(hasty, [_register(1), _register(2)]))
        assert _head(hasty).size == CATALOGUE, "whoever reads does not wait"
    assert execute(engine, _register(1)).status == "recorded"


@contextmanager
def _without_rights() -> Iterator[None]:
    """As root: the files as anybody else finds them, since rights do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    groups, anybody = os.getgroups(), pwd.getpwnam("nobody")
    os.setgroups([])
    os.setegid(anybody.pw_gid)
    os.seteuid(anybody.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.fixture
def protected(sqlite_template: Path) -> Iterator[Path]:
    """A ledger's file that we may read and not write, in a folder where we may do both."""
    folder = Path(tempfile.mkdtemp(prefix="grants-"))  # pytest's own folders are closed to others
    path = folder / "grants.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o444)
    folder.chmod(0o777)
    yield path
    folder.chmod(0o777)
    shutil.rmtree(folder)


def test_a_file_that_may_only_be_read_is_read_and_not_written(protected: Path) -> None:
    open_ledger(f"sqlite:///{protected}").dispose()  # loads what is loaded late
    before = protected.read_bytes()
    with _without_rights(), _opened(f"sqlite:///{protected}") as engine:
        assert _head(engine).size == CATALOGUE
        with _refused(Unavailable, "read-only"):
            execute(engine, _register(1))
        with _refused(Unavailable, "read-only"):
            rebuild(engine)
    assert protected.read_bytes() == before


def test_a_file_in_a_folder_that_may_not_be_written_is_unavailable(protected: Path) -> None:
    open_ledger(f"sqlite:///{protected}").dispose()
    protected.parent.chmod(0o555)
    with (
        _without_rights(),
        _refused(Unavailable),
        _opened(f"sqlite:///{protected}") as engine,
    ):
        execute(engine, _register(1))


def test_a_file_that_may_not_be_read_is_unavailable(protected: Path) -> None:
    open_ledger(f"sqlite:///{protected}").dispose()
    protected.chmod(0o000)
    with _without_rights(), _refused(Unavailable):
        open_ledger(f"sqlite:///{protected}")


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_standby_is_read_and_not_written(url: str) -> None:
    with psycopg.connect(_plain(url), autocommit=True) as other:
        other.execute(f"ALTER DATABASE {other.info.dbname} SET default_transaction_read_only = on")
    with _opened(url) as engine:
        assert _head(engine).size == CATALOGUE
        with _refused(Unavailable, "read-only"):
            execute(engine, _register(1))


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_user_without_rights_reads_and_does_not_write(url: str) -> None:
    reader = f"reader_{make_url(url).database}"[:60]
    with psycopg.connect(_plain(url), autocommit=True) as other:
        other.execute(f"CREATE ROLE {reader} LOGIN")
        other.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
    try:
        as_reader = make_url(url).set(username=reader)
        with _opened(as_reader.render_as_string(hide_password=False)) as engine:
            assert _head(engine).size == CATALOGUE
            with _refused(Unavailable, "read-only"):
                execute(engine, _register(1))
    finally:
        with psycopg.connect(_plain(url), autocommit=True) as other:
            other.execute(f"DROP OWNED BY {reader}")
            other.execute(f"DROP ROLE {reader}")
