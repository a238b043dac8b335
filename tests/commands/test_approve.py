"""`approve`: lines are awarded, together with what is used already, as of the decision's day."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    KIM,
    LEE,
    NURI,
    SAEROM,
    TAEBAEK,
    Step,
    allocate,
    amended,
    applied,
    approve,
    approved,
    budgeted,
    closed,
    excluded,
    line,
    opened,
    reclassified,
    registered,
    rejected,
    revised,
)


def test_an_award_is_committed_out_of_the_budget_under_the_edition_of_its_day(
    given: Given,
) -> None:
    story = given(applied(10_000_000), revised(on="2025-02-15"), budgeted(30_000_000))
    edition = story.size - 2
    outcome = story.when(approve())
    outcome.then(
        "grant-approved",
        grant="G1",
        programme="prototype",
        edition=edition,
        lines=[{"company": HANBIT, "year": 2025, "award": 10_000_000}],
    )
    outcome.moved(available=-10_000_000, committed=10_000_000)
    assert story.line() == {"committed": 10_000_000}


def test_lines_left_out_means_all_that_wait_in_the_year_of_the_day(given: Given) -> None:
    lines = line(1_000), line(2_000, company=DAON), line(4_000, year=2026)
    story = given(applied(*lines), budgeted(), opened(2026), allocate(year=2026))
    story.when(approve(line(500))).moved(available=-500, committed=500)
    story.when(approve()).then(
        "grant-approved", lines=[{"company": DAON, "year": 2025, "award": 2_000}]
    )
    story.when(approve(on="2025-12-31")).refused("wrong-status", says=("G1", "2025"))
    story.when(approve(on="2026-01-10")).then(
        "grant-approved", lines=[{"company": HANBIT, "year": 2026, "award": 4_000}]
    )


def test_an_award_may_be_lower_than_asked_and_even_nothing(given: Given) -> None:
    story = given(applied(1_000, line(1_000, company=DAON)), budgeted(1_000))
    story.when(approve(line(0))).moved()
    story.when(approve(line(1_001, company=DAON))).refused(
        "exceeds-request",
        line={"company": DAON, "year": 2025, "case": None},
        limit=1_000,
        used=0,
        asked=1_001,
        fits=1_000,
        says=(DAON, "2025", "1,001", "1,000"),
    )
    story.when(approve(line(1_000, company=DAON))).recorded()


def test_a_line_is_approved_once_and_only_what_was_applied_for(given: Given) -> None:
    story = given(approved(1_000), applied(1_000, grant="G2"), rejected("G2"))
    story.when(approve(1_000)).refused("wrong-status", says=(HANBIT, "2025"))
    story.when(approve(line(1_000, company=DAON))).refused("unknown", says=(DAON,))
    story.when(approve(line(1_000, case="P-1"))).refused("unknown", says=("P-1",))
    story.when(approve(1_000, grant="G2")).refused("wrong-status", says=("rejected",))
    story.when(approve(1_000, grant="G9")).refused("unknown", says=("G9",))


def test_an_approval_is_dated_in_its_open_year_not_before_the_application(given: Given) -> None:
    lines = line(1_000), line(1_000, year=2026)
    story = given(applied(*lines, on="2025-02-10"), registered(DAON))
    story.when(approve(1_000)).refused("year-not-open", says=("2025",))
    story.given(opened(2025), allocate())
    story.when(approve(1_000, on="2025-02-09")).refused("out-of-order", says=("2025-02-10",))
    story.when(approve(*lines, on="2025-03-01")).refused("year-mismatch", says=("2026",))
    story.when(approve(line(1_000, year=2026))).refused("year-not-open", says=("2026",))
    story.when(approve(on=FUTURE)).refused("wrong-status")
    story.when(approve(1_000, on=FUTURE)).refused("future-dated")
    story.given(opened(2026), closed(2025))
    story.when(approve(1_000)).refused("year-closed", says=("2025",))
    story.when(approve(1_000, on="2026-03-01")).refused("year-mismatch")


def test_whoever_recorded_the_application_does_not_approve_it(given: Given) -> None:
    story = given(applied(1_000, by=KIM), budgeted())
    story.when(approve(by=KIM)).refused("four-eyes", says=(KIM,))
    story.when(approve(by=LEE)).recorded()


def test_the_company_of_a_line_is_not_excluded_but_other_participants_may_be(
    given: Given,
) -> None:
    """An excluded participant still counts for the number of companies."""
    training = "training"
    story = given(
        applied(line(1_000), line(1_000, company=DAON), programme=training),
        budgeted(programme=training),
        excluded(DAON, on="2025-03-01", until="2025-03-31"),
    )
    story.when(approve()).refused("company-excluded", says=(DAON, "2025-03-31"))
    story.when(approve(line(1_000))).recorded()
    story.when(approve(on="2025-04-01")).recorded()


def test_companies_and_sizes_and_ratios_are_asked_again(given: Given) -> None:
    half = line(10_000, total_cost=20_000)
    story = given(
        applied(half, partners=(NURI,)),
        budgeted(),
        revised(on="2025-03-01", min_companies=2),
        revised(on="2025-03-02", ratio={"large": {"percent": 30, "bound": "lt"}}),
        reclassified(HANBIT, "large", on="2025-03-03"),
        revised(on="2025-03-04", ratio={"percent": 50, "bound": "le"}),
    )
    story.when(approve(on="2025-03-01")).refused("min-companies")
    story.when(approve(on="2025-03-02")).refused("subsidy-ratio", limit=0, fits=0)
    story.when(approve(on="2025-03-03")).refused("subsidy-ratio", limit=5_999, fits=5_999)
    story.when(approve(line(6_000), on="2025-03-03")).refused("subsidy-ratio", asked=6_000)
    story.when(approve(on="2025-03-04")).recorded()


def test_no_more_than_the_budget_is_promised(given: Given) -> None:
    story = given(
        approved(15_000_000, grant="G0"),
        applied(line(10_000_000, company=DAON), line(5_000_000, company=SAEROM)),
        allocate(-970_000_001, on="2025-02-01"),
    )
    outcome = story.when(approve())
    outcome.refused(
        "programme-budget",
        limit=29_999_999,
        used=15_000_000,
        asked=15_000_000,
        says=("Prototype production", "2025", "29,999,999", "14,999,999"),
    )
    assert outcome.receipt.fits in (9_999_999, 4_999_999)
    story.when(approve(line(10_000_000, company=DAON))).moved(
        available=-10_000_000, committed=10_000_000
    )
    story.when(approve(line(5_000_000, company=SAEROM))).refused("programme-budget", fits=4_999_999)
    story.when(approve(line(4_999_999, company=SAEROM))).recorded()


def test_a_companys_annual_cap_holds_across_its_grants(given: Given) -> None:
    story = given(
        approved(12_000_000), applied(20_000_000, grant="G2"), applied(8_000_000, grant="G3")
    )
    story.when(approve(grant="G2")).refused(
        "annual-cap",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=20_000_000,
        used=12_000_000,
        asked=20_000_000,
        fits=8_000_000,
        says=(HANBIT, "2025", "Prototype production", "20,000,000", "12,000,000"),
    )
    story.when(approve(line(8_000_000), grant="G2")).recorded()
    story.when(approve(line(1), grant="G3")).refused("annual-cap", fits=0)
    story.when(approve(line(0), grant="G3")).recorded()
    assert story.row("company")["headroom"] == 0


def field_customised(award: int, grant: str, company: str, *, partner: str) -> Step:
    return applied(
        line(award, company=company), grant=grant, programme="field_customised", partners=(partner,)
    )


def test_a_strict_cap_allows_199_999_999_for_the_company(given: Given) -> None:
    programme = "field_customised"
    story = given(
        budgeted(programme=programme),
        field_customised(150_000_000, "G1", HANBIT, partner=DAON),
        field_customised(50_000_000, "G2", HANBIT, partner=DAON),
        approve(150_000_000, programme=programme),
    )
    story.when(approve(grant="G2")).refused(
        "annual-cap", limit=199_999_999, used=150_000_000, asked=50_000_000, fits=49_999_999
    )
    story.when(approve(line(49_999_999), grant="G2")).recorded()


def test_a_strict_cap_allows_199_999_999_for_the_grants_year(given: Given) -> None:
    programme = "field_customised"
    lines = line(100_000_000), line(99_999_999, company=DAON)
    story = given(budgeted(programme=programme), applied(*lines, programme=programme))
    story.given(approve(line(100_000_000), programme=programme))
    story.when(approve(line(99_999_999, company=DAON))).moved(
        available=-99_999_999, committed=99_999_999
    )
    (row,) = story.rows("grant")
    assert (row["cap"], row["bound"], row["headroom"]) == (200_000_000, "lt", 0)


def test_the_cap_of_a_grants_year_is_asked_of_all_its_lines_together(given: Given) -> None:
    """After a revision that lowers it, for what was applied for was less before."""
    programme = "field_customised"
    lower = [{"per": "grant_year", "amount": 150_000_000, "bound": "lt"}]
    lines = line(100_000_000), line(80_000_000, company=DAON)
    story = given(
        budgeted(programme=programme),
        applied(*lines, programme=programme),
        revised(programme, on="2025-03-01", caps=lower),
    )
    story.given(approve(line(100_000_000), programme=programme))
    story.when(approve(line(80_000_000, company=DAON))).refused(
        "annual-cap",
        line={"company": DAON, "year": 2025, "case": None},
        limit=149_999_999,
        used=100_000_000,
        asked=80_000_000,
        fits=49_999_999,
        says=("Developing field-customised technologies", "2025", "150,000,000", "100,000,000"),
    )


def test_a_cases_cap_holds_across_grants_years_and_programmes_however_it_is_typed(
    given: Given,
) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_200_000, case="IP-2024-001", year=2024), programme=patent),
        opened(2025),
        allocate(programme=patent, year=2025),
        allocate(programme="utility_model", year=2025),
        applied(line(800_001, case="ip2024 001"), grant="G2", programme=patent),
        applied(
            line(1_000_000, case="Ip 2024-001", company=DAON), grant="G3", programme="utility_model"
        ),
    )
    story.when(approve(grant="G2")).refused(
        "case-cap",
        line={"company": HANBIT, "year": 2025, "case": "IP-2024-001"},
        limit=2_000_000,
        used=1_200_000,
        asked=800_001,
        fits=800_000,
        says=("IP-2024-001", "Domestic patent", "2,000,000", "1,200,000"),
    )
    story.when(approve(line(500_000, case="IP 2024 001"), grant="G2")).recorded()
    story.when(approve(grant="G3")).refused("case-cap", used=1_700_000, fits=300_000)
    in_part = line(300_000, case="IP2024001", company=DAON)
    story.when(approve(in_part, grant="G3")).recorded()
    assert story.row("case", case="ip-2024-001")["used"] == 2_000_000


def test_a_late_approval_may_not_pass_the_cap_on_a_day_when_more_was_used(given: Given) -> None:
    """15 million were used until the award was lowered to 5 on 1 August."""
    story = given(approved(15_000_000), amended(5_000_000), applied(10_000_000, grant="G2"))
    story.when(approve(grant="G2", on="2025-07-31")).refused(
        "annual-cap", limit=20_000_000, used=15_000_000, asked=10_000_000, fits=5_000_000
    )
    story.when(approve(grant="G2", on="2025-02-01")).refused("annual-cap", used=15_000_000)
    story.when(approve(grant="G2", on="2025-08-01")).recorded()


def test_a_late_approval_may_not_pass_the_case_cap_on_a_day_in_between(given: Given) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_500_000, case="P-1"), programme=patent),
        amended(line(500_000, case="P-1")),
        applied(line(1_000_000, case="P-1"), grant="G2", programme=patent),
    )
    story.when(approve(grant="G2", on="2025-07-31")).refused(
        "case-cap", limit=2_000_000, used=1_500_000, asked=1_000_000, fits=500_000
    )
    story.when(approve(grant="G2", on="2025-08-01")).recorded()


def test_a_late_approval_may_not_take_the_budget_below_zero_on_any_day(given: Given) -> None:
    story = given(
        budgeted(20_000_000),
        approved(15_000_000),
        amended(5_000_000),
        applied(line(10_000_000, company=DAON), grant="G2"),
    )
    story.when(approve(grant="G2", on="2025-07-31")).refused(
        "programme-budget", limit=20_000_000, used=15_000_000, asked=10_000_000, fits=5_000_000
    )
    story.when(approve(grant="G2", on="2025-08-01")).recorded()


def test_a_budget_given_later_does_not_cover_an_earlier_day(given: Given) -> None:
    story = given(applied(1_000), budgeted(1_000, on="2025-03-02"))
    story.when(approve(on="2025-03-01")).refused(
        "programme-budget",
        limit=0,
        used=0,
        asked=1_000,
        fits=0,
        says=("on 2025-03-01", "0 won of the budget of 0", "2025-03-02"),
    )
    story.when(approve(on="2025-03-02")).recorded()


def test_the_budget_and_its_use_are_told_as_of_its_scarcest_day(given: Given) -> None:
    """40 million from 10 January; 25 are cut on 1 June, and 60 million come on 1 August."""
    story = given(
        budgeted(40_000_000),
        budgeted(-25_000_000, on="2025-06-01"),
        approved(12_000_000, on="2025-05-01"),
        budgeted(60_000_000, on="2025-08-01"),
        applied(line(20_000_000, company=DAON), grant="G2"),
    )
    for day in ("2025-03-01", "2025-05-31", "2025-07-31"):
        story.when(approve(grant="G2", on=day)).refused(
            "programme-budget",
            limit=15_000_000,
            used=12_000_000,
            asked=20_000_000,
            fits=3_000_000,
            says=("2025-07-31" if day > "2025-06-01" else "2025-06-01", "2025-08-01"),
        )
    story.when(approve(grant="G2", on="2025-08-01")).recorded()


def test_a_large_company_is_held_to_its_own_ratio_at_approval(given: Given) -> None:
    programme = "field_customised"
    story = given(
        applied(
            line(329_999, company=TAEBAEK, total_cost=1_000_000),
            programme=programme,
            partners=(HANBIT,),
        ),
        budgeted(programme=programme),
    )
    story.when(approve()).recorded()


def test_what_would_fit_is_held_against_every_rule(given: Given) -> None:
    """15 million were asked for, 12 are left under the cap, 9 in the budget."""
    story = given(budgeted(17_000_000), approved(8_000_000), applied(15_000_000, grant="G2"))
    story.when(approve(16_000_000, grant="G2")).refused(
        "exceeds-request", limit=15_000_000, fits=9_000_000
    )
    story.when(approve(grant="G2")).refused(
        "annual-cap", limit=20_000_000, used=8_000_000, fits=9_000_000
    )
    story.when(approve(9_000_000, grant="G2")).recorded()
