"""`amend`: raises are decided like approvals; what is lowered comes back as far as it is there."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    KIM,
    PARK,
    accepted,
    allocate,
    amend,
    applied,
    approve,
    approved,
    budgeted,
    cancelled,
    carried_over,
    closed,
    draws,
    excluded,
    line,
    opened,
    paid,
    reclassified,
    revised,
    settled,
)


def test_a_raise_is_committed_out_of_the_budget(given: Given) -> None:
    story = given(applied(10_000_000), approved(6_000_000))
    outcome = story.when(amend(10_000_000))
    changed = {"company": HANBIT, "year": 2025, "was": 6_000_000, "award": 10_000_000}
    outcome.then(
        "award-amended", grant="G1", reason="계획 변경", lines=[changed | {"released": []}]
    )
    outcome.moved(available=-4_000_000, committed=4_000_000)


def test_what_is_lowered_comes_out_of_committed_then_carried(given: Given) -> None:
    story = given(approved(10_000_000), carried_over(4_000_000, on="2025-07-01"))
    outcome = story.when(amend(3_000_000))
    ((_, data),) = outcome.then("award-amended").parts()
    assert data["lines"] == [
        {
            "company": HANBIT,
            "year": 2025,
            "was": 10_000_000,
            "award": 3_000_000,
            "released": draws(committed=6_000_000, carried=1_000_000),
            "released_to": "available",
        }
    ]
    outcome.moved(available=7_000_000, committed=-6_000_000, carried=-1_000_000)


def test_what_is_lowered_after_the_year_closed_lapses(given: Given) -> None:
    story = given(
        approved(10_000_000), carried_over(4_000_000), opened(2026), closed(2025, on="2026-01-31")
    )
    story.when(amend(8_000_000, on="2026-03-01")).moved(carried=-2_000_000, lapsed=2_000_000)
    story.when(amend(5_999_999, on="2026-03-01")).refused(
        "within-award", limit=2_000_000, used=0, asked=2_000_001, fits=6_000_000
    )


def test_an_award_is_not_lowered_below_what_was_drawn(given: Given) -> None:
    story = given(approved(10_000_000), paid(3_000_000), accepted(8_000_000))
    story.when(amend(3_999_999)).refused(
        "within-award",
        limit=6_000_000,
        used=0,
        asked=6_000_001,
        fits=4_000_000,
        says=(HANBIT, "2025", "6,000,000"),
    )
    story.when(amend(4_000_000)).moved(available=6_000_000, committed=-6_000_000)
    assert story.line() == {"spent": 3_000_000, "payable": 1_000_000}


def test_the_same_award_again_changes_nothing(given: Given) -> None:
    given(approved(10_000_000)).when(amend(10_000_000, by=KIM)).then("award-amended").moved()


def test_a_lowered_line_pays_for_a_raised_one(given: Given) -> None:
    lines = line(10_000_000), line(10_000_000, company=DAON)
    story = given(
        budgeted(12_000_000),
        applied(*lines),
        approve(line(7_000_000), line(5_000_000, company=DAON)),
    )
    too_much = amend(line(4_000_000), line(8_000_001, company=DAON))
    story.when(too_much).refused(
        "programme-budget",
        line={"company": DAON, "year": 2025, "case": None},
        limit=12_000_000,
        used=12_000_000,
        asked=1,
        fits=8_000_000,
    )
    story.when(amend(line(4_000_000), line(8_000_000, company=DAON))).moved()
    assert story.line(DAON) == {"committed": 8_000_000}


def test_a_raise_stays_within_the_request_the_budget_and_the_ceiling(given: Given) -> None:
    story = given(
        budgeted(25_000_000),
        applied(15_000_000),
        approved(5_000_000),
        approved(line(5_000_000, company=DAON), grant="G2"),
        approved(8_000_000, grant="G3"),
    )
    story.when(amend(15_000_001)).refused("exceeds-request", limit=15_000_000, fits=12_000_000)
    story.when(amend(15_000_000)).refused(
        "annual-cap", limit=20_000_000, used=13_000_000, asked=10_000_000, fits=12_000_000
    )
    story.when(amend(12_000_000)).moved(available=-7_000_000, committed=7_000_000)
    story.when(amend(line(5_000_001, company=DAON), grant="G2")).refused("exceeds-request")


def test_a_raise_beyond_the_budget_says_what_fits(given: Given) -> None:
    story = given(budgeted(7_000_000), applied(15_000_000), approved(5_000_000))
    story.when(amend(8_000_000)).refused(
        "programme-budget", limit=7_000_000, used=5_000_000, asked=3_000_000, fits=7_000_000
    )
    story.when(amend(7_000_000)).recorded()


def test_a_raise_follows_the_terms_and_sizes_of_its_day(given: Given) -> None:
    story = given(
        applied(line(10_000_000, total_cost=20_000_000)),
        approved(5_000_000),
        revised(on="2025-08-02", ratio={"large": {"percent": 40, "bound": "le"}}),
        revised(on="2025-08-04", min_companies=2),
        revised(on="2025-08-05", caps=[{"per": "case", "amount": 10_000_000, "bound": "le"}]),
        reclassified(HANBIT, "large", on="2025-08-03"),
    )
    story.when(amend(10_000_000, on="2025-08-02")).refused("subsidy-ratio", limit=0, fits=5_000_000)
    story.when(amend(10_000_000, on="2025-08-03")).refused(
        "subsidy-ratio", limit=8_000_000, used=0, asked=10_000_000, fits=8_000_000
    )
    story.when(amend(10_000_000, on="2025-08-04")).refused("min-companies")
    story.when(amend(10_000_000, on="2025-08-05")).refused("case-required")
    story.when(amend(4_000_000, on="2025-08-05")).recorded()


def test_an_excluded_company_is_lowered_but_not_raised(given: Given) -> None:
    story = given(
        applied(10_000_000), approved(5_000_000), excluded(on="2025-08-01", until="2025-08-31")
    )
    story.when(amend(5_000_001)).refused("company-excluded", says=(HANBIT,))
    story.when(amend(4_000_000)).recorded()
    story.when(amend(10_000_000, on="2025-09-01")).recorded()


def test_whoever_recorded_the_application_may_lower_but_not_raise(given: Given) -> None:
    story = given(applied(10_000_000, by=KIM), approved(5_000_000))
    story.when(amend(5_000_001, by=KIM)).refused("four-eyes", says=(KIM,))
    story.when(amend(4_999_999, by=KIM)).recorded()
    story.when(amend(5_000_000, by=PARK)).recorded()


def test_a_raise_is_dated_in_the_lines_open_year_a_cut_in_any_open_year(given: Given) -> None:
    story = given(applied(10_000_000), approved(5_000_000), opened(2026))
    story.when(amend(6_000_000, on="2026-02-01")).refused("year-mismatch", says=("2025",))
    story.when(amend(6_000_000, on="2024-12-31")).refused("year-not-open")
    story.when(amend(6_000_000, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(amend(6_000_000, on=FUTURE)).refused("future-dated")
    story.when(amend(4_000_000, on="2026-02-01")).moved(committed=-1_000_000, available=1_000_000)
    story.given(closed(2025, on="2026-02-02"))
    story.when(amend(6_000_000, on="2025-12-31")).refused("year-closed")
    story.when(amend(6_000_000, on="2026-03-01")).refused("year-mismatch")


def test_only_approved_lines_of_running_grants_are_amended(given: Given) -> None:
    story = given(
        applied(1_000, line(1_000, company=DAON)),
        approved(1_000),
        applied(1_000, grant="G2"),
        approved(1_000, grant="G3"),
        settled("G3", on="2025-03-01"),
        approved(1_000, grant="G4"),
        cancelled(grant="G4", on="2025-03-01"),
    )
    story.when(amend(line(500, company=DAON))).refused("wrong-status", says=(DAON,))
    story.when(amend(line(500, year=2026))).refused("unknown")
    for grant, status in (("G2", "applied"), ("G3", "settled"), ("G4", "cancelled")):
        story.when(amend(500, grant=grant)).refused("wrong-status", says=(grant, status))
    story.when(amend(500, grant="G9")).refused("unknown")


def test_a_late_cut_may_not_leave_a_day_below_zero(given: Given) -> None:
    """Raised to 10 million on 1 August; on 1 July only 4 were committed."""
    story = given(applied(10_000_000), approved(4_000_000), amend(10_000_000))
    story.when(amend(5_000_000, on="2025-07-01")).refused(
        "out-of-order", limit=4_000_000, used=0, asked=5_000_000, fits=6_000_000
    )
    story.when(amend(6_000_000, on="2025-07-01")).recorded()


def test_a_late_raise_is_held_against_every_later_day(given: Given) -> None:
    story = given(
        applied(20_000_000),
        approved(4_000_000),
        approved(15_000_000, grant="G2"),
        amend(1_000_000, grant="G2"),
    )
    story.when(amend(10_000_000, on="2025-07-31")).refused(
        "annual-cap", limit=20_000_000, used=19_000_000, asked=6_000_000, fits=5_000_000
    )
    story.when(amend(10_000_000, on="2025-08-01")).recorded()


def test_a_raise_under_a_case_counts_what_other_grants_use_of_it(given: Given) -> None:
    patent = "international_patent"
    story = given(
        applied(line(5_000_000, case="PCT-1"), programme=patent),
        approved(line(1_000_000, case="PCT-1"), programme=patent),
        opened(2026),
        allocate(programme=patent, year=2026),
        approved(line(3_000_000, case="pct1", year=2026), grant="G2", programme=patent),
    )
    story.when(amend(line(4_000_001, case="PCT 1"))).refused(
        "case-cap", limit=7_000_000, used=4_000_000, asked=3_000_001, fits=4_000_000
    )
    story.when(amend(line(4_000_000, case="PCT 1"))).recorded()
