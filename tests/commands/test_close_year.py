"""`close_year`: what is left of a year lapses, and what was carried over into it."""

from __future__ import annotations

from commands.execute import dry_run, execute, execute_all
from ledger.names import SCHEDULER
from tests.given import Given, Outcome, data_of
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    accept,
    accepted,
    allocate,
    amended,
    applied,
    approve,
    approved,
    budgeted,
    cancelled,
    carried_over,
    claim,
    claimed,
    close_year,
    closed,
    item,
    line,
    open_year,
    opened,
    ordered_back,
    paid,
    received_back,
    reopen_year,
    reopened,
    returned,
    reversed_,
)


def test_what_is_left_lapses_and_the_totals_are_recorded(given: Given) -> None:
    story = given(
        budgeted(50_000_000),
        approved(10_000_000),
        paid(3_000_000),
        approved(line(20_000_000, company=DAON), grant="G2"),
        carried_over(5_000_000, company=DAON, grant="G2"),
    )
    outcome = story.when(close_year())
    outcome.then("year-closed", year=2025)
    outcome.moved(committed=-22_000_000, available=-20_000_000, lapsed=42_000_000)
    *lapsed, (_, year) = outcome.parts()
    at = {"programme": "prototype", "year": 2025, "bucket": "committed"}
    assert lapsed == [
        ("award-lapsed", at | {"grant": "G1", "company": HANBIT, "amount": 7_000_000}),
        ("award-lapsed", at | {"grant": "G2", "company": DAON, "amount": 15_000_000}),
        ("budget-lapsed", {"programme": "prototype", "year": 2025, "amount": 20_000_000}),
    ]
    (totals,) = year["totals"]
    assert {name: amount for name, amount in totals.items() if amount} == {
        "programme": "prototype",
        **story.budget(),
    }
    assert story.line() == {"advanced": 3_000_000, "lapsed": 7_000_000}
    assert story.line(DAON, grant="G2") == {"carried": 5_000_000, "lapsed": 15_000_000}


def test_what_was_carried_over_lapses_when_the_following_year_closes(given: Given) -> None:
    story = given(
        approved(line(10_000_000, year=2024)),
        carried_over(4_000_000, year=2024),
        closed(2024),
        opened(2025),
        paid(1_000_000, year=2024, on="2025-03-01"),
    )
    outcome = story.when(close_year(2025))
    outcome.then("year-closed", year=2025, totals=[])
    outcome.moved(carried=-3_000_000, lapsed=3_000_000)
    assert story.line(year=2024) == {"advanced": 1_000_000, "lapsed": 9_000_000}


def test_what_is_owed_or_spent_outlives_its_year(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(2_000_000),
        accepted(10_000_000),
        paid(1_000_000, on="2025-07-01"),
    )
    story.when(close_year()).moved(committed=-5_000_000, available=-990_000_000, lapsed=995_000_000)
    assert story.line() == {"payable": 2_000_000, "spent": 3_000_000, "lapsed": 5_000_000}


def test_a_year_without_anything_in_it_closes_with_one_event(given: Given) -> None:
    outcome = given(opened()).when(close_year())
    outcome.then("year-closed", totals=[]).moved()
    assert len(outcome.receipt.events) == 1


def test_a_year_closes_after_it_is_over_once_and_in_its_turn(given: Given) -> None:
    story = given(opened(2024), opened(2025))
    story.when(close_year(2023)).refused("year-not-open")
    story.when(close_year(2026)).refused("year-not-open", says=("2026",))
    story.when(close_year(2025)).refused("out-of-order", says=("2024",))
    story.when(close_year(2024, on="2024-12-31")).refused("out-of-order", says=("2024-12-31",))
    story.when(close_year(2024, on=FUTURE)).refused("future-dated")
    story.when(close_year(2024, on="2025-01-01")).recorded()
    story.when(close_year(2024)).refused("wrong-status", says=("2025-01-01",))
    story.when(close_year(2025)).recorded()


def test_the_current_year_is_not_over(given: Given) -> None:
    story = given(opened())
    story.when(open_year(2026)).recorded()
    story.given(closed(2025))
    story.when(close_year(2026, on="2026-01-31")).refused("out-of-order")


def test_money_that_came_back_later_cannot_lapse_before(given: Given) -> None:
    """The award was lowered on 10 February: on 31 January it was not available yet."""
    story = given(
        budgeted(10_000_000),
        approved(10_000_000),
        open_year(2026),
        amended(4_000_000, on="2026-02-10"),
    )
    story.when(close_year()).refused(
        "out-of-order", line=None, limit=0, used=0, asked=6_000_000, fits=0, says=("available",)
    )
    story.when(close_year(on="2026-02-10")).moved(
        committed=-4_000_000, available=-6_000_000, lapsed=10_000_000
    )


def test_an_acceptance_reversed_later_cannot_have_lapsed_before(given: Given) -> None:
    story = given(
        approved(10_000_000),
        accepted(8_000_000, on="2025-12-01"),
        opened(2026),
    )
    story.given(reversed_(event=story.size - 1, on="2026-02-10"))
    story.when(close_year()).refused(
        "out-of-order",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=6_000_000,
        used=0,
        asked=10_000_000,
        says=("committed", "2026-01-31"),
    )
    story.when(close_year(on="2026-02-10")).recorded()


def test_nothing_that_moves_money_may_be_dated_into_a_closed_year(given: Given) -> None:
    story = given(approved(10_000_000), applied(1_000_000, grant="G2"), claim(1_000), closed())
    story.when(allocate(1)).refused("year-closed")
    story.when(approve(grant="G2")).refused("year-closed", says=("2025", "2026-01-31"))
    for asked in (paid(1), claim(1_000, claim="C2"), carried_over(1), amended(9_000_000)):
        story.when(asked).refused("year-closed")


def test_a_budget_may_be_larger_than_any_amount(given: Given) -> None:
    """Amounts stay below 10^15 won; the sum of many of them need not."""
    story = given(allocate(10**15 - 1), allocate(10**15 - 1), opened(2026))
    story.when(close_year()).moved(available=2 - 2 * 10**15, lapsed=2 * 10**15 - 2)
    story.when(reopen_year()).moved(available=2 * 10**15 - 2, lapsed=2 - 2 * 10**15)


# ── the totals ───────────────────────────────────────────────────────────────────────────────


def totals_of(outcome: Outcome) -> dict[str, int]:
    """What the one programme's totals say, but for what is zero."""
    (totals,) = outcome.recorded().parts()[-1][1]["totals"]
    return {name: amount for name, amount in totals.items() if amount and name != "programme"}


def test_a_closing_dated_back_does_not_record_what_came_later_as_its_own(given: Given) -> None:
    """Money came back on 1 March; as of 31 January it was still advanced."""
    story = given(
        budgeted(30_000_000),
        approved(10_000_000),
        paid(6_000_000),
        opened(2026),
        returned(2_000_000, interest=500, on="2026-03-01"),
    )
    outcome = story.when(close_year(on="2026-01-31"))
    outcome.moved(available=-20_000_000, committed=-4_000_000, lapsed=24_000_000)
    assert totals_of(outcome) == {
        "budget": 30_000_000,
        "advanced": 6_000_000,
        "lapsed": 24_000_000,
    }
    assert totals_of(outcome) == story.budget(as_of="2026-01-31")
    assert story.budget()["returned"] == 2_000_000


def test_the_totals_of_a_closing_are_those_of_its_day_whatever_day_it_is(given: Given) -> None:
    """Returned on 1 March, ordered back on 1 April, received on 1 May, all before it closes."""
    story = given(
        budgeted(30_000_000),
        approved(10_000_000),
        paid(6_000_000),
        opened(2026),
        returned(2_000_000, on="2026-03-01"),
        ordered_back(3_000_000, on="2026-04-01"),
        received_back(1_000_000, on="2026-05-01"),
    )
    for place, (day, held) in enumerate(
        {
            "2026-01-01": {"advanced": 6_000_000},
            "2026-03-01": {"advanced": 4_000_000, "returned": 2_000_000},
            "2026-04-30": {"advanced": 1_000_000, "returned": 2_000_000, "due": 3_000_000},
            "2026-05-01": {
                "advanced": 1_000_000,
                "returned": 2_000_000,
                "due": 2_000_000,
                "recovered": 1_000_000,
            },
        }.items()
    ):
        closing = story.when(close_year(on=day, by=f"lee{place}"))
        told = totals_of(closing)
        assert told == {"budget": 30_000_000, "lapsed": 24_000_000} | held
        assert told == story.budget(as_of=day)
        reopening = story.when(reopen_year(on="2026-06-01"))
        assert reopening.parts()[-1][1]["counts_on"] == day
        told = totals_of(reopening)
        assert told == {"budget": 30_000_000, "available": 20_000_000} | held | {
            "committed": 4_000_000
        }
        assert told == story.budget(as_of=day)


def test_totals_count_what_came_before_them_in_the_same_file(given: Given) -> None:
    story = given(budgeted(30_000_000), approved(10_000_000), paid(6_000_000), opened(2026))
    returning = returned(2_000_000, on="2026-03-01")
    asked = [step.command for step in (returning, close_year(on="2026-01-31"), reopen_year())]
    *_, closing, reopening = execute_all(story.engine, asked)
    for receipt, held in (
        (closing, {"lapsed": 24_000_000}),
        (reopening, {"available": 20_000_000, "committed": 4_000_000}),
    ):
        (*_, entry) = story.entries(receipt.events)
        (totals,) = data_of(entry)["totals"]
        told = {name: amount for name, amount in totals.items() if amount}
        assert (
            told
            == {
                "programme": "prototype",
                "budget": 30_000_000,
                "advanced": 6_000_000,
            }
            | held
        )
    assert story.budget()["returned"] == 2_000_000


def test_a_claim_accepted_later_was_still_committed_on_the_closings_day(given: Given) -> None:
    story = given(
        budgeted(10_000_000),
        approved(10_000_000),
        claim(8_000_000, on="2025-12-01"),
        opened(2026),
        accept(on="2026-02-20"),
    )
    outcome = story.when(close_year(on="2026-01-31"))
    outcome.moved(committed=-6_000_000, lapsed=6_000_000)
    assert totals_of(outcome) == {
        "budget": 10_000_000,
        "committed": 4_000_000,
        "lapsed": 6_000_000,
    }
    assert totals_of(outcome) == story.budget(as_of="2026-01-31")


def test_the_scheduler_never_closes_a_year_that_was_reopened_whatever_it_has_read(
    given: Given,
) -> None:
    """It reads the years before it has the lock: a person may close and reopen in between."""
    story = given(budgeted(10_000_000), opened(2026))
    asked = {"command": "close_year", "id": "close-year:2025", "actor": SCHEDULER, "year": 2025}
    story.given(closed(), reopened())
    receipt = execute(story.engine, asked, via="scheduler")
    assert (receipt.status, receipt.rule) == ("refused", "wrong-status")
    assert "only a person closes it" in (receipt.message() or "")
    assert dry_run(story.engine, asked, via="scheduler").rule == "wrong-status"
    story.when(close_year(on="2026-03-01")).recorded()


def test_a_closing_under_undecided_claims_says_how_many_and_over_what(given: Given) -> None:
    """Of its own lines, and of last year's whose carried money lapses; not of others."""
    at = {"year": 2024}
    story = given(
        opened(2024),
        approved(line(10_000, **at)),
        carried_over(4_000, **at),
        claimed(10, claim="C0", **at),
        approved(line(10_000, company=DAON, **at), grant="G0"),
        claimed(100, claim="C00", company=DAON, grant="G0", **at),
        opened(2025),
        closed(2024),
        approved(5_000, grant="G2"),
        claimed(1_000, claim="C1", grant="G2"),
        claimed(item(2_000), item(3_000), claim="C2", grant="G2"),
        accepted(400, claim="C3", grant="G2"),
        approved(5_000, grant="G3"),
        claimed(10_000, claim="C4", grant="G3"),
        cancelled(grant="G3"),
        opened(2026),
    )
    story.when(close_year()).warned("claims-undecided", claims=3, supply=10 + 1_000 + 5_000)


def test_a_closing_with_every_claim_decided_says_nothing(given: Given) -> None:
    story = given(
        approved(5_000), accepted(400).but(id="A1"), opened(2026), reversed_("A1", on="2025-12-15")
    )
    story.when(close_year()).warned("claims-undecided", claims=1, supply=400)
    story.given(reopened(), accept(on="2026-02-16"))
    story.when(close_year(on="2026-02-17")).warned()
