"""One thing, whole: a grant, a company, a programme or a claim, at any moment.

What is dated is read as it is stored, as it was known at the moment's position. What came of a
grant is folded from the grant's own events up to the moment, by the functions that write the
tables; its money is asked of `projections/questions/asof.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from ledger import log, reading
from ledger.envelope import Entry
from ledger.errors import NotFound
from ledger.events import CompanyRegistered, TermsRevised
from projections.books import Books, in_force
from projections.facts.claims import Claim, Item
from projections.facts.companies import Company
from projections.facts.editions import Edition, Programme
from projections.facts.grants import Grant, Line
from projections.fold import fold_facts
from projections.questions import lookup
from projections.questions.asof import Filter, Moment, balances
from projections.rows import Rows


def grant(connection: Connection, name: str, at: Moment, today: str) -> dict[str, Any]:
    """A grant with its lines, claims and events. `NotFound` where there is none."""
    named = lookup.grant(lookup.stored(connection), name)
    entries = list(_up_to(at, _entries(connection, f"grant/{named.grant}", at)))
    facts = _facts(entries)
    found = facts.get(Grant, named.grant_key)
    if found is None:
        raise NotFound("no-grant-then", grant=named.grant)
    held = {
        (row["company"], row["year"], row["case"]): row
        for row in balances(connection, "line", Filter(grant=found.grant), at, today)
    }
    lines = sorted(
        facts.group(Line, found.grant).values(),
        key=lambda line: (line.year, line.company, line.case),
    )
    return {
        "grant": found.grant,
        "programme": found.programme,
        "title": found.title,
        "lead": found.lead,
        "partners": list(found.partners),
        "status": found.status,
        "applied_on": found.applied_on,
        "applied_by": found.applied_by,
        "lines": [_line(line, held.get(line.named)) for line in lines],
        "claims": [_claim(facts, claim) for claim in facts.all(Claim)],
        "events": [_event(entry) for entry in entries],
    }


def claim(connection: Connection, name: str, at: Moment) -> dict[str, Any]:
    """A claim with its items and events. `NotFound` where there is none."""
    named = lookup.claim(lookup.stored(connection), name)
    entries = list(_up_to(at, _entries(connection, f"grant/{named.grant}", at)))
    facts = _facts(entries)
    found = facts.get(Claim, named.claim_key)
    if found is None:
        raise NotFound("no-claim-then", claim=named.claim)
    own = [entry for entry in entries if getattr(entry.event, "claim", None) == found.claim]
    return (
        {"grant": found.grant} | _claim(facts, found) | {"events": [_event(entry) for entry in own]}
    )


def company(connection: Connection, number: str, at: Moment, today: str) -> dict[str, Any]:
    """A company with its name, size and exclusion on the day, its balances, lines and events.

    It is there on any day: a registration has no day to wait for. `NotFound` where it was not
    registered at the moment's position.
    """
    number = lookup.company(lookup.stored(connection), number).business_number
    books, day = lookup.books_known(connection, at.seq, today), at.day or today
    found = books.company(number)
    if found is None:
        raise NotFound("no-company-then", company=number)
    wanted = Filter(company=number)
    return {
        "business_number": number,
        "name": _name_on(books, found, day),
        "party_type": found.party_type,
        "size": books.size_on(number, day),
        "mini_cluster": books.mini_cluster_on(number, day) or None,
        "excluded_until": books.excluded_until(number, day),
        "balances": balances(connection, "company", wanted, at, today),
        "lines": balances(connection, "line", wanted, at, today),
        "events": [
            _event(entry)
            for entry in _entries(connection, f"company/{number}", at)
            if _is_by(at, entry) or isinstance(entry.event, CompanyRegistered)
        ],
    }


def programme(connection: Connection, slug: str, at: Moment, today: str) -> dict[str, Any]:
    """A programme with its editions, the one in force on the day, and its balances by year.

    `detail`, `notes` and `assumed` are what the edition in force says of how the published table
    was read. `NotFound` where the programme was not known at the moment's position.
    """
    slug = lookup.programme(lookup.stored(connection), slug).programme
    rows = lookup.books_known(connection, at.seq, today).rows
    found, editions = rows.get(Programme, slug), rows.group(Edition, slug).values()
    if found is None:
        raise NotFound("no-programme-then", programme=slug)
    now = in_force(editions, at.day or today)
    return {
        "programme": slug,
        "name": found.name,
        "name_ko": found.name_ko,
        "group": found.grouping,
        "group_ko": found.grouping_ko,
        "terms": json.loads(now.text) if now else None,
        **_said_of_terms(connection, now),
        "editions": [
            {"seq": edition.seq, "holds_from": edition.day, "terms": json.loads(edition.text)}
            for edition in sorted(editions, key=lambda edition: (edition.day, edition.seq))
        ],
        "balances": balances(connection, "programme", Filter(programme=slug), at, today),
    }


def _said_of_terms(connection: Connection, edition: Edition | None) -> dict[str, Any]:
    entry = log.read_entry(connection, edition.seq) if edition else None
    event = entry.event if entry else None
    if not isinstance(event, TermsRevised):
        return {"detail": None, "notes": [], "assumed": []}
    return {
        "detail": event.detail,
        "notes": list(event.notes or ()),
        "assumed": list(event.assumed or ()),
    }


def names(connection: Connection) -> dict[str, tuple[str, str]]:
    """What programmes are called, in English and Korean, by their slug."""
    return {
        found.programme: (found.name, found.name_ko)
        for found in lookup.stored(connection).where(Programme)
    }


def company_names(
    connection: Connection, numbers: Collection[str], at: Moment, today: str
) -> dict[str, str]:
    """What companies are called at a moment, by their business number."""
    looked_at = ((Company, (number,)) for number in numbers)
    books = lookup.books_known(connection, at.seq, today, looked_at)
    found, day = (books.company(number) for number in numbers), at.day or today
    return {known.business_number: _name_on(books, known, day) for known in found if known}


def _name_on(books: Books, company: Company, day: str) -> str:
    """What a company is called on a day, in every answer."""
    return books.name_on(company.business_number, day) or company.name


# ── up to a moment ───────────────────────────────────────────────────────────────────────────


def _entries(connection: Connection, subject: str, at: Moment) -> Iterator[Entry]:
    """A thing's own entries, as far as they were known."""
    for envelope, _ in reading.read(connection, reading.Wanted(subjects=(subject,), up_to=at.seq)):
        yield Entry.from_envelope(envelope)


def _up_to(at: Moment, entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if _is_by(at, entry))


def _is_by(at: Moment, entry: Entry) -> bool:
    """Whether an entry counts by the day."""
    return at.day is None or entry.effective_on <= at.day


def _facts(entries: Iterable[Entry]) -> Rows:
    """What came of one grant, from its own entries: the grant, its lines, claims and items.

    These change by events of their grant alone, none of which is dated before what it rests on,
    so that its entries up to any moment suffice. Nothing else that is folded here is whole.
    """
    rows = Rows()
    for entry in entries:
        fold_facts(entry, rows)
    return rows


# ── parts ────────────────────────────────────────────────────────────────────────────────────


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


def _event(entry: Entry) -> dict[str, Any]:
    """An event of a thing: what, when, by whom, why; the claim or the entry that it was about."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "effective_on": entry.effective_on,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
    } | {name: getattr(entry.event, name, None) for name in ("reason", "claim", "entry")}
