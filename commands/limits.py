"""The limits on money that several commands share: requests, ceilings, budgets, holdings, days.

Each function either returns what was asked for or raises `Refused` with the numbers. The flows of
one command are judged together, and a limit kept in total must be kept on every day too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Literal, TypeVar

from ledger.errors import Refused, Shortfall
from ledger.events import Draw
from ledger.terms import Ceiling, Terms
from ledger.won import LIMIT
from projections import balances
from projections.balances import Balance
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import INTEREST, OUTSIDE, Flow, used_by
from projections.rows import Key

K = TypeVar("K")

WAYS_OUT = ("committed", "carried")
"""The buckets for which a day without enough has a way out of its own."""


def within_request(line: Line, award: int) -> None:
    """`exceeds-request` where an award is over what was asked for."""
    if award > line.asked:
        short = Shortfall(line.programme, *line.named, line.asked, 0, award)
        raise Refused("exceeds-request", short=short)


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
    moved: Sequence[Flow],
    together: Sequence[Flow] = (),
) -> None:
    """No ceiling that the flows add to is passed, on the day or any later one.

    The flows of one command are judged together: `together` are all of them where `moved` are
    only those under these terms (a case may be claimed for under several programmes).
    """
    for cap in terms.caps:
        bounded = partial(_bounded, cap)
        added = _sums(together or moved, bounded, _uses)
        for key, flow in _largest(moved, bounded, _uses).items():
            used = books.fullest_use(key, day) if added[key] > 0 else 0
            if used + added[key] > cap.largest:
                raise over_ceiling(cap, flow.line, flow.programme, used, added[key])


def _bounded(cap: Ceiling, flow: Flow) -> Key | None:
    """What a ceiling bounds: a company's year, a grant's year, or a case; None for no case."""
    match cap.per:
        case "company_year":
            return balances.company_key(flow.company, flow.programme, flow.year)
        case "grant_year":
            return balances.grant_key(flow.grant, flow.programme, flow.year)
        case "case":
            return balances.case_key(flow.case) if flow.case else None


def _uses(flow: Flow) -> int:
    """By how much a flow changes what its line uses."""
    return used_by(flow.source, flow.target) * flow.won


def within_budget(books: Books, day: str, moved: Sequence[Flow]) -> None:
    """`programme-budget` where the flows together take more than is available on some day."""
    takers = _largest(moved, _budget, _takes)
    for (programme, year), asked in _sums(moved, _budget, _takes).items():
        if asked > 0 and asked > books.least_available(programme, year, day):
            line = takers[programme, year].line
            raise over_budget(books, programme, year, day, asked, line)


def _budget(flow: Flow) -> tuple[str, int]:
    return flow.programme, flow.year


def _takes(flow: Flow) -> int:
    return ((flow.source == "available") - (flow.target == "available")) * flow.won


def _sums(
    moved: Iterable[Flow], key_of: Callable[[Flow], K | None], weigh: Callable[[Flow], int]
) -> dict[K, int]:
    sums: dict[K, int] = defaultdict(int)
    for flow in moved:
        key = key_of(flow)
        if key is not None:
            sums[key] += weigh(flow)
    return sums


def _largest(
    moved: Iterable[Flow], key_of: Callable[[Flow], K | None], weigh: Callable[[Flow], int]
) -> dict[K, Flow]:
    """Of each key the flow that weighs most: its line is the one that a refusal names."""
    found: dict[K, Flow] = {}
    for flow in moved:
        key = key_of(flow)
        if key is not None and (key not in found or weigh(flow) > weigh(found[key])):
            found[key] = flow
    return found


def over_budget(
    books: Books,
    programme: str,
    year: int,
    day: str,
    asked: int,
    line: tuple[str, int, str | None] | None = None,
) -> Refused:
    """The refusal of more than a programme's budget has on its scarcest day from `day` on."""
    scarcest = books.scarcest(programme, year, day)
    budget, least = scarcest.budget, scarcest.available
    named: tuple[str | None, int, str | None] = line or (None, year, None)
    return Refused(
        "programme-budget",
        "programme-budget-later" if scarcest.grows_on else "programme-budget",
        short=Shortfall(programme, *named, budget, budget - least, asked),
        available=least,
        day=scarcest.day,
        counts_from=scarcest.grows_on,
    )


def days_in_order(books: Books, day: str, moved: Iterable[Flow]) -> None:
    """`out-of-order` where a bucket would be negative at the end of some day from `day` on."""
    changes: dict[tuple[Key, str], int] = defaultdict(int)
    lines: dict[Key, Flow] = {}
    for flow in moved:
        key: Key = (flow.grant, flow.company, flow.year, flow.case)
        lines[key] = flow
        changes[key, flow.source] -= flow.won
        changes[key, flow.target] += flow.won
    for (key, bucket), change in changes.items():
        if change < 0 and bucket not in ("available", OUTSIDE, INTEREST):
            flow = lines[key]
            least = books.lowest(flow, bucket, day)
            if least + change < 0:
                short = Shortfall(flow.programme, *flow.line, least, 0, -change)
                raise Refused(
                    "out-of-order",
                    f"negative-day-{bucket}" if bucket in WAYS_OUT else "negative-day",
                    short=short,
                    bucket=bucket,
                    day=day,
                    enough_from=books.enough_from(flow, bucket, day, -change),
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
