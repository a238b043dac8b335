"""Which rows a command or an event will look at, told from what it names.

Only for speed: so that a batch loads in a few reads of whole sets instead of one row after
another. What is not foreseen here is loaded when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel

from ledger.events import AnyEvent
from ledger.names import case_key, id_key, reference_key
from projections.balances import Balance, BudgetDay, keys_of, keys_of_line
from projections.facts.claims import Claim, Evidence, Item, OpenClaims
from projections.facts.companies import Company, ExclusionFrom, SizeFrom
from projections.facts.editions import Edition, Programme
from projections.facts.grants import Case, Grant, Line
from projections.facts.payments import BankReference
from projections.flows import flows
from projections.rows import Group, Rows
from projections.worklists import Promised, ceilings_of

Finder: TypeAlias = Callable[[Any], Iterator[Group]]
Name: TypeAlias = tuple[Finder, str]


def named_by(things: Iterable[BaseModel]) -> Iterator[Group]:
    """The groups that commands or events name themselves."""
    seen = set()
    for thing in things:
        for name in _names_in(thing):
            if name not in seen:
                seen.add(name)
                groups_of, value = name
                yield from groups_of(value)


def _names_in(thing: BaseModel) -> Iterator[Name]:
    said = vars(thing)
    for field, groups_of in _fields_that_name(type(thing)):
        value = said[field]
        if value is None:
            continue
        if field in _PARTS:
            for part in value:
                yield from _names_in(part)
        elif isinstance(value, tuple):
            yield from ((groups_of, one) for one in value)
        else:
            yield groups_of, value


@cache
def _fields_that_name(kind: type[BaseModel]) -> list[tuple[str, Finder]]:
    return [(field, _NAMED_IN[field]) for field in kind.model_fields if field in _NAMED_IN]


def behind(things: Iterable[BaseModel], rows: Rows) -> Iterator[Group]:
    """The groups that are named by the grants and claims that commands name."""
    seen: set[tuple[str, bool]] = set()
    for thing in things:
        named = vars(thing)
        grant, claim = named.get("grant"), named.get("claim")
        if grant is not None and "programme" in named:  # perhaps approved in the same file
            for line in named["lines"]:
                where = grant, line.company, named["programme"], line.year, line.case or ""
                yield from (*_held_by(*where), *_promised_by(*where))
        elif grant is not None:
            perhaps_awarded = "lines" in named
            if (grant, perhaps_awarded) not in seen:
                seen.add((grant, perhaps_awarded))
                yield from _behind_grant(grant, rows, perhaps_awarded=perhaps_awarded)
        elif claim is not None and (claimed := rows.get(Claim, id_key(claim))):
            yield from _grant(claimed.grant)
            yield from _company(claimed.company)
            yield from _case(claimed.case)
            for item in rows.group(Item, claimed.claim).values():
                yield Evidence, (item.evidence_key,)


def behind_claims(things: Iterable[BaseModel], rows: Rows) -> Iterator[Group]:
    """The groups that are named by the grants of the claims that commands name."""
    for thing in things:
        claim = vars(thing).get("claim")
        if claim is not None and (claimed := rows.get(Claim, id_key(claim))):
            yield from _behind_grant(claimed.grant, rows)


def _behind_grant(grant: str, rows: Rows, *, perhaps_awarded: bool = False) -> Iterator[Group]:
    known = rows.get(Grant, id_key(grant))
    if known is None:
        return
    yield from _programme(known.programme)
    for line in rows.group(Line, known.grant).values():
        yield from _company(line.company)
        yield from _case(line.case)
        where = line.grant, line.company, line.programme, line.year, line.case
        yield from _held_by(*where)
        if perhaps_awarded:
            yield from _promised_by(*where)


def _held_by(grant: str, company: str, programme: str, year: int, case: str) -> Iterator[Group]:
    for key in keys_of_line(grant, company, programme, year, case):
        yield Balance, key
    yield BudgetDay, (programme, year)


def _promised_by(*line: Any) -> Iterator[Group]:
    yield from ((Promised, key) for key in ceilings_of(*line))


def moved_by(happened: Iterable[AnyEvent]) -> Iterator[Group]:
    """The balances that events move."""
    for event in happened:
        for flow in flows(event, ""):
            yield from ((Balance, key) for key in keys_of(flow))
            yield BudgetDay, (flow.programme, flow.year)


def _company(number: str) -> Iterator[Group]:
    yield Company, (number,)
    yield SizeFrom, (number,)
    yield ExclusionFrom, (number,)


def _grant(grant: str) -> Iterator[Group]:
    yield Grant, (id_key(grant),)
    yield Line, (grant,)
    yield OpenClaims, (grant,)


def _claim(claim: str) -> Iterator[Group]:
    yield Claim, (id_key(claim),)
    yield Item, (claim,)


def _programme(slug: str) -> Iterator[Group]:
    yield Programme, (slug,)
    yield Edition, (slug,)


def _case(case: str) -> Iterator[Group]:
    if case:
        yield Case, (case_key(case),)


def _bank_reference(reference: str) -> Iterator[Group]:
    yield BankReference, (reference_key(reference),)


def _evidence(evidence: str) -> Iterator[Group]:
    yield Evidence, (reference_key(evidence),)


def _nothing(_: Any) -> Iterator[Group]:
    return iter(())


_PARTS = ("disallow", "disallowed", "items", "lines")
"""Fields that hold parts, which name things in turn."""

_NAMED_IN: dict[str, Finder] = {
    "bank_ref": _bank_reference,
    "business_number": _company,
    "case": _case,
    "claim": _claim,
    "company": _company,
    "evidence": _evidence,
    "grant": _grant,
    "lead": _company,
    "partners": _company,
    "programme": _programme,
} | dict.fromkeys(_PARTS, _nothing)
"""Fields of commands and events, and the groups that their values name."""
