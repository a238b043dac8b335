"""`reverse`: a wrong entry is turned round, on a day of its own and by another person."""

from __future__ import annotations

import pytest

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    KIM,
    LEE,
    PARK,
    Step,
    accept,
    accepted,
    allocate,
    applied,
    approve,
    approved,
    cancelled,
    carried_over,
    claim,
    claimed,
    closed,
    item,
    line,
    opened,
    ordered_back,
    paid,
    pay,
    received_back,
    reopened,
    returned,
    reverse,
    reversed_,
    revised,
    sum_of,
)

BEGINNING = (approved(10_000_000), paid(4_000_000), accepted(2_000_000))
"""6 million committed, 3 advanced, 1 spent."""


@pytest.mark.parametrize(
    ("entry", "kind", "moved"),
    [
        (pay(1_000, on="2025-08-01"), "disbursed", {"committed": 1_000, "advanced": -1_000}),
        (returned(500, interest=7), "funds-returned", {"returned": -500, "advanced": 500}),
        (carried_over(900), "carried-over", {"carried": -900, "committed": 900}),
        (
            ordered_back(3_000_001),
            "recovery-ordered",
            {"due": -3_000_001, "advanced": 3_000_000, "spent": 1},
        ),
    ],
    ids=["disbursed", "funds-returned", "carried-over", "recovery-ordered"],
)
def test_an_entry_is_turned_round_and_everything_is_as_before(
    given: Given, entry: Step, kind: str, moved: dict[str, int]
) -> None:
    story = given(*BEGINNING)
    before = story.line()
    story.given(entry.but(id="wrong"))
    outcome = story.when(reverse("wrong"))
    outcome.then("entry-reversed", grant="G1", entry=outcome.size, entry_kind=kind)
    outcome.moved(**moved, **({"interest": -7} if kind == "funds-returned" else {}))
    assert story.line() == before
    story.when(reverse("wrong")).refused("not-reversible", says=(str(outcome.size),))


def test_a_reversed_acceptance_leaves_the_claim_undecided(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(1_000_000),
        claimed(item(2_000_000, evidence="A"), item(4_000_000, evidence="B")),
        accept(disallow=("A",)).but(id="A1"),
    )
    outcome = story.when(reverse("A1"))
    outcome.then("entry-reversed", entry_kind="claim-accepted", claim="C1", bank_ref=None)
    outcome.moved(spent=-1_000_000, advanced=1_000_000, payable=-1_000_000, committed=1_000_000)
    story.when(accept(on="2025-12-16")).then("claim-accepted", earned=3_000_000)


def test_a_reversed_recovery_is_due_again_with_its_interest_taken_back(given: Given) -> None:
    story = given(*BEGINNING, ordered_back(2_000), received_back(1_500, interest=9).but(id="R1"))
    outcome = story.when(reverse("R1"))
    at = {"company": HANBIT, "year": 2025}
    outcome.then(
        "entry-reversed",
        entry_kind="recovery-received",
        moves=[at | {"source": "recovered", "target": "due", "amount": 1_500}],
        interest_back=at | {"amount": 9},
        reason="입력 오류",
    )
    outcome.moved(recovered=-1_500, due=1_500, interest=-9)


def test_an_acceptance_that_earned_nothing_is_reversed_too(given: Given) -> None:
    story = given(
        approved(10_000),
        claimed(item(1, evidence="A"), claim="C1"),
        accept("C1", disallow=("A",)).but(id="A1"),
    )
    story.when(reverse("A1")).then("entry-reversed", moves=[], claim="C1").moved()
    story.when(claim(item(1, evidence="A"), claim="C2")).refused("duplicate-evidence")


def test_interest_alone_is_taken_back_too(given: Given) -> None:
    story = given(*BEGINNING, returned(0, interest=9).but(id="R1"))
    story.when(reverse("R1")).moved(interest=-9)


def test_an_entry_is_named_by_its_position_or_its_command(given: Given) -> None:
    story = given(*BEGINNING, pay(1_000, on="2025-08-01").but(id="P2"))
    position = story.size
    story.when(reverse("P2").but(event=position)).refused("invalid")
    story.when(reverse()).refused("invalid")
    story.when(reverse("P9")).refused("unknown", says=("P9",))
    story.when(reverse(event=position + 1)).refused("unknown", says=(str(position + 1),))
    story.when(reverse(event=0)).refused("invalid", says=("event",))
    story.when(reverse(event=position)).then("entry-reversed", entry=position)


def test_only_entries_of_six_kinds_are_reversed_and_never_a_reversal(given: Given) -> None:
    story = given(
        applied(10_000, on="2025-02-01").but(id="apply"),
        opened().but(id="open"),
        allocate(50_000).but(id="budget"),
        approve(10_000).but(id="approve"),
        claim(1_000).but(id="claim"),
        pay(1_000).but(id="pay"),
        reversed_("pay").but(id="reverse"),
    )
    for other in ("apply", "open", "budget", "approve", "claim", "reverse"):
        story.when(reverse(other, on="2025-12-16")).refused("not-reversible")


def test_it_takes_another_person_than_the_entry(given: Given) -> None:
    story = given(*BEGINNING, pay(1_000, on="2025-08-01", by=KIM).but(id="P2"))
    story.when(reverse("P2", by=KIM)).refused("four-eyes", says=(KIM,))
    story.when(reverse("P2", by=LEE)).recorded()


def test_it_is_dated_after_the_entry_in_an_open_year(given: Given) -> None:
    story = given(*BEGINNING, pay(1_000, on="2025-08-01").but(id="P2"))
    story.when(reverse("P2", on="2025-07-31")).refused("out-of-order", says=("2025-08-01",))
    story.when(reverse("P2", on=FUTURE)).refused("future-dated")
    story.when(reverse("P2", on="2026-01-02")).refused("year-not-open")
    story.given(opened(2026), closed(2025))
    story.when(reverse("P2")).refused("year-closed")
    story.when(reverse("P2", on="2026-02-01")).recorded()


def test_what_has_moved_on_is_not_taken_back(given: Given) -> None:
    story = given(approved(10_000), paid(4_000).but(id="P1"), accepted(2_000).but(id="A1"))
    story.when(reverse("P1")).refused("not-reversible", says=("advanced", "3,000", "1,000"))
    story.given(reversed_("A1"))
    story.when(reverse("P1")).recorded()


def test_evidence_that_was_disallowed_and_claimed_elsewhere_keeps_the_acceptance(
    given: Given,
) -> None:
    story = given(
        approved(10_000),
        claimed(item(1_000, evidence="A"), item(2_000, evidence="B")),
        accept(disallow=("A",)).but(id="A1"),
        claimed(item(1_000, evidence="a"), claim="C2", on="2025-07-01"),
    )
    story.when(reverse("A1")).refused("not-reversible", says=("A", "C2"))
    story.given(accept("C2", disallow=("A",), on="2025-07-01"))
    story.when(reverse("A1")).recorded()


def test_money_of_a_year_that_closed_since_goes_to_lapsed(given: Given) -> None:
    story = given(
        approved(10_000), paid(4_000).but(id="P1"), accepted(10_000).but(id="A1"), opened(2026)
    )
    story.given(closed(2025))
    on = "2026-02-01"
    outcome = story.when(reverse("A1", on=on))
    outcome.moved(spent=-4_000, advanced=4_000, payable=-1_000, lapsed=1_000)
    story.when(reverse("P1", on=on)).moved(advanced=-4_000, lapsed=4_000)
    assert story.line() == {"lapsed": 10_000}


def test_a_carry_over_reversed_after_the_close_lapses(given: Given) -> None:
    story = given(approved(10_000), carried_over(4_000).but(id="K1"), opened(2026), closed(2025))
    story.when(reverse("K1", on="2026-02-01")).moved(carried=-4_000, lapsed=4_000)


def test_carried_money_comes_back_until_the_following_year_is_closed_too(given: Given) -> None:
    at = {"year": 2024}
    story = given(
        approved(line(10_000, **at)),
        carried_over(8_000, **at),
        closed(2024),
        opened(2025),
        paid(3_000, on="2025-03-01", **at).but(id="P1"),
        paid(2_000, on="2025-03-02", **at).but(id="P2"),
    )
    story.when(reverse("P1", on="2025-04-01")).moved(advanced=-3_000, carried=3_000)
    story.given(opened(2026), closed(2025))
    story.when(reverse("P2", on="2026-02-01")).moved(advanced=-2_000, lapsed=2_000)


def test_a_bank_reference_is_free_again(given: Given) -> None:
    story = given(*BEGINNING, returned(1_000, bank_ref="KB-9").but(id="R1"))
    story.when(reverse("R1")).then("entry-reversed", bank_ref="KB-9")
    story.when(returned(1_000, bank_ref="kb-9", on="2025-12-16")).recorded()


def test_on_a_cancelled_grant_only_returns_and_recoveries_are_reversed(given: Given) -> None:
    story = given(
        approved(10_000),
        paid(4_000).but(id="P1"),
        accepted(2_000).but(id="A1"),
        carried_over(500).but(id="K1"),
        returned(1_000).but(id="R1"),
        ordered_back(500).but(id="O1"),
        cancelled(sum_of(1_000)).but(id="X1"),
    )
    for other in ("P1", "A1", "K1"):
        story.when(reverse(other)).refused("not-reversible", says=("G1", "cancelled"))
    story.when(reverse("X1")).refused("not-reversible")
    story.when(reverse("R1")).moved(returned=-1_000, advanced=1_000)
    story.when(reverse("O1")).moved(due=-500, advanced=500)


def test_what_comes_back_into_use_must_fit_under_the_annual_cap(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(10_000_000),
        returned(4_000_000).but(id="R1"),
        applied(14_000_000, grant="G2"),
        approve(line(14_000_000), grant="G2", on="2025-07-02"),
    )
    story.when(reverse("R1")).refused(
        "annual-cap",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=20_000_000,
        used=20_000_000,
        asked=4_000_000,
        fits=0,
        says=(HANBIT, "2025", "Prototype production"),
    )
    story.given(cancelled(grant="G2"))
    story.when(reverse("R1", on="2025-12-01")).recorded()


def test_what_comes_back_into_use_must_fit_under_the_case_cap_of_its_day(given: Given) -> None:
    patent = "domestic_patent"
    lower = [{"per": "case", "amount": 1_000_000, "bound": "lt"}]
    story = given(
        approved(line(2_000_000, case="P-1"), programme=patent),
        paid(1_500_000, case="P-1"),
        returned(1_000_000, case="P-1").but(id="R1"),
        revised(patent, on="2025-12-15", caps=lower),
    )
    story.when(reverse("R1")).refused(
        "case-cap", limit=999_999, used=1_000_000, asked=1_000_000, fits=0
    )
    story.when(reverse("R1", on="2025-12-14")).recorded()


def test_a_late_reversal_may_not_leave_a_day_below_zero(given: Given) -> None:
    """The advance was discharged in between, and came back only on 1 December."""
    story = given(
        approved(10_000),
        paid(4_000).but(id="P1"),
        accepted(8_000).but(id="A1"),
        reversed_("A1", on="2025-12-01"),
    )
    story.when(reverse("P1", on="2025-11-30")).refused(
        "out-of-order", limit=0, used=0, asked=4_000, fits=0, says=("advanced",)
    )
    story.when(reverse("P1", on="2025-12-01")).recorded()


def test_an_order_over_several_lines_is_turned_round_on_each(given: Given) -> None:
    story = given(
        approved(10_000, line(10_000, company=DAON)),
        paid(1_000),
        paid(2_000, company=DAON),
        ordered_back(sum_of(1_000), sum_of(2_000, company=DAON)).but(id="O1"),
    )
    outcome = story.when(reverse("O1", by=PARK))
    ((_, data),) = outcome.recorded().parts()
    assert {one["company"]: one["amount"] for one in data["moves"]} == {HANBIT: 1_000, DAON: 2_000}
    outcome.moved(due=-3_000, advanced=3_000)


def test_that_a_reversal_lets_money_lapse_is_said(given: Given) -> None:
    """Reversed first and the year reopened afterwards, the money stays lapsed."""
    story = given(approved(10_000), paid(4_000).but(id="P1"), opened(2026), closed())
    story.when(reverse("P1", on="2026-02-01")).warned("to-lapsed", amount=4_000)
    story.given(reopened())
    assert story.line() == {"committed": 6_000, "lapsed": 4_000}


def test_once_the_year_is_reopened_a_reversal_gives_the_money_back(given: Given) -> None:
    story = given(approved(10_000), paid(4_000).but(id="P1"), opened(2026), closed(), reopened())
    story.when(reverse("P1", on="2026-02-16")).warned()
    assert story.line() == {"committed": 10_000}


def test_the_right_payment_is_recorded_once_the_wrong_one_is_reversed_on_its_day(
    given: Given,
) -> None:
    story = given(approved(10_000), paid(10_000).but(id="wrong"), reversed_("wrong"))
    story.when(pay(10_000)).refused("out-of-order", limit=0, asked=10_000)
    story.given(paid(10_000, on="2025-12-15").but(id="late"), reversed_("late", on="2025-12-15"))
    story.when(pay(10_000, on="2025-12-15")).recorded()
