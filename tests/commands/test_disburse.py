"""`disburse`: what is owed is paid first, the rest is an advance out of committed, then carried."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accepted,
    amended,
    applied,
    approved,
    cancelled,
    carried_over,
    closed,
    draws,
    excluded,
    line,
    opened,
    ordered_back,
    paid,
    pay,
    received_back,
    returned,
    reversed_,
    revised,
    settled,
)


def test_a_payment_in_advance_comes_out_of_the_award(given: Given) -> None:
    outcome = given(approved(10_000_000)).when(pay(4_000_000, bank_ref="KB-1"))
    outcome.then(
        "disbursed",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        amount=4_000_000,
        draws=draws(committed=4_000_000),
        bank_ref="KB-1",
    )
    outcome.moved(committed=-4_000_000, advanced=4_000_000)


def test_a_payment_settles_what_is_owed_before_it_advances(given: Given) -> None:
    story = given(
        approved(10_000_000), accepted(8_000_000), carried_over(5_000_000, on="2025-07-01")
    )
    outcome = story.when(pay(7_000_000, on="2025-08-01"))
    outcome.then(
        "disbursed", draws=draws(payable=4_000_000, committed=1_000_000, carried=2_000_000)
    )
    outcome.moved(
        payable=-4_000_000,
        spent=4_000_000,
        committed=-1_000_000,
        carried=-2_000_000,
        advanced=3_000_000,
    )


def test_a_payment_over_the_award_is_refused_and_says_what_fits(given: Given) -> None:
    story = given(approved(10_000_000), paid(9_000_000))
    story.when(pay(2_000_000)).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=1_000_000,
        used=0,
        asked=2_000_000,
        fits=1_000_000,
        says=(HANBIT, "2025", "10,000,000", "2,000,000", "1,000,000 won would fit"),
    )
    story.when(pay(1_000_000)).moved(committed=-1_000_000, advanced=1_000_000)
    story.when(pay(1)).refused("within-award", limit=0, used=0, asked=1, fits=0)


def test_in_the_following_year_only_what_was_carried_over_is_paid(given: Given) -> None:
    story = given(approved(10_000_000), carried_over(4_000_000), opened(2026))
    story.when(pay(4_000_001, on="2026-01-01")).refused("within-award", limit=4_000_000)
    story.when(pay(4_000_000, on="2026-01-01")).then("disbursed", draws=draws(carried=4_000_000))
    story.when(pay(1, on="2025-12-31")).then("disbursed", draws=draws(committed=1))
    story.when(pay(1, on="2026-01-01")).refused(
        "year-mismatch", says=("2025", "carry it over first")
    )


def test_a_year_later_a_line_that_holds_nothing_more_is_out_of_its_years(given: Given) -> None:
    story = given(approved(10_000), paid(10_000), opened(2026))
    story.when(pay(1, on="2025-12-31")).refused("within-award")
    story.when(pay(1, on="2026-01-01")).refused("year-mismatch", says=("2025", "payable"))


def test_two_years_later_nothing_is_paid_but_what_is_owed(given: Given) -> None:
    at = {"year": 2024}
    story = given(
        approved(line(10_000_000, **at)),
        accepted(2_000_000, **at),
        carried_over(4_000_000, **at),
        opened(2025),
        opened(2026),
    )
    story.when(pay(1_000_001, on="2026-02-01", **at)).refused("within-award", fits=1_000_000)
    story.when(pay(1_000_000, on="2026-02-01", **at)).then(
        "disbursed", draws=draws(payable=1_000_000)
    )
    story.when(pay(1, on="2026-02-01", **at)).refused("year-mismatch", says=("2024",))


def test_what_is_payable_is_paid_after_its_year_closed(given: Given) -> None:
    story = given(approved(10_000_000), accepted(2_000_000), opened(2026), closed(2025))
    story.when(pay(1_000_000, on="2025-12-31")).refused("year-closed", says=("2026-01-31",))
    story.when(pay(1_000_000, on="2026-02-01")).moved(payable=-1_000_000, spent=1_000_000)


def test_an_advance_stays_within_its_share_of_the_award(given: Given) -> None:
    story = given(revised(on="2025-01-01", advance_percent=33), approved(10_000_001))
    story.when(pay(3_300_001)).refused(
        "advance-limit",
        limit=3_300_000,
        used=0,
        asked=3_300_001,
        fits=3_300_000,
        says=(HANBIT, "2025", "33 %", "10,000,001", "3,300,000"),
    )
    story.when(pay(3_000_000)).recorded()
    story.when(pay(300_001)).refused("advance-limit", used=3_000_000, asked=300_001, fits=300_000)
    story.given(returned(1_000_000, on="2025-04-01"))
    story.when(pay(1_300_001)).refused("advance-limit", used=2_000_000, fits=1_300_000)
    story.when(pay(1_300_000)).recorded()


def test_what_is_owed_is_no_advance(given: Given) -> None:
    story = given(
        revised(on="2025-01-01", advance_percent=0), approved(10_000_000), accepted(8_000_000)
    )
    story.when(pay(4_000_001, on="2025-07-01")).refused(
        "advance-limit", limit=0, used=0, asked=1, fits=4_000_000
    )
    story.when(pay(4_000_000, on="2025-07-01")).moved(payable=-4_000_000, spent=4_000_000)


def test_an_excluded_company_gets_what_is_owed_and_nothing_else(given: Given) -> None:
    story = given(
        approved(10_000_000), accepted(8_000_000), excluded(on="2025-07-01", until="2025-07-31")
    )
    story.when(pay(4_000_001, on="2025-07-01")).refused("company-excluded", says=(HANBIT,))
    story.when(pay(4_000_000, on="2025-07-01")).recorded()
    story.when(pay(1, on="2025-07-31")).refused("company-excluded")
    story.when(pay(1, on="2025-08-01")).recorded()


def test_a_bank_reference_stands_for_one_entry_in_the_whole_ledger(given: Given) -> None:
    story = given(
        approved(10_000_000),
        approved(line(1_000_000, company=DAON), grant="G2"),
        paid(5_000_000, bank_ref="kb-7"),
        returned(1_000, bank_ref="KB-8"),
        ordered_back(2_000),
        received_back(2_000, bank_ref="KB-9"),
    )
    for taken in (" KB-7 ", "kb-7", "KB 7", "kb–7", "ｋｂ_7", "kb-8", "Kb-9"):
        story.when(pay(1, company=DAON, grant="G2", bank_ref=taken)).refused(
            "duplicate-payment", says=(taken.strip(),)
        )
    story.when(pay(1, company=DAON, grant="G2", bank_ref="KB7")).recorded()


def test_the_bank_reference_of_a_reversed_payment_may_be_used_again(given: Given) -> None:
    story = given(approved(10_000_000), paid(1_000, bank_ref="KB-7").but(id="P1"), reversed_("P1"))
    story.when(pay(1_000, bank_ref="KB-7", on="2025-12-16")).recorded()
    story.when(pay(1_000, bank_ref="KB-7", on="2025-12-16")).refused("duplicate-payment")


def test_a_payment_is_made_on_an_approved_line_of_a_running_grant(given: Given) -> None:
    story = given(
        applied(1_000, line(1_000, company=DAON)),
        approved(1_000),
        applied(1_000, grant="G2"),
        approved(1_000, grant="G3"),
        settled("G3", on="2025-03-01"),
        approved(1_000, grant="G4"),
        cancelled(grant="G4", on="2025-03-01"),
    )
    story.when(pay(1, company=DAON)).refused("wrong-status", says=(DAON,))
    story.when(pay(1, year=2026, on="2025-04-01")).refused("unknown")
    story.when(pay(1, case="P-1")).refused("unknown", says=("P-1",))
    for grant, status in (("G2", "applied"), ("G3", "settled"), ("G4", "cancelled")):
        story.when(pay(1, grant=grant)).refused("wrong-status", says=(grant, status))
    story.when(pay(1, grant="G9")).refused("unknown")


def test_a_payment_is_dated_after_the_approval_in_an_open_year(given: Given) -> None:
    story = given(approved(1_000))
    story.when(pay(1, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(pay(1, on="2024-12-31")).refused("year-not-open", says=("2024",))
    story.when(pay(1, on="2026-01-01")).refused("year-not-open", says=("2026",))
    story.when(pay(1, on=FUTURE)).refused("future-dated")
    story.when(pay(1, on="2025-03-01")).recorded()


def test_a_late_payment_may_not_overdraw_any_day_since(given: Given) -> None:
    """The award was 4 million until it was raised on 1 August."""
    story = given(applied(10_000_000), approved(4_000_000), amended(10_000_000))
    story.when(pay(5_000_000, on="2025-07-31")).refused(
        "out-of-order",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=4_000_000,
        used=0,
        asked=5_000_000,
        fits=4_000_000,
        says=("2025-07-31", "committed"),
    )
    story.when(pay(4_000_000, on="2025-07-31")).recorded()
    story.when(pay(6_000_000, on="2025-08-01")).recorded()


def test_what_became_payable_later_is_not_paid_before(given: Given) -> None:
    story = given(approved(10_000_000), accepted(8_000_000))
    story.when(pay(1_000, on="2025-05-31")).refused("out-of-order", limit=0, asked=1_000, fits=0)
    story.when(pay(1_000, on="2025-06-01")).recorded()


def test_a_payment_partly_over_what_is_owed_is_recorded_with_a_warning(given: Given) -> None:
    story = given(approved(10_000_000), accepted(8_000_000))
    at = {"on": "2025-07-01"}
    story.when(pay(1_000_000, **at)).warned()
    story.when(pay(3_000_001, **at)).warned("part-advance", payable=3_000_000, advance=1)
    story.when(pay(1_000_000, **at)).warned()


def test_a_duplicate_computes_no_warning(given: Given) -> None:
    story = given(approved(10_000_000), accepted(8_000_000))
    asked = pay(5_000_000, on="2025-07-01").but(id="P1")
    first = story.when(asked).warned("part-advance", payable=4_000_000, advance=1_000_000)
    again = story.when(asked).duplicate(first.receipt)
    assert again.receipt.as_json()["warnings"] == []
