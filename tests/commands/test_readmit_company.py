"""`readmit_company`: an exclusion ends early."""

from __future__ import annotations

from tests.given import Given
from tests.steps import DAON, FUTURE, HANBIT, apply, excluded, line, readmit, readmitted, registered


def test_a_readmitted_company_may_take_part_from_that_day_on(given: Given) -> None:
    story = given(registered(), excluded(on="2025-03-01", until=FUTURE))
    outcome = story.when(readmit(on="2025-06-01"))
    outcome.then("company-readmitted", business_number=HANBIT, reason="제재 해제")
    outcome.moved().warned()
    story.when(apply(1_000_000, grant=None, on="2025-05-31")).refused("company-excluded")
    story.when(apply(1_000_000, grant=None, on="2025-06-01")).recorded()


def test_among_equal_days_the_later_recorded_of_exclusion_and_readmission_holds(
    given: Given,
) -> None:
    story = given(
        registered(),
        readmitted(on="2025-06-01"),
        excluded(on="2025-06-01", until=FUTURE),
        registered(DAON),
        excluded(DAON, on="2025-06-01", until=FUTURE),
        readmitted(DAON, on="2025-06-01"),
    )
    story.when(apply(1_000_000, on="2025-06-01")).refused("company-excluded")
    story.when(apply(line(1_000_000, company=DAON), on="2025-06-01")).recorded()


def test_readmitting_who_is_not_excluded_is_recorded_with_a_warning(given: Given) -> None:
    story = given(registered(), excluded(on="2025-03-01", until="2025-03-31"))
    story.when(readmit(on="2025-04-01")).then("company-readmitted").warned(
        "not-excluded", business_number=HANBIT, day="2025-04-01"
    )


def test_a_readmission_ends_every_exclusion_dated_before_it(given: Given) -> None:
    story = given(
        registered(),
        excluded(on="2025-03-01", until=FUTURE),
        excluded(on="2025-04-01", until="2025-12-31"),
    )
    story.when(readmit(on="2025-06-01")).warned()
    story.when(apply(1_000_000, grant=None, on="2025-05-31")).refused("company-excluded")
    story.when(apply(1_000_000, grant=None, on="2025-06-01")).recorded()


def test_an_exclusion_dated_after_the_readmission_goes_on_and_that_is_said(given: Given) -> None:
    story = given(
        registered(),
        excluded(on="2025-03-01", until="2025-12-31"),
        excluded(on="2025-06-01", until=FUTURE),
    )
    story.when(readmit(on="2025-04-01")).warned(
        "still-excluded", business_number=HANBIT, until=FUTURE
    )
    story.when(apply(1_000_000, grant=None, on="2025-04-01")).recorded()
    story.when(apply(1_000_000, grant=None, on="2025-06-01")).refused("company-excluded")


def test_a_late_exclusion_was_ended_by_the_readmission_dated_after_it(given: Given) -> None:
    story = given(
        registered(), readmitted(on="2025-06-01"), excluded(on="2025-03-01", until=FUTURE)
    )
    story.when(apply(1_000_000, grant=None, on="2025-05-31")).refused("company-excluded")
    story.when(apply(1_000_000, grant=None, on="2025-06-01")).recorded()


def test_only_the_registered_are_readmitted_and_never_from_a_day_ahead(given: Given) -> None:
    story = given(registered())
    story.when(readmit(DAON, on="2025-03-01")).refused("unknown")
    story.when(readmit(on=FUTURE)).refused("future-dated")
