"""One thing has one name: it is neither paid, claimed, approved nor filed under a second one."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from tests import steps as say
from tests.given import Given

PATENT = {"programme": "domestic_patent"}
REFERENCE = "KB-20250310-02"


@pytest.mark.parametrize(
    "retyped",
    ["kb 20250310 02", "KB–20250310–02", "ＫＢ－20250310－02", "KB_20250310_02", "KB.20250310/02"],
)
def test_a_payment_is_not_recorded_again_under_another_spelling(given: Given, retyped: str) -> None:
    story = given(say.approved(10_000_000), say.paid(1_000_000, bank_ref=REFERENCE))
    story.when(say.pay(1_000_000, bank_ref=retyped)).refused("duplicate-payment")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u3164", "\u2060", "\u00ad", "\u2800"])
def test_nothing_unseen_makes_a_second_name(given: Given, unseen: str) -> None:
    story = given(
        say.approved(10_000_000),
        say.paid(1_000, bank_ref="HB-1"),
        say.claimed(say.item(1_000, evidence="E-1")),
    )
    for asked in (
        say.pay(1_000, bank_ref=f"HB-1{unseen}"),
        say.claim(say.item(1_000, evidence=f"E-1{unseen}"), claim="C2"),
        say.accept(by=f"kim{unseen}"),
        say.apply(1_000, grant=unseen),
        say.apply(say.line(1_000, case=f"{unseen}PCT-7"), grant="G7", **PATENT),
    ):
        story.when(asked).refused("invalid", says=(f"U+{ord(unseen):04X}",))


@pytest.mark.parametrize("evidence", ["inv 1", "INV–1", "ＩＮＶ：１", "inv_1"])
def test_evidence_is_not_claimed_again_under_another_spelling(given: Given, evidence: str) -> None:
    story = given(say.approved(10_000_000), say.claimed(say.item(1_000, evidence="INV-1")))
    story.when(say.claim(say.item(1_000, evidence=evidence), claim="C2")).refused(
        "duplicate-evidence"
    )


@pytest.mark.parametrize("actor", ["Kim", " kim ", "ＫＩＭ", "ｋim"])
def test_nobody_is_a_second_person_by_another_spelling(given: Given, actor: str) -> None:
    story = given(say.budgeted(), say.applied(5_000_000))
    story.when(say.approve(5_000_000, by=actor)).refused("four-eyes")


@pytest.mark.parametrize("case", ["CASE 1", "case①", "Case.1", "ＣＡＳＥ／１"])
def test_a_case_has_one_ceiling_however_it_is_typed(given: Given, case: str) -> None:
    story = given(
        say.approved(say.line(2_000_000, case="CASE-1"), **PATENT),
        say.applied(say.line(1, case=case), grant="G2", **PATENT),
    )
    story.when(say.approve(say.line(1, case=case), grant="G2")).refused("case-cap")


@pytest.mark.parametrize(
    ("first", "retyped"),
    [("과제-가", normalize("NFD", "과제-가")), ("G-a", "g-A"), ("G1", "Ｇ１"), ("G1", " g1 ")],
)
def test_a_grant_is_found_however_it_is_typed_and_kept_as_first_given(
    given: Given, first: str, retyped: str
) -> None:
    story = given(say.approved(10_000_000, grant=first))
    story.when(say.apply(1_000, grant=retyped)).refused("already-exists")
    story.when(say.pay(1_000, grant=retyped)).then("disbursed", grant=first)
    story.when(say.claim(1_000, claim="보고-1", grant=retyped)).then("costs-claimed", grant=first)
    story.when(say.accept(normalize("NFD", "보고-1"))).then("claim-accepted", claim="보고-1")
    story.when(say.settle(retyped)).refused("outstanding-balance")
