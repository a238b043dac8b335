"""What was recorded while the books were bent is found, though the books were put right again.

Somebody who can write to the database bends a row that a decision looks at, has a command recorded
that the rules forbid, and puts everything back: every row is then what the fold makes of the log.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from commands.execute import execute
from ledger.database.engine import Engine
from ledger.errors import Corrupt
from projections.opening import open_ledger
from projections.replay.laws import Broken
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests import steps as say
from tests.given import Given, Story
from tests.projections.replay.verify.tampering import tamper
from tests.steps import DAON, HANBIT, KIM, LEE, PARK, Step

pytestmark = pytest.mark.tampers

MOST = 20_000_000
"""The annual cap of a company under `prototype`, in won."""


ALL_SET = (say.approved(10_000_000), say.paid(4_000_000, bank_ref="KB-1"))


@dataclass(frozen=True)
class Bend:
    """How the books were bent, and what they then let through."""

    law: str
    statement: str
    asked: Step
    given: tuple[Step, ...] = ALL_SET


PATENT = {"programme": "domestic_patent"}

BENDS: dict[str, Bend] = {
    "a bank reference is taken out": Bend(
        "out-of-order",
        "UPDATE balances SET newest_on = '2025-01-01' WHERE \"by\" = 'line'",
        say.give_back(4_000_000, on="2025-04-01"),
        (say.approved(10_000_000), say.paid(4_000_000, on="2025-06-01")),
    ),
    "a company has used less": Bend(
        "annual-cap",
        "UPDATE balances SET committed = 0 WHERE \"by\" = 'company'",
        say.approve(1, grant="G2"),
        (say.approved(MOST), say.applied(1, grant="G2")),
    ),
    "a case has used less": Bend(
        "case-cap",
        "UPDATE balances SET committed = 0 WHERE \"by\" = 'case'",
        say.approve(say.line(1, case="D-1"), grant="G2"),
        (
            say.approved(say.line(2_000_000, case="D-1"), **PATENT),
            say.applied(say.line(1, case="D-1"), grant="G2", **PATENT),
        ),
    ),
    "a programme has more available": Bend(
        "programme-budget",
        "UPDATE balances SET available = 90000000 WHERE \"by\" = 'programme'",
        say.approve(2_000_000),
        (say.budgeted(1_999_999), say.applied(2_000_000)),
    ),
    "a budget counted earlier": Bend(
        "programme-budget",
        "UPDATE balances SET newest_on = '2025-01-01' WHERE \"by\" = 'programme'",
        say.approve(2_000_000),
        (say.budgeted(2_000_000, on="2025-06-01"), say.applied(2_000_000)),
    ),
    "a line holds more": Bend(
        "result",
        "UPDATE balances SET committed = 90000000, advanced = 0 WHERE \"by\" = 'line'",
        say.pay(8_000_000),
    ),
    "a line was paid earlier": Bend(
        "out-of-order",
        "UPDATE balances SET newest_on = '2025-01-01' WHERE \"by\" = 'line'",
        say.give_back(4_000_000, on="2025-04-01"),
        (say.approved(10_000_000), say.paid(4_000_000, on="2025-06-01")),
    ),
    "more was asked for": Bend(
        "exceeds-request",
        "UPDATE lines SET asked = 9000000",
        say.approve(5_000_001),
        (say.budgeted(), say.applied(5_000_000)),
    ),
    "a company is smaller": Bend(
        "subsidy-ratio",
        "DELETE FROM sizes",
        say.approve(7_000_000),
        (
            say.budgeted(programme="field_customised"),
            say.applied(
                say.line(7_000_000, total_cost=10_000_000),
                programme="field_customised",
                partners=(DAON,),
            ),
            say.reclassified(HANBIT, "large", on="2025-02-15"),
        ),
    ),
    "somebody else applied": Bend(
        "wrong-status",
        "UPDATE grants SET status = 'applied'",
        say.reject(on="2025-04-02"),
    ),
    "somebody else awarded": Bend(
        "four-eyes", "UPDATE lines SET approved_by = 'x'", say.pay(1, by=LEE)
    ),
    "nobody raised the award": Bend(
        "four-eyes",
        "UPDATE lines SET raised_by_json = '[]'",
        say.pay(1, by=PARK, on="2025-09-01"),
        (
            say.approved(10_000_000),
            say.amended(9_000_000, on="2025-08-01"),
            say.amended(10_000_000, on="2025-08-02", by=PARK),
        ),
    ),
    "somebody else claimed": Bend(
        "four-eyes",
        "UPDATE claims SET claimed_by = 'x'",
        say.accept(by=KIM),
        (*ALL_SET, say.claimed(1_000_000)),
    ),
    "nobody ordered it back": Bend(
        "four-eyes",
        "UPDATE lines SET orders_json = '[]'",
        say.receive_back(1_000_000, by=LEE),
        (*ALL_SET, say.ordered_back(1_000_000)),
    ),
    "evidence is free again": Bend(
        "duplicate-evidence",
        "DELETE FROM evidence",
        say.claim(say.item(1_000, evidence="inv 1"), claim="C2"),
        (*ALL_SET, say.claimed(say.item(1_000, evidence="INV-1"))),
    ),
    "a claim is undecided again": Bend(
        "wrong-status",
        "UPDATE claims SET status = 'undecided'",
        say.accept(on="2025-06-02"),
        (*ALL_SET, say.accepted(1_000_000)),
    ),
    "a line has earned less": Bend(
        "result",
        "UPDATE lines SET earned = 0",
        say.accept("C2", on="2025-06-02"),
        (
            say.approved(10_000_000),
            say.paid(4_000_000),
            say.accepted(2_000_000),
            say.claimed(2, claim="C2", on="2025-06-01"),
        ),
    ),
    "no claim is undecided": Bend(
        "outstanding-balance",
        "DELETE FROM open_claims",
        say.settle(),
        (say.approved(10_000_000), say.claimed(1_000_000)),
    ),
    "a grant was only applied for": Bend(
        "wrong-status",
        "UPDATE grants SET status = 'applied'",
        say.reject(on="2025-04-02"),
    ),
    "a year is not closed": Bend(
        "year-closed",
        "UPDATE years SET status = 'open' WHERE year = 2025",
        say.give_back(1_000, on="2025-12-31"),
        (*ALL_SET, say.opened(2026), say.closed(2025)),
    ),
    "a year was never opened": Bend(
        "already-exists",
        "DELETE FROM years WHERE year = 2026",
        say.open_year(2026),
        (*ALL_SET, say.opened(2026)),
    ),
    "a company is not excluded": Bend(
        "company-excluded",
        "DELETE FROM exclusions",
        say.approve(5_000_000),
        (
            say.budgeted(),
            say.applied(5_000_000),
            say.excluded(on="2025-02-15", until="2025-12-31"),
        ),
    ),
    "a university is a company": Bend(
        "min-companies",
        "UPDATE companies SET party_type = 'company'",
        say.apply(1_000_000, programme="advertising_pr", partners=(say.NURI,)),
        (say.registered(), say.registered(say.NURI)),
    ),
    "a number belongs to nobody": Bend(
        "already-exists",
        "DELETE FROM application_numbers",
        say.identify("D-2", "10-2025-1"),
        (
            say.applied(say.line(1, case="D-1"), **PATENT),
            say.applied(say.line(1, case="D-2"), grant="G2", **PATENT),
            say.identified("D-1", "10-2025-1"),
        ),
    ),
    "an entry was not reversed": Bend(
        "not-reversible",
        "DELETE FROM reversals",
        say.reverse("once", on="2025-12-16"),
        (
            say.approved(10_000_000),
            say.paid(4_000_000).but(id="once"),
            say.paid(4_000_000),
            say.reversed_("once"),
        ),
    ),
    "a command was not recorded": Bend(
        "idempotency-conflict",
        "DELETE FROM commands",
        say.pay(1_000).but(id="once"),
        (say.approved(10_000_000), say.paid(4_000_000).but(id="once"), say.paid(1)),
    ),
    "an edition allows more": Bend(
        "advance-limit",
        "UPDATE editions SET text = replace(text, "
        "'\"advance_percent\"\\:50', '\"advance_percent\"\\:100')",
        say.pay(6_000_000),
        (say.revised(on="2025-01-02", advance_percent=50), say.approved(10_000_000)),
    ),
}


@pytest.mark.parametrize("how", BENDS)
def test_what_bent_books_let_through_is_found(given: Given, how: str) -> None:
    bend = BENDS[how]
    story = given(*bend.given)
    if bend.law != "result":  # there a rule would have it otherwise, not refuse it
        assert execute(story.engine, bend.asked.command).status == "refused"
    tamper(story.engine, bend.statement)
    with_fresh_eyes(story, lambda engine: _recorded(engine, bend.asked))
    with suppress(Corrupt):  # some cannot even be folded
        rebuild(story.engine)
    with pytest.raises(Broken) as broken:
        verify(story.engine)
    assert broken.value.law == bend.law, str(broken.value)
    assert broken.value.seq == story.size


def _recorded(engine: Engine, asked: Step) -> None:
    receipt = execute(engine, asked.command)
    assert receipt.status == "recorded", receipt.message()


def with_fresh_eyes(story: Story, do: Callable[[Engine], None]) -> None:
    """In a process of its own as it were: nothing is remembered from before."""
    engine = open_ledger(story.engine.url)
    try:
        do(engine)
    finally:
        engine.dispose()


def test_books_that_are_still_bent_are_found_as_such(given: Given) -> None:
    story = given(*ALL_SET)
    tamper(story.engine, "UPDATE grants SET applied_by = 'x'")
    with pytest.raises(Exception, match="applied_by") as found:
        verify(story.engine)
    assert not isinstance(found.value, Broken)
