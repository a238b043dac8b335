"""One thing, whole: a grant, a company, a programme or a claim, at any moment.

Facts are folded in memory from the thing's own events up to the moment, by the same fold that
writes the tables; its money is asked of `projections/asof.py`.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from ledger import reading
from ledger.driver import driver_of
from ledger.envelope import Entry
from ledger.errors import Misused
from ledger.names import id_key
from projections.asof import Filter, Moment, balances
from projections.books import in_force
from projections.claims import Claim, Item
from projections.companies import Company, ExclusionFrom, SizeFrom
from projections.editions import Edition, Programme
from projections.fold import fold
from projections.grants import Grant, Line
from projections.rows import Rows
from projections.store import StoredRows


def grant(connection: Connection, name: str, at: Moment, today: str) -> dict[str, Any]:
    """A grant with its lines, claims and events. `Misused` where there is none."""
    rows, entries = _folded(connection, f"grant/{name}", at)
    found = rows.get(Grant, id_key(name))
    if found is None:
        raise Misused(f"there is no grant {name} at that moment")
    held = {
        (row["company"], row["year"], row["case"]): row
        for row in balances(connection, "line", Filter(grant=name), at, today)
    }
    return {
        "grant": found.grant,
        "programme": found.programme,
        "title": found.title,
        "lead": found.lead,
        "partners": list(found.partners),
        "status": found.status,
        "applied_on": found.applied_on,
        "applied_by": found.applied_by,
        "lines": [
            _line(line, held.get((line.company, line.year, line.case or None)))
            for line in sorted(
                rows.group(Line, name).values(), key=lambda line: (line.year, line.company)
            )
        ],
        "claims": [_claim(rows, claim) for claim in rows.all(Claim)],
        "events": [_event(entry) for entry in entries],
    }


def claim(connection: Connection, name: str, at: Moment) -> dict[str, Any]:
    """A claim with its items. `Misused` where there is none."""
    known = StoredRows(driver_of(connection)).get(Claim, id_key(name))
    if known is not None:
        rows, _ = _folded(connection, f"grant/{known.grant}", at)
        found = rows.get(Claim, id_key(name))
        if found is not None:
            return {"grant": found.grant} | _claim(rows, found)
    raise Misused(f"there is no claim {name} at that moment")


def company(connection: Connection, number: str, at: Moment, today: str) -> dict[str, Any]:
    """A company with its size and exclusion on the day, its balances and its lines."""
    rows, entries = _folded(connection, f"company/{number}", at)
    found = rows.get(Company, number)
    if found is None:
        raise Misused(f"{number} is not registered at that moment")
    day = at.day or today
    size = in_force(rows.group(SizeFrom, number).values(), day)
    exclusion = in_force(rows.group(ExclusionFrom, number).values(), day)
    excluded = exclusion is not None and exclusion.until >= day
    wanted = Filter(company=number)
    return {
        "business_number": number,
        "name": found.name,
        "party_type": found.party_type,
        "size": (size.size if size else found.size) or None,
        "mini_cluster": found.mini_cluster or None,
        "excluded_until": exclusion.until if exclusion and excluded else None,
        "balances": balances(connection, "company", wanted, at, today),
        "lines": balances(connection, "line", wanted, at, today),
        "events": [_event(entry) for entry in entries],
    }


def programme(connection: Connection, slug: str, at: Moment, today: str) -> dict[str, Any]:
    """A programme with its editions, the one in force on the day, and its balances by year."""
    stored = StoredRows(driver_of(connection))
    found = stored.get(Programme, slug)
    if found is None:
        raise Misused(f"there is no programme {slug}")
    known = [
        edition
        for edition in stored.group(Edition, slug).values()
        if at.seq is None or edition.seq <= at.seq
    ]
    now = in_force(known, at.day or today)
    return {
        "programme": slug,
        "name": found.name,
        "name_ko": found.name_ko,
        "group": found.grouping,
        "group_ko": found.grouping_ko,
        "terms": json.loads(now.text) if now else None,
        "editions": [
            {"seq": edition.seq, "holds_from": edition.day, "terms": json.loads(edition.text)}
            for edition in sorted(known, key=lambda edition: (edition.day, edition.seq))
        ],
        "balances": balances(connection, "programme", Filter(programme=slug), at, today),
    }


def names(connection: Connection) -> dict[str, tuple[str, str]]:
    """What programmes are called, in English and Korean, by their slug."""
    return {
        found.programme: (found.name, found.name_ko)
        for found in StoredRows(driver_of(connection)).where(Programme)
    }


def company_names(connection: Connection, numbers: set[str]) -> dict[str, str]:
    """What companies are called, by their business number."""
    stored = StoredRows(driver_of(connection))
    found = (stored.get(Company, number) for number in numbers)
    return {company.business_number: company.name for company in found if company}


def _folded(connection: Connection, subject: str, at: Moment) -> tuple[Rows, list[Entry]]:
    """The thing's own events up to a moment, folded in memory."""
    rows, entries = Rows(), []
    for envelope, _ in reading.read(connection, reading.Wanted(subjects=(subject,), up_to=at.seq)):
        entry = Entry.from_envelope(envelope)
        if at.day is None or entry.effective_on <= at.day:
            fold(entry, rows)
            entries.append(entry)
    return rows, entries


def _line(line: Line, held: dict[str, Any] | None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "company": line.company,
        "year": line.year,
        "case": line.case or None,
        "total_cost": line.total_cost,
        "asked": line.asked,
        "award": line.award if line.approved_on else None,
        "approved_on": line.approved_on or None,
        "edition": line.edition or None,
        "accepted_cost": line.accepted_cost,
        "earned": line.earned,
    }
    buckets = {key: value for key, value in (held or {}).items() if key not in fields}
    buckets.pop("grant", None)
    return fields | {"balance": buckets or None}


def _claim(rows: Rows, claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.claim,
        "company": claim.company,
        "year": claim.year,
        "case": claim.case or None,
        "status": claim.status,
        "claimed_on": claim.claimed_on,
        "claimed_by": claim.claimed_by,
        "accepted_on": claim.accepted_on or None,
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


def _event(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "effective_on": entry.effective_on,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
    }
