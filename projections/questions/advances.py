"""Advances without evidence, by the payment that made them: the oldest is discharged first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import exists, select

from projections.facts.payments import Payment, Reversal
from projections.questions.roll_ups import Row, up_to
from projections.questions.snapshot import Snapshot
from projections.questions.waiting import Waiting
from projections.storage.schema import schema

_TOGETHER = 500
"""How many grants are asked about in one statement."""


def advances(snapshot: Snapshot, lines: Iterable[Waiting]) -> list[Row]:
    """What is advanced and not proven on lines at the moment, in won; the oldest payment first.

    As the oldest is discharged first, what a line has advanced is what was paid last.
    """
    waiting = [line for line in lines if line.advanced]
    left = {(line.grant, line.company, line.year, line.case): line.advanced for line in waiting}
    grants = sorted({line.grant for line in waiting})
    paid = [
        payment
        for start in range(0, len(grants), _TOGETHER)
        for payment in _paid(snapshot, grants[start : start + _TOGETHER])
    ]
    paid.sort(key=lambda one: (one.day, one.seq), reverse=True)
    today = date.fromisoformat(snapshot.day)
    found: list[Row] = []
    for payment in paid:
        line = payment.grant, payment.company, payment.year, payment.case
        amount = min(payment.advanced, left.get(line, 0))
        if amount:
            left[line] -= amount
            found.append(_told(payment, amount, today))
    found.reverse()
    return found


def _told(payment: Payment, amount: int, today: date) -> Row:
    return {
        "grant": payment.grant,
        "programme": payment.programme,
        "company": payment.company,
        "year": payment.year,
        "case": payment.case or None,
        "seq": payment.seq,
        "paid_on": payment.day,
        "days": (today - date.fromisoformat(payment.day)).days,
        "amount": amount,
    }


def _paid(snapshot: Snapshot, grants: Sequence[str]) -> Iterator[Payment]:
    """What was paid in advance for grants, and not reversed, by the moment."""
    paid, reversal = schema().tables[Payment], schema().tables[Reversal].c
    reversed_ = exists().where(
        reversal.entry == paid.c.seq, *up_to(reversal.day, reversal.by, snapshot.at)
    )
    question = select(paid).where(
        paid.c.grant.in_(grants),
        paid.c.advanced > 0,
        ~reversed_,
        *up_to(paid.c.day, paid.c.seq, snapshot.at),
    )
    return (Payment(*found) for found in snapshot.connection.execute(question).all())
