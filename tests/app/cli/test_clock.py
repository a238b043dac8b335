"""The year-end clock from the command line: what it says, and with which code it ends.

A person opened 2024 and entered it in the year that it is now; so several years are due at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger import log
from ledger.seoul import day_of, year_of
from tests.app.calling import Call

THIS_YEAR = year_of(day_of(datetime.now(UTC)))
OPENING = [f"open-year:{year}" for year in range(2025, THIS_YEAR + 1)]
CLOSING = [f"close-year:{year}" for year in range(2024, THIS_YEAR - 1)]
"""But for the closing of last year, which depends on the day."""

WAITING = [*OPENING[1:], *CLOSING[1:]]


@pytest.fixture(autouse=True)
def _long_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Last year takes late entries for the whole of this one."""
    monkeypatch.setenv("GRANTS_CLOSE_AFTER_DAYS", "366")


def test_once_does_what_needs_nobody_and_ends_with_3_where_something_waits(office: Call) -> None:
    answer = office("scheduler", "--once")
    assert answer.code == 3
    assert "open_year: recorded" in answer.out
    assert "close_year: recorded" in answer.out
    for one in WAITING:
        assert f"{one}: It waits for a person to confirm it" in answer.out
    assert answer.out.rstrip().endswith("grants scheduler --once --confirm")
    again = office("scheduler", "--once")
    assert again.code == 3
    assert "recorded" not in again.out
    assert again.out.count("It waits for a person") == len(WAITING)


def test_confirming_lists_the_commands_and_then_does_exactly_these(office: Call) -> None:
    office("scheduler", "--once")
    answer = office("scheduler", "--once", "--confirm")
    assert answer.code == 0
    listed = [line.strip() for line in answer.out.splitlines() if line.startswith("  ")]
    assert listed == WAITING
    assert answer.out.index(WAITING[-1]) < answer.out.index("recorded")
    assert answer.out.count("recorded") == len(WAITING)
    answer = office("scheduler", "--once")
    assert (answer.code, answer.out) == (0, "Nothing is due.\n")
    answer = office("scheduler", "--once", "--confirm")
    assert (answer.code, answer.out) == (0, "Nothing is due.\n")


def test_programs_are_told_in_json_lines(office: Call) -> None:
    answer = office("scheduler", "--once", "--json")
    assert answer.code == 3
    receipts = [line for line in answer.lines if "status" in line]
    waiting = [line for line in answer.lines if "waits" in line]
    assert [line["id"] for line in receipts] == [OPENING[0], CLOSING[0]]
    assert [line["id"] for line in waiting] == WAITING
    assert waiting[0]["command"] == "open_year"
    assert waiting[0]["year"] == 2026
    assert "more than one year" in waiting[0]["waits"]
    answer = office("scheduler", "--once", "--confirm", "--json")
    assert answer.code == 0
    assert [line["id"] for line in answer.lines] == WAITING * 2
    assert [line["status"] for line in answer.lines[len(WAITING) :]] == ["recorded"] * len(WAITING)
    assert office("scheduler", "--once", "--json").out == ""


def test_it_speaks_korean(office: Call) -> None:
    answer = office("scheduler", "--once", "--lang", "ko")
    assert f"{WAITING[0]}: 담당자 확인 대기" in answer.out
    assert "확인하고 실행하려면: grants scheduler --once --confirm" in answer.out
    answer = office("scheduler", "--once", "--confirm", "--lang", "ko")
    assert "다음 명령을 이 순서로 실행합니다." in answer.out
    assert "할 일이 없습니다." in office("scheduler", "--once", "--lang", "ko").out


def test_confirming_goes_with_once(office: Call) -> None:
    answer = office("scheduler", "--confirm")
    assert answer.code == 2
    assert "--once --confirm" in answer.err


@pytest.mark.parametrize("options", [("--once",), ("--once", "--confirm"), ()])
def test_a_clock_that_disagrees_with_the_servers_ends_with_5_and_nothing_is_done(
    office: Call, engine_name: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine_name == "sqlite":
        return
    before = office("events", "--json").out
    ahead = timedelta(days=4 * 365)
    monkeypatch.setattr(log, "now", lambda: datetime.now(UTC) + ahead)
    answer = office("scheduler", *options)
    assert answer.code == 5
    assert "the clock of this machine says" in answer.err
    assert "nothing is done" in answer.err
    assert office("events", "--json").out == before


def test_after_a_silence_it_waits_and_ends_with_3(
    office: Call, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A SQLite ledger under a clock four years ahead: nobody has worked for so long."""
    if engine_name == "postgresql":
        return
    before = office("events", "--json").out
    ahead = timedelta(days=4 * 365)
    with monkeypatch.context() as patch:
        patch.setattr(log, "now", lambda: datetime.now(UTC) + ahead)
        answer = office("scheduler", "--once")
    assert answer.code == 3
    assert "nobody has recorded anything since" in answer.out
    assert f"{ahead.days:,} days ago" in answer.out or f"{ahead.days} days ago" in answer.out
    assert office("events", "--json").out == before
