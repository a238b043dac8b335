"""`show company`: one company, university or institute, whole."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from ledger.errors import NotFound
from ledger.events import CompanyRegistered
from projections.questions import lookup
from projections.questions.asks import AtAMoment, Shape
from projections.questions.roll_ups import balances
from projections.questions.snapshot import Snapshot
from projections.questions.things import told_entry


class ShowCompany(AtAMoment):
    """One company with its name, size and exclusion on the day, its balances, lines and events."""

    shape: ClassVar[Shape] = "thing"

    company: str = Field(description="business number")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The company as of the moment.

        It is there on any day: a registration has no day to wait for. `NotFound` where it was not
        registered at the moment's position.
        """
        number = lookup.company(snapshot.rows, self.company).business_number
        books, day = snapshot.books, snapshot.day
        found = books.company(number)
        if found is None:
            raise NotFound("no-company-then", company=number)
        own = snapshot.within({"company": number})
        return {
            "business_number": number,
            "name": books.name_on(number, day) or found.name,
            "party_type": found.party_type,
            "size": books.size_on(number, day),
            "mini_cluster": books.mini_cluster_on(number, day) or None,
            "excluded_until": books.excluded_until(number, day),
            "balances": balances(own, "company"),
            "lines": balances(own, "line"),
            "events": [
                told_entry(entry)
                for entry in snapshot.entries((f"company/{number}",))
                if snapshot.at.holds(entry.effective_on, entry.seq)
                or isinstance(entry.event, CompanyRegistered)
            ],
        }
