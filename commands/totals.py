"""Each programme's totals, as `year-closed` and `year-reopened` record them."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.events import BUCKETS, ProgrammeTotals
from projections.books import Books
from projections.flows import Moved


def programme_totals(
    books: Books, year: int, day: str, moves: Iterable[tuple[str, Moved]]
) -> tuple[ProgrammeTotals, ...]:
    """Where each programme of a year stands after the moves (programme, flow), in won.

    As of the day on which the moves count: what was recorded before but counts later is not in it.
    """
    standing = {balance.programme: balance for balance in books.programmes_on(year, day)}
    for programme, moved in moves:
        standing[programme].move(*moved)
    return tuple(
        ProgrammeTotals(
            programme=balance.programme,
            budget=balance.budget,
            **{bucket: getattr(balance, bucket) for bucket in BUCKETS},
        )
        for balance in standing.values()
    )
