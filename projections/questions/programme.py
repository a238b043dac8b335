"""`show programme`: one programme with its terms, whole."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from pydantic import Field

from ledger import log
from ledger.errors import NotFound
from ledger.events import TermsRevised
from projections.books import in_force
from projections.facts.editions import Edition, Programme
from projections.questions import lookup
from projections.questions.asks import AtAMoment, Shape
from projections.questions.roll_ups import balances
from projections.questions.snapshot import Snapshot


class ShowProgramme(AtAMoment):
    """One programme with its editions, the one in force on the day, and its balances by year."""

    shape: ClassVar[Shape] = "thing"

    programme: str = Field(description="programme of the catalogue")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """The programme as of the moment.

        `detail`, `notes` and `assumed` are what the edition in force says of how the published
        table was read. `NotFound` where the programme was not known at the moment's position.
        """
        slug = lookup.programme(snapshot.rows, self.programme).programme
        found, editions = snapshot.known.get(Programme, slug), snapshot.known.group(Edition, slug)
        if found is None:
            raise NotFound("no-programme-then", programme=slug)
        now = in_force(editions.values(), snapshot.day)
        return {
            "programme": slug,
            "name": found.name,
            "name_ko": found.name_ko,
            "group": found.grouping,
            "group_ko": found.grouping_ko,
            "terms": json.loads(now.text) if now else None,
            **_said_of_terms(snapshot, now),
            "editions": [
                {"seq": edition.seq, "holds_from": edition.day, "terms": json.loads(edition.text)}
                for edition in sorted(editions.values(), key=lambda one: (one.day, one.seq))
            ],
            "balances": balances(snapshot.within({"programme": slug}), "programme"),
        }


def _said_of_terms(snapshot: Snapshot, edition: Edition | None) -> dict[str, Any]:
    entry = log.read_entry(snapshot.driver, edition.seq) if edition else None
    event = entry.event if entry else None
    if not isinstance(event, TermsRevised):
        return {"detail": None, "notes": [], "assumed": []}
    return {
        "detail": event.detail,
        "notes": list(event.notes or ()),
        "assumed": list(event.assumed or ()),
    }
