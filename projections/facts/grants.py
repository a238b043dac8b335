"""Grants, their lines, and the cases they are about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from ledger.envelope import Entry, canonical
from ledger.events import (
    AwardAmended,
    CaseIdentified,
    EntryReversed,
    GrantApplied,
    GrantApproved,
    GrantCancelled,
    GrantEvent,
    GrantRejected,
    GrantSettled,
    GrantWithdrawn,
    OnLine,
    RecoveryOrdered,
)
from ledger.names import case_key, id_key
from projections.facts.spans import Span
from projections.rows import Row, Rows


@dataclass(slots=True)
class Grant(Row):
    """A grant as first given: applied, approved, rejected, withdrawn, settled or cancelled.

    `since_on` and `since_seq` are of the entry that said so.
    """

    table: ClassVar[str] = "grants"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1
    fixed: ClassVar[int] = 9

    grant_key: str
    grant: str
    programme: str
    title: str
    lead: str
    partners_json: str
    applied_on: str
    applied_by: str
    seq: int
    status: str
    since_on: str
    since_seq: int

    @property
    def partners(self) -> tuple[str, ...]:
        """Participants without subsidy."""
        return tuple(json.loads(self.partners_json))


@dataclass(slots=True)
class GrantStatus(Row):
    """What became of a grant after its application: the status that an event gave it.

    At a moment the one recorded last holds, of those dated by its day. What it `was` ended here,
    and had a span of its own.
    """

    table: ClassVar[str] = "grant_statuses"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    grant_key: str
    seq: int
    day: str
    status: str
    was: str
    since_seq: int
    since_on: str
    width_seq: int
    width_on: int


@dataclass(slots=True)
class AwardChange(Row):
    """By how much an approval or an amendment changed the award of a line, in won.

    At a moment an award is the sum of the changes dated by its day, as the flows are.
    """

    table: ClassVar[str] = "award_changes"
    key: ClassVar[int] = 5
    group: ClassVar[int] = 1

    grant: str
    company: str
    year: int
    case: str
    seq: int
    day: str
    change: int


@dataclass(slots=True)
class Participation(Row):
    """That a company takes part in a grant: on a line, as lead or partner; by its application."""

    table: ClassVar[str] = "participations"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    company: str
    seq: int
    grant_key: str


class Order(NamedTuple):
    """An order to pay back on a line: its position, the command that gave it, and who did."""

    seq: int
    command: str
    actor: str


@dataclass(slots=True)
class Line(Row):
    """What one company asks for one fiscal year (and case), and what came of it, in won.

    `approved_on` is `""` and `edition` 0 until the line is approved. `accepted_cost` and `earned`
    add up the acceptances that stand. Who raised the award, and the orders to pay back that
    stand, lie on the line itself: whoever pays or receives is held against them every time.
    """

    table: ClassVar[str] = "lines"
    key: ClassVar[int] = 4
    group: ClassVar[int] = 1

    grant: str
    company: str
    year: int
    case: str
    programme: str
    total_cost: int
    asked: int
    in_kind: int
    local_share: int
    award: int = 0
    approved_on: str = ""
    approved_by: str = ""
    edition: int = 0
    accepted_cost: int = 0
    earned: int = 0
    raised_by_json: str = ""
    orders_json: str = ""

    @property
    def raised_by(self) -> list[str]:
        """Everybody who raised the award, in order."""
        return json.loads(self.raised_by_json) if self.raised_by_json else []

    @property
    def orders(self) -> list[Order]:
        """The orders to pay back that were not reversed, the newest last."""
        orders = json.loads(self.orders_json) if self.orders_json else []
        return [Order(*order) for order in orders]

    @property
    def named(self) -> tuple[str, int, str | None]:
        """The line as a grant names it: company, year and, where there is one, case."""
        return self.company, self.year, self.case or None

    @property
    def on_line(self) -> dict[str, Any]:
        """The same, as the fields of a part of an event."""
        return {"company": self.company, "year": self.year, "case": self.case or None}

    @property
    def on_grant(self) -> dict[str, Any]:
        """The same with its grant and programme, as the fields of an event."""
        return {"grant": self.grant, "programme": self.programme, **self.on_line}


@dataclass(slots=True)
class Case(Row):
    """One filing, as first given, and the patent office's number once it is known."""

    table: ClassVar[str] = "cases"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    case_key: str
    case: str
    application_number: str = ""


@dataclass(slots=True)
class ApplicationNumber(Row):
    """Which case an application number belongs to."""

    table: ClassVar[str] = "application_numbers"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    number_key: str
    case: str


def applied(entry: Entry, event: GrantApplied, rows: Rows) -> None:
    """A grant with its lines and, where they are new, its cases."""
    rows.add(
        Grant(
            id_key(event.grant),
            event.grant,
            event.programme,
            event.title,
            event.lead,
            canonical(event.partners),
            entry.effective_on,
            entry.actor,
            entry.seq,
            "applied",
            entry.effective_on,
            entry.seq,
        )
    )
    for line in event.lines:
        rows.add(
            Line(
                event.grant,
                line.company,
                line.year,
                line.case or "",
                event.programme,
                line.total_cost,
                line.subsidy,
                line.in_kind,
                line.local_share,
            )
        )
        if line.case and rows.get(Case, case_key(line.case)) is None:
            rows.add(Case(case_key(line.case), line.case))
    for company in dict.fromkeys(
        (*(line.company for line in event.lines), event.lead, *event.partners)
    ):
        rows.append(Participation(company, entry.seq, id_key(event.grant)))


def _became(entry: Entry, event: GrantEvent, status: str, rows: Rows) -> None:
    key, day, seq = id_key(event.grant), entry.effective_on, entry.seq
    grant = rows.change(Grant, key)
    before = Span.ended(grant.since_seq, grant.since_on, seq, day)
    rows.append(GrantStatus(key, seq, day, status, grant.status, *before))
    grant.status, grant.since_on, grant.since_seq = status, day, seq


def _awarded(entry: Entry, line: Line, change: int, rows: Rows) -> None:
    line.award += change
    rows.append(
        AwardChange(
            line.grant,
            line.company,
            line.year,
            line.case,
            entry.seq,
            entry.effective_on,
            change,
        )
    )


def approved(entry: Entry, event: GrantApproved, rows: Rows) -> None:
    """Lines get their award and are pinned to an edition of the terms."""
    _became(entry, event, "approved", rows)
    for approval in event.lines:
        line = rows.change(Line, event.grant, approval.company, approval.year, approval.case or "")
        _awarded(entry, line, approval.award, rows)
        line.edition = event.edition
        line.approved_on, line.approved_by = entry.effective_on, entry.actor


def amended(entry: Entry, event: AwardAmended, rows: Rows) -> None:
    """Approved lines get another award."""
    for change in event.lines:
        line = rows.change(Line, event.grant, change.company, change.year, change.case or "")
        _awarded(entry, line, change.award - change.was, rows)
        if change.award > change.was:
            line.raised_by_json = canonical([*line.raised_by, entry.actor])


def rejected(entry: Entry, event: GrantRejected, rows: Rows) -> None:
    """The application was turned down."""
    _became(entry, event, "rejected", rows)


def withdrawn(entry: Entry, event: GrantWithdrawn, rows: Rows) -> None:
    """The application was taken back."""
    _became(entry, event, "withdrawn", rows)


def cancelled(entry: Entry, event: GrantCancelled, rows: Rows) -> None:
    """The grant ended for cause; what is to be paid back was ordered with it."""
    _became(entry, event, "cancelled", rows)
    for line in event.lines:
        if line.to_recover:
            _order(rows, event, line, Order(entry.seq, "cancel", entry.actor))


def ordered_back(entry: Entry, event: RecoveryOrdered, rows: Rows) -> None:
    """Money on lines was ordered to be paid back."""
    for line in event.lines:
        _order(rows, event, line, Order(entry.seq, "order_recovery", entry.actor))


def _order(rows: Rows, event: GrantEvent, on: OnLine, order: Order) -> None:
    line = rows.change(Line, event.grant, on.company, on.year, on.case or "")
    _note(line, [*line.orders, order])


def _note(line: Line, orders: list[Order]) -> None:
    line.orders_json = canonical([list(order) for order in orders]) if orders else ""


def reversed_(entry: Entry, event: EntryReversed, rows: Rows) -> None:
    """A reversed order to pay back does not stand any more."""
    if event.entry_kind != RecoveryOrdered.kind:
        return
    for move in event.moves:
        line = rows.change(Line, event.grant, move.company, move.year, move.case or "")
        _note(line, [order for order in line.orders if order.seq != event.entry])


def settled(entry: Entry, event: GrantSettled, rows: Rows) -> None:
    """The grant ended as it should."""
    _became(entry, event, "settled", rows)


def identified(entry: Entry, event: CaseIdentified, rows: Rows) -> None:
    """A case gets its application number."""
    rows.change(Case, case_key(event.case)).application_number = event.application_number
    rows.add(ApplicationNumber(id_key(event.application_number), event.case))
