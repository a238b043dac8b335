"""Hangul that a Mac writes in pieces is the same text; it is kept composed."""

from __future__ import annotations

from unicodedata import normalize

from tests.given import Given
from tests.steps import DAON, apply, approved, claim, item, line, paid, pay, registered


def in_pieces(text: str) -> str:
    pieces = normalize("NFD", text)
    assert pieces != text
    return pieces


def test_texts_are_kept_composed(given: Given) -> None:
    story = given()
    name = registered(DAON).but(name=in_pieces("다온소재"))
    story.when(name).then("company-registered", name="다온소재")
    asked = apply(line(1_000, company=DAON), grant=in_pieces("과제-1")).but(title=in_pieces("금형"))
    story.when(asked).then("grant-applied", grant="과제-1", title="금형")
    story.when(apply(line(1_000, company=DAON), grant="과제-1")).refused("already-exists")


def test_an_id_in_pieces_is_the_same_id(given: Given) -> None:
    story = given(approved(10_000))
    first = story.when(pay(1_000, bank_ref="국민-1").but(id="지급-1")).recorded().receipt
    again = pay(1_000, bank_ref=in_pieces("국민-1")).but(id=in_pieces("지급-1"))
    story.when(again).duplicate(first)
    story.when(again.but(id="지급-2")).refused("duplicate-payment")


def test_references_evidence_and_cases_in_pieces_are_the_same(given: Given) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_500_000, case="특허-1"), programme=patent),
        paid(1_000, case=in_pieces("특허 1")),
        claim(item(1_000, evidence="세금계산서-1", category="application_fee"), case="특허1"),
    )
    fee = item(1, evidence=in_pieces("세금계산서-1"), category="application_fee")
    story.when(claim(fee, claim="C2", case=in_pieces("특허-1"))).refused("duplicate-evidence")
    two = line(1_000_000, case="특허-2"), line(1_000_001, case=in_pieces("특허 2"), company=DAON)
    story.given(registered(DAON))
    story.when(apply(*two, grant="G2", programme=patent)).refused("case-cap", asked=2_000_001)


def test_an_id_is_as_long_as_it_reads_not_as_it_was_typed(given: Given) -> None:
    """64 syllables are 64 characters, though in pieces they are 192."""
    story = given(registered())
    name = "가" * 64
    story.when(apply(1_000, grant=in_pieces(name))).then("grant-applied", grant=name)


def test_a_text_that_grows_when_composed_is_too_long_and_no_accident(given: Given) -> None:
    """U+0958 is two characters in the composed form: 1,000 of them are 2,000."""
    story = given(registered())
    growing = "\u0958"
    story.when(apply(1_000).but(title=growing * 501)).refused("invalid", says=("title: ",))
    story.when(apply(1_000, grant=growing * 33)).refused("invalid", says=("grant: ",))
    story.when(apply(1_000).but(id=growing * 51)).refused("invalid", says=("id: ",))
    story.when(apply(1_000).but(actor=growing * 51)).refused("invalid", says=("actor: ",))
    story.when(apply(1_000).but(title=growing * 500)).recorded()
