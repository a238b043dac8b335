"""`four-eyes`: whoever did a step does not do the next, however their name is typed."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    HANBIT,
    KIM,
    LEE,
    PARK,
    accept,
    amend,
    amended,
    applied,
    approve,
    approved,
    budgeted,
    cancelled,
    claimed,
    closed,
    line,
    opened,
    ordered_back,
    paid,
    pay,
    receive_back,
    reopen_year,
    reverse,
    reversed_,
    sum_of,
)

AS_TYPED = (LEE, "Lee", " LEE ", "ｌｅｅ")
"""One person, however typed."""


def test_whoever_approved_a_line_does_not_pay_it(given: Given) -> None:
    story = given(approved(10_000))
    for typed in AS_TYPED:
        story.when(pay(1, by=typed)).refused("four-eyes", says=(LEE, "approve"))
    story.when(pay(1, by=PARK)).recorded()


def test_whoever_raised_an_award_does_not_pay_it_even_once_it_was_lowered(given: Given) -> None:
    story = given(
        applied(10_000),
        approved(4_000),
        amended(5_000, on="2025-03-02", by=PARK),
        amended(6_000, on="2025-03-03", by="choi"),
        amended(4_000, on="2025-03-04", by="han"),
    )
    for raiser in (PARK, "Choi"):
        story.when(pay(1, by=raiser)).refused("four-eyes", says=("amend",))
    story.when(pay(1)).recorded()
    story.when(pay(1, by="han")).recorded()


def test_what_one_awarded_on_one_line_does_not_keep_one_from_paying_another(given: Given) -> None:
    story = given(
        applied(1_000, line(1_000, year=2026)),
        budgeted(),
        approve(on="2025-03-01"),
        opened(2026),
        budgeted(year=2026),
        approve(on="2026-03-01", by=PARK),
    )
    story.when(pay(1, by=PARK)).recorded()
    story.when(pay(1, year=2026, by=PARK)).refused("four-eyes")
    story.when(pay(1, year=2026, by=LEE)).recorded()


def test_whoever_gave_the_newest_order_does_not_receive_the_money(given: Given) -> None:
    story = given(approved(10_000), paid(9_000), ordered_back(1_000))
    for typed in AS_TYPED:
        story.when(receive_back(1, by=typed)).refused("four-eyes", says=(LEE, "order recovery"))
    story.given(ordered_back(1_000, by=PARK))
    story.when(receive_back(1, by=PARK)).refused("four-eyes")
    story.when(receive_back(1, by=LEE)).recorded()


def test_a_reversed_order_is_as_if_it_had_not_been_given(given: Given) -> None:
    story = given(
        approved(10_000),
        paid(9_000),
        ordered_back(1_000),
        ordered_back(1_000, by=PARK).but(id="second"),
        reversed_("second", by=KIM),
    )
    on = "2025-12-16"
    story.when(receive_back(1, by=LEE, on=on)).refused("four-eyes")
    story.when(receive_back(1, by=PARK, on=on)).recorded()


def test_a_cancellation_that_orders_money_back_is_an_order(given: Given) -> None:
    story = given(approved(10_000), paid(9_000), cancelled(sum_of(1_000), by=PARK))
    on = "2025-12-02"
    story.when(receive_back(1, by=PARK, on=on)).refused("four-eyes", says=(PARK, "cancel"))
    story.when(receive_back(1, by=LEE, on=on)).recorded()


def test_a_cancellation_that_orders_nothing_on_a_line_is_no_order(given: Given) -> None:
    story = given(approved(10_000), paid(9_000), ordered_back(1_000), cancelled(by=PARK))
    story.when(receive_back(1, by=PARK, on="2025-12-02")).recorded()


def test_every_other_pair(given: Given) -> None:
    story = given(applied(10_000), budgeted())
    story.when(approve(by="Kim")).refused("four-eyes", says=(KIM, "apply"))
    story.given(approved(5_000), claimed(10), paid(1).but(id="P1"))
    story.when(amend(6_000, by="KIM")).refused("four-eyes", says=(KIM, "apply"))
    story.when(amend(4_000, by=KIM)).recorded()
    story.when(accept(by="kIM")).refused("four-eyes", says=(KIM, "claim"))
    story.when(reverse("P1", by="Kim")).refused("four-eyes", says=(KIM, "entry"))
    story.given(opened(2026), closed())
    story.when(reopen_year(by="Lee")).refused("four-eyes", says=(LEE, "close year"))


def test_the_company_of_a_line_does_not_matter_to_who_may_pay(given: Given) -> None:
    given(approved(1_000)).when(pay(1, company=HANBIT.replace("-", ""), by=LEE)).refused(
        "four-eyes"
    )
