"""`record_recovery`: money that was ordered back arrives (환수)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from commands.asks import LineAsk
from commands.limits import days_in_order, short_of
from commands.rules import bank_reference_free, line_and_day, not_whoever_ordered
from ledger.events import RecoveryReceived
from ledger.names import Reference
from ledger.won import PositiveWon, Won
from projections.books import Books
from projections.flows import flows


class RecordRecovery(LineAsk):
    """Record that a company paid what it was ordered to pay back, perhaps with interest."""

    amount_field: ClassVar[str | None] = "amount"

    amount: PositiveWon = Field(description="amount received, in whole won")
    interest: Won = Field(default=0, description="interest that came with it, in won (발생이자)")
    bank_ref: Reference = Field(description="reference of the bank transfer")


def decide(ask: RecordRecovery, books: Books) -> RecoveryReceived:
    """No more than is due, on an approved, settled or cancelled grant."""
    line, day = line_and_day(ask, books, "approved", "settled", "cancelled")
    not_whoever_ordered(ask.actor, line)
    bank_reference_free(books, ask.bank_ref)
    due = books.line_balance(line).due
    if ask.amount > due:
        raise short_of(line, due, ask.amount, "over-due")
    received = RecoveryReceived(
        **line.on_grant, amount=ask.amount, interest=ask.interest, bank_ref=ask.bank_ref
    )
    days_in_order(books, day, flows(received, day))
    return received
