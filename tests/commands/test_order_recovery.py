"""`order_recovery`: money is to be paid back, also after the end of a grant."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accepted,
    applied,
    approved,
    cancelled,
    closed,
    draws,
    line,
    opened,
    order_back,
    paid,
    rejected,
    settled,
    sum_of,
)


def test_what_is_ordered_back_is_taken_from_advanced_then_spent(given: Given) -> None:
    story = given(approved(10_000_000), paid(5_000_000), accepted(6_000_000))
    outcome = story.when(order_back(2_500_000))
    outcome.then(
        "recovery-ordered",
        grant="G1",
        programme="prototype",
        reason="부당 집행",
        lines=[
            {
                "company": HANBIT,
                "year": 2025,
                "draws": draws(advanced=2_000_000, spent=500_000),
            }
        ],
    )
    outcome.moved(advanced=-2_000_000, spent=-500_000, due=2_500_000)
    assert story.row("company")["used"] == 10_000_000


def test_no_more_is_ordered_back_than_was_paid(given: Given) -> None:
    story = given(approved(10_000_000), paid(5_000_000), accepted(6_000_000))
    story.when(order_back(5_000_001)).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=5_000_000,
        used=0,
        asked=5_000_001,
        fits=5_000_000,
        says=(HANBIT, "2025", "5,000,001", "5,000,000"),
    )
    story.when(order_back(5_000_000)).recorded()
    story.when(order_back(1)).refused("within-award", limit=0, fits=0)


def test_several_lines_are_ordered_back_at_once_or_none(given: Given) -> None:
    story = given(
        approved(10_000, line(10_000, company=DAON)), paid(4_000), paid(3_000, company=DAON)
    )
    story.when(order_back(sum_of(4_000), sum_of(3_001, company=DAON))).refused(
        "within-award", line={"company": DAON, "year": 2025, "case": None}, fits=3_000
    )
    story.when(order_back(sum_of(4_000), sum_of(3_000, company=DAON))).moved(
        advanced=-7_000, due=7_000
    )
    story.when(order_back(1, 2)).refused("invalid", says=("lines",))


def test_money_is_ordered_back_after_settlement_and_cancellation_too(given: Given) -> None:
    story = given(
        approved(10_000),
        paid(2_000),
        accepted(4_000),
        settled(),
        approved(10_000, grant="G2"),
        paid(2_000, grant="G2"),
        cancelled(grant="G2"),
    )
    story.when(order_back(1_000, on="2025-12-01")).moved(spent=-1_000, due=1_000)
    story.when(order_back(1_000, grant="G2", on="2025-12-01")).moved(advanced=-1_000, due=1_000)


def test_nothing_was_paid_on_a_grant_that_was_not_approved(given: Given) -> None:
    story = given(
        applied(1_000),
        applied(1_000, grant="G2"),
        rejected("G2"),
        applied(1_000, line(1_000, company=DAON), grant="G3"),
        approved(1_000, grant="G3"),
    )
    story.when(order_back(1, grant="G9")).refused("unknown")
    story.when(order_back(1)).refused("wrong-status", says=("applied",))
    story.when(order_back(1, grant="G2")).refused("wrong-status", says=("rejected",))
    story.when(order_back(sum_of(1, company=DAON), grant="G3")).refused("wrong-status")
    story.when(order_back(sum_of(1, case="P-1"), grant="G3")).refused("unknown")
    story.when(order_back(1, grant="G3").without("reason")).refused("invalid", says=("reason",))


def test_it_is_dated_after_the_approval_in_an_open_year(given: Given) -> None:
    story = given(approved(1_000), paid(1_000))
    story.when(order_back(1, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(order_back(1, on=FUTURE)).refused("future-dated")
    story.when(order_back(1, on="2026-01-02")).refused("year-not-open")
    story.given(opened(2026), closed(2025))
    story.when(order_back(1)).refused("year-closed")
    story.when(order_back(1, on="2026-01-02")).recorded()


def test_nothing_is_ordered_back_before_it_was_paid(given: Given) -> None:
    story = given(approved(line(10_000)), paid(3_000), paid(2_000, on="2025-10-01"))
    story.when(order_back(4_000)).refused(
        "out-of-order", limit=3_000, used=0, asked=4_000, fits=3_000, says=("advanced",)
    )
    story.when(order_back(3_000)).recorded()
    story.when(order_back(1, on="2025-03-31")).refused("out-of-order", fits=0)
