"""The ledger's own parts have ids and names of their own, which no person may take."""

from __future__ import annotations

import pytest

from commands.execute import execute
from ledger import log
from ledger.envelope import Entry
from tests import steps as say
from tests.given import Given


@pytest.mark.parametrize("id_", ["open-year:2027", " close-year:2025", "catalogue:x", "file:1"])
def test_an_id_of_the_ledgers_own_is_nobody_elses(given: Given, id_: str) -> None:
    story = given()
    story.when(say.register().but(id=id_)).refused(
        "invalid", says=("id: ", id_.split(":")[0].strip())
    )


@pytest.mark.parametrize(
    "actor", ["scheduler", "Scheduler", " SCHEDULER ", "ｓcheduler", "Catalogue"]
)
def test_nobody_passes_for_a_part_of_the_ledger(given: Given, actor: str) -> None:
    given().when(say.register(by=actor)).refused("invalid", says=("actor: ",))


def test_what_only_looks_like_one_is_free(given: Given) -> None:
    story = given()
    story.when(say.register().but(id="open-years:2027")).recorded()
    story.when(say.open_year(2025, by="scheduler2").but(id="Open-Year:2025")).recorded()


def test_the_year_end_is_not_stuck_behind_an_id_that_somebody_wanted(given: Given) -> None:
    story = given()
    story.when(say.register().but(id="open-year:2025")).refused("invalid")
    asked = {"command": "open_year", "id": "open-year:2025", "actor": "scheduler", "year": 2025}
    receipt = execute(story.engine, asked, via="scheduler")
    assert receipt.status == "recorded"
    (entry,) = story.entries(receipt.events)
    assert (entry.via, entry.actor) == ("scheduler", "scheduler")


@pytest.mark.parametrize("via", ["cli", "server", "scheduler", "python"])
def test_every_event_says_by_which_door_it_came(given: Given, via: str) -> None:
    story = given()
    actor = "scheduler" if via == "scheduler" else "kim"
    asked = {"command": "open_year", "actor": actor, "year": 2025}
    receipt = execute(story.engine, asked, via=via)  # type: ignore[arg-type]
    with log.reading(story.engine) as connection:
        entry = log.read_entry(connection, receipt.events[0])
    assert entry is not None
    assert entry.via == via
    assert Entry.from_envelope(entry.envelope()) == entry
