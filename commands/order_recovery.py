"""`order_recovery`: money is to be paid back (반환 명령), cancelled or not, settled or not."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from commands.asks import AsList, Distinct, LineAmount, LinesAsk
from commands.limits import days_in_order, recovery
from commands.rules import approved_line, dated, known_grant, not_before_approval
from ledger.events import RecoveryLine, RecoveryOrdered
from ledger.names import FreeText
from projections.books import Books
from projections.flows import flows


class OrderRecovery(LinesAsk):
    """Order money to be paid back."""

    amount_field: ClassVar[str | None] = "amount"

    lines: Annotated[tuple[LineAmount, ...], AsList, Distinct] = Field(
        description="{company, year, case?, amount} to be paid back"
    )
    reason: FreeText = Field(description="why")


def decide(ask: OrderRecovery, books: Books) -> RecoveryOrdered:
    """Out of what is advanced, then of what is spent."""
    grant = known_grant(books, ask.grant, "approved", "settled", "cancelled")
    wanted = [
        (approved_line(books, grant.grant, line.company, line.year, line.case), line.amount)
        for line in ask.lines
    ]
    day = dated(ask, books)
    for line, _ in wanted:
        not_before_approval(day, line)
    ordered = RecoveryOrdered(
        grant=grant.grant,
        programme=grant.programme,
        lines=tuple(
            RecoveryLine(**line.on_line, draws=recovery(books, line, amount))
            for line, amount in wanted
        ),
        reason=ask.reason,
    )
    days_in_order(books, day, flows(ordered, day))
    return ordered
