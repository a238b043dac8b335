"""The one fold: which event touches which rows.

The same function updates the tables inside the transaction that appends, builds them anew,
answers questions as of any position, and is the witness that `verify` holds against them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger import events
from ledger.envelope import Entry
from ledger.errors import Corrupt
from ledger.transparency.merkle import Edge
from projections import balances, worklists
from projections.facts import claims, companies, editions, grants, payments, receipts, tree, years
from projections.rows import Row, Rows

VERSION = 10
"""Goes up whenever the rows below change shape or meaning: older tables are then rebuilt."""

KINDS: tuple[type[Row], ...] = (
    balances.Balance,
    balances.BudgetDay,
    claims.Claim,
    claims.ClaimState,
    claims.Evidence,
    claims.Item,
    claims.OpenClaims,
    companies.Company,
    companies.ExclusionFrom,
    companies.NameEnding,
    companies.NameFrom,
    companies.SizeFrom,
    editions.Edition,
    editions.Programme,
    grants.ApplicationNumber,
    grants.AwardChange,
    grants.Case,
    grants.Grant,
    grants.GrantStatus,
    grants.Line,
    grants.Participation,
    payments.BankReference,
    payments.Payment,
    payments.Reversal,
    receipts.Recorded,
    tree.Node,
    worklists.Holding,
    worklists.Promised,
    years.FiscalYear,
)
"""Every kind of row that is projected."""

TOUCHES: dict[type, tuple[Callable[[Entry, Any, Rows], None], ...]] = {
    events.CompanyRegistered: (companies.registered,),
    events.CompanyReclassified: (companies.reclassified,),
    events.CompanyRenamed: (companies.renamed,),
    events.CompanyExcluded: (companies.excluded,),
    events.CompanyReadmitted: (companies.readmitted,),
    events.TermsRevised: (editions.revised,),
    events.BudgetAllocated: (),
    events.BudgetLapsed: (),
    events.BudgetRestored: (),
    events.YearOpened: (years.opened,),
    events.YearClosed: (years.closed,),
    events.YearReopened: (years.reopened,),
    events.GrantApplied: (grants.applied,),
    events.GrantApproved: (grants.approved,),
    events.GrantRejected: (grants.rejected,),
    events.GrantWithdrawn: (grants.withdrawn,),
    events.AwardAmended: (grants.amended,),
    events.Disbursed: (payments.paid,),
    events.CostsClaimed: (claims.claimed,),
    events.ClaimAccepted: (claims.accepted,),
    events.FundsReturned: (payments.paid,),
    events.CarriedOver: (),
    events.CaseIdentified: (grants.identified,),
    events.GrantCancelled: (grants.cancelled,),
    events.RecoveryOrdered: (grants.ordered_back,),
    events.RecoveryReceived: (payments.paid,),
    events.GrantSettled: (grants.settled,),
    events.AwardLapsed: (),
    events.AwardRestored: (),
    events.EntryReversed: (payments.reversed_, claims.reversed_, grants.reversed_),
}
"""What an event changes besides money, and besides the command it belongs to."""


def fold(entry: Entry, rows: Rows) -> None:
    """Fold one event into the rows: its command, its facts, its money."""
    receipts.recorded(entry, rows)
    fold_facts(entry, rows)
    worklists.moved(entry, balances.post(entry, rows), rows)


def fold_facts(entry: Entry, rows: Rows) -> None:
    """Fold what an event changes besides money, and besides the command it belongs to."""
    for touch in TOUCHES[type(entry.event)]:
        touch(entry, entry.event, rows)


def fold_appended(entry: Entry, edge: Edge, rows: Rows) -> None:
    """Fold an event that was just appended at the edge of the tree, and keep what it completed.

    An event that cannot be folded stops the world and names its position.
    """
    try:
        fold(entry, rows)
    except Corrupt as error:
        raise Corrupt(
            "event {seq} cannot be folded: {error}", error=error, seq=entry.seq
        ) from error
    tree.grown(edge, rows)
