"""`rename_company`: the same company under another name, or in another Mini Cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from commands.asks import Ask
from commands.receipts import Warned
from commands.rules import dated, day_of, known_company
from ledger.errors import Unfit
from ledger.events import CompanyRenamed
from ledger.names import BusinessNumber, FreeText, NotNull, Text
from projections.books import Books


class RenameCompany(Ask):
    """Give a company, university or institute another name or Mini Cluster from a day on."""

    moves_money = False

    business_number: BusinessNumber = Field(description="with or without hyphens")
    name: Annotated[FreeText | None, NotNull] = Field(
        default=None, description="its name from that day on; stays as it was if left out"
    )
    mini_cluster: Annotated[Text | None, NotNull] = Field(
        default=None, description="the Mini Cluster it belongs to; stays as it was if left out"
    )
    reason: FreeText = Field(description="why")

    @model_validator(mode="after")
    def _something_changes(self) -> RenameCompany:
        if self.name is None and self.mini_cluster is None:
            raise Unfit("nothing-renamed")
        return self


def decide(ask: RenameCompany, books: Books) -> CompanyRenamed:
    """Earlier events keep the name they had; it holds until the next one dated later."""
    known_company(books, ask.business_number)
    dated(ask, books)
    return CompanyRenamed(
        business_number=ask.business_number,
        name=ask.name,
        mini_cluster=ask.mini_cluster,
        reason=ask.reason,
    )


def warnings(ask: RenameCompany, books: Books, events: object) -> Iterator[Warned]:
    """What is the same on that day already is only said."""
    number, day = ask.business_number, day_of(ask, books)
    same = {}
    if ask.name is not None and ask.name == books.name_on(number, day):
        same["name"] = ask.name
    if ask.mini_cluster is not None and ask.mini_cluster == books.mini_cluster_on(number, day):
        same["mini_cluster"] = ask.mini_cluster
    if same:
        yield Warned("same-name", {"business_number": number, **same})
