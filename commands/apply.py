"""`apply`: a grant is applied for (교부신청)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from commands.asks import AsList, Distinct, LineNamed, LinesAsk
from commands.limits import over_ceiling
from commands.rules import (
    cases_fit,
    dated,
    enough_companies,
    known_company,
    known_programme,
    not_excluded,
    terms_on,
    within_ratio,
)
from ledger.errors import Refused, Unfit
from ledger.events import AppliedLine, GrantApplied
from ledger.names import BusinessNumber, FreeText, Id, NotNull
from ledger.names import case_key as same_case
from ledger.seoul import year_of
from ledger.terms import Ceiling, Slug, Terms
from ledger.won import PositiveWon, Won
from projections.books import Books


class ApplyLine(LineNamed):
    """What one company asks for one fiscal year (and, where the programme works by it, case)."""

    total_cost: PositiveWon = Field(
        description="total cost in won, net of VAT: subsidy, own cash, in kind, local share"
    )
    subsidy: Won = Field(description="subsidy asked for, in won")
    in_kind: Won = Field(default=0, description="own share in kind, in won")
    local_share: Won = Field(default=0, description="share of local government, in won")

    @model_validator(mode="after")
    def _shares_add_up(self) -> ApplyLine:
        shares = self.subsidy + self.in_kind + self.local_share
        if shares > self.total_cost:
            raise Unfit("shares-over-cost", shares=shares, cost=self.total_cost)
        return self


class Apply(LinesAsk):
    """Apply for a grant under one programme."""

    moves_money = False
    amount_field: ClassVar[str | None] = "subsidy"

    grant: Annotated[Id | None, NotNull] = Field(  # type: ignore[assignment]
        default=None, description="id of the grant; made if left out"
    )
    programme: Slug = Field(description="programme of the catalogue")
    title: FreeText = Field(description="title of the project")
    lead: BusinessNumber = Field(description="business number of the lead organisation")
    lines: Annotated[tuple[ApplyLine, ...], AsList, Distinct] = Field(
        description="{company, year, case?, total_cost, subsidy, in_kind?, local_share?}"
    )
    partners: Annotated[tuple[BusinessNumber, ...], AsList] = Field(
        default=(), description="further participants, without subsidy"
    )

    @model_validator(mode="after")
    def _lead_takes_part(self) -> Apply:
        if self.lead not in self.participants:
            raise Unfit("lead-not-there", lead=self.lead)
        return self

    @property
    def participants(self) -> list[str]:
        """Everybody who takes part, each once."""
        return list(dict.fromkeys([*(line.company for line in self.lines), *self.partners]))


def decide(ask: Apply, books: Books) -> GrantApplied:
    """Held against the terms of its day, looking at the application alone."""
    if ask.grant is not None and books.grant(ask.grant) is not None:
        raise Refused("already-exists", "grant-exists", grant=ask.grant)
    known_programme(books, ask.programme)
    parties = ask.participants
    for party in parties:
        known_company(books, party)
    day = dated(ask, books)
    terms = terms_on(books, ask.programme, day).terms
    for line in ask.lines:
        if line.year < year_of(day):
            company, year, case = line.named
            raise Refused(
                "year-mismatch", "year-is-past", company=company, year=year, case=case, day=day
            )
    not_excluded(books, parties, day, ask.programme)
    enough_companies(books, terms, parties)
    cases_fit(terms, (line.named for line in ask.lines))
    for line in ask.lines:
        within_ratio(books, terms, day, ask.programme, line.named, line.subsidy, line.total_cost)
    _within_ceilings_alone(terms, ask)
    return GrantApplied(
        grant=ask.grant or _made(books, day),
        programme=ask.programme,
        title=ask.title,
        lead=ask.lead,
        lines=tuple(_applied(ask.lines, books)),
        partners=tuple(dict.fromkeys(ask.partners)),
    )


def _within_ceilings_alone(terms: Terms, ask: Apply) -> None:
    for cap in terms.caps:
        asked: dict[object, int] = defaultdict(int)
        for line in ask.lines:
            key = _bounded(cap, line)
            asked[key] += line.subsidy
            if asked[key] > cap.largest:
                total = sum(other.subsidy for other in ask.lines if _bounded(cap, other) == key)
                named = line.named
                raise over_ceiling(cap, named, ask.programme, 0, total)


def _bounded(cap: Ceiling, line: ApplyLine) -> object:
    match cap.per:
        case "company_year":
            return line.company, line.year
        case "grant_year":
            return line.year
        case "case":
            return same_case(line.case or "")


def _applied(lines: Iterable[ApplyLine], books: Books) -> Iterable[AppliedLine]:
    """The lines with their cases as first given, here or in an earlier application."""
    first_given: dict[str, str] = {}
    for line in lines:
        case = line.case
        if case:
            case = first_given.setdefault(same_case(case), books.case_as_given(case))
        yield AppliedLine(
            company=line.company,
            year=line.year,
            case=case,
            total_cost=line.total_cost,
            subsidy=line.subsidy,
            in_kind=line.in_kind,
            local_share=line.local_share,
        )


def _made(books: Books, day: str) -> str:
    """A grant id that nobody has: the year and the position of the application."""
    number = books.journal.next_seq
    while books.grant(made := f"G{year_of(day)}-{number:06d}") is not None:
        number += 1
    return made
