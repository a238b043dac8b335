"""`settle`: a grant ends as it should; what is left of its awards is released."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    LEE,
    accept,
    accepted,
    amend,
    applied,
    approve,
    approved,
    cancel,
    carried_over,
    claim,
    claimed,
    closed,
    draws,
    give_back,
    line,
    opened,
    order_back,
    ordered_back,
    paid,
    pay,
    receive_back,
    rejected,
    reverse,
    settle,
    settled,
)


def test_what_is_left_is_available_again_while_its_year_is_open(given: Given) -> None:
    story = given(
        approved(10_000_000, line(1_000_000, company=DAON)),
        carried_over(2_000_000, on="2025-04-01"),
        accepted(6_000_000),
        paid(3_000_000, on="2025-07-01"),
    )
    outcome = story.when(settle())
    outcome.then(
        "grant-settled",
        grant="G1",
        programme="prototype",
        lines=[
            {
                "company": DAON,
                "year": 2025,
                "released": draws(committed=1_000_000),
                "released_to": "available",
            },
            {
                "company": HANBIT,
                "year": 2025,
                "released": draws(committed=5_000_000, carried=2_000_000),
                "released_to": "available",
            },
        ],
    )
    outcome.moved(committed=-6_000_000, carried=-2_000_000, available=8_000_000)
    assert story.line() == {"spent": 3_000_000}


def test_what_is_left_of_a_closed_year_lapses(given: Given) -> None:
    story = given(approved(10_000_000), carried_over(2_000_000), opened(2026), closed(2025))
    story.when(settle(on="2026-03-01")).moved(carried=-2_000_000, lapsed=2_000_000)


def test_nothing_may_be_advanced_payable_due_or_undecided(given: Given) -> None:
    story = given(approved(10_000_000), paid(1_000_000))
    story.when(settle()).refused(
        "outstanding-balance", says=(HANBIT, "2025", "1,000,000 won advanced")
    )
    story.given(claimed(6_000_000))
    story.when(settle()).refused("outstanding-balance", says=("1", "G1"))
    story.given(accept())
    story.when(settle()).refused("outstanding-balance", says=("2,000,000 payable",))
    story.given(paid(2_000_000, on="2025-07-01"), ordered_back(500_000))
    story.when(settle()).refused("outstanding-balance", says=("500,000 due",))
    story.given(receive_back(500_000))
    story.when(settle()).recorded()
    assert story.line() == {"spent": 2_500_000, "recovered": 500_000}


def test_a_line_that_was_not_approved_does_not_stand_in_the_way(given: Given) -> None:
    story = given(applied(1_000, line(1_000, company=DAON)), approved(1_000))
    ((_, data),) = story.when(settle()).recorded().parts()
    assert [one["company"] for one in data["lines"]] == [HANBIT]


def test_a_grant_without_anything_left_settles_with_nothing_released(given: Given) -> None:
    story = given(approved(1_000), paid(1_000), accepted(2_000))
    story.when(settle()).then("grant-settled", lines=[]).moved()


def test_only_an_approved_grant_is_settled_and_only_once(given: Given) -> None:
    story = given(
        applied(1_000), applied(1_000, grant="G2"), rejected("G2"), approved(1_000, grant="G3")
    )
    story.when(settle("G9")).refused("unknown")
    story.when(settle()).refused("wrong-status", says=("G1", "applied"))
    story.when(settle("G2")).refused("wrong-status", says=("G2", "rejected"))
    story.when(settle("G3")).recorded()
    story.when(settle("G3")).refused("wrong-status", says=("G3", "settled"))


def test_it_is_dated_after_the_newest_flow_in_an_open_year(given: Given) -> None:
    story = given(approved(1_000), paid(500), accepted(1_000), opened(2026))
    story.when(settle(on="2025-02-28")).refused("out-of-order")
    story.when(settle(on="2025-05-31")).refused("out-of-order", says=("2025-06-01",))
    story.when(settle(on=FUTURE)).refused("future-dated")
    story.when(settle(on="2024-12-31")).refused("year-not-open", says=("2024",))
    story.given(closed(2025))
    story.when(settle(on="2025-12-31")).refused("year-closed")
    story.when(settle(on="2026-01-30")).refused("out-of-order", says=("2026-01-31",))
    story.when(settle(on="2026-01-31")).recorded()


def test_afterwards_only_recoveries_are_possible(given: Given) -> None:
    story = given(
        applied(10_000, line(1_000, company=DAON)),
        approved(10_000),
        paid(2_000).but(id="P1"),
        accepted(4_000).but(id="A1"),
        settled(),
    )
    on = "2025-12-02"
    for asked in (
        pay(1, on=on),
        claim(1, claim="C2", on=on),
        give_back(1, on=on),
        amend(1, on=on),
        approve(line(1_000, company=DAON), on=on),
        cancel(on=on),
    ):
        story.when(asked).refused("wrong-status", says=("G1", "settled"))
    story.when(reverse("P1")).refused("not-reversible", says=("G1", "settled"))
    story.when(reverse("A1")).refused("not-reversible")
    story.given(order_back(1_000, on=on, by=LEE).but(id="O1"))
    story.given(receive_back(400, on=on).but(id="R1"))
    story.when(reverse("R1")).moved(recovered=-400, due=400)
    story.when(reverse("O1")).moved(due=-1_000, spent=1_000)
