"""What is due at the turn of the year, and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.execute import execute, execute_all
from commands.words import said
from ledger import log
from ledger.database.driver import driver_of
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.names import SCHEDULER
from projections.books import Books
from projections.due import LONGEST_SILENCE_DAYS, Due, due, last_recorded_on
from projections.facts.years import CALENDAR, FiscalYear
from projections.storage.stored_rows import StoredRows
from tests.given import Story
from tests.steps import approved, line, opened, register

PERIOD = 60


def year(
    number: int,
    status: str = "open",
    *,
    opened_on: str = "",
    by: str = "kim",
    closed_on: str = "",
    reopenings: int = 0,
) -> FiscalYear:
    return FiscalYear(
        CALENDAR,
        number,
        status,
        opened_on or f"{number}-01-01",
        by,
        closed_on=closed_on,
        closed_by=by if closed_on else "",
        reopenings=reopenings,
    )


def ids(years: list[FiscalYear], today: str, days: int = PERIOD) -> list[str]:
    """All that is due where a person recorded something today."""
    return [one.id for one in due(years, today, today, days)]


def by_itself(years: list[FiscalYear], newest: str | None, today: str) -> list[str]:
    return [one.id for one in due(years, newest, today, PERIOD) if not one.waits]


def why(years: list[FiscalYear], newest: str | None, today: str) -> dict[str, str]:
    """Why what waits does."""
    return {one.id: one.waits.wording for one in due(years, newest, today, PERIOD) if one.waits}


# ── what is due ──────────────────────────────────────────────────────────────────────────────


def test_with_no_year_ever_opened_the_current_one_alone_is_due() -> None:
    (one,) = due([], "2026-11-20", "2026-11-22", PERIOD)
    assert one == Due("open_year", 2026, None)
    assert one.id == "open-year:2026"


def test_a_year_is_due_on_its_first_day_and_not_before() -> None:
    assert ids([year(2026)], "2026-12-31") == []
    assert ids([year(2026)], "2027-01-01") == ["open-year:2027"]


def test_every_missed_year_opens_in_order_and_those_past_their_period_close_in_order() -> None:
    assert ids([year(2025, "closed"), year(2026)], "2029-01-20") == [
        *("open-year:2027", "open-year:2028", "open-year:2029"),
        *("close-year:2026", "close-year:2027"),
    ]


@pytest.mark.parametrize(
    ("today", "days", "closes"),
    [
        ("2026-12-31", 0, False),
        ("2027-01-01", 0, True),
        ("2027-02-10", 41, False),
        ("2027-02-11", 41, True),
        ("2027-03-01", 60, False),
        ("2027-03-02", 60, True),
        ("2036-12-31", 9999, False),
    ],
)
def test_a_year_closes_on_the_day_its_period_has_ended(today: str, days: int, closes: bool) -> None:
    assert ("close-year:2026" in ids([year(2026)], today, days)) is closes


def test_in_a_leap_year_sixty_days_end_on_29_february() -> None:
    years = [year(2027), year(2028)]
    assert ids(years, "2028-02-29") == []
    assert ids(years, "2028-03-01") == ["close-year:2027"]
    assert ids([year(2028), year(2029)], "2029-03-01") == []


def test_a_year_that_a_person_reopened_is_never_due_to_close() -> None:
    assert ids([year(2026, reopenings=1), year(2027)], "2027-12-31") == []


def test_the_last_year_of_the_calendar_is_no_trouble() -> None:
    assert ids([year(9998), year(9999)], "9999-12-31") == ["close-year:9998"]


# ── what waits ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "opens", "closes"),
    [(0, True, True), (90, True, True), (91, True, False), (400, True, False), (401, False, False)],
)
def test_after_a_silence_of_90_days_a_year_still_closes_and_of_400_one_still_opens(
    days: int, opens: bool, closes: bool
) -> None:
    """So many days are allowed, one more waits."""
    today = date(2028, 3, 20)
    newest = str(today - timedelta(days=days))
    years = [year(2026, "closed"), year(2027)]
    done = by_itself(years, newest, str(today))
    assert done == ["open-year:2028"] * opens + ["close-year:2027"] * closes
    waiting = ["open-year:2028"] * (not opens) + ["close-year:2027"] * (not closes)
    assert why(years, newest, str(today)) == dict.fromkeys(waiting, "waits-after-silence")


def test_the_days_of_silence_are_those_of_the_contract() -> None:
    assert LONGEST_SILENCE_DAYS == {"open_year": 400, "close_year": 90}


def test_an_instant_that_lies_ahead_is_no_silence() -> None:
    assert by_itself([year(2026)], "2030-11-26", "2027-03-02") == [
        "open-year:2027",
        "close-year:2026",
    ]


def test_in_an_empty_log_nothing_waits() -> None:
    assert by_itself([], None, "2026-11-26") == ["open-year:2026"]


def test_exactly_one_year_opens_and_one_closes_by_itself_and_the_others_wait_their_turn() -> None:
    years, today = [year(2025), year(2026)], "2029-03-20"
    assert by_itself(years, today, today) == ["open-year:2027", "close-year:2025"]
    assert why(years, today, today) == dict.fromkeys(
        (
            "open-year:2028",
            "open-year:2029",
            "close-year:2026",
            "close-year:2027",
            "close-year:2028",
        ),
        "waits-its-turn",
    )


def test_what_was_left_waiting_waits_at_every_later_look_too() -> None:
    """Or waiting would be nothing but one year a night."""
    years = [
        year(2025, "closed", by=SCHEDULER, closed_on="2029-03-20"),
        year(2026),
        year(2027, by=SCHEDULER, opened_on="2029-03-20"),
    ]
    for today in ("2029-03-20", "2029-03-21", "2029-12-31"):
        assert by_itself(years, today, today) == []
        assert len(why(years, today, today)) == 5


def test_the_next_year_end_does_not_wait_for_having_been_late_once() -> None:
    """Opened in June, closed in November: the turn of the year after is on its day."""
    years = [
        year(2027, "closed", by=SCHEDULER, closed_on="2028-11-20"),
        year(2028, by=SCHEDULER, opened_on="2028-06-01"),
    ]
    assert by_itself(years, "2028-12-30", "2029-01-01") == ["open-year:2029"]
    assert by_itself([*years, year(2029)], "2029-03-01", "2029-03-02") == ["close-year:2028"]


def test_after_a_person_did_one_late_the_next_needs_no_confirmation() -> None:
    years = [year(2025, "closed", closed_on="2028-11-20"), year(2026), year(2027)]
    assert by_itself(years, "2028-11-20", "2028-11-20") == ["open-year:2028", "close-year:2026"]


def test_a_year_that_the_scheduler_opened_when_it_was_over_is_not_closed_by_itself() -> None:
    """Neither together with its opening nor later: nobody could have entered anything."""
    years, today = [year(2026, "closed", closed_on="2027-03-02")], "2028-06-01"
    assert by_itself(years, today, today) == ["open-year:2027"]
    assert why(years, today, today)["close-year:2027"] == "waits-its-turn"
    years = [*years, year(2027, by=SCHEDULER, opened_on=today), year(2028)]
    assert by_itself(years, today, today) == []
    years[-2] = year(2027, opened_on=today)
    assert by_itself(years, today, today) == ["close-year:2027"]


def test_why_it_waits_is_said_in_both_languages() -> None:
    silent, *_ = due([year(2025)], "2027-05-01", "2029-03-20", PERIOD)
    assert silent.waits is not None
    assert "2027-05-01" in said(silent.waits, "en")
    assert "689 days" in said(silent.waits, "en")
    assert "689일" in said(silent.waits, "ko")
    _, turn, *_ = due([year(2025)], "2029-03-20", "2029-03-20", PERIOD)
    assert turn.waits is not None
    assert "여러 회계연도" in said(turn.waits, "ko")
    assert Due("open_year", 2027).waits is None


# ── laws ─────────────────────────────────────────────────────────────────────────────────────


def done(years: list[FiscalYear], those: list[Due], today: str) -> list[FiscalYear]:
    """The years after the scheduler did these; each must be recordable in its turn."""
    known = {year.year: year for year in years}
    for one in those:
        if one.command == "open_year":
            assert not known or one.year == max(known) + 1
            known[one.year] = year(one.year, opened_on=today, by=SCHEDULER)
        else:
            before = known[one.year]
            assert one.year == min(number for number, y in known.items() if y.status == "open")
            known[one.year] = year(
                one.year, "closed", opened_on=before.opened_on, by=SCHEDULER, closed_on=today
            )
    return list(known.values())


DAYS = st.dates(date(2026, 1, 1), date(2040, 12, 31)).map(str)


@settings(deadline=None)
@given(days=st.lists(DAYS, min_size=1).map(sorted), period=st.integers(0, 800))
def test_confirming_seldom_comes_to_the_same_as_confirming_often(
    days: list[str], period: int
) -> None:
    first = done([], due([], None, "2026-01-01", period), "2026-01-01")
    often = first
    for day in days:
        often = done(often, due(often, None, day, period), day)
        assert due(often, None, day, period) == []
    seldom = done(first, due(first, None, days[-1], period), days[-1])
    assert [(y.year, y.status) for y in often] == [(y.year, y.status) for y in seldom]


@settings(deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=8).map(sorted), period=st.integers(0, 800))
def test_whatever_waited_once_is_never_done_by_itself(days: list[str], period: int) -> None:
    years = done([], due([], None, "2026-01-01", period), "2026-01-01")
    waited: set[str] = set()
    for day in days:
        found = due(years, day, day, period)
        alone = [one for one in found if not one.waits]
        assert len({one.command for one in alone}) == len(alone)
        assert not waited & {one.id for one in alone}
        waited |= {one.id for one in found if one.waits}
        years = done(years, alone, day)


# ── what persons recorded last ───────────────────────────────────────────────────────────────


class CountingReader(log.Reader):
    """The log, counting how many entries were looked up."""

    looked_up = 0

    def entry(self, seq: int) -> Entry | None:
        """One more."""
        self.looked_up += 1
        return super().entry(seq)


@contextmanager
def books(engine: Engine) -> Iterator[tuple[Books, CountingReader]]:
    with log.reading(engine) as connection:
        journal = CountingReader(driver_of(connection), log.read_head(connection))
        yield Books(StoredRows(journal.driver), journal, "2126-01-01"), journal


def newest(engine: Engine) -> str | None:
    with books(engine) as (now, _):
        return last_recorded_on(now)


def by_scheduler(engine: Engine, command: str, number: int) -> None:
    one = {"command": command, "actor": SCHEDULER, "year": number}
    receipt = execute(engine, one | {"id": f"{command}:{number}"}, via="scheduler")
    assert receipt.status == "recorded", receipt.message()


def test_of_a_new_ledger_the_catalogue_counts_and_then_what_persons_record(engine: Engine) -> None:
    with books(engine) as (now, _):
        made_on = now.entry(1).recorded_at
    assert newest(engine) in (made_on[:10], str(date.fromisoformat(made_on[:10]) + timedelta(1)))
    with freeze_time("2126-01-01T14:59:59Z"):
        by_scheduler(engine, "open_year", 2126)
    assert newest(engine) != "2126-01-01"
    with freeze_time("2126-01-02T14:59:59Z"):
        Story(engine).given(register())
    assert newest(engine) == "2126-01-02"
    with freeze_time("2126-01-02T15:00:00Z"):
        Story(engine).given(register("110-81-12345"))
    assert newest(engine) == "2126-01-03"


def test_what_the_scheduler_recorded_is_passed_over_command_by_command(engine: Engine) -> None:
    """A closing of forty lines is one step."""
    with freeze_time("2126-01-02T03:00:00Z"):
        story = Story(engine).given(opened(2124), opened(2125))
        for number in range(40):
            award = approved(line(1_000, year=2124), grant=f"G{number}")
            story.given(award.but(effective_on="2124-03-01"))
    with freeze_time("2127-05-01T03:00:00Z"):
        for command, number in (
            ("open_year", 2126),
            ("open_year", 2127),
            ("close_year", 2124),
            ("close_year", 2125),
        ):
            by_scheduler(engine, command, number)
    assert story.size > 80
    with books(engine) as (now, journal):
        assert last_recorded_on(now) == "2126-01-02"
        assert journal.looked_up == 5


def test_a_refused_command_of_a_person_is_no_sign_of_life(engine: Engine) -> None:
    with freeze_time("2126-01-02T03:00:00Z"):
        Story(engine).given(opened(2126))
    with freeze_time("2126-06-01T03:00:00Z"):
        (receipt,) = execute_all(engine, [opened(2126).command])
        assert receipt.status == "refused"
    assert newest(engine) == "2126-01-02"
