"""The year end, asked for by eight processes: it comes once."""

from __future__ import annotations

from collections.abc import Callable

from app.scheduler import look, today
from ledger import log, reading
from ledger.envelope import Entry
from ledger.seoul import year_of
from tests.given import Story, data_of
from tests.races.rounds import EIGHT, one_recorded_for_all, one_won, outcomes, visited
from tests.races.track import Track, done
from tests.steps import Step, approved, budgeted, close_year, line, opened, paid, pay, reopen_year

YEARS = range(2019, 2024)
AWARD, PAID, BUDGET = 10_000, 4_000, 1_000_000
KINDS = {"open_year": "year-opened", "close_year": "year-closed"}


def five_years(story: Story) -> None:
    """Five years in which an award and the budget have something left to lapse."""
    story.given(*(opened(year) for year in YEARS))
    for year in YEARS:
        story.given(
            budgeted(BUDGET, year=year),
            approved(line(AWARD, year=year), grant=f"G{year}"),
            paid(PAID, grant=f"G{year}", year=year),
        )


def lapsed_once(story: Story, year: int) -> None:
    """What was left of the award and of the budget lapsed, once."""
    assert story.line(grant=f"G{year}", year=year) == {"advanced": PAID, "lapsed": AWARD - PAID}
    assert story.budget(year=year) == {
        "budget": BUDGET,
        "advanced": PAID,
        "lapsed": BUDGET - PAID,
    }


def test_a_year_closed_by_eight_people_closes_once(story: Story, url: str, track: Track) -> None:
    five_years(story)
    for year in YEARS:
        before = story.size
        closings = [close_year(year, by=f"lee{n}") for n in EIGHT]
        won = one_won(track.execute(url, closings), "wrong-status")
        assert won["events"] == list(range(before + 1, before + 4))
        assert story.size == before + 3
        lapsed_once(story, year)


def test_a_year_closed_under_one_id_closes_once_and_all_eight_get_its_positions(
    story: Story, url: str, track: Track
) -> None:
    five_years(story)
    for year in YEARS:
        before = story.size
        closing = close_year(year).but(id=f"closing {year}")
        first = one_recorded_for_all(track.execute(url, [closing] * 8))
        assert first["events"] == list(range(before + 1, before + 4))
        assert story.size == before + 3
        lapsed_once(story, year)


def test_a_year_reopened_by_eight_people_reopens_once(story: Story, url: str, track: Track) -> None:
    five_years(story)
    story.given(*(close_year(year) for year in YEARS))
    for year in reversed(YEARS):
        reopenings = [reopen_year(year, by=f"park{n}") for n in EIGHT]
        one_won(track.execute(url, reopenings), "wrong-status")
        held = story.line(grant=f"G{year}", year=year)
        assert held == {"committed": AWARD - PAID, "advanced": PAID}


def test_payments_that_race_the_closing_of_their_year_are_in_it_or_refused(
    story: Story, url: str, track: Track
) -> None:
    five_years(story)
    for year in YEARS:
        asked: list[Step] = [pay(1_000, grant=f"G{year}", year=year) for _ in range(7)]
        asked.insert(3, close_year(year))
        receipts = track.execute(url, asked)
        closing = receipts.pop(3)
        assert closing["status"] == "recorded"
        for receipt in receipts:
            in_time = receipt["events"] and receipt["events"][0] < closing["events"][0]
            assert in_time or receipt.get("rule") in ("year-closed", "within-award")
        paid_out = PAID + 1_000 * outcomes(receipts)["recorded"]
        held = {"advanced": paid_out, "lapsed": AWARD - paid_out}
        buckets = {bucket: won for bucket, won in held.items() if won}
        assert story.line(grant=f"G{year}", year=year) == buckets


# ── schedulers ───────────────────────────────────────────────────────────────────────────────


def year_ends(story: Story) -> list[tuple[str, int]]:
    """The openings and closings of years, in the log's order."""
    with log.reading(story.engine) as connection:
        entries = [Entry.from_envelope(envelope) for envelope, _ in reading.read(connection)]
    return [
        (entry.kind, data_of(entry)["year"])
        for entry in entries
        if entry.kind in ("year-opened", "year-closed")
    ]


def test_eight_schedulers_do_the_one_year_that_waits_for_nobody_once(
    story: Story, url: str, track: Track
) -> None:
    """However often and however many look: the rest waits for a person."""
    story.given(opened(YEARS[0]))
    for _ in range(3):
        done(track.race([{"do": "run due", "url": url}] * 8))
    ends = [("year-opened", YEARS[0] + 1), ("year-closed", YEARS[0])]
    assert sorted(year_ends(story)[1:]) == sorted(ends)


def test_eight_people_who_confirm_what_is_due_open_and_close_every_year_once(
    new_url: Callable[[], str], track: Track
) -> None:
    for _ in range(2):
        url = new_url()
        with visited(url) as engine:
            story = Story(engine).given(opened(YEARS[0]))
            expected = look(engine)
            answered = done(track.race([{"do": "run confirmed", "url": url}] * 8))
            ends = [(KINDS[one.command], one.year) for one in expected]
            assert year_ends(story)[1:] == ends
        receipts = [receipt for receipts in answered for receipt in receipts]
        for one in expected:
            one_recorded_for_all([receipt for receipt in receipts if receipt["id"] == one.id])


def test_years_that_schedulers_and_people_close_at_once_close_once(
    story: Story, url: str, track: Track
) -> None:
    """What a person closed first is done, not an error: no scheduler is told of a refusal."""
    this_year = year_of(today())
    story.given(*(opened(year) for year in range(YEARS[0], this_year + 1)))
    people = [close_year(year).command for year in YEARS]
    scheduler = {"do": "run confirmed", "url": url}
    person = {"do": "execute", "url": url, "steps": people}
    answered = done(track.race([scheduler, person] * 4))
    told = outcomes([receipt for receipts in answered[::2] for receipt in receipts])
    assert set(told) <= {"recorded", "duplicate"}
    told = outcomes([receipt for receipts in answered[1::2] for receipt in receipts])
    assert set(told) <= {"recorded", "wrong-status"}
    closed = [year for kind, year in year_ends(story) if kind == "year-closed"]
    assert closed[: len(YEARS)] == list(YEARS)
    assert closed == sorted(set(closed))
