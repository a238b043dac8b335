"""`find`: what a text may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, ClassVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, select

from ledger.names import FreeText, case_key, id_key, reference_key
from projections.facts.claims import Claim
from projections.facts.companies import Company, NameEnding
from projections.facts.grants import ApplicationNumber, Case, Grant
from projections.facts.payments import BankReference, Payment
from projections.questions.asks import Question, Shape
from projections.questions.naming import company_names
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.rows import Row as Stored
from projections.storage.schema import beginning_with, schema

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
        .where(*beginning_with(own, key))
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
        .where(*beginning_with(columns.ref_key, key))
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
    """By number, and by every name that a company had."""
    whys: dict[str, str] = {}
    for number, why in (*_numbered(snapshot, text), *_named(snapshot, id_key(text))):
        if number not in whys or _PLACES[why] < _PLACES[whys[number]]:
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


def _numbered(snapshot: Snapshot, text: str) -> Iterator[tuple[str, str]]:
    """Companies whose numbers begin so, with or without hyphens."""
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit()):
        return
    begins = "-".join(part for part in (digits[:3], digits[3:5], digits[5:]) if part)
    column = schema().tables[Company].c.business_number
    for number in snapshot.connection.scalars(_beginning(column, begins)):
        yield number, "exact" if number == begins else "prefix"


def _named(snapshot: Snapshot, key: str) -> Iterator[tuple[str, str]]:
    """Companies that are or were called so, or have it in a name: it begins one of its endings.

    A name may have it several times, so they are looked through until enough are found.
    """
    columns = schema().tables[NameEnding].c
    for whole in (1, 0) if key else ():
        question = _beginning(columns.ending, key).where(columns.whole == whole)
        question = question.add_columns(columns.business_number).order_by(columns.business_number)
        told: set[str] = set()
        for start in count(0, _OF_EACH + 1):
            found = snapshot.connection.execute(question.offset(start)).all()
            for ending, number in found:
                told.add(number)
                yield number, ("exact" if ending == key else "prefix") if whole else "part"
            if len(told) > _OF_EACH or len(found) <= _OF_EACH:
                break


def _beginning(column: ColumnElement[Any], key: str) -> Select[Any]:
    """The first of what begins with a key, and one more."""
    return select(column).where(*beginning_with(column, key)).order_by(column).limit(_OF_EACH + 1)
