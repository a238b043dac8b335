"""`work`: what waits, at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field

from ledger.seoul import last_day, year_of
from projections.due import due, last_recorded_on
from projections.facts.grants import Line
from projections.questions.advances import advances
from projections.questions.asks import AtAMoment, Shape
from projections.questions.ceilings import nearly_used
from projections.questions.lapsing import would_lapse
from projections.questions.lookup import as_first_given
from projections.questions.naming import with_names
from projections.questions.pages import Limit
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.questions.states import applied, undecided
from projections.questions.waiting import Waiting, waiting


class Work(AtAMoment):
    """What waits: applications, claims, payments, advances, ceilings nearly used, the year end."""

    shape: ClassVar[Shape] = "lists"

    programme: str | None = Field(None, description="programme of the catalogue")
    near: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        90, description="percent from which a ceiling is nearly used"
    )
    limit: Limit = Field(100, description="at most so many rows of each list")

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as of the moment, within a programme if one is named."""
        given = {"programme": self.programme} if self.programme is not None else {}
        return super().turned(snapshot.within(as_first_given(snapshot.rows, given)))

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """Each list with how many there are, their sum in won, and the first rows of it."""
        claims = [claim for claim in undecided(snapshot) if _is_of(snapshot, claim.grant)]
        lines = waiting(snapshot)
        year_end = date.fromisoformat(last_day(year_of(snapshot.day)))
        return {
            "applications": self._told(snapshot, _applications(snapshot), "asked"),
            "claims": self._told(
                snapshot,
                [
                    {
                        "claim": claim.claim,
                        "grant": claim.grant,
                        "company": claim.company,
                        "year": claim.year,
                        "case": claim.case or None,
                        "supply": claim.supply,
                        "claimed_on": claim.claimed_on,
                        "claimed_by": claim.claimed_by,
                        "days": _days(snapshot, claim.claimed_on),
                    }
                    for claim in claims
                ],
                "supply",
            ),
            "payable": self._told(snapshot, _payable(lines), "payable"),
            "advances": self._told(snapshot, advances(snapshot, lines), "amount"),
            "ceilings": self._told(snapshot, nearly_used(snapshot, self.near), "used"),
            "would_lapse": self._told(snapshot, would_lapse(snapshot, lines, claims), "amount"),
            "days_to_year_end": (year_end - date.fromisoformat(snapshot.day)).days,
            "scheduler": _waiting(snapshot) if snapshot.at.is_now else None,
        }

    def _told(self, snapshot: Snapshot, rows: Sequence[Row], amount: str) -> dict[str, Any]:
        return {
            "count": len(rows),
            "sum": sum(row[amount] for row in rows),
            "rows": with_names(snapshot, rows[: self.limit]),
        }


def _applications(snapshot: Snapshot) -> list[Row]:
    grants = [grant for grant in applied(snapshot) if _is_of(snapshot, grant.grant)]
    snapshot.rows.fetch((Line, (grant.grant,)) for grant in grants)
    return [
        {
            "grant": grant.grant,
            "programme": grant.programme,
            "title": grant.title,
            "lead": grant.lead,
            "applied_on": grant.applied_on,
            "applied_by": grant.applied_by,
            "days": _days(snapshot, grant.applied_on),
            "asked": sum(line.asked for line in snapshot.rows.group(Line, grant.grant).values()),
        }
        for grant in grants
    ]


def _payable(lines: Iterable[Waiting]) -> list[Row]:
    return [
        {
            "grant": line.grant,
            "programme": line.programme,
            "company": line.company,
            "year": line.year,
            "case": line.case or None,
            "payable": line.payable,
        }
        for line in lines
        if line.payable
    ]


def _is_of(snapshot: Snapshot, grant: str) -> bool:
    """Whether a grant is one of the programme that is asked about."""
    programme = snapshot.given.get("programme")
    if programme is None:
        return True
    found = snapshot.grant(grant)
    return found is not None and found.programme == programme


def _days(snapshot: Snapshot, since: str) -> int:
    return (date.fromisoformat(snapshot.day) - date.fromisoformat(since)).days


def _waiting(snapshot: Snapshot) -> list[Row]:
    """What of the year end waits for a person to confirm it, and why."""
    books = snapshot.books_now
    those = due(books.years(), last_recorded_on(books), snapshot.today, snapshot.late_days)
    return [
        {"id": one.id, "command": one.command, "year": one.year, "waits": one.waits.wording}
        for one in those
        if one.waits
    ]
