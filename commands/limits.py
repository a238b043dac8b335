"""The limits on money that several commands share: requests, ceilings, budgets, holdings, days.

Each function either returns what was asked for or raises `Refused` with the numbers. The flows of
one command are judged together, and a limit kept in total must be kept on every day too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from ledger.errors import Refused, Shortfall
from ledger.events import Draw
from ledger.terms import Ceiling, Terms
from ledger.won import LIMIT
from projections import balances
from projections.balances import Balance
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import Moved, used_by
from projections.rows import Key

WAYS_OUT = ("committed", "carried")
"""The buckets for which a day without enough has a way out of its own."""


def within_request(line: Line, award: int) -> None:
    """`exceeds-request` where an award is over what was asked for."""
    if award > line.asked:
        short = Shortfall(line.programme, *line.named, line.asked, 0, award)
        raise Refused("exceeds-request", short=short)


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
    uses = _uses(moves)
    all_uses = _uses(together) if together else uses
    for cap in terms.caps:
        own: dict[Key, tuple[int, Line]] = {}
        for line, change in uses:
            if cap.per != "case" or line.case:
                key = ceiling_key(cap, line)
                if key not in own or change > own[key][0]:
                    own[key] = (change, line)
        added: dict[Key, int] = defaultdict(int)
        for line, change in all_uses:
            added[ceiling_key(cap, line)] += change
        for key, (_, line) in own.items():
            used = books.fullest_use(key, day) if added[key] > 0 else 0
            if used + added[key] > cap.largest:
                raise over_ceiling(cap, line.named, line.programme, used, added[key])


def _uses(moves: Iterable[tuple[Line, Moved]]) -> list[tuple[Line, int]]:
    """By how much each move changes what its line uses."""
    return [(line, used_by(source, target) * won) for line, (source, target, won) in moves]


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
        if asked > 0 and asked > books.least_available(programme, year, day):
            raise over_budget(books, programme, year, day, asked, takers[programme, year][1])


def over_budget(
    books: Books, programme: str, year: int, day: str, asked: int, line: Line | None
) -> Refused:
    """The refusal of more than a programme's budget has on its scarcest day from `day` on."""
    scarcest = books.scarcest(programme, year, day)
    budget, least = scarcest.budget, scarcest.available
    named: tuple[str | None, int, str | None] = line.named if line else (None, year, None)
    return Refused(
        "programme-budget",
        "programme-budget-later" if scarcest.grows_on else "programme-budget",
        short=Shortfall(programme, *named, budget, budget - least, asked),
        available=least,
        day=scarcest.day,
        counts_from=scarcest.grows_on,
    )


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
                raise Refused(
                    "out-of-order",
                    f"negative-day-{bucket}" if bucket in WAYS_OUT else "negative-day",
                    short=short,
                    bucket=bucket,
                    day=day,
                    enough_from=books.enough_from(line, bucket, day, -change),
                )


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
