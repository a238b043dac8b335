"""The rules that several commands share, each in one place.

Each function either returns what was asked for or raises `Refused` with the contract's slug.
Commands call them from the most fundamental to the least: what is unknown, status, dates and
years, people, terms, money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from commands.asks import Ask, LineAsk
from ledger.errors import Refused, Shortfall
from ledger.events import Draw
from ledger.names import check_digit_fits
from ledger.seoul import year_of
from ledger.terms import Ceiling, Terms
from ledger.won import LIMIT
from projections import balances
from projections.balances import Balance
from projections.books import Books
from projections.companies import Company
from projections.editions import Edition, Programme
from projections.flows import Moved, used_by
from projections.grants import Grant, Line
from projections.rows import Key

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
        raise Refused("unknown", "unknown-programme", programme=slug)
    return programme


def known_grant(books: Books, grant: str, *statuses: str) -> Grant:
    """The grant, or `unknown`; or `wrong-status` unless it has one of the statuses."""
    found = books.grant(grant)
    if found is None:
        raise Refused("unknown", "unknown-grant", grant=grant)
    if found.status not in statuses:
        raise Refused("wrong-status", "wrong-status-grant", grant=grant, status=found.status)
    return found


def applied_line(books: Books, grant: str, company: str, year: int, case: str | None) -> Line:
    """A line that the grant applied for, or `unknown`."""
    line = books.line(grant, company, year, case)
    if line is None:
        raise Refused(
            "unknown", "unknown-line", grant=grant, company=company, year=year, case=case or "-"
        )
    return line


def approved_line(books: Books, grant: str, company: str, year: int, case: str | None) -> Line:
    """A line that was approved, or `unknown` or `wrong-status`."""
    line = applied_line(books, grant, company, year, case)
    if not line.approved_on:
        raise Refused("wrong-status", "line-not-approved", company=company, year=year)
    return line


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


def newest_flow(books: Books, grant: str) -> str:
    """The day of a grant's newest flow or approval, closings and reversals included."""
    lines = [line for line in books.lines(grant) if line.approved_on]
    return max(
        (max(line.approved_on, books.line_balance(line).newest_on) for line in lines), default=""
    )


def line_and_day(ask: LineAsk, books: Books, *statuses: str) -> tuple[Line, str]:
    """The approved line that a command names, and the day it counts on, not before its approval."""
    known_grant(books, ask.grant, *statuses)
    line = approved_line(books, ask.grant, ask.company, ask.year, ask.case)
    day = dated(ask, books)
    not_before(day, line.approved_on, "approval")
    return line, day


# ── people ───────────────────────────────────────────────────────────────────────────────────


def four_eyes(actor: str, before: str, what: str) -> None:
    """Two people: whoever did the step before may not do this one."""
    if actor == before:
        raise Refused("four-eyes", actor=actor, what=what)


def not_excluded(books: Books, companies: Iterable[str], day: str) -> None:
    """`company-excluded` where one of the companies is excluded on the day."""
    for company in companies:
        until = books.excluded_until(company, day)
        if until is not None:
            raise Refused("company-excluded", company=company, day=day, until=until)


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


def within_request(line: Line, award: int) -> None:
    """`exceeds-request` where an award is over what was asked for."""
    if award > line.asked:
        short = Shortfall(line.programme, *line.named, line.asked, 0, award)
        raise Refused("exceeds-request", short=short)


def enough_companies(books: Books, terms: Terms, parties: Iterable[str]) -> None:
    """`min-companies` where fewer distinct companies take part than the terms ask."""
    companies = {party for party in parties if known_company(books, party).party_type == "company"}
    if len(companies) < terms.min_companies:
        raise Refused("min-companies", there=len(companies), least=terms.min_companies)


def cases_fit(terms: Terms, cases: Iterable[str | None]) -> None:
    """A programme that works by case wants one on each line; the others want none."""
    for case in cases:
        if terms.by_case and not case:
            raise Refused("case-required")
        if case and not terms.by_case:
            raise Refused("case-not-allowed", case=case)


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


# ── money ────────────────────────────────────────────────────────────────────────────────────


def ceiling_key(cap: Ceiling, line: Line) -> Key:
    """What a ceiling bounds, for a line: its company's year, its grant's year, or its case."""
    match cap.per:
        case "company_year":
            return balances.company_key(line.company, line.programme, line.year)
        case "grant_year":
            return balances.grant_key(line.grant, line.programme, line.year)
        case "case":
            return balances.case_key(line.case)


def over_ceiling(
    cap: Ceiling, line: tuple[str, int, str | None], programme: str, used: int, asked: int
) -> Refused:
    """The refusal of an amount that is over a ceiling."""
    company, year, case = line
    return Refused(
        "case-cap" if cap.per == "case" else "annual-cap",
        f"over-{cap.per}-{cap.bound}",
        short=Shortfall(programme, company, year, case or None, cap.largest, used, asked),
        cap=cap.amount,
    )


def within_ceilings(
    books: Books,
    terms: Terms,
    day: str,
    moves: Iterable[tuple[Line, Moved]],
    together: Iterable[tuple[Line, Moved]] | None = None,
) -> None:
    """No ceiling that the moves add to is passed, on the day or any later one.

    The flows of one command are judged together: `together` are all of them where `moves` are
    only those under these terms (a case may be claimed for under several programmes).
    """
    moves = list(moves)
    for cap in terms.caps:
        own = {ceiling_key(cap, line) for line, _ in moves if cap.per != "case" or line.case}
        added: dict[Key, int] = defaultdict(int)
        largest: dict[Key, tuple[int, Line]] = {}
        for line, (source, target, won) in together or moves:
            key = ceiling_key(cap, line)
            if key not in own:
                continue
            change = used_by(source, target) * won
            added[key] += change
            if key not in largest or change > largest[key][0]:
                largest[key] = (change, line)
        for key, asked in added.items():
            if asked > 0:
                used = books.fullest_use(key, day)
                if used + asked > cap.largest:
                    line = largest[key][1]
                    raise over_ceiling(cap, line.named, line.programme, used, asked)


def within_budget(books: Books, day: str, moves: Iterable[tuple[Line, Moved]]) -> None:
    """`programme-budget` where the moves together take more than is available on some day."""
    taken: dict[tuple[str, int], int] = defaultdict(int)
    takers: dict[tuple[str, int], tuple[int, Line]] = {}
    for line, (source, target, won) in moves:
        budget = (line.programme, line.year)
        change = ((source == "available") - (target == "available")) * won
        taken[budget] += change
        if budget not in takers or change > takers[budget][0]:
            takers[budget] = (change, line)
    for (programme, year), asked in taken.items():
        if asked > 0:
            least = books.least_available(programme, year, day)
            if asked > least:
                line = takers[programme, year][1]
                raise over_budget(books, programme, year, least, asked, line)


def over_budget(
    books: Books, programme: str, year: int, least: int, asked: int, line: Line | None
) -> Refused:
    """The refusal of more than a programme's available budget."""
    budget = books.balance(balances.programme_key(programme, year)).budget
    short = Shortfall(
        programme,
        line.company if line else None,
        year,
        (line.case or None) if line else None,
        budget,
        budget - least,
        asked,
    )
    return Refused("programme-budget", short=short, available=least)


def days_in_order(books: Books, day: str, moves: Iterable[tuple[Line, Moved]]) -> None:
    """`out-of-order` where a bucket would be negative at the end of some day from `day` on."""
    changes: dict[tuple[Key, str], int] = defaultdict(int)
    lines: dict[Key, Line] = {}
    for line, (source, target, won) in moves:
        key: Key = (line.grant, line.company, line.year, line.case)
        lines[key] = line
        changes[key, source] -= won
        changes[key, target] += won
    for (key, bucket), change in changes.items():
        if change < 0 and bucket not in ("available", "outside", "interest"):
            line = lines[key]
            least = books.lowest(line, bucket, day)
            if least + change < 0:
                short = Shortfall(line.programme, *line.named, least, 0, -change)
                raise Refused("out-of-order", "negative-day", short=short, bucket=bucket, day=day)


def drawn(balance: Balance, amount: int, buckets: Iterable[str]) -> tuple[tuple[Draw, ...], int]:
    """The draws that make up an amount, bucket after bucket, and what is missing in won."""
    draws = []
    for bucket in buckets:
        part = min(amount, getattr(balance, bucket))
        if part > 0:
            draws.append(Draw(bucket=bucket, amount=part))  # type: ignore[arg-type]
            amount -= part
    return tuple(draws), amount


def held(balance: Balance, buckets: Iterable[str]) -> tuple[Draw, ...]:
    """Everything that a line holds in the buckets."""
    draws, _ = drawn(balance, LIMIT, buckets)
    return draws


def recovery(books: Books, line: Line, amount: int) -> tuple[Draw, ...]:
    """What a recovery takes: advanced, then spent; or `within-award` where there is less."""
    draws, missing = drawn(books.line_balance(line), amount, ("advanced", "spent"))
    if missing:
        raise short_of(line, amount - missing, amount, "over-paid")
    return draws


def short_of(line: Line, holds: int, asked: int, wording: str, **facts: object) -> Refused:
    """The refusal of more than a line holds for it."""
    short = Shortfall(line.programme, *line.named, holds, 0, asked)
    return Refused("within-award", wording, short=short, **facts)


def released_to(books: Books, year: int) -> Literal["available", "lapsed"]:
    """Where released money goes: back to the budget while the line's year is open."""
    return "available" if books.is_open(year) else "lapsed"


def bank_reference_free(books: Books, bank_ref: str) -> None:
    """`duplicate-payment` where a bank reference stands for another entry."""
    seq = books.payment(bank_ref)
    if seq:
        raise Refused("duplicate-payment", bank_ref=bank_ref, seq=seq)
