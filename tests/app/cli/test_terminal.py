"""What people see on a real terminal, whatever others wrote into the ledger or a file."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.table import Table

import app
from app.cli import terminal
from app.cli.terminal import Terminal
from ledger.seoul import shown_instant
from tests.app.processes import Ended, Office

EVIL = "\x1b[2K\r✓ fine\x9b31m\u202e"
HANBIT = "609-86-00005"
STORY = [
    {
        "command": "register_company",
        "business_number": HANBIT,
        "name": "KB:100:7 [bold]x[/] :heart: \\",
        "party_type": "company",
        "size": "sme",
    },
    {"command": "open_year", "year": 2024},
    {"command": "allocate_budget", "programme": "prototype", "year": 2024, "amount": 100_000_000},
    {
        "command": "apply",
        "grant": "2026:A:01",
        "programme": "prototype",
        "title": "[/] :100:",
        "lead": HANBIT,
        "lines": [{"company": HANBIT, "year": 2024, "total_cost": 30_000, "subsidy": 18_000}],
    },
    {"command": "approve", "grant": "2026:A:01", "actor": "lee"},
    {
        "command": "disburse",
        "grant": "2026:A:01",
        "company": HANBIT,
        "year": 2024,
        "amount": 5_000,
        "bank_ref": "KB:100:7",
        "actor": ":park:",
    },
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger whose names look like markup and emoji codes."""
    office = Office(tmp_path_factory.mktemp("office"))
    assert office.shell("grants init").code == 0
    common = {"actor": "kim", "effective_on": "2024-01-02"}
    text = "".join(f"{json.dumps(common | command)}\n" for command in STORY)
    (office.folder / "f.jsonl").write_text(text)
    assert office.shell("grants run f.jsonl").code == 0
    return office.folder


@pytest.fixture
def office(told: Path, tmp_path: Path) -> Office:
    """That ledger, of one's own."""
    shutil.copytree(told, tmp_path / "office")
    return Office(tmp_path / "office")


_STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[lh]|\x1b\[1A|\x1b\[2K|\r")


def _seen(ended: Ended) -> str:
    """What stands on the terminal, its own styles taken away: nothing else steers it."""
    plain = _STYLE.sub("", ended.out)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", plain
    )
    assert "Traceback" not in plain
    return plain


def test_names_that_look_like_markup_or_emoji_are_shown_as_they_are(office: Office) -> None:
    assert "2026:A:01" in _seen(office.on_terminal("balances", "--by", "grant"))
    balances = _seen(office.on_terminal("balances"))
    assert "KB:100:7 [bold]x[/] :heart: \\" in balances
    shown = _seen(office.on_terminal("show", "2026:A:01"))
    assert "[/] :100:" in shown
    replayed = _seen(office.on_terminal("replay"))
    assert ":park: grant/2026:A:01" in replayed
    events = _seen(office.on_terminal("events", "--kind", "disbursed"))
    assert "'KB:100:7'" in events
    again = office.on_terminal("approve", "--grant", ":100:", "--actor", "x")
    assert "There is no grant :100:." in _seen(again)


def test_a_command_named_like_markup_gets_its_receipt_and_the_rest_goes_on(office: Office) -> None:
    lines = [
        {
            "command": "register_company",
            "actor": "kim",
            "business_number": f"{number:010d}",
            "name": "x",
            "party_type": "university",
        }
        for number in range(1_501)
    ]
    lines[999] = {"command": "[/]"}
    lines[1_000] = {"command": EVIL, EVIL: 1}
    lines[1_001] = {"command": "settle", "actor": "kim", "grant": "G", EVIL: 1}
    (office.folder / "f.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    ended = office.on_terminal("run", "f.jsonl")
    receipts = [line for line in _seen(ended).splitlines() if re.match(r" *\d+ [✓✗=] ", line)]
    assert ended.code == 3
    assert len(receipts) == 1_501
    assert receipts[999].startswith("  1000 ✗ [/]: refused (invalid). command: there is no command")
    assert receipts[1_000].startswith("  1001 ✗ <U+001B>[2K<U+000D>✓ fine<U+009B>31m<U+202E>: ")
    assert "<U+001B>[2K<U+000D>" in receipts[1_001]
    assert "1,498 recorded, 3 refused" in _seen(ended)


def test_a_name_with_a_line_break_makes_no_row_of_its_own(office: Office) -> None:
    """As no command records one, but a hand at the database might."""
    connection = sqlite3.connect(office.ledger)
    with connection:
        connection.execute("UPDATE companies SET name = ?", (f"x\n999-99-99999 paid {EVIL}",))
    connection.close()
    seen = _seen(office.on_terminal("balances"))
    assert "609-86-00005 x<U+000A>999-99-99999 paid <U+001B>[2K" in seen
    assert not any(line.lstrip().startswith("999-99") for line in seen.splitlines())


def test_errors_quote_what_was_said_without_obeying_it(office: Office) -> None:
    for arguments in (
        [EVIL],
        ["balances", f"--{EVIL}"],
        ["balances", "--company", EVIL],
        ["balances", "--as-of", EVIL],
        ["show", EVIL],
        ["show", EVIL, EVIL],
        ["run", EVIL],
        ["check-proof", EVIL],
        ["verify", "--checkpoint", EVIL],
        ["verify", "--checkpoint", "f.jsonl", "--key", EVIL],
        ["balances", "--ledger", f"sqlite:///{EVIL}"],
        ["balances", "--ledger", EVIL],
        ["backup", f"nowhere/{EVIL}"],
        ["approve", "--grant", "G", "--actor", "x", "--lines", EVIL],
        ["approve", "--grant", "G", "--actor", "x", "--lines", f"@{EVIL}"],
    ):
        ended = office.on_terminal(*arguments)
        assert ended.code in (2, 3, 5), arguments
        assert not any(line.startswith("✓") for line in _seen(ended).splitlines())


def _with_evil(value: Any) -> list[Any]:
    """The value with something evil in each of its places in turn, names of fields included."""
    if isinstance(value, dict):
        inside = [value | {name: bent} for name in value for bent in _with_evil(value[name])]
        renamed = [{(EVIL if n == name else n): v for n, v in value.items()} for name in value]
        return [EVIL, value | {EVIL: EVIL}, *renamed, *inside]
    if isinstance(value, list):
        return [EVIL, [*value, EVIL], *([bent, *value[1:]] for bent in _with_evil(value[0]))]
    return [EVIL, f"{value}{EVIL}", f"{EVIL}\n{value}"]


def test_a_false_proof_cannot_paint_over_its_own_error(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli import main

    proof = json.loads(office.shell("grants prove 19 --json").out)
    keys = str(office.folder / "grant-keys")
    file = office.folder / "proof.json"
    for bent in _with_evil(proof):
        file.write_text(json.dumps(bent))
        with pytest.raises(SystemExit) as stop:
            main(["check-proof", str(file), "--keys", keys])
        printed = capsys.readouterr()
        assert stop.value.code in (2, 4), bent
        assert printed.out == ""
        assert re.fullmatch(r"grants: [^\x00-\x1f\x7f-\x9f\u202e]*\n", printed.err), bent
    file.write_text(json.dumps(proof))
    assert "✓ event 19" in _seen(office.on_terminal("check-proof", "proof.json"))


def test_a_note_whose_words_steer_a_terminal_is_harmless(office: Office) -> None:
    note = office.shell("grants checkpoint").out
    for bent in (f"{EVIL}{note}", note.replace("— ", f"— {EVIL}"), note + f"— {EVIL} abcd\n"):
        (office.folder / "note").write_text(bent)
        ended = office.on_terminal("verify", "--checkpoint", "note")
        assert ended.code in (0, 2, 4)
        _seen(ended)


def test_json_on_a_terminal_is_exact_and_harmless(office: Office) -> None:
    (office.folder / "f.jsonl").write_text(json.dumps({"command": EVIL, "id": "x\x85"}) + "\n")
    ended = office.on_terminal("run", "f.jsonl", "--json")
    receipt = json.loads(_seen(ended).splitlines()[0])
    assert (receipt["command"], receipt["id"]) == (EVIL, "x\x85")


def test_the_doors_write_no_markup() -> None:
    """Styles are given beside a text; what stands in brackets would be printed as it is."""
    for path in Path(app.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r"\[/\]|\[/?(bold|dim|italic|red|green|yellow|cyan)\]", text), path
        assert "rich.markup" not in text, path
        if path.name != "terminal.py":
            assert not re.search(r"\bConsole\(|\bText\(|from_markup|json\.dumps\(", text) or (
                path.name == "foreign.py"
            ), path


# ── wide tables ──────────────────────────────────────────────────────────────────────────────


def _printed_on(width: int, rows: int, monkeypatch: pytest.MonkeyPatch) -> str:
    table = Table(box=None, pad_edge=False)
    for name in ("company", "spent", "lapsed"):
        table.add_column(name)
    for place in range(rows):
        table.add_row(f"한빛정밀 {place}", f"{10**9 + place:,}", "·")
    out = Terminal(file=StringIO(), width=width, force_terminal=True, color_system=None)
    monkeypatch.setattr(terminal, "console", lambda: out)
    terminal.print_table(table)
    said: str = out.file.getvalue()  # type: ignore[attr-defined]
    return said


def test_a_table_that_fits_stands_upright(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _printed_on(40, 3, monkeypatch).splitlines()
    assert lines[0].split() == ["company", "spent", "lapsed"]
    assert len(lines) == 4


@pytest.mark.parametrize("width", [22, 26, 30])
def test_a_table_too_wide_lies_on_its_side_with_every_number_whole(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _printed_on(width, 5, monkeypatch)
    for place in range(5):
        assert f"{10**9 + place:,}" in said
        assert f"한빛정밀 {place}" in said
    assert "lapsed" not in said, "a line in which nothing stands is left out"
    assert all(cell_len(line.rstrip()) <= width for line in said.splitlines())


def test_a_pipe_gets_the_whole_width(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal(file=StringIO(), width=20, color_system=None)
    monkeypatch.setattr(terminal, "console", lambda: out)
    table = Table("one", "other", box=None)
    table.add_row("1" * 30, "2" * 30)
    terminal.print_table(table)
    assert f"{'1' * 30}" in out.file.getvalue()  # type: ignore[attr-defined]


# ── a pager ──────────────────────────────────────────────────────────────────────────────────


def test_a_long_answer_goes_through_the_pager(office: Office, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nexec sed 's/^/paged: /'\n")
    pager.chmod(0o700)
    ended = office.on_terminal("events", pager=str(pager))
    assert ended.code == 0
    assert all(line.startswith("paged: ") for line in ended.out.splitlines())
    assert "paged: " not in office.on_terminal("events", "--json", pager=str(pager)).out


def test_whoever_leaves_the_pager_has_seen_enough(office: Office, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nexit 0\n")
    pager.chmod(0o700)
    assert office.on_terminal("events", pager=str(pager)).code == 0


@pytest.mark.parametrize("pager", ["", "cat", "no-such-pager -x"])
def test_without_a_pager_answers_come_as_they_are(office: Office, pager: str) -> None:
    ended = office.on_terminal("balances", pager=pager)
    assert (ended.code, "prototype" in ended.out) == (0, True)


# ── where options stand, and what answers look like ──────────────────────────────────────────


def test_options_of_every_call_may_stand_before_the_command(office: Office) -> None:
    behind = office.shell("grants balances --json --lang ko").out
    assert office.shell("grants --json --lang ko balances").out == behind
    assert office.shell("grants -o json --lang=ko balances").out == behind


def test_a_table_may_be_had_for_a_spreadsheet(office: Office) -> None:
    header, row = office.shell("grants balances --by programme -o csv").out.splitlines()
    assert header.startswith("programme,year,budget,available,")
    assert row.startswith("prototype,2024,100000000,")
    refused = office.shell("grants show 2026:A:01 -o csv")
    assert (refused.code, "csv is for lists" in refused.err) == (2, True)


def test_when_something_was_recorded_is_told_in_seoul_time(office: Office) -> None:
    stored = json.loads(office.shell("grants show event 1 --json").out)["recorded_at"]
    seen = office.shell("grants show event 1").out
    assert shown_instant(stored) in seen
    assert stored not in seen
