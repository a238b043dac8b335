"""`carry_over`: committed money is carried over into the following year (이월)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from commands.asks import LineAsk
from commands.limits import days_in_order, short_of
from commands.rules import line_and_day, within_year
from ledger.events import CarriedOver
from ledger.names import FreeText
from ledger.won import PositiveWon
from projections.books import Books
from projections.flows import flows


class CarryOver(LineAsk):
    """Carry committed money over into the following year; it lapses when that year closes."""

    amount_field: ClassVar[str | None] = "amount"

    amount: PositiveWon = Field(description="amount carried over, in whole won")
    reason: FreeText = Field(description="why")


def decide(ask: CarryOver, books: Books) -> CarriedOver:
    """Dated in the line's year, before it closes; no more than is committed."""
    line, day = line_and_day(ask, books, "approved")
    within_year(books, day, line.year)
    committed = books.line_balance(line).committed
    if ask.amount > committed:
        raise short_of(line, committed, ask.amount, "over-committed")
    carried = CarriedOver(**line.on_grant, amount=ask.amount, reason=ask.reason)
    days_in_order(books, day, flows(carried, day))
    return carried
