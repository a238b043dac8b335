"""`list companies`: companies, universities and institutes, in the order they were registered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, select

from ledger.names import id_key
from projections.facts.companies import Company, ExclusionFrom, NameEnding, NameFrom, SizeFrom
from projections.questions.in_order import in_order
from projections.questions.pages import Listed
from projections.questions.picked import is_part
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.storage.schema import beginning_with, schema


class Companies(Listed):
    """Parties with their name, size and exclusion on the day."""

    name: ClassVar[str] = "companies"

    status: Literal["active", "excluded"] | None = Field(
        None, description="whether it may take part on the day"
    )
    part: str | None = Field(None, alias="name", description="part of its name")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Company]:
        """Those that have it in a name, or were excluded at all, where that is asked for."""
        return in_order(
            snapshot,
            Company,
            *self._perhaps(snapshot),
            between=(int(after or 0), snapshot.position),
        )

    def _perhaps(self, snapshot: Snapshot) -> Iterator[ColumnElement[bool]]:
        number = schema().tables[Company].c.business_number
        if self.part is not None:
            endings = schema().tables[NameEnding].c
            begins = beginning_with(endings.ending, id_key(self.part))
            found = select(endings.business_number).where(endings.whole.in_((0, 1)), *begins)
            yield number.in_(found)
        if self.status == "excluded":
            exclusions = schema().tables[ExclusionFrom].c
            on_the_day = exclusions.day <= snapshot.day, exclusions.until >= snapshot.day
            yield number.in_(select(exclusions.business_number).where(*on_the_day))

    def place_of(self, candidate: Company) -> str:
        """Its registration's position."""
        return str(candidate.seq)

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Company]) -> list[Row | None]:
        """Each as of the day and as known at the position."""
        known = snapshot.known
        for kind in (Company, NameFrom, SizeFrom, ExclusionFrom):
            known.fetch((kind, (company.business_number,)) for company in candidates)
        return [self._row(snapshot, company.business_number) for company in candidates]

    def _row(self, snapshot: Snapshot, number: str) -> Row | None:
        books, day = snapshot.books, snapshot.day
        company = books.company(number)
        if company is None:
            return None
        name = books.name_on(number, day) or company.name
        until = books.excluded_until(number, day)
        if not is_part(self.part, name) or self.status not in (
            None,
            "excluded" if until else "active",
        ):
            return None
        return {
            "business_number": number,
            "name": name,
            "party_type": company.party_type,
            "size": books.size_on(number, day),
            "excluded_until": until,
        }
