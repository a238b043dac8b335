"""`disburse`: money leaves the bank for a line (지급)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from commands.asks import LineAsk
from commands.limits import days_in_order, drawn, short_of
from commands.receipts import Warned
from commands.rules import (
    bank_reference_free,
    line_and_day,
    not_excluded,
    not_whoever_awarded,
)
from ledger.errors import Refused, Shortfall
from ledger.events import Disbursed, Draw
from ledger.names import Reference
from ledger.seoul import year_of
from ledger.won import PositiveWon
from projections.balances import Balance
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import PAID_FROM, flows


class Disburse(LineAsk):
    """Record a payment to a company: what is owed to it first, the rest in advance."""

    amount_field: ClassVar[str | None] = "amount"

    amount: PositiveWon = Field(description="amount paid, in whole won")
    bank_ref: Reference = Field(description="reference of the bank transfer")


def decide(ask: Disburse, books: Books) -> Disbursed:
    """What is payable is settled first; then committed, then carried money is drawn."""
    line, day = line_and_day(ask, books, "approved")
    balance = books.line_balance(line)
    buckets = drawable(line, day)
    _within_years(line, balance, buckets, day)
    not_whoever_awarded(ask.actor, line)
    draws, missing = drawn(balance, ask.amount, buckets)
    if any(draw.bucket != "payable" for draw in draws):
        not_excluded(books, [line.company], day, line.programme)
    bank_reference_free(books, ask.bank_ref)
    if missing:
        raise _over_award(line, balance, day, ask.amount - missing, ask.amount)
    _within_advance(books, line, balance, draws)
    paid = Disbursed(**line.on_grant, amount=ask.amount, draws=draws, bank_ref=ask.bank_ref)
    days_in_order(books, day, flows(paid, day))
    return paid


def warnings(ask: Disburse, books: Books, events: Sequence[Disbursed]) -> Iterator[Warned]:
    """A payment of what is owed that is partly over it may have been meant to be just that."""
    (paid,) = events
    first, *others = paid.draws
    if others and first.bucket == "payable":
        advance = paid.amount - first.amount
        yield Warned("part-advance", {"payable": first.amount, "advance": advance})


def drawable(line: Line, day: str) -> list[str]:
    """The buckets a payment may draw on: committed in the line's year, carried a year longer."""
    match year_of(day) - line.year:
        case 0:
            return ["payable", "committed", "carried"]
        case 1:
            return ["payable", "carried"]
        case _:
            return ["payable"]


def _within_years(line: Line, balance: Balance, buckets: list[str], day: str) -> None:
    """`year-mismatch` where after its year a line holds nothing that may still be paid."""
    if year_of(day) != line.year and not any(getattr(balance, bucket) for bucket in buckets):
        if balance.committed:
            raise Refused(
                "year-mismatch",
                "payment-not-carried-over",
                day=day,
                committed=balance.committed,
                **line.on_line,
            )
        raise Refused("year-mismatch", "payment-outside-years", day=day, **line.on_line)


def _over_award(line: Line, balance: Balance, day: str, holds: int, asked: int) -> Refused:
    """More than may be paid on the day, be it that committed money was not carried over."""
    if year_of(day) > line.year and balance.committed:
        committed = balance.committed
        return short_of(line, holds, asked, "not-carried-over", day=day, committed=committed)
    return short_of(line, holds, asked, "over-award", award=line.award)


def _within_advance(books: Books, line: Line, balance: Balance, draws: tuple[Draw, ...]) -> None:
    """The outstanding advance stays within the share that the pinned edition allows."""
    advance = sum(draw.amount for draw in draws if PAID_FROM[draw.bucket] == "advanced")
    percent = books.edition_at(line.programme, line.edition).terms.advance_percent
    largest = line.award * percent // 100
    if advance and balance.advanced + advance > largest:
        short = Shortfall(line.programme, *line.named, largest, balance.advanced, advance)
        raise Refused("advance-limit", short=short, percent=percent, award=line.award)
