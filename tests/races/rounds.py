"""What the races share: how many rounds, companies of their own, and what came of a race."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger.database.engine import Engine
from projections.opening import open_ledger
from projections.replay.verify import verify
from tests.races.track import RACERS
from tests.steps import Step, register

ROUNDS = int(os.environ.get("GRANTS_RACE_ROUNDS") or 5)
"""How often each race is run, on fresh keys of one ledger."""

EIGHT = range(RACERS)


@contextmanager
def visited(url: str) -> Iterator[Engine]:
    """The ledger at a URL, all of which must verify at the end."""
    engine = open_ledger(url)
    try:
        yield engine
        verify(engine)
    finally:
        engine.dispose()


def company(number: int) -> str:
    """The business number of a made-up company."""
    return f"{100 + number // 100_000:03d}-81-{number % 100_000:05d}"


def registered(number: int) -> Step:
    """It is registered."""
    return register(company(number), name=f"기업 {number}", party_type="company", size="sme")


def one_won(receipts: list[dict[str, Any]], rule: str, **numbers: int) -> dict[str, Any]:
    """One was recorded, all others were refused by the rule, with these numbers; the one."""
    assert outcomes(receipts) == Counter({"recorded": 1, rule: len(receipts) - 1})
    for receipt in receipts:
        if receipt["status"] == "refused":
            assert receipt["events"] == []
            assert receipt["message"]
            assert {name: receipt.get(name) for name in numbers} == numbers
    return _recorded(receipts)


def one_recorded_for_all(receipts: list[dict[str, Any]]) -> dict[str, Any]:
    """One was recorded, all others got its receipt again; the one."""
    assert outcomes(receipts) == Counter({"recorded": 1, "duplicate": len(receipts) - 1})
    first = _recorded(receipts)
    for receipt in receipts:
        for name in ("id", "command", "events", "made"):
            assert receipt.get(name) == first.get(name)
    return first


def outcomes(receipts: list[dict[str, Any]]) -> Counter[str]:
    """How many receipts came to what: their status, or the rule that refused."""
    return Counter(receipt.get("rule", receipt["status"]) for receipt in receipts)


def _recorded(receipts: list[dict[str, Any]]) -> dict[str, Any]:
    return next(receipt for receipt in receipts if receipt["status"] == "recorded")
