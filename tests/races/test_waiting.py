"""Waiting for the lock is bounded and says so; a turn that comes in time is taken; readers read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from ledger import log
from ledger.database.engine import Engine
from ledger.events import YearOpened
from tests.given import Story
from tests.races.rounds import EIGHT
from tests.races.track import PATIENCE, ROOT, Track, done
from tests.steps import HANBIT, approved, pay

BUSY = "the ledger is busy"
SHORT = 0.3


class LetGo(Exception):
    """The holder gives up what it had begun."""


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Hold the lock for writing, and an entry that is given up in the end."""
    with suppress(LetGo), log.writing(engine) as writer:
        writer.append(
            YearOpened(year=2999),
            effective_on="2025-01-01",
            actor="holder",
            via="python",
            command_id="held",
            command_digest="",
        )
        writer.flush()
        yield
        raise LetGo


def grants(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the program, in a process of its own, with little patience."""
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *arguments],
        cwd=ROOT,
        env=os.environ | {"GRANTS_LEDGER": url, "GRANTS_WAIT": str(SHORT), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_eight_that_wait_in_vain_say_that_the_ledger_is_busy_and_leave_nothing(
    story: Story, engine: Engine, url: str, track: Track
) -> None:
    story.given(approved(1_000))
    before = story.size
    single = {"do": "execute", "url": url, "steps": [pay(1).command]}
    batch = {"do": "execute", "url": url, "steps": [[pay(1).command, pay(2).command]]}
    clock, making = {"do": "run due", "url": url}, {"do": "make", "url": url}
    with held(engine):
        four = [task | {"wait": SHORT} for task in (single, batch, clock, making)]
        answers = track.race(four * 2)
    assert {answer.error for answer in answers} == {"Busy"}
    assert all(answer.text.startswith(BUSY) for answer in answers), answers
    assert story.size == before
    done(track.race([single, batch]))
    assert story.size == before + 3


def test_eight_whose_turn_comes_within_the_wait_are_all_served(
    story: Story, engine: Engine, url: str, track: Track
) -> None:
    story.given(approved(1_000))
    before = story.size
    tasks = [{"do": "execute", "url": url, "steps": [pay(1).command]} for _ in EIGHT]
    with ExitStack() as holding:
        holding.enter_context(held(engine))
        with track.racing(tasks) as answers:
            time.sleep(1.0)
            assert story.size == before
            holding.close()
    assert sorted(receipt["events"][0] for (receipt,) in done(answers)) == [
        before + 1 + n for n in EIGHT
    ]


def test_readers_are_not_held_up_and_see_nothing_unfinished(
    story: Story, engine: Engine, url: str, track: Track
) -> None:
    story.given(approved(1_000))
    before = story.size
    with held(engine):
        looking = {"do": "look", "url": url, "wait": SHORT, "ask": pay(1).command}
        seen = done(track.race([looking] * 3))
    for found in seen:
        assert found["events"] == before
        assert found["dry_run"]["status"] == "recorded"
        assert found["dry_run"]["events"] == [before + 1]


def test_the_program_ends_with_5_and_one_plain_line_and_records_once_it_may(
    story: Story, engine: Engine, url: str
) -> None:
    story.given(approved(1_000))
    before = story.size
    payment = (
        f"disburse --grant G1 --company {HANBIT} --year 2025 --amount 1 --bank-ref KB-1 "
        "--actor kim --effective-on 2025-04-01 --id pay-1"
    ).split()
    with held(engine):
        busy = grants(url, *payment)
    assert (busy.returncode, busy.stdout) == (5, "")
    assert busy.stderr.startswith(f"grants: {BUSY}")
    assert busy.stderr.count("\n") == 1
    assert story.size == before
    assert grants(url, *payment).returncode == 0
    assert story.size == before + 1
