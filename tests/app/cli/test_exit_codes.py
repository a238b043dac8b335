"""The contract's exit codes and no other, on any input; never a traceback at anybody."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from app.cli import exits
from tests.app.processes import Ended, Office

DIGITS = "9" * 5_000
REGISTER = "register-company --business-number 609-86-00005 --name x --party-type university"
RECORDED = '{"command": "open_year", "actor": "kim", "year": 2024, "effective_on": "2024-01-02"}'


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new ledger."""
    office = Office(tmp_path_factory.mktemp("office"))
    assert office.shell("grants init").code == 0
    return office.folder


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    """A new ledger of its own."""
    shutil.copytree(template, tmp_path / "office")
    return Office(tmp_path / "office")


def _plain(ended: Ended, code: int) -> str:
    """What was said on standard error: one line at most, and the code is the one expected."""
    assert ended.code == code, ended
    assert "Traceback" not in ended.err + ended.out
    assert "Exception ignored" not in ended.err
    assert len(ended.err.splitlines()) <= 1, ended.err
    return ended.err


# ── streams ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("grants balances >&-", 2),
        ("grants --help >&-", 2),
        ("grants balances 1</dev/null", 2),
        ("grants balances 2>&-", 0),
        ("grants nonsense 2>&-", 2),
        ("grants nonsense 2>/dev/full", 2),
        ("grants balances >&- 2>&- <&-", 2),
        ("grants run - <&-", 2),
        ("grants load - <&-", 2),
        ("grants run - 0>/dev/null", 2),
        ("grants balances >/dev/full", 5),
        ("grants events --json >/dev/full", 5),
        ("grants --help >/dev/full", 5),
        ("grants balances >/dev/full 2>/dev/full", 5),
        ("grants balances | true; exit ${PIPESTATUS[0]}", 141),
        ("grants events | true; exit ${PIPESTATUS[0]}", 141),
        ("grants show programme prototype | true; exit ${PIPESTATUS[0]}", 141),
    ],
)
def test_streams_that_are_closed_full_or_not_read(office: Office, script: str, code: int) -> None:
    before = office.ledger.read_bytes()
    _plain(office.shell(script), code)
    assert office.ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (f"grants {REGISTER} --actor kim >&-", 2),
        (f"grants {REGISTER} --actor kim 1</dev/null", 2),
        ("grants run f.jsonl >&-", 2),
    ],
)
def test_where_nothing_can_be_printed_nothing_is_recorded(
    office: Office, script: str, code: int
) -> None:
    (office.folder / "f.jsonl").write_text(RECORDED + "\n")
    before = office.size
    _plain(office.shell(script), code)
    assert office.size == before


def test_where_the_reader_left_before_nothing_is_recorded(office: Office) -> None:
    before = office.size
    late = f"{{ sleep 1; grants {REGISTER} --actor kim; }} | true; exit ${{PIPESTATUS[0]}}"
    assert _plain(office.shell(late), 141) == ""
    assert office.size == before


def test_what_was_recorded_and_could_not_be_printed_is_said_with_its_id(office: Office) -> None:
    said = _plain(office.shell(f"grants {REGISTER} --actor kim --id r-1 >/dev/full"), 5)
    assert said == (
        "grants: register_company was recorded under the id r-1, event 18, but it could not be "
        "printed: No space left on device: output\n"
    )
    again = office.shell(f"grants {REGISTER} --actor kim --id r-1 --json")
    assert json.loads(again.out)["status"] == "duplicate"


def test_a_file_whose_receipts_cannot_be_printed_says_how_far_it_came(office: Office) -> None:
    (office.folder / "f.jsonl").write_text(RECORDED + "\n")
    said = _plain(office.shell("grants run f.jsonl >/dev/full"), 5)
    assert "every line was executed, but it could not be printed" in said
    assert '"status": "duplicate"' in office.shell("grants run f.jsonl").out


def test_no_more_is_recorded_once_whoever_reads_the_receipts_has_left(office: Office) -> None:
    lines = [
        {
            "command": "register_company",
            "actor": "kim",
            "business_number": f"{number:010d}",
            "name": "x",
            "party_type": "university",
        }
        for number in range(4_000)
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (office.folder / "f.jsonl").write_text(text)
    ended = office.shell("grants run f.jsonl | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}")
    assert "but whoever read the output left" in _plain(ended, 141)
    assert office.size < 17 + 4_000


# ── arguments and input ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("grants nonsense", 2),
        ("grants", 0),
        ("grants balances --nonsense", 2),
        ("grants balances extra", 2),
        ("grants diff --at-seq", 2),
        (f"grants balances --year {DIGITS}", 2),
        (f"grants balances --at-seq {DIGITS}", 2),
        (f"grants balances --grant {DIGITS}", 2),
        (f"grants open-year --actor kim --year {DIGITS}", 2),
        (f"grants apply --programme x --title x --lead x --actor k --lines subsidy={DIGITS}", 2),
        ("grants events --after 99999999999999999999", 2),
        ("grants show $'\\xff'", 2),
        ("grants balances --case $'\\xff'", 2),
        ("grants $'\\xff'", 2),
        ("grants $'a\\nb'", 2),
        ("grants open-year --year 2024 --actor $'\\xff'", 3),
        ("grants balances --ledger $'sqlite:///\\xff.db'", 5),
        ("grants run $'\\xff'", 2),
        ("grants run /nowhere/at/all", 2),
        ("grants apply --lines @/dev/zero --programme x --title x --lead x --actor k", 2),
        ("grants apply --lines @/tmp --programme x --title x --lead x --actor k", 2),
        (f'echo \'{{"command": "open_year", "year": {DIGITS}}}\' | grants run -', 3),
        ("python3 -c 'print(\"[\" * 100000)' | tr -d '\\n' | cat - <(echo) | grants run -", 3),
        ("echo '{\"command\": []}' | grants run -", 3),
        ("echo null | grants run -", 3),
    ],
)
def test_whatever_is_asked_the_code_is_the_contract_s(
    office: Office, script: str, code: int
) -> None:
    ended = office.shell(script)
    _plain(ended, code)
    assert len(ended.err) < 3_000
    assert "sys.set_int_max_str_digits" not in ended.out + ended.err
    assert "maximum recursion" not in ended.out + ended.err


# ── interrupted ──────────────────────────────────────────────────────────────────────────────

STOPPED = """
import os, signal, sys

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ.get("STOP_AT"):
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stop())
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job has not
"""


@pytest.mark.parametrize(
    "module",
    ["ledger.errors", "app.cli.streams", "cyclopts", "app.cli.asking", "sqlalchemy", "rich"],
)
def test_an_interrupt_at_any_import_ends_with_130_and_no_word(office: Office, module: str) -> None:
    program = f"{STOPPED}\nfrom app.cli import main\nmain(['balances'])"
    ended = office.python(program, STOP_AT=module)
    assert _plain(ended, 130) == ""


# ── what nobody foresaw ──────────────────────────────────────────────────────────────────────


def _failing(how: str) -> str:
    """A program whose balances fail in a way that nobody foresaw."""
    return (
        "import app.cli.asking\n"
        f"def balances():\n    {how}\n"
        "app.cli.asking.balances = balances\n"
        "from app.cli import main\n"
        "main(['balances'])"
    )


@pytest.mark.parametrize("how", ["1 / 0", "assert False, 'x'", "balances()", "[][1]", "exit(1)"])
def test_what_nobody_foresaw_is_a_line_with_where_it_is_logged(office: Office, how: str) -> None:
    said = _plain(office.python(_failing(how)), exits.UNAVAILABLE)
    assert said.startswith("grants: not foreseen: ")
    assert said.endswith(f"(logged in {office.log})\n")
    assert "Traceback (most recent call last)" in office.log.read_text()
    assert stat.S_IMODE(office.log.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.log.parent.stat().st_mode) == 0o700


def test_each_failure_is_added_to_the_log_and_an_old_log_is_put_aside(office: Office) -> None:
    office.python(_failing("1 / 0"))
    office.python(_failing("1 / 0"))
    assert office.log.read_text().count("Traceback") == 2
    office.log.write_text("x" * 1_100_000)
    office.python(_failing("1 / 0"))
    assert office.log.read_text().count("Traceback") == 1
    assert (office.log.parent / "errors.log.1").stat().st_size == 1_100_000


def test_where_it_cannot_be_logged_that_is_said(office: Office) -> None:
    (office.folder / "state").write_text("a file where the folder should be")
    said = _plain(office.python(_failing("1 / 0")), 5)
    assert "ZeroDivisionError" in said
    assert "(not logged: " in said


def test_the_log_is_written_where_it_is_and_not_where_a_link_leads(office: Office) -> None:
    office.log.parent.mkdir(parents=True)
    (office.folder / "precious").write_text("")
    office.log.symlink_to(office.folder / "precious")
    assert "(not logged: " in _plain(office.python(_failing("1 / 0")), 5)
    assert (office.folder / "precious").read_text() == ""


def test_too_little_memory_is_said_plainly(office: Office) -> None:
    said = _plain(office.python(_failing("raise MemoryError")), 5)
    assert said == "grants: there is not enough memory for this\n"


def test_a_thread_that_fails_shows_no_traceback(office: Office) -> None:
    thread = "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()"
    said = _plain(office.python(_failing(thread)), 0)
    assert "ZeroDivisionError" in said


def test_a_name_in_an_error_cannot_steer_the_terminal(office: Office) -> None:
    said = _plain(office.python(_failing("raise ValueError('\\x1b[2K\\r\\u202e ok')")), 5)
    assert "<U+001B>[2K<U+000D><U+202E> ok" in said


def test_of_a_file_s_commands_one_that_fails_has_its_own_outcome(office: Office) -> None:
    setup = [
        {
            "command": "register_company",
            "business_number": "609-86-00005",
            "name": "x",
            "party_type": "company",
            "size": "sme",
        },
        {"command": "open_year", "year": 2024},
        {
            "command": "allocate_budget",
            "programme": "prototype",
            "year": 2024,
            "amount": 100_000_000,
        },
        {
            "command": "apply",
            "grant": "G-1",
            "programme": "prototype",
            "title": "x",
            "lead": "609-86-00005",
            "lines": [
                {"company": "609-86-00005", "year": 2024, "total_cost": 30_000, "subsidy": 18_000}
            ],
        },
        {"command": "approve", "grant": "G-1", "actor": "lee"},
    ]
    common = {"actor": "kim", "effective_on": "2024-01-02"}
    text = "".join(f"{json.dumps(common | command)}\n" for command in setup)
    (office.folder / "setup.jsonl").write_text(text)
    assert office.shell("grants run setup.jsonl").code == 0
    connection = sqlite3.connect(office.ledger)
    with connection:
        connection.execute("DELETE FROM editions WHERE programme = 'prototype'")
    connection.close()
    budget = common | {"command": "allocate_budget", "programme": "training", "year": 2024}
    payment = common | {
        "command": "disburse",
        "actor": "park",
        "grant": "G-1",
        "company": "609-86-00005",
        "year": 2024,
        "amount": 5,
        "bank_ref": "KB-1",
    }
    lines = [budget | {"amount": 1}, payment, budget | {"amount": 2}, {"command": "settle"}]
    (office.folder / "f.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    ended = office.shell("grants run f.jsonl")
    receipts = [json.loads(line) for line in ended.out.splitlines()]
    statuses = [receipt["status"] for receipt in receipts]
    assert (ended.code, statuses) == (5, ["recorded", "failed", "recorded", "refused"])
    assert receipts[1]["message"].startswith("prototype has no edition")
    assert "Traceback" not in ended.err
    together, alone = ended.err.splitlines()
    assert together.startswith("grants: a batch of 4 commands failed; each is run by itself (logg")
    assert alone.startswith("grants: f.jsonl:2: not foreseen: AssertionError: prototype has no")
    assert office.log.read_text().count("Traceback") == 2


# ── values of a wrong type ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "call"),
    [
        ("UPDATE balances SET available = 'x'", "balances --by programme"),
        (
            "UPDATE balances SET available = 'x'",
            "allocate-budget --programme prototype --year 2024 "
            "--amount 1 --actor kim --effective-on 2024-01-02",
        ),
        ("UPDATE balances SET available = x'00'", "balances --by programme"),
        ("UPDATE balances SET newest_on = 7.5", "verify"),
        ("UPDATE years SET year = 'x'", "open-year --year 2025 --actor kim"),
        ("UPDATE projections SET version = 'x'", "balances"),
        ("UPDATE head SET size = 'x'", "balances"),
        ("UPDATE editions SET text = x'ff'", "show programme prototype"),
    ],
)
def test_a_row_changed_by_hand_to_a_wrong_type_is_a_wrong_ledger(
    office: Office, change: str, call: str
) -> None:
    setup = (
        "grants open-year --year 2024 --actor kim --effective-on 2024-01-02 && grants "
        "allocate-budget --programme prototype --year 2024 --amount 9 --actor kim "
        "--effective-on 2024-01-02"
    )
    assert office.shell(setup).code == 0
    connection = sqlite3.connect(office.ledger)
    with connection:
        assert connection.execute(change).rowcount
    connection.close()
    said = _plain(office.shell(f"grants {call}"), 4)
    assert said.startswith("grants: ")


# ── one place ────────────────────────────────────────────────────────────────────────────────


def test_exit_codes_are_made_in_one_place() -> None:
    door = Path(exits.__file__).parent
    for path in door.parent.rglob("*.py"):
        text = path.read_text("utf-8")
        if path not in (door / "__init__.py", door / "exits.py"):
            assert not re.search(r"\bsys\.exit\b|\b_exit\b|SystemExit\(", text), path
            assert not re.search(r"return \d+\n", text) or "-> int" not in text, path
    assert exits.worst([0, 3, 5, 2, 4]) == 4
    assert exits.worst([0, 3, 5, 2]) == 5
    assert exits.worst([]) == 0
