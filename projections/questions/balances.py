"""`balances`: what every bucket holds, by company, programme, grant, case or line."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from projections.questions.asks import AtAMoment, Filtered
from projections.questions.roll_ups import By, Row, balances
from projections.questions.snapshot import Snapshot


class Balances(Filtered, AtAMoment):
    """What every bucket holds, now or as of any day, position, or both."""

    empty: ClassVar[str] = "no-flows"

    by: By = Field("company", description="what the flows are added up by")

    def answer(self, snapshot: Snapshot) -> list[Row]:
        """The rows of the roll-up, sorted by their keys, amounts in won."""
        return balances(snapshot, self.by)
