"""`apply`: an application is held against the terms of its day, looking at itself alone."""

from __future__ import annotations

from typing import Any

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    MIRINAE,
    NURI,
    ONSAEMI,
    SAEROM,
    TAEBAEK,
    Step,
    applied,
    apply,
    closed,
    excluded,
    line,
    opened,
    registered,
)

EVERYBODY = tuple(
    registered(party) for party in (HANBIT, DAON, SAEROM, MIRINAE, TAEBAEK, NURI, ONSAEMI)
)


def field_customised(*lines: dict[str, Any], partners: tuple[str, ...] = ()) -> Step:
    return apply(*lines, grant=None, programme="field_customised", partners=partners)


def test_an_application_is_recorded_and_moves_nothing(given: Given) -> None:
    story = given(registered(), registered(DAON), registered(NURI))
    shares = {"total_cost": 30_000_000, "in_kind": 3_000_000, "local_share": 2_000_000}
    asked = apply(
        line(10_000_000, **shares),
        line(8_000_000, company=DAON, year=2026),
        partners=(NURI, NURI),
        lead=NURI,
    )
    outcome = story.when(asked)
    outcome.then(
        "grant-applied",
        grant="G1",
        programme="prototype",
        title="정밀 감속기 시제품",
        lead=NURI,
        partners=[NURI],
        lines=[
            {"company": HANBIT, "year": 2025, "subsidy": 10_000_000, **shares},
            {
                "company": DAON,
                "year": 2026,
                "subsidy": 8_000_000,
                "total_cost": 16_000_000,
                "in_kind": 0,
                "local_share": 0,
            },
        ],
    ).moved()
    assert outcome.receipt.made == {"grant": "G1"}


def test_a_grant_id_is_made_where_none_is_given_and_is_never_taken(given: Given) -> None:
    story = given(registered())
    first = story.when(apply(1_000, grant=None)).recorded().receipt
    assert first.made
    story.when(apply(1_000, grant=first.made["grant"])).refused("already-exists")
    ahead = f"G2025-{story.size + 2:06d}"
    story.given(applied(1_000, grant=ahead))
    second = story.when(apply(1_000, grant=None)).recorded().receipt
    assert second.made
    assert second.made["grant"] not in (ahead, first.made["grant"])


def test_everybody_who_takes_part_is_registered(given: Given) -> None:
    story = given(registered())
    story.when(apply(1_000).but(programme="moon_shot")).refused("unknown", says=("moon_shot",))
    story.when(apply(line(1_000, company=DAON))).refused("unknown", says=(DAON,))
    story.when(apply(1_000, partners=(DAON,))).refused("unknown", says=(DAON,))
    mistyped = "609-86-00006"
    story.when(apply(1_000, partners=(mistyped,))).refused("unknown", says=(mistyped, "mistyped"))


def test_the_lead_takes_part_and_shares_add_up(given: Given) -> None:
    story = given(registered(), registered(DAON))
    story.when(apply(1_000, lead=DAON)).refused("invalid", says=(DAON,))
    shares = {"total_cost": 1_000, "in_kind": 300, "local_share": 201}
    story.when(apply(line(500, **shares))).refused("invalid", says=("lines[0]", "1,001"))
    story.when(apply(line(500, **shares | {"local_share": 200}))).recorded()


def test_an_application_may_be_dated_into_a_closed_year_or_one_never_opened(given: Given) -> None:
    story = given(registered(), opened(2025), closed(2025))
    story.when(apply(1_000, grant=None, on="2025-12-31")).recorded()
    story.when(apply(line(1_000, year=2026), grant=None, on="2019-01-01")).recorded()
    story.when(apply(1_000, grant=None, on=FUTURE)).refused("future-dated")
    story.when(apply(1_000, grant=None, on="2004-12-31")).refused("unknown", says=("2004-12-31",))


def test_a_line_is_for_the_year_of_the_application_or_a_later_one(given: Given) -> None:
    story = given(registered())
    lines = line(1_000, year=2024), line(1_000, year=2025)
    story.when(apply(*lines, on="2025-01-01")).refused("year-mismatch", says=("2024",))
    story.when(apply(*lines, on="2024-12-31")).recorded()


def test_nobody_who_takes_part_is_excluded_on_that_day(given: Given) -> None:
    story = given(*EVERYBODY, excluded(DAON, on="2025-02-01", until="2025-02-28"))
    story.when(apply(1_000, partners=(DAON,))).refused("company-excluded", says=(DAON,))
    story.when(apply(line(1_000, company=DAON))).refused("company-excluded")
    story.when(apply(line(1_000, company=DAON), on="2025-03-01")).recorded()


def test_companies_are_counted_once_and_universities_not_at_all(given: Given) -> None:
    story = given(*EVERYBODY)
    training = {"grant": None, "programme": "training"}
    for partners in ((), (HANBIT,), (NURI, ONSAEMI)):
        story.when(apply(1_000, partners=partners, **training)).refused(
            "min-companies", says=("1 ", "2 ")
        )
    story.when(apply(1_000, partners=(DAON,), **training)).recorded()
    zero = line(0, company=DAON)
    story.when(apply(1_000, zero, **training)).recorded()


def test_a_ratio_of_or_less_allows_exactly_that_much(given: Given) -> None:
    story = given(*EVERYBODY)
    story.when(apply(line(6_000, total_cost=9_999))).refused(
        "subsidy-ratio",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=5_999,
        used=0,
        asked=6_000,
        fits=5_999,
        says=(HANBIT, "2025", "60 %", "9,999", "5,999"),
    )
    story.when(apply(line(6_000, total_cost=10_000))).recorded()


def test_a_ratio_of_less_than_refuses_exactly_that_much_by_the_size_of_the_lines_own_company(
    given: Given,
) -> None:
    story = given(*EVERYBODY)
    for company, percent in ((HANBIT, 75), (MIRINAE, 60), (TAEBAEK, 33)):
        partner = DAON if company == HANBIT else HANBIT
        exactly = line(percent * 1_000, company=company, total_cost=100_000)
        story.when(field_customised(exactly, partners=(partner,))).refused(
            "subsidy-ratio", limit=percent * 1_000 - 1, fits=percent * 1_000 - 1
        )
        under = exactly | {"subsidy": percent * 1_000 - 1}
        story.when(field_customised(under, partners=(partner,))).recorded()
        between = line(percent, company=company, total_cost=101)
        story.when(field_customised(between, partners=(partner,))).recorded()


def test_universities_take_part_with_a_subsidy_of_zero(given: Given) -> None:
    story = given(*EVERYBODY)
    for party in (NURI, ONSAEMI):
        story.when(apply(1_000, line(1, company=party, total_cost=100))).refused(
            "subsidy-ratio", limit=0, used=0, asked=1, fits=0
        )
    story.when(apply(1_000, line(0, company=NURI))).recorded()


def test_a_company_asks_for_no_more_than_its_annual_cap(given: Given) -> None:
    story = given(*EVERYBODY)
    story.when(apply(20_000_001)).refused(
        "annual-cap",
        limit=20_000_000,
        used=0,
        asked=20_000_001,
        fits=20_000_000,
        says=(HANBIT, "2025", "Prototype production", "20,000,000"),
    )
    own = line(20_000_000), line(20_000_000, company=DAON), line(20_000_000, year=2026)
    story.when(apply(*own)).recorded()


def test_a_cap_of_less_than_200_million_allows_199_999_999(given: Given) -> None:
    story = given(*EVERYBODY)
    story.when(field_customised(line(200_000_000), partners=(DAON,))).refused(
        "annual-cap", limit=199_999_999, asked=200_000_000, fits=199_999_999
    )
    story.when(field_customised(line(199_999_999), partners=(DAON,))).recorded()


def test_the_companies_of_a_grant_share_the_cap_of_its_year(given: Given) -> None:
    story = given(*EVERYBODY)
    hundred = line(100_000_000)
    story.when(field_customised(hundred, line(100_000_000, company=DAON))).refused(
        "annual-cap",
        line={"company": DAON, "year": 2025, "case": None},
        limit=199_999_999,
        used=0,
        asked=200_000_000,
        fits=99_999_999,
    )
    story.when(field_customised(hundred, line(99_999_999, company=DAON))).recorded()
    another_year = line(100_000_000, company=DAON, year=2026)
    story.when(field_customised(hundred, another_year)).recorded()


def test_a_case_typed_in_two_ways_is_one_case_under_one_cap(given: Given) -> None:
    story = given(*EVERYBODY)
    patent = {"grant": None, "programme": "domestic_patent"}
    lines = line(1_000_001, case="ip-2025-7"), line(1_000_000, case="IP 2025 7", company=DAON)
    outcome = story.when(apply(*lines, **patent))
    outcome.refused("case-cap", limit=2_000_000, used=0, asked=2_000_001, says=("2,000,000",))
    assert outcome.receipt.fits in (999_999, 1_000_000)
    story.when(apply(line(1_000, case="P-1"), line(1_000, case="p 1"), **patent)).refused("invalid")
    fitting = lines[0] | {"subsidy": 1_000_000}, lines[1]
    first = story.when(apply(*fitting, **patent)).then("grant-applied")
    ((_, data),) = first.parts()
    assert [one["case"] for one in data["lines"]] == ["ip-2025-7", "ip-2025-7"]
    again = story.when(apply(line(2_000_000, case="Ip20257"), **patent)).then("grant-applied")
    ((_, data),) = again.parts()
    assert data["lines"][0]["case"] == "ip-2025-7"


def test_programmes_that_work_by_case_ask_for_one_and_the_others_allow_none(given: Given) -> None:
    story = given(*EVERYBODY)
    for programme in ("domestic_patent", "utility_model", "international_patent"):
        story.when(apply(1_000, programme=programme)).refused("case-required")
    story.when(apply(line(1_000, case="P-1"))).refused("case-not-allowed", says=("P-1",))
    both = line(1_000, case="P-1"), line(1_000, company=DAON)
    story.when(apply(*both, programme="domestic_patent")).refused("case-required")


def test_an_application_looks_at_itself_alone(given: Given) -> None:
    story = given(applied(20_000_000))
    story.when(apply(20_000_000, grant="G2")).recorded()


def test_what_would_fit_is_held_against_every_rule_with_the_other_lines_as_asked(
    given: Given,
) -> None:
    story = given(*EVERYBODY)
    over_both = line(30_000_000, total_cost=40_000_000)
    story.when(apply(over_both)).refused(
        "subsidy-ratio", limit=24_000_000, asked=30_000_000, fits=20_000_000
    )
    story.when(apply(over_both, line(20_000_001, company=DAON))).refused("subsidy-ratio", fits=0)
