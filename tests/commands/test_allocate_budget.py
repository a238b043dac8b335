"""`allocate_budget`: what a programme has for a year."""

from __future__ import annotations

from tests.given import Given
from tests.steps import FUTURE, allocate, amended, approved, budgeted, close_year, closed, opened


def test_a_budget_comes_from_outside_and_is_available(given: Given) -> None:
    story = given(opened())
    outcome = story.when(allocate(50_000_000))
    outcome.then("budget-allocated", programme="prototype", year=2025, amount=50_000_000)
    outcome.moved(budget=50_000_000, available=50_000_000)
    story.when(allocate(5_000_000, "training")).moved(budget=5_000_000, available=5_000_000)
    assert story.budget() == {"budget": 50_000_000, "available": 50_000_000}


def test_a_budget_is_cut_by_no_more_than_is_available(given: Given) -> None:
    story = given(budgeted(30_000_000), approved(20_000_000))
    story.when(allocate(-10_000_001)).refused(
        "programme-budget",
        line=None,
        limit=30_000_000,
        used=20_000_000,
        asked=10_000_001,
        fits=10_000_000,
        says=("Prototype production", "2025", "30,000,000", "10,000,000"),
    )
    outcome = story.when(allocate(-10_000_000, on="2025-06-01"))
    outcome.then("budget-allocated", amount=-10_000_000)
    outcome.moved(budget=-10_000_000, available=-10_000_000)
    story.when(allocate(-1)).refused("programme-budget", fits=0, says=("Nothing would fit",))


def test_a_late_cut_may_not_overdraw_any_day_since(given: Given) -> None:
    """On 1 June 15 million were available, though 25 million are now."""
    story = given(
        budgeted(35_000_000),
        approved(20_000_000),
        amended(10_000_000, on="2025-07-01"),
    )
    story.when(allocate(-15_000_001, on="2025-06-01")).refused(
        "programme-budget", limit=35_000_000, used=20_000_000, asked=15_000_001, fits=15_000_000
    )
    story.when(allocate(-25_000_000, on="2025-07-01")).recorded()


def test_a_cut_dated_before_the_budget_itself_finds_nothing(given: Given) -> None:
    story = given(budgeted(30_000_000, on="2025-03-01"))
    story.when(allocate(-1, on="2025-02-28")).refused(
        "programme-budget", limit=0, used=0, asked=1, fits=0, says=("2025-03-01",)
    )


def test_a_budget_is_dated_in_its_year_which_is_open(given: Given) -> None:
    story = given(opened())
    story.when(allocate(1, year=2026, on="2025-06-01")).refused("year-mismatch")
    story.when(allocate(1, year=2024, on="2025-06-01")).refused("year-mismatch")
    story.when(allocate(1, year=2024)).refused("year-not-open", says=("2024",))
    story.when(allocate(1, on=FUTURE)).refused("future-dated")
    story.given(closed())
    story.when(allocate(1)).refused("year-closed", says=("2025", "2026-01-31"))


def test_a_budget_is_for_a_programme_of_the_catalogue_and_not_for_nothing(given: Given) -> None:
    story = given(opened())
    story.when(allocate(1, "moon_shot")).refused("unknown")
    story.when(allocate(0)).refused("invalid", says=("amount",))


def test_a_cut_budget_lapses_no_more_than_is_left(given: Given) -> None:
    story = given(budgeted(30_000_000), allocate(-30_000_000, on="2025-02-01"))
    outcome = story.when(close_year())
    assert [kind for kind, _ in outcome.recorded().parts()] == ["year-closed"]
    outcome.moved()
