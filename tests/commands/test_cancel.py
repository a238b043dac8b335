"""`cancel`: what was not paid is released, what was paid is ordered back as far as said."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accept,
    accepted,
    amend,
    applied,
    approve,
    approved,
    cancel,
    cancelled,
    carried_over,
    carry_over,
    claim,
    claimed,
    closed,
    draws,
    give_back,
    line,
    opened,
    order_back,
    paid,
    pay,
    receive_back,
    rejected,
    returned,
    reversed_,
    settle,
    settled,
    sum_of,
)


def test_a_cancellation_releases_what_was_not_paid_and_orders_back_what_was(
    given: Given,
) -> None:
    """Of 10 million: 2 spent, 2 payable, 1 advanced, 3 carried, 2 committed."""
    story = given(
        approved(10_000_000),
        carried_over(3_000_000, on="2025-04-01"),
        accepted(8_000_000),
        paid(2_000_000, on="2025-07-01"),
        claimed(1_000, claim="C2", on="2025-07-01"),
    )
    outcome = story.when(cancel(sum_of(1_500_000)))
    outcome.then(
        "grant-cancelled",
        grant="G1",
        programme="prototype",
        reason="목적 외 사용",
        lines=[
            {
                "company": HANBIT,
                "year": 2025,
                "released": draws(committed=3_000_000, carried=3_000_000, payable=2_000_000),
                "released_to": "available",
                "to_recover": draws(spent=1_500_000),
            }
        ],
    )
    outcome.moved(
        committed=-3_000_000,
        carried=-3_000_000,
        payable=-2_000_000,
        available=8_000_000,
        spent=-1_500_000,
        due=1_500_000,
    )
    assert story.row("company")["used"] == 2_000_000


def test_what_is_ordered_back_is_taken_from_advanced_then_spent(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(4_000_000),
        accepted(2_000_000),
    )
    story.when(cancel(sum_of(4_000_001))).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=4_000_000,
        used=0,
        asked=4_000_001,
        fits=4_000_000,
        says=(HANBIT, "2025", "4,000,001", "4,000,000"),
    )
    ((_, data),) = story.when(cancel(sum_of(3_500_000))).recorded().parts()
    assert data["lines"][0]["to_recover"] == draws(advanced=3_000_000, spent=500_000)
    assert story.line() == {"spent": 500_000, "due": 3_500_000}


def test_money_of_a_closed_year_lapses_money_of_an_open_one_is_available_again(
    given: Given,
) -> None:
    story = given(
        applied(line(8_000_000), line(4_000_000, year=2026)),
        approved(line(8_000_000)),
        carried_over(3_000_000),
        opened(2026),
        approved(line(4_000_000, year=2026)),
        closed(2025, on="2026-03-10"),
    )
    outcome = story.when(cancel(on="2026-04-01"))
    outcome.moved(carried=-3_000_000, lapsed=3_000_000, committed=-4_000_000, available=4_000_000)


def test_nothing_needs_to_be_left_nor_ordered_back(given: Given) -> None:
    story = given(approved(1_000), amend(0))
    story.when(cancel().but(recover=[])).refused("invalid", says=("recover",))
    story.when(cancel(sum_of(0))).refused("invalid", says=("recover[0].amount",))
    story.when(cancel()).then("grant-cancelled", lines=[]).moved()


def test_sums_are_ordered_back_on_approved_lines_each_once(given: Given) -> None:
    story = given(applied(1_000, line(1_000, company=DAON)), approved(1_000), paid(500))
    story.when(cancel(sum_of(1, company=DAON))).refused("wrong-status", says=(DAON,))
    story.when(cancel(sum_of(1, year=2026))).refused("unknown")
    twice = sum_of(1), sum_of(2, company=HANBIT.replace("-", ""))
    story.when(cancel(*twice)).refused("invalid", says=("recover",))
    story.when(cancel(sum_of(500))).recorded()


def test_only_an_approved_grant_is_cancelled_and_only_once(given: Given) -> None:
    story = given(
        applied(1_000),
        applied(1_000, grant="G2"),
        rejected("G2"),
        approved(1_000, grant="G3"),
        settled("G3"),
        approved(1_000, grant="G4"),
        cancelled(grant="G4"),
    )
    story.when(cancel(grant="G9")).refused("unknown", says=("G9",))
    for grant, status in (
        ("G1", "applied"),
        ("G2", "rejected"),
        ("G3", "settled"),
        ("G4", "cancelled"),
    ):
        story.when(cancel(grant=grant)).refused("wrong-status", says=(grant, status))
    story.when(cancel().without("reason")).refused("invalid", says=("reason",))


def test_it_is_dated_after_the_newest_flow_closings_and_reversals_included(given: Given) -> None:
    story = given(approved(10_000), opened(2026), paid(1_000, on="2025-06-01").but(id="P1"))
    story.when(cancel(on="2025-02-28")).refused("out-of-order", says=("2025-06-01",))
    story.when(cancel(on="2025-05-31")).refused("out-of-order", says=("2025-06-01",))
    story.given(reversed_("P1", on="2025-07-01"))
    story.when(cancel(on="2025-06-30")).refused("out-of-order", says=("2025-07-01",))
    story.given(closed(2025))
    story.when(cancel(on="2026-01-30")).refused("out-of-order", says=("2026-01-31",))
    story.when(cancel(on="2025-12-31")).refused("year-closed")
    story.when(cancel(on=FUTURE)).refused("future-dated")
    story.when(cancel(on="2026-01-31")).recorded()


def test_it_is_not_dated_before_the_approval_even_of_nothing(given: Given) -> None:
    story = given(applied(1_000), approved(line(0)))
    story.when(cancel(on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(cancel(on="2025-03-01")).recorded()


def test_a_year_that_is_not_open_takes_no_cancellation(given: Given) -> None:
    given(approved(1_000)).when(cancel(on="2026-01-02")).refused("year-not-open")


def test_afterwards_only_returns_and_recoveries_are_possible(given: Given) -> None:
    story = given(
        applied(10_000, line(1_000, company=DAON)),
        approved(10_000),
        paid(5_000),
        claimed(1_000),
        cancelled(sum_of(1_000)),
    )
    on = "2025-12-02"
    for asked in (
        pay(1, on=on),
        claim(1, claim="C2", on=on),
        accept(on=on),
        carry_over(1, on=on),
        amend(1, on=on),
        approve(line(1_000, company=DAON), on=on),
        settle(on=on),
    ):
        story.when(asked).refused("wrong-status", says=("G1", "cancelled"))
    story.when(give_back(1_000, on=on)).recorded()
    story.when(order_back(1_000, on=on)).recorded()
    story.when(receive_back(2_000, on=on)).recorded()
    assert story.line() == {"advanced": 2_000, "returned": 1_000, "recovered": 2_000}


def test_a_cancelled_case_leaves_room_under_its_ceiling(given: Given) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_500_000, case="P-1"), programme=patent),
        paid(500_000, case="P-1"),
        returned(200_000, case="P-1"),
        cancelled(sum_of(300_000, case="p1")),
        applied(line(2_000_000, case="P-1"), grant="G2", programme=patent),
    )
    assert story.line(case="P-1") == {"returned": 200_000, "due": 300_000}
    story.when(approve(grant="G2", on="2025-12-01")).refused("case-cap", fits=1_700_000)
