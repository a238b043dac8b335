"""`exclude_company`: a company may not take part for a while."""

from __future__ import annotations

import pytest

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    Step,
    apply,
    exclude,
    excluded,
    readmitted,
    registered,
)


def ask(on: str, *, partners: tuple[str, ...] = ()) -> Step:
    return apply(1_000_000, grant=None, on=on, partners=partners)


def test_an_exclusion_holds_from_its_first_day_to_its_last(given: Given) -> None:
    story = given(registered())
    outcome = story.when(exclude(on="2025-03-01", until="2025-03-31"))
    outcome.then(
        "company-excluded", business_number=HANBIT, until="2025-03-31", reason="부정수급"
    ).moved()
    story.when(ask("2025-02-28")).recorded()
    story.when(ask("2025-03-01")).refused("company-excluded", says=(HANBIT, "2025-03-31"))
    story.when(ask("2025-03-31")).refused("company-excluded")
    story.when(ask("2025-04-01")).recorded()


def test_an_excluded_partner_keeps_the_application_out_too(given: Given) -> None:
    story = given(registered(), registered(DAON), excluded(DAON, on="2025-03-01", until=FUTURE))
    story.when(ask("2025-03-01", partners=(DAON,))).refused("company-excluded", says=(DAON,))
    story.when(ask("2025-03-01")).recorded()


LONGER = excluded(on="2025-03-01", until="2025-11-30")
SHORTER = excluded(on="2025-04-01", until="2025-04-10")


@pytest.mark.parametrize("order", [(LONGER, SHORTER), (SHORTER, LONGER)])
def test_exclusions_add_up_and_a_shorter_one_ends_no_longer_one(
    given: Given, order: tuple[Step, Step]
) -> None:
    story = given(registered(), *order)
    story.when(ask("2025-02-28")).recorded()
    for day in ("2025-03-01", "2025-04-10", "2025-04-11", "2025-11-30"):
        story.when(ask(day)).refused("company-excluded", says=("2025-11-30",))
    story.when(ask("2025-12-01")).recorded()


def test_between_two_exclusions_a_company_takes_part(given: Given) -> None:
    story = given(
        registered(),
        excluded(on="2025-05-01", until="2025-05-31"),
        excluded(on="2025-03-01", until="2025-03-31"),
    )
    story.when(ask("2025-03-31")).refused("company-excluded", says=("2025-03-31",))
    story.when(ask("2025-04-01")).recorded()
    story.when(ask("2025-05-31")).refused("company-excluded", says=("2025-05-31",))


def test_that_a_longer_exclusion_goes_on_is_said(given: Given) -> None:
    goes_on = {"business_number": HANBIT, "until": "2025-11-30"}
    story = given(registered())
    story.when(LONGER).warned()
    story.when(SHORTER).warned("still-excluded", **goes_on)
    story.when(exclude(on="2025-02-01", until="2025-02-28")).warned()
    story.when(exclude(on="2025-02-01", until="2025-03-01")).warned("still-excluded", **goes_on)
    story.when(exclude(on="2025-06-01", until="2025-11-30")).warned()
    story.when(exclude(on="2025-06-01", until="2025-12-01")).warned()


def test_of_one_that_was_ended_nothing_is_said(given: Given) -> None:
    story = given(registered(), LONGER, readmitted(on="2025-05-01"))
    story.when(exclude(on="2025-06-01", until="2025-06-30")).warned()
    story.when(ask("2025-07-01")).recorded()


def test_an_exclusion_of_a_single_day_is_one_but_none_ends_before_it_begins(given: Given) -> None:
    story = given(registered())
    story.when(exclude(on="2025-03-02", until="2025-03-01")).refused(
        "invalid", says=("2025-03-01", "2025-03-02")
    )
    story.when(exclude(on="2025-03-02", until="2025-03-02")).recorded()
    story.when(ask("2025-03-02")).refused("company-excluded")
    story.when(ask("2025-03-03")).recorded()


def test_only_the_registered_are_excluded_and_never_from_a_day_ahead(given: Given) -> None:
    story = given(registered())
    story.when(exclude(DAON, on="2025-03-01", until=FUTURE)).refused("unknown")
    story.when(exclude(on=FUTURE, until=FUTURE)).refused("future-dated")
    story.when(exclude(on="2025-03-01", until=FUTURE).without("reason")).refused(
        "invalid", says=("reason",)
    )
