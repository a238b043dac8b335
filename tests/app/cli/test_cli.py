"""The command line as people and programs use it: real calls, real files, real exit codes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.app.calling import HANBIT, Call


def _pay(amount: int | str, reference: str, *more: str) -> list[str]:
    return (
        f"disburse --grant G-1 --company {HANBIT} --year 2024 --amount {amount} "
        f"--bank-ref {reference} --actor park --effective-on 2024-02-01"
    ).split() + list(more)


# ── recording ────────────────────────────────────────────────────────────────────────────────


def test_a_recorded_command_ends_with_0_and_says_where_it_stands(office: Call) -> None:
    answer = office(*_pay("8,000,000", "KB-1"))
    assert answer.code == 0
    assert "disburse: recorded, event 23" in answer.out


def test_a_refused_command_ends_with_3_and_says_why_and_what_would_fit(office: Call) -> None:
    answer = office(*_pay("20,000,000", "KB-1"))
    assert answer.code == 3
    assert "(within-award)" in answer.out
    assert "At most 18,000,000 won would fit for 한빛정밀" in answer.out


def test_refusals_are_said_in_korean_where_asked(office: Call) -> None:
    answer = office(*_pay("20,000,000", "KB-1", "--lang", "ko"))
    assert "처리 불가 (within-award)" in answer.out
    assert "한빛정밀은 최대 18,000,000원까지 가능합니다." in answer.out


def test_the_language_follows_the_locale(office: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "처리 불가" in office(*_pay("20,000,000", "KB-1")).out


def test_the_json_receipt_has_the_contracts_shape(office: Call) -> None:
    receipt = office(*_pay(20_000_000, "KB-1", "--json", "--id", "pay-1")).json
    assert receipt == {
        "id": "pay-1",
        "command": "disburse",
        "status": "refused",
        "events": [],
        "rule": "within-award",
        "message": receipt["message"],
        "line": {"company": HANBIT, "year": 2024, "case": None},
        "limit": 18_000_000,
        "used": 0,
        "asked": 20_000_000,
        "fits": 18_000_000,
        "warnings": [],
    }


def test_a_dry_run_shows_the_balances_after_and_writes_nothing(office: Call) -> None:
    before = office("events", "--json").lines
    answer = office(*_pay(5_000_000, "KB-1", "--dry-run", "--json")).json
    assert answer["status"] == "recorded"
    assert answer["dry_run"] is True
    (line,) = [row for row in answer["balances"] if row["by"] == "line"]
    assert (line["committed"], line["advanced"]) == (13_000_000, 5_000_000)
    assert office("events", "--json").lines == before
    assert "would be recorded" in office(*_pay(5_000_000, "KB-1", "--dry-run")).out


def test_the_same_id_twice_gives_the_first_receipt_again(office: Call) -> None:
    first = office(*_pay(1, "KB-1", "--json", "--id", "pay-1")).json
    again = office(*_pay(1, "KB-1", "--json", "--id", "pay-1")).json
    assert (first["status"], again["status"]) == ("recorded", "duplicate")
    assert first["events"] == again["events"]


def test_lists_may_be_given_as_pairs_as_json_or_as_a_file(grants: Call, tmp_path: Path) -> None:
    office = grants
    office(
        *f"register-company --business-number {HANBIT} --name 한빛 --party-type company --size sme "
        "--actor kim".split()
    )
    line = {"company": HANBIT, "year": 2024, "total_cost": 100, "subsidy": 60}
    (tmp_path / "lines.json").write_text(json.dumps([line]), "utf-8")
    common = f"apply --programme prototype --title x --lead {HANBIT} --actor kim".split()
    on = ["--effective-on", "2024-01-02"]
    for given in (
        f"company={HANBIT},year=2024,total_cost=100,subsidy=60",
        json.dumps(line),
        json.dumps([line]),
        "@lines.json",
    ):
        answer = office(*common, *on, "--lines", given)
        assert answer.code == 0, answer.out + answer.err


@pytest.mark.parametrize(
    ("amount", "says"),
    [("abc", "amount"), ("1.5", "amount"), ("-5", "amount"), ("0", "amount"), ("1e3", "amount")],
)
def test_an_amount_that_is_none_is_refused_as_invalid(office: Call, amount: str, says: str) -> None:
    answer = office(*_pay(amount, "KB-1"))
    assert answer.code == 3
    assert "(invalid)" in answer.out
    assert says in answer.out


# ── files of commands ────────────────────────────────────────────────────────────────────────


def _written(path: Path, *commands: dict[str, Any] | str) -> str:
    lines = [
        command if isinstance(command, str) else json.dumps(command, ensure_ascii=False)
        for command in commands
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


def _payment(amount: object, reference: str, **more: object) -> dict[str, Any]:
    return {
        "command": "disburse",
        "actor": "park",
        "effective_on": "2024-02-01",
        "grant": "G-1",
        "company": HANBIT,
        "year": 2024,
        "amount": amount,
        "bank_ref": reference,
    } | more


def test_a_file_run_twice_records_once(office: Call, tmp_path: Path) -> None:
    file = _written(tmp_path / "f.jsonl", _payment(1, "A"), _payment(2, "B"))
    first, again = office("run", file, "--json"), office("run", file, "--json")
    assert [receipt["status"] for receipt in first.lines] == ["recorded", "recorded"]
    assert [receipt["status"] for receipt in again.lines] == ["duplicate", "duplicate"]
    assert (first.code, again.code) == (0, 0)


def test_what_is_wrong_in_a_file_is_said_with_its_line(office: Call, tmp_path: Path) -> None:
    file = _written(
        tmp_path / "f.jsonl",
        _payment(1, "A"),
        "not json",
        "",
        _payment("10", "B"),
        '{"command": "settle", "command": "settle"}',
        "[1]",
        _payment(2, "C"),
    )
    answer = office("run", file, "--json")
    assert answer.code == 3
    statuses = [receipt["status"] for receipt in answer.lines]
    assert statuses == ["recorded", "refused", "refused", "refused", "refused", "recorded"]
    assert [receipt["at"].rpartition(":")[2] for receipt in answer.lines] == list("124567")
    assert {receipt.get("rule") for receipt in answer.lines} == {None, "invalid"}


def test_a_file_cut_off_in_the_middle_of_a_line_records_nothing(
    office: Call, tmp_path: Path
) -> None:
    path = tmp_path / "f.jsonl"
    _written(path, _payment(1, "A"), _payment(2, "B"))
    path.write_bytes(path.read_bytes()[:-20])
    answer = office("run", str(path), "--json")
    assert answer.code == 2
    assert "cut off in the middle of line 2" in answer.err
    assert office("balances", "--by", "line", "--json").json[0]["advanced"] == 0


def test_a_last_line_without_a_line_feed_is_a_whole_line(office: Call, tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(_payment(1, "A")).encode())
    assert office("run", str(path), "--json").lines[0]["status"] == "recorded"


def test_stop_leaves_what_follows_the_first_refusal_alone(office: Call, tmp_path: Path) -> None:
    file = _written(tmp_path / "f.jsonl", _payment(1, "A"), _payment(10**9, "B"), _payment(2, "C"))
    answer = office("run", file, "--json", "--on-refusal", "stop")
    assert answer.code == 3
    assert [receipt["status"] for receipt in answer.lines] == ["recorded", "refused"]
    assert office("balances", "--by", "line", "--json").json[0]["advanced"] == 1


# ── questions ────────────────────────────────────────────────────────────────────────────────


def test_balances_are_one_array_with_cap_used_and_headroom(office: Call) -> None:
    (row,) = office("balances", "--json").json
    assert row == {
        "company": HANBIT,
        "programme": "prototype",
        "year": 2024,
        "committed": 18_000_000,
        "carried": 0,
        "payable": 0,
        "advanced": 0,
        "spent": 0,
        "returned": 0,
        "due": 0,
        "recovered": 0,
        "lapsed": 0,
        "interest": 0,
        "used": 18_000_000,
        "cap": 20_000_000,
        "bound": "le",
        "headroom": 2_000_000,
    }


def test_tables_group_amounts_name_companies_and_show_what_is_used(office: Call) -> None:
    answer = office("balances")
    assert "한빛정밀" in answer.out
    assert "18,000,000" in answer.out
    assert "█████████░  90%" in answer.out
    assert "시제품 제작" in office("balances", "--by", "programme", "--lang", "ko").out


def test_balances_as_of_a_day_at_a_position_and_at_an_instant(office: Call) -> None:
    office(*_pay(8_000_000, "KB-1"))
    assert office("balances", "--as-of", "2024-01-10", "--json").json == []
    assert office("balances", "--as-of", "2024-01-31", "--json").json[0]["advanced"] == 0
    assert office("balances", "--at-seq", "22", "--json").json[0]["advanced"] == 0
    instant = office("events", "--after", "21", "--limit", "1", "--json").lines[0]["recorded_at"]
    assert office("balances", "--known-at", instant, "--json").json[0]["advanced"] == 0
    assert office("balances", "--json").json[0]["advanced"] == 8_000_000


def test_one_thing_can_be_shown_whole_as_of_any_moment(office: Call) -> None:
    office(*_pay(8_000_000, "KB-1"))
    grant = office("show", "G-1", "--json").json
    assert (grant["status"], grant["lines"][0]["balance"]["advanced"]) == ("approved", 8_000_000)
    assert office("show", "G-1", "--as-of", "2024-01-10", "--json").json["status"] == "applied"
    assert office("show", "G-1", "--at-seq", "21", "--json").json["status"] == "applied"
    assert office("show", "company", HANBIT, "--json").json["name"] == "한빛정밀"
    assert office("show", "programme", "prototype", "--json").json["name_ko"] == "시제품 제작"
    for what in (["G-1"], ["company", HANBIT], ["programme", "prototype"]):
        assert office("show", *what).code == 0


def test_a_claim_can_be_shown_with_its_items(office: Call) -> None:
    item = "evidence=TI-1,category=prototype_development,supply=1000,incurred_on=2024-02-01"
    answer = office(
        *f"claim --claim C-1 --grant G-1 --company {HANBIT} --year 2024 --items {item} "
        "--actor lee --effective-on 2024-02-02".split()
    )
    assert answer.code == 0, answer.out
    claim = office("show", "claim", "C-1", "--json").json
    assert (claim["status"], claim["items"][0]["supply"]) == ("undecided", 1000)


def test_replay_gives_the_events_with_the_balance_after_each(office: Call) -> None:
    office(*_pay(8_000_000, "KB-1"))
    told = office("replay", "--grant", "G-1", "--json").json
    assert [event["kind"] for event in told] == ["grant-applied", "grant-approved", "disbursed"]
    assert told[1]["balance"]["committed"] == 18_000_000
    assert told[2]["balance"]["advanced"] == 8_000_000
    later = office("replay", "--grant", "G-1", "--from", "2024-02-01", "--json").json
    assert [event["seq"] for event in later] == [23]
    assert office("replay", "--company", HANBIT, "--to-seq", "22").code == 0


def test_replay_of_a_year_tells_its_budgets_and_grants_but_no_terms(office: Call) -> None:
    told = office("replay", "--year", "2024", "--json").json
    kinds = ["year-opened", "budget-allocated", "grant-applied", "grant-approved"]
    assert [event["kind"] for event in told] == kinds
    assert office("replay", "--year", "2023", "--json").json == []


def test_diff_says_what_changed_between_two_positions_and_two_days(office: Call) -> None:
    office(*_pay(8_000_000, "KB-1"))
    (row,) = office("diff", "--at-seq", "22", "--at-seq", "23", "--json").json
    assert row["change"]["committed"] == -8_000_000
    assert row["change"]["advanced"] == 8_000_000
    days = office("diff", "--as-of", "2024-01-31", "--as-of", "2024-02-01", "--json").json
    assert days[0]["change"] == row["change"]


def test_events_are_json_lines_with_their_leaf_hash(office: Call) -> None:
    lines = office("events", "--kind", "grant-approved").lines
    assert [line["seq"] for line in lines] == [22]
    assert list(lines[0]) == [
        "seq",
        "kind",
        "recorded_at",
        "effective_on",
        "actor",
        "via",
        "command_id",
        "command_digest",
        "data",
        "leaf_hash",
    ]


# ── keeping ──────────────────────────────────────────────────────────────────────────────────


def test_init_again_does_no_harm(grants: Call) -> None:
    assert grants("init", "--json").json["programmes_recorded"] == 0


def test_verify_and_rebuild_agree(office: Call) -> None:
    verified = office("verify", "--json").json
    assert verified["events"] == 22
    assert office("rebuild", "--json").json == {"events": 22}
    assert office("verify", "--json").json == verified


# ── called wrongly, not reachable, not what it should be ─────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        "nonsense",
        "disburse",
        "disburse --amount 3 --nonsense 4",
        "balances --by nothing",
        "balances --as-of 2024-02-30",
        "balances --company 12",
        "balances --at-seq 10000",
        "balances --known-at yesterday",
        "show G-9",
        "show company 124-81-00999",
        "show nothing at-all",
        "diff --at-seq 1",
        "run no-such-file.jsonl",
        "balances --ledger nonsense",
        "balances --ledger mysql://x/y",
    ],
)
def test_a_wrong_call_ends_with_2_and_one_clear_sentence(grants: Call, arguments: str) -> None:
    answer = grants(*arguments.split())
    assert answer.code == 2
    assert answer.err.strip()
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("wait", ["abc", "-1", "nan", "inf"])
def test_a_wait_that_is_no_number_of_seconds_is_a_wrong_call(
    grants: Call, monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    monkeypatch.setenv("GRANTS_WAIT", wait)
    answer = grants("balances")
    assert (answer.code, "GRANTS_WAIT" in answer.err) == (2, True)


def test_a_ledger_that_is_not_there_ends_with_5_and_makes_no_file(
    grants: Call, tmp_path: Path
) -> None:
    answer = grants("balances", "--ledger", "sqlite:///nowhere.db")
    assert answer.code == 5
    assert "grants init" in answer.err
    assert not (tmp_path / "nowhere.db").exists()
    unreachable = "postgresql://nobody@localhost:1/nothing"
    assert grants("balances", "--ledger", unreachable).code == 5


def test_something_that_is_no_ledger_ends_with_4(grants: Call, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, only a text" * 50)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE other (x)").connection.close()
    for name in ("text.db", "other.db"):
        answer = grants("balances", "--ledger", f"sqlite:///{name}")
        assert (answer.code, "Traceback" in answer.err) == (4, False), answer.err
        assert grants("init", "--ledger", f"sqlite:///{name}").code == 4


def test_as_a_program_it_keeps_the_exit_codes_and_a_closed_pipe_is_no_error(
    tmp_path: Path,
) -> None:
    program = Path(sys.executable).parent / "grants"
    env = os.environ | {"GRANTS_LEDGER": f"sqlite:///{tmp_path}/g.db", "LC_ALL": "C"}

    def run(command: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(command, shell=True, env=env, capture_output=True, check=False)

    assert run(f"{program} balances").returncode == 5
    assert run(f"{program} init").returncode == 0
    assert "자유" not in run(f"{program} --help").stdout.decode()
    piped = run(f"set -o pipefail; {program} events | head -n 1".replace("set -o pipefail; ", ""))
    assert piped.returncode == 0
    assert b"Traceback" not in piped.stderr
    assert run(f"{program} open-year --year 2999 --actor kim").returncode == 3


def test_help_loads_neither_the_database_nor_the_models() -> None:
    script = (
        "import sys; from app.cli.command_line import app; app(['--help']);"
        "heavy = [m for m in ('sqlalchemy', 'pydantic', 'ledger.events') if m in sys.modules];"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
