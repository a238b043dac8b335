"""`withdraw`: an application is taken back by whoever made it."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import dated, known_grant, not_before
from ledger.events import GrantWithdrawn
from ledger.names import FreeText, Id
from projections.books import Books


class Withdraw(Ask):
    """Take an application back."""

    moves_money = False

    grant: Id = Field(description="id of the grant")
    reason: FreeText = Field(description="why")


def decide(ask: Withdraw, books: Books) -> GrantWithdrawn:
    """As long as nothing of it was approved."""
    grant = known_grant(books, ask.grant, "applied")
    not_before(dated(ask, books), grant.applied_on, "application")
    return GrantWithdrawn(grant=grant.grant, programme=grant.programme, reason=ask.reason)
