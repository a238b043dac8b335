"""Checkpoints and proofs at the command line: an office gives them, an auditor checks them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.database.engine import connect
from ledger.transparency.notes import Checkpoint, Signer
from projections.opening import make_ledger
from tests.app.calling import Call
from tests.app.kept import cut_back, kept, key_file, register
from tests.projections.replay.verify.tampering import tamper

OPERATIONS = Path(__file__).parents[3] / "docs/operations.md"


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def test_init_makes_a_key_once_and_only_its_owner_can_read_it(signing: Call) -> None:
    private, public = key_file("key"), key_file("pub")
    before = private.read_text(), public.read_text()
    assert private.stat().st_mode & 0o777 == 0o600
    assert signing("init").code == 0
    assert (private.read_text(), public.read_text()) == before


def test_the_private_key_is_nowhere_in_the_ledger_nor_printed(
    signing: Call, tmp_path: Path
) -> None:
    secret = key_file("key").read_text().strip().split("+", 4)[4]
    for call in ("init", "keys", "checkpoint", "events", "prove 1"):
        answer = signing(*call.split())
        assert secret not in answer.out + answer.err
    for ledger in tmp_path.glob("*.db*"):
        assert secret.encode() not in ledger.read_bytes()


def test_the_folder_of_the_keys_may_be_named(
    office: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office("keys", "--rotate", "--keys", "safe/place")
    assert len(list(Path("safe/place").iterdir())) == 3
    assert office("checkpoint", "--keys", "safe/place").code == 0
    assert office("checkpoint").code == 2
    monkeypatch.setenv("GRANTS_KEYS", str(tmp_path / "safe/place"))
    assert office("checkpoint").code == 0


def test_without_a_key_a_checkpoint_says_what_to_do(office: Call) -> None:
    answer = office("checkpoint")
    assert answer.code == 2
    assert "make one with: grants keys --rotate" in answer.err


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_a_private_key_that_others_can_read_is_not_used(signing: Call) -> None:
    key_file("key").chmod(0o644)
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "chmod 600" in answer.err


@pytest.mark.parametrize("damage", ["", "PRIVATE+KEY+nonsense", "한글"])
def test_a_damaged_key_is_named_and_not_shown(signing: Call, damage: str) -> None:
    path = key_file("key")
    path.write_text(damage, "utf-8")
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "is no private key" in answer.err


def test_the_key_of_another_log_does_not_sign(signing: Call) -> None:
    path = key_file("key")
    path.write_text(Signer.make("grant-ledger/0000000000000000").text())
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "does not sign for" in answer.err


def test_after_a_rotation_old_and_new_checkpoints_verify(signing: Call) -> None:
    old = kept(signing("checkpoint"), "old.note")
    private = key_file("key").read_text()
    keys = signing("keys", "--rotate").out.splitlines()
    assert len(keys) == 2
    assert key_file("key").read_text() != private
    register(signing, 1)
    new = kept(signing("checkpoint"), "new.note")
    assert signing("verify", "--checkpoint", old, "--checkpoint", new).code == 0
    assert signing("verify", "--checkpoint", old, "--key", keys[0]).code == 0
    assert signing("verify", "--checkpoint", new, "--key", keys[0]).code == 2
    assert signing("verify", "--checkpoint", old, "--key", keys[1]).code == 2


def test_a_key_that_is_taken_out_of_the_list_is_no_longer_trusted(signing: Call) -> None:
    old = kept(signing("checkpoint"), "old.note")
    keys = signing("keys", "--rotate").out.splitlines()
    key_file("pub").write_text(f"{keys[1]}\n")
    answer = signing("verify", "--checkpoint", old)
    assert answer.code == 2
    assert "cannot be told" in answer.err


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────


def test_a_checkpoint_names_origin_size_and_root(signing: Call) -> None:
    note = signing("checkpoint").out
    fields = signing("checkpoint", "--json").json
    verified = signing("verify", "--json").json
    assert fields["note"] == note
    assert (fields["size"], fields["root"]) == (verified["events"], verified["root"])
    origin, size, root, blank, signature, end = note.split("\n")
    assert (origin, size, blank, end) == (fields["origin"], str(fields["size"]), "", "")
    assert b64decode(root).hex() == fields["root"]
    assert signature.startswith(f"— {origin} ")


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_openssl_agrees_with_the_signature_as_the_docs_say(signing: Call, url: str) -> None:
    """None of our code looks at the note: the recipe is run as it stands in the docs."""
    (recipe,) = re.findall(r"```sh\n(.*?openssl.*?)```", OPERATIONS.read_text("utf-8"), re.DOTALL)
    note = kept(signing("checkpoint"), "seen.note")
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for size, code in (("22", 0), ("21", 1)):
        Path(note).write_text(Path(note).read_text("utf-8").replace("\n22\n", f"\n{size}\n"))
        ran = subprocess.run(["bash", "-ec", recipe], capture_output=True, env=env, check=False)
        assert ran.returncode == code, ran.stderr


def test_an_empty_ledger_has_nothing_to_sign(grants: Call) -> None:
    url = "sqlite:///empty.db"
    make_ledger(url).dispose()
    answer = grants("checkpoint", "--ledger", url)
    assert answer.code == 2
    assert "grants init" in answer.err


def test_verify_proves_that_the_log_extends_a_checkpoint(signing: Call) -> None:
    seen = kept(signing("checkpoint"), "seen.note")
    for number in range(3):
        register(signing, number)
    answer = signing("verify", "--checkpoint", seen)
    assert answer.code == 0
    assert "begins with the 22 events of a checkpoint" in answer.out
    assert signing("verify", "--checkpoint", seen, "--json").json["checkpoints"] == [22]


@pytest.mark.parametrize("line", [0, 1, 2, 4])
def test_a_checkpoint_that_was_changed_is_not_trusted(signing: Call, line: int) -> None:
    lines = signing("checkpoint").out.split("\n")
    was = lines[line]
    place = len(was) // 2
    other = "1" if was[place] != "1" else "2"
    lines[line] = was[:place] + other + was[place + 1 :]
    Path("changed.note").write_text("\n".join(lines), "utf-8")
    answer = signing("verify", "--checkpoint", "changed.note", "--key", str(key_file("pub")))
    assert answer.code == 4
    assert "cannot be trusted" in answer.err


def test_a_checkpoint_whose_line_ends_were_changed_is_not_trusted(signing: Call) -> None:
    Path("dos.note").write_bytes(signing("checkpoint").out.replace("\n", "\r\n").encode())
    assert signing("verify", "--checkpoint", "dos.note", "--key", str(key_file("pub"))).code == 4


def test_a_checkpoint_of_another_ledger_is_named(signing: Call) -> None:
    assert signing("init", "--ledger", "sqlite:///other.db").code == 0
    other = kept(signing("checkpoint", "--ledger", "sqlite:///other.db"), "other.note")
    assert signing("verify", "--ledger", "sqlite:///other.db", "--checkpoint", other).code == 0
    answer = signing("verify", "--checkpoint", other, "--keys", "grant-keys")
    assert answer.code == 4
    assert "the checkpoint is of another log" in answer.err


def test_a_file_that_is_not_there_is_a_wrong_call(signing: Call) -> None:
    for call in ("verify --checkpoint none.note", "check-proof none.json", "prove --since none"):
        answer = signing(*call.split())
        assert answer.code == 2
        assert answer.err.count("\n") == 1


# ── what only a checkpoint can tell ──────────────────────────────────────────────────────────


@pytest.mark.tampers
def test_a_tail_that_was_cut_off_is_missed(signing: Call, url: str) -> None:
    before = kept(signing("checkpoint"), "before.note")
    for number in range(5):
        register(signing, number)
    seen = kept(signing("checkpoint"), "seen.note")
    cut_back(url, 24)
    assert signing("verify").code == 0
    assert signing("verify", "--checkpoint", before).code == 0
    answer = signing("verify", "--checkpoint", before, "--checkpoint", seen)
    assert answer.code == 4
    assert "events 25 to 27 are missing at the end" in answer.err
    assert signing("prove", "--since", seen).code == 4


@pytest.mark.tampers
def test_history_that_was_written_anew_is_not_what_was_seen(signing: Call, url: str) -> None:
    before = kept(signing("checkpoint"), "before.note")
    register(signing, 1)
    register(signing, 2)
    seen = kept(signing("checkpoint"), "seen.note")
    cut_back(url, 22)
    register(signing, 3)
    register(signing, 4)
    register(signing, 5)
    assert signing("verify").code == 0
    answer = signing("verify", "--checkpoint", seen, "--checkpoint", before)
    assert answer.code == 4
    assert "the log was rewritten: over events 1 to 24" in answer.err
    assert "what differs lies in events 23 to 24" in answer.err
    assert signing("prove", "--since", before).code == 4
    assert signing("checkpoint", "--after-restore").code == 0
    assert signing("prove", "--since", before).code == 0
    answer = signing("prove", "--since", seen)
    assert answer.code == 4
    assert "does not hold" in answer.err


# ── proofs ───────────────────────────────────────────────────────────────────────────────────


def _alone(folder: Path, *files: str) -> None:
    """Take files to where there is no ledger and no folder of keys."""
    folder.mkdir()
    for file in files:
        shutil.copy(file, folder)
    os.chdir(folder)


def test_a_proof_is_checked_without_a_ledger_by_the_public_key_alone(
    signing: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(signing("prove", "21"), "proof.json")
    public = signing("keys").out.strip()
    _alone(tmp_path / "elsewhere", "proof.json")
    monkeypatch.setenv("GRANTS_LEDGER", "sqlite:///nowhere.db")
    answer = signing("check-proof", "proof.json", "--key", public, "--json")
    assert answer.code == 0
    assert answer.json["proves"] == "inclusion"
    assert (answer.json["seq"], answer.json["kind"]) == (21, "grant-applied")
    assert answer.json["title"] == "시제품"
    assert "시제품" in signing("check-proof", "proof.json", "--key", public).out
    missing = signing("check-proof", "proof.json")
    assert missing.code == 2
    assert "--key" in missing.err
    assert [path.name for path in Path(".").iterdir()] == ["proof.json"]


def test_a_proof_shows_no_other_event(signing: Call) -> None:
    proof = signing("prove", "22").json
    assert set(proof) == {"event", "path", "checkpoint"}
    assert proof["event"] == signing("events", "--after", "21", "--limit", "1").lines[0]
    assert all(len(hash_) == 64 for hash_ in proof["path"])
    assert len(proof["checkpoint"].splitlines()) == 5


Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "data": lambda proof: proof["event"]["data"].update(title="다른 제목"),
    "more data": lambda proof: proof["event"]["data"].update(more=1),
    "an amount": lambda proof: proof["event"]["data"]["lines"][0].update(subsidy=1),
    "the position": lambda proof: proof["event"].update(seq=20),
    "a position past the end": lambda proof: proof["event"].update(seq=999),
    "who": lambda proof: proof["event"].update(actor="lee"),
    "when": lambda proof: proof["event"].update(effective_on="2024-01-09"),
    "the kind": lambda proof: proof["event"].update(kind="grant-settled"),
    "the digest": lambda proof: proof["event"].update(command_digest="0" * 64),
    "the leaf": lambda proof: proof["event"].update(leaf_hash="0" * 64),
    "no leaf": lambda proof: proof["event"].pop("leaf_hash"),
    "a hash": lambda proof: proof["path"].__setitem__(0, "0" * 64),
    "no hashes": lambda proof: proof["path"].clear(),
    "one hash more": lambda proof: proof["path"].append("0" * 64),
    "a short hash": lambda proof: proof["path"].__setitem__(0, "00"),
    "the size": lambda proof: proof.update(
        checkpoint=proof["checkpoint"].replace("\n22\n", "\n23\n")
    ),
    "a signature of nobody": lambda proof: proof.update(
        checkpoint=proof["checkpoint"].partition("\n\n")[0] + "\n"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_proof_in_which_anything_was_changed_does_not_hold(signing: Call, change: str) -> None:
    proof = signing("prove", "21").json
    CHANGES[change](proof)
    Path("proof.json").write_text(json.dumps(proof), "utf-8")
    answer = signing("check-proof", "proof.json")
    assert answer.code == 4
    assert answer.err.startswith("grants: the proof does not hold: ")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"event": 1, "path": 2, "checkpoint": 3}',
        '{"event": {}}',
        "[" * 9999,
    ],
)
def test_a_file_that_is_no_proof_is_a_wrong_call(signing: Call, content: str) -> None:
    Path("proof.json").write_text(content, "utf-8")
    answer = signing("check-proof", "proof.json", "--key", str(key_file("pub")))
    assert answer.code == 2
    assert "this is no proof" in answer.err


def test_a_proof_that_names_a_field_twice_is_refused(signing: Call) -> None:
    """People might read the first and the check the second."""
    text = signing("prove", "21", "--json").out
    twice = text.replace('"actor": "kim"', '"actor": "lee", "actor": "kim"')
    Path("proof.json").write_text(twice, "utf-8")
    assert signing("check-proof", "proof.json").code == 2


def test_a_proof_signed_by_a_stranger_is_not_taken_for_true(signing: Call) -> None:
    proof = signing("prove", "21").json
    origin, size, root, *_ = proof["checkpoint"].split("\n")
    stranger = Checkpoint(origin, int(size), b64decode(root)).note(Signer.make(origin))
    Path("proof.json").write_text(json.dumps(proof | {"checkpoint": stranger}), "utf-8")
    answer = signing("check-proof", "proof.json")
    assert answer.code == 2
    assert "cannot be told" in answer.err


def test_growth_is_proven_without_showing_any_event(signing: Call) -> None:
    seen = kept(signing("checkpoint"), "seen.note")
    for number in range(4):
        register(signing, number)
    proof = signing("prove", "--since", seen).json
    assert set(proof) == {"before", "path", "checkpoint"}
    Path("growth.json").write_text(json.dumps(proof), "utf-8")
    answer = signing("check-proof", "growth.json", "--json")
    assert answer.code == 0
    assert (answer.json["from"], answer.json["to"]) == (22, 26)
    proof["path"][0] = "0" * 64
    Path("growth.json").write_text(json.dumps(proof), "utf-8")
    assert signing("check-proof", "growth.json").code == 4
    proof["before"] = proof["checkpoint"]
    Path("growth.json").write_text(json.dumps(proof), "utf-8")
    assert signing("check-proof", "growth.json").code == 4


@pytest.mark.parametrize("call", ["prove", "prove 1 --since x", "prove 0", "prove 99", "prove x"])
def test_a_proof_of_nothing_that_is_there_is_a_wrong_call(signing: Call, call: str) -> None:
    assert signing(*call.split()).code == 2


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("before", "said"),
    [("keys", "event 21: leaf_hash should be"), ("checkpoint", "the proof does not hold: event")],
)
def test_an_event_that_was_changed_cannot_be_proven(
    signing: Call, url: str, before: str, said: str
) -> None:
    assert signing(before).code == 0
    engine = connect(url)
    tamper(
        engine,
        "UPDATE events SET envelope = replace(envelope, '시제품', '다른것') WHERE seq = 21",
    )
    engine.dispose()
    answer = signing("prove", "21")
    assert answer.code == 4
    assert said in answer.err


# ── hostile files ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 10**30},
        {"actor": "\ud800"},
        {"recorded_at": "0001-01-01T00:00:00.000000"},
        {"recorded_at": 5},
        {"effective_on": None},
        {"command_id": ["x"]},
    ],
)
def test_a_proof_with_impossible_values_is_refused_in_one_line(
    signing: Call, change: dict[str, Any]
) -> None:
    proof = signing("prove", "21").json
    proof["event"] |= change
    Path("proof.json").write_text(json.dumps(proof), "utf-8")
    answer = signing("check-proof", "proof.json")
    assert answer.code == 4
    assert answer.err.count("\n") == 1


def test_a_registered_size_is_not_mistaken_for_that_of_the_log(signing: Call) -> None:
    Path("proof.json").write_text(signing("prove", "18").out, "utf-8")
    told = signing("check-proof", "proof.json", "--json").json
    assert told["size"] == "sme"
    assert told["checkpoint"]["size"] == 22


def test_a_file_of_keys_that_is_none_is_a_wrong_call(signing: Call) -> None:
    Path("proof.json").write_text(signing("prove", "18").out, "utf-8")
    Path("keys.bin").write_bytes(b"\xff\xfe\x00")
    for said in ("keys.bin", "x" * 300, "."):
        answer = signing("check-proof", "proof.json", "--key", said)
        assert answer.code == 2
        assert answer.err.count("\n") == 1


# ── whose word is taken ──────────────────────────────────────────────────────────────────────


def test_a_checked_proof_says_by_which_key_and_where_it_was_found(signing: Call) -> None:
    Path("proof.json").write_text(signing("prove", "21").out, "utf-8")
    public = signing("keys").out.strip()
    key_id = "+".join(public.split("+")[:2])
    own = str(key_file("pub").resolve())
    Path("auditor.pub").write_text(public)
    for said, place in ((), own), (("--key", public), public), (("--key", "auditor.pub"), None):
        answer = signing("check-proof", "proof.json", *said)
        assert answer.code == 0
        assert f"signed by {key_id}, a key from {place or 'auditor.pub'}" in answer.out
        told = signing("check-proof", "proof.json", *said, "--json").json
        assert told["signed_by"] == [{"key": key_id, "from": place or "auditor.pub"}]


def test_a_proof_over_a_rotation_names_both_keys(signing: Call) -> None:
    seen = kept(signing("checkpoint"), "seen.note")
    keys = signing("keys", "--rotate").out.splitlines()
    register(signing, 1)
    Path("growth.json").write_text(signing("prove", "--since", seen).out, "utf-8")
    told = signing("check-proof", "growth.json", "--json").json
    assert [one["key"] for one in told["signed_by"]] == ["+".join(k.split("+")[:2]) for k in keys]
    assert signing("check-proof", "growth.json", "--key", keys[0]).code == 2


def test_verify_says_by_which_key_a_checkpoint_was_signed(signing: Call) -> None:
    seen = kept(signing("checkpoint"), "seen.note")
    key_id = "+".join(signing("keys").out.split("+")[:2])
    assert f"signed by {key_id}, a key from " in signing("verify", "--checkpoint", seen).out
    ((signer,),) = signing("verify", "--checkpoint", seen, "--json").json["signed_by"]
    assert signer == {"key": key_id, "from": str(key_file("pub").resolve())}


def test_keys_that_came_with_a_proof_are_not_believed(
    signing: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's log, packed with the stranger's keys where an auditor unpacks it."""
    Path("proof.json").write_text(signing("prove", "21").out, "utf-8")
    _alone(tmp_path / "unpacked", "proof.json")
    shutil.copytree(tmp_path / "grant-keys", "grant-keys")
    monkeypatch.delenv("GRANTS_LEDGER")
    answer = signing("check-proof", "proof.json")
    assert (answer.code, answer.out) == (2, "")
    assert "name the key that you trust with --key" in answer.err
    assert signing("check-proof", "proof.json", "--keys", "grant-keys").code == 0


def test_the_keys_of_another_ledger_are_not_believed(signing: Call) -> None:
    """The folder may list more than one log: only one's own is believed unsaid."""
    Path("proof.json").write_text(signing("prove", "21").out, "utf-8")
    other = ("--ledger", "sqlite:///other.db")
    assert signing("init", *other).code == 0
    answer = signing("check-proof", "proof.json", *other)
    assert answer.code == 2
    assert "name the key that you trust with --key: the proof is of 'grant-ledger/" in answer.err


def _of_another_name(note: str, origin: str, signer: Signer) -> str:
    """The same tree, signed as that of a log of another name."""
    _, size, root, *_ = note.split("\n")
    return Checkpoint(origin, int(size), b64decode(root)).note(signer)


@pytest.mark.parametrize("seq", ["1", "2"])
def test_the_first_event_is_held_against_the_name_of_the_log(signing: Call, seq: str) -> None:
    """The log is named after its hash, which the proof of either of the first two shows."""
    proof = signing("prove", seq).json
    other = Signer.make("grant-ledger/0123456789abcdef")
    proof["checkpoint"] = _of_another_name(proof["checkpoint"], other.name, other)
    Path("proof.json").write_text(json.dumps(proof), "utf-8")
    answer = signing("check-proof", "proof.json", "--key", other.verifier.text())
    assert (answer.code, answer.out) == (4, "")
    assert "the first event names the log grant-ledger/" in answer.err


def test_growth_from_the_first_event_is_held_against_the_name_of_the_log(signing: Call) -> None:
    proof = signing("prove", "1").json
    other = Signer.make("grant-ledger/0123456789abcdef")
    first = Checkpoint(other.name, 1, bytes.fromhex(proof["event"]["leaf_hash"]))
    growth = {
        "before": first.note(other),
        "path": proof["path"],  # from one leaf on, both paths are the same
        "checkpoint": _of_another_name(proof["checkpoint"], other.name, other),
    }
    Path("growth.json").write_text(json.dumps(growth), "utf-8")
    answer = signing("check-proof", "growth.json", "--key", other.verifier.text())
    assert (answer.code, answer.out) == (4, "")
    assert "the first event names the log grant-ledger/" in answer.err
