"""The signer's memory: a key signs what extends what it signed, and what the events add up to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from app.application import Application
from app.attest import sign
from app.settings import Settings
from commands.execute import execute
from ledger.database.engine import connect
from ledger.transparency.notes import Checkpoint, Signer
from tests.app.calling import Call
from tests.app.kept import cut_back, kept, key_file, register
from tests.projections.replay.verify.tampering import tamper


def _edge(url: str, edge: str | None = None) -> str:
    """The edge in the head row; edited if one is given."""
    engine = connect(url)
    with engine.alchemy.begin() as connection:
        if edge is not None:
            connection.execute(text("UPDATE head SET edge = :edge"), {"edge": edge})
        found = connection.execute(text("SELECT edge FROM head")).scalar_one()
    engine.dispose()
    return str(found)


def _forged(edge: str) -> str:
    return " ".join([*edge.split()[:-1], "ab" * 32])


# ── what the head row says is not believed ───────────────────────────────────────────────────


@pytest.mark.tampers
@pytest.mark.parametrize("before", ["keys", "checkpoint"])
@pytest.mark.parametrize("call", ["checkpoint", "prove 21", "prove --since seen.note"])
def test_an_edited_head_row_is_not_signed(signing: Call, url: str, call: str, before: str) -> None:
    seen = signing("checkpoint").out if "--since" in call else ""
    Path("seen.note").write_text(seen, "utf-8")
    assert signing(before).code == 0
    true = _edge(url)
    _edge(url, _forged(true))
    signed = key_file("signed").read_text()
    answer = signing(*call.split())
    assert answer.code == 4
    assert answer.out == ""
    assert "they add up to" in answer.err
    assert key_file("signed").read_text() == signed
    _edge(url, true)
    assert signing("checkpoint").code == 0


# ── what was signed is remembered ────────────────────────────────────────────────────────────


def test_a_new_key_has_signed_the_log_before_its_first_event(signing: Call) -> None:
    origin, size, _, *_ = key_file("signed").read_text().split("\n")
    assert (origin, size) == (signing("keys", "--json").json["origin"], "0")


def test_the_last_note_is_kept_beside_the_key_for_its_owner_alone(signing: Call) -> None:
    register(signing, 1)
    note = signing("checkpoint").out
    assert key_file("signed").read_text("utf-8") == note
    assert key_file("signed").stat().st_mode & 0o777 == 0o600
    assert signing("checkpoint").out == note
    assert key_file("signed").read_text("utf-8") == note


def test_a_proof_is_a_signature_too_and_remembered(signing: Call) -> None:
    proof = signing("prove", "21").json
    assert key_file("signed").read_text("utf-8") == proof["checkpoint"]


def test_a_note_that_cannot_be_remembered_is_not_handed_out(signing: Call) -> None:
    """The place of its draft is taken by a folder: the write fails as on a full disk."""
    key_file("signed").with_name(f"{key_file('signed').name}.part").mkdir()
    answer = signing("checkpoint")
    assert (answer.code, answer.out) == (5, "")
    assert "cannot be written" in answer.err


@pytest.mark.tampers
def test_a_restored_backup_gets_no_second_signature_over_the_same_size(
    signing: Call, url: str
) -> None:
    register(signing, 1)
    register(signing, 2)
    first = kept(signing("checkpoint"), "first.note")
    signed = key_file("signed").read_text("utf-8")
    cut_back(url, 22)
    answer = signing("checkpoint")
    assert (answer.code, answer.out) == (4, "")
    assert "events 23 to 24 are missing at the end" in answer.err
    assert "--after-restore" in answer.err
    for number, said in ((3, "events 24 to 24 are missing"), (4, "rewritten"), (5, "rewritten")):
        register(signing, number)
        for call in ("checkpoint", "prove 21", f"prove --since {first}"):
            answer = signing(*call.split())
            assert (answer.code, answer.out) == (4, "")
            assert said in answer.err
    assert key_file("signed").read_text("utf-8") == signed


@pytest.mark.tampers
def test_signing_goes_on_after_a_restore_when_that_is_said_and_every_note_tells(
    signing: Call, url: str
) -> None:
    register(signing, 1)
    given_up = signing("checkpoint", "--json").json
    cut_back(url, 22)
    register(signing, 2)
    note = kept(signing("checkpoint", "--after-restore"), "after.note")
    line = Path(note).read_text("utf-8").split("\n")[3]
    assert line == f"after-restore 23 {given_up['note'].split(chr(10))[2]}"
    register(signing, 3)
    later = signing("checkpoint", "--json").json
    assert later["given_up"] == [line]
    assert later["size"] == 24
    Path("later.note").write_text(later["note"], "utf-8")
    for seen in (note, "later.note"):
        answer = signing("verify", "--checkpoint", seen)
        assert answer.code == 0
        assert f"another history had been signed ({line.partition(' ')[2]})" in answer.out
    assert signing("verify", "--checkpoint", "later.note", "--json").json["given_up"] == [line]
    Path("proof.json").write_text(signing("prove", "24").out, "utf-8")
    assert "another history had been signed" in signing("check-proof", "proof.json").out
    told = signing("check-proof", "proof.json", "--json").json
    assert told["checkpoint"]["given_up"] == [line]


@pytest.mark.tampers
def test_each_restore_leaves_its_own_line(signing: Call, url: str) -> None:
    for number in (1, 2):
        register(signing, number)
        assert signing("checkpoint", *["--after-restore"] * (number - 1)).code == 0
        cut_back(url, 22)
    lines = signing("checkpoint", "--after-restore", "--json").json["given_up"]
    assert [line.split()[1] for line in lines] == ["23", "23"]
    assert len(set(lines)) == 2


def test_nothing_is_given_up_where_nothing_was_lost(signing: Call) -> None:
    assert signing("checkpoint").code == 0
    register(signing, 1)
    answer = signing("checkpoint", "--after-restore")
    assert (answer.code, answer.out) == (2, "")
    assert signing("checkpoint", "--json").json["given_up"] == []


@pytest.mark.tampers
def test_a_restore_does_not_excuse_a_head_row_that_lies(signing: Call, url: str) -> None:
    register(signing, 1)
    assert signing("checkpoint").code == 0
    cut_back(url, 22)
    _edge(url, _forged(_edge(url)))
    answer = signing("checkpoint", "--after-restore")
    assert (answer.code, answer.out) == (4, "")
    assert "they add up to" in answer.err


@pytest.mark.tampers
def test_a_rotation_does_not_make_the_signer_forget(signing: Call, url: str) -> None:
    register(signing, 1)
    assert signing("checkpoint").code == 0
    assert signing("keys", "--rotate").code == 0
    cut_back(url, 22)
    assert signing("checkpoint").code == 4
    key_file("key").unlink()
    assert signing("keys", "--rotate").code == 0
    assert signing("checkpoint").code == 4


def test_a_stolen_key_may_be_taken_out_before_or_after_its_rotation(signing: Call) -> None:
    assert signing("checkpoint").code == 0
    (old,) = signing("keys").out.splitlines()
    new = signing("keys", "--rotate").out.splitlines()[1]
    key_file("pub").write_text(f"{new}\n")
    register(signing, 1)
    assert signing("checkpoint").code == 0
    key_file("pub").write_text("")
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "nobody would trust what it signs" in answer.err
    assert len(signing("keys", "--rotate").out.splitlines()) == 1
    assert signing("checkpoint", "--json").json["given_up"] == []
    assert old not in signing("keys").out


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_text(""),
    "changed": lambda path: path.write_text(path.read_text().replace("\n22\n", "\n21\n")),
    "not text": lambda path: path.write_bytes(b"\xff\x00"),
    "of a stranger": lambda path: path.write_text(_by_a_stranger(path.read_text("utf-8"))),
    "of another log": lambda path: path.write_text(
        Checkpoint.of_nothing("grant-ledger/0").note(Signer.make("grant-ledger/0"))
    ),
}


def _by_a_stranger(note: str) -> str:
    return Checkpoint.of_nothing(note.partition("\n")[0]).note(Signer.make(note.partition("\n")[0]))


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_forgotten_is_told_and_going_on_leaves_a_trace(signing: Call, damage: str) -> None:
    """Else whoever loses the file on purpose could have another history signed."""
    assert signing("checkpoint").code == 0
    DAMAGES[damage](key_file("signed"))
    answer = signing("checkpoint")
    assert (answer.code, answer.out) == (2, "")
    assert "--after-restore" in answer.err
    note = signing("checkpoint", "--after-restore").out
    assert note.split("\n")[3] == "after-restore unknown"
    register(signing, 1)
    assert "after-restore unknown" in signing("checkpoint").out


def test_a_rotation_does_not_hide_that_something_is_forgotten(signing: Call) -> None:
    assert signing("checkpoint").code == 0
    key_file("signed").unlink()
    assert signing("keys", "--rotate").code == 0
    assert signing("checkpoint").code == 2


def test_the_memory_moves_house_with_the_keys(signing: Call, tmp_path: Path) -> None:
    assert signing("export", "--to", "house.jsonl").code == 0
    register(signing, 1)
    assert signing("checkpoint").code == 0
    new = ("--ledger", f"sqlite:///{tmp_path / 'new.db'}", "--keys", "grant-keys")
    assert signing("load", "house.jsonl", *new[:2]).code == 0
    answer = signing("checkpoint", *new)
    assert answer.code == 4
    assert "events 23 to 23 are missing" in answer.err


def test_those_who_sign_at_once_sign_one_history(signing: Call, url: str) -> None:
    """Nobody is accused because somebody else signed a longer log meanwhile."""
    private = key_file("key")

    def signed_after(number: int) -> Checkpoint:
        engine = connect(url, wait_seconds=60.0)
        try:
            assert execute(engine, _registration(number)).status == "recorded"
            return sign(Application(Settings(url, str(private.parent)), engine))[0]
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        seen = sorted(pool.map(signed_after, range(12)), key=lambda one: one.size)
    assert seen[-1].size == 34
    by_size = {one.size: one for one in seen}
    assert all(by_size[one.size] == one for one in seen)


def _registration(number: int) -> dict[str, Any]:
    return {
        "command": "register_company",
        "actor": "kim",
        "business_number": f"998-81-{number:05d}",
        "name": f"기업 {number}",
        "party_type": "university",
    }


# ── a real restore, of files ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_backup_that_is_put_back_is_noticed_at_the_next_checkpoint(
    signing: Call, url: str
) -> None:
    file = make_url(url).database or ""
    assert signing("backup", "copy.db").code == 0
    register(signing, 1)
    assert signing("checkpoint").code == 0
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    shutil.copy("copy.db", file)
    assert signing("verify").code == 0
    register(signing, 2)
    answer = signing("checkpoint")
    assert (answer.code, answer.out) == (4, "")
    assert "the log was rewritten" in answer.err


@pytest.mark.tampers
def test_a_log_whose_name_was_edited_has_no_key(signing: Call, url: str) -> None:
    """It is named after its first event, and its keys after it."""
    engine = connect(url)
    tamper(engine, f"UPDATE events SET leaf_hash = '{'0' * 64}' WHERE seq = 1")
    engine.dispose()
    answer = signing("checkpoint")
    assert (answer.code, answer.out) == (2, "")
    assert "there is no key of grant-ledger/0000000000000000" in answer.err
