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
from projections.facts.grants import Line
from projections.replay.laws.broken import (
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
from projections.replay.laws.years import clock_was_behind


def settled(entry: Entry, event: GrantSettled, books: Books) -> None:
    """Nothing advanced, payable, due or undecided is left; what is left otherwise is released."""
    grant_of(entry, event, books, "approved")
    undecided = books.open_claims(event.grant)
    if undecided:
        raise Broken(entry, "outstanding-balance", f"{undecided} claims are not decided")
    left = []
    for line in _ending(entry, event.grant, books):
        balance = books.line_balance(line)
        if balance.advanced or balance.payable or balance.due:
            raise Broken(entry, "outstanding-balance", f"the line of {line.company}, {line.year}")
        if held_now := held(balance, "committed", "carried"):
            left.append((line.named, held_now, released_to(books, line)))
    parts = [(_named(part), pairs(part.released), part.released_to) for part in event.lines]
    same(entry, "lines", parts, left)


def cancelled(entry: Entry, event: GrantCancelled, books: Books) -> None:
    """Committed, carried and payable money is released; what is ordered back was paid."""
    grant_of(entry, event, books, "approved")
    ordered = {_named(part): part.to_recover for part in event.lines}
    left = []
    for line in _ending(entry, event.grant, books):
        held_now = held(books.line_balance(line), "committed", "carried", "payable")
        back = ordered.get(line.named, ())
        _recovered_from(entry, back, line, books)
        if held_now or back:
            to = released_to(books, line) if held_now else None
            left.append((line.named, held_now, to))
    parts = [(_named(part), pairs(part.released), part.released_to) for part in event.lines]
    same(entry, "lines", parts, left)


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
    """The approved lines of a grant that ends; not before its newest flow.

    But for flows that a clock which ran ahead had dated: whether every day is in order is another
    law's.
    """
    lines = [line for line in books.lines(grant) if line.approved_on]
    for line in lines:
        newest = books.line_balance(line).newest_on
        if entry.effective_on < line.approved_on:
            raise Broken(entry, "out-of-order", f"it precedes the approval on {line.approved_on}")
        if entry.effective_on < newest and not clock_was_behind(entry, books):
            raise Broken(entry, "out-of-order", f"it precedes a flow of {newest}")
    return lines
