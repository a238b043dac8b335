"""The rules that several commands share, each in one place.

Each function either returns what was asked for or raises `Refused` with the contract's slug.
Commands call them from the most fundamental to the least: what is unknown, status, dates and
years, people, terms, money.
"""

from __future__ import annotations

from collections.abc import Iterable

from commands.asks import Ask, LineAsk
from commands.words import Named
from ledger.errors import Refused, Shortfall
from ledger.names import check_digit_fits, id_key
from ledger.seoul import year_of
from ledger.terms import RateBySize, Terms
from projections.books import Books
from projections.facts.companies import Company
from projections.facts.editions import Edition, Programme
from projections.facts.grants import Grant, Line

# ── unknown, exists, status ──────────────────────────────────────────────────────────────────


def known_company(books: Books, number: str) -> Company:
    """The company, or `unknown`."""
    company = books.company(number)
    if company is None:
        wording = "unknown-company" if check_digit_fits(number) else "unknown-company-mistyped"
        raise Refused("unknown", wording, company=number)
    return company


def known_programme(books: Books, slug: str) -> Programme:
    """The programme, or `unknown`."""
    programme = books.programme(slug)
    if programme is None:
        known = tuple(
            Named(one.programme, f"{one.name_ko}({one.programme})") for one in books.programmes()
        )
        raise Refused("unknown", "unknown-programme", programme=slug, known=known)
    return programme


def known_grant(books: Books, grant: str, *statuses: str) -> Grant:
    """The grant, or `unknown`; or `wrong-status` unless it has one of the statuses."""
    found = books.grant(grant)
    if found is None:
        raise Refused("unknown", "unknown-grant", grant=grant)
    if found.status not in statuses:
        raise Refused(
            "wrong-status",
            "wrong-status-grant",
            grant=grant,
            status=found.status,
            allowed=statuses,
        )
    return found


def applied_line(books: Books, grant: str, company: str, year: int, case: str | None) -> Line:
    """A line that the grant applied for, or `unknown`."""
    line = books.line(grant, company, year, case)
    if line is None:
        raise Refused("unknown", "unknown-line", grant=grant, company=company, year=year, case=case)
    return line


def approved_line(books: Books, grant: str, company: str, year: int, case: str | None) -> Line:
    """A line that was approved, or `unknown` or `wrong-status`."""
    line = applied_line(books, grant, company, year, case)
    if not line.approved_on:
        raise Refused("wrong-status", "line-not-approved", **line.on_line)
    return line


def bank_reference_free(books: Books, bank_ref: str) -> None:
    """`duplicate-payment` where a bank reference stands for another entry."""
    seq = books.payment(bank_ref)
    if seq:
        raise Refused("duplicate-payment", bank_ref=bank_ref, seq=seq)


# ── dates and years ──────────────────────────────────────────────────────────────────────────


def day_of(ask: Ask, books: Books) -> str:
    """The day on which a command counts: as asked, or today in Seoul."""
    return ask.effective_on or books.today


def dated(ask: Ask, books: Books) -> str:
    """The day of a command, never in the future and, where money may move, in an open year."""
    day = day_of(ask, books)
    if day > books.today:
        raise Refused("future-dated", day=day, today=books.today)
    if ask.moves_money:
        open_year(books, year_of(day))
    return day


def open_year(books: Books, year: int) -> None:
    """`year-not-open` or `year-closed` unless the year is open now."""
    found = books.year(year)
    if found is None:
        raise Refused("year-not-open", year=year)
    if found.status == "closed":
        raise Refused("year-closed", year=year, closed_on=found.closed_on)


def within_year(books: Books, day: str, year: int) -> None:
    """A decision about a year is dated in it, and it is open."""
    if year_of(day) != year:
        raise Refused("year-mismatch", day=day, year=year)
    open_year(books, year)


def not_before(day: str, earlier: str, what: str) -> None:
    """`out-of-order` where something is dated before what it rests on."""
    if day < earlier:
        raise Refused("out-of-order", f"before-{what}", day=day, earlier=earlier)


def not_before_approval(day: str, line: Line) -> None:
    """`out-of-order` where something is dated before the line was approved."""
    if day < line.approved_on:
        raise Refused(
            "out-of-order",
            "dated-before-approval",
            day=day,
            earlier=line.approved_on,
            **line.on_line,
        )


def newest_flow(books: Books, grant: str) -> str:
    """The day of a grant's newest flow or approval, closings and reversals included.

    A flow that a clock which ran ahead dated after today is no newer than today: otherwise nobody
    could end the grant until that day has come. Whoever ends it checks the days after.
    """
    lines = [line for line in books.lines(grant) if line.approved_on]
    return max(
        (
            max(line.approved_on, min(books.line_balance(line).newest_on, books.today))
            for line in lines
        ),
        default="",
    )


def line_and_day(ask: LineAsk, books: Books, *statuses: str) -> tuple[Line, str]:
    """The approved line that a command names, and the day it counts on, not before its approval."""
    grant = known_grant(books, ask.grant, *statuses)
    line = approved_line(books, grant.grant, ask.company, ask.year, ask.case)
    day = dated(ask, books)
    not_before_approval(day, line)
    return line, day


# ── people ───────────────────────────────────────────────────────────────────────────────────


def four_eyes(actor: str, before: str, what: str) -> None:
    """Two people: whoever did the step before may not do this one."""
    if id_key(actor) == id_key(before):
        raise Refused("four-eyes", actor=before, what=what)


def not_whoever_awarded(actor: str, line: Line) -> None:
    """Whoever approved a line or raised its award does not pay it out."""
    four_eyes(actor, line.approved_by, "approve")
    for raiser in line.raised_by:
        four_eyes(actor, raiser, "amend")


def not_whoever_ordered(actor: str, line: Line) -> None:
    """Whoever gave the newest order to pay back that stands does not receive it."""
    if line.orders:
        newest = line.orders[-1]
        four_eyes(actor, newest.actor, newest.command)


def not_excluded(books: Books, companies: Iterable[str], day: str, programme: str) -> None:
    """`company-excluded` where one of the companies is excluded on the day."""
    for company in companies:
        until = books.excluded_until(company, day)
        if until is not None:
            raise Refused(
                "company-excluded",
                company=company,
                day=day,
                until=until,
                exclusion=_exclusion(books.edition_on(programme, day)),
            )


def _exclusion(edition: Edition | None) -> Named:
    """What an exclusion is called: under research programmes 참여제한, elsewhere 수행배제.

    The ratio by size is that of the act on national research and development, whose word the
    first is; the second is the subsidy act's.
    """
    research = edition is not None and isinstance(edition.terms.ratio, RateBySize)
    return Named("excluded", "참여제한" if research else "수행배제")


# ── terms ────────────────────────────────────────────────────────────────────────────────────


def terms_on(books: Books, programme: str, day: str) -> Edition:
    """The edition in force on a day, or `unknown` before the first."""
    edition = books.edition_on(programme, day)
    if edition is None:
        raise Refused("unknown", "no-terms-yet", programme=programme, day=day)
    return edition


def participants(books: Books, grant: Grant) -> set[str]:
    """Everybody who takes part in a grant."""
    return {grant.lead, *grant.partners, *(line.company for line in books.lines(grant.grant))}


def enough_companies(books: Books, terms: Terms, parties: Iterable[str]) -> None:
    """`min-companies` where fewer distinct companies take part than the terms ask."""
    found = {party: known_company(books, party) for party in parties}
    others = [party for party in found if found[party].party_type != "company"]
    there = len(found) - len(others)
    if there < terms.min_companies:
        raise Refused(
            "min-companies",
            "min-companies-uncounted" if others else "min-companies",
            there=there,
            least=terms.min_companies,
            uncounted=tuple(sorted(others)),
        )


def cases_fit(terms: Terms, lines: Iterable[tuple[str, int, str | None]]) -> None:
    """A programme that works by case wants one on each line; the others want none."""
    by_case = terms.by_case
    for company, year, case in lines:
        if by_case and not case:
            raise Refused("case-required", company=company, year=year)
        if case and not by_case:
            raise Refused("case-not-allowed", company=company, year=year, case=case)


def within_ratio(
    books: Books,
    terms: Terms,
    day: str,
    programme: str,
    line: tuple[str, int, str | None],
    subsidy: int,
    total_cost: int,
) -> None:
    """`subsidy-ratio` where a subsidy is over the ratio for that company's size on the day."""
    company, year, case = line
    rate = terms.rate_for(books.size_on(company, day))
    largest = rate.largest(total_cost) if rate else 0
    if subsidy > largest:
        short = Shortfall(programme, company, year, case or None, largest, 0, subsidy)
        if rate is None:
            raise Refused("subsidy-ratio", "no-ratio", short=short)
        raise Refused(
            "subsidy-ratio",
            f"subsidy-ratio-{rate.bound}",
            short=short,
            percent=rate.percent,
            total_cost=total_cost,
        )
