"""Moving house, whole or not at all, and copies that are made while others write."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from commands.execute import execute, execute_all
from ledger import log, reading
from ledger.database.engine import Engine
from projections.opening import open_ledger
from projections.questions.roll_ups import BYS
from projections.replay.verify import verify
from tests.app.calling import Answer, Call
from tests.asked import balances
from tests.postgres import Server
from tests.projections.replay.verify.tampering import tamper

ROOT = Path(__file__).parents[3]


@pytest.fixture
def house(office: Call) -> str:
    """An exported ledger."""
    answer = office("export", "--to", "house.jsonl")
    assert answer.code == 0, answer.err
    return "house.jsonl"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Server
) -> Callable[[], str]:
    """Makes URLs of places where no ledger is yet, on each engine in turn."""
    numbers = iter(range(99))

    def made() -> str:
        if request.param == "postgresql":
            return postgres.create_database()
        return f"sqlite:///{tmp_path}/new{next(numbers)}.db"

    return made


def _all_of(url: str) -> dict[str, Any]:
    """Everything there is to ask of a ledger."""
    engine = open_ledger(url)
    with log.reading(engine) as connection:
        events = list(reading.read(connection))
        origin = log.origin(connection)
        sums = {by: balances(connection, by, today="2026-11-22") for by in BYS}
    root = verify(engine).root
    engine.dispose()
    return {"events": events, "origin": origin, "balances": sums, "root": root}


# ── out and in ───────────────────────────────────────────────────────────────────────────────


def test_a_ledger_moves_between_engines_with_the_same_bytes_and_root(
    office: Call, house: str, url: str, empty_url: Callable[[], str]
) -> None:
    new = empty_url()
    answer = office("load", house, "--ledger", new)
    assert answer.code == 0, answer.err
    assert _all_of(new) == _all_of(url)
    again = office("export", "--ledger", new)
    assert again.out == Path(house).read_text("utf-8")


def test_a_ledger_that_moved_goes_on_where_it_was(
    office: Call, house: str, url: str, empty_url: Callable[[], str]
) -> None:
    new = empty_url()
    office("load", house, "--ledger", new)
    paid = {"command": "reject", "grant": "G-1", "reason": "x", "actor": "lee"}
    opened = {"command": "open_year", "id": "y", "year": 2025, "actor": "kim"}
    engine = open_ledger(new)
    assert execute(engine, paid).rule == "wrong-status"
    assert execute(engine, opened).events == [23]
    assert execute(engine, opened).status == "duplicate"
    verify(engine)
    engine.dispose()


def test_old_checkpoints_hold_in_the_new_house(
    office: Call, house: str, empty_url: Callable[[], str]
) -> None:
    office("keys", "--rotate")
    Path("seen.note").write_text(office("checkpoint").out, "utf-8")
    new = empty_url()
    assert office("load", house, "--ledger", new, "--checkpoint", "seen.note").code == 0
    where = ("--ledger", new, "--keys", "grant-keys")
    assert office("verify", "--checkpoint", "seen.note", *where).code == 0
    assert office("checkpoint", *where).out == Path("seen.note").read_text("utf-8")


def test_an_export_is_every_event_as_events_prints_them(office: Call, house: str) -> None:
    assert Path(house).read_text("utf-8") == office("events", "--json").out
    assert office("export", "--format", "jsonl").out == office("events", "--json").out


def test_an_export_says_how_much_it_was_and_the_load_says_the_same(
    office: Call, house: str
) -> None:
    told = office("export", "--to", "again.jsonl", "--json").json
    loaded = office("load", house, "--ledger", "sqlite:///new.db", "--json").json
    assert (told["events"], told["root"]) == (loaded["events"], loaded["root"])


def test_an_export_overwrites_nothing_and_leaves_no_draft(office: Call, house: str) -> None:
    before = Path(house).read_bytes()
    assert office("export", "--to", house).code == 2
    assert Path(house).read_bytes() == before
    assert office("export", "--to", "nowhere/house.jsonl").code == 5
    assert [path.name for path in Path().glob("*.part")] == []


def test_standard_input_may_be_loaded(
    office: Call, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(house).open(encoding="utf-8") as lines:
        monkeypatch.setattr(sys, "stdin", lines)
        assert office("load", "-", "--ledger", "sqlite:///new.db").code == 0


def test_a_ledger_that_has_events_takes_no_load(office: Call, house: str, url: str) -> None:
    before = _all_of(url)
    answer = office("load", house)
    assert answer.code == 2
    assert "has 22 events already" in answer.err
    assert _all_of(url) == before


# ── damaged ──────────────────────────────────────────────────────────────────────────────────


def _without(lines: list[str]) -> list[str]:
    return lines[:9] + lines[10:]


def _twice(lines: list[str]) -> list[str]:
    return [*lines[:10], lines[9], *lines[10:]]


def _swapped(lines: list[str]) -> list[str]:
    return [*lines[:9], lines[10], lines[9], *lines[11:]]


def _cut(lines: list[str]) -> list[str]:
    return [*lines[:9], lines[9][:100]]


def _changed(field: str, value: object) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        return [*lines[:9], json.dumps(json.loads(lines[9]) | {field: value}), *lines[10:]]

    return change


DAMAGES: dict[str, tuple[Callable[[list[str]], list[str]], int]] = {
    "an event missing": (_without, 10),
    "an event twice": (_twice, 11),
    "two events swapped": (_swapped, 10),
    "cut off in a line": (_cut, 10),
    "not from the beginning": (lambda lines: lines[1:], 1),
    "an empty line": (lambda lines: [*lines[:9], "", *lines[9:]], 10),
    "another kind of line": (lambda lines: [*lines[:9], "[]", *lines[9:]], 10),
    "another field": (_changed("more", 1), 10),
    **{
        f"{field} {value!r}": (_changed(field, value), 10)
        for field, value in {
            "kind": "nothing-known",
            "actor": "somebody",
            "command_id": "x",
            "command_digest": "0" * 64,
            "effective_on": "2024-02-30",
            "recorded_at": "yesterday",
            "data": {},
            "leaf_hash": "0" * 64,
        }.items()
    },
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_load_says_where_and_leaves_nothing(
    office: Call, house: str, empty_url: Callable[[], str], damage: str
) -> None:
    change, line = DAMAGES[damage]
    lines = Path(house).read_text("utf-8").splitlines()
    Path("damaged.jsonl").write_text("\n".join(change(lines)) + "\n", "utf-8")
    new = empty_url()
    answer = office("load", "damaged.jsonl", "--ledger", new)
    assert answer.code == 4
    assert answer.err.startswith(f"grants: line {line}: ")
    assert answer.err.count("\n") == 1
    _nothing_is_at(office, new)
    assert office("load", house, "--ledger", new).code == 0


def _nothing_is_at(grants: Call, url: str) -> None:
    answer = grants("balances", "--ledger", url)
    assert answer.code in (4, 5)
    assert "make one with: grants init" in answer.err


def test_events_that_are_missing_at_the_end_are_missed_by_a_checkpoint(
    office: Call, house: str, empty_url: Callable[[], str]
) -> None:
    office("keys", "--rotate")
    Path("seen.note").write_text(office("checkpoint").out, "utf-8")
    lines = Path(house).read_text("utf-8").splitlines(keepends=True)
    Path("short.jsonl").write_text("".join(lines[:-2]), "utf-8")
    new = empty_url()
    answer = office("load", "short.jsonl", "--ledger", new, "--checkpoint", "seen.note")
    assert answer.code == 4
    assert "events 21 to 22 are missing at the end" in answer.err
    _nothing_is_at(office, new)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
def test_a_file_that_holds_no_log_is_refused(office: Call, content: bytes) -> None:
    Path("strange.jsonl").write_bytes(content)
    answer = office("load", "strange.jsonl", "--ledger", "sqlite:///new.db")
    assert answer.code in (2, 4)
    _nothing_is_at(office, "sqlite:///new.db")


@pytest.mark.tampers
def test_an_export_of_a_damaged_log_fails_and_leaves_no_file(office: Call, engine: Engine) -> None:

    tamper(engine, "UPDATE events SET envelope = replace(envelope, '시제품', 'X') WHERE seq = 21")
    answer = office("export", "--to", "out.jsonl")
    assert answer.code == 4
    assert "event 21: leaf_hash" in answer.err
    assert list(Path().glob("out*")) == []


def test_a_load_that_is_killed_leaves_nothing_and_can_be_done_again(
    office: Call, engine: Engine, empty_url: Callable[[], str]
) -> None:
    registrations = [
        {
            "command": "register_company",
            "actor": "kim",
            "business_number": f"999-81-{number:05d}",
            "name": "대학",
            "party_type": "university",
        }
        for number in range(3_000)
    ]
    for _ in execute_all(engine, registrations):
        pass
    assert office("export", "--to", "long.jsonl").code == 0
    new = empty_url()
    lines = Path("long.jsonl").read_bytes().splitlines(keepends=True)
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "load", "-", "--ledger", new],
        stdin=subprocess.PIPE,
        bufsize=0,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as loading:
        assert loading.stdin is not None
        for line in lines[:2_900]:
            loading.stdin.write(line)
        loading.send_signal(signal.SIGKILL)
    assert office("balances", "--ledger", new).code in (4, 5)
    assert office("load", "long.jsonl", "--ledger", new).code == 0
    assert office("verify", "--ledger", new).code == 0


def test_of_two_loads_at_once_one_succeeds_and_the_other_harms_nothing(
    office: Call, house: str, empty_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANTS_WAIT", "1")
    new = empty_url()
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "load", "-", "--ledger", new],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as slow:
        assert slow.stdin is not None
        lines = Path(house).read_bytes().splitlines(keepends=True)
        for line in lines[:10]:
            slow.stdin.write(line)
        time.sleep(2)
        quick = office("load", house, "--ledger", f"{new}")
        for line in lines[10:]:
            slow.stdin.write(line)
        slow.stdin.close()
        slow.wait()
    assert {quick.code, slow.returncode} in ({0, 2}, {0, 5})
    assert office("verify", "--ledger", new).code == 0


# ── backups ──────────────────────────────────────────────────────────────────────────────────

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


@on_sqlite
def test_a_backup_is_a_ledger_of_its_own(office: Call, url: str) -> None:
    answer = office("backup", "copy.db", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["events"] == 22
    assert _all_of("sqlite:///copy.db") == _all_of(url)
    assert not list(Path().glob("copy.db-*"))


@on_sqlite
@pytest.mark.parametrize(
    "name",
    [
        *("사본.db", "a@b.db", "100%.db", "100%25.db", "2026-11-26T10:00.db", "(1).db", "a b?.db"),
        *(":memory:", "file:x.db", "x#y.db", "memory?mode=memory&cache=shared"),
    ],
)
def test_a_backup_may_have_any_name_and_says_what_it_holds(office: Call, name: str) -> None:
    answer = office("backup", name)
    assert answer.code == 0, answer.err
    assert "22 events, root" in answer.out
    with sqlite3.connect(Path(name).absolute()) as copy:
        assert copy.execute("SELECT size FROM head").fetchone() == (22,)
    copy.close()
    assert [each.name for each in Path().iterdir() if each.name.startswith(name[:3])] == [name]


@on_sqlite
@pytest.mark.parametrize("umask", [0o000, 0o022])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_copy_is_never_more_open_than_the_ledger(
    office: Call, url: str, umask: int, mode: int
) -> None:
    Path(make_url(url).database or "").chmod(mode)
    before = os.umask(umask)
    try:
        assert office("backup", "copy.db").code == 0
        assert office("export", "--to", "house.jsonl").code == 0
    finally:
        os.umask(before)
    for copy in ("copy.db", "house.jsonl"):
        assert Path(copy).stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_an_export_of_a_ledger_on_a_server_is_for_its_owner_alone(office: Call) -> None:
    before = os.umask(0)
    try:
        assert office("export", "--to", "house.jsonl").code == 0
    finally:
        os.umask(before)
    assert Path("house.jsonl").stat().st_mode & 0o777 == 0o600


@on_sqlite
@pytest.mark.parametrize(("number", "ends_with"), [(signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_whoever_is_ended_leaves_no_copy_of_standard_input(
    url: str, tmp_path: Path, number: signal.Signals, ends_with: int
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "run", "-", "--ledger", url],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(room)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"command": "open_year"}\n' * 400_000)  # more than memory takes
        process.stdin.flush()
        held = any(_holds_a_file_in(room, process.pid) or time.sleep(0.01) for _ in range(6_000))
        process.send_signal(number)
    assert held
    assert process.returncode == ends_with
    assert os.listdir(room) == []


def _holds_a_file_in(folder: Path, process: int) -> bool:
    """Whether a process has a file open there, named or not."""
    for opened in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            if os.readlink(opened).startswith(f"{folder}/"):
                return True
    return False


@on_sqlite
def test_a_backup_overwrites_nothing(office: Call) -> None:
    Path("copy.db").write_text("precious")
    answer = office("backup", "copy.db")
    assert answer.code == 2
    assert Path("copy.db").read_text() == "precious"
    assert office("backup", "nowhere/copy.db").code == 5
    assert list(Path().glob("*.part")) == []


@on_sqlite
def test_backups_made_while_others_write_are_each_a_moment_of_the_ledger(
    office: Call, engine: Engine
) -> None:
    done = threading.Event()
    recorded: list[int] = []

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            execute(
                engine,
                {
                    "command": "register_company",
                    "actor": "kim",
                    "business_number": f"999-81-{number:05d}",
                    "name": "대학",
                    "party_type": "university",
                },
            )
            recorded.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = []
        for copy in range(5):
            answer = office("backup", f"copy{copy}.db", "--json")
            assert answer.code == 0, answer.err
            sizes.append(answer.json["events"])
    finally:
        done.set()
        writer.join()
    assert len(recorded) > 5
    assert sizes == sorted(sizes)
    for copy in range(5):
        assert office("verify", "--ledger", f"sqlite:///copy{copy}.db").code == 0


@on_sqlite
def test_a_damaged_ledger_may_be_copied_as_it_is(office: Call, url: str) -> None:
    database = make_url(url).database or ""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE projections SET version = 1")
    connection.close()
    assert office("backup", "copy.db").code == 0
    assert office("balances").code == 0


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_on_postgresql_a_backup_names_its_tools(office: Call) -> None:
    answer: Answer = office("backup", "copy.db")
    assert answer.code == 2
    assert "pg_dump" in answer.err
    assert not Path("copy.db").exists()
