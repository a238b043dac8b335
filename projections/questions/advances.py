"""Advances without evidence, by the payment that made them: the oldest is discharged first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select

from projections.balances import Balance
from projections.facts.payments import Reversal
from projections.flows import Posting
from projections.questions.roll_ups import Row, up_to
from projections.questions.snapshot import Snapshot
from projections.storage.schema import schema

_GRANTS = 200
"""Grants whose postings are asked for together."""

_PAID_FROM = ("committed", "carried")
"""What an advance comes out of."""

_TAKEN_BACK = (*_PAID_FROM, "lapsed")
"""Where the money of a reversed payment goes."""


@dataclass(slots=True)
class _Line:
    """What was paid in advance on a line, payment by payment, and how much was discharged."""

    paid: dict[int, Posting] = field(default_factory=dict)
    taken_back: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    discharged: int = 0

    def take(self, posting: Posting, reverses: int) -> None:
        """Take a posting into account; `reverses` is the entry that its event reverses, or 0."""
        if posting.target == "advanced":
            if posting.source in _PAID_FROM:
                self.paid[posting.seq] = posting
            else:
                self.discharged -= posting.won
        elif reverses in self.paid:
            self.taken_back[reverses] += posting.won
        else:
            self.discharged += posting.won

    def left(self) -> Iterable[tuple[Posting, int]]:
        """The payments that are not discharged, the oldest first, with what is left of each."""
        discharged = self.discharged
        for posting in sorted(self.paid.values(), key=lambda one: (one.day, one.seq)):
            stands = posting.won - self.taken_back[posting.seq]
            used = min(stands, max(discharged, 0))
            discharged -= used
            if stands > used:
                yield posting, stands - used


def advances(snapshot: Snapshot, lines: Iterable[Balance]) -> list[Row]:
    """What is advanced and not proven on lines at the moment, in won; the oldest payment first."""
    grants = sorted({line.scope for line in lines if line.advanced})
    found: list[tuple[Posting, int]] = []
    for start in range(0, len(grants), _GRANTS):
        for line in _lines(snapshot, grants[start : start + _GRANTS]):
            found += line.left()
    found.sort(key=lambda one: (one[0].day, one[0].seq))
    today = date.fromisoformat(snapshot.day)
    return [
        {
            "grant": posting.grant,
            "programme": posting.programme,
            "company": posting.company,
            "year": posting.year,
            "case": posting.case or None,
            "seq": posting.seq,
            "paid_on": posting.day,
            "days": (today - date.fromisoformat(posting.day)).days,
            "amount": left,
        }
        for posting, left in found
    ]


def _lines(snapshot: Snapshot, grants: list[str]) -> Iterable[_Line]:
    columns = schema().postings.c
    question = (
        select(*columns)
        .where(columns.grant.in_(grants))
        .where(or_(columns.source == "advanced", columns.target == "advanced"))
        .where(*up_to(columns.day, columns.seq, snapshot.at))
        .order_by(columns.seq, columns.place)
    )
    postings = [Posting(*values) for values in snapshot.connection.execute(question).all()]
    taken_back = {posting.grant for posting in postings if posting.target in _TAKEN_BACK}
    reverses = _reversed_by(snapshot, {one.seq for one in postings if one.grant in taken_back})
    lines: dict[tuple[object, ...], _Line] = defaultdict(_Line)
    for posting in postings:
        line = lines[posting.grant, posting.company, posting.year, posting.case]
        line.take(posting, reverses.get(posting.seq, 0))
    return lines.values()


def _reversed_by(snapshot: Snapshot, seqs: Iterable[int]) -> dict[int, int]:
    """Of these entries those that were reversed, by the position of what reversed each."""
    reversals = schema().tables[Reversal].c
    question = select(reversals.by, reversals.entry).where(reversals.entry.in_(list(seqs)))
    return dict(snapshot.connection.execute(question).all())
