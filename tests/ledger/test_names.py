"""Names that people type: when two of them are the same, and what none of them may hold."""

from __future__ import annotations

from typing import Annotated, Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger import names, seoul, won

HANBIT = "609-86-00005"


def accepts(kind: Any, value: object) -> object:
    return TypeAdapter(kind).validate_python(value)


def refuses(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as error:
        accepts(kind, value)
    return str(error.value)


@pytest.mark.parametrize("typed", [HANBIT, "6098600005", "609-8600005", f"  {HANBIT}\t"])
def test_a_business_number_is_kept_with_its_hyphens(typed: str) -> None:
    assert accepts(names.BusinessNumber, typed) == HANBIT


@pytest.mark.parametrize(
    "typed", ["", "609-86-0000", "60-986-00005", "609 86 00005", "６０９８６００００５", "x" * 10]
)
def test_what_has_not_ten_digits_is_no_business_number(typed: str) -> None:
    refuses(names.BusinessNumber, typed)


def test_the_check_digit_finds_a_mistyped_digit() -> None:
    for number in ("110-81-12345", HANBIT):
        assert names.check_digit_fits(number)
        last = int(number[-1])
        for other in {*range(10)} - {last}:
            assert not names.check_digit_fits(f"{number[:-1]}{other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IP-2025-001", "ip2025001"),
        ("IP-2025-001", " IP 2025  001 "),
        ("IP-2025-001", "IP‐2025‑001"),
        ("IP-2025-001", "IP–2025—001"),
        ("IP-2025-001", "IP−2025\u00a0001"),
        ("IP-2025-001", "IP－2025\u3000001"),
        ("특허-1", normalize("NFD", "특허 1")),
    ],
)
def test_cases_are_the_same_without_blanks_hyphens_and_letter_case(one: str, other: str) -> None:
    assert names.case_key(one) == names.case_key(other)


@pytest.mark.parametrize(("one", "other"), [("P-1", "P-2"), ("P-1.1", "P-11"), ("P/1", "P1")])
def test_other_cases_stay_apart(one: str, other: str) -> None:
    assert names.case_key(one) != names.case_key(other)


def test_a_case_has_a_letter_or_a_digit() -> None:
    for empty in ("-", "---", "//", "· ·"):
        refuses(names.CaseId, empty)
    for case in ("1", "가", "é-"):
        accepts(names.CaseId, case)


def test_references_are_the_same_trimmed_and_without_letter_case() -> None:
    assert names.reference_key(" KB-1 ") == names.reference_key("kb-1")
    assert names.reference_key("국민-1") == names.reference_key(normalize("NFD", "국민-1"))
    assert names.reference_key("KB-1") != names.reference_key("KB 1")
    assert names.reference_key("KB-1") != names.reference_key("KB1")


KINDS = ((names.CommandId, 100), (names.Id, 64), (names.CaseId, 64), (names.Reference, 100))


@pytest.mark.parametrize(("kind", "longest"), [*KINDS, (names.Text, 1_000)])
def test_a_text_is_trimmed_composed_and_of_a_length(kind: Any, longest: int) -> None:
    assert accepts(kind, "  가나 \u3000") == "가나"
    assert accepts(kind, normalize("NFD", "가나")) == "가나"
    assert accepts(kind, "가" * longest) == "가" * longest
    refuses(kind, "가" * (longest + 1))
    for empty in ("", " ", "\u00a0\u3000"):
        refuses(kind, empty)


@pytest.mark.parametrize(("kind", "longest"), [*KINDS, (names.Text, 1_000)])
def test_its_length_is_that_of_the_composed_text(kind: Any, longest: int) -> None:
    assert accepts(kind, normalize("NFD", "가" * longest)) == "가" * longest
    refuses(kind, "\u0958" * (longest // 2 + 1))


@pytest.mark.parametrize("kind", [*(kind for kind, _ in KINDS), names.Text])
@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_control_characters_and_half_characters_are_refused(kind: Any, control: str) -> None:
    refuses(kind, f"a{control}b")


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), min_size=1, max_size=40))
def test_what_was_accepted_is_accepted_again_unchanged(text: str) -> None:
    """What is stored passes the same check when it is read."""
    for kind in (names.Text, names.Reference, names.CommandId, names.Id):
        try:
            kept = accepts(kind, text)
        except ValidationError:
            continue
        assert accepts(kind, kept) == kept


@given(st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=40))
def test_keys_of_keys_are_the_same(text: str) -> None:
    assert names.case_key(names.case_key(text)) == names.case_key(text)
    assert names.reference_key(names.reference_key(text)) == names.reference_key(text)


@pytest.mark.parametrize("amount", [0.0, 1.0, True, "1", None, -1, 10**15, float("nan")])
def test_won_are_whole_not_negative_and_below_a_thousand_trillion(amount: object) -> None:
    refuses(won.Won, amount)
    refuses(won.PositiveWon, amount)


def test_the_bounds_of_won() -> None:
    assert accepts(won.Won, 0) == 0
    assert accepts(won.Won, 10**15 - 1) == 10**15 - 1
    refuses(won.PositiveWon, 0)
    assert accepts(won.SignedWon, -(10**15) + 1) == -(10**15) + 1
    refuses(won.SignedWon, -(10**15))
    assert won.won(12_345_678) == "12,345,678"


@pytest.mark.parametrize(
    "day", ["2025-02-29", "2025-1-1", "20250101", "0000-01-01", "2025-13-01", "２０２５-01-01"]
)
def test_days_are_days_of_the_calendar(day: str) -> None:
    refuses(seoul.Day, day)
    assert accepts(seoul.Day, "2024-02-29") == "2024-02-29"


def test_null_is_no_value() -> None:
    refuses(Annotated[str | None, names.NotNull], None)
