"""One thing, whole: the parts that what is shown of grants, claims, companies and cases is made of.

What is dated is read as it is stored, as it was known at the moment's position. What came of a
grant is folded from the grant's own events up to the moment, by the functions that write the
tables; its money is asked of the roll-ups.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.envelope import Entry
from projections.facts.claims import Claim, Item
from projections.facts.grants import Line
from projections.fold import fold_facts
from projections.questions.roll_ups import balances
from projections.questions.snapshot import Snapshot
from projections.rows import Rows


def entries_of(snapshot: Snapshot, subject: str) -> list[Entry]:
    """A thing's own entries up to the moment."""
    at = snapshot.at
    return [
        entry for entry in snapshot.entries((subject,)) if at.holds(entry.effective_on, entry.seq)
    ]


def facts_of(entries: Iterable[Entry]) -> Rows:
    """What came of one grant, from its own entries: the grant, its lines, claims and items.

    These change by events of their grant alone, none of which is dated before what it rests on,
    so that its entries up to any moment suffice. Nothing else that is folded here is whole.
    """
    rows = Rows()
    for entry in entries:
        fold_facts(entry, rows)
    return rows


def lines_of(snapshot: Snapshot, rows: Rows, grant: str) -> list[dict[str, Any]]:
    """A grant's lines, each with what it holds, in won."""
    held = {
        (row["company"], row["year"], row["case"]): row
        for row in balances(snapshot.within({"grant": grant}), "line")
    }
    lines = sorted(
        rows.group(Line, grant).values(), key=lambda line: (line.year, line.company, line.case)
    )
    return [_line(line, held.get(line.named)) for line in lines]


def _line(line: Line, held: dict[str, Any] | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "company": line.company,
        "year": line.year,
        "case": line.case or None,
        "total_cost": line.total_cost,
        "asked": line.asked,
        "award": line.award if line.approved_on else None,
        "approved_on": line.approved_on or None,
        "approved_by": line.approved_by or None,
        "edition": line.edition or None,
        "accepted_cost": line.accepted_cost,
        "earned": line.earned,
    }
    buckets = {key: value for key, value in (held or {}).items() if key not in fields}
    buckets.pop("grant", None)
    return fields | {"balance": buckets or None}


def told_claim(rows: Rows, claim: Claim) -> dict[str, Any]:
    """A claim with its items."""
    return {
        "claim": claim.claim,
        "company": claim.company,
        "year": claim.year,
        "case": claim.case or None,
        "status": claim.status,
        "claimed_on": claim.claimed_on,
        "claimed_by": claim.claimed_by,
        "accepted_on": claim.accepted_on or None,
        "accepted_by": claim.accepted_by or None,
        "accepted_cost": claim.accepted_cost,
        "earned": claim.earned,
        "items": [
            {
                "evidence": item.evidence,
                "category": item.category,
                "supply": item.supply,
                "vat": item.vat,
                "incurred_on": item.incurred_on,
                "supplier": item.supplier or None,
                "disallowed": item.disallowed or None,
            }
            for item in rows.group(Item, claim.claim).values()
        ],
    }


def told_entry(entry: Entry) -> dict[str, Any]:
    """An event of a thing: what, when, by whom, why; the claim or the entry that it was about."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "effective_on": entry.effective_on,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
    } | {name: getattr(entry.event, name, None) for name in ("reason", "claim", "entry")}
