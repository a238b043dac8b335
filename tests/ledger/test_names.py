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


@pytest.mark.parametrize(
    ("one", "other"),
    [("CASE-①", "case 1"), ("P-1.1", "P-11"), ("P/1", "P1"), ("Ⅳ", "iv"), ("ＣＡＳＥ１", "case-1")],
)
def test_of_a_case_letters_and_digits_alone_count(one: str, other: str) -> None:
    assert names.case_key(one) == names.case_key(other)


@pytest.mark.parametrize(("one", "other"), [("P-1", "P-2"), ("PI", "Pl"), ("가-1", "나-1")])
def test_other_cases_stay_apart(one: str, other: str) -> None:
    assert names.case_key(one) != names.case_key(other)


def test_a_case_has_a_letter_or_a_digit() -> None:
    for empty in ("-", "---", "//", "· ·"):
        refuses(names.CaseId, empty)
    for case in ("1", "가", "é-"):
        accepts(names.CaseId, case)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (" KB-1 ", "kb-1"),
        ("KB-20250310-02", "kb 20250310 02"),
        ("KB-20250310-02", "KB–20250310—02"),
        ("KB-1", "KB−1"),
        ("KB-1", "KB_1"),
        ("KB-1", "KB://1"),
        ("KB-1", "ＫＢ．１"),
        ("KB-1", "KB\\1"),
        ("KB-1", "KB\u3000\u00a01"),
        ("국민-1", normalize("NFD", "국민-1")),
        ("STRASSE-1", "straße 1"),
        ("①-1", "1-1"),
    ],
)
def test_references_are_the_same_whatever_separates_their_parts(one: str, other: str) -> None:
    assert names.reference_key(one) == names.reference_key(other)


@pytest.mark.parametrize(("one", "other"), [("1-11", "11-1"), ("KB-1", "KB1"), ("KB+1", "KB-1")])
def test_other_references_stay_apart(one: str, other: str) -> None:
    assert names.reference_key(one) != names.reference_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kim.jiyoung", "Kim.Jiyoung"),
        (" G-1", "g-1 "),
        ("Ｇ－１", "g-1"),
        ("김", normalize("NFD", "김")),
        ("ﬁ", "FI"),
        ("ͅ".join("ab"), "aιb"),
    ],
)
def test_ids_are_the_same_in_any_letter_case_and_form(one: str, other: str) -> None:
    assert names.id_key(one) == names.id_key(other)


@pytest.mark.parametrize(("one", "other"), [("G-1", "G 1"), ("kim.j", "kim-j"), ("G1", "G-1")])
def test_of_ids_separators_count(one: str, other: str) -> None:
    assert names.id_key(one) != names.id_key(other)


UNSEEN = {
    "a control character": "\x07",
    "a line break": "\n",
    "a tab": "\t",
    "a next line": "\x85",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "half a surrogate pair": "\ud83d",
    "a soft hyphen": "\u00ad",
    "a blank without width": "\u200b",
    "a non-joiner": "\u200c",
    "an order of writing": "\u202e",
    "an isolate": "\u2066",
    "a byte order mark": "\ufeff",
    "a Hangul filler": "\u3164",
    "a wide Hangul filler": "\uffa0",
    "a leading Hangul filler": "\u115f",
    "a blank braille pattern": "\u2800",
    "a grapheme joiner": "\u034f",
    "a Mongolian selector": "\u180f",
    "a tag": "\U000e0041",
    "a selector of ideographs": "\U000e0101",
    "a musical format": "\U0001d173",
    "an Arabic number sign": "\u0600",
}


@pytest.mark.parametrize("character", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize("form", ["a{}b", "ab{}", "{}ab", "{}"])
def test_what_cannot_be_seen_is_refused_in_every_text(form: str, character: str) -> None:
    text = form.format(character)
    if text.strip() not in ("", "ab"):  # blanks around a text are trimmed
        for kind in (*(kind for kind, _ in KINDS), names.Text, names.FreeText):
            said = refuses(kind, text)
            assert f"code={ord(character):04X}" in said
            assert f"place={form.index('{') + 1}" in said


@pytest.mark.parametrize("emoji", ["🏭👩‍🔬", "❤️ 연구", "시제품 ☎︎"])
def test_only_titles_names_and_reasons_hold_what_an_emoji_is_made_of(emoji: str) -> None:
    assert accepts(names.FreeText, emoji) == emoji
    for kind in (*(kind for kind, _ in KINDS), names.Text):
        refuses(kind, emoji)


@pytest.mark.parametrize("text", ["\u200d", "\u200da", "\ufe0f가", "\u0301\ufe0f", " \u200d🏭"])
def test_an_emoji_s_parts_stand_behind_something_that_is_seen(text: str) -> None:
    refuses(names.FreeText, text)


@pytest.mark.parametrize("text", ["\u0301", "\u0301 \u0302", "\u20dd", "\u0903"])
def test_a_text_of_nothing_but_marks_and_blanks_is_empty(text: str) -> None:
    for kind in (names.Id, names.Text, names.FreeText):
        assert "too-short" in refuses(kind, text)


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
    for kind in (names.FreeText, names.Text, names.Reference, names.CommandId, names.Id):
        try:
            kept = accepts(kind, text)
        except ValidationError:
            continue
        assert accepts(kind, kept) == kept


@given(st.text(st.characters(categories=["L", "N", "P", "Z"]), max_size=40))
def test_keys_of_keys_are_the_same(text: str) -> None:
    assert names.case_key(names.case_key(text)) == names.case_key(text)
    assert names.reference_key(names.reference_key(text)) == names.reference_key(text)
    assert names.id_key(names.id_key(text)) == names.id_key(text)


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
