"""`list programmes`: the catalogue, in its own order, with the terms in force on the day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import ClassVar

from projections.books import in_force
from projections.facts.editions import Edition, Programme
from projections.questions.pages import Listed
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot


class Programmes(Listed):
    """Programmes with what they pay for, and their terms."""

    name: ClassVar[str] = "programmes"

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Programme]:
        """All of them, in the catalogue's order."""
        found = sorted(snapshot.rows.where(Programme), key=_place)
        places = [self.place_of(programme) for programme in found]
        return iter(found[places.index(after) + 1 if after in places else 0 :])

    def place_of(self, candidate: Programme) -> str:
        """Its slug."""
        return candidate.programme

    def is_place(self, snapshot: Snapshot, after: str) -> bool:
        """Whether it is the slug of a programme."""
        return snapshot.rows.get(Programme, after) is not None

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Programme]) -> list[Row | None]:
        """Each that was known at the position, under the edition that holds on the day."""
        known = snapshot.known
        for kind in (Programme, Edition):
            known.fetch((kind, (programme.programme,)) for programme in candidates)
        return [self._row(snapshot, programme.programme) for programme in candidates]

    def _row(self, snapshot: Snapshot, slug: str) -> Row | None:
        programme = snapshot.known.get(Programme, slug)
        if programme is None:
            return None
        edition = in_force(snapshot.known.group(Edition, slug).values(), snapshot.day)
        terms = json.loads(edition.text) if edition else None
        return {
            "programme": slug,
            "name": programme.name,
            "name_ko": programme.name_ko,
            "categories": terms["eligible"] if terms else [],
            "terms": terms,
        }


def _place(programme: Programme) -> tuple[int, str]:
    return programme.place, programme.programme
