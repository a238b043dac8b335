"""What a programme grants, to whom and up to where: one dated edition of its terms.

All numbers live in data (`ledger/programmes/*.toml`, recorded as events by `init`, and later
editions); nothing here knows one. Bounds keep their kind: `lt` is "less than", `le` "or less".
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ledger.errors import Unfit
from ledger.names import FreeText, NotNull, Reference, Text
from ledger.seoul import Day
from ledger.won import Percent, PositiveWon

Slug = Reference
"""A programme or a cost category, as the catalogue spells it."""

Size = Literal["sme", "mid_size", "large"]
"""The size of a company: 중소기업, 중견기업, 대기업."""

PartyType = Literal["company", "university", "research_institute"]
Bound = Literal["lt", "le"]
Per = Literal["company_year", "grant_year", "case"]


class Part(BaseModel):
    """A frozen piece of data that knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Ceiling(Part):
    """An upper limit in won on what a company's year, a grant's year or a case may use."""

    per: Per
    amount: PositiveWon
    bound: Bound

    @property
    def largest(self) -> int:
        """The largest amount in won that the ceiling allows."""
        return self.amount if self.bound == "le" else self.amount - 1


class Rate(Part):
    """An upper limit on the share of the total cost that a subsidy may pay."""

    percent: Percent
    bound: Bound

    def largest(self, total_cost: int) -> int:
        """The largest subsidy in won for a total cost, found without dividing into fractions."""
        whole, rest = divmod(total_cost * self.percent, 100)
        return whole if self.bound == "le" or rest else max(whole - 1, 0)


class RateBySize(Part):
    """A rate for each size of company; a size that is not named has none."""

    sme: Annotated[Rate | None, NotNull] = None
    mid_size: Annotated[Rate | None, NotNull] = None
    large: Annotated[Rate | None, NotNull] = None


def _one_ceiling_each(caps: tuple[Ceiling, ...]) -> tuple[Ceiling, ...]:
    if len({cap.per for cap in caps}) != len(caps):
        raise Unfit("two-ceilings")
    return caps


Ceilings = Annotated[tuple[Ceiling, ...], Field(strict=False), AfterValidator(_one_ceiling_each)]
"""The ceilings of an edition, at most one for each thing bounded."""


class Terms(Part):
    """One edition of a programme's terms, whole."""

    caps: Ceilings = Field(
        description="ceilings: {per: company_year, grant_year or case; amount; bound: lt or le}"
    )
    ratio: Rate | RateBySize = Field(
        description="{percent, bound} for all sizes, or {sme: {…}, mid_size: {…}, large: {…}}"
    )
    min_companies: Annotated[int, Field(strict=True, ge=1, le=100_000)] = Field(
        description="fewest distinct companies in an application"
    )
    eligible: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        description="cost categories that are paid for"
    )
    excluded: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        description="cost categories that are never paid for"
    )
    advance_percent: Percent = Field(description="share of the award that may be paid in advance")
    source: Text = Field(description="where these terms are published")

    @property
    def by_case(self) -> bool:
        """Whether the programme works by case: a ceiling bounds the single filing."""
        return any(cap.per == "case" for cap in self.caps)

    def rate_for(self, size: str | None) -> Rate | None:
        """The rate for a company of this size; a party without a size has none."""
        if size is None:
            return None
        if isinstance(self.ratio, Rate):
            return self.ratio
        rate: Rate | None = getattr(self.ratio, size)
        return rate

    def pays_for(self, category: str) -> bool:
        """Whether costs of this category count."""
        return category in self.eligible and category not in self.excluded


class Programme(Part):
    """A programme of the catalogue with the first edition of its terms."""

    slug: Slug
    order: Annotated[int, Field(strict=True, ge=1)] = Field(description="place in the table")
    name: FreeText
    name_ko: FreeText
    group: Text
    group_ko: Text
    detail: Text = Field(description="the table's own words on what it pays for")
    holds_from: Day
    notes: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        description="how the cells of the table were read"
    )
    assumed: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="readings that the table does not settle, with the reason"
    )
    terms: Terms


def catalogue() -> tuple[Programme, ...]:
    """The seventeen programmes of the published table, in its order."""
    files = (resources.files("ledger") / "programmes").iterdir()
    found = [
        Programme.model_validate(tomllib.loads(file.read_text("utf-8")))
        for file in files
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda programme: programme.order))
