"""Files of commands: the same again records nothing twice, whatever was done to the file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from app.cli.command_files import LONGEST_LINE_BYTES
from app.cli.recording import BATCH
from tests.app.calling import HANBIT, Answer, Call
from tests.app.processes import PROGRAM, Office


def _budget(amount: int = 1_000, **more: object) -> dict[str, object]:
    return {
        "command": "allocate_budget",
        "actor": "kim",
        "effective_on": "2024-01-03",
        "programme": "prototype",
        "year": 2024,
        "amount": amount,
    } | more


BUDGETS = [_budget(1_000 + number) for number in range(22)]


def _text(commands: Iterable[object], end: str = "\n") -> str:
    return "".join(json.dumps(command, ensure_ascii=False) + end for command in commands)


def _run(office: Call, content: str | bytes, *more: str) -> Answer:
    Path("f.jsonl").write_bytes(content if isinstance(content, bytes) else content.encode())
    return office("run", "f.jsonl", "--json", *more)


def _counts(answer: Answer) -> dict[str, int]:
    return dict(Counter(receipt["status"] for receipt in answer.lines))


def _budget_of(office: Call) -> int:
    rows = office("balances", "--by", "programme", "--json").json
    (budget,) = [row["budget"] for row in rows if row["programme"] == "prototype"]
    return int(budget)


# ── the same again ───────────────────────────────────────────────────────────────────────────


def test_a_file_with_one_line_corrected_records_that_line_alone(office: Call) -> None:
    assert _counts(_run(office, _text(BUDGETS))) == {"recorded": 22}
    before = _budget_of(office)
    corrected = [*BUDGETS[:7], _budget(5), *BUDGETS[8:]]
    assert _counts(_run(office, _text(corrected))) == {"duplicate": 21, "recorded": 1}
    assert _budget_of(office) == before + 5


@pytest.mark.parametrize(
    "changed",
    [
        _text(BUDGETS, "\r\n"),
        "\ufeff" + _text(BUDGETS),
        _text(BUDGETS) + "\n",
        _text(BUDGETS) + "\r\n  \r\n",
        _text(BUDGETS).rstrip("\n"),
        "\n\n".join(json.dumps(budget, indent=None) for budget in BUDGETS),
        _text(dict(reversed(budget.items())) for budget in BUDGETS),
        _text(budget | {"actor": "lee"} for budget in BUDGETS),
        _text(reversed(BUDGETS)),
        "\ufeff\n" + _text(BUDGETS),
    ],
    ids=[
        "CRLF",
        "mark",
        "empty line",
        "empty lines",
        "no line feed",
        "blank lines",
        "fields in another order",
        "another actor",
        "lines in another order",
        "a line with nothing but a mark",
    ],
)
def test_a_file_that_only_looks_otherwise_records_nothing_twice(office: Call, changed: str) -> None:
    assert _counts(_run(office, _text(BUDGETS))) == {"recorded": 22}
    before = _budget_of(office)
    assert _counts(_run(office, changed)) == {"duplicate": 22}
    assert _budget_of(office) == before


def test_a_file_with_more_lines_records_what_is_new(office: Call) -> None:
    _run(office, _text(BUDGETS[:20]))
    assert _counts(_run(office, _text(BUDGETS))) == {"duplicate": 20, "recorded": 2}


def test_two_equal_lines_are_two_and_again_they_are_two_duplicates(office: Call) -> None:
    twice = _text([_budget(), _budget()])
    assert _counts(_run(office, twice)) == {"recorded": 2}
    assert _counts(_run(office, twice)) == {"duplicate": 2}
    thrice = _text([_budget(), _budget(), _budget()])
    assert _counts(_run(office, thrice)) == {"duplicate": 2, "recorded": 1}


def test_equal_lines_are_counted_over_all_batches(office: Call) -> None:
    many = [_budget()] * 3 + BUDGETS * 46 + [_budget()]
    assert len(many) > BATCH
    answer = _run(office, _text(many))
    assert _counts(answer) == {"recorded": len(many)}
    assert _counts(_run(office, _text(many))) == {"duplicate": len(many)}


def test_each_of_several_files_counts_by_itself(office: Call) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_text(_text([_budget()]))
    answer = office("run", "a.jsonl", "b.jsonl", "--json")
    assert [receipt["status"] for receipt in answer.lines] == ["recorded", "duplicate"]
    assert [receipt["at"] for receipt in answer.lines] == ["a.jsonl:1", "b.jsonl:1"]


def test_a_file_under_another_name_is_the_same(office: Call) -> None:
    _run(office, _text(BUDGETS))
    Path("other.jsonl").write_text(_text(BUDGETS))
    assert _counts(office("run", "other.jsonl", "--json")) == {"duplicate": 22}


def test_again_makes_it_new_once(office: Call) -> None:
    _run(office, _text(BUDGETS))
    assert _counts(_run(office, _text(BUDGETS), "--again", "June")) == {"recorded": 22}
    assert _counts(_run(office, _text(BUDGETS), "--again", " June ")) == {"duplicate": 22}


@pytest.mark.parametrize("again", ["", "  ", "a\u200bb", "\udcff"])
def test_again_is_a_text_that_can_be_seen(office: Call, again: str) -> None:
    answer = _run(office, _text(BUDGETS), "--again", again)
    assert (answer.code, answer.out) == (2, "")


def test_what_was_there_already_is_said_with_position_day_and_person(office: Call) -> None:
    recorded = _run(office, _text([_budget()])).lines[0]
    again = _run(office, _text([_budget(actor="lee")])).lines[0]
    assert (again["status"], again["events"]) == ("duplicate", recorded["events"])
    assert again["id"] == recorded["id"]
    assert again["id"].startswith("file:")
    assert again["first"]["actor"] == "kim"
    assert again["first"]["effective_on"] == "2024-01-03"
    assert again["first"]["recorded_at"]


def test_an_id_like_a_file_s_is_nobody_s_to_choose(office: Call) -> None:
    assert _run(office, _text([_budget(id="file:" + "0" * 32)])).lines[0]["rule"] == "invalid"


# ── a file is read once, and whole ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_text([_budget(), _budget(7)])[:-20].encode(), "cut off in the middle of line 2"),
        (_text([_budget()]).encode() + '{"reason": "가'.encode()[:-1], "cut off"),
        (_text([_budget(programme="시제품")]).encode("cp949"), "not UTF-8 in line 1"),
        ((_text([_budget()]).encode() + _text([{"a": "가"}]).encode("cp949")), "in line 2"),
        (_text([_budget()]).encode("utf-16"), "not UTF-8 in line 1"),
        (b"\xff\xfe\n" + _text([_budget()]).encode(), "not UTF-8 in line 1"),
        (_text([_budget()]).encode() + b"\xed\xa0\x80\n", "not UTF-8 in line 2"),
    ],
)
def test_a_file_that_is_cut_off_or_not_utf_8_records_nothing(
    office: Call, content: bytes, says: str
) -> None:
    before = office("events", "--json").out
    answer = _run(office, content)
    assert answer.code == 2
    assert says in answer.err
    assert "nothing of it was recorded" in answer.err
    assert office("events", "--json").out == before


def test_of_several_files_none_is_recorded_if_one_is_cut_off(office: Call) -> None:
    Path("a.jsonl").write_text(_text([_budget()]))
    Path("b.jsonl").write_text('{"command"')
    answer = office("run", "a.jsonl", "b.jsonl", "--json")
    assert (answer.code, answer.out) == (2, "")


def test_a_file_without_a_last_line_feed_ends_where_the_next_begins(office: Call) -> None:
    Path("a.jsonl").write_text(json.dumps(_budget(1)))
    Path("b.jsonl").write_text("\ufeff" + json.dumps(_budget(2)))
    Path("empty.jsonl").write_text("")
    answer = office("run", "a.jsonl", "empty.jsonl", "b.jsonl", "--json")
    found = [(receipt["status"], receipt["at"]) for receipt in answer.lines]
    assert found == [("recorded", "a.jsonl:1"), ("recorded", "b.jsonl:1")]


def test_a_pipe_may_be_named_as_a_file(tmp_path: Path) -> None:
    office = Office(tmp_path)
    command = {"command": "open_year", "actor": "kim", "year": 2024, "effective_on": "2024-01-02"}
    line = json.dumps(command)
    office.shell("grants init")
    ended = office.shell(f"grants run <(echo '{line}')")
    assert ended.code == 0, ended.err
    assert '"recorded"' in ended.out


def test_a_file_that_grows_while_it_is_run_is_run_as_it_was_checked(tmp_path: Path) -> None:
    """More is written while its first commands wait for the lock."""
    office = Office(tmp_path)
    office.shell("grants init")
    opening = {"command": "open_year", "actor": "kim", "year": 2024, "effective_on": "2024-01-02"}
    file = tmp_path / "f.jsonl"
    file.write_text(_text([opening, *BUDGETS]))
    lock = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(office.ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert lock.stdout is not None
    assert lock.stdin is not None
    assert lock.stdout.readline() == "held\n"
    running = subprocess.Popen(
        [PROGRAM, "run", str(file)],
        env=office.env | {"GRANTS_WAIT": "120", "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    while not _waits_for_the_ledger(running.pid, office.ledger):
        assert running.poll() is None
    with file.open("a") as more:
        more.write(_text([_budget(7)] * 3))
    lock.stdin.close()
    out, _ = running.communicate()
    lock.wait()
    lock.stdout.close()
    assert running.returncode == 0
    assert len(out.splitlines()) == 23
    again = office.shell("grants run f.jsonl").out.splitlines()
    statuses = Counter(json.loads(receipt)["status"] for receipt in again)
    assert statuses == {"duplicate": 23, "recorded": 3}


HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


def _waits_for_the_ledger(process: int, ledger: Path) -> bool:
    """Whether a process has the ledger open: it has read its file by then."""
    try:
        return any(link.resolve() == ledger for link in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # one was closed meanwhile
        return False


# ── bounds ───────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_is_too_long_is_named_and_the_others_are_recorded(office: Call) -> None:
    longest = json.dumps(_budget(1)) + " "
    fits = longest + " " * (LONGEST_LINE_BYTES - len(longest) - 1) + "\n"
    too_long = json.dumps(_budget(2, reason="가" * 400_000)) + "\n"
    answer = _run(office, fits + too_long + _text([_budget(3)]) + too_long.rstrip("\n"))
    assert answer.code == 3
    statuses = [receipt["status"] for receipt in answer.lines]
    assert statuses == ["recorded", "refused", "recorded", "refused"]
    assert answer.lines[1]["at"] == "f.jsonl:2"
    assert answer.lines[1]["message"] == "a line is longer than 1,048,576 bytes"


def test_a_line_of_a_hundred_megabytes_takes_no_memory_of_its_size(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.shell("grants init")
    with (tmp_path / "f.jsonl").open("wb") as file:
        for _ in range(100):
            file.write(b"[" * 1_000_000)
        file.write(b"\n")
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURED, PROGRAM, "run", "f.jsonl"],
        cwd=tmp_path,
        env=office.env,
        stdout=subprocess.PIPE,
        check=True,
    )
    code, kilobytes = map(int, measured.stdout.split()[-2:])
    assert code == 3
    assert kilobytes < 150_000


_MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process that measures: a child is born with the peak of whoever forks it."""


def test_a_hundred_thousand_problems_make_a_message_that_can_be_read(office: Call) -> None:
    wrong: list[Any] = [{} for _ in range(100_000)]
    line = {"command": "amend", "actor": "kim", "grant": "G-1", "reason": "x", "lines": wrong}
    (receipt,) = _run(office, _text([line])).lines
    assert receipt["rule"] == "invalid"
    assert len(receipt["message"]) < 1_000
    assert receipt["message"].endswith("and 299,995 more")


@pytest.mark.parametrize(
    "command",
    [
        {"command": "x" * 500_000},
        {"command": "settle", "actor": "kim", "grant": "G-1", "y" * 500_000: 1},
        {"command": "settle", "actor": "kim", "grant": "G-1", "id": "z" * 500_000},
    ],
)
def test_what_is_quoted_back_has_an_end(office: Call, command: dict[str, object]) -> None:
    answer = _run(office, _text([command]))
    assert answer.code == 3
    assert len(answer.out) < 6_000


# ── foreseen ─────────────────────────────────────────────────────────────────────────────────


def _payment(amount: int, reference: str) -> dict[str, object]:
    return {
        "command": "disburse",
        "actor": "park",
        "effective_on": "2024-02-01",
        "grant": "G-1",
        "company": HANBIT,
        "year": 2024,
        "amount": amount,
        "bank_ref": reference,
    }


def test_a_dry_run_answers_each_line_as_if_those_before_it_had_been_recorded(office: Call) -> None:
    lines = [_payment(10_000_000, "A"), _payment(10_000_000, "B"), _payment(8_000_000, "C")]
    before = office("events", "--json").out
    foreseen = _run(office, _text(lines), "--dry-run")
    assert office("events", "--json").out == before
    assert foreseen.code == 3
    assert [receipt["dry_run"] for receipt in foreseen.lines] == [True] * 3
    advanced = [
        [row["advanced"] for row in receipt["balances"] if row["by"] == "line"]
        for receipt in foreseen.lines
    ]
    assert advanced == [[10_000_000], [], [18_000_000]]
    really = _run(office, _text(lines))
    for one, other in zip(foreseen.lines, really.lines, strict=True):
        facts = {name: value for name, value in one.items() if name not in ("dry_run", "balances")}
        assert facts == other


def test_a_dry_run_goes_on_over_all_batches_and_knows_what_was_recorded(office: Call) -> None:
    _run(office, _text(BUDGETS))
    many = [*BUDGETS, *(_budget(number) for number in range(2, BATCH))]
    assert _counts(_run(office, _text(many), "--dry-run")) == {
        "duplicate": 22,
        "recorded": BATCH - 2,
    }


def test_a_dry_run_stops_at_a_refusal_where_asked(office: Call) -> None:
    lines = [_payment(1, "A"), _payment(10**9, "B"), _payment(1, "C")]
    answer = _run(office, _text(lines), "--dry-run", "--on-refusal", "stop")
    assert _counts(answer) == {"recorded": 1, "refused": 1}
