"""`revise_terms`: a new edition from a day on; what was decided before stays as it was."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    FUTURE,
    NURI,
    TAEBAEK,
    amend,
    applied,
    apply,
    approve,
    approved,
    budgeted,
    claim,
    item,
    line,
    opened,
    pay,
    registered,
    returned,
    reversed_,
    revise,
    revised,
)

TEN_MILLION = [{"per": "company_year", "amount": 10_000_000, "bound": "le"}]


def test_the_whole_new_edition_is_recorded(given: Given) -> None:
    asked = revise(on="2025-07-01", caps=TEN_MILLION, advance_percent=70)
    outcome = given().when(asked)
    outcome.then(
        "terms-revised",
        programme="prototype",
        terms={
            "caps": TEN_MILLION,
            "ratio": {"percent": 60, "bound": "le"},
            "min_companies": 1,
            "eligible": ["prototype_development"],
            "excluded": [],
            "advance_percent": 70,
            "source": "공고 제2025-1호",
        },
    ).moved()


def test_an_edition_holds_from_its_day_on_and_not_before(given: Given) -> None:
    story = given(registered(), revised(on="2025-07-01", caps=TEN_MILLION))
    story.when(apply(20_000_000, on="2025-06-30", grant="G1")).recorded()
    story.when(apply(10_000_001, on="2025-07-01", grant="G2")).refused(
        "annual-cap", limit=10_000_000, used=0, asked=10_000_001, fits=10_000_000
    )


def test_terms_may_be_dated_ahead_and_among_equal_days_the_later_recorded_holds(
    given: Given,
) -> None:
    story = given(registered())
    story.when(revise(on=FUTURE, caps=TEN_MILLION)).recorded()
    story.given(
        revised(on="2025-07-01", caps=TEN_MILLION),
        revised(
            on="2025-07-01", caps=[{"per": "company_year", "amount": 5_000_000, "bound": "lt"}]
        ),
    )
    story.when(apply(5_000_000, on="2025-07-01")).refused(
        "annual-cap", limit=4_999_999, fits=4_999_999
    )
    story.when(apply(20_000_000, on="2025-06-30")).recorded()


def test_an_approval_is_held_against_the_terms_of_its_own_day(given: Given) -> None:
    story = given(applied(20_000_000), budgeted(), revised(on="2025-03-01", caps=TEN_MILLION))
    story.when(approve()).refused("annual-cap", limit=10_000_000, fits=10_000_000)
    story.when(approve(on="2025-02-28")).recorded()


def test_the_approvals_edition_is_pinned_for_advances_and_costs(given: Given) -> None:
    story = given(
        revised(on="2025-01-01", advance_percent=50),
        approved(10_000_000),
        revised(on="2025-03-02", advance_percent=0, eligible=["mould"]),
    )
    story.when(claim(item(1_000, category="mould"), on="2025-06-01")).refused("ineligible-cost")
    story.when(claim(item(1_000), on="2025-06-01")).recorded()
    story.when(pay(5_000_001)).refused("advance-limit", limit=5_000_000, fits=5_000_000)
    story.when(pay(5_000_000)).recorded()


def test_a_lower_edition_undoes_nothing_but_binds_later_raises(given: Given) -> None:
    story = given(
        applied(line(20_000_000, total_cost=40_000_000)),
        approved(15_000_000),
        revised(on="2025-06-01", caps=TEN_MILLION),
    )
    story.when(pay(15_000_000, on="2025-07-01")).recorded()
    story.when(amend(15_000_001)).refused(
        "annual-cap", limit=10_000_000, used=15_000_000, asked=1, fits=15_000_000
    )
    story.given(applied(1_000, grant="G2"))
    story.when(approve(line(0), grant="G2", on="2025-07-01")).recorded()
    story.given(returned(15_000_000, on="2025-07-02").but(id="R1"))
    story.when(reversed_("R1")).refused("annual-cap", limit=10_000_000, used=0, asked=15_000_000)


def test_a_size_that_an_edition_does_not_name_has_no_ratio(given: Given) -> None:
    only_sme = {"sme": {"percent": 50, "bound": "le"}}
    story = given(
        opened(), revised(on="2025-01-01", ratio=only_sme), registered(TAEBAEK), registered(NURI)
    )
    story.when(apply(line(1, company=TAEBAEK))).refused(
        "subsidy-ratio", limit=0, used=0, asked=1, fits=0, says=(TAEBAEK, "no ratio")
    )
    story.when(apply(line(0, company=TAEBAEK))).recorded()


def test_a_programme_may_come_to_work_by_case_and_then_asks_for_one(given: Given) -> None:
    by_case = [{"per": "case", "amount": 1_000_000, "bound": "le"}]
    story = given(
        applied(1_000_000),
        budgeted(),
        revised(on="2025-03-01", caps=by_case),
        applied(line(1_000_000, case="P-1"), grant="G2", on="2025-03-01"),
        revised(on="2025-03-02"),
    )
    story.when(approve(on="2025-03-01")).refused("case-required")
    story.when(approve(grant="G2", on="2025-03-02")).refused("case-not-allowed", says=("P-1",))
    story.when(approve(grant="G2", on="2025-03-01")).recorded()


def test_only_programmes_of_the_catalogue_have_terms(given: Given) -> None:
    story = given()
    story.when(revise(on="2025-01-01").but(programme="moon_shot")).refused(
        "unknown", says=("moon_shot",)
    )
    twice = [*TEN_MILLION, *TEN_MILLION]
    story.when(revise(on="2025-01-01", caps=twice)).refused("invalid", says=("caps",))
    story.when(revise(on="2025-01-01").without("source")).refused("invalid", says=("source",))
