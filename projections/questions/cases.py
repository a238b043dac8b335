"""`list cases`: filings with their number, their programme, and what they use of their ceiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field
from sqlalchemy import select

from ledger.database import tables
from ledger.names import case_key, id_key
from projections.facts.grants import Case, Grant, Line
from projections.questions.in_order import keyed
from projections.questions.pages import CHUNK, Listed
from projections.questions.roll_ups import Row, of_cases
from projections.questions.snapshot import Snapshot
from projections.storage.schema import schema


class Cases(Listed):
    """Cases, by name, with what they had used by the moment."""

    name: ClassVar[str] = "cases"
    summed: ClassVar[tuple[str, ...]] = ("used",)

    company: str | None = Field(None, description="has a line for it: business number")
    programme: str | None = Field(None, description="programme of the catalogue")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Case]:
        """All of them, in the order of their keys."""
        table = schema().tables[Case]
        key = table.c.case_key
        while True:
            question = select(table).where(key > after).order_by(key).limit(CHUNK)
            found = [Case(*values) for values in snapshot.connection.execute(question).all()]
            yield from found
            if len(found) < CHUNK:
                return
            after = found[-1].case_key

    def place_of(self, candidate: Case) -> str:
        """Its key."""
        return candidate.case_key

    def is_place(self, snapshot: Snapshot, after: str) -> bool:
        """Whether it is a key."""
        return after == case_key(after) != ""

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Case]) -> list[Row | None]:
        """Each case that an application had named by the moment, in won."""
        lines = _lines(snapshot, candidates)
        balances = of_cases(snapshot, [case.case for case in candidates])
        numbered = _numbered_then(snapshot, candidates)
        company, programme = (snapshot.given.get(name) for name in ("company", "programme"))
        rows: list[Row | None] = []
        for case in candidates:
            own, balance = lines[case.case], balances.get(case.case)
            programmes = {line.programme for line in own}
            is_meant = (
                bool(own)
                and company in (None, *(line.company for line in own))
                and programme in (None, *programmes)
            )
            rows.append(
                {
                    "case": case.case,
                    "application_number": (
                        case.application_number if case.case in numbered else None
                    ),
                    "programme": programmes.pop() if len(programmes) == 1 else None,
                    "used": balance["used"] if balance else 0,
                    "cap": balance["cap"] if balance else None,
                }
                if is_meant
                else None
            )
        return rows


def _lines(snapshot: Snapshot, cases: Sequence[Case]) -> dict[str, list[Line]]:
    """The lines of cases whose application was there at the moment."""
    table = schema().tables[Line]
    of_them = table.c.case.in_([case.case for case in cases])
    question = select(table).where(table.c.case != "", of_them)
    found = [Line(*values) for values in snapshot.connection.execute(question).all()]
    grants = {
        grant.grant: grant
        for grant in keyed(snapshot, Grant, list({id_key(line.grant) for line in found}))
    }
    there: dict[str, list[Line]] = defaultdict(list)
    for line in found:
        grant = grants[line.grant]
        if snapshot.at.holds(grant.applied_on, grant.seq):
            there[line.case].append(line)
    return there


def _numbered_then(snapshot: Snapshot, cases: Sequence[Case]) -> set[str]:
    """Which of them had their application number by the moment."""
    subjects = {f"case/{case.case}": case.case for case in cases if case.application_number}
    events = tables.events.c
    question = select(events.subject, events.effective_on, events.seq).where(
        events.subject.in_(list(subjects)), events.kind == "case-identified"
    )
    return {
        subjects[subject]
        for subject, day, seq in snapshot.connection.execute(question)
        if snapshot.at.holds(day, seq)
    }
