"""`return_funds`: money paid in advance comes back unspent (반납)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from commands.asks import LineAsk
from commands.limits import days_in_order, short_of
from commands.rules import bank_reference_free, line_and_day
from ledger.errors import Unfit
from ledger.events import FundsReturned
from ledger.names import Reference
from ledger.won import Won
from projections.books import Books
from projections.flows import flows


class ReturnFunds(LineAsk):
    """Record that a company paid back what it had been advanced, perhaps with interest."""

    amount_field: ClassVar[str | None] = "amount"

    amount: Won = Field(description="amount returned, in whole won; may be 0 with interest")
    interest: Won = Field(default=0, description="interest that came with it, in won (발생이자)")
    bank_ref: Reference = Field(description="reference of the bank transfer")

    @model_validator(mode="after")
    def _something_came(self) -> ReturnFunds:
        if not self.amount and not self.interest:
            raise Unfit("nothing-returned")
        return self


def decide(ask: ReturnFunds, books: Books) -> FundsReturned:
    """No more than is advanced; returned money does not go back to the budget."""
    line, day = line_and_day(ask, books, "approved", "cancelled")
    bank_reference_free(books, ask.bank_ref)
    advanced = books.line_balance(line).advanced
    if ask.amount > advanced:
        raise short_of(line, advanced, ask.amount, "over-advanced")
    returned = FundsReturned(
        **line.on_grant, amount=ask.amount, interest=ask.interest, bank_ref=ask.bank_ref
    )
    days_in_order(books, day, flows(returned, day))
    return returned
