"""What all commands have in common: who asks, on which day, and the line they name."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ledger.errors import Unfit
from ledger.names import (
    BusinessNumber,
    CaseId,
    CommandId,
    Id,
    NotNull,
    Reference,
    case_key,
    reference_key,
)
from ledger.seoul import Day, Year
from ledger.won import PositiveWon, Won


class AskedPart(BaseModel):
    """A piece of a command: frozen, strict, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Ask(AskedPart):
    """A command as it was asked."""

    amount_field: ClassVar[str | None] = None
    """The field in which this command asks for won, on itself or on each of its lines."""
    moves_money: ClassVar[bool] = True
    """Whether the fiscal year of its day must be open."""

    id: Annotated[CommandId | None, NotNull] = Field(
        default=None, description="makes the command idempotent; made if left out"
    )
    actor: Reference = Field(description="user id of whoever asks")
    effective_on: Annotated[Day | None, NotNull] = Field(
        default=None, description="day on which it counts; today in Seoul if left out"
    )

    def with_amount(self, company: str, year: int, case: str, amount: int) -> Ask:
        """The same command with another amount for one line; for finding out what fits."""
        del company, year, case
        return self.model_copy(update={str(self.amount_field): amount})


class LineNamed(AskedPart):
    """A line of a grant: company, fiscal year and, where there is one, case."""

    company: BusinessNumber = Field(description="business number of the company")
    year: Year = Field(description="fiscal year of the line")
    case: Annotated[CaseId | None, NotNull] = Field(
        default=None, description="case of the line, under the property-right programmes"
    )

    @property
    def named(self) -> tuple[str, int, str | None]:
        """The line as it was asked: company, year and case."""
        return self.company, self.year, self.case

    @property
    def line_key(self) -> tuple[str, int, str]:
        """What makes two lines of a command the same."""
        return self.company, self.year, case_key(self.case) if self.case else ""


class LineAsk(Ask):
    """A command about one line of a grant."""

    grant: Id = Field(description="id of the grant")
    company: BusinessNumber = Field(description="business number of the company")
    year: Year = Field(description="fiscal year of the line")
    case: Annotated[CaseId | None, NotNull] = Field(
        default=None, description="case of the line, under the property-right programmes"
    )


class LineSubsidy(LineNamed):
    """A line and the subsidy it is to have, in won."""

    subsidy: Won = Field(description="subsidy in whole won")


class LineAmount(LineNamed):
    """A line and an amount, in won."""

    amount: PositiveWon = Field(description="amount in whole won")


def distinct_lines(lines: tuple[Any, ...]) -> tuple[Any, ...]:
    """The lines themselves, if none is named twice and there is one."""
    if not lines:
        raise Unfit("empty-list")
    if len({line.line_key for line in lines}) != len(lines):
        raise Unfit("line-twice")
    return lines


def distinct_evidence(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items themselves, if no evidence is named twice."""
    if len({reference_key(item.evidence) for item in items}) != len(items):
        raise Unfit("evidence-twice")
    return items


Distinct = AfterValidator(distinct_lines)
DistinctEvidence = AfterValidator(distinct_evidence)
AsList = Field(strict=False)
"""JSON has lists, we keep tuples."""


class LinesAsk(Ask):
    """A command about several lines of a grant."""

    lines_field: ClassVar[str] = "lines"

    grant: Id = Field(description="id of the grant")

    def with_amount(self, company: str, year: int, case: str, amount: int) -> Ask:
        """The same command with another amount for one line, the other lines as asked."""
        key = (company, year, case_key(case) if case else "")
        lines = tuple(
            line.model_copy(update={str(self.amount_field): amount})
            if line.line_key == key
            else line
            for line in getattr(self, self.lines_field) or ()
        )
        return self.model_copy(update={self.lines_field: lines})
