"""Programmes and the dated editions of their terms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from ledger.envelope import Entry, canonical, plain
from ledger.events import TermsRevised
from ledger.terms import Terms
from projections.rows import Row, Rows


@dataclass(slots=True)
class Edition(Row):
    """One edition of a programme's terms, from a day on; known by its position in the log."""

    table: ClassVar[str] = "editions"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    programme: str
    seq: int
    day: str
    text: str

    @property
    def terms(self) -> Terms:
        """The terms themselves."""
        return _parsed(self.text)


@lru_cache(maxsize=512)
def _parsed(text: str) -> Terms:
    return Terms.model_validate_json(text, strict=True)


@dataclass(slots=True)
class Programme(Row):
    """A programme of the catalogue and what people call it."""

    table: ClassVar[str] = "programmes"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    programme: str
    place: int
    name: str
    name_ko: str
    grouping: str
    grouping_ko: str
    seq: int


def revised(entry: Entry, event: TermsRevised, rows: Rows) -> None:
    """A programme gets a new edition; the first one brings its names."""
    text = canonical(plain(event.terms))
    rows.add(Edition(event.programme, entry.seq, entry.effective_on, text))
    if rows.get(Programme, event.programme) is None:
        rows.add(
            Programme(
                event.programme,
                event.order or 0,
                event.name or event.programme,
                event.name_ko or event.programme,
                event.group or "",
                event.group_ko or "",
                entry.seq,
            )
        )
