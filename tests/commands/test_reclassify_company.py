"""`reclassify_company`: a company's size from a day on."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    NURI,
    Step,
    apply,
    line,
    reclassified,
    reclassify,
    registered,
)

SME, MID_SIZE, LARGE = 74_999_999, 59_999_999, 32_999_999
"""The most of a total cost of 100 million under `field_customised`: less than 75, 60, 33 %."""


def ask(subsidy: int, on: str) -> Step:
    asked = line(subsidy, total_cost=100_000_000)
    return apply(asked, grant=None, programme="field_customised", partners=(DAON,), on=on)


def test_a_size_holds_from_its_day_on_and_not_before(given: Given) -> None:
    story = given(registered(), registered(DAON))
    outcome = story.when(reclassify(HANBIT, "large", on="2025-06-01"))
    outcome.then("company-reclassified", business_number=HANBIT, size="large").moved()
    story.when(ask(SME + 1, "2025-05-31")).refused("subsidy-ratio", limit=SME, fits=SME)
    story.when(ask(SME, "2025-05-31")).recorded()
    story.when(ask(LARGE + 1, "2025-06-01")).refused("subsidy-ratio", limit=LARGE, fits=LARGE)
    story.when(ask(LARGE, "2025-06-01")).recorded()


def test_the_latest_dated_size_holds_whatever_came_in_late(given: Given) -> None:
    story = given(
        registered(),
        registered(DAON),
        reclassified(HANBIT, "large", on="2025-06-01"),
        reclassified(HANBIT, "mid_size", on="2025-03-01"),
    )
    story.when(ask(MID_SIZE + 1, "2025-05-31")).refused("subsidy-ratio", limit=MID_SIZE)
    story.when(ask(LARGE + 1, "2025-06-01")).refused("subsidy-ratio", limit=LARGE)


def test_among_equal_days_the_later_recorded_size_holds(given: Given) -> None:
    story = given(
        registered(),
        registered(DAON),
        reclassified(HANBIT, "large", on="2025-06-01"),
        reclassified(HANBIT, "mid_size", on="2025-06-01"),
    )
    story.when(ask(MID_SIZE + 1, "2025-06-01")).refused("subsidy-ratio", limit=MID_SIZE)


def test_the_size_at_registration_comes_before_any_dated_one(given: Given) -> None:
    story = given(registered(on="2025-07-01"), registered(DAON))
    story.when(ask(SME, "2025-02-01")).recorded()


def test_only_registered_companies_have_a_size_and_never_in_the_future(given: Given) -> None:
    story = given(registered(), registered(NURI))
    story.when(reclassify(DAON, "large", on="2025-01-01")).refused("unknown", says=(DAON,))
    story.when(reclassify(NURI, "large", on="2025-01-01")).refused("invalid", says=(NURI,))
    story.when(reclassify(HANBIT, "large", on=FUTURE)).refused("future-dated")
    story.when(reclassify(HANBIT, "huge", on="2025-01-01")).refused("invalid", says=("size",))
