"""Which events a filter concerns: what they moved, and what they are about.

A selection of events is never folded as if it were all: what is added up here are flows alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias, assert_never

from sqlalchemy import literal, select

from ledger import log
from ledger.envelope import Entry
from ledger.events import (
    AnyEvent,
    AwardAmended,
    BudgetEvent,
    CaseIdentified,
    CompanyEvent,
    CostsClaimed,
    EntryReversed,
    GrantApplied,
    GrantApproved,
    GrantEvent,
    LineEvent,
    OnLine,
    RecoveryOrdered,
    TermsRevised,
    YearEvent,
)
from ledger.reading import Wanted
from projections.facts.editions import Programme
from projections.facts.grants import Line
from projections.flows import Flow, flows
from projections.questions.snapshot import Given, Snapshot
from projections.storage.schema import schema

EVERYTHING = Wanted()
"""Every event."""

Place: TypeAlias = Given
"""What something is about, in the columns of a flow; a column that is not there is left open."""


class Concerned(NamedTuple):
    """An event that a filter concerns, and the flows of its own that lie within it."""

    entry: Entry
    envelope: str
    leaf: str
    moved: list[Flow]


def concerned(snapshot: Snapshot, wanted: Wanted = EVERYTHING) -> Generator[Concerned, None, None]:
    """The events that the filter concerns, in order of position.

    Those that moved nothing within it are about what is filtered all the same.
    """
    given = snapshot.given
    subjects = _subjects(given) if given else None
    for envelope, leaf in snapshot.read(replace(wanted, subjects=subjects)):
        entry = Entry.from_envelope(envelope)
        moved = [flow for flow in flows(entry.event, entry.effective_on) if _is_within(flow, given)]
        if moved or not given or _is_about(snapshot, entry.event, given):
            yield Concerned(entry, envelope, leaf, moved)


def _is_about(snapshot: Snapshot, event: AnyEvent, given: Given) -> bool:
    return any(
        ("grant" in place or given.keys() & place.keys())
        and all(place.get(name, value) == value for name, value in given.items())
        for place in _places(snapshot, event)
    )


def _places(snapshot: Snapshot, event: AnyEvent) -> list[Place]:
    """What an event is about. One that ends or refuses a grant is about every line of it.

    What happens most often stands first: every case that does not fit costs time.
    """
    match event:
        case CostsClaimed() | LineEvent():
            return [_line(event.grant, event.programme, event)]
        case GrantApplied() | GrantApproved() | AwardAmended() | RecoveryOrdered():
            return [_line(event.grant, event.programme, line) for line in event.lines]
        case EntryReversed():
            entry = log.read_entry(snapshot.driver, event.entry)
            return _places(snapshot, entry.event) if entry else []
        case GrantEvent():
            return [{"grant": event.grant, "programme": event.programme}]
        case BudgetEvent():
            return [{"programme": event.programme, "year": event.year, **_NO_LINE}]
        case TermsRevised():
            return [{"programme": event.programme}]
        case YearEvent():
            return [{"year": event.year}]
        case CompanyEvent():
            return [{"company": event.business_number}]
        case CaseIdentified():
            return [{"case": event.case}]
    assert_never(event)


_NO_LINE: Place = {"grant": "", "company": "", "case": ""}


def _line(grant: str, programme: str, line: OnLine | LineEvent) -> Place:
    return {
        "grant": grant,
        "programme": programme,
        "company": line.company,
        "year": line.year,
        "case": line.case or "",
    }


def _is_within(flow: Flow, given: Given) -> bool:
    return all(getattr(flow, name) == value for name, value in given.items())


def _subjects(given: Given) -> Any:
    """A question for the subjects of all events that a filter may concern."""
    lines = schema().tables[Line].c
    questions = [
        select(literal("grant/").concat(lines.grant)).where(
            *(lines[name] == value for name, value in given.items())
        )
    ]
    if "grant" not in given:
        questions += [select(literal(subject)) for subject in _named(given)]
        if given.keys() == {"year"}:
            programmes = schema().tables[Programme].c
            questions.append(select(literal("programme/").concat(programmes.programme)))
    first, *others = questions
    return first.union(*others)


def _named(given: Given) -> Iterator[str]:
    for name, value in given.items():
        yield f"{name}/{value:04d}" if isinstance(value, int) else f"{name}/{value}"


def told_flow(flow: Flow) -> dict[str, Any]:
    """A flow as outsiders read it, in won."""
    fields = flow._asdict()
    return fields | {name: fields[name] or None for name in ("grant", "company", "case")}
