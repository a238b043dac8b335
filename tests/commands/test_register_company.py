"""`register_company`: who is in the register, and as what."""

from __future__ import annotations

from tests.given import Given
from tests.steps import DAON, FUTURE, HANBIT, NURI, register, registered


def test_a_company_enters_the_register_with_its_size(given: Given) -> None:
    outcome = given().when(register(DAON, on="1999-05-03", mini_cluster="구미 IT부품"))
    outcome.then(
        "company-registered",
        business_number=DAON,
        name="다온소재",
        party_type="company",
        size="sme",
        mini_cluster="구미 IT부품",
    )
    outcome.moved().warned()


def test_a_number_is_accepted_without_hyphens_and_kept_with_them(given: Given) -> None:
    bare = register(HANBIT).but(business_number=f" {HANBIT.replace('-', '')} ")
    story = given()
    story.when(bare).then("company-registered", business_number=HANBIT)
    story.when(register(HANBIT)).refused("already-exists", says=(HANBIT,))
    story.when(bare.but(name="다른 이름")).refused("already-exists")


def test_a_wrong_check_digit_is_a_warning_and_no_refusal(given: Given) -> None:
    story = given()
    mistyped = register("609-86-00006", name="한빛정밀", party_type="company", size="sme")
    story.when(mistyped).then("company-registered").warned(
        "check-digit", business_number="609-86-00006"
    )
    story.when(register(DAON)).recorded().warned()


def test_companies_have_a_size_and_the_others_have_none(given: Given) -> None:
    story = given()
    story.when(register(HANBIT).without("size")).refused("invalid")
    story.when(register(NURI, size="sme")).refused("invalid")
    story.when(register(HANBIT).but(size="tiny")).refused("invalid", says=("size",))
    story.when(register(HANBIT).but(party_type="person")).refused("invalid", says=("party_type",))
    story.when(register(NURI)).then("company-registered", party_type="university", size=None)


def test_nobody_is_registered_in_the_future(given: Given) -> None:
    given().when(register(on=FUTURE)).refused("future-dated", says=(FUTURE,))


def test_who_is_registered_already_is_so_whatever_day_is_given(given: Given) -> None:
    given(registered(on="2025-06-01")).when(register(on="2024-01-01")).refused("already-exists")
