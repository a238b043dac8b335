"""What is left of budgets, and used of ceilings, at a moment, from the flows that change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import Select, and_

from ledger.events import BUCKETS
from projections.balances import Balance
from projections.flows import OUTSIDE, USES
from projections.questions.roll_ups import By, added_up, before, cut_through, rolled_up
from projections.questions.snapshot import Snapshot
from projections.storage.schema import conditions, schema

_USED = tuple(bucket for bucket in BUCKETS if bucket in USES)
_FREE = tuple(bucket for bucket in BUCKETS if bucket not in USES)
"""The buckets that use up no ceiling."""


def available(snapshot: Snapshot, year: int) -> dict[str, int]:
    """What is available of each programme's budget of a year, in won, by its slug."""
    of_year = snapshot.within({**snapshot.given, "year": year})
    columns = schema().postings.c
    given_away = columns.source == "available"
    got = and_(columns.source.in_((OUTSIDE, *BUCKETS)), columns.target == "available")
    won: Counter[str] = Counter()
    for one in (
        *before(of_year, "programme"),
        *cut_through(of_year, "programme", given_away),
        *cut_through(of_year, "programme", got),
    ):
        won[one.programme] += one.available
    return dict(sorted(won.items()))


def used(snapshot: Snapshot, by: By, keys: Select[Any]) -> Iterable[Balance]:
    """Balances with these keys, which at the moment use what they did then, in won.

    In which buckets that lies, they do not tell.
    """
    columns = schema().postings.c
    meant = conditions(snapshot.given)
    taken = columns.source.in_(_FREE), columns.target.in_(_USED)
    freed = columns.source.in_(_USED), columns.target.in_(_FREE)
    parts = (added_up(snapshot, by, keys, *some, *meant) for some in (taken, freed))
    return rolled_up(by, chain.from_iterable(parts))
