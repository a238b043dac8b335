"""`identify_case`: the patent office's number, once, for one case."""

from __future__ import annotations

from tests.given import Given
from tests.steps import FUTURE, applied, closed, identified, identify, line, opened, rejected


def filed(case: str, grant: str = "G1") -> object:
    return applied(line(1_000, case=case), grant=grant, programme="domestic_patent")


def test_a_case_gets_the_number_of_its_filing(given: Given) -> None:
    story = given(filed("IP-2025-001"))
    outcome = story.when(identify("ip 2025 001", " 10-2025-0001234 "))
    outcome.then(
        "case-identified", case="IP-2025-001", application_number="10-2025-0001234"
    ).moved()


def test_a_case_has_at_most_one_number(given: Given) -> None:
    story = given(filed("P-1"), identified("P-1", "10-1"))
    story.when(identify("p1", "10-2")).refused("already-exists", says=("P-1", "10-1"))
    story.when(identify("P-1", "10-1")).refused("already-exists")


def test_a_number_belongs_to_one_case_however_it_is_typed(given: Given) -> None:
    story = given(filed("P-1"), filed("P-2", "G2"), identified("P-1", "PCT/KR2025/001"))
    for typed in ("PCT/KR2025/001", " pct/kr2025/001 "):
        story.when(identify("P-2", typed)).refused("already-exists", says=("P-1",))
    story.when(identify("P-2", "PCT/KR2025/002")).recorded()


def test_a_case_is_known_from_a_recorded_application(given: Given) -> None:
    story = given(filed("P-1"), rejected())
    story.when(identify("P-9", "10-1")).refused("unknown", says=("P-9",))
    refused = applied(line(9_000_000, case="P-9"), grant="G9", programme="domestic_patent")
    story.when(refused).refused("case-cap")
    story.when(identify("P-9", "10-1")).refused("unknown")
    story.when(identify("P-1", "10-1")).recorded()


def test_it_needs_no_open_year_but_a_day_that_has_come(given: Given) -> None:
    story = given(filed("P-1"), opened(), closed())
    story.when(identify("P-1", "10-1", on=FUTURE)).refused("future-dated")
    story.when(identify("P-1", "10-1", on="2025-09-01")).recorded()


def test_the_number_says_nothing_about_the_ceiling(given: Given) -> None:
    """A case is our docket id: two dockets stay two cases."""
    story = given(filed("P-1"), identified("P-1", "10-1"))
    other = applied(line(2_000_000, case="10-1"), grant="G2", programme="domestic_patent")
    story.when(other).recorded()
    story.when(identify("10-1", "10-1")).refused("already-exists", says=("P-1",))
