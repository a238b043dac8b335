"""Laws of budgets and awards: what is promised, by whom, and under which edition of the terms."""

from __future__ import annotations

from ledger.envelope import Entry
from ledger.events import (
    AmendedLine,
    AwardAmended,
    BudgetAllocated,
    GrantApproved,
)
from ledger.terms import Terms
from projections.books import Books
from projections.facts.grants import Grant, Line
from projections.replay.laws.applications import (
    enough_companies,
    fits_case,
    not_before_application,
    not_excluded,
    terms_on,
    within_ratio,
)
from projections.replay.laws.broken import (
    Broken,
    approved_line,
    distinct,
    drawn,
    grant_of,
    other_person,
    pairs,
    released_to,
    same,
)
from projections.replay.laws.years import of_its_own_year


def allocated(entry: Entry, event: BudgetAllocated, books: Books) -> None:
    """A budget of a programme for the year of its day; an amount of nothing changes nothing."""
    if books.programme(event.programme) is None:
        raise Broken(entry, "unknown", f"there is no programme {event.programme}")
    of_its_own_year(entry, event.year, books)
    if event.amount == 0:
        raise Broken(entry, "invalid", "an amount of 0")


def approved(entry: Entry, event: GrantApproved, books: Books) -> None:
    """Lines applied for and not yet approved, in their own year, by another than the applicant."""
    grant = grant_of(entry, event, books, "applied", "approved")
    not_before_application(entry, grant.applied_on)
    other_person(entry, grant.applied_by, "apply")
    distinct(entry, ((line.company, line.year, line.case) for line in event.lines), "line")
    edition = terms_on(entry, grant.programme, books)
    same(entry, "edition", event.edition, edition.seq)
    lines = []
    for part in event.lines:
        line = books.rows.get(Line, grant.grant, part.company, part.year, part.case or "")
        if line is None:
            raise Broken(entry, "unknown", f"{part.company}, {part.year} was not applied for")
        if line.approved_on:
            raise Broken(entry, "wrong-status", f"{part.company}, {part.year} was approved before")
        lines.append((line, part.award))
    _allowed(entry, grant, lines, edition.terms, books)


def amended(entry: Entry, event: AwardAmended, books: Books) -> None:
    """Raises are like approvals; what is lowered comes out of committed, then carried."""
    grant = grant_of(entry, event, books, "approved")
    distinct(entry, ((line.company, line.year, line.case) for line in event.lines), "line")
    raised = []
    for part in event.lines:
        line = approved_line(entry, books, grant.grant, part.company, part.year, part.case)
        same(entry, "was", part.was, line.award)
        _released(entry, part, line, books)
        if part.award > part.was:
            raised.append((line, part.award))
    if raised:
        other_person(entry, grant.applied_by, "apply")
        terms = terms_on(entry, grant.programme, books).terms
        _allowed(entry, grant, raised, terms, books)


def _released(entry: Entry, part: AmendedLine, line: Line, books: Books) -> None:
    balance = books.line_balance(line)
    cut = max(part.was - part.award, 0)
    draws = drawn(balance, cut, "committed", "carried")
    same(entry, "released", pairs(part.released), draws)
    if sum(won for _, won in draws) != cut:
        raise Broken(entry, "within-award", f"{cut} is taken back, {draws} are not drawn yet")
    same(entry, "released_to", part.released_to, released_to(books, line) if draws else None)


def _allowed(
    entry: Entry, grant: Grant, awards: list[tuple[Line, int]], terms: Terms, books: Books
) -> None:
    not_excluded(entry, (line.company for line, _ in awards), books)
    parties = {grant.lead, *grant.partners, *(line.company for line in books.lines(grant.grant))}
    enough_companies(entry, terms, parties, books)
    for line, award in awards:
        of_its_own_year(entry, line.year, books)
        fits_case(entry, terms, line.case)
        within_ratio(entry, terms, line.company, award, line.total_cost, books)
        if award > line.asked:
            raise Broken(entry, "exceeds-request", f"{award} is awarded, {line.asked} was asked")
