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
from projections.facts.grants import Grant, Line
from projections.flows import flows


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
    grant = books.grant(ask.grant)
    if ask.lines is not None or grant is None:
        return ask
    lines = tuple(
        LineSubsidy.model_construct(**line.on_line, subsidy=line.asked)
        for line in _waiting(ask, books, grant)
    )
    return ask.model_copy(update={"lines": lines})


def _waiting(ask: Approve, books: Books, grant: Grant) -> list[Line]:
    """The lines of the day's year that are not yet approved: what no line named stands for."""
    year = year_of(day_of(ask, books))
    lines = books.lines(grant.grant)
    return [line for line in lines if line.year == year and not line.approved_on]


def decide(ask: Approve, books: Books) -> GrantApproved:
    """Held against the sizes and terms of its own day, together with what is used already."""
    grant = known_grant(books, ask.grant, "applied", "approved")
    awards = _awards(ask, books, grant)
    for line, _ in awards:
        if line.approved_on:
            raise Refused("wrong-status", "line-approved", **line.on_line)
    day = dated(ask, books)
    edition = terms_on(books, grant.programme, day)
    not_before(day, grant.applied_on, "application")
    for line, _ in awards:
        within_year(books, day, line.year)
    four_eyes(ask.actor, grant.applied_by, "apply")
    not_excluded(books, (line.company for line, _ in awards), day, grant.programme)

    enough_companies(books, edition.terms, participants(books, grant))
    cases_fit(edition.terms, (line.named for line, _ in awards))
    for line, award in awards:
        within_ratio(books, edition.terms, day, grant.programme, line.named, award, line.total_cost)
    for line, award in awards:
        within_request(line, award)
    approved = GrantApproved(
        grant=grant.grant,
        programme=grant.programme,
        edition=edition.seq,
        lines=tuple(ApprovedLine(**line.on_line, award=award) for line, award in awards),
    )
    moved = flows(approved, day)
    within_ceilings(books, edition.terms, day, moved)
    within_budget(books, day, moved)
    return approved


def _awards(ask: Approve, books: Books, grant: Grant) -> list[tuple[Line, int]]:
    if ask.lines is not None:
        return [
            (applied_line(books, grant.grant, line.company, line.year, line.case), line.subsidy)
            for line in ask.lines
        ]
    awards = [(line, line.asked) for line in _waiting(ask, books, grant)]
    if not awards:
        year = year_of(day_of(ask, books))
        raise Refused("wrong-status", "nothing-to-approve", grant=grant.grant, year=year)
    return awards
