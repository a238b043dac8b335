"""`reject`: an application is turned down, as long as nothing of it was approved."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    FUTURE,
    KIM,
    applied,
    approve,
    approved,
    closed,
    opened,
    reject,
    rejected,
    withdraw,
)


def test_an_application_is_turned_down_for_a_reason(given: Given) -> None:
    outcome = given(applied(1_000)).when(reject())
    outcome.then("grant-rejected", grant="G1", programme="prototype", reason="사업계획 미흡")
    outcome.moved()
    outcome.when(reject().without("reason")).refused("invalid", says=("reason",))


def test_what_is_rejected_stays_so(given: Given) -> None:
    story = given(applied(1_000), opened(), rejected())
    for asked in (reject(), withdraw(), approve()):
        story.when(asked).refused("wrong-status", says=("G1", "rejected"))


def test_an_approved_grant_is_not_rejected_any_more(given: Given) -> None:
    given(approved(1_000)).when(reject(on="2025-04-01")).refused("wrong-status")


def test_only_a_known_application_is_rejected_on_its_day_or_later(given: Given) -> None:
    story = given(applied(1_000, on="2025-02-10"))
    story.when(reject("G9")).refused("unknown", says=("G9",))
    story.when(reject(on="2025-02-09")).refused("out-of-order", says=("2025-02-10",))
    story.when(reject(on=FUTURE)).refused("future-dated")
    story.when(reject(on="2025-02-10", by=KIM)).recorded()


def test_no_money_moves_so_no_year_needs_to_be_open(given: Given) -> None:
    story = given(applied(1_000), opened(), closed())
    story.when(reject(on="2025-12-31")).recorded()
