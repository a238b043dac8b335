"""Recording as people do it: names for numbers, what is plain left out, a receipt that tells."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.app.calling import HANBIT, Answer, Call

DAON = "513-86-00005"


def _json(*commands: dict[str, Any]) -> str:
    return "\n".join(json.dumps({"actor": "kim"} | command) for command in commands)


@pytest.fixture
def desk(grants: Call, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Two companies, one of them with two lines of a grant, the other with one of its own."""
    monkeypatch.setenv("GRANTS_ACTOR", "lee")
    assert grants("init").code == 0
    line = {"total_cost": 30_000_000, "subsidy": 18_000_000}
    file = tmp_path / "story.jsonl"
    file.write_text(
        _json(
            *(
                {
                    "command": "register_company",
                    "business_number": number,
                    "name": name,
                    "party_type": "company",
                    "size": "sme",
                }
                for number, name in ((HANBIT, "한빛정밀"), (DAON, "다온새소재"))
            ),
            {"command": "open_year", "year": 2024},
            {"command": "open_year", "year": 2025},
            *(
                {
                    "command": "allocate_budget",
                    "programme": "prototype",
                    "year": year,
                    "amount": 100_000_000,
                    "effective_on": f"{year}-01-02",
                }
                for year in (2024, 2025)
            ),
            {
                "command": "apply",
                "grant": "G-1",
                "programme": "prototype",
                "title": "시제품",
                "lead": HANBIT,
                "lines": [{"company": HANBIT, "year": year} | line for year in (2024, 2025)],
                "effective_on": "2024-02-01",
            },
            {
                "command": "apply",
                "grant": "G-2",
                "programme": "prototype",
                "title": "시제품",
                "lead": DAON,
                "lines": [{"company": DAON, "year": 2025} | line],
                "effective_on": "2025-02-01",
            },
            {"command": "approve", "grant": "G-2", "actor": "park", "effective_on": "2025-03-01"},
        )
    )
    assert grants("run", str(file)).code == 0
    return grants


def _pay(desk: Call, *more: str) -> Answer:
    return desk("disburse", "--amount", "1,000,000", "--effective-on", "2025-04-01", *more)


def test_what_only_one_line_fits_may_be_left_out(desk: Call) -> None:
    paid = _pay(desk, "--grant", "g-2", "--bank-ref", "KB-1")
    assert paid.code == 0, paid.err
    for told in ("다온새소재 (513-86-00005)", "year 2025", "amount 1,000,000", "lee", "event"):
        assert told in paid.out
    assert "committed 17,000,000  advanced 1,000,000" in paid.out
    command_id = paid.out.rsplit("id ", 1)[1].strip()
    again = desk(
        *("reverse", "--of", command_id, "--reason", "오기", "--actor", "park"),
        *("--effective-on", "2025-04-02"),
    )
    assert again.code == 0, again.err


def test_what_several_lines_fit_is_asked_for_and_they_are_named(desk: Call) -> None:
    approved = desk("approve", "--grant", "G-1", "--effective-on", "2025-03-01")
    assert approved.code == 0, approved.err
    paid = _pay(desk, "--grant", "G-1", "--bank-ref", "KB-1", "--actor", "park")
    assert paid.code == 2
    assert f"--company {HANBIT} --year 2024; --company {HANBIT} --year 2025" in paid.err
    assert (
        _pay(desk, "--grant", "G-1", "--year", "2025", "--bank-ref", "KB-1", "--actor", "x").code
        == 0
    )


@pytest.mark.parametrize("name", ["다온새소재", "다온", " 다온새소재 ", DAON.replace("-", "")])
def test_a_company_may_be_called_by_its_name(desk: Call, name: str) -> None:
    paid = _pay(desk, "--grant", "G-2", "--company", name, "--bank-ref", "KB-1", "--json")
    assert (paid.code, paid.json["status"]) == (0, "recorded")
    event = desk("show", "event", str(paid.json["events"][0]), "--json").json
    assert event["data"]["company"] == DAON


def test_a_name_of_nobody_or_of_several_is_a_wrong_call(desk: Call) -> None:
    nobody = _pay(desk, "--grant", "G-2", "--company", "없는회사", "--bank-ref", "KB-1")
    assert (nobody.code, "no company called" in nobody.err) == (2, True)
    desk(
        *("register-company", "--business-number", "620-81-00007", "--name", "다온전자"),
        *("--party-type", "company", "--size", "sme"),
    )
    several = _pay(desk, "--grant", "G-2", "--company", "다온", "--bank-ref", "KB-1")
    assert several.code == 2
    assert "다온새소재 (513-86-00005), 다온전자 (620-81-00007)" in several.err
    lines = "company=한빛정밀,year=2025,total_cost=1000,subsidy=600"
    applied = desk(
        *("apply", "--programme", "prototype", "--title", "x", "--lead", "한빛"),
        *("--lines", lines, "--effective-on", "2025-02-01", "--json"),
    )
    assert applied.json["status"] == "recorded", applied.out


def test_a_retry_that_leaves_out_what_was_plain_stays_a_duplicate(desk: Call) -> None:
    call = ("--grant", "G-2", "--bank-ref", "KB-1", "--id", "pay-1")
    first = _pay(desk, *call, "--json").json
    for retried in (_pay(desk, *call, "--json"), _pay(desk, *call, "--year", "2025", "--json")):
        assert (retried.json["status"], retried.json["events"]) == ("duplicate", first["events"])


def test_all_that_is_missing_is_named_at_once(desk: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRANTS_ACTOR")
    missing = desk("disburse", "--amount", "1")
    assert missing.code == 2
    assert "disburse needs --actor, --grant, --bank-ref" in missing.err


def test_questions_take_companies_by_name_too(desk: Call) -> None:
    listed = desk("list", "grants", "--company", "다온", "--json").json
    assert [row["grant"] for row in listed["rows"]] == ["G-2"]
    assert desk("show", "company", "한빛정밀", "--json").json["business_number"] == HANBIT
    assert desk("balances", "--company", "없는회사").code == 2
