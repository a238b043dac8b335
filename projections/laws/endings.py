"""Laws of how grants end: settled, cancelled, and what is ordered back."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.envelope import Entry
from ledger.events import (
    Draw,
    GrantCancelled,
    GrantSettled,
    OnLine,
    RecoveryOrdered,
)
from projections.books import Books
from projections.grants import Line
from projections.laws.broken import (
    Broken,
    approved_line,
    distinct,
    drawn,
    grant_of,
    held,
    pairs,
    released_to,
    same,
    total,
)


def settled(entry: Entry, event: GrantSettled, books: Books) -> None:
    """Nothing advanced, payable, due or undecided is left; what is left otherwise is released."""
    grant_of(entry, event, books, "approved")
    undecided = books.open_claims(event.grant)
    if undecided:
        raise Broken(entry, "outstanding-balance", f"{undecided} claims are not decided")
    parts = {_named(part): part for part in event.lines}
    for line in _ending(entry, event.grant, books):
        balance = books.line_balance(line)
        if balance.advanced or balance.payable or balance.due:
            raise Broken(entry, "outstanding-balance", f"the line of {line.company}, {line.year}")
        part = parts.pop(line.named, None)
        left = held(balance, "committed", "carried")
        same(entry, "released", pairs(part.released) if part else [], left)
        if part is not None:
            same(entry, "released_to", part.released_to, released_to(books, line))
    same(entry, "lines", list(parts), [])


def cancelled(entry: Entry, event: GrantCancelled, books: Books) -> None:
    """Committed, carried and payable money is released; what is ordered back was paid."""
    grant_of(entry, event, books, "approved")
    parts = {_named(part): part for part in event.lines}
    for line in _ending(entry, event.grant, books):
        part = parts.pop(line.named, None)
        left = held(books.line_balance(line), "committed", "carried", "payable")
        same(entry, "released", pairs(part.released) if part else [], left)
        if part is not None:
            same(entry, "released_to", part.released_to, released_to(books, line) if left else None)
            _recovered_from(entry, part.to_recover, line, books)
    same(entry, "lines", list(parts), [])


def recovery_ordered(entry: Entry, event: RecoveryOrdered, books: Books) -> None:
    """What was advanced is ordered back first, then what was spent."""
    grant_of(entry, event, books, "approved", "settled", "cancelled")
    distinct(entry, ((line.company, line.year, line.case) for line in event.lines), "line")
    for part in event.lines:
        line = approved_line(entry, books, event.grant, part.company, part.year, part.case)
        if not part.draws:
            raise Broken(entry, "invalid", f"nothing is ordered back from {part.company}")
        _recovered_from(entry, part.draws, line, books)


def _recovered_from(entry: Entry, draws: Iterable[Draw], line: Line, books: Books) -> None:
    recorded = list(draws)
    should = drawn(books.line_balance(line), total(recorded), "advanced", "spent")
    same(entry, "draws", pairs(recorded), should)


def _named(part: OnLine) -> tuple[str, int, str | None]:
    return part.company, part.year, part.case


def _ending(entry: Entry, grant: str, books: Books) -> list[Line]:
    """The approved lines of a grant that ends; not before its newest flow."""
    lines = [line for line in books.lines(grant) if line.approved_on]
    for line in lines:
        newest = max(line.approved_on, books.line_balance(line).newest_on)
        if entry.effective_on < newest:
            raise Broken(entry, "out-of-order", f"it precedes a flow of {newest}")
    return lines
