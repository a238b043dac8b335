"""`carry_over`: committed money stays payable for one more year."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    amended,
    applied,
    approved,
    cancelled,
    carry_over,
    close_year,
    closed,
    line,
    opened,
    paid,
    settled,
)


def test_what_is_carried_over_is_no_longer_committed(given: Given) -> None:
    story = given(approved(10_000_000), paid(4_000_000))
    outcome = story.when(carry_over(2_000_000))
    outcome.then(
        "carried-over",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        amount=2_000_000,
        reason="장비 납품 지연",
    )
    outcome.moved(committed=-2_000_000, carried=2_000_000)
    assert story.row("company")["used"] == 10_000_000


def test_no_more_is_carried_over_than_is_committed(given: Given) -> None:
    story = given(approved(10_000_000), paid(4_000_000), carry_over(1_000_000))
    story.when(carry_over(5_000_001)).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=5_000_000,
        used=0,
        asked=5_000_001,
        fits=5_000_000,
        says=(HANBIT, "2025", "5,000,001", "5,000,000"),
    )
    story.when(carry_over(5_000_000)).recorded()
    story.when(carry_over(1)).refused("within-award", limit=0, fits=0)


def test_it_outlives_the_close_of_its_year_and_lapses_at_the_next(given: Given) -> None:
    story = given(approved(line(10_000_000, year=2024)), carry_over(6_000_000, year=2024))
    story.when(close_year(2024)).recorded()
    assert story.line(year=2024) == {"carried": 6_000_000, "lapsed": 4_000_000}
    story.given(opened(2025))
    story.when(close_year(2025)).recorded()
    assert story.line(year=2024) == {"lapsed": 10_000_000}
    assert story.line(year=2024, as_of="2026-01-30") == {
        "carried": 6_000_000,
        "lapsed": 4_000_000,
    }


def test_it_is_dated_in_the_lines_year_before_that_closes(given: Given) -> None:
    story = given(approved(10_000_000), opened(2026))
    story.when(carry_over(1, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(carry_over(1, on="2026-01-01")).refused("year-mismatch", says=("2025",))
    story.when(carry_over(1, on=FUTURE)).refused("future-dated")
    story.when(carry_over(1, on="2025-12-31")).recorded()
    story.given(closed(2025))
    story.when(carry_over(1, on="2025-12-31")).refused("year-closed", says=("2025",))


def test_it_is_asked_of_an_approved_line_of_a_running_grant(given: Given) -> None:
    story = given(
        applied(1_000, line(1_000, company=DAON)),
        approved(1_000),
        approved(1_000, grant="G2"),
        settled("G2", on="2025-03-01"),
        approved(1_000, grant="G3"),
        cancelled(grant="G3", on="2025-03-01"),
    )
    story.when(carry_over(1, company=DAON)).refused("wrong-status", says=(DAON,))
    story.when(carry_over(1, case="P-1")).refused("unknown")
    story.when(carry_over(1, grant="G9")).refused("unknown")
    story.when(carry_over(1, grant="G2")).refused("wrong-status", says=("settled",))
    story.when(carry_over(1, grant="G3")).refused("wrong-status", says=("cancelled",))
    story.when(carry_over(1).without("reason")).refused("invalid", says=("reason",))


def test_what_was_committed_later_is_not_carried_over_before(given: Given) -> None:
    story = given(applied(10_000), approved(4_000), amended(10_000))
    story.when(carry_over(5_000, on="2025-07-31")).refused(
        "out-of-order", limit=4_000, used=0, asked=5_000, fits=4_000, says=("committed",)
    )
    story.when(carry_over(4_000, on="2025-07-31")).recorded()
