"""`open_year`: ceilings start afresh, last year's balances stay what they were."""

from __future__ import annotations

from freezegun import freeze_time

from tests.given import Given
from tests.steps import FUTURE, allocate, apply, approve, approved, closed, line, open_year, opened


def test_any_year_may_be_the_first_and_then_one_follows_the_other(given: Given) -> None:
    story = given()
    story.when(open_year(2024)).then("year-opened", year=2024).moved()
    story.when(open_year(2026)).refused("out-of-order", says=("2026", "2025"))
    story.when(open_year(2022)).refused("out-of-order")
    story.when(open_year(2023)).recorded()
    story.when(open_year(2025)).recorded()


def test_a_year_is_opened_once_also_after_it_was_closed(given: Given) -> None:
    story = given(opened())
    story.when(open_year()).refused("already-exists", says=("2025",))
    story.given(closed())
    story.when(open_year()).refused("already-exists")
    story.when(open_year(2026)).recorded()


def test_a_year_that_has_not_begun_cannot_be_opened(given: Given) -> None:
    story = given()
    story.when(open_year(9000, on="2025-01-01")).refused("future-dated", says=("9000",))
    story.when(open_year(2025, on=FUTURE)).refused("future-dated")


def test_a_year_begins_at_midnight_in_seoul(given: Given) -> None:
    story = given(opened())
    asked = open_year(2026).without("effective_on")
    with freeze_time("2025-12-31T14:59:59Z"):
        story.when(asked).refused("future-dated", says=("2025-12-31",))
    with freeze_time("2025-12-31T15:00:00Z"):
        (entry,) = story.entries(story.when(asked).recorded().receipt.events)
    assert entry.effective_on == "2026-01-01"


def test_ceilings_start_afresh_and_last_years_balances_stay(given: Given) -> None:
    story = given(approved(20_000_000), opened(2026), allocate(20_000_000, year=2026))
    story.when(apply(line(20_000_000, year=2026), grant="G2")).recorded()
    story.when(approve(grant="G2", on="2026-03-01")).recorded()
    assert story.line() == {"committed": 20_000_000}
    assert story.line(grant="G2", year=2026) == {"committed": 20_000_000}
    assert [row["headroom"] for row in story.rows("company")] == [0, 0]
