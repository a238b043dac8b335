"""Scripts of commands with an independent reading's verdict on each, on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands.execute import execute, execute_all
from ledger import log
from ledger.database.engine import Engine
from projections.questions.snapshot import Moment
from projections.replay.rebuild import rebuild
from tests.asked import balances

FOLDER = Path(__file__).parent / "conformance"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
KEYS = {"company", "programme", "year", "grant", "case"}


def _lines(script: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"{script}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _what_moved(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as the verdicts write them: no zeros, no rows of nothing but zeros."""
    derived = {"used", "cap", "bound", "headroom"}
    rows = [
        {key: value for key, value in row.items() if (key in KEYS or value) and key not in derived}
        for row in rows
    ]
    return [row for row in rows if set(row) - KEYS]


def _assert_balances(engine: Engine, script: str) -> None:
    with log.reading(engine) as connection:
        size = log.read_head(connection).size
        for verdict in json.loads((FOLDER / f"{script}.balances.json").read_text("utf-8")):
            for moment in (Moment(verdict["as_of"]), Moment(verdict["as_of"], size)):
                found = balances(connection, verdict["by"], moment, "2026-11-22")
                assert _what_moved(found) == verdict["rows"], (verdict["by"], moment)


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_verdict_and_every_balance_is_the_independent_readings(
    engine: Engine, script: str
) -> None:
    lines = _lines(script)
    receipts = execute_all(engine, [line["command"] for line in lines])
    for line, receipt in zip(lines, receipts, strict=True):
        assert receipt.status == line["status"], (line, receipt.message())
        assert receipt.status != "refused" or receipt.rule in line["rules"], (line, receipt)
    _assert_balances(engine, script)
    rebuild(engine)
    _assert_balances(engine, script)


def test_one_by_one_and_in_one_batch_come_to_the_same(engine: Engine) -> None:
    for line in _lines("b-patents"):
        receipt = execute(engine, line["command"])
        assert receipt.status == line["status"]
    _assert_balances(engine, "b-patents")
