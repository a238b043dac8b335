"""Claims, the items they consist of, and which claim holds a piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import ClaimAccepted, CostsClaimed, EntryReversed
from ledger.names import id_key, reference_key
from projections.facts.grants import Line
from projections.facts.spans import Span
from projections.rows import Row, Rows


@dataclass(slots=True)
class Claim(Row):
    """A claim on a line, as first given: undecided or accepted; `supply` is its whole cost.

    `since_on` and `since_seq` are of the entry that said so.
    """

    table: ClassVar[str] = "claims"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1
    fixed: ClassVar[int] = 10

    claim_key: str
    claim: str
    grant: str
    company: str
    year: int
    case: str
    claimed_on: str
    claimed_by: str
    seq: int
    supply: int
    status: str
    since_on: str
    since_seq: int
    accepted_on: str = ""
    accepted_by: str = ""
    accepted_cost: int = 0
    earned: int = 0


@dataclass(slots=True)
class ClaimState(Row):
    """What became of a claim after it was made: accepted by whom, or undecided again, in won.

    At a moment the one recorded last holds, of those dated by its day. What it `was` ended here,
    and had a span of its own.
    """

    table: ClassVar[str] = "claim_states"
    key: ClassVar[int] = 2
    group: ClassVar[int] = 1

    claim_key: str
    seq: int
    day: str
    status: str
    was: str
    since_seq: int
    since_on: str
    width_seq: int
    width_on: int
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
        entry.effective_on,
        entry.actor,
        entry.seq,
        sum(item.supply for item in event.items),
        "undecided",
        entry.effective_on,
        entry.seq,
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
    _became(entry, claim, "accepted", rows, event.accepted_cost, event.earned)
    claim.accepted_on, claim.accepted_by = entry.effective_on, entry.actor
    claim.accepted_cost, claim.earned = event.accepted_cost, event.earned
    for refusal in event.disallowed:
        key = reference_key(refusal.evidence)
        rows.change(Item, event.claim, key).disallowed = refusal.reason
        _hold(rows, key, "")
    line = rows.change(Line, event.grant, event.company, event.year, event.case or "")
    line.accepted_cost += event.accepted_cost
    line.earned += event.earned
    _count(rows, claim, -1)


def _became(
    entry: Entry, claim: Claim, status: str, rows: Rows, accepted_cost: int, earned: int
) -> None:
    key, day, seq = claim.claim_key, entry.effective_on, entry.seq
    before = Span.ended(claim.since_seq, claim.since_on, seq, day)
    rows.append(
        ClaimState(key, seq, day, status, claim.status, *before, entry.actor, accepted_cost, earned)
    )
    claim.status, claim.since_on, claim.since_seq = status, day, seq


def reversed_(entry: Entry, event: EntryReversed, rows: Rows) -> None:
    """A reversed acceptance leaves its claim undecided, all its evidence claimed again."""
    if event.claim is None:
        return
    claim = rows.change(Claim, id_key(event.claim))
    line = rows.change(Line, claim.grant, claim.company, claim.year, claim.case)
    line.accepted_cost -= claim.accepted_cost
    line.earned -= claim.earned
    _became(entry, claim, "undecided", rows, 0, 0)
    claim.accepted_on, claim.accepted_by = "", ""
    claim.accepted_cost, claim.earned = 0, 0
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
