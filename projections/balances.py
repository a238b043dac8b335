"""What the flows add up to: by company, by programme, by case, by line.

One kind of row and one way of adding for all; ceilings, budgets and every balance that anyone
asks for are read from these. A grant's balance is that of its lines, added up when it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import BUCKETS
from projections.flows import INTEREST, OUTSIDE, Flow, Posting, flows
from projections.rows import Key, Row, Rows


@dataclass(slots=True)
class Balance(Row):
    """What one key holds in every bucket, over all flows recorded so far, in won.

    Where it is kept it says from which day and position its flows are to which.
    """

    table: ClassVar[str] = "balances"
    key: ClassVar[int] = 6
    group: ClassVar[int] = 6

    by: str
    scope: str
    company: str
    programme: str
    year: int
    case: str
    available: int = 0
    committed: int = 0
    carried: int = 0
    payable: int = 0
    advanced: int = 0
    spent: int = 0
    returned: int = 0
    due: int = 0
    recovered: int = 0
    lapsed: int = 0
    interest: int = 0
    budget: int = 0
    oldest_on: str = ""
    newest_on: str = ""
    oldest_seq: int = 0
    newest_seq: int = 0

    @property
    def used(self) -> int:
        """What uses up a ceiling."""
        return (
            self.committed
            + self.carried
            + self.payable
            + self.advanced
            + self.spent
            + self.due
            + self.recovered
        )

    @property
    def held(self) -> int:
        """Everything that was awarded and not released, whatever became of it."""
        return self.used + self.returned + self.lapsed

    def add(self, part: Balance) -> None:
        """Add what a part of this holds."""
        for bucket in SUMS:
            setattr(self, bucket, getattr(self, bucket) + getattr(part, bucket))
        self.newest_on = max(self.newest_on, part.newest_on)

    def reach(self, day: str, seq: int) -> None:
        """Note a flow that counts on a day and was recorded, the latest so far, at a position."""
        if not self.oldest_seq:
            self.oldest_on, self.oldest_seq = day, seq
        elif day < self.oldest_on:
            self.oldest_on = day
        if day > self.newest_on:
            self.newest_on = day
        self.newest_seq = seq

    def move(self, source: str, target: str, won: int) -> None:
        """Add one flow. Only a programme has a budget and something available of it."""
        for bucket, sign in _changes(self.by == "programme", source, target):
            setattr(self, bucket, getattr(self, bucket) + sign * won)


@cache
def _changes(whole: bool, source: str, target: str) -> tuple[tuple[str, int], ...]:
    """What a flow adds to (1) or takes from (-1); there are few kinds, so each is told once."""
    if INTEREST in (source, target):
        return (("interest", 1 if target == INTEREST else -1),)
    budget = (("budget", 1 if source == OUTSIDE else -1),) if OUTSIDE in (source, target) else ()
    moved = ((source, -1), (target, 1))
    return budget + tuple(
        (bucket, sign)
        for bucket, sign in moved
        if bucket != OUTSIDE and (whole or bucket != "available")
    )


SUMS = (*BUCKETS, "interest", "budget")
"""What of a balance adds up."""


@dataclass(slots=True)
class BudgetDay(Row):
    """By how much a programme's available budget changed on one day."""

    table: ClassVar[str] = "budget_days"
    key: ClassVar[int] = 3
    group: ClassVar[int] = 2

    programme: str
    year: int
    day: str
    change: int = 0


def line_key(grant: str, company: str, programme: str, year: int, case: str) -> Key:
    """The key of a line's balance."""
    return ("line", grant, company, programme, year, case)


def grant_key(grant: str, programme: str, year: int) -> Key:
    """The key of a grant's balance in a year."""
    return ("grant", grant, "", programme, year, "")


def company_key(company: str, programme: str, year: int) -> Key:
    """The key of a company's balance under a programme in a year."""
    return ("company", company, company, programme, year, "")


def case_key(case: str) -> Key:
    """The key of a case's balance over its whole life."""
    return ("case", case, "", "", 0, case)


def programme_key(programme: str, year: int) -> Key:
    """The key of a programme's balance in a year."""
    return ("programme", programme, "", programme, year, "")


def keys_of(flow: Flow) -> tuple[Key, ...]:
    """Every balance that is kept and that a flow belongs to."""
    _, programme, year, grant, company, case, _, _, _ = flow
    if grant:
        return keys_of_line(grant, company, programme, year, case)
    return (programme_key(programme, year),)


def keys_of_line(grant: str, company: str, programme: str, year: int, case: str) -> tuple[Key, ...]:
    """Every balance that is kept and that a line belongs to."""
    keys = (
        programme_key(programme, year),
        line_key(grant, company, programme, year, case),
        company_key(company, programme, year),
    )
    return (*keys, case_key(case)) if case else keys


def post(entry: Entry, rows: Rows) -> list[Flow]:
    """Post an event's flows, which it returns, and add them to every balance they belong to."""
    moved = flows(entry.event, entry.effective_on)
    for place, flow in enumerate(moved):
        rows.post(Posting(entry.seq, place, *flow))
        day, programme, year, _, _, _, source, target, won = flow
        for key in keys_of(flow):
            balance = rows.put(Balance, *key)
            balance.move(source, target, won)
            balance.reach(day, entry.seq)
        change = (target == "available") - (source == "available")
        if change:
            rows.put(BudgetDay, programme, year, day).change += change * won
    return moved
