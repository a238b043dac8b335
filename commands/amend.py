"""`amend`: awards are raised or lowered; the total cost stays as applied for."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from commands.asks import AsList, Distinct, LinesAsk, LineSubsidy
from commands.limits import (
    days_in_order,
    drawn,
    released_to,
    short_of,
    within_budget,
    within_ceilings,
    within_request,
)
from commands.rules import (
    approved_line,
    cases_fit,
    dated,
    enough_companies,
    four_eyes,
    known_grant,
    not_before_approval,
    not_excluded,
    participants,
    terms_on,
    within_ratio,
    within_year,
)
from ledger.events import AmendedLine, AwardAmended
from ledger.names import FreeText
from projections.books import Books
from projections.facts.grants import Grant, Line
from projections.flows import flows


class Amend(LinesAsk):
    """Raise or lower awards of approved lines."""

    amount_field: ClassVar[str | None] = "subsidy"

    lines: Annotated[tuple[LineSubsidy, ...], AsList, Distinct] = Field(
        description="{company, year, case?, subsidy} with the new award"
    )
    reason: FreeText = Field(description="why")


def decide(ask: Amend, books: Books) -> AwardAmended:
    """Raises are checked like approvals; what is lowered comes out of committed, then carried."""
    grant = known_grant(books, ask.grant, "approved")
    awards = [
        (approved_line(books, grant.grant, line.company, line.year, line.case), line.subsidy)
        for line in ask.lines
    ]
    raised = [(line, award) for line, award in awards if award > line.award]
    day = dated(ask, books)
    for line, _ in awards:
        not_before_approval(day, line)
    for line, _ in raised:
        within_year(books, day, line.year)
    if raised:
        four_eyes(ask.actor, grant.applied_by, "apply")
        _raises_allowed(books, grant, raised, day)

    amended = AwardAmended(
        grant=grant.grant,
        programme=grant.programme,
        lines=tuple(_change(books, line, award) for line, award in awards),
        reason=ask.reason,
    )
    moved = flows(amended, day)
    if raised:
        within_ceilings(books, terms_on(books, grant.programme, day).terms, day, moved)
    within_budget(books, day, moved)
    days_in_order(books, day, moved)
    return amended


def _raises_allowed(books: Books, grant: Grant, raised: list[tuple[Line, int]], day: str) -> None:
    terms = terms_on(books, grant.programme, day).terms
    not_excluded(books, (line.company for line, _ in raised), day, grant.programme)
    enough_companies(books, terms, participants(books, grant))
    cases_fit(terms, (line.named for line, _ in raised))
    for line, award in raised:
        within_ratio(books, terms, day, grant.programme, line.named, award, line.total_cost)
        within_request(line, award)


def _change(books: Books, line: Line, award: int) -> AmendedLine:
    cut = max(line.award - award, 0)
    balance = books.line_balance(line)
    released, missing = drawn(balance, cut, ("committed", "carried"))
    if missing:
        raise short_of(line, cut - missing, cut, "drawn-already", award=award)
    return AmendedLine(
        **line.on_line,
        was=line.award,
        award=award,
        released=released,
        released_to=released_to(books, line.year) if released else None,
    )
