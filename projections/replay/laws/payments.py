"""Laws of money that comes and goes: payments, returns, carry-overs, recoveries received."""

from __future__ import annotations

from ledger.envelope import Entry
from ledger.events import CarriedOver, Disbursed, FundsReturned, RecoveryReceived
from ledger.seoul import year_of
from projections.balances import Balance
from projections.books import Books
from projections.facts.grants import Line
from projections.replay.laws.applications import not_excluded
from projections.replay.laws.broken import (
    Broken,
    approved_line,
    drawn,
    grant_of,
    other_person,
    pairs,
    same,
)
from projections.replay.laws.years import of_its_own_year

_DRAWABLE = {0: ("payable", "committed", "carried"), 1: ("payable", "carried")}
"""What a payment may draw on, by the years between the line's year and the payment's."""


def disbursed(entry: Entry, event: Disbursed, books: Books) -> None:
    """Owed money first, then committed, then carried; paid once, and not by whoever awarded it."""
    grant_of(entry, event, books, "approved")
    line = approved_line(entry, books, event.grant, event.company, event.year, event.case)
    for actor in (line.approved_by, *line.raised_by):
        other_person(entry, actor, "award")
    _reference_free(entry, event.bank_ref, books)
    balance = books.line_balance(line)
    years_on = year_of(entry.effective_on) - line.year
    draws = drawn(balance, event.amount, *_DRAWABLE.get(years_on, ("payable",)))
    same(entry, "draws", pairs(event.draws), draws)
    same(entry, "amount", event.amount, sum(won for _, won in draws), "within-award")
    if any(bucket != "payable" for bucket, _ in draws):
        not_excluded(entry, [line.company], books)
        _within_advance(entry, line, balance, draws, books)


def _within_advance(
    entry: Entry, line: Line, balance: Balance, draws: list[tuple[str, int]], books: Books
) -> None:
    """The outstanding advance stays within the share that the pinned edition allows."""
    advance = sum(won for bucket, won in draws if bucket != "payable")
    percent = books.edition_at(line.programme, line.edition).terms.advance_percent
    if (balance.advanced + advance) * 100 > line.award * percent:
        raise Broken(
            entry,
            "advance-limit",
            f"{balance.advanced} + {advance} of an award of {line.award}, {percent} % at most",
        )


def returned(entry: Entry, event: FundsReturned, books: Books) -> None:
    """Something came back, under a reference of its own."""
    grant_of(entry, event, books, "approved", "cancelled")
    approved_line(entry, books, event.grant, event.company, event.year, event.case)
    _reference_free(entry, event.bank_ref, books)
    if not event.amount and not event.interest:
        raise Broken(entry, "invalid", "neither an amount nor interest came back")


def carried_over(entry: Entry, event: CarriedOver, books: Books) -> None:
    """Dated in the line's year, before it closes."""
    grant_of(entry, event, books, "approved")
    approved_line(entry, books, event.grant, event.company, event.year, event.case)
    of_its_own_year(entry, event.year, books)


def recovered(entry: Entry, event: RecoveryReceived, books: Books) -> None:
    """Under a reference of its own, and not received by whoever ordered it."""
    grant_of(entry, event, books, "approved", "settled", "cancelled")
    line = approved_line(entry, books, event.grant, event.company, event.year, event.case)
    _reference_free(entry, event.bank_ref, books)
    if line.orders:
        newest = line.orders[-1]
        other_person(entry, newest.actor, newest.command)


def _reference_free(entry: Entry, bank_ref: str, books: Books) -> None:
    """A bank reference stands for one entry, unless that was reversed."""
    seq = books.payment(bank_ref)
    if seq:
        raise Broken(entry, "duplicate-payment", f"{bank_ref} stands for event {seq}")
