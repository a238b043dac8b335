"""Laws of fiscal years: opened one beside another, closed in order, reopened by another person."""

from __future__ import annotations

from copy import copy
from datetime import timedelta

from ledger.envelope import Entry
from ledger.events import (
    BUCKETS,
    AnyEvent,
    AwardLapsed,
    BudgetLapsed,
    ProgrammeTotals,
    YearClosed,
    YearOpened,
    YearReopened,
)
from ledger.names import SCHEDULER, id_key
from ledger.seoul import (
    day_of,
    first_day,
    instant_text,
    last_day,
    parsed_instant,
    year_of,
)
from projections.balances import Balance
from projections.books import Books
from projections.facts.years import FiscalYear
from projections.replay.laws.broken import Broken, other_person, same


def money_in_open_year(entry: Entry, event: AnyEvent, books: Books) -> None:
    """What can move money is dated in a year that is open now."""
    of_open_year(entry, year_of(entry.effective_on), books)


def of_open_year(entry: Entry, year: int, books: Books) -> None:
    """The year was opened and is not closed."""
    found = books.year(year)
    if found is None:
        raise Broken(entry, "year-not-open", f"{year} was never opened")
    if found.status != "open":
        raise Broken(entry, "year-closed", f"{year} was closed on {found.closed_on}")


def of_its_own_year(entry: Entry, year: int, books: Books) -> None:
    """A decision about a year is dated in it, and the year is open."""
    same(entry, "the year of its day", year_of(entry.effective_on), year, "year-mismatch")
    of_open_year(entry, year, books)


def opened(entry: Entry, event: YearOpened, books: Books) -> None:
    """A year that has begun and has terms, next to those opened before."""
    years = [found.year for found in books.years()]
    if event.year in years:
        raise Broken(entry, "already-exists", f"{event.year} was opened before")
    today = day_of(parsed_instant(entry.recorded_at))
    if first_day(event.year) > today:
        raise Broken(entry, "future-dated", f"{event.year} had not begun on {today}")
    first_terms = books.first_terms_on()
    if first_terms is None or first_terms > last_day(event.year):
        raise Broken(entry, "unknown", f"no programme had terms by the end of {event.year}")
    if years:
        once_closed = any(found.closing for found in books.years())
        beside = {max(years) + 1} | (set() if once_closed else {min(years) - 1})
        if event.year not in beside:
            raise Broken(entry, "out-of-order", f"{event.year} lies beside none of {years}")


def award_lapsed(entry: Entry, event: AwardLapsed, books: Books) -> None:
    """All that its closing lapses on a line: committed of the year, carried of the one before."""
    closing = event.year if event.bucket == "committed" else event.year + 1
    _closes(entry, closing, books)
    balance = books.balance(
        ("line", event.grant, event.company, event.programme, event.year, event.case or "")
    )
    same(entry, "amount", event.amount, getattr(balance, event.bucket))


def budget_lapsed(entry: Entry, event: BudgetLapsed, books: Books) -> None:
    """All that a programme has available of the year."""
    _closes(entry, event.year, books)
    balance = books.balance(("programme", event.programme, "", event.programme, event.year, ""))
    same(entry, "amount", event.amount, balance.available)


def closed(entry: Entry, event: YearClosed, books: Books) -> None:
    """The earliest open year, once it is over; nothing of it is left, and its totals are true."""
    found = _closes(entry, event.year, books)
    if found.reopenings and id_key(entry.actor) == SCHEDULER:
        raise Broken(entry, "wrong-status", f"a person reopened {event.year}")
    balances = books.balances_of_year("programme", event.year)
    for balance in balances:
        if balance.committed or balance.available:
            raise Broken(entry, "result", f"{balance.programme} of {event.year} has not lapsed")
    for balance in books.balances_of_year("programme", event.year - 1):
        if balance.carried:
            raise Broken(entry, "result", f"{balance.programme}: carried money has not lapsed")
    _totals(entry, event.totals, balances, books)


def _closes(entry: Entry, year: int, books: Books) -> FiscalYear:
    found = books.year(year)
    if found is None:
        raise Broken(entry, "year-not-open", f"{year} was never opened")
    if found.status != "open":
        raise Broken(entry, "wrong-status", f"{year} is {found.status}")
    earliest = min(other.year for other in books.years() if other.status == "open")
    same(entry, "the earliest open year", earliest, year, "out-of-order")
    if entry.effective_on <= last_day(year):
        raise Broken(entry, "out-of-order", f"{year} was not over on {entry.effective_on}")
    return found


def reopened(entry: Entry, event: YearReopened, books: Books) -> None:
    """The year closed last, by another person, not before the closing that it undoes."""
    found = books.year(event.year)
    if found is None or found.status != "closed":
        raise Broken(entry, "wrong-status", f"{event.year} is not closed")
    last = max(other.year for other in books.years() if other.status == "closed")
    same(entry, "the year closed last", last, event.year, "out-of-order")
    same(entry, "counts_on", event.counts_on, found.closed_on)
    other_person(entry, found.closed_by, "close_year")
    if entry.effective_on < found.closed_on and not clock_was_behind(entry, books):
        raise Broken(entry, "out-of-order", f"it precedes the closing on {found.closed_on}")
    _totals(entry, event.totals, books.balances_of_year("programme", event.year), books)


def clock_was_behind(entry: Entry, books: Books) -> bool:
    """Whether the log's instant was no reading of a clock: a microsecond after the one before.

    Only then could the day of the reading lie before a closing that a wrong clock had dated.
    """
    before = books.entry(entry.seq - 1)
    after = parsed_instant(before.recorded_at) + timedelta(microseconds=1)
    return entry.recorded_at == instant_text(after)


def _on(balance: Balance, day: str, books: Books) -> Balance:
    """What a programme's balance was at the end of a day."""
    if balance.newest_on <= day:
        return balance
    then = copy(balance)
    scope = (("programme", balance.programme), ("year", balance.year))
    for _, source, target, won in books.rows.changes_after(day, scope):
        then.move(target, source, won)
    return then


def _totals(
    entry: Entry, recorded: tuple[ProgrammeTotals, ...], balances: list[Balance], books: Books
) -> None:
    day = getattr(entry.event, "counts_on", entry.effective_on)
    should = [
        ProgrammeTotals(
            programme=balance.programme,
            budget=balance.budget,
            **{bucket: getattr(balance, bucket) for bucket in BUCKETS},
        )
        for balance in (_on(balance, day, books) for balance in balances)
    ]
    same(entry, "totals", list(recorded), should)
