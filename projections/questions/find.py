"""`find`: what a text may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import select

from ledger.names import FreeText, case_key, id_key, reference_key
from projections.facts.claims import Claim
from projections.facts.companies import Company, NameFrom
from projections.facts.grants import ApplicationNumber, Case, Grant
from projections.facts.payments import BankReference, Payment
from projections.questions.asks import Question, Shape
from projections.questions.naming import company_names
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.rows import Row as Stored
from projections.storage.schema import schema

_OF_EACH = 20
"""Of each kind at most so many are found."""

_PLACES = {"exact": 0, "prefix": 1, "part": 2}


class Find(Question):
    """What a text may mean: companies by name or number, grants, claims, cases, bank references."""

    shape: ClassVar[Shape] = "page"
    empty: ClassVar[str] = "nothing-found"

    text: FreeText = Field(description="a name or part of one, a number, an id, a bank reference")

    def answer(self, snapshot: Snapshot) -> dict[str, Any]:
        """What is called exactly so first, then what begins so, then names that hold it.

        Of each kind only the first are told; where there are more it is not `complete`.
        """
        text = self.text
        kinds = [
            list(found)
            for found in (
                _companies(snapshot, text),
                _keyed(snapshot, "grant", Grant, id_key(text), "grant", "title"),
                _keyed(snapshot, "claim", Claim, id_key(text), "claim", "grant"),
                _keyed(snapshot, "case", Case, case_key(text), "case", "application_number"),
                _keyed(snapshot, "case", ApplicationNumber, id_key(text), "case", "number_key"),
                _payments(snapshot, reference_key(text)),
            )
        ]
        first = [row for found in kinds for row in found[:_OF_EACH]]
        rows = _each_once(sorted(first, key=lambda row: _PLACES[row["why"]]))
        complete = all(len(found) <= _OF_EACH for found in kinds)
        return {
            "rows": rows,
            "after": None,
            "position": snapshot.position,
            "as_of": snapshot.day,
            "complete": complete,
            "totals": {"count": len(rows)} if complete else None,
        }


def _each_once(rows: Iterable[Row]) -> list[Row]:
    """Rows without those about a thing that was told before."""
    told: dict[tuple[str, object], Row] = {}
    for row in rows:
        told.setdefault((row["kind"], row["id"]), row)
    return list(told.values())


def _keyed(
    snapshot: Snapshot, kind: str, stored: type[Stored], key: str, named: str, label: str
) -> Iterator[Row]:
    """Things whose key begins with a key, found by their index."""
    if not key:
        return
    columns = schema().tables[stored].c
    own = next(iter(columns))
    question = (
        select(own, columns[named], columns[label])
        .where(own >= key, own < _after(key))
        .order_by(own)
        .limit(_OF_EACH + 1)
    )
    for found, name, told in snapshot.connection.execute(question):
        why = "exact" if found == key else "prefix"
        yield {"kind": kind, "id": name, "label": told or name, "why": why}


def _payments(snapshot: Snapshot, key: str) -> Iterator[Row]:
    """By bank reference: of several entries that had one after another, the newest."""
    columns = schema().tables[BankReference].c
    question = (
        select(columns.ref_key, columns.last)
        .where(columns.ref_key >= key, columns.ref_key < _after(key))
        .order_by(columns.ref_key)
        .limit(_OF_EACH + 1)
    )
    keys = {seq: found for found, seq in snapshot.connection.execute(question)}
    snapshot.rows.fetch((Payment, (seq,)) for seq in keys)
    for seq, found in keys.items():
        payment = snapshot.rows.get(Payment, seq)
        why = "exact" if found == key else "prefix"
        yield {
            "kind": "payment",
            "id": seq,
            "label": payment.bank_ref if payment else found,
            "why": why,
        }


def _companies(snapshot: Snapshot, text: str) -> Iterator[Row]:
    """By number, and by every name that a company had: they are few, and all are looked at."""
    key, digits = id_key(text), text.replace("-", "")
    whys: dict[str, str] = {}
    for kind in (Company, NameFrom):
        columns = schema().tables[kind].c
        for number, name in snapshot.connection.execute(
            select(columns.business_number, columns.name)
        ):
            why = _why(id_key(name), key) or (_why(number.replace("-", ""), digits, part=False))
            if why and (number not in whys or _PLACES[why] < _PLACES[whys[number]]):
                whys[number] = why
    first = sorted(whys, key=lambda number: (_PLACES[whys[number]], number))[: _OF_EACH + 1]
    names = company_names(snapshot, first)
    for number in first:
        yield {
            "kind": "company",
            "id": number,
            "label": names[number],
            "why": whys[number],
        }


def _why(name: str, key: str, *, part: bool = True) -> str:
    """How a key is found in a name; `""` where it is not."""
    if name == key:
        return "exact"
    if key and name.startswith(key):
        return "prefix"
    return "part" if part and key in name else ""


def _after(key: str) -> str:
    """The first key after all those that begin with a key."""
    return f"{key}\U0010ffff"
