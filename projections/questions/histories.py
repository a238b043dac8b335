"""Histories: events one after another with the balance after each, and what changed between two.

The running balance is moved by the same flows as every other; here they are simply watched.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from sqlalchemy import Connection, literal, select

from ledger import log, reading
from ledger.envelope import Entry
from ledger.errors import Misused
from ledger.events import (
    BUCKETS,
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
from projections.balances import Balance
from projections.facts.editions import Programme
from projections.facts.grants import Line
from projections.flows import Flow, flows
from projections.questions.asof import KEYS, WHOLE, By, Filter, Moment, balances
from projections.questions.lookup import Given, as_first_given
from projections.storage.schema import schema

HELD = (*BUCKETS, "interest", "budget")

_OF_BUDGETS = ("available", "budget")
"""What a programme's year holds as a whole, and no part of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which events are shown: positions, or days on which they count; all where None.

    `Misused` where it ends before it begins.
    """

    first_seq: int | None = None
    last_seq: int | None = None
    first_day: str | None = None
    last_day: str | None = None

    def __post_init__(self) -> None:
        first_seq, last_seq = self.first_seq, self.last_seq
        if first_seq is not None and last_seq is not None and first_seq > last_seq:
            raise Misused(f"position {first_seq} comes after position {last_seq}")
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise Misused(f"{self.first_day} comes after {self.last_day}")

    def holds(self, entry: Entry) -> bool:
        """Whether an event is shown."""
        return (
            (self.first_seq is None or entry.seq >= self.first_seq)
            and (self.last_seq is None or entry.seq <= self.last_seq)
            and (self.first_day is None or entry.effective_on >= self.first_day)
            and (self.last_day is None or entry.effective_on <= self.last_day)
        )


def replay(
    connection: Connection, wanted: Filter, span: Span
) -> Generator[dict[str, Any], None, None]:
    """The events that a filter concerns, in order of position, each with the balance after it.

    `moved` are the event's own flows within the filter; `balance` adds up all of them so far, in
    won, the events before the span included. `NotFound` where the filter names what is not in the
    ledger.
    """
    given = as_first_given(connection, wanted.given())
    whole = given.keys() <= WHOLE["programme"]
    running = Balance("programme" if whole else "line", "", "", "", 0, "")
    subjects = _subjects(given) if given else None
    for envelope, _ in reading.read(
        connection, reading.Wanted(subjects=subjects, up_to=span.last_seq)
    ):
        entry = Entry.from_envelope(envelope)
        moved = [flow for flow in flows(entry.event, entry.effective_on) if _is_within(flow, given)]
        if given and not moved and not _concerned(connection, entry.event, given):
            continue
        for flow in moved:
            running.move(flow.source, flow.target, flow.won)
        if span.holds(entry):
            yield {
                "seq": entry.seq,
                "kind": entry.kind,
                "recorded_at": entry.recorded_at,
                "effective_on": entry.effective_on,
                "actor": entry.actor,
                "command_id": entry.command_id,
                "subject": entry.event.subject,
                "moved": [_moved(flow) for flow in moved],
                "balance": _held(running, whole=whole),
            }


def _held(running: Balance, *, whole: bool) -> dict[str, int | None]:
    return {
        name: getattr(running, name) if whole or name not in _OF_BUDGETS else None for name in HELD
    }


# ── which events a filter concerns ───────────────────────────────────────────────────────────

Place: TypeAlias = Given
"""What something is about, in the columns of a flow; a column that is not there is left open."""


def _concerned(connection: Connection, event: AnyEvent, given: Given) -> bool:
    """Whether an event that moved nothing within a filter is about what is filtered all the same.

    Its subject is one that the filter may concern.
    """
    return any(
        ("grant" in place or given.keys() & place.keys())
        and all(place.get(name, value) == value for name, value in given.items())
        for place in _places(connection, event)
    )


def _places(connection: Connection, event: AnyEvent) -> list[Place]:
    """What an event is about. One that ends or refuses a grant is about every line of it.

    What happens most often stands first: every case that does not fit costs time.
    """
    match event:
        case CostsClaimed() | LineEvent():
            return [_line(event.grant, event.programme, event)]
        case GrantApplied() | GrantApproved() | AwardAmended() | RecoveryOrdered():
            return [_line(event.grant, event.programme, line) for line in event.lines]
        case EntryReversed():
            entry = log.read_entry(connection, event.entry)
            return _places(connection, entry.event) if entry else []
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


def _moved(flow: Flow) -> dict[str, Any]:
    fields = flow._asdict()
    return fields | {name: fields[name] or None for name in ("grant", "company", "case")}


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


# ── what changed ─────────────────────────────────────────────────────────────────────────────


def diff(
    connection: Connection, by: By, wanted: Filter, before: Moment, after: Moment, today: str
) -> list[dict[str, Any]]:
    """The rows of a roll-up that differ between two moments, with both and the change, in won.

    What `balances` has no number for has none here.
    """
    older = {_key(by, row): row for row in balances(connection, by, wanted, before, today)}
    newer = {_key(by, row): row for row in balances(connection, by, wanted, after, today)}
    rows = []
    for key in sorted(older.keys() | newer.keys(), key=lambda key: [part or "" for part in key]):
        was, is_ = (
            _amounts(older.get(key), newer.get(key)),
            _amounts(newer.get(key), older.get(key)),
        )
        change = {name: _less(is_[name], was[name]) for name in is_}
        if any(change.values()):
            rows.append(
                dict(zip(KEYS[by], key, strict=True))
                | {"before": was, "after": is_, "change": change}
            )
    return rows


Amounts: TypeAlias = dict[str, int | None]


def _amounts(row: dict[str, Any] | None, other: dict[str, Any] | None) -> Amounts:
    """What a row holds; where there is none, nothing of what the other one holds."""
    known = row or {name: None if amount is None else 0 for name, amount in (other or {}).items()}
    return {name: known[name] for name in (*HELD, "used") if name in known}


def _less(amount: int | None, other: int | None) -> int | None:
    return None if amount is None or other is None else amount - other


def _key(by: By, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS[by])
