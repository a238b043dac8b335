"""`return_funds`: what was advanced comes back unspent, perhaps with interest."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accepted,
    applied,
    approve,
    approved,
    cancelled,
    closed,
    give_back,
    line,
    opened,
    paid,
    settled,
)


def test_money_comes_back_and_does_not_refill_the_budget(given: Given) -> None:
    story = given(approved(20_000_000), paid(4_000_000))
    outcome = story.when(give_back(1_500_000, interest=2_345, bank_ref="KB-1"))
    outcome.then(
        "funds-returned",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        amount=1_500_000,
        interest=2_345,
        bank_ref="KB-1",
    )
    outcome.moved(advanced=-1_500_000, returned=1_500_000, interest=2_345)
    assert story.row("company")["headroom"] == 1_500_000


def test_what_was_returned_no_longer_counts_against_the_ceiling(given: Given) -> None:
    story = given(
        approved(20_000_000),
        paid(4_000_000),
        applied(4_000_000, grant="G2"),
        give_back(1_500_000),
    )
    story.when(approve(line(1_500_001), grant="G2", on="2025-07-01")).refused(
        "annual-cap", limit=20_000_000, used=18_500_000, asked=1_500_001, fits=1_500_000
    )
    story.when(approve(line(1_500_000), grant="G2", on="2025-06-30")).refused("annual-cap", fits=0)
    story.when(approve(line(1_500_000), grant="G2", on="2025-07-01")).recorded()


def test_no_more_comes_back_than_is_advanced(given: Given) -> None:
    story = given(approved(10_000_000), paid(4_000_000), accepted(2_000_000))
    story.when(give_back(3_000_001)).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=3_000_000,
        used=0,
        asked=3_000_001,
        fits=3_000_000,
        says=(HANBIT, "2025", "3,000,001", "3,000,000"),
    )
    story.when(give_back(3_000_000)).recorded()
    story.when(give_back(1)).refused("within-award", limit=0, fits=0)


def test_interest_may_come_alone_but_not_nothing_at_all(given: Given) -> None:
    story = given(approved(10_000_000), paid(4_000_000))
    story.when(give_back(0, interest=77)).then("funds-returned", amount=0, interest=77).moved(
        interest=77
    )
    story.when(give_back(0)).refused("invalid")
    story.when(give_back(0, interest=0)).refused("invalid")
    story.when(give_back(1, interest=-1)).refused("invalid", says=("interest",))
    story.when(give_back(1, interest=0)).moved(advanced=-1, returned=1)


def test_a_bank_reference_is_used_once(given: Given) -> None:
    story = given(approved(10_000_000), paid(4_000_000, bank_ref="KB-7"))
    story.when(give_back(1, bank_ref=" kb-7")).refused("duplicate-payment", says=("kb-7",))
    story.when(give_back(1, bank_ref="KB-8")).recorded()
    story.when(give_back(1, bank_ref="kb-8")).refused("duplicate-payment")


def test_after_a_cancellation_money_still_comes_back_but_not_after_a_settlement(
    given: Given,
) -> None:
    story = given(
        approved(10_000_000),
        paid(4_000_000),
        cancelled(),
        approved(1_000, grant="G2"),
        settled("G2"),
    )
    story.when(give_back(1_000, on="2025-12-02")).moved(advanced=-1_000, returned=1_000)
    story.when(give_back(1_000, grant="G2", on="2025-12-02")).refused(
        "wrong-status", says=("G2", "settled")
    )


def test_money_comes_back_on_an_approved_line(given: Given) -> None:
    story = given(applied(1_000, line(1_000, company=DAON)), approved(1_000), paid(1_000))
    story.when(give_back(1, company=DAON)).refused("wrong-status", says=(DAON,))
    story.when(give_back(1, case="P-1")).refused("unknown")
    story.when(give_back(1, grant="G9")).refused("unknown")


def test_a_return_is_dated_after_the_approval_in_an_open_year(given: Given) -> None:
    story = given(approved(1_000), paid(1_000))
    story.when(give_back(1, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(give_back(1, on="2024-12-31")).refused("year-not-open")
    story.when(give_back(1, on=FUTURE)).refused("future-dated")
    story.given(opened(2026), closed(2025))
    story.when(give_back(1, on="2025-12-31")).refused("year-closed")
    story.when(give_back(1, on="2026-02-01")).recorded()


def test_nothing_comes_back_before_it_was_paid(given: Given) -> None:
    story = given(approved(10_000), paid(3_000), paid(2_000, on="2025-06-01"))
    story.when(give_back(4_000, on="2025-05-31")).refused(
        "out-of-order", limit=3_000, used=0, asked=4_000, fits=3_000, says=("advanced",)
    )
    story.when(give_back(1, on="2025-03-31")).refused("out-of-order", limit=0, fits=0)
    story.when(give_back(0, interest=5, on="2025-03-31")).recorded()
