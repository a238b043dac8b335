"""`withdraw`: an application is taken back, as long as nothing of it was approved."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    FUTURE,
    applied,
    approve,
    approved,
    closed,
    opened,
    reject,
    withdraw,
    withdrawn,
)


def test_an_application_is_taken_back_for_a_reason(given: Given) -> None:
    outcome = given(applied(1_000)).when(withdraw())
    outcome.then("grant-withdrawn", grant="G1", programme="prototype", reason="사업 포기")
    outcome.moved()
    outcome.when(withdraw().without("reason")).refused("invalid", says=("reason",))


def test_what_is_withdrawn_stays_so(given: Given) -> None:
    story = given(applied(1_000), opened(), withdrawn())
    for asked in (withdraw(), reject(), approve()):
        story.when(asked).refused("wrong-status", says=("G1", "withdrawn"))


def test_an_approved_grant_is_not_withdrawn_any_more(given: Given) -> None:
    given(approved(1_000)).when(withdraw(on="2025-04-01")).refused("wrong-status")


def test_only_a_known_application_is_withdrawn_on_its_day_or_later(given: Given) -> None:
    story = given(applied(1_000, on="2025-02-10"))
    story.when(withdraw("G9")).refused("unknown", says=("G9",))
    story.when(withdraw(on="2025-02-09")).refused("out-of-order", says=("2025-02-10",))
    story.when(withdraw(on=FUTURE)).refused("future-dated")
    story.when(withdraw(on="2025-02-10")).recorded()


def test_no_money_moves_so_no_year_needs_to_be_open(given: Given) -> None:
    story = given(applied(1_000), opened(), closed())
    story.when(withdraw(on="2025-12-31")).recorded()
