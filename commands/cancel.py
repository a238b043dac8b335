"""`cancel`: a grant is cancelled for cause (교부결정 취소), with sums to recover."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from commands.asks import AsList, Distinct, LineAmount, LinesAsk
from commands.limits import days_in_order, held, recovery, released_to
from commands.rules import approved_line, dated, known_grant, newest_flow, not_before
from ledger.events import CancelledLine, GrantCancelled
from ledger.names import FreeText, NotNull
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import flows
from projections.rows import key_of


class Cancel(LinesAsk):
    """Cancel a grant for cause: release what was not paid, order back what is to be recovered."""

    amount_field: ClassVar[str | None] = "amount"
    lines_field: ClassVar[str] = "recover"

    reason: FreeText = Field(description="why")
    recover: Annotated[tuple[LineAmount, ...] | None, AsList, NotNull, Distinct] = Field(
        default=None, description="{company, year, case?, amount} to be paid back"
    )


def decide(ask: Cancel, books: Books) -> GrantCancelled:
    """Not before the grant's newest flow; recoveries come out of advanced, then spent."""
    grant = known_grant(books, ask.grant, "approved")
    wanted = {
        key_of(approved_line(books, grant.grant, line.company, line.year, line.case)): line.amount
        for line in ask.recover or ()
    }
    day = dated(ask, books)
    not_before(day, newest_flow(books, grant.grant), "newest-flow")
    lines = [
        _line(books, line, wanted.get(key_of(line), 0))
        for line in books.lines(grant.grant)
        if line.approved_on
    ]
    cancelled = GrantCancelled(
        grant=grant.grant,
        programme=grant.programme,
        lines=tuple(line for line in lines if line.released or line.to_recover),
        reason=ask.reason,
    )
    days_in_order(books, day, flows(cancelled, day))
    return cancelled


def _line(books: Books, line: Line, to_recover: int) -> CancelledLine:
    released = held(books.line_balance(line), ("committed", "carried", "payable"))
    return CancelledLine(
        **line.on_line,
        released=released,
        released_to=released_to(books, line.year) if released else None,
        to_recover=recovery(books, line, to_recover),
    )
