"""`monthly`: money through the bank, by month and programme."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from sqlalchemy import func, select

from projections.questions.asks import AtAMoment, Filtered
from projections.questions.roll_ups import Row, up_to
from projections.questions.snapshot import Snapshot
from projections.storage.schema import conditions, schema

_WAYS: dict[tuple[str, str], str] = {
    ("committed", "advanced"): "paid",
    ("carried", "advanced"): "paid",
    ("payable", "spent"): "paid",
    ("advanced", "returned"): "returned",
    ("due", "recovered"): "recovered",
}
"""Which flows go through the bank; a reversed payment flows the other way round."""

_BACK = {
    **{(target, source): way for (source, target), way in _WAYS.items()},
    ("advanced", "lapsed"): "paid",
}
"""The same turned round: what was paid and comes back to a closed year lapses there."""


class Monthly(Filtered, AtAMoment):
    """What was paid, returned and recovered, by month and programme, less what was reversed."""

    empty: ClassVar[str] = "no-flows"

    def answer(self, snapshot: Snapshot) -> list[Row]:
        """A row for each month and programme in which money moved, sorted, in won.

        A reversal counts in its own month.
        """
        columns = schema().postings.c
        month = func.substr(columns.day, 1, 7).label("month")
        grouped = (month, columns.programme, columns.source, columns.target)
        question = (
            select(*grouped, func.sum(columns.won))
            .where(*conditions(snapshot.given), *up_to(columns.day, columns.seq, snapshot.at))
            .group_by(*grouped)
        )
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(
            lambda: {"paid": 0, "returned": 0, "recovered": 0}
        )
        for when, programme, source, target, won in snapshot.connection.execute(question):
            way, sign = _WAYS.get((source, target)), 1
            if way is None:
                way, sign = _BACK.get((source, target)), -1
            if way is not None:
                sums[when, programme][way] += sign * int(won)
        return [
            {"month": when, "programme": programme, **moved}
            for (when, programme), moved in sorted(sums.items())
        ]
