"""`approve`: lines of a grant are awarded (교부결정)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from commands.asks import AsList, Distinct, LinesAsk, LineSubsidy
from commands.limits import within_budget, within_ceilings, within_request
from commands.rules import (
    applied_line,
    cases_fit,
    dated,
    day_of,
    enough_companies,
    four_eyes,
    known_grant,
    not_before,
    not_excluded,
    participants,
    terms_on,
    within_ratio,
    within_year,
)
from ledger.errors import Refused
from ledger.events import ApprovedLine, GrantApproved
from ledger.names import NotNull
from ledger.seoul import year_of
from projections.books import Books
from projections.flows import Moved
from projections.grants import Line


class Approve(LinesAsk):
    """Approve lines of a grant, as asked or lower."""

    amount_field: ClassVar[str | None] = "subsidy"

    lines: Annotated[tuple[LineSubsidy, ...] | None, AsList, NotNull, Distinct] = Field(
        default=None,
        description="{company, year, case?, subsidy}; left out: all lines of the day's year "
        "that are not yet approved, as asked",
    )


def spelled_out(ask: Approve, books: Books) -> Approve:
    """The same command with its lines named."""
    if ask.lines is not None:
        return ask
    lines = tuple(
        LineSubsidy.model_construct(**line.on_line, subsidy=line.asked)
        for line in _waiting(ask, books)
    )
    return ask.model_copy(update={"lines": lines})


def _waiting(ask: Approve, books: Books) -> list[Line]:
    """The lines of the day's year that are not yet approved: what no line named stands for."""
    year = year_of(day_of(ask, books))
    return [line for line in books.lines(ask.grant) if line.year == year and not line.approved_on]


def decide(ask: Approve, books: Books) -> GrantApproved:
    """Held against the sizes and terms of its own day, together with what is used already."""
    grant = known_grant(books, ask.grant, "applied", "approved")
    awards = _awards(ask, books)
    for line, _ in awards:
        if line.approved_on:
            raise Refused("wrong-status", "line-approved", **line.on_line)
    day = dated(ask, books)
    not_before(day, grant.applied_on, "application")
    for line, _ in awards:
        within_year(books, day, line.year)
    four_eyes(ask.actor, grant.applied_by, "apply")
    not_excluded(books, (line.company for line, _ in awards), day, grant.programme)

    edition = terms_on(books, grant.programme, day)
    enough_companies(books, edition.terms, participants(books, grant))
    cases_fit(edition.terms, (line.case for line, _ in awards))
    for line, award in awards:
        within_ratio(books, edition.terms, day, grant.programme, line.named, award, line.total_cost)
    for line, award in awards:
        within_request(line, award)
    moves: list[tuple[Line, Moved]] = [
        (line, ("available", "committed", award)) for line, award in awards
    ]
    within_ceilings(books, edition.terms, day, moves)
    within_budget(books, day, moves)
    return GrantApproved(
        grant=grant.grant,
        programme=grant.programme,
        edition=edition.seq,
        lines=tuple(ApprovedLine(**line.on_line, award=award) for line, award in awards),
    )


def _awards(ask: Approve, books: Books) -> list[tuple[Line, int]]:
    if ask.lines is not None:
        return [
            (applied_line(books, ask.grant, line.company, line.year, line.case), line.subsidy)
            for line in ask.lines
        ]
    awards = [(line, line.asked) for line in _waiting(ask, books)]
    if not awards:
        year = year_of(day_of(ask, books))
        raise Refused("wrong-status", "nothing-to-approve", grant=ask.grant, year=year)
    return awards
