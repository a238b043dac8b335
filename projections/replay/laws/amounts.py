"""Laws of money, held on the balances that an event made, on its day and on every later one.

No bucket is below zero; a budget is not overdrawn; a ceiling is kept by whatever added to its
use; sums stay countable; and for each programme and year the buckets add up to the budget.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ledger.envelope import Entry
from ledger.events import BUCKETS
from ledger.terms import Ceiling
from ledger.won import SUMS
from projections.balances import (
    Balance,
    case_key,
    company_key,
    grant_key,
    keys_of,
)
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import OUTSIDE, Flow, flows, used_by
from projections.replay.laws.broken import Broken
from projections.rows import Key


def within_limits(entry: Entry, books: Books) -> None:
    """Every law of money, for whatever an event moved."""
    moved = flows(entry.event, entry.effective_on)
    if moved:
        _nothing_below_zero(entry, moved, books)
        _within_ceilings(entry, moved, books)
        _conserved_and_countable(entry, moved, books)


def _nothing_below_zero(entry: Entry, moved: Sequence[Flow], books: Books) -> None:
    for flow in moved:
        if flow.source == "available":
            least = books.least_available(flow.programme, flow.year, flow.day)
            if least < 0:
                what = f"{least} of {flow.programme}, {flow.year} is available on some day"
                raise Broken(entry, "programme-budget", what)
        elif flow.source != OUTSIDE and flow.grant:
            line = books.rows.get(Line, flow.grant, flow.company, flow.year, flow.case)
            if line is None:
                what = f"{flow.grant} has no line of {flow.company}, {flow.year}"
                raise Broken(entry, "unknown", what)
            least = books.lowest(line, flow.source, flow.day)
            if least < 0:
                law = "within-award" if _held(line, flow.source, books) < 0 else "out-of-order"
                raise Broken(entry, law, f"{flow.source} of {line.company} is {least} on some day")


def _held(line: Line, bucket: str, books: Books) -> int:
    held: int = getattr(books.line_balance(line), bucket)
    return held


def _within_ceilings(entry: Entry, moved: Sequence[Flow], books: Books) -> None:
    """A ceiling is asked only where the event as a whole adds to its use."""
    adding = [flow for flow in moved if used_by(flow.source, flow.target)]
    if not any(used_by(flow.source, flow.target) > 0 for flow in adding):
        return
    programme, day = adding[0].programme, adding[0].day
    edition = books.edition_on(programme, day)
    if edition is None:
        raise Broken(entry, "unknown", f"{programme} had no terms on {day}")
    for cap in edition.terms.caps:
        for key in _added_to(cap, adding):
            used = books.fullest_use(key, day)
            if used > cap.largest:
                law = "case-cap" if cap.per == "case" else "annual-cap"
                raise Broken(entry, law, f"{used} is used of {cap.largest} on some day: {key}")


def _added_to(cap: Ceiling, adding: Iterable[Flow]) -> Iterable[Key]:
    added: dict[Key, int] = defaultdict(int)
    for flow in adding:
        if cap.per != "case" or flow.case:
            added[_bounded(cap, flow)] += used_by(flow.source, flow.target) * flow.won
    return [key for key, won in added.items() if won > 0]


def _bounded(cap: Ceiling, flow: Flow) -> Key:
    match cap.per:
        case "company_year":
            return company_key(flow.company, flow.programme, flow.year)
        case "grant_year":
            return grant_key(flow.grant, flow.programme, flow.year)
        case "case":
            return case_key(flow.case)


def _conserved_and_countable(entry: Entry, moved: Sequence[Flow], books: Books) -> None:
    touched = {key for flow in moved for key in keys_of(flow)}
    for key in touched:
        balance = books.balance(key)
        if balance.by == "programme":
            _conserved(entry, balance)
        largest = max(balance.used, *(getattr(balance, name) for name in (*BUCKETS, "interest")))
        if largest >= SUMS:
            raise Broken(entry, "invalid", f"{largest} won of {key} is past what is counted")


def _conserved(entry: Entry, balance: Balance) -> None:
    """The buckets of a programme's year add up to its budget."""
    held = sum(getattr(balance, bucket) for bucket in BUCKETS)
    if held != balance.budget:
        what = f"{balance.programme}, {balance.year}: {held} in buckets, {balance.budget} budget"
        raise Broken(entry, "conservation", what)
