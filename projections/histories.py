"""Histories: events one after another with the balance after each, and what changed between two.

The running balance is moved by the same flows as every other; here they are simply watched.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, literal, select

from ledger import reading
from ledger.envelope import Entry
from ledger.events import BUCKETS, TermsRevised
from projections.asof import KEYS, By, Filter, Moment, balances, with_case_as_given
from projections.balances import Balance
from projections.editions import Programme
from projections.flows import Flow, flows
from projections.grants import Line
from projections.shelf import shelf

HELD = (*BUCKETS, "interest", "budget")


@dataclass(frozen=True, slots=True)
class Span:
    """Which events are shown: positions, or days on which they count; all where None."""

    first_seq: int | None = None
    last_seq: int | None = None
    first_day: str | None = None
    last_day: str | None = None

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
    won, the events before the span included.
    """
    wanted = with_case_as_given(connection, wanted)
    given = wanted.given()
    whole = given.keys() <= {"programme", "year"}
    running = Balance("programme" if whole else "line", "", "", "", 0, "")
    subjects = _subjects(wanted) if given else None
    for envelope, _ in reading.read(
        connection, reading.Wanted(subjects=subjects, up_to=span.last_seq)
    ):
        entry = Entry.from_envelope(envelope)
        all_flows = list(flows(entry.event, entry.effective_on))
        moved = [flow for flow in all_flows if _concerns(flow, given)]
        if all_flows and not moved:
            continue
        if wanted.programme is None and given and isinstance(entry.event, TermsRevised):
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
                "balance": {name: getattr(running, name) for name in HELD},
            }


def diff(
    connection: Connection, by: By, wanted: Filter, before: Moment, after: Moment, today: str
) -> list[dict[str, Any]]:
    """The rows of a roll-up that differ between two moments, with both and the change, in won."""
    older = {_key(by, row): row for row in balances(connection, by, wanted, before, today)}
    newer = {_key(by, row): row for row in balances(connection, by, wanted, after, today)}
    rows = []
    for key in sorted(older.keys() | newer.keys(), key=lambda key: [part or "" for part in key]):
        was, is_ = older.get(key, {}), newer.get(key, {})
        names = [name for name in (*HELD, "used") if name in is_ or name in was]
        change = {name: is_.get(name, 0) - was.get(name, 0) for name in names}
        if any(change.values()):
            rows.append(
                dict(zip(KEYS[by], key, strict=True))
                | {
                    "before": {name: was.get(name, 0) for name in names},
                    "after": {name: is_.get(name, 0) for name in names},
                    "change": change,
                }
            )
    return rows


def _key(by: By, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS[by])


def _concerns(flow: Flow, given: dict[str, str | int]) -> bool:
    return all(getattr(flow, name) == value for name, value in given.items())


def _moved(flow: Flow) -> dict[str, Any]:
    fields = flow._asdict()
    return fields | {name: fields[name] or None for name in ("grant", "company", "case")}


def _subjects(wanted: Filter) -> Any:
    """A question for the subjects of all events that a filter may concern."""
    lines = shelf().tables[Line].c
    given = wanted.given()
    questions = [
        select(literal("grant/").concat(lines.grant)).where(
            *(lines[name] == value for name, value in given.items())
        )
    ]
    named = {
        "company": wanted.company,
        "programme": wanted.programme,
        "case": wanted.case,
        "year": None if wanted.year is None else f"{wanted.year:04d}",
    }
    if wanted.grant is None:
        questions += [
            select(literal(f"{kind}/{name}")) for kind, name in named.items() if name is not None
        ]
        if given.keys() == {"year"}:
            programmes = shelf().tables[Programme].c
            questions.append(select(literal("programme/").concat(programmes.programme)))
    first, *others = questions
    return first.union(*others)
