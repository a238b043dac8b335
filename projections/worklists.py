"""What worklists are found by at any moment, however long the history is.

Both kinds of row only say where to look: what is there, the balances and postings tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.won import SUMS
from projections.balances import Balance, line_key
from projections.facts.spans import Span
from projections.flows import Flow, used_by
from projections.rows import Key, Row, Rows

WAITING = ("committed", "carried", "payable", "advanced")
"""The buckets that worklists ask for: what is there is still to be paid or to be proven."""


@dataclass(slots=True)
class Holding(Row):
    """That a line held something to be paid or proven, from its first flow until this entry.

    It holds nothing then on any day from `day` on, that of its newest flow.
    """

    table: ClassVar[str] = "holdings"
    key: ClassVar[int] = 3
    group: ClassVar[int] = 2

    width_seq: int
    seq: int
    place: int
    grant: str
    company: str
    programme: str
    year: int
    case: str
    day: str
    since_seq: int
    since_on: str
    width_on: int


@dataclass(slots=True)
class Promised(Row):
    """What was ever promised under a ceiling, in won: what became of it takes nothing away.

    At no moment was more of that ceiling used. It is not counted past what any ceiling reaches.
    """

    table: ClassVar[str] = "promised"
    key: ClassVar[int] = 4
    group: ClassVar[int] = 4

    per: str
    programme: str
    year: int
    scope: str
    won: int = 0


def ceilings_of(grant: str, company: str, programme: str, year: int, case: str) -> Iterable[Key]:
    """The keys of what was promised under each ceiling that there may be for a line.

    A case's counts whatever the programme and the year.
    """
    yield from (("company_year", programme, year, company), ("grant_year", programme, year, grant))
    if case:
        yield "case", "", 0, case


def waits(line: Balance) -> bool:
    """Whether a line holds something that is still to be paid or to be proven."""
    return bool(line.committed or line.carried or line.payable or line.advanced)


def moved(entry: Entry, flows: Iterable[Flow], rows: Rows) -> None:
    """Note which lines an event's flows emptied, and what they promised under ceilings."""
    for place, flow in enumerate(flows):
        _, programme, year, grant, company, case, source, target, won = flow
        line = grant, company, programme, year, case
        if source in WAITING:
            _emptied(entry, place, line, rows)
        if used_by(source, target) > 0:
            for key in ceilings_of(*line):
                promised = rows.put(Promised, *key)
                promised.won = min(promised.won + won, SUMS)


def _emptied(entry: Entry, place: int, line: tuple[str, str, str, int, str], rows: Rows) -> None:
    """Note that a line holds nothing any more, if so it is."""
    balance = rows.get(Balance, *line_key(*line))
    if balance is None or waits(balance):
        return
    since_seq, since_on, width_seq, width_on = Span.ended(
        balance.oldest_seq, balance.oldest_on, entry.seq, balance.newest_on
    )
    ended = entry.seq, place, *line, balance.newest_on
    rows.append(Holding(width_seq, *ended, since_seq, since_on, width_on))
