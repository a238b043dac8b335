"""`identify_case`: the patent office gave a filing its number."""

from __future__ import annotations

from pydantic import Field

from commands.asks import Ask
from commands.rules import dated
from ledger.errors import Refused
from ledger.events import CaseIdentified
from ledger.names import CaseId, Reference
from projections.books import Books


class IdentifyCase(Ask):
    """Attach the patent office's application number to a case; once."""

    moves_money = False

    case: CaseId = Field(description="our docket id of the filing")
    application_number: Reference = Field(description="application number of the patent office")


def decide(ask: IdentifyCase, books: Books) -> CaseIdentified:
    """A number belongs to one case, and a case has at most one."""
    case = books.case(ask.case)
    if case is None:
        raise Refused("unknown", "unknown-case", case=ask.case)
    if case.application_number:
        raise Refused(
            "already-exists", "case-identified", case=case.case, number=case.application_number
        )
    taken = books.application_number(ask.application_number)
    if taken is not None:
        raise Refused(
            "already-exists", "number-taken", number=ask.application_number, case=taken.case
        )
    dated(ask, books)
    return CaseIdentified(case=case.case, application_number=ask.application_number)
