"""`claim`: costs with their evidence, of kinds that the line's own terms pay for."""

from __future__ import annotations

import pytest

from commands.parse import Invalid, parsed
from commands.words import said
from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accept,
    accepted,
    applied,
    approved,
    cancelled,
    claim,
    claimed,
    closed,
    excluded,
    item,
    line,
    opened,
    reversed_,
    settled,
)


def test_a_claim_names_its_evidence_and_moves_nothing(given: Given) -> None:
    story = given(approved(10_000_000))
    cost = item(3_000_000, evidence="INV-1", vat=300_000, supplier="한울금형")
    outcome = story.when(claim(cost, item(1, evidence="INV-2")))
    at = {"category": "prototype_development", "incurred_on": "2025-04-15"}
    outcome.then(
        "costs-claimed",
        claim="C1",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        items=[
            at | {"evidence": "INV-1", "supply": 3_000_000, "vat": 300_000, "supplier": "한울금형"},
            at | {"evidence": "INV-2", "supply": 1, "vat": 0},
        ],
    ).moved()
    assert outcome.receipt.made == {"claim": "C1"}


def test_a_claim_id_is_made_where_none_is_given_and_is_never_taken(given: Given) -> None:
    story = given(approved(10_000_000))
    first = story.when(claim(1_000, claim=None)).recorded().receipt.made
    assert first
    story.when(claim(1_000, claim=first["claim"])).refused("already-exists", says=(first["claim"],))
    ahead = f"C2025-{story.size + 2:06d}"
    story.given(claimed(1_000, claim=ahead))
    second = story.when(claim(1_000, claim=None)).recorded().receipt.made
    assert second
    assert second["claim"] not in (ahead, first["claim"])


def test_only_what_the_terms_pay_for_and_do_not_exclude_is_claimed(given: Given) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_000_000, case="P-1"), programme=patent), approved(1_000, grant="G2")
    )
    for category in ("registration_fee", "prototype_development", "travel"):
        story.when(claim(item(1_000, category=category), case="P-1")).refused(
            "ineligible-cost", says=(category, "application_fee")
        )
    eligible = item(1_000, category="application_fee")
    story.when(claim(eligible, item(1_000, category="travel"), case="p 1")).refused(
        "ineligible-cost"
    )
    story.when(claim(eligible, case="p 1")).then("costs-claimed", case="P-1")
    story.when(claim(item(1_000, category="application_fee"), claim="C2", grant="G2")).refused(
        "ineligible-cost"
    )


def test_evidence_is_claimed_once_in_the_whole_ledger(given: Given) -> None:
    story = given(
        approved(10_000_000),
        approved(line(1_000_000, company=DAON), grant="G2"),
        claimed(item(1_000, evidence="Inv-1")),
    )
    for again in ("Inv-1", " INV-1 ", "inv-1", "INV 1", "inv/1"):
        other = claim(item(500, evidence=again), claim="C2", company=DAON, grant="G2")
        story.when(other).refused("duplicate-evidence", says=(again.strip(), "C1"))
    story.given(accepted(item(1_000, evidence="INV-3"), claim="C3"))
    story.when(claim(item(1, evidence="inv-3"), claim="C2")).refused("duplicate-evidence")
    story.when(claim(item(1, evidence="INV1"), claim="C2")).recorded()


def test_evidence_that_was_disallowed_may_be_claimed_again(given: Given) -> None:
    story = given(approved(10_000_000), claimed(item(1, evidence="A"), item(1, evidence="B")))
    story.given(accept(disallow=("a",)))
    story.when(claim(item(1, evidence="B"), claim="C2")).refused("duplicate-evidence")
    story.when(claim(item(1, evidence="A"), claim="C2")).recorded()
    story.when(claim(item(1, evidence="A"), claim="C3")).refused("duplicate-evidence", says=("C2",))


def test_after_a_reversed_acceptance_all_evidence_is_claimed_again(given: Given) -> None:
    story = given(
        approved(10_000_000),
        claimed(item(1, evidence="A"), item(1, evidence="B")),
        accept(disallow=("A",)).but(id="accept-1"),
        reversed_("accept-1"),
    )
    for evidence in ("A", "B"):
        story.when(claim(item(1, evidence=evidence), claim="C2")).refused(
            "duplicate-evidence", says=("C1",)
        )


def test_costs_are_incurred_between_the_approval_and_the_claim(given: Given) -> None:
    story = given(approved(10_000_000))
    story.when(claim(item(1, incurred_on="2025-02-28"))).refused(
        "out-of-order", says=("2025-02-28", "2025-03-01")
    )
    story.when(claim(item(1, evidence="INV-9", incurred_on="2025-05-02"))).refused(
        "out-of-order", says=("INV-9", "2025-05-02", "2025-05-01")
    )
    story.when(claim(item(1, incurred_on=FUTURE))).refused("future-dated", says=(FUTURE,))
    first_and_last = item(1, incurred_on="2025-03-01"), item(1, incurred_on="2025-05-01")
    story.when(claim(*first_and_last)).recorded()


def test_a_claim_is_dated_after_the_approval_in_an_open_year(given: Given) -> None:
    story = given(approved(10_000_000))
    story.when(claim(1, on="2025-02-28")).refused("out-of-order", says=("2025-02-28",))
    story.when(claim(1, on=FUTURE)).refused("future-dated")
    story.when(claim(1, on="2026-01-02")).refused("year-not-open", says=("2026",))
    story.given(opened(2026), closed(2025))
    story.when(claim(1)).refused("year-closed", says=("2025",))
    story.when(claim(1, on="2026-01-02")).recorded()


def test_a_claim_is_made_on_an_approved_line_of_a_running_grant(given: Given) -> None:
    story = given(
        applied(1_000, line(1_000, company=DAON)),
        approved(1_000),
        applied(1_000, grant="G2"),
        approved(1_000, grant="G3"),
        settled("G3", on="2025-03-01"),
        approved(1_000, grant="G4"),
        cancelled(grant="G4", on="2025-03-01"),
    )
    story.when(claim(1, company=DAON)).refused("wrong-status", says=(DAON,))
    story.when(claim(1, case="P-1")).refused("unknown", says=("P-1",))
    story.when(claim(1, grant="G9")).refused("unknown", says=("G9",))
    for grant, status in (("G2", "applied"), ("G3", "settled"), ("G4", "cancelled")):
        story.when(claim(1, grant=grant)).refused("wrong-status", says=(grant, status))


def test_an_excluded_company_may_claim_what_it_spent(given: Given) -> None:
    story = given(approved(1_000), excluded(on="2025-04-01", until=FUTURE))
    story.when(claim(1)).recorded()


@pytest.mark.parametrize(
    ("items", "where"),
    [
        ([], "items"),
        ([item(1, evidence="A"), item(2, evidence=" a")], "items"),
        ([item(0)], "items[0].supply"),
        ([item(1), item(1, vat=-1)], "items[1].vat"),
        ([item(1, evidence=" ")], "items[0].evidence"),
        ([item(1, incurred_on="2025-02-29")], "items[0].incurred_on"),
        ([item(1, supplier="")], "items[0].supplier"),
        ([item(1, category="")], "items[0].category"),
        ([item(1, note="?")], "items[0].note"),
    ],
)
def test_items_are_well_formed(items: list[dict[str, object]], where: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parsed(claim().but(items=items).command)
    assert said(refusal.value, "en").startswith(f"{where}: ")
    assert said(refusal.value, "ko").startswith(f"{where}: ")
