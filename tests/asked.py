"""Questions as tests ask them: of a reading transaction, at a moment, on a day that is told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger import log, seoul
from projections.questions.balances import Balances
from projections.questions.roll_ups import By
from projections.questions.snapshot import Moment, Snapshot
from projections.questions.table import QUESTIONS, answered


def snapshot_of(connection: Connection, at: Moment | None = None, today: str = "") -> Snapshot:
    """What a transaction sees, at a moment."""
    today = today or seoul.day_of(log.now())
    return Snapshot(connection, log.read_head(connection), today, at=at or Moment())


def balances(
    connection: Connection, by: By, at: Moment | None = None, today: str = "", **wanted: Any
) -> list[dict[str, Any]]:
    """The rows of a roll-up."""
    at = at or Moment()
    question = Balances(by=by, as_of=at.day, at_seq=at.seq, **wanted)
    return question.answer(question.turned(snapshot_of(connection, today=today)))


def asked(connection: Connection, question: str, /, today: str = "", **named: Any) -> Any:
    """The answer to a question of the table, with what was told as it came in a list."""
    answer = answered(snapshot_of(connection, today=today), QUESTIONS[question].read(named))
    return answer if isinstance(answer, list | dict) else list(answer)


def moment(connection: Connection, **named: Any) -> Moment:
    """The moment that is meant."""
    return QUESTIONS["balances"].read(named).turned(snapshot_of(connection)).at
