"""The catalogue held against the published table, which is written out here a second time."""

from __future__ import annotations

import tomllib
from collections.abc import Set
from importlib import resources
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.terms import Bound, Ceiling, Programme, Rate, RateBySize, Terms, catalogue
from ledger.won import LIMIT

SOURCE = "The Industrial Cluster Program of Korea, programme table"

PRODUCTION = "Commercialisation of production technologies"
PROJECT = "Project-based technology development"
RIGHTS = "Application for industrial property rights"
MARKETING = "Marketing"


class Row(NamedTuple):
    """A row of the table: what a reader of the publication expects of the catalogue."""

    slug: str
    name: str
    name_ko: str
    group: str
    caps: set[tuple[str, int, str]]
    ratio: dict[str, tuple[int, str]]
    companies: int
    eligible: Set[str]
    excluded: Set[str] = frozenset()


SIZES = ("sme", "mid_size", "large")
BY_SIZE = {"sme": (75, "lt"), "mid_size": (60, "lt"), "large": (33, "lt")}


def less_than(won: int) -> set[tuple[str, int, str]]:
    return {("company_year", won, "lt"), ("grant_year", won, "lt")}


def a_year(won: int) -> set[tuple[str, int, str]]:
    return {("company_year", won, "le")}


def a_case(won: int) -> set[tuple[str, int, str]]:
    return {("case", won, "le")}


def flat(percent: int) -> dict[str, tuple[int, str]]:
    return dict.fromkeys(SIZES, (percent, "le"))


# fmt: off
TABLE = (
    Row("field_customised", "Developing field-customised technologies", "현장맞춤형 기술개발",
        PRODUCTION, less_than(200_000_000), BY_SIZE, 2, {"new_technology_development"}),
    Row("transferred_technology", "Commercialising transferred technologies", "이전기술 사업화",
        PRODUCTION, less_than(200_000_000), BY_SIZE, 2, {"technology_commercialisation"}),
    Row("leading_industry", "Leading Industry Project R&D", "선도산업 프로젝트 R&D",
        PROJECT, less_than(400_000_000), BY_SIZE, 3, {"joint_business_model"}),
    Row("smart_manufacturing", "Smart Manufacturing Project R&D", "스마트제조 프로젝트 R&D",
        PROJECT, less_than(400_000_000), BY_SIZE, 3, {"manufacturing_data_model"}),
    Row("prototype", "Prototype production", "시제품 제작",
        "Prototype production", a_year(20_000_000), flat(60), 1, {"prototype_development"}),
    Row("domestic_patent", "Domestic patent", "국내특허",
        RIGHTS, a_case(2_000_000), flat(70), 1, {"application_fee"}, {"registration_fee"}),
    Row("utility_model", "Utility models", "실용신안",
        RIGHTS, a_case(2_000_000), flat(70), 1, {"application_fee"}, {"registration_fee"}),
    Row("international_patent", "International patent", "해외특허",
        RIGHTS, a_case(7_000_000), flat(70), 1, {"application_fee"}, {"registration_fee"}),
    Row("international_standard", "International standard acquisition", "국제규격 인증",
        MARKETING, a_year(7_000_000), flat(70), 1, {"standard_accreditation"}),
    Row("advertising_pr", "Advertising and PR", "홍보(PR)",
        MARKETING, a_year(10_000_000), flat(70), 2, {"pr_video", "brochure"}),
    Row("domestic_exhibition", "Domestic exhibition", "국내전시회",
        MARKETING, a_year(3_000_000), flat(70), 3, {"booth_rent", "exhibition_equipment"}),
    Row("international_exhibition", "International exhibition", "해외전시회",
        MARKETING, a_year(8_000_000), flat(70), 3, {"booth_rent", "exhibition_equipment"}),
    Row("overseas_market", "Overseas market expansion", "해외시장 개척",
        MARKETING, a_year(5_000_000), flat(70), 3, {"buyer_seller_meeting"}),
    Row("inviting_professionals", "Inviting professionals", "전문가 초빙",
        MARKETING, a_year(8_000_000), flat(70), 3, {"travel", "invitation"}),
    Row("training", "On-the-job training", "교육훈련",
        "On-the-job training", a_year(50_000_000), flat(80), 2, {"competency_development"},
        {"simple_office_automation", "language_education"}),
    Row("technology_transfer", "Promotion of technology transfer", "기술이전 촉진",
        "Promotion of technology transfer", a_year(7_000_000), flat(70), 1, {"technology_fee"}),
    Row("rbd_consulting", "Consulting on R&BD planning", "R&BD 기획 컨설팅",
        "Consulting on R&BD planning", a_year(3_000_000), flat(70), 1, {"planning"}),
)
# fmt: on

CATALOGUE = {programme.slug: programme for programme in catalogue()}
RESEARCH = {row.slug for row in TABLE if row.ratio is BY_SIZE}

each_row = pytest.mark.parametrize("row", TABLE, ids=lambda row: row.slug)
each_programme = pytest.mark.parametrize("programme", CATALOGUE.values(), ids=lambda p: p.slug)


# The catalogue says what the table says.


def test_the_catalogue_lists_the_seventeen_programmes_in_the_order_of_the_table() -> None:
    assert [p.slug for p in catalogue()] == [row.slug for row in TABLE]
    assert [p.order for p in catalogue()] == list(range(1, 18))


@each_row
def test_a_programme_bears_the_names_of_its_row(row: Row) -> None:
    programme = CATALOGUE[row.slug]
    assert (programme.name, programme.name_ko) == (row.name, row.name_ko)
    assert programme.group == row.group


@each_row
def test_a_programme_has_exactly_the_ceilings_of_its_row(row: Row) -> None:
    caps = CATALOGUE[row.slug].terms.caps
    assert {(cap.per, cap.amount, cap.bound) for cap in caps} == row.caps


@each_row
def test_a_programme_pays_the_share_that_its_row_gives_to_each_size(row: Row) -> None:
    terms = CATALOGUE[row.slug].terms
    rates = {size: terms.rate_for(size) for size in SIZES}
    assert {size: (rate.percent, rate.bound) for size, rate in rates.items() if rate} == row.ratio
    assert isinstance(terms.ratio, RateBySize if row.slug in RESEARCH else Rate)


@each_row
def test_a_programme_asks_for_as_many_companies_as_its_row(row: Row) -> None:
    assert CATALOGUE[row.slug].terms.min_companies == row.companies


@each_row
def test_a_programme_pays_for_the_costs_of_its_row_and_no_others(row: Row) -> None:
    terms = CATALOGUE[row.slug].terms
    assert set(terms.eligible) == row.eligible
    assert set(terms.excluded) == row.excluded
    every_category = {category for each in TABLE for category in each.eligible | each.excluded}
    assert {category for category in every_category if terms.pays_for(category)} == row.eligible


@each_programme
def test_only_the_property_rights_work_by_case(programme: Programme) -> None:
    assert programme.terms.by_case == (programme.group == RIGHTS)


@each_programme
def test_the_first_edition_holds_from_2005_names_its_source_and_allows_full_advances(
    programme: Programme,
) -> None:
    assert programme.holds_from == "2005-01-01"
    assert programme.terms.source == SOURCE
    assert programme.terms.advance_percent == 100


def test_the_programmes_of_a_group_stand_together_under_one_korean_name() -> None:
    groups = [(p.group, p.group_ko) for p in catalogue()]
    runs = [pair for place, pair in enumerate(groups) if place == 0 or groups[place - 1] != pair]
    assert len(runs) == len(dict(runs)) == 8


# The catalogue says how the table was read.


@each_programme
def test_a_programme_explains_itself_in_whole_sentences(programme: Programme) -> None:
    sentences = programme.notes + programme.assumed
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)
    assert programme.notes


@each_programme
@pytest.mark.parametrize(
    "topic", ["Universities", "Local share", "net of VAT", "in advance", "2005-01-01"]
)
def test_what_the_table_leaves_open_is_marked_as_assumed(programme: Programme, topic: str) -> None:
    assert any(topic in sentence for sentence in programme.assumed)


@each_programme
def test_no_reading_of_a_translation_passes_for_the_tables_own_words(programme: Programme) -> None:
    """That "less than" is strict, and that costs count without VAT, the table does not settle."""
    assert not any("strict" in note or "net of VAT" in note for note in programme.notes)
    strict = any("taken as strict" in sentence for sentence in programme.assumed)
    bounds = {cap.bound for cap in programme.terms.caps}
    assert strict == (bounds == {"lt"}) == (programme.slug in RESEARCH)


@each_programme
def test_the_two_ceilings_are_marked_as_assumed_where_there_are_two(programme: Programme) -> None:
    says_so = any("the grant's year" in sentence for sentence in programme.assumed)
    assert says_so == (len(programme.terms.caps) == 2) == (programme.slug in RESEARCH)


@each_programme
def test_only_the_international_patent_lacks_its_or_less(programme: Programme) -> None:
    says_so = any('missing "or less"' in sentence for sentence in programme.assumed)
    assert says_so == (programme.slug == "international_patent")


def test_a_file_is_named_after_its_programme_and_opens_with_a_line_on_what_it_is() -> None:
    files = sorted((resources.files("ledger") / "programmes").iterdir(), key=lambda f: f.name)
    assert [file.name for file in files] == sorted(f"{row.slug}.toml" for row in TABLE)
    for file in files:
        text = file.read_text("utf-8")
        assert file.name == f"{tomllib.loads(text)['slug']}.toml"
        assert text.startswith(f"# {CATALOGUE[file.name.removesuffix('.toml')].name}: ")


@each_programme
def test_a_programme_is_the_same_after_a_journey_through_json(programme: Programme) -> None:
    assert Programme.model_validate_json(programme.model_dump_json()) == programme


# Bounds keep their kind, to the last won.


@pytest.mark.parametrize(
    ("slug", "largest"),
    [
        ("field_customised", 199_999_999),
        ("transferred_technology", 199_999_999),
        ("leading_industry", 399_999_999),
        ("smart_manufacturing", 399_999_999),
        ("prototype", 20_000_000),
        ("domestic_patent", 2_000_000),
        ("international_patent", 7_000_000),
        ("training", 50_000_000),
    ],
)
def test_less_than_stops_one_won_short_and_or_less_does_not(slug: str, largest: int) -> None:
    assert {cap.largest for cap in CATALOGUE[slug].terms.caps} == {largest}


@pytest.mark.parametrize(
    ("percent", "bound", "total_cost", "largest"),
    [
        (75, "lt", 100, 74),
        (75, "lt", 101, 75),
        (75, "lt", 4, 2),
        (75, "lt", 1, 0),
        (60, "lt", 10_000_000, 5_999_999),
        (33, "lt", 100, 32),
        (33, "lt", 10_000_001, 3_300_000),
        (60, "le", 10_000_000, 6_000_000),
        (60, "le", 10_000_001, 6_000_000),
        (60, "le", 10_000_002, 6_000_001),
        (70, "le", 2_857_142, 1_999_999),
        (70, "le", 2_857_143, 2_000_000),
        (80, "le", 62_500_000, 50_000_000),
        (100, "le", 1, 1),
        (0, "lt", 100, 0),
        (75, "lt", 0, 0),
        (75, "lt", LIMIT - 1, 749_999_999_999_999),
        (75, "le", LIMIT - 1, 749_999_999_999_999),
    ],
)
def test_a_rate_is_exact_to_the_won(
    percent: int, bound: Bound, total_cost: int, largest: int
) -> None:
    assert Rate(percent=percent, bound=bound).largest(total_cost) == largest


percents = st.integers(0, 100)
totals = st.integers(0, LIMIT - 1)


@given(percents, totals)
def test_or_less_allows_the_greatest_subsidy_within_the_share(percent: int, total: int) -> None:
    largest = Rate(percent=percent, bound="le").largest(total)
    assert largest * 100 <= total * percent < (largest + 1) * 100


@given(percents, totals)
def test_less_than_allows_the_greatest_subsidy_below_the_share(percent: int, total: int) -> None:
    largest = Rate(percent=percent, bound="lt").largest(total)
    assert largest == 0 or largest * 100 < total * percent
    assert (largest + 1) * 100 >= total * percent


@given(st.integers(1, LIMIT - 1))
def test_the_two_kinds_of_ceiling_lie_one_won_apart(amount: int) -> None:
    strict = Ceiling(per="case", amount=amount, bound="lt").largest
    inclusive = Ceiling(per="case", amount=amount, bound="le").largest
    assert (strict, inclusive) == (amount - 1, amount)


@each_programme
def test_a_party_without_a_size_has_no_rate_even_where_one_rate_is_for_all(
    programme: Programme,
) -> None:
    assert programme.terms.rate_for(None) is None


def test_a_size_that_the_terms_do_not_name_has_no_rate() -> None:
    terms = CATALOGUE["field_customised"].terms
    sme_only = terms.model_copy(update={"ratio": RateBySize(sme=Rate(percent=75, bound="lt"))})
    assert sme_only.rate_for("sme") == Rate(percent=75, bound="lt")
    assert sme_only.rate_for("large") is None


def test_two_ceilings_on_the_same_thing_are_refused() -> None:
    whole = CATALOGUE["prototype"].terms.model_dump()
    with pytest.raises(ValueError, match="two-ceilings"):
        Terms.model_validate({**whole, "caps": [*whole["caps"], *whole["caps"]]})
