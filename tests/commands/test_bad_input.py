"""What is not a well-formed command is refused as `invalid`, says where, and leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from commands import words
from commands.execute import execute_all
from commands.parse import Invalid, decoded, parsed
from commands.table import COMMANDS
from ledger.database.engine import Engine
from tests.given import Given
from tests.steps import (
    DAON,
    HANBIT,
    accept,
    allocate,
    amend,
    apply,
    approve,
    approved,
    cancel,
    carry_over,
    claim,
    close_year,
    exclude,
    give_back,
    identify,
    item,
    line,
    open_year,
    opened,
    order_back,
    paid,
    pay,
    readmit,
    receive_back,
    reclassify,
    register,
    registered,
    reject,
    rename,
    reopen_year,
    reverse,
    revise,
    settle,
    sum_of,
    withdraw,
)

LINE = line(1_000, case="P-1", total_cost=2_000, in_kind=1, local_share=1)
AWARD = line(1_000, case="P-1")

GOOD: dict[str, dict[str, Any]] = {
    step.command["command"]: step.command
    for step in (
        register(mini_cluster="구미"),
        reclassify(HANBIT, "large", on="2025-01-01"),
        rename(name="한빛로봇", mini_cluster="구미", on="2025-01-01"),
        exclude(on="2025-01-01", until="2025-12-31"),
        readmit(on="2025-01-01"),
        revise(on="2025-01-01"),
        allocate(),
        open_year(),
        close_year(),
        reopen_year(),
        apply(LINE, partners=(DAON,)),
        approve(AWARD),
        reject(),
        withdraw(),
        amend(AWARD),
        pay(1_000, case="P-1"),
        claim(item(1_000, vat=1, supplier="한울금형"), case="P-1"),
        accept(disallow=("A",)),
        give_back(1_000, interest=1, case="P-1"),
        carry_over(1_000, case="P-1"),
        identify("P-1", "10-1"),
        cancel(sum_of(1, case="P-1")),
        order_back(sum_of(1, case="P-1")),
        receive_back(1_000, interest=1, case="P-1"),
        settle(),
        reverse("P1"),
    )
}
"""One well-formed command of each name, with every field that it may have."""

AMOUNTS = {"amount", "subsidy", "total_cost", "in_kind", "local_share", "supply", "vat", "interest"}
POSITIVE = {"amount", "total_cost", "supply"}
NUMBERS = {"company", "lead", "business_number", "partners"}
SHORT = {"id": 100, "actor": 100, "bank_ref": 100, "evidence": 100, "application_number": 100}
IDS = {"grant": 64, "claim": 64, "case": 64}
TEXTS = {"name": 1000, "title": 1000, "reason": 1000, "source": 1000, "supplier": 1000}
TEXTS |= {"mini_cluster": 1000, "of": 100} | SHORT | IDS

NOT_WON = (1.0, 0.5, True, False, "1000", "1,000", 10**15, 10**30, -(10**15), None, [], {})
NOT_TEXT = (1, True, None, [], {}, b"x", "", "   ", "\t\n")
NOT_A_DAY = (
    *("2025-02-29", "2025-13-01", "2025-1-1", "20250101", "2025-01-01T00:00:00", "0000-01-01"),
    *("10000-01-01", "", " 2025-01-01", "２０２５-01-01", "어제", 20250101, 0, True, None),
)
NOT_A_YEAR = (0, -1, 10_000, 2025.0, "2025", True, None)
NOT_A_NUMBER = (
    *("609-86-0000", "609-86-000058", "60-986-00005", "609 86 00005", "abc-de-fghij", ""),
    *("６０９-86-00005", 6098600005, None, True, ["609-86-00005"]),
)
CONTROLS = ("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\ud800")
UNSEEN = ("\n", "\r\n", "\t", "\u2028", "\u200b", "\u00ad", "\u2800", "\u3164", "\ufeff")
"""What nobody sees in a text."""

HANGUL = re.compile("[가-힣]")


def places(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every place of a command with the name of its field, such as (`lines[0].year`, `year`)."""
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            yield here, name
            yield from places(inner, here)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, f"{path}[{number}]")


def with_value(command: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The command with another value at a place."""
    changed = deepcopy(command)
    *steps, last = re.findall(r"[^.\[\]]+", path)
    target: Any = changed
    for step in steps:
        target = target[int(step) if step.isdigit() else step]
    target[last] = value
    return changed


def bad_values(name: str, where: str, command: str) -> tuple[object, ...]:
    """What cannot stand at a place."""
    if where.startswith(("caps", "ratio")):
        return ()
    if name in AMOUNTS:
        may_be_zero = command == "return_funds"
        negative = () if command == "allocate_budget" else (-1,)
        return (*NOT_WON, *negative, *((0,) if name in POSITIVE and not may_be_zero else ()))
    if name == "partners":
        return ("x", 1, None, {}, [None], *([number] for number in NOT_A_NUMBER))
    if name in NUMBERS:
        return NOT_A_NUMBER
    if name in TEXTS:
        dirty = tuple(f"a{control}b" for control in (*CONTROLS, *UNSEEN))
        return (*NOT_TEXT, *dirty, "가" * (TEXTS[name] + 1))
    if name in ("effective_on", "until", "incurred_on"):
        return NOT_A_DAY
    if name == "year":
        return NOT_A_YEAR
    if name in ("programme", "category"):
        return ("", 1, None, [], "x\x00", "x" * 101)
    if name in ("size", "party_type"):
        return ("tiny", "SME", "", 1, None, True)
    if name in ("lines", "items", "recover"):
        return ([], {}, "x", 1, None, [None], ["x"], [[]], [{}])
    if name == "disallow":
        return ({}, "x", 1, None, [None], [{}])
    if name in ("eligible", "excluded"):
        return ({}, "x", None, [None], [1], [""])
    if name in ("min_companies", "event"):
        return (0, -1, 1.0, True, "1", None)
    if name == "advance_percent":
        return (-1, 101, 50.0, True, "50", None)
    raise AssertionError(f"nobody said what is wrong at {where}")


def wrong_ones() -> Iterator[tuple[dict[str, Any], str]]:
    """Commands that are wrong in one place, and that place."""
    for name, command in GOOD.items():
        for where, field in places(command):
            if field == "command":
                continue
            for value in bad_values(field, where, name):
                yield with_value(command, where, value), where
            if "." not in where and field in required(name):
                yield {key: value for key, value in command.items() if key != field}, where
        for where in ("note", "Actor", "amount_won"):
            yield command | {where: 1}, where
        for part in ("lines", "items", "recover", "disallow"):
            if part in command:
                again = [*command[part], *command[part]]
                yield command | {part: again}, part
                yield with_value(command, f"{part}[0].note", 1), f"{part}[0].note"
        yield command | {"id": None}, "id"
        yield command | {"id": "x" * 101}, "id"


def required(command: str) -> set[str]:
    """The fields that a command cannot do without."""
    fields = COMMANDS[command].ask.model_fields.items()
    return {name for name, field in fields if field.is_required()}


WRONG = list(wrong_ones())


def refusal(command: object) -> Invalid:
    with pytest.raises(Invalid) as found:
        parsed(command)
    return found.value


def test_every_command_has_a_well_formed_example() -> None:
    assert set(GOOD) == set(COMMANDS)
    for command in GOOD.values():
        parsed(command)


def test_everything_wrong_is_said_with_its_place_in_both_languages() -> None:
    assert len(WRONG) > 2_000
    for command, where in WRONG:
        invalid = refusal(command)
        for language in ("en", "ko"):
            said = words.said(invalid, language)
            places_named = [part.split(": ")[0] for part in said.split("; ")]
            assert any(place.startswith(where) for place in places_named), (command, where, said)


def test_everything_wrong_is_refused_and_leaves_no_trace(engine: Engine, given: Given) -> None:
    story = given()
    size = story.size
    for receipt in execute_all(engine, [command for command, _ in WRONG]):
        answer = receipt.as_json()
        assert (answer["status"], answer["rule"], answer["events"]) == ("refused", "invalid", [])
        assert receipt.message("en")
        assert receipt.message("ko")
    assert story.size == size


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (None, "a command is a JSON object"),
        ([], "a command is a JSON object"),
        ("open_year", "a command is a JSON object"),
        (7, "a command is a JSON object"),
        ({}, "command: "),
        ({"actor": "kim"}, "command: "),
        ({"command": None, "actor": "kim"}, "command: "),
        ({"command": 7, "actor": "kim"}, "command: "),
        ({"command": "open-year", "actor": "kim", "year": 2025}, "command: "),
        ({"command": "Open_Year", "actor": "kim", "year": 2025}, "command: "),
        ({"command": "open_year", "actor": "kim", 7: 7, "year": 2025}, "[7]: "),
    ],
)
def test_what_is_no_command_at_all_says_so(raw: object, where: str) -> None:
    assert words.said(refusal(raw), "en").startswith(where)
    assert refusal(raw).rule == "invalid"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"caps": {}}, "caps"),
        ({"caps": [{"per": "company_year", "amount": 1}]}, "caps[0].bound"),
        ({"caps": [{"per": "moon", "amount": 1, "bound": "le"}]}, "caps[0].per"),
        ({"caps": [{"per": "case", "amount": 0, "bound": "le"}]}, "caps[0].amount"),
        ({"caps": [{"per": "case", "amount": 1.0, "bound": "le"}]}, "caps[0].amount"),
        ({"caps": [{"per": "case", "amount": 1, "bound": "<"}]}, "caps[0].bound"),
        ({"ratio": {"percent": 101, "bound": "le"}}, "ratio"),
        ({"ratio": {"percent": -1, "bound": "le"}}, "ratio"),
        ({"ratio": {"percent": 60.0, "bound": "le"}}, "ratio"),
        ({"ratio": {"sme": None}}, "ratio"),
        ({"ratio": {"tiny": {"percent": 60, "bound": "le"}}}, "ratio"),
        ({"ratio": 60}, "ratio"),
    ],
)
def test_terms_are_well_formed(changes: dict[str, Any], where: str) -> None:
    assert where in words.said(refusal(revise(on="2025-01-01").but(**changes).command), "en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"command": "open_year", "year": 2025, "year": 2026}', "'year'"),
        ('{"lines": [{"year": 1, "year": 2}]}', "'year'"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        ('{"amount": ' + "9" * 5_000 + "}", "not JSON"),
    ],
    ids=["empty", "half", "twice", "twice within", "deep", "not UTF-8", "long number"],
)
def test_what_is_not_json_is_no_command(text: str | bytes, said: str) -> None:
    with pytest.raises(Invalid) as found:
        decoded(text)
    assert said in words.said(found.value, "en")
    assert HANGUL.search(words.said(found.value, "ko"))


def test_fractions_and_what_only_looks_whole_are_refused_in_json() -> None:
    for amount in ("1.0", "1e3", "NaN", "Infinity", "-0.0", '"1"', "true", "null"):
        asked = pay(1, bank_ref="KB-1").without("amount").command
        text = str(asked).replace("'", '"')[:-1] + f', "amount": {amount}}}'
        assert words.said(refusal(decoded(text)), "en").startswith("amount: ")


def test_a_refusal_carries_the_id_and_name_that_were_given(given: Given) -> None:
    outcome = given().when(open_year().but(id="X-1", year="2025"))
    outcome.refused("invalid", says=("year: ",))
    answer = outcome.receipt.as_json()
    assert (answer["id"], answer["command"]) == ("X-1", "open_year")


def test_the_same_line_or_partner_in_another_spelling_is_the_same(given: Given) -> None:
    story = given(opened(), registered(), registered(DAON))
    bare = HANBIT.replace("-", "")
    story.when(apply(line(1), line(1, company=bare))).refused("invalid", says=("lines: ",))
    partners = (DAON, DAON.replace("-", ""), f" {DAON} ")
    story.when(apply(1_000, partners=partners)).then("grant-applied", partners=[DAON])


def test_an_id_far_beyond_the_log_is_unknown_and_no_accident(given: Given) -> None:
    story = given(opened())
    for event in (2**31, 2**63 - 1, 2**63, 10**30):
        outcome = story.when(reverse(event=event)).refusal()
        assert outcome.receipt.rule in ("unknown", "invalid")


def test_a_command_that_fails_for_its_own_reasons_does_not_take_others_with_it(
    engine: Engine, given: Given
) -> None:
    given(approved(1_000_000))
    asked = [pay(1).command, reverse(event=10**30).command, pay(2).command]
    assert [receipt.status for receipt in execute_all(engine, asked)] == [
        "recorded",
        "refused",
        "recorded",
    ]


def test_a_reason_is_trimmed_and_has_one_line(given: Given) -> None:
    story = given(registered())
    asked = readmit(on="2025-01-01")
    story.when(asked.but(reason=" 제재 해제\r\n ")).then("company-readmitted", reason="제재 해제")
    for unseen in ("\n", "\t", "\u200b", "\u3164", "\u2028", "\ud800"):
        story.when(asked.but(reason=f"제재{unseen}해제")).refused("invalid", says=("reason",))


def test_what_is_paid_is_not_what_was_mistyped(given: Given) -> None:
    """The largest amount is a well-formed one; a won more is not."""
    story = given(approved(1_000), paid(1))
    story.when(pay(10**15 - 1)).refused("within-award", limit=999, fits=999)
    story.when(pay(10**15)).refused("invalid", says=("amount: ",))


def test_what_is_wrong_is_said_in_korean_too() -> None:
    """Messages exist in English and Korean: no sentence without a Korean letter."""
    english_only = set()
    for command, _ in WRONG:
        for said in words.said(refusal(command), "ko").split("; "):
            if not HANGUL.search(said.partition(": ")[2]):
                english_only.add(said)
    assert not english_only


def test_where_nothing_must_be_named_an_empty_list_is_well_formed() -> None:
    for good, field in (
        (apply(LINE), "partners"),
        (accept(), "disallow"),
        (revise(on="2025-01-01"), "eligible"),
        (revise(on="2025-01-01"), "excluded"),
    ):
        parsed(good.but(**{field: []}).command)
