"""The demo: its story ends as it is told, provokes every limit, and leaves a true ledger."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli.door import Door, Keyring
from app.demo import ending, play, played, telling
from app.demo.cast import PARK, PARTIES
from app.demo.script import Chapter, Command, Step, Words, chapter, on, scene
from app.demo.story import story
from ledger import log, reading
from ledger.database.engine import Engine
from ledger.errors import Corrupt, Misused
from ledger.events import BUCKETS
from ledger.names import check_digit_fits
from ledger.terms import catalogue
from projections.opening import open_ledger
from projections.questions.roll_ups import By
from projections.questions.snapshot import Moment
from projections.replay.verify import verify
from tests.asked import balances

LIMITS = {
    "annual-cap",
    "case-cap",
    "subsidy-ratio",
    "programme-budget",
    "within-award",
    "advance-limit",
    "exceeds-request",
    "min-companies",
    "four-eyes",
    "duplicate-payment",
    "duplicate-evidence",
    "ineligible-cost",
    "company-excluded",
    "year-closed",
}
HANGUL = re.compile("[가-힣]")
TODAY = "2026-01-01"


@dataclass
class Told:
    """A demo that was played: where, what it printed, and its ledger."""

    folder: Path
    printed: str
    engine: Engine

    def rows(self, by: By, at: Moment | None = None, **wanted: Any) -> list[dict[str, Any]]:
        """The rows of a roll-up."""
        with log.reading(self.engine) as connection:
            return balances(connection, by, at, TODAY, **wanted)


def _play(door: Door) -> str:
    with redirect_stdout(StringIO()) as printed:
        assert play(door, Keyring()) == 0
    return printed.getvalue()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The demo in English, played once for all that only look at it."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        printed = _play(Door(lang="en"))
    engine = open_ledger(f"sqlite:///{folder}/grants-demo.db")
    yield Told(folder, printed, engine)
    engine.dispose()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _steps() -> Iterator[tuple[Step, Command]]:
    for told in story():
        yield from told.commands()


# ── the story ────────────────────────────────────────────────────────────────────────────────


def test_every_programme_of_the_catalogue_has_flows(told: Told) -> None:
    slugs = {programme.slug for programme in catalogue()}
    assert {row["programme"] for row in told.rows("programme", year=2024)} == slugs
    assert {row["programme"] for row in told.rows("programme", year=2025)} == slugs
    assert {row["programme"] for row in told.rows("company") if row["used"]} == slugs


def test_every_kind_of_limit_is_provoked_and_said(told: Told) -> None:
    assert {step.rule for step, _ in _steps() if step.rule} >= LIMITS
    for rule in LIMITS:
        assert rule in told.printed


def test_what_would_fit_is_recorded_next() -> None:
    followed = [
        (asked["command"], step.fits)
        for (step, asked), (then, answer) in pairwise(_steps())
        if step.fits and then.rule is None and asked["command"] == answer["command"]
        if str(step.fits) in json.dumps(answer)
    ]
    assert len(followed) >= 5


def test_every_command_has_its_own_day_in_the_two_years_and_an_id() -> None:
    commands = [command for _, command in _steps()]
    assert all("2024-01-01" <= command["effective_on"] <= "2025-12-31" for command in commands)
    assert len({command["id"] for command in commands}) == len(commands)


def test_the_business_numbers_are_well_formed_and_nobodys() -> None:
    assert len({party.number for party in PARTIES}) == len(PARTIES)
    for party in PARTIES:
        assert check_digit_fits(party.number)
        assert party.number[7:11] == "0000"


def test_a_step_that_ends_otherwise_stops_the_demo(engine: Engine) -> None:
    budget = on("2024-01-05", PARK).allocates(2024, {"prototype": 1_000})
    with pytest.raises(Corrupt, match="expects recorded, but refused: year-not-open"):
        played(engine, _of(budget))
    opening = on("2024-01-01", PARK).does("open_year", year=2024)
    with pytest.raises(Corrupt, match="expects year-closed, but recorded"):
        played(engine, _of(opening.refused("year-closed")))
    cut = on("2024-01-06", PARK).allocates(2024, {"prototype": -2_000})
    with pytest.raises(Corrupt, match=r"\(fits 5\), but refused: programme-budget \(fits 1,000\)"):
        played(engine, _of(budget, cut.refused("programme-budget", fits=5)))


def _of(*steps: Step) -> Chapter:
    return chapter("A chapter", "한 장", scene("A scene.", "한 장면.", *steps))


# ── the ledger it leaves ─────────────────────────────────────────────────────────────────────


def test_the_ledger_verifies(told: Told) -> None:
    found = verify(told.engine)
    assert found.root in told.printed
    assert f"{found.events} events" in told.printed


def test_money_is_conserved_on_every_day_and_at_every_position(told: Told) -> None:
    days = [f"{year}-{month:02}-28" for year in (2024, 2025) for month in range(1, 13)]
    size = verify(told.engine).events
    moments = [Moment(day) for day in days] + [Moment(seq=seq) for seq in range(0, size + 1, 7)]
    for at in [Moment(), *moments]:
        for row in told.rows("programme", at):
            assert sum(row[bucket] for bucket in BUCKETS) == row["budget"]
            assert all(row[bucket] >= 0 for bucket in BUCKETS)


def test_a_filing_typed_in_two_ways_uses_up_one_ceiling_over_two_years(told: Told) -> None:
    (case,) = told.rows("case", case="bhpct202401")
    assert (case["used"], case["headroom"]) == (7_000_000, 0)
    lines = told.rows("line", case=case["case"])
    assert [(line["year"], line["used"]) for line in lines] == [
        (2024, 4_200_000),
        (2025, 2_800_000),
    ]


def test_the_year_end_lapses_and_what_was_carried_is_paid_in_the_next_year(told: Told) -> None:
    def held(day: str) -> dict[str, Any]:
        (row,) = told.rows(
            "line", Moment(day), grant="SM-2024-01", company="609-87-00002", year=2024
        )
        return {bucket: row[bucket] for bucket in BUCKETS if row.get(bucket)}

    assert held("2024-12-17") == {"committed": 30_000_000, "spent": 20_000_000}
    assert held("2025-04-07") == {"carried": 30_000_000, "spent": 20_000_000}
    assert held("2025-05-19") == {"spent": 50_000_000}
    assert all(not row["available"] for row in told.rows("programme", year=2024))
    assert sum(row["lapsed"] for row in told.rows("company", year=2024)) == 116_000_000


def test_the_fraud_is_ordered_back_and_comes_back_with_interest(told: Told) -> None:
    (row,) = told.rows("grant", grant="PT-2024-02")
    assert (row["due"], row["recovered"], row["interest"]) == (8_000_000, 10_000_000, 412_000)


def test_the_past_is_told_as_it_was_known_and_as_it_is_known_now(told: Told) -> None:
    with log.reading(told.engine) as connection:
        opened = [json.loads(envelope) for envelope, _ in reading.read(connection)]
    then = next(event["seq"] - 1 for event in opened if event["command_id"] == "open-year:2025")
    advanced = [
        sum(row["advanced"] for row in told.rows("programme", Moment("2024-12-31", seq)))
        for seq in (then, None)
    ]
    assert advanced[1] - advanced[0] == 40_000_000
    assert all(f"{amount:,}" in told.printed for amount in advanced)


# ── what it prints ───────────────────────────────────────────────────────────────────────────


def _narration() -> list[Words]:
    chapters = story()
    constants = [
        value
        for module in (telling, ending)
        for constant in vars(module).values()
        for value in (constant if type(constant) is tuple else (constant,))
        if isinstance(value, Words)
    ]
    return [
        *constants,
        *(one.title for one in chapters),
        *(one.told for chapter in chapters for one in chapter.scenes),
    ]


def _flat(text: str) -> str:
    """Text without the line breaks of a page."""
    return re.sub(r"\s+", "", text)


def test_every_narration_is_there_in_both_languages(told: Told, here: Path) -> None:
    korean, english = _flat(_play(Door(lang="ko"))), _flat(told.printed)
    narration = _narration()
    assert len(narration) > 50
    assert "…" not in korean
    for words in narration:
        assert HANGUL.search(words.ko), words
        assert not HANGUL.search(words.en), words
        for part in words.en.split("{events}"):
            assert _flat(part) in english
            assert not part or _flat(part) not in korean
        assert all(_flat(part) in korean for part in words.ko.split("{events}"))


def test_a_page_is_read_in_one_sitting(told: Told) -> None:
    lines = told.printed.splitlines()
    assert len(lines) < 250
    story_lines = [line for line in lines if not line.startswith("grants ")]
    assert max(map(len, story_lines)) <= telling.PAGE
    assert "…" not in told.printed


def test_with_json_it_prints_one_array_of_receipts_and_nothing_else(here: Path) -> None:
    receipts = json.loads(_play(Door(output="json")))
    assert [(receipt["id"], receipt.get("rule")) for receipt in receipts] == [
        (command["id"], step.rule) for step, command in _steps()
    ]
    assert all(not receipt["warnings"] for receipt in receipts)
    positions = [seq for receipt in receipts for seq in receipt["events"]]
    assert positions == list(range(len(catalogue()) + 1, positions[-1] + 1))


def test_the_calls_it_ends_with_work(
    told: Told, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(told.folder)
    calls = [line for line in told.printed.splitlines() if line.startswith("grants ")]
    assert len(calls) == len(ending.CALLS)
    for call in calls:
        with pytest.raises(SystemExit) as stop:
            main(shlex.split(call)[1:])
        assert (call, stop.value.code) == (call, 3 if "--dry-run" in call else 0)
        assert len(capsys.readouterr().out) > 50


# ── where it plays ───────────────────────────────────────────────────────────────────────────


def test_another_demo_in_the_same_folder_makes_another_file(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(told.folder)
    (taken := told.folder / "grants-demo-2.db").touch()
    before = verify(told.engine)
    _play(Door(output="json"))
    assert verify(told.engine) == before
    assert not taken.stat().st_size
    another = open_ledger("sqlite:///grants-demo-3.db")
    assert verify(another).events == before.events
    another.dispose()


def test_a_ledger_that_is_named_is_used_and_verifies(url: str, engine: Engine, here: Path) -> None:
    assert Door(ledger=url).shown in _play(Door(ledger=url))
    assert verify(engine).events > 200
    assert not list(here.glob("grants-demo*"))


def test_a_password_is_not_shown() -> None:
    door = Door(ledger="postgresql://desk:secret@host/grants")
    assert door.shown == "postgresql://desk:***@host/grants"


def test_a_ledger_in_use_is_refused_and_left_alone(told: Told, here: Path) -> None:
    url = f"sqlite:///{told.folder}/grants-demo.db"
    before = verify(told.engine)
    with pytest.raises(Misused, match="in use"):
        _play(Door(ledger=url))
    assert verify(told.engine) == before
