"""`kill -9` of writers, of runs of whole files, of the making of a ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.cli import exits
from commands.execute import execute
from ledger.terms import catalogue
from projections.replay.verify import verify
from tests.faults.kills import Campaign, duration, killed_in_the_middle
from tests.faults.ledgers import Event, opened, told, undisturbed
from tests.faults.nursery import Nursery
from tests.faults.stream import finance
from tests.faults.tally import Tally, Track, count

TRIES = 40
"""How often something is begun and killed until it was hit in the middle often enough."""

CAMPAIGNS = {
    "one by one": Campaign(kills=30, verify_every=10),
    "one by one under load": Campaign(kills=30, verify_every=10, loaded=True, seed=2),
    "in batches under load": Campaign(kills=30, verify_every=10, batch=8, loaded=True, seed=3),
}


@pytest.mark.parametrize("campaign", CAMPAIGNS.values(), ids=CAMPAIGNS.keys())
def test_kill_9_of_a_writer_loses_nothing_doubles_nothing_and_halves_nothing(
    campaign: Campaign, nursery: Nursery, new_url: Callable[[], str]
) -> None:
    tally = campaign.run(nursery, new_url)
    assert tally.harm == {}
    assert tally.kills >= campaign.kills
    assert tally.at_work >= tally.kills // 2
    assert bool(tally.answers) == campaign.loaded


def test_a_file_run_again_after_kills_is_recorded_once(
    nursery: Nursery, new_url: Callable[[], str], tmp_path: Path
) -> None:
    file, random = tmp_path / "commands.jsonl", Random(4)
    referred_to = {command.get("of") for command in finance()}
    with file.open("w") as lines:
        for command in finance():  # whose ids come from the file, but for those that it names
            kept = {k: v for k, v in command.items() if k != "id" or v in referred_to}
            lines.write(json.dumps(kept) + "\n")

    def run_on(url: str) -> dict[str, Any]:
        return {"arguments": ["run", str(file), "--ledger", url], "under": {"batch": 50}}

    undisturbed_time = duration(nursery, "call", **run_on(new_url()))
    run, hits = run_on(url := new_url()), 0
    for _ in range(TRIES):
        hits += killed_in_the_middle(nursery, undisturbed_time, random, "call", **run)
        if hits == 6:
            break
    assert hits == 6
    (ended,) = nursery.done("call", **run).all("finished")
    assert ended["code"] == exits.REFUSED  # as some of the commands should be
    with opened(url) as engine:
        verify(engine)
        found = [event for event in told(engine) if event["actor"] != "catalogue"]
    assert [_without_id(event) for event in found] == [
        _without_id(event) for event in undisturbed("finance").order
    ]


def _without_id(event: Event) -> Event:
    made = ("command_id", "command_digest")  # of a command that came in a file, without its actor
    return {key: value for key, value in event.items() if key not in made}


def test_a_ledger_whose_making_was_killed_at_any_moment_can_be_made_again(
    nursery: Nursery, nowhere: Callable[[], str]
) -> None:
    random, hits = Random(5), 0
    undisturbed_time = duration(nursery, "make", url=nowhere())
    for _ in range(TRIES):
        url = nowhere()
        hits += killed_in_the_middle(nursery, undisturbed_time, random, "make", url=url)
        nursery.done("make", url=url)
        with opened(url) as engine:
            assert verify(engine).events == len(catalogue())
            assert execute(engine, finance()[0]).status == "recorded"
        if hits == 4:
            break
    assert hits == 4


@pytest.fixture
def nowhere(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Makes URLs at which there is no ledger yet."""
    made: list[str] = []

    def new() -> str:
        if engine_name == "sqlite":
            made.append(f"sqlite:///{tmp_path / f'new{len(made)}.db'}")
        else:
            made.append(request.getfixturevalue("postgres").create_database())
        return made[-1]

    yield new
    if engine_name == "postgresql":
        for url in made:
            request.getfixturevalue("postgres").drop_database(url)


@pytest.mark.parametrize(
    ("harm", "change"),
    {
        "lost": lambda events: events[:-1],
        "duplicated": lambda events: [*events, events[-1]],
        "half_recorded": lambda events: events[: _in_a_year_end(events)],
        "out_of_order": lambda events: [*events[:-2], events[-1], events[-2]],
    }.items(),
)
def test_what_faults_do_would_be_counted(harm: str, change: Callable[[Any], Any]) -> None:
    whole = undisturbed("finance")
    track, tally = Track("finance"), Tally()
    track.done, track.statuses = len(whole.ids), list(whole.statuses)
    count(track, whole.order, tally)
    assert tally.harm == {}
    count(track, change(whole.order), tally)
    assert harm in tally.harm


def _in_a_year_end(events: list[Event]) -> int:
    return next(place for place, event in enumerate(events) if event["kind"] == "year-closed")
