"""`list grants`: grants by status, company, programme, year and more, in the order they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import ClassVar, Literal

from pydantic import Field

from ledger.names import id_key
from ledger.seoul import Year
from projections.facts.grants import AwardChange, Grant, GrantStatus, Line, Participation
from projections.questions.in_order import in_order, in_state, keyed
from projections.questions.pages import CHUNK, Listed
from projections.questions.picked import ByDay, is_part, people_of
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.questions.states import grant_statuses
from projections.storage.schema import schema

Status = Literal["applied", "approved", "rejected", "withdrawn", "settled", "cancelled"]


class Grants(ByDay, Listed):
    """Grants with their status and award, as they were at the moment."""

    name: ClassVar[str] = "grants"
    summed: ClassVar[tuple[str, ...]] = ("asked", "award")

    status: Status | None = Field(None, description="what became of the grant")
    company: str | None = Field(None, description="takes part in it: business number")
    programme: str | None = Field(None, description="programme of the catalogue")
    year: Year | None = Field(None, description="has a line for this fiscal year")
    person: str | None = Field(None, description="recorded anything of it")
    title: str | None = Field(None, alias="name", description="part of its title")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Grant]:
        """By the most telling filter that has an index."""
        between, own = self.span(snapshot, after), schema().tables[Grant].c
        company, programme = (snapshot.given.get(name) for name in ("company", "programme"))
        if company is not None:
            part = schema().tables[Participation].c
            taking_part = in_order(
                snapshot, Participation, part.company == company, between=between
            )
            return _of_participations(snapshot, taking_part)
        if self.status is not None:
            return in_state(snapshot, Grant, GrantStatus, self.status, between)
        if programme is not None:
            return in_order(snapshot, Grant, own.programme == programme, between=between)
        return in_order(snapshot, Grant, between=between)

    def place_of(self, candidate: Grant) -> str:
        """Its application's position."""
        return str(candidate.seq)

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Grant]) -> list[Row | None]:
        """Each grant with what was asked, and awarded by the moment, in won."""
        for kind in (Line, AwardChange):
            snapshot.rows.fetch((kind, (grant.grant,)) for grant in candidates)
        statuses = grant_statuses(snapshot, self._meant(snapshot, candidates))
        if self.status is not None:
            statuses = {key: one for key, one in statuses.items() if one == self.status}
        return [
            self._row(snapshot, grant, statuses[grant.grant_key])
            if grant.grant_key in statuses
            else None
            for grant in candidates
        ]

    def _meant(self, snapshot: Snapshot, candidates: Sequence[Grant]) -> list[Grant]:
        programme = snapshot.given.get("programme")
        found = [
            grant
            for grant in candidates
            if snapshot.at.holds(grant.applied_on, grant.seq)
            and self.is_within(grant.applied_on)
            and programme in (None, grant.programme)
            and is_part(self.title, grant.title)
            and (self.year is None or self.year in _years(snapshot, grant))
        ]
        if self.person is not None:
            found = _with_person(snapshot, found, self.person)
        return found

    def _row(self, snapshot: Snapshot, grant: Grant, status: str) -> Row:
        lines = snapshot.rows.group(Line, grant.grant).values()
        changes = snapshot.rows.group(AwardChange, grant.grant).values()
        awarded = [one.change for one in changes if snapshot.at.holds(one.day, one.seq)]
        return {
            "grant": grant.grant,
            "programme": grant.programme,
            "title": grant.title,
            "lead": grant.lead,
            "status": status,
            "applied_on": grant.applied_on,
            "applied_by": grant.applied_by,
            "asked": sum(line.asked for line in lines),
            "award": sum(awarded) if awarded else None,
        }


def _of_participations(snapshot: Snapshot, taking_part: Iterator[Participation]) -> Iterator[Grant]:
    while some := list(islice(taking_part, CHUNK)):
        yield from keyed(snapshot, Grant, [one.grant_key for one in some])


def _years(snapshot: Snapshot, grant: Grant) -> set[int]:
    return {line.year for line in snapshot.rows.group(Line, grant.grant).values()}


def _with_person(snapshot: Snapshot, grants: list[Grant], person: str) -> list[Grant]:
    people = people_of(snapshot, [f"grant/{grant.grant}" for grant in grants])
    return [grant for grant in grants if id_key(person) in people[f"grant/{grant.grant}"]]
