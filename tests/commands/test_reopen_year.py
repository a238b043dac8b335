"""`reopen_year`: a closing is turned round, on the closing's own day and by a second person."""

from __future__ import annotations

from freezegun import freeze_time

from commands.execute import execute_all
from ledger.names import SCHEDULER
from tests.given import Given, Story
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    LEE,
    PARK,
    accept,
    apply,
    approve,
    approved,
    budgeted,
    cancel,
    cancelled,
    carried_over,
    claimed,
    close_year,
    closed,
    line,
    opened,
    paid,
    pay,
    reopen_year,
    reopened,
    returned,
    reversed_,
    settle,
    settled,
)


def test_exactly_the_closings_flows_are_turned_round_on_its_day(given: Given) -> None:
    story = given(
        budgeted(50_000_000),
        approved(10_000_000),
        carried_over(4_000_000),
    )
    before = story.rows("line"), story.rows("programme")
    story.given(closed())
    outcome = story.when(reopen_year())
    outcome.then("year-reopened", year=2025, reason="지출 누락", counts_on="2026-01-31")
    outcome.moved(committed=6_000_000, available=40_000_000, lapsed=-46_000_000)
    *restored, (_, year) = outcome.parts()
    at = {"programme": "prototype", "year": 2025, "counts_on": "2026-01-31"}
    award = {"grant": "G1", "company": HANBIT, "bucket": "committed", "amount": 6_000_000}
    assert restored == [
        ("award-restored", at | award),
        ("budget-restored", at | {"amount": 40_000_000}),
    ]
    (totals,) = year["totals"]
    assert totals["available"] == 40_000_000
    assert totals["committed"] == 6_000_000
    assert (story.rows("line"), story.rows("programme")) == before
    assert story.line(as_of="2026-01-31") == {"committed": 6_000_000, "carried": 4_000_000}


def test_what_was_carried_into_the_year_comes_back_too(given: Given) -> None:
    story = given(
        approved(line(10_000_000, year=2024)),
        carried_over(4_000_000, year=2024),
        closed(2024),
        opened(2025),
        closed(2025),
    )
    story.when(reopen_year()).moved(carried=4_000_000, lapsed=-4_000_000)
    story.when(pay(4_000_000, year=2024, on="2025-06-01")).recorded()


def test_what_lapsed_stays_lapsed_on_grants_that_ended_since(given: Given) -> None:
    story = given(
        approved(10_000_000),
        approved(line(5_000_000, company=DAON), grant="G2"),
        approved(line(2_000_000, company=DAON), grant="G3"),
        opened(2026),
        closed(2025),
        settled(on="2026-02-01"),
        cancelled(grant="G2", on="2026-02-01"),
    )
    story.when(reopen_year()).then("year-reopened").moved(
        available=983_000_000, committed=2_000_000, lapsed=-985_000_000
    )
    assert story.line() == {"lapsed": 10_000_000}
    assert story.line(DAON, grant="G2") == {"lapsed": 5_000_000}
    assert story.line(DAON, grant="G3") == {"committed": 2_000_000}


def test_a_reopened_year_takes_late_entries_and_closes_again(given: Given) -> None:
    story = given(approved(10_000_000), closed(), reopened())
    story.when(pay(6_000_000, on="2025-12-30")).recorded()
    story.when(close_year(on="2026-02-20")).moved(
        available=-990_000_000, committed=-4_000_000, lapsed=994_000_000
    )
    story.when(reopen_year(on="2026-02-21")).moved(
        available=990_000_000, committed=4_000_000, lapsed=-994_000_000
    )


def test_only_the_year_closed_last_is_reopened(given: Given) -> None:
    story = given(opened(2024), opened(2025))
    story.when(reopen_year(2023)).refused("year-not-open", says=("2023",))
    story.when(reopen_year(2025)).refused("wrong-status", says=("2025",))
    story.given(closed(2024), closed(2025))
    story.when(reopen_year(2024, on="2026-02-15")).refused("out-of-order", says=("2025",))
    story.when(reopen_year(2025)).recorded()
    story.when(reopen_year(2025)).refused("wrong-status")
    story.when(reopen_year(2024, on="2026-02-15")).recorded()


def test_reopening_takes_a_second_person_a_reason_and_a_day_after_the_closing(
    given: Given,
) -> None:
    story = given(opened(), closed())
    story.when(reopen_year(by=LEE)).refused("four-eyes", says=(LEE,))
    story.when(reopen_year().without("reason")).refused("invalid", says=("reason",))
    story.when(reopen_year(on="2026-01-30")).refused("out-of-order", says=("2026-01-31",))
    story.when(reopen_year(on=FUTURE)).refused("future-dated")
    story.when(reopen_year(on="2026-01-31")).recorded()


def test_what_comes_back_must_still_fit_under_the_annual_cap(given: Given) -> None:
    """Returned money was granted anew; then its return was reversed: 5 million too many."""
    story = given(
        approved(10_000_000),
        paid(5_000_000),
        returned(5_000_000, on="2025-06-01").but(id="R1"),
        approved(15_000_000, grant="G2").but(effective_on="2025-06-01"),
        closed(),
        opened(2026),
        reversed_("R1", on="2026-02-01"),
    )
    story.when(reopen_year()).refused(
        "annual-cap", limit=20_000_000, used=5_000_000, asked=20_000_000, fits=0
    )
    story.when(reopen_year()).refused("annual-cap", says=(HANBIT, "2025", "Prototype production"))


def test_what_comes_back_must_still_fit_under_the_case_cap(given: Given) -> None:
    patent = "domestic_patent"
    story = given(
        approved(line(1_500_000, case="P-1"), programme=patent),
        closed(),
        opened(2026),
        approved(line(500_000, case="p 1", year=2026), grant="G2", programme=patent),
    )
    story.when(reopen_year(on="2026-03-02")).recorded()
    story.given(
        closed(on="2026-03-02"),
        approved(line(1, case="P1", year=2026), grant="G3", programme=patent).but(
            effective_on="2026-03-03"
        ),
    )
    story.when(reopen_year(on="2026-03-03")).refused(
        "case-cap", limit=2_000_000, used=500_001, asked=1_500_000, fits=0, says=("P-1",)
    )


# ── a clock that ran ahead ───────────────────────────────────────────────────────────────────

TRUE_DAY, WRONG_DAY = "2026-11-26", "2030-11-26"


def at(day: str) -> freeze_time:
    """Noon in Seoul."""
    return freeze_time(f"{day}T03:00:00Z")


def year_ends_under_a_wrong_clock(story: Story) -> None:
    """What `grants scheduler --once --confirm` records four years too early."""
    asked = [
        {"command": command, "id": f"{command[:-5]}-year:{year}", "actor": SCHEDULER, "year": year}
        for command, years in (("open_year", range(2027, 2031)), ("close_year", range(2025, 2030)))
        for year in years
    ]
    with at(WRONG_DAY):
        for receipt in execute_all(story.engine, asked, via="scheduler"):
            assert receipt.status == "recorded", receipt.message()


def an_office(given: Given) -> Story:
    """Two years at work: awards, a carry-over, an application that waits."""
    return given(
        opened(2025),
        opened(2026),
        budgeted(50_000_000),
        budgeted(50_000_000, year=2026),
        approved(10_000_000),
        carried_over(4_000_000),
        approved(line(8_000_000, year=2026), grant="G2"),
        approved(line(5_000_000, company=DAON, year=2026), grant="G3"),
        approved(line(1_000_000, company=DAON, year=2026), grant="G4"),
        paid(1_000_000, grant="G2", year=2026),
        claimed(4_000_000, grant="G4", company=DAON, year=2026),
        apply(line(3_000_000, year=2026), grant="G5"),
    )


def test_years_that_a_wrong_clock_closed_are_reopened_today_and_the_office_goes_on(
    given: Given,
) -> None:
    with at(TRUE_DAY):
        story = an_office(given)
        before = story.rows("line"), story.rows("programme")
    year_ends_under_a_wrong_clock(story)
    with at(TRUE_DAY):
        paying = pay(2_000_000, grant="G2", year=2026, on=TRUE_DAY)
        story.when(paying).refused("year-closed", says=(WRONG_DAY,))
        story.when(reopen_year(2028, on=TRUE_DAY)).refused("out-of-order", says=("2029",))
        story.when(reopen_year(2029, on="2026-11-25")).refused("out-of-order")
        story.when(reopen_year(2029, on=WRONG_DAY)).refused("future-dated")
        for year in range(2029, 2024, -1):
            outcome = story.when(reopen_year(year).without("effective_on"))
            outcome.then("year-reopened", year=year, counts_on=WRONG_DAY)
            (*_, entry) = story.entries(outcome.receipt.events)
            assert entry.effective_on == TRUE_DAY
        assert (story.rows("line"), story.rows("programme")) == before
        story.when(paying).recorded()
        story.when(approve(grant="G5", on=TRUE_DAY)).moved(
            available=-3_000_000, committed=3_000_000
        )
        story.when(settle("G3", on=TRUE_DAY)).moved(available=5_000_000, committed=-5_000_000)
        story.when(cancel(grant="G4", on=TRUE_DAY)).moved(available=1_000_000, committed=-1_000_000)
    assert story.line(grant="G2", year=2026, as_of="2030-11-25") == {
        "committed": 5_000_000,
        "advanced": 3_000_000,
    }
    assert story.line(grant="G2", year=2026) == {"committed": 5_000_000, "advanced": 3_000_000}


def test_years_that_a_wrong_clock_closed_close_again_when_their_time_has_come(
    given: Given,
) -> None:
    with at(TRUE_DAY):
        story = an_office(given)
    year_ends_under_a_wrong_clock(story)
    with at(TRUE_DAY):
        for year in range(2029, 2024, -1):
            story.when(reopen_year(year).without("effective_on")).recorded()
        story.when(close_year(2025, on=TRUE_DAY)).moved(
            available=-40_000_000, committed=-6_000_000, lapsed=46_000_000
        )
        story.when(reopen_year(2025, on="2026-11-25")).refused("out-of-order", says=(TRUE_DAY,))
        story.when(reopen_year(2025, on=TRUE_DAY)).recorded()
        story.when(close_year(2025, on=TRUE_DAY)).recorded()
    with at("2027-03-02"):
        outcome = story.when(close_year(2026).without("effective_on"))
        outcome.moved(
            available=-36_000_000, committed=-13_000_000, carried=-4_000_000, lapsed=53_000_000
        )
        (totals,) = outcome.parts()[-1][1]["totals"]
        assert {name: won for name, won in totals.items() if won} == {
            "programme": "prototype",
            "budget": 50_000_000,
            "advanced": 1_000_000,
            "lapsed": 49_000_000,
        }


def test_money_that_a_wrong_clock_dated_ahead_is_not_released_before_its_day(
    given: Given,
) -> None:
    """What is payable from 2030 on cannot be taken away in 2026; what is committed can."""
    with at(TRUE_DAY):
        story = an_office(given)
    with at(WRONG_DAY):
        story.given(opened(2027), opened(2028), opened(2029), opened(2030))
        story.when(accept().without("effective_on")).moved(committed=-1_000_000, payable=1_000_000)
    with at(TRUE_DAY):
        story.when(cancel(grant="G4", on=TRUE_DAY)).refused(
            "out-of-order", says=("payable", TRUE_DAY)
        )
    with at(WRONG_DAY):
        story.when(cancel(grant="G4", on=WRONG_DAY)).recorded()


def test_a_closing_is_undone_by_another_person_also_where_the_clock_ran_ahead(
    given: Given,
) -> None:
    with at(TRUE_DAY):
        story = an_office(given)
    with at(WRONG_DAY):
        story.when(close_year(2025, by=PARK).without("effective_on")).recorded()
    with at(TRUE_DAY):
        story.when(reopen_year(2025, by=PARK, on=TRUE_DAY)).refused("four-eyes")
        story.when(reopen_year(2025, by=LEE, on=TRUE_DAY)).recorded()


def test_today_is_the_clocks_and_never_the_day_of_the_instant_that_the_log_keeps(
    given: Given,
) -> None:
    with at(TRUE_DAY):
        story = an_office(given)
    with at(WRONG_DAY):
        story.given(opened(2027))
    with at(TRUE_DAY):
        outcome = story.when(pay(1_000, grant="G2", year=2026).without("effective_on"))
        (entry,) = story.entries(outcome.recorded().receipt.events)
        assert entry.recorded_at.startswith(WRONG_DAY)
        assert entry.effective_on == TRUE_DAY
        story.when(pay(1_000, grant="G2", year=2026, on="2026-11-27")).refused("future-dated")
