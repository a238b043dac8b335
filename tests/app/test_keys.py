"""The files of the keys: found whichever way one comes to a ledger, and nobody else's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.keys import Keys, usual_folder
from ledger.errors import Misused
from ledger.transparency.notes import Signer
from tests.app.calling import Call
from tests.app.kept import kept, key_file

ORIGIN = "grant-ledger/0123456789abcdef"
STRANGER = 12345  # a user who is not us
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


# ── the key belongs to the log, not to the way one came ──────────────────────────────────────


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_through_a_link_to_the_ledger_the_same_key_signs(signing: Call, url: str) -> None:
    file = Path(make_url(url).database or "")
    Path("elsewhere").mkdir()
    Path("elsewhere/link.db").symlink_to(file)
    Path("folder").symlink_to(file.parent)
    note = kept(signing("checkpoint"), "seen.note")
    for way in ("elsewhere/link.db", f"folder/{file.name}", f"elsewhere/../{file.name}"):
        where = ("--ledger", f"sqlite:///{way}")
        assert signing("init", *where, "--json").json["key_made"] is False
        assert signing("checkpoint", *where).out == Path(note).read_text("utf-8")
        assert signing("verify", "--checkpoint", note, *where).code == 0
    assert not Path("elsewhere/grant-keys").exists()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_query_of_an_address_does_not_move_the_keys(signing: Call, url: str) -> None:
    note = signing("checkpoint").out
    for way in (f"{url}?timeout=5", url.replace("sqlite:", "sqlite+pysqlite:")):
        assert signing("checkpoint", "--ledger", way).out == note


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:///x.db", "{here}/grant-keys"),
        ("sqlite:///d/x.db", "{here}/d/grant-keys"),
        ("sqlite:////tmp/../x.db", "/grant-keys"),
        ("sqlite:///d%20e/x.db", "{here}/d e/grant-keys"),
        ("sqlite:///d%20e/x.db?timeout=5", "{here}/d e/grant-keys"),
        ("sqlite:///d e/x.db?timeout=5", "{here}/d e/grant-keys"),
        ("sqlite+pysqlite:///d/x.db", "{here}/d/grant-keys"),
        ("postgresql://db/grants", "{data}/grant-keys"),
        ("postgresql+psycopg://kim:secret@db1,db2/grants?sslmode=require", "{data}/grant-keys"),
        ("postgres://db/grants", "{data}/grant-keys"),
    ],
)
def test_each_address_of_a_ledger_means_one_folder(
    url: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", "/data/of kim")
    here = os.path.realpath(tmp_path)
    assert str(usual_folder(url)) == folder.format(here=here, data="/data/of kim")


@pytest.mark.parametrize("said", [None, "", "relative/path"])
def test_a_servers_keys_are_where_the_user_keeps_data_wherever_one_works(
    said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative path is to be ignored, says the XDG convention."""
    monkeypatch.setenv("HOME", "/home/kim")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if said is not None:
        monkeypatch.setenv("XDG_DATA_HOME", said)
    for folder in (tmp_path, "/"):
        monkeypatch.chdir(folder)
        assert str(usual_folder("postgresql://db/g")) == "/home/kim/.local/share/grant-keys"


def test_an_address_that_is_none_names_no_folder() -> None:
    with pytest.raises(Misused, match="--keys") as told:
        usual_folder("pass:word@nowhere")
    assert "word" not in str(told.value)


def test_from_another_folder_the_same_key_signs(
    signing: Call, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = signing("checkpoint").out
    (tmp_path / "another").mkdir()
    monkeypatch.chdir(tmp_path / "another")
    assert signing("init", "--json").json["key_made"] is False
    assert signing("checkpoint").out == note
    assert list(Path(".").iterdir()) == []


def test_a_ledger_that_was_there_before_gets_no_second_key_by_init(office: Call) -> None:
    """Its own may lie elsewhere; what that signed would be of an unknown key here."""
    answer = office("init")
    assert answer.code == 0
    assert "there is no key of" in answer.out
    assert not Path("grant-keys").exists()
    assert office("keys", "--rotate").code == 0
    assert "there is no key" not in office("init").out


def test_a_new_ledger_gets_its_key_from_init(grants: Call) -> None:
    assert grants("init", "--ledger", "sqlite:///new.db", "--json").json["key_made"] is True
    assert grants("checkpoint", "--ledger", "sqlite:///new.db").code == 0


def _key_id(key: str) -> str:
    return "+".join(key.split("+")[:2])


def test_which_key_would_be_needed_and_where_it_was_sought_is_told(signing: Call) -> None:
    note = kept(signing("checkpoint"), "seen.note")
    key_id = _key_id(signing("keys").out)
    Path("grant-keys").rename("moved")
    answer = signing("verify", "--checkpoint", note)
    assert answer.code == 2
    assert f"needs the public key {key_id}" in answer.err
    assert "/grant-keys/" in answer.err
    assert "there is none" in answer.err
    assert signing("keys", "--rotate").code == 0
    answer = signing("verify", "--checkpoint", note)
    assert answer.code == 2
    assert f"needs the public key {key_id}" in answer.err
    assert _key_id(signing("keys").out) in answer.err
    assert signing("verify", "--checkpoint", note, "--keys", "moved").code == 0


# ── nobody else's ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o022, 0o077])
def test_whatever_the_umask_others_can_neither_enter_nor_write(tmp_path: Path, mask: int) -> None:
    keys = Keys(tmp_path / "data" / "of kim" / "grant-keys", ORIGIN)
    with umask(mask):
        keys.make()
        keys.rotate()
    for folder in (keys.folder, *list(keys.folder.parents)[:2]):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
    assert keys.private.stat().st_mode & 0o777 == 0o600
    assert keys.signed.stat().st_mode & 0o777 == 0o600
    assert keys.public.stat().st_mode & 0o777 == 0o644 & ~mask


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o720])
def test_a_folder_that_others_can_write_to_is_not_used(signing: Call, mode: int) -> None:
    note = kept(signing("checkpoint"), "seen.note")
    Path("grant-keys").chmod(mode)
    for call in ("checkpoint", "prove 1", "keys", "keys --rotate", f"verify --checkpoint {note}"):
        answer = signing(*call.split())
        assert answer.code == 2
        assert "chmod 700" in answer.err
    Path("grant-keys").chmod(0o755)
    assert signing("checkpoint").code == 0


def test_a_list_of_keys_that_others_can_write_is_not_trusted(signing: Call) -> None:
    note = kept(signing("checkpoint"), "seen.note")
    key_file("pub").chmod(0o666)
    for call in ("checkpoint", f"verify --checkpoint {note}"):
        answer = signing(*call.split())
        assert answer.code == 2
        assert "chmod 644" in answer.err


@pytest.mark.parametrize("ending", ["key", "signed"])
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o644, 0o601])
def test_what_others_can_reach_does_not_sign(signing: Call, ending: str, mode: int) -> None:
    key_file(ending).chmod(mode)
    answer = signing("checkpoint")
    assert answer.code == 2
    assert f"chmod 600 {key_file(ending).resolve()}" in answer.err


@as_root
@pytest.mark.parametrize("whose", ["key", "signed", "folder"])
def test_what_belongs_to_another_user_does_not_sign(signing: Call, whose: str) -> None:
    os.chown(Path("grant-keys") if whose == "folder" else key_file(whose), STRANGER, -1)
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "belongs to another user (uid 12345" in answer.err


@pytest.mark.parametrize("ending", ["key", "signed"])
@pytest.mark.parametrize("target", ["/etc/hostname", "elsewhere", "nowhere"])
def test_a_link_in_the_place_of_a_key_is_not_followed(
    signing: Call, ending: str, target: str
) -> None:
    path = key_file(ending)
    if target == "elsewhere":
        path.rename("elsewhere")
        target = str(Path("elsewhere").resolve())
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "is a link, which is not followed" in answer.err


@pytest.mark.parametrize(
    "make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe that nobody writes to"]
)
def test_a_key_that_is_no_file_is_not_waited_for(
    signing: Call, make: Callable[[Path], object]
) -> None:
    path = key_file("key")
    path.unlink()
    make(path)
    answer = signing("checkpoint")
    assert answer.code == 2
    assert "is not a file" in answer.err


def test_the_folder_itself_may_be_reached_through_a_link(signing: Call) -> None:
    Path("grant-keys").rename("safe")
    Path("grant-keys").symlink_to("safe")
    assert signing("checkpoint").code == 0


# ── left half-made ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("leftover", [".part", ".{pid}"])
@pytest.mark.parametrize("ending", ["key", "pub", "signed"])
def test_a_draft_that_a_dead_process_left_blocks_nothing(
    tmp_path: Path, ending: str, leftover: str
) -> None:
    keys = Keys(tmp_path / "grant-keys", ORIGIN)
    keys.make()
    name = {"key": keys.private, "pub": keys.public, "signed": keys.signed}[ending].name
    (keys.folder / f"{name}{leftover.format(pid=os.getpid())}").write_text("PRIVATE+KEY+half")
    keys.rotate()
    assert len(keys.verifiers()) == 2
    assert keys.signer().verifier == keys.verifiers()[-1]
    assert not list(keys.folder.glob("*.part"))


def test_a_draft_that_is_a_link_leads_nowhere(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "grant-keys", ORIGIN)
    keys.make()
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in (keys.private.name, keys.public.name, keys.signed.name):
        (keys.folder / f"{name}.part").symlink_to(victim)
    keys.rotate()
    assert victim.read_text() == "mine"
    assert not keys.private.is_symlink()


STEPS = """
import os, signal, sys
from pathlib import Path
from app.keys import Keys

step = int(sys.argv[2])
if sys.argv[4:] == ["heard"]:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
def stopping(event, arguments):
    global step
    if event == "os.rename":
        step -= 1
        if step < 0:
            os.kill(os.getpid(), int(sys.argv[3]))
sys.addaudithook(stopping)
Keys(Path(sys.argv[1]), "grant-ledger/0123456789abcdef").rotate()
"""


@pytest.mark.parametrize("step", [0, 1, 2])
@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_wherever_the_making_of_a_key_ends_the_next_one_succeeds(
    tmp_path: Path, step: int, made: bool, end: signal.Signals
) -> None:
    """Killed with a draft in hand, before it gets its name: of the list, the note, the key."""
    keys = Keys(tmp_path / "grant-keys", ORIGIN)
    if made:
        keys.make()
        before = keys.signer()
    killed = subprocess.run(
        [sys.executable, "-c", STEPS, str(keys.folder), str(step), str(int(end))],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert killed.returncode == -end
    if made:
        assert keys.signer() == before
        assert keys.last_signed().size == 0
    keys.rotate()
    assert keys.signer().verifier == keys.verifiers()[-1]
    assert keys.last_signed().size == 0
    assert not list(keys.folder.glob("*.part"))


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_process_that_is_told_to_end_and_hears_it_leaves_no_draft(
    tmp_path: Path, step: int
) -> None:
    folder = tmp_path / "grant-keys"
    told = subprocess.run(
        [sys.executable, "-c", STEPS, str(folder), str(step), str(int(signal.SIGTERM)), "heard"],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert told.returncode == 143
    assert not list(folder.glob("*.part"))


def test_whoever_waits_too_long_for_the_folder_is_told_that_it_is_busy(
    signing: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANTS_WAIT", "0.1")
    folder = os.open("grant-keys", os.O_RDONLY)
    flock(folder, LOCK_EX)
    try:
        answer = signing("checkpoint")
        assert answer.code == 5
        assert "busy" in answer.err
    finally:
        os.close(folder)
    assert signing("checkpoint").code == 0


def test_keys_rotated_by_many_at_once_are_all_listed(signing: Call) -> None:
    private = key_file("key")
    keys = Keys(private.parent, Signer.parse(private.read_text().strip()).name, 60.0)
    rotating = [threading.Thread(target=keys.rotate) for _ in range(8)]
    for thread in rotating:
        thread.start()
    for thread in rotating:
        thread.join()
    assert len(signing("keys").out.splitlines()) == 9
    note = kept(signing("checkpoint"), "seen.note")
    assert signing("verify", "--checkpoint", note).code == 0
