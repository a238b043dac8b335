"""`open_year`: ceilings start afresh, last year's balances stay what they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from freezegun import freeze_time

from projections.opening import make_ledger
from tests.given import Given, Story
from tests.steps import (
    FUTURE,
    allocate,
    apply,
    approve,
    approved,
    budgeted,
    close_year,
    closed,
    line,
    open_year,
    opened,
    pay,
    reopened,
    revised,
)


def test_any_year_may_be_the_first_and_then_one_follows_the_other(given: Given) -> None:
    story = given()
    story.when(open_year(2024)).then("year-opened", year=2024).moved()
    story.when(open_year(2026)).refused("out-of-order", says=("2026", "2025", "2023"))
    story.when(open_year(2025)).recorded()


def test_an_office_that_began_with_this_year_can_still_enter_the_years_before(
    given: Given,
) -> None:
    story = given(opened(2025))
    story.when(open_year(2023)).refused("out-of-order", says=("2023", "2026", "2024"))
    story.when(open_year(2024)).then("year-opened", year=2024)
    story.when(open_year(2024)).refused("already-exists")
    story.given(opened(2023), opened(2026))
    story.given(budgeted(10_000_000, year=2023), approved(line(10_000_000, year=2023)))
    story.when(pay(10_000_000, year=2023)).recorded()
    story.when(close_year(2024)).refused("out-of-order", says=("2023",))
    story.when(close_year(2023)).recorded()


def test_once_a_year_was_closed_none_is_put_before_the_first(given: Given) -> None:
    """Also where that closing was undone, and whichever of the years it was."""
    story = given(opened(2024), opened(2025), closed(2024))
    story.when(open_year(2023)).refused("out-of-order", says=("2023", "2026", "once"))
    story.given(reopened(2024))
    story.when(open_year(2023)).refused("out-of-order", says=("2023", "2026", "once"))
    story.when(open_year(2022)).refused("out-of-order")
    story.when(open_year(2026)).recorded()


@pytest.mark.parametrize("year", [1, 206, 2004])
def test_a_year_at_whose_end_no_programme_had_terms_is_unknown(given: Given, year: int) -> None:
    """The catalogue's first edition holds from 2005-01-01."""
    asked = open_year(year).without("effective_on")
    story = given()
    story.when(asked).refused("unknown", says=(str(year), "2005-01-01", "mistyped"))
    story.given(opened(2005))
    story.when(asked).refused("unknown")
    story.when(open_year(2006)).recorded()


def test_terms_that_hold_from_the_last_day_of_a_year_are_enough(given: Given) -> None:
    story = given(revised(on="2003-12-31"))
    story.when(open_year(2002)).refused("unknown", says=("2003-12-31",))
    story.when(open_year(2003)).recorded()


def test_a_ledger_without_a_catalogue_has_nothing_to_open_a_year_for(tmp_path: Path) -> None:
    engine = make_ledger(f"sqlite:///{tmp_path}/new.db")
    story = Story(engine)
    story.when(open_year(2025)).refused("unknown", says=("2025", "catalogue"))
    engine.dispose()


def test_whether_a_year_has_begun_is_asked_of_today_whatever_day_it_is_dated(
    given: Given,
) -> None:
    story = given(opened(2025))
    with freeze_time("2025-12-31T14:59:59Z"):
        story.when(open_year(2026, on="2025-12-31")).refused("future-dated", says=("2026",))
    with freeze_time("2025-12-31T15:00:00Z"):
        story.when(open_year(2026, on="2025-12-31")).then("year-opened", year=2026)


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
