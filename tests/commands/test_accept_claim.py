"""`accept_claim`: what a claim earns, and out of which bucket it comes."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    FUTURE,
    HANBIT,
    KIM,
    LEE,
    accept,
    accepted,
    amended,
    applied,
    approve,
    approved,
    budgeted,
    cancelled,
    carried_over,
    claim,
    claimed,
    closed,
    draws,
    excluded,
    item,
    line,
    opened,
    paid,
    returned,
    reversed_,
)


def test_in_arrears_what_was_earned_becomes_payable(given: Given) -> None:
    outcome = given(approved(10_000_000), claimed(6_000_000)).when(accept())
    outcome.then(
        "claim-accepted",
        claim="C1",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        accepted_cost=6_000_000,
        earned=3_000_000,
        draws=draws(committed=3_000_000),
        disallowed=[],
    )
    outcome.moved(committed=-3_000_000, payable=3_000_000)


def test_advances_are_discharged_before_anything_is_owed(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(2_000_000),
        carried_over(5_000_000, on="2025-04-02"),
        claimed(16_000_000),
    )
    outcome = story.when(accept())
    outcome.then(
        "claim-accepted",
        earned=8_000_000,
        draws=draws(advanced=2_000_000, committed=3_000_000, carried=3_000_000),
    )
    outcome.moved(
        advanced=-2_000_000,
        spent=2_000_000,
        committed=-3_000_000,
        carried=-3_000_000,
        payable=6_000_000,
    )


def test_what_is_earned_is_the_awards_share_of_the_cost_rounded_down_in_total(
    given: Given,
) -> None:
    """A third of each cost: 1 won earns 0, 2 more make 3 and earn 1, 5 more make 8 and earn 2."""
    story = given(
        applied(line(100, total_cost=300)),
        approved(100),
        claimed(1, claim="C1"),
        claimed(2, claim="C2"),
        claimed(5, claim="C3"),
        claimed(1, claim="C4"),
    )
    story.when(accept("C1")).then("claim-accepted", earned=0, draws=[]).moved()
    story.when(accept("C2")).then("claim-accepted", earned=1).moved(committed=-1, payable=1)
    story.when(accept("C3")).then("claim-accepted", earned=1).moved(committed=-1, payable=1)
    story.when(accept("C4")).then("claim-accepted", earned=1).moved(committed=-1, payable=1)


def test_never_more_than_the_award_is_earned(given: Given) -> None:
    story = given(approved(10_000_000), claimed(999_999_999), claimed(1_000, claim="C2"))
    story.when(accept()).then("claim-accepted", earned=10_000_000, accepted_cost=999_999_999)
    story.when(accept("C2")).then("claim-accepted", earned=0, accepted_cost=1_000).moved()


def test_an_award_lower_than_asked_earns_its_own_share_of_the_total_cost(given: Given) -> None:
    story = given(
        applied(line(10_000_000, total_cost=20_000_000)),
        budgeted(),
        approve(line(5_000_000)),
        claimed(10_000_000),
    )
    story.when(accept()).then("claim-accepted", earned=2_500_000)


def test_after_a_lowered_award_nothing_is_taken_back_and_nothing_is_earned_twice(
    given: Given,
) -> None:
    story = given(
        approved(10_000_000),
        accepted(16_000_000),
        amended(8_000_000),
        claimed(2_000_000, claim="C2", on="2025-08-02"),
    )
    story.when(accept("C2", on="2025-08-03")).then("claim-accepted", earned=0).moved()
    story.given(claimed(2_000_000, claim="C3", on="2025-08-04"))
    story.when(accept("C3", on="2025-08-04")).then("claim-accepted", earned=0).moved()


def test_what_is_earned_is_limited_to_what_the_line_still_holds(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(10_000_000),
        returned(4_000_000, on="2025-04-02"),
        claimed(20_000_000),
    )
    story.when(accept()).then("claim-accepted", earned=6_000_000).moved(
        advanced=-6_000_000, spent=6_000_000
    )


def test_disallowed_items_and_vat_earn_nothing(given: Given) -> None:
    story = given(
        approved(10_000_000),
        claimed(item(4_000_000, evidence="A", vat=400_000), item(2_000_000, evidence="B")),
    )
    story.when(accept(disallow=("C",))).refused("unknown", says=("C1", "C"))
    outcome = story.when(accept(disallow=(" b ",)))
    outcome.then(
        "claim-accepted",
        accepted_cost=4_000_000,
        earned=2_000_000,
        disallowed=[{"evidence": "B", "reason": "증빙 불비"}],
    )


def test_everything_may_be_disallowed_but_nothing_twice(given: Given) -> None:
    story = given(approved(10_000_000), claimed(item(4_000_000, evidence="A")))
    story.when(accept(disallow=("A", "a"))).refused("invalid", says=("disallow",))
    story.when(accept(disallow=("A",))).then("claim-accepted", accepted_cost=0, earned=0).moved()


def test_an_empty_list_of_disallowed_items_is_none(given: Given) -> None:
    story = given(approved(10_000_000), claimed(2_000))
    story.when(accept().but(disallow=[])).then("claim-accepted", earned=1_000)


def test_a_claim_dated_after_the_lines_year_takes_no_committed_money(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(1_000_000),
        carried_over(2_000_000),
        opened(2026),
        claimed(20_000_000, on="2026-01-05"),
    )
    story.when(accept(on="2026-01-06")).then(
        "claim-accepted", earned=3_000_000, draws=draws(advanced=1_000_000, carried=2_000_000)
    )
    assert story.line() == {"committed": 7_000_000, "spent": 1_000_000, "payable": 2_000_000}


def test_the_day_of_the_claim_decides_not_that_of_the_acceptance(given: Given) -> None:
    story = given(approved(10_000_000), opened(2026), claimed(20_000_000, on="2025-12-31"))
    story.when(accept(on="2026-02-01")).moved(committed=-10_000_000, payable=10_000_000)


def test_what_an_excluded_company_earned_is_owed(given: Given) -> None:
    story = given(approved(10_000_000), claimed(2_000), excluded(on="2025-05-02", until=FUTURE))
    story.when(accept()).moved(committed=-1_000, payable=1_000)


def test_a_claim_is_accepted_once_and_by_another_person(given: Given) -> None:
    story = given(approved(10_000_000), claimed(2_000, by=KIM))
    story.when(accept("C9")).refused("unknown", says=("C9",))
    story.when(accept(by=KIM)).refused("four-eyes", says=(KIM,))
    story.when(accept(by=LEE)).recorded()
    story.when(accept()).refused("wrong-status", says=("C1",))


def test_after_a_reversal_a_claim_is_accepted_anew(given: Given) -> None:
    story = given(
        approved(10_000_000),
        accepted(4_000_000).but(id="A1"),
        reversed_("A1"),
        claimed(2_000_000, claim="C2", on="2025-12-15"),
    )
    story.when(accept("C2", on="2025-12-16")).then("claim-accepted", earned=1_000_000)
    story.when(accept("C1", on="2025-12-16")).then("claim-accepted", earned=2_000_000)
    assert story.line() == {"committed": 7_000_000, "payable": 3_000_000}


def test_an_acceptance_is_dated_after_its_claim_in_an_open_year(given: Given) -> None:
    story = given(approved(10_000_000), claimed(2_000))
    story.when(accept(on="2025-04-30")).refused("out-of-order", says=("2025-05-01",))
    story.when(accept(on=FUTURE)).refused("future-dated")
    story.when(accept(on="2026-01-02")).refused("year-not-open")
    story.given(opened(2026), closed(2025))
    story.when(accept()).refused("year-closed")
    story.when(accept(on="2026-01-02")).then("claim-accepted", earned=0).moved()


def test_claims_of_a_cancelled_grant_are_not_accepted(given: Given) -> None:
    story = given(approved(10_000_000), claimed(2_000), cancelled())
    story.when(accept(on="2025-12-01")).refused("wrong-status", says=("G1", "cancelled"))


def test_a_late_acceptance_may_not_discharge_an_advance_that_was_not_there_yet(
    given: Given,
) -> None:
    """The advance was paid on 1 July; the draws are taken from what the line holds now."""
    story = given(approved(10_000_000), paid(5_000_000, on="2025-07-01"), claimed(4_000_000))
    story.when(accept(on="2025-06-30")).refused(
        "out-of-order",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=0,
        used=0,
        asked=2_000_000,
        fits=0,
        says=("advanced",),
    )
    story.when(accept(on="2025-07-01")).recorded()


def test_a_claim_of_a_case_earns_on_its_own_line(given: Given) -> None:
    patent = "domestic_patent"
    lines = line(1_000_000, case="P-1"), line(1_000_000, case="P-2")
    story = given(
        approved(*lines, programme=patent),
        claim(item(500_000, category="application_fee"), case="p1"),
    )
    story.when(accept()).then("claim-accepted", case="P-1", earned=250_000)
    assert story.line(case="P-2") == {"committed": 1_000_000}


def test_what_was_earned_but_has_lapsed_since_is_said(given: Given) -> None:
    """December's claim of 20 million, undecided when the year closed, accepted in March."""
    story = given(
        approved(20_000_000),
        claimed(20_000_000, on="2025-12-30"),
        opened(2026),
        closed(),
    )
    outcome = story.when(accept(on="2026-03-01"))
    outcome.then("claim-accepted", accepted_cost=20_000_000, earned=0, draws=[])
    outcome.warned("earned-less", earned=10_000_000, moved=0, lost=10_000_000)


def test_what_was_earned_in_part_beyond_an_advance_is_said(given: Given) -> None:
    story = given(
        approved(20_000_000), paid(4_000_000), claimed(20_000_000), opened(2026), closed()
    )
    story.when(accept(on="2026-03-01")).warned(
        "earned-less", earned=10_000_000, moved=4_000_000, lost=6_000_000
    )


def test_a_claim_dated_after_the_year_that_finds_nothing_carried_over_is_said(
    given: Given,
) -> None:
    story = given(approved(20_000_000), opened(2026), claimed(20_000_000, on="2026-01-02"))
    story.when(accept(on="2026-01-03")).warned(
        "earned-less", earned=10_000_000, moved=0, lost=10_000_000
    )


def test_an_acceptance_that_moves_what_it_earned_says_nothing(given: Given) -> None:
    story = given(approved(20_000_000), claimed(8_000_000), claimed(40_000_000, claim="C2"))
    story.when(accept()).warned()
    story.when(accept("C2")).warned()
