"""Laws of applications: who takes part, under which terms, for how much; and of their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ledger.envelope import Entry
from ledger.events import (
    AppliedLine,
    CaseIdentified,
    GrantApplied,
    GrantRejected,
    GrantWithdrawn,
)
from ledger.names import case_key
from ledger.seoul import year_of
from ledger.terms import Ceiling, Terms
from projections.books import Books
from projections.facts.editions import Edition
from projections.replay.laws.broken import Broken, distinct, grant_of, same


def applied(entry: Entry, event: GrantApplied, books: Books) -> None:
    """Held against the terms of its day, looking at the application alone."""
    if books.grant(event.grant) is not None:
        raise Broken(entry, "already-exists", f"grant {event.grant} was applied for before")
    if books.programme(event.programme) is None:
        raise Broken(entry, "unknown", f"there is no programme {event.programme}")
    distinct(entry, ((line.company, line.year, line.case) for line in event.lines), "line")
    same(entry, "partners", len(set(event.partners)), len(event.partners), "invalid")
    parties = {*event.partners, *(line.company for line in event.lines)}
    if event.lead not in parties:
        raise Broken(entry, "invalid", f"the lead {event.lead} takes no part")
    for line in event.lines:
        _possible(entry, line, books)
    not_excluded(entry, parties, books)
    terms = terms_on(entry, event.programme, books).terms
    enough_companies(entry, terms, parties, books)
    for line in event.lines:
        fits_case(entry, terms, line.case)
        within_ratio(entry, terms, line.company, line.subsidy, line.total_cost, books)
    for cap in terms.caps:
        _within_alone(entry, cap, event.lines)


def _possible(entry: Entry, line: AppliedLine, books: Books) -> None:
    if line.subsidy + line.in_kind + line.local_share > line.total_cost:
        raise Broken(entry, "invalid", f"the shares of {line.company} pass {line.total_cost}")
    if line.year < year_of(entry.effective_on):
        raise Broken(entry, "year-mismatch", f"{line.year} was past on {entry.effective_on}")
    if line.case is not None:
        same(entry, "case", line.case, books.case_as_given(line.case), "unknown")


def _within_alone(entry: Entry, cap: Ceiling, lines: Iterable[AppliedLine]) -> None:
    asked: dict[object, int] = defaultdict(int)
    for line in lines:
        of_case = case_key(line.case or "")
        keys = {"company_year": (line.company, line.year), "grant_year": line.year, "case": of_case}
        asked[keys[cap.per]] += line.subsidy
    if asked and max(asked.values()) > cap.largest:
        law = "case-cap" if cap.per == "case" else "annual-cap"
        raise Broken(entry, law, f"{max(asked.values())} is asked for, {cap.largest} at most")


def ended(entry: Entry, event: GrantRejected | GrantWithdrawn, books: Books) -> None:
    """An application ends as long as nothing of it was approved, not before it was made."""
    grant = grant_of(entry, event, books, "applied")
    not_before_application(entry, grant.applied_on)


def not_before_application(entry: Entry, applied_on: str) -> None:
    """Nothing comes before the application that it rests on."""
    if entry.effective_on < applied_on:
        raise Broken(entry, "out-of-order", f"it precedes the application of {applied_on}")


def identified(entry: Entry, event: CaseIdentified, books: Books) -> None:
    """A number belongs to one case, and a case has at most one."""
    case = books.case(event.case)
    if case is None or case.case != event.case:
        raise Broken(entry, "unknown", f"no application named the case {event.case!r}")
    if case.application_number:
        raise Broken(entry, "already-exists", f"{case.case} has {case.application_number}")
    taken = books.application_number(event.application_number)
    if taken is not None:
        raise Broken(entry, "already-exists", f"the number belongs to {taken.case}")


# ── what awards ask for as well ──────────────────────────────────────────────────────────────


def terms_on(entry: Entry, programme: str, books: Books) -> Edition:
    """The edition in force on the day of an entry, as far as it was known then."""
    edition = books.edition_on(programme, entry.effective_on)
    if edition is None:
        raise Broken(entry, "unknown", f"{programme} had no terms on {entry.effective_on}")
    return edition


def not_excluded(entry: Entry, companies: Iterable[str], books: Books) -> None:
    """No company that is excluded on the day takes part."""
    for company in companies:
        until = books.excluded_until(company, entry.effective_on)
        if until is not None:
            raise Broken(entry, "company-excluded", f"{company} is excluded until {until}")


def enough_companies(entry: Entry, terms: Terms, parties: Iterable[str], books: Books) -> None:
    """As many distinct companies as the terms ask; others take part and do not count."""
    companies = 0
    for party in parties:
        known = books.company(party)
        if known is None:
            raise Broken(entry, "unknown", f"{party} is not registered")
        companies += known.party_type == "company"
    if companies < terms.min_companies:
        raise Broken(entry, "min-companies", f"{companies} companies, {terms.min_companies} asked")


def fits_case(entry: Entry, terms: Terms, case: str | None) -> None:
    """A programme that works by case wants one on each line; the others want none."""
    if terms.by_case != bool(case):
        law = "case-required" if terms.by_case else "case-not-allowed"
        raise Broken(entry, law, f"a line names the case {case!r}")


def within_ratio(
    entry: Entry,
    terms: Terms,
    company: str,
    subsidy: int,
    total_cost: int,
    books: Books,
) -> None:
    """A subsidy within the ratio for that company's size on the day, cross-multiplied."""
    rate = terms.rate_for(books.size_on(company, entry.effective_on))
    if subsidy == 0:
        return
    share, most = subsidy * 100, total_cost * (rate.percent if rate else 0)
    if rate is None or share > most or (share == most and rate.bound == "lt"):
        allowed = f"{rate.percent} % ({rate.bound})" if rate else "no ratio"
        raise Broken(
            entry, "subsidy-ratio", f"{subsidy} of {total_cost} for {company}, under {allowed}"
        )
