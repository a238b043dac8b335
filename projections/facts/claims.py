"""Claims, the items they consist of, and which claim holds a piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import ClaimAccepted, CostsClaimed, EntryReversed
from ledger.names import id_key, reference_key
from projections.facts.grants import Line
from projections.rows import Row, Rows


@dataclass(slots=True)
class Claim(Row):
    """A claim on a line, as first given: undecided or accepted; `supply` is its whole cost."""

    table: ClassVar[str] = "claims"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    claim_key: str
    claim: str
    grant: str
    company: str
    year: int
    case: str
    status: str
    claimed_on: str
    claimed_by: str
    seq: int
    supply: int
    accepted_on: str = ""
    accepted_by: str = ""
    accepted_cost: int = 0
    earned: int = 0


@dataclass(slots=True)
class ClaimState(Row):
    """What became of a claim after it was made: accepted by whom, or undecided again, in won.

    At a moment the one recorded last holds, of those dated by its day.
    """

    table: ClassVar[str] = "claim_states"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    claim_key: str
    seq: int
    day: str
    status: str
    actor: str
    accepted_cost: int = 0
    earned: int = 0


@dataclass(slots=True)
class Item(Row):
    """A cost of a claim; `disallowed` says why it was not recognised."""

    table: ClassVar[str] = "items"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    claim: str
    evidence_key: str
    evidence: str
    category: str
    supply: int
    vat: int
    incurred_on: str
    supplier: str
    disallowed: str = ""


@dataclass(slots=True)
class Evidence(Row):
    """Which claim holds a piece of evidence; `""` once it was disallowed there."""

    table: ClassVar[str] = "evidence"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    evidence_key: str
    claim: str = ""


@dataclass(slots=True)
class OpenClaims(Row):
    """How many claims of a line are not yet decided, and over which costs, in won."""

    table: ClassVar[str] = "open_claims"
    key: ClassVar[int] = 4
    group: ClassVar[int] = 1

    grant: str
    company: str
    year: int
    case: str
    count: int = 0
    supply: int = 0


def claimed(entry: Entry, event: CostsClaimed, rows: Rows) -> None:
    """A claim, its items, and its hold on their evidence."""
    claim = Claim(
        id_key(event.claim),
        event.claim,
        event.grant,
        event.company,
        event.year,
        event.case or "",
        "undecided",
        entry.effective_on,
        entry.actor,
        entry.seq,
        sum(item.supply for item in event.items),
    )
    rows.add(claim)
    for item in event.items:
        key = reference_key(item.evidence)
        rows.add(
            Item(
                event.claim,
                key,
                item.evidence,
                item.category,
                item.supply,
                item.vat,
                item.incurred_on,
                item.supplier or "",
            )
        )
        _hold(rows, key, event.claim)
    _count(rows, claim, +1)


def accepted(entry: Entry, event: ClaimAccepted, rows: Rows) -> None:
    """What was recognised; evidence that was not may be claimed again."""
    claim = rows.change(Claim, id_key(event.claim))
    claim.status, claim.accepted_on = "accepted", entry.effective_on
    claim.accepted_by = entry.actor
    claim.accepted_cost, claim.earned = event.accepted_cost, event.earned
    for refusal in event.disallowed:
        key = reference_key(refusal.evidence)
        rows.change(Item, event.claim, key).disallowed = refusal.reason
        _hold(rows, key, "")
    rows.append(
        ClaimState(
            claim.claim_key,
            entry.seq,
            entry.effective_on,
            "accepted",
            entry.actor,
            event.accepted_cost,
            event.earned,
        )
    )
    line = rows.change(Line, event.grant, event.company, event.year, event.case or "")
    line.accepted_cost += event.accepted_cost
    line.earned += event.earned
    _count(rows, claim, -1)


def reversed_(entry: Entry, event: EntryReversed, rows: Rows) -> None:
    """A reversed acceptance leaves its claim undecided, all its evidence claimed again."""
    if event.claim is None:
        return
    claim = rows.change(Claim, id_key(event.claim))
    line = rows.change(Line, claim.grant, claim.company, claim.year, claim.case)
    line.accepted_cost -= claim.accepted_cost
    line.earned -= claim.earned
    claim.status, claim.accepted_on, claim.accepted_by = "undecided", "", ""
    claim.accepted_cost, claim.earned = 0, 0
    rows.append(
        ClaimState(claim.claim_key, entry.seq, entry.effective_on, "undecided", entry.actor)
    )
    for item in list(rows.group(Item, event.claim).values()):
        if item.disallowed:
            rows.change(Item, event.claim, item.evidence_key).disallowed = ""
            _hold(rows, item.evidence_key, event.claim)
    _count(rows, claim, +1)


def _hold(rows: Rows, key: str, claim: str) -> None:
    rows.put(Evidence, key).claim = claim


def _count(rows: Rows, claim: Claim, change: int) -> None:
    undecided = rows.put(OpenClaims, claim.grant, claim.company, claim.year, claim.case)
    undecided.count += change
    undecided.supply += change * claim.supply
