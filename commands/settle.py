"""`settle`: a grant ends as it should (정산 확정); what is left of its awards is released."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.limits import days_in_order, held, released_to
from commands.rules import dated, known_grant, newest_flow, not_before
from ledger.errors import Refused
from ledger.events import GrantSettled, SettledLine
from ledger.names import Id
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import flows


class Settle(Ask):
    """Settle a grant: nothing advanced, payable, due or undecided may be left."""

    grant: Id = Field(description="id of the grant")


def decide(ask: Settle, books: Books) -> GrantSettled:
    """Not before the grant's newest flow; a line that was never approved does not stand in it."""
    grant = known_grant(books, ask.grant, "approved")
    day = dated(ask, books)
    not_before(day, newest_flow(books, grant.grant), "newest-flow")
    undecided = books.open_claims(grant.grant)
    if undecided:
        raise Refused(
            "outstanding-balance", "claims-undecided", grant=ask.grant, undecided=undecided
        )
    lines = [line for line in books.lines(grant.grant) if line.approved_on]
    for line in lines:
        _nothing_outstanding(books, line)
    lines_left = (_line(books, line) for line in lines)
    settled = GrantSettled(
        grant=grant.grant,
        programme=grant.programme,
        lines=tuple(line for line in lines_left if line.released),
    )
    days_in_order(books, day, flows(settled, day))
    return settled


def _line(books: Books, line: Line) -> SettledLine:
    released = held(books.line_balance(line), ("committed", "carried"))
    return SettledLine(**line.on_line, released=released, released_to=released_to(books, line.year))


def _nothing_outstanding(books: Books, line: Line) -> None:
    balance = books.line_balance(line)
    if balance.advanced or balance.payable or balance.due:
        raise Refused(
            "outstanding-balance",
            **line.on_line,
            advanced=balance.advanced,
            payable=balance.payable,
            due=balance.due,
        )
