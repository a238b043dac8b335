"""`allocate_budget`: a programme's budget for a year grows or shrinks."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from commands.asks import Ask
from commands.limits import over_budget
from commands.rules import dated, known_programme, within_year
from ledger.errors import Unfit
from ledger.events import BudgetAllocated
from ledger.seoul import Year
from ledger.terms import Slug
from ledger.won import SignedWon
from projections.books import Books


def _not_nothing(amount: int) -> int:
    if amount == 0:
        raise Unfit("amount-of-nothing")
    return amount


class AllocateBudget(Ask):
    """Give a programme budget for a year, or take some back."""

    amount_field = "amount"

    programme: Slug = Field(description="programme of the catalogue")
    year: Year = Field(description="fiscal year of the budget")
    amount: Annotated[SignedWon, AfterValidator(_not_nothing)] = Field(
        description="whole won; negative reduces the budget"
    )

    def with_amount(self, company: str, year: int, case: str, amount: int) -> Ask:
        """The same command cutting another amount (positive) from the budget."""
        return super().with_amount(company, year, case, -amount)


def decide(ask: AllocateBudget, books: Books) -> BudgetAllocated:
    """A budget is never cut below what is available on any day."""
    known_programme(books, ask.programme)
    day = dated(ask, books)
    within_year(books, day, ask.year)
    cut = max(-ask.amount, 0)
    if cut and cut > books.least_available(ask.programme, ask.year, day):
        raise over_budget(books, ask.programme, ask.year, day, cut, None)
    return BudgetAllocated(programme=ask.programme, year=ask.year, amount=ask.amount)
