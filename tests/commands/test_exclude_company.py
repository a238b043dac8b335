"""`exclude_company`: a company may not take part for a while."""

from __future__ import annotations

from tests.given import Given
from tests.steps import DAON, FUTURE, HANBIT, Step, apply, exclude, excluded, registered


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


def test_of_overlapping_exclusions_the_latest_dated_wins_even_if_shorter(given: Given) -> None:
    story = given(
        registered(),
        excluded(on="2025-04-01", until="2025-04-10"),
        excluded(on="2025-03-01", until="2025-12-31"),
    )
    story.when(ask("2025-03-31")).refused("company-excluded", says=("2025-12-31",))
    story.when(ask("2025-04-10")).refused("company-excluded", says=("2025-04-10",))
    story.when(ask("2025-04-11")).recorded()


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
