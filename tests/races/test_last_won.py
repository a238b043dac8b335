"""Eight processes after the last won of a ceiling, a budget, a case or an award: one gets it."""

from __future__ import annotations

from tests.given import Story
from tests.races.rounds import EIGHT, ROUNDS, company, one_won, outcomes, registered
from tests.races.track import Track
from tests.steps import (
    HANBIT,
    applied,
    apply,
    approve,
    approved,
    budgeted,
    line,
    opened,
    paid,
    pay,
    revised,
)

PATENT = "domestic_patent"


def test_the_last_won_of_a_companys_ceiling_goes_to_one_of_eight_grants(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        mine = company(turn)
        story.given(
            registered(turn),
            budgeted(20_000_000),
            approved(line(19_999_999, company=mine), grant=f"A{turn}"),
            *(applied(line(1, company=mine), grant=f"G{turn}-{n}") for n in EIGHT),
        )
        receipts = track.execute(url, [approve(grant=f"G{turn}-{n}") for n in EIGHT])
        one_won(receipts, "annual-cap", limit=20_000_000, used=20_000_000, asked=1, fits=0)
        assert story.row("company", company=mine)["used"] == 20_000_000


def test_the_last_won_of_a_grants_ceiling_goes_to_one_of_its_eight_companies(
    story: Story, url: str, track: Track
) -> None:
    programme = "field_customised"
    cap = {"per": "grant_year", "amount": 10, "bound": "lt"}
    story.given(*(registered(n) for n in range(9)), revised(programme, on="2025-02-15", caps=[cap]))
    for turn in range(ROUNDS):
        grant, first = f"G{turn}", line(8, company=company(8))
        eight = [line(1, company=company(n)) for n in EIGHT]
        story.given(
            applied(first, *eight, grant=grant, programme=programme),
            approved(first, grant=grant, programme=programme),
        )
        receipts = track.execute(url, [approve(one, grant=grant) for one in eight])
        one_won(receipts, "annual-cap", limit=9, used=9, asked=1, fits=0)


def test_the_last_won_of_a_budget_goes_to_one_of_eight_companies(
    story: Story, url: str, track: Track
) -> None:
    story.given(*(registered(n) for n in EIGHT))
    for turn in range(ROUNDS):
        story.given(
            budgeted(1),
            *(applied(line(1, company=company(n)), grant=f"G{turn}-{n}") for n in EIGHT),
        )
        receipts = track.execute(url, [approve(grant=f"G{turn}-{n}") for n in EIGHT])
        one_won(receipts, "programme-budget", limit=turn + 1, used=turn + 1, asked=1, fits=0)
        assert story.budget() == {"budget": turn + 1, "committed": turn + 1}


def spellings(case: str) -> list[str]:
    """One case, typed in eight ways."""
    return [
        f"KR-{case}",
        f"kr-{case}",
        f"Kr {case}",
        f"KR{case}",
        f"  kr  {case} ",
        f"k-r-{case}",
        f"ＫＲ－{case}",
        f"kR\u2013{case}",
    ]


def test_the_last_won_of_a_case_goes_to_one_of_eight_grants_that_type_it_differently(
    story: Story, url: str, track: Track
) -> None:
    story.given(*(registered(n) for n in range(9)))
    for turn in range(ROUNDS):
        typed = [line(1, company=company(n), case=spellings(f"{turn}")[n]) for n in EIGHT]
        most = line(1_999_999, company=company(8), case=f"KR-{turn}")
        story.given(
            approved(most, grant=f"A{turn}", programme=PATENT),
            *(applied(typed[n], grant=f"G{turn}-{n}", programme=PATENT) for n in EIGHT),
        )
        receipts = track.execute(url, [approve(typed[n], grant=f"G{turn}-{n}") for n in EIGHT])
        one_won(receipts, "case-cap", limit=2_000_000, used=2_000_000, asked=1, fits=0)
        assert story.row("case", case=f"KR-{turn}")["used"] == 2_000_000


def test_eight_first_applications_for_a_case_make_it_one_case_with_one_ceiling(
    story: Story, url: str, track: Track
) -> None:
    story.given(*(registered(n) for n in EIGHT), opened(), budgeted(programme=PATENT))
    for turn in range(ROUNDS):
        typed = [line(2_000_000, company=company(n), case=spellings(f"{turn}")[n]) for n in EIGHT]
        applications = [apply(typed[n], grant=f"G{turn}-{n}", programme=PATENT) for n in EIGHT]
        assert outcomes(track.execute(url, applications)) == {"recorded": 8}
        assert len({story.asked_for(f"G{turn}-{n}")[0]["case"] for n in EIGHT}) == 1
        receipts = track.execute(url, [approve(grant=f"G{turn}-{n}") for n in EIGHT])
        one_won(receipts, "case-cap", limit=2_000_000, used=2_000_000, asked=2_000_000, fits=0)


def test_the_last_won_of_an_award_goes_to_one_of_eight_payments(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        grant = f"G{turn}"
        story.given(approved(10_000, grant=grant), paid(9_999, grant=grant))
        receipts = track.execute(url, [pay(1, grant=grant) for _ in EIGHT])
        one_won(receipts, "within-award", asked=1, fits=0)
        assert story.line(HANBIT, grant=grant) == {"advanced": 10_000}
