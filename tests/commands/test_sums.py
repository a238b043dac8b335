"""No sum is 10^18 won or more on any day: whatever would make it so is `invalid`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.execute import dry_run, execute_all
from commands.sums import _JUDGES, within_sums
from ledger import log, reading
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Refused
from ledger.events import (
    AmendedLine,
    AwardAmended,
    BudgetAllocated,
    BudgetLapsed,
    FundsReturned,
    GrantApproved,
)
from ledger.won import LIMIT, SUMS
from projections.balances import Balance, case_key
from projections.books import Books
from projections.flows import flows
from projections.rows import Rows
from tests.given import Given
from tests.steps import (
    HANBIT,
    PARK,
    accept,
    allocate,
    apply,
    approved,
    budgeted,
    carried_over,
    claim,
    claimed,
    closed,
    give_back,
    item,
    line,
    opened,
    paid,
    registered,
    reopened,
    returned,
    reverse,
    reversed_,
)

MOST = LIMIT - 1
"""The largest amount."""

FOLDER = Path(__file__).parents[1] / "conformance"

A_THOUSAND_LESS = SUMS - 1_000
"""What a thousand of them come to."""


def test_a_budget_stays_below_it_in_a_dry_run_too(engine: Engine, given: Given) -> None:
    story = given(*[budgeted(MOST)] * 1_000)
    assert story.budget() == {"budget": A_THOUSAND_LESS, "available": A_THOUSAND_LESS}
    for too_much in (allocate(1_000), allocate(MOST)):
        story.when(too_much).refused("invalid", says=("Prototype", "2025", f"{SUMS:,}"))
        assert dry_run(engine, too_much.command).rule == "invalid"
    story.when(allocate(999)).recorded()
    story.when(allocate(1)).refused("invalid")
    story.when(allocate(1, "domestic_patent")).recorded()


def test_a_budget_stays_below_it_on_each_day_though_it_was_cut_later(given: Given) -> None:
    story = given(*[budgeted(MOST)] * 1_000, budgeted(-5_000, on="2025-06-01"))
    story.when(allocate(1_000, on="2025-05-31")).refused("invalid")
    story.when(allocate(999, on="2025-05-31")).recorded()
    story.when(allocate(5_000, on="2025-06-01")).recorded()
    story.when(allocate(1, on="2025-06-01")).refused("invalid")


def test_interest_stays_below_it(given: Given) -> None:
    story = given(approved(10_000), *[returned(0, interest=MOST) for _ in range(1_000)])
    story.when(give_back(0, interest=1_000)).refused("invalid", says=("interest", "Prototype"))
    story.when(give_back(0, interest=999).but(id="last")).recorded()
    story.when(give_back(0, interest=1)).refused("invalid")
    story.given(reversed_("last", by=PARK))
    story.when(give_back(0, interest=1)).refused("invalid")
    story.when(give_back(0, interest=999, on="2025-12-15")).recorded()


def test_the_costs_claimed_on_a_line_stay_below_it(given: Given) -> None:
    costs = [item(MOST, evidence=f"E{number}") for number in range(1_001)]
    story = given(approved(10_000))
    story.when(claim(*costs)).refused("invalid", says=(HANBIT, "2025"))
    story.given(claimed(*costs[:1_000]))
    story.when(claim(1_000, claim="C2")).refused("invalid")
    story.given(claimed(999, claim="C2"), accept(), accept("C2"))
    story.when(claim(1, claim="C3")).refused("invalid")


def test_a_reversal_does_not_bring_claimed_costs_back_past_it(given: Given) -> None:
    costs = [item(MOST, evidence=f"E{number}") for number in range(1_000)]
    dropped = tuple(f"E{number}" for number in range(999))
    story = given(approved(10_000), claimed(*costs))
    story.given(accept(disallow=dropped).but(id="A1"), claimed(MOST, claim="C2"))
    story.when(reverse("A1")).refused("invalid")


def test_the_costs_of_an_application_stay_below_it_in_each_year(given: Given) -> None:
    asked = [line(0, case=f"P-{number}", total_cost=MOST) for number in range(1_001)]
    asked += [line(0, case="P-1", year=2026, total_cost=MOST)]
    story = given(registered())
    story.when(apply(*asked, programme="domestic_patent")).refused("invalid", says=("2025",))
    story.when(apply(*asked[1:], programme="domestic_patent")).recorded()


def test_what_a_case_holds_of_all_programmes_and_years_stays_below_it() -> None:
    """A thousand awards of the largest amount, each returned before the next: told, not played."""
    rows = Rows()
    case = rows.put(Balance, *case_key("P-1"))
    case.returned, case.newest_on = SUMS - 10, "2025-01-01"
    books = Books(rows, log.reader, "2025-12-31")  # type: ignore[arg-type]
    raised = AmendedLine(company=HANBIT, year=2025, case="P-1", was=1, award=10)
    event = AwardAmended(grant="G1", programme="domestic_patent", lines=(raised,), reason="증액")
    within_sums(books, [event], "2025-03-01")
    more = event.model_copy(update={"lines": (raised.model_copy(update={"award": 11}),)})
    with pytest.raises(Refused, match="P-1") as refused:
        within_sums(books, [more], "2025-03-01")
    assert refused.value.rule == "invalid"


def test_what_went_there_and_back_past_any_count_is_still_added_up(given: Given) -> None:
    """Ten closings of a budget near the limit: more than 2^63 won came and went."""
    story = given(*[budgeted(MOST)] * 1_000, approved(10_000), carried_over(10_000), opened(2026))
    for _ in range(10):
        story.given(closed(), reopened())
    story.given(paid(10_000, on="2026-03-01"))
    for day in ("2026-02-28", "2026-01-31", "2025-12-31"):
        (row,) = story.rows("programme", as_of=day, programme="prototype", year=2025)
        assert (row["budget"], row["carried"]) == (A_THOUSAND_LESS, 10_000)
        assert row["available"] == A_THOUSAND_LESS - 10_000


def test_a_sum_may_be_a_won_less(given: Given) -> None:
    story = given(*[budgeted(MOST)] * 1_000, budgeted(999), approved(10_000), paid(1))
    assert story.budget()["budget"] == SUMS - 1


def test_every_event_that_lets_a_sum_of_money_grow_is_judged(engine: Engine) -> None:
    script = (FOLDER / "d-everything.jsonl").read_text("utf-8")
    list(execute_all(engine, [json.loads(line)["command"] for line in script.splitlines()]))
    growing = set()
    with log.reading(engine) as connection:
        for envelope, _ in reading.read(connection, reading.Wanted()):
            event = Entry.from_envelope(envelope).event
            if any(flow.source in ("outside", "available") for flow in flows(event, "")):
                growing.add(type(event))
    out_of_the_budget = {BudgetLapsed}
    assert growing >= {BudgetAllocated, GrantApproved, FundsReturned}
    assert growing - out_of_the_budget <= _JUDGES.keys()
