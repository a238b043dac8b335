"""Each programme's totals, as `year-closed` and `year-reopened` record them."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.events import BUCKETS, ProgrammeTotals
from projections.books import Books
from projections.flows import Flow


def programme_totals(
    books: Books, year: int, day: str, moved: Iterable[Flow]
) -> tuple[ProgrammeTotals, ...]:
    """Where each programme of a year stands after the flows, in won.

    As of the day on which they count: what was recorded before but counts later is not in it.
    """
    standing = {balance.programme: balance for balance in books.programmes_on(year, day)}
    for flow in moved:
        if flow.year == year:
            standing[flow.programme].move(flow.source, flow.target, flow.won)
    return tuple(
        ProgrammeTotals(
            programme=balance.programme,
            budget=balance.budget,
            **{bucket: getattr(balance, bucket) for bucket in BUCKETS},
        )
        for balance in standing.values()
    )
