"""Questions at the command line: what is asked for, in which words, and what a wrong call gets."""

from __future__ import annotations

import unicodedata

import pytest

from ledger import seoul
from tests.app.calling import HANBIT, Answer, Call

ITEM = "evidence=TI-1,category=prototype_development,supply=1000,incurred_on=2024-02-01"
NOWHERE = "999-99-99999"


@pytest.fixture
def asked(office: Call) -> Call:
    """The office's ledger with a payment and an accepted claim."""
    on_line = f"--grant G-1 --company {HANBIT} --year 2024"
    for call in (
        f"disburse {on_line} --amount 8000000 --bank-ref KB-1 --actor park "
        "--effective-on 2024-02-01",
        f"claim --claim C-1 {on_line} --items {ITEM} --actor kim --effective-on 2024-02-02",
        "accept-claim --claim C-1 --actor lee --effective-on 2024-02-03",
    ):
        answer = office(*call.split())
        assert answer.code == 0, answer.out + answer.err
    return office


def _is_a_wrong_call(answer: Answer, *says: str) -> None:
    assert answer.code == 2, answer.out
    assert answer.out == ""
    assert "Traceback" not in answer.err
    for words in says:
        assert words in answer.err


# ── names ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("balances --programme protoype", "The programmes are field_customised, "),
        ("balances --grant NOPE", "There is no grant NOPE"),
        (f"balances --company {NOWHERE}", NOWHERE),
        ("balances --case X9", "There is no case X9"),
        ("replay --case X9", "There is no case X9"),
        ("replay --grant NOPE --json", "There is no grant NOPE"),
        ("diff --at-seq 1 --at-seq 2 --programme protoype", "There is no programme protoype"),
        ("events --kind disburse", "disbursed"),
        ("show NOPE", "There is no grant NOPE"),
        ("show claim NOPE", "There is no claim NOPE"),
        (f"show company {NOWHERE}", NOWHERE),
        ("show programme protoype", "prototype, "),
        ("show G-1 --as-of 2024-01-09", "Grant G-1 had not been applied for at that moment"),
        ("show claim C-1 --as-of 2024-02-01", "Claim C-1 had not been made at that moment"),
        ("show programme prototype --at-seq 0", "only after that position"),
        (f"show company {HANBIT} --at-seq 17", "only after that position"),
    ],
)
def test_a_question_about_what_is_not_in_the_ledger_ends_with_2_and_says_so(
    asked: Call, call: str, says: str
) -> None:
    _is_a_wrong_call(asked(*call.split()), says)


@pytest.mark.parametrize("option", ["--company", "--programme", "--grant", "--case"])
def test_an_empty_name_is_no_name_and_does_not_mean_all(asked: Call, option: str) -> None:
    for name in ("", " "):
        for call in ("balances", "replay"):
            _is_a_wrong_call(asked(call, option, name))


def test_every_question_finds_a_name_however_it_is_typed(asked: Call) -> None:
    grants = ("G-1", " g-1 ", unicodedata.normalize("NFKC", "Ｇ-１"), "Ｇ-１")
    for question in (
        *(("balances", "--by", by) for by in ("line", "grant", "company", "programme")),
        ("replay",),
        ("diff", "--at-seq", "0", "--at-seq", "25"),
    ):
        for names in (
            [("--grant", grant) for grant in grants],
            [("--company", HANBIT), ("--company", f" {HANBIT.replace('-', '')} ")],
            [("--programme", "prototype"), ("--programme", " prototype ")],
        ):
            answers = [asked(*question, *name, "--json").json for name in names]
            assert answers[0]
            assert answers.count(answers[0]) == len(answers), (question, names)
    shown = [asked("show", grant, "--json").json for grant in grants]
    assert (shown[0]["grant"], shown.count(shown[0])) == ("G-1", len(shown))
    for claim in ("C-1", "c-1 ", "Ｃ-1"):
        assert asked("show", "claim", claim, "--json").json["claim"] == "C-1"
    assert asked("show", "company", "6098600005", "--json").json["business_number"] == HANBIT


# ── numbers and days ─────────────────────────────────────────────────────────────────────────

NO_NUMBERS = ["2025.9", "2024.0", "1e3", "٢٠٢٤", "２０２４", "+2024", "-5", "-0", "2_024", "2,024"]
NO_NUMBERS += ["", "x", "nan", "0x10", "9" * 19, "9" * 5000]


@pytest.mark.parametrize("number", NO_NUMBERS, ids=lambda number: number[:8])
def test_a_whole_number_is_its_digits_and_nothing_else_in_every_call(
    grants: Call, number: str
) -> None:
    for call in (
        "balances --year",
        "balances --at-seq",
        "show G-1 --at-seq",
        "replay --year",
        "replay --from-seq",
        "replay --to-seq",
        "events --after",
        "events --limit",
        "diff --at-seq 1 --at-seq",
        "prove",
    ):
        *words, last = call.split()
        arguments = [*words, last, number] if last == "prove" else [*words, f"{last}={number}"]
        _is_a_wrong_call(grants(*arguments))


@pytest.mark.parametrize("year", ["0", "10000"])
def test_a_year_lies_between_1_and_9999(grants: Call, year: str) -> None:
    _is_a_wrong_call(grants("balances", "--year", year), "--year", "1 to 9999")


def test_a_day_alone_as_an_instant_means_its_end_in_seoul(asked: Call) -> None:
    now = asked("balances", "--json").json
    recorded = asked("events", "--after", "24", "--json").lines[0]["recorded_at"]
    day = seoul.day_of(seoul.parsed_instant(recorded))
    assert asked("balances", "--known-at", day, "--json").json == now
    assert asked("balances", "--known-at", f"{day}T00:00", "--json").json == []
    assert asked("balances", "--known-at", day, "--as-of", day, "--json").json == now


@pytest.mark.parametrize("text", ["20260101", "2026", "22", "0"])
def test_a_bare_number_is_no_day_and_the_answer_says_what_to_write(asked: Call, text: str) -> None:
    for option in ("--from", "--to"):
        answer = asked("replay", option, text)
        _is_a_wrong_call(answer, "YYYY-MM-DD", f"{option}-seq")


def test_positions_and_days_of_a_replay_are_options_of_their_own(asked: Call) -> None:
    def positions(*arguments: str) -> list[int]:
        return [event["seq"] for event in asked("replay", *arguments, "--json").json]

    own = ("--grant", "G-1")
    assert positions(*own) == [21, 22, 23, 24, 25]
    assert positions(*own, "--from-seq", "23") == [23, 24, 25]
    assert positions(*own, "--from-seq", "22", "--to-seq", "23") == [22, 23]
    assert positions(*own, "--from", "2024-01-11", "--to", "2024-02-01") == [22, 23]
    assert positions(*own, "--from", "2024-01-11", "--to-seq", "22") == [22]
    assert positions(*own, "--from-seq", "1000") == []


@pytest.mark.parametrize(
    "call",
    [
        "replay --from 2024-02-01 --to 2024-01-31",
        "replay --from-seq 3 --to-seq 2",
        "replay --from 2024-02-30",
        "replay --from yesterday",
        "balances --as-of 20240201",
        "balances --known-at 2024-02-30",
        "diff --as-of 2024-01-01 --as-of 2024-13-01",
    ],
)
def test_a_span_or_day_that_is_none_is_a_wrong_call(asked: Call, call: str) -> None:
    _is_a_wrong_call(asked(*call.split()))


def test_events_after_the_last_are_none_and_no_wrong_call(asked: Call) -> None:
    for after in ("25", "1000", "9" * 18):
        answer = asked("events", "--after", after)
        assert (answer.code, answer.out) == (0, "")
    assert asked("events", "--limit", "0").out == ""


# ── answers ──────────────────────────────────────────────────────────────────────────────────


def test_a_part_of_a_programme_has_no_budget_and_a_part_of_a_grant_no_headroom(
    asked: Call,
) -> None:
    (row,) = asked("balances", "--by", "programme", "--grant", "G-1", "--json").json
    assert (row["budget"], row["available"], row["spent"]) == (None, None, 600)
    (row,) = asked("balances", "--by", "grant", "--company", HANBIT, "--json").json
    assert (row["cap"], row["bound"], row["headroom"]) == (None, None, None)
    for by in ("programme", "grant", "company"):
        assert asked("balances", "--by", by, "--grant", "G-1").code == 0
    assert asked("replay", "--grant", "G-1").code == 0
    moments = ("--at-seq", "0", "--at-seq", "25")
    assert asked("diff", *moments, "--by", "programme", "--grant", "G-1").code == 0


def test_show_says_why_who_and_how_the_terms_were_read(asked: Call) -> None:
    on = "--actor choi --effective-on 2024-02-04"
    reversal = asked(*f"reverse --event 25 --reason 이중입력 {on}".split())
    assert reversal.code == 0, reversal.out
    assert "이중입력" in asked("show", "G-1").out
    assert asked("show", "claim", "C-1", "--json").json["accepted_by"] is None
    known = asked("show", "claim", "C-1", "--at-seq", "25", "--json").json
    assert (known["accepted_by"], known["accepted_on"]) == ("lee", "2024-02-03")
    programme = asked("show", "programme", "prototype", "--json").json
    assert programme["notes"]
    assert programme["notes"][0][:40] in asked("show", "programme", "prototype").out


def test_show_company_as_of_a_day_before_its_registration(asked: Call) -> None:
    shown = asked("show", "company", HANBIT, "--as-of", "2020-01-01", "--json")
    assert shown.code == 0
    assert (shown.json["name"], shown.json["balances"]) == ("한빛정밀", [])
