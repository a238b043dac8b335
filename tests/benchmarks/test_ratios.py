"""Nothing became several times slower beside its yardstick; far below what docs/benchmarks.md says.

Only ratios are asserted, of processor time, taken in turns within one process, on SQLite: a busy
machine slows both sides alike, and waiting for a disk counts for neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from commands.catalogue import record_catalogue
from commands.execute import execute_all
from projections.opening import make_ledger
from projections.replay.verify import verify
from tests.benchmarks import daily, replaying, writing
from tests.benchmarks.bare import Bare, caught
from tests.benchmarks.places import Files, file_of
from tests.benchmarks.theirs import Grant, ProgrammeYear, office
from tests.benchmarks.workload import commands, grow

EVENTS = 2_000


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(Path(tmp_path_factory.mktemp("ratios")))


@pytest.fixture(scope="module")
def grown(place: Files) -> Iterator[str]:
    """A ledger of the real shape."""
    url = place.new()
    grow(url, EVENTS)
    yield url
    place.drop(url)


def test_a_batch_is_decided_faster_than_eventsourcing_saves_and_not_far_from_the_bare_driver(
    place: Files, grown: str
) -> None:
    times = writing.rates(place, grown, (place, grown), single=False, rounds=3, size=200)
    _, theirs = times["eventsourcing"].over(times["ours"])
    _, bare = times["bare"].over(times["ours"])
    assert theirs > 1.2, f"a batch runs at {theirs:.2f} times the rate of eventsourcing"
    assert bare > 0.05, f"a batch runs at {bare:.2f} times the rate of the bare driver"


def test_a_commit_of_one_command_is_not_far_from_eventsourcing_and_the_bare_driver(
    place: Files, grown: str
) -> None:
    times = writing.rates(place, grown, (place, grown), single=True, rounds=5, size=12)
    _, theirs = times["eventsourcing"].over(times["ours"])
    _, bare = times["bare"].over(times["ours"])
    assert theirs > 0.2, f"one command runs at {theirs:.2f} times the rate of eventsourcing"
    assert bare > 0.08, f"one command runs at {bare:.2f} times the rate of the bare driver"


def test_rebuild_and_verify_are_not_far_from_reading_the_log(place: Files, grown: str) -> None:
    times = replaying.times(place, grown, rounds=2)
    _, rebuild = times["rebuild"].over(times["decode"])
    _, verify = times["verify"].over(times["rebuild"])
    assert rebuild < 60, f"rebuild takes {rebuild:.1f} times as long as reading the log"
    assert verify < 5, f"verify takes {verify:.1f} times as long as rebuild"


def test_closing_a_year_costs_no_more_than_commands_in_batches(place: Files) -> None:
    row = replaying.closing_row(place, 300)
    assert row.cpu is not None
    assert row.cpu < 3, f"close_year takes {row.cpu:.1f} times as long as as many commands"


def test_the_bare_driver_leaves_the_very_rows_that_ours_wrote(place: Files, grown: str) -> None:
    own, other = place.copy(grown), place.copy(grown)
    work = daily.work(2007)
    batches = [daily.companies(2007), *(list(islice(work, size)) for size in (50, 1, 1))]
    written = caught(own, batches)
    with closing(Bare(other)) as bare:
        bare.write(bare.prepared(written))
    assert _all_rows(own) == _all_rows(other)


def _all_rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file_of(url))) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)
            for (name,) in tables.fetchall()
            if name != "trap"
        }


def test_the_yardstick_does_the_same_job(place: Files) -> None:
    asked = list(islice(daily.work(2007), 300))
    with closing(office(place.new())) as theirs:
        theirs.run(asked)
        programme = theirs.repository.get(ProgrammeYear.create_id("prototype", 2007))
        grants = {said["grant"] for said in asked if said.get("programme") == "prototype"}
        paid = sum(said["amount"] for said in asked if "amount" in said and said["grant"] in grants)
        assert isinstance(programme, ProgrammeYear)
        assert programme.paid == paid > 0
        grant = theirs.repository.get(Grant.create_id(asked[0]["grant"]))
        assert isinstance(grant, Grant)
        assert grant.asked == asked[0]["lines"][0]["subsidy"]


def test_a_stream_without_mistakes_is_recorded_whole_and_has_all_kinds(place: Files) -> None:
    url = place.new()
    asked = list(islice(commands(seed=7, a_year=600), 2_000))
    engine = make_ledger(url)
    record_catalogue(engine)
    daily.done(execute_all(engine, asked))
    verify(engine)
    engine.dispose()
    assert len({said["command"] for said in asked}) > 20
