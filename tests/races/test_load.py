"""Eight processes that work for a while: all they were told was recorded is there, once."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from typing import Any

import pytest

from ledger.database.engine import Engine
from projections.replay.verify import verify
from tests.given import Story
from tests.races.rounds import EIGHT, company, one_recorded_for_all, one_won, registered
from tests.races.track import Track, done
from tests.steps import accept, apply, approve, budgeted, claim, item, line, pay

PROGRAMMES = {"prototype": "prototype_development", "rbd_consulting": "planning"}
COMPANIES = 4
GRANTS = 15
"""How many grants each process takes from the application to the acceptance of its claim."""

AWARD = 1_000

Command = dict[str, Any]


def work(racer: int, chance: random.Random) -> list[Command | list[Command]]:
    """What one process sends, in its order: single commands and batches of up to ten."""
    commands = [registered(n).but(id=f"register-{n}").command for n in range(COMPANIES)]
    for number in range(GRANTS):
        commands += life_of_a_grant(f"G{racer}-{number}", number, chance)
    steps: list[Command | list[Command]] = []
    while commands:
        together = chance.choice((0, 0, 0, 4, 10))
        steps.append(commands[:together] if together else commands[0])
        commands = commands[together or 1 :]
    return steps


def life_of_a_grant(grant: str, number: int, chance: random.Random) -> list[Command]:
    """From application to acceptance, with a payment whose reference all processes use."""
    mine = company(chance.randrange(COMPANIES))
    programme = chance.choice(list(PROGRAMMES))
    at = {"grant": grant, "company": mine}
    cost = item(2 * AWARD, evidence=f"INV-{grant}", category=PROGRAMMES[programme])
    steps = [
        apply(line(AWARD, company=mine), grant=grant, programme=programme),
        approve(grant=grant),
        pay(AWARD // 4, bank_ref=f"KB-{grant}", **at),
        pay(AWARD // 4, bank_ref=f"SHARED-{number}", **at).but(id=f"shared-{grant}"),
        claim(cost, claim=f"C-{grant}", **at),
        accept(f"C-{grant}"),
    ]
    commands = [{"id": f"{place}-{grant}"} | step.command for place, step in enumerate(steps)]
    return [*commands, chance.choice(commands)]  # one of them is sent twice


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be had again: a test that fails shows the seed that was printed."""
    seed = os.environ.get("GRANTS_RACE_SEED") or str(random.randrange(1_000_000))
    print(f"GRANTS_RACE_SEED={seed}")
    return random.Random(seed)


def test_whatever_eight_processes_were_told_is_recorded_is_there_exactly_once(
    story: Story, engine: Engine, url: str, track: Track, chance: random.Random
) -> None:
    """Two of them open the ledger anew for each step, and a ninth process verifies meanwhile."""
    story.given(*(budgeted(programme=programme) for programme in PROGRAMMES))
    before = story.size
    hows = ["execute"] * 6 + ["execute like calls"] * 2
    tasks = [{"do": hows[n], "url": url, "steps": work(n, chance)} for n in EIGHT]
    with track.racing(tasks) as answers:
        verify(engine)
    receipts = [receipt for receipts in done(answers) for receipt in receipts]

    recorded = sorted(
        (seq, receipt["id"])
        for receipt in receipts
        if receipt["status"] == "recorded"
        for seq in receipt["events"]
    )
    entries = story.entries(list(range(before + 1, story.size + 1)))
    assert recorded == [(entry.seq, entry.command_id) for entry in entries]
    _each_id_was_answered_alike(receipts)

    rows = story.rows("programme")
    assert sum(row["used"] for row in rows) == len(EIGHT) * GRANTS * AWARD
    assert sum(row["spent"] + row["payable"] for row in rows) == len(EIGHT) * GRANTS * AWARD


def _each_id_was_answered_alike(receipts: list[dict[str, Any]]) -> None:
    """Recorded once and then a duplicate; of the payments that share a reference, one."""
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for receipt in receipts:
        answers[receipt["id"]].append(receipt)
    for number in range(GRANTS):
        shared = [answers.pop(f"shared-G{racer}-{number}") for racer in EIGHT]
        one_won([first for first, *_ in shared], "duplicate-payment")
    for same in answers.values():
        one_recorded_for_all(same)
