"""What would lapse if the oldest open year closed now, and the claims that it would leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from ledger.events import YearClosed, YearOpened, YearReopened
from projections.facts.claims import Claim
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.questions.usage import available
from projections.questions.waiting import Waiting


def would_lapse(
    snapshot: Snapshot, lines: Collection[Waiting], undecided: Iterable[Claim]
) -> list[Row]:
    """What is committed in that year, carried over from the one before, and left of its budgets.

    Lines first, then each programme's budget, in won; `claims` are those of a line that nobody
    decided. Nothing while no year is open.
    """
    year = _oldest_open(snapshot)
    if year is None:
        return []
    claims: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for claim in undecided:
        claims[claim.grant, claim.company, claim.year, claim.case or None].append(claim.claim)
    found = []
    for of_year, bucket in ((year, "committed"), (year - 1, "carried")):
        for line in lines:
            if line.year != of_year or not getattr(line, bucket):
                continue
            key = (line.grant, line.company, line.year, line.case or None)
            found.append(
                {
                    **dict(zip(("grant", "company", "year", "case"), key, strict=True)),
                    "bucket": bucket,
                    "amount": getattr(line, bucket),
                    "claims": claims[key],
                }
            )
    for programme, won in available(snapshot, year).items():
        if won:
            found.append(
                {
                    "programme": programme,
                    "year": year,
                    "bucket": "available",
                    "amount": won,
                    "claims": [],
                }
            )
    return found


def _oldest_open(snapshot: Snapshot) -> int | None:
    """The oldest year whose books were open at the moment; None where there was none."""
    years = [f"year/{year.year:04d}" for year in snapshot.books_now.years()]
    opened: set[int] = set()
    for entry in snapshot.entries(tuple(years)) if years else ():
        if not snapshot.at.holds(entry.effective_on, entry.seq):
            continue
        match entry.event:
            case YearOpened(year=year) | YearReopened(year=year):
                opened.add(year)
            case YearClosed(year=year):
                opened.discard(year)
    return min(opened, default=None)
