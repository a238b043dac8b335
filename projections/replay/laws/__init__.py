"""What must hold for every event at its position, stated once, each law by the slug of its rule.

Deciding asks beforehand what may be recorded; the laws ask afterwards whether what is recorded
could have been. They judge an event by the rows that the fold made of all events before it, and
once more by those that it made of the event itself; neither trusts the other. `verify` and `load`
hold them on the fold that they make anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ledger import events
from ledger.envelope import Entry
from projections.books import Books, Journal
from projections.replay.laws import (
    amounts,
    applications,
    awards,
    claims,
    endings,
    payments,
    records,
    register,
    reversals,
    years,
)
from projections.replay.laws.broken import Broken
from projections.rows import Rows

__all__ = ["BEFORE", "Broken", "Laws"]

Law: TypeAlias = Callable[[Entry, Any, Books], None]
"""Raises `Broken` where an entry, with its event, could not have been recorded on these books."""

BEFORE: dict[type, tuple[Law, ...]] = {
    events.CompanyRegistered: (register.registered,),
    events.CompanyReclassified: (register.reclassified,),
    events.CompanyRenamed: (register.renamed,),
    events.CompanyExcluded: (register.excluded,),
    events.CompanyReadmitted: (register.of_known_company,),
    events.TermsRevised: (register.revised,),
    events.BudgetAllocated: (years.money_in_open_year, awards.allocated),
    events.BudgetLapsed: (years.budget_lapsed,),
    events.BudgetRestored: (),
    events.YearOpened: (years.opened,),
    events.YearClosed: (years.closed,),
    events.YearReopened: (years.reopened,),
    events.GrantApplied: (applications.applied,),
    events.GrantApproved: (years.money_in_open_year, awards.approved),
    events.GrantRejected: (applications.ended,),
    events.GrantWithdrawn: (applications.ended,),
    events.AwardAmended: (years.money_in_open_year, awards.amended),
    events.Disbursed: (years.money_in_open_year, payments.disbursed),
    events.CostsClaimed: (years.money_in_open_year, claims.claimed),
    events.ClaimAccepted: (years.money_in_open_year, claims.accepted),
    events.FundsReturned: (years.money_in_open_year, payments.returned),
    events.CarriedOver: (years.money_in_open_year, payments.carried_over),
    events.CaseIdentified: (applications.identified,),
    events.GrantCancelled: (years.money_in_open_year, endings.cancelled),
    events.RecoveryOrdered: (years.money_in_open_year, endings.recovery_ordered),
    events.RecoveryReceived: (years.money_in_open_year, payments.recovered),
    events.GrantSettled: (years.money_in_open_year, endings.settled),
    events.AwardLapsed: (years.award_lapsed,),
    events.AwardRestored: (),
    events.EntryReversed: (years.money_in_open_year, reversals.reversed_),
}
"""What each kind of event is held against before it is folded."""


class Laws:
    """Holds every law while a log is folded from its first event on."""

    def __init__(self, rows: Rows, journal: Journal) -> None:
        self._books = Books(rows, journal, today="")
        self._commands = records.Commands(self._books)

    def before(self, entry: Entry) -> None:
        """Hold an entry against what all entries before it made; `Broken` names the law."""
        records.well_formed(entry)
        records.dated(entry)
        records.signed(entry)
        self._commands.go_on(entry)
        for law in BEFORE[type(entry.event)]:
            law(entry, entry.event, self._books)

    def after(self, entry: Entry) -> None:
        """Hold what an entry made of the balances against every limit; `Broken` names the law."""
        amounts.within_limits(entry, self._books)
        self._commands.ended(entry)

    def end(self) -> None:
        """After the last entry: no command may be left in its middle."""
        self._commands.end()
