"""`claim`: a company claims costs with evidence (사용실적 보고)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from commands.asks import AskedPart, AsList, DistinctEvidence, LineAsk
from commands.rules import line_and_day
from ledger.errors import Refused, Unfit
from ledger.events import ClaimedItem, CostsClaimed
from ledger.names import Id, NotNull, Reference, Text
from ledger.seoul import Day, year_of
from ledger.terms import Slug
from ledger.won import PositiveWon, Won
from projections.books import Books
from projections.facts.grants import Line


class ClaimItem(AskedPart):
    """A cost with its evidence."""

    evidence: Reference = Field(description="number of the tax invoice or other evidence")
    category: Slug = Field(description="cost category of the programme's terms")
    supply: PositiveWon = Field(description="cost net of VAT, in won")
    vat: Won = Field(default=0, description="VAT, in won; never paid for")
    incurred_on: Day = Field(description="day of the cost")
    supplier: Annotated[Text | None, NotNull] = Field(default=None, description="who was paid")


def _not_empty(items: tuple[ClaimItem, ...]) -> tuple[ClaimItem, ...]:
    if not items:
        raise Unfit("empty-list")
    return items


Items = Annotated[tuple[ClaimItem, ...], AsList, AfterValidator(_not_empty), DistinctEvidence]
"""The costs of a claim: at least one, no evidence twice."""


class Claim(LineAsk):
    """Claim costs of a line with their evidence."""

    claim: Annotated[Id | None, NotNull] = Field(
        default=None, description="id of the claim; made if left out"
    )
    items: Items = Field(description="{evidence, category, supply, vat?, incurred_on, supplier?}")


def decide(ask: Claim, books: Books) -> CostsClaimed:
    """Costs of the kinds that the pinned edition pays for, incurred between approval and claim."""
    if ask.claim is not None and books.claim(ask.claim) is not None:
        raise Refused("already-exists", "claim-exists", claim=ask.claim)
    line, day = line_and_day(ask, books, "approved")
    for item in ask.items:
        _incurred_in_time(item, line, day, books.today)
    terms = books.edition_at(line.programme, line.edition).terms
    for item in ask.items:
        if not terms.pays_for(item.category):
            raise Refused(
                "ineligible-cost",
                evidence=item.evidence,
                category=item.category,
                eligible=terms.eligible,
            )
    for item in ask.items:
        held_by = books.evidence_held_by(item.evidence)
        if held_by is not None:
            raise Refused("duplicate-evidence", evidence=item.evidence, claim=held_by)
    return CostsClaimed(
        claim=ask.claim or _made(books, day),
        **line.on_grant,
        items=tuple(
            ClaimedItem(
                evidence=item.evidence,
                category=item.category,
                supply=item.supply,
                vat=item.vat,
                incurred_on=item.incurred_on,
                supplier=item.supplier,
            )
            for item in ask.items
        ),
    )


def _incurred_in_time(item: ClaimItem, line: Line, day: str, today: str) -> None:
    dated: dict[str, Any] = {"evidence": item.evidence, "on": item.incurred_on}
    if item.incurred_on > today:
        raise Refused("future-dated", "evidence-ahead", **dated, today=today)
    if item.incurred_on < line.approved_on:
        raise Refused("out-of-order", "cost-before-approval", **dated, earlier=line.approved_on)
    if item.incurred_on > day:
        raise Refused("out-of-order", "cost-after-claim", **dated, day=day)


def _made(books: Books, day: str) -> str:
    """A claim id that nobody has: the year and the position of the claim."""
    number = books.journal.next_seq
    while books.claim(made := f"C{year_of(day)}-{number:06d}") is not None:
        number += 1
    return made
