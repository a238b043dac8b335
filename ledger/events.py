"""What can have happened: the closed set of events, each a small immutable record.

An event carries its *result* (what was drawn from where, under which edition of the terms), so
that replaying it consults no rule and no clock. When it was recorded and on which day it counts
is said by the `Entry` around it (`ledger/envelope.py`).

The annotations here are evaluated once, as they stand: were they kept as text (`from __future__
import annotations`), pydantic would compile each of some hundred at every start.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field

from ledger.names import BusinessNumber, CaseId, FreeText, Id, Reference, Text
from ledger.seoul import Day, Year
from ledger.terms import Part, PartyType, Size, Slug, Terms
from ledger.won import PositiveWon, SignedWon, Total, Won

Bucket = Literal[
    "available",
    "committed",
    "carried",
    "payable",
    "advanced",
    "spent",
    "returned",
    "due",
    "recovered",
    "lapsed",
]
"""Where won can be; see section 6 of the design."""

BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
Seq = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
"""A position in the log; the first event has 1."""


class Draw(Part):
    """An amount taken from one bucket."""

    bucket: Bucket
    amount: PositiveWon


Draws = Annotated[tuple[Draw, ...], Field(strict=False)]


class Event(Part):
    """Something that happened."""

    kind: ClassVar[str]

    @property
    def subject(self) -> str:
        """What the event is about, for finding the events of one thing."""
        raise NotImplementedError


# ── companies ────────────────────────────────────────────────────────────────────────────────


class CompanyEvent(Event):
    """Something about a company, university or institute."""

    business_number: BusinessNumber

    @property
    def subject(self) -> str:
        """The company."""
        return f"company/{self.business_number}"


class CompanyRegistered(CompanyEvent):
    """A company, university or research institute entered the register."""

    kind = "company-registered"
    name: FreeText
    party_type: PartyType
    size: Size | None = None
    mini_cluster: Text | None = None


class CompanyReclassified(CompanyEvent):
    """A company's size changed from a day on."""

    kind = "company-reclassified"
    size: Size


class CompanyRenamed(CompanyEvent):
    """The same company got another name, or belongs to another Mini Cluster, from a day on."""

    kind = "company-renamed"
    name: FreeText | None = None
    mini_cluster: Text | None = None
    reason: FreeText


class CompanyExcluded(CompanyEvent):
    """A company was excluded from taking part, from a day on until another (참여제한, 수행배제)."""

    kind = "company-excluded"
    until: Day
    reason: FreeText


class CompanyReadmitted(CompanyEvent):
    """A company's exclusion ended early."""

    kind = "company-readmitted"
    reason: FreeText


# ── programmes, budgets, years ───────────────────────────────────────────────────────────────


class TermsRevised(Event):
    """A programme got a new edition of its terms, holding from a day on."""

    kind = "terms-revised"
    programme: Slug
    terms: Terms
    order: int | None = None
    name: FreeText | None = None
    name_ko: FreeText | None = None
    group: Text | None = None
    group_ko: Text | None = None
    detail: Text | None = None
    notes: Annotated[tuple[Text, ...], Field(strict=False)] | None = None
    assumed: Annotated[tuple[Text, ...], Field(strict=False)] | None = None

    @property
    def subject(self) -> str:
        """The programme."""
        return f"programme/{self.programme}"


class BudgetEvent(Event):
    """Something about the budget of a programme and year."""

    programme: Slug
    year: Year

    @property
    def subject(self) -> str:
        """The programme."""
        return f"programme/{self.programme}"


class BudgetAllocated(BudgetEvent):
    """A programme's budget for a year grew (or, with a negative amount, shrank)."""

    kind = "budget-allocated"
    amount: SignedWon


class BudgetLapsed(BudgetEvent):
    """What nobody had been promised expired at the close of the year (불용)."""

    kind = "budget-lapsed"
    amount: Total


class BudgetRestored(BudgetEvent):
    """A lapsed budget came back when its year was reopened; it counts on the closing's day."""

    kind = "budget-restored"
    amount: Total
    counts_on: Day


class YearEvent(Event):
    """Something about a fiscal year."""

    year: Year

    @property
    def subject(self) -> str:
        """The year."""
        return f"year/{self.year:04d}"


class YearOpened(YearEvent):
    """A fiscal year began: approvals for it are possible, ceilings start afresh."""

    kind = "year-opened"


class ProgrammeTotals(Part):
    """Where a programme's budget of a year stood when the year was closed or reopened."""

    programme: Slug
    budget: Total
    available: Total = 0
    committed: Total = 0
    carried: Total = 0
    payable: Total = 0
    advanced: Total = 0
    spent: Total = 0
    returned: Total = 0
    due: Total = 0
    recovered: Total = 0
    lapsed: Total = 0


Totals = Annotated[tuple[ProgrammeTotals, ...], Field(strict=False)]


class YearClosed(YearEvent):
    """The books of a year closed (회계연도 마감); what was left has lapsed."""

    kind = "year-closed"
    totals: Totals


class YearReopened(YearEvent):
    """A closed year was opened again; its closing was turned round."""

    kind = "year-reopened"
    reason: FreeText
    counts_on: Day
    totals: Totals


# ── grants and their lines ───────────────────────────────────────────────────────────────────


class GrantEvent(Event):
    """Something about a grant."""

    grant: Id
    programme: Slug

    @property
    def subject(self) -> str:
        """The grant."""
        return f"grant/{self.grant}"


class OnLine(Part):
    """Which line of a grant: one company, one fiscal year and, where there is one, one case."""

    company: BusinessNumber
    year: Year
    case: CaseId | None = None


class LineEvent(GrantEvent):
    """Something about one line of a grant."""

    company: BusinessNumber
    year: Year
    case: CaseId | None = None


class AppliedLine(OnLine):
    """What one company asks for one year."""

    total_cost: PositiveWon
    subsidy: Won
    in_kind: Won = 0
    local_share: Won = 0


class GrantApplied(GrantEvent):
    """A grant was applied for (교부신청)."""

    kind = "grant-applied"
    title: FreeText
    lead: BusinessNumber
    lines: Annotated[tuple[AppliedLine, ...], Field(strict=False)]
    partners: Annotated[tuple[BusinessNumber, ...], Field(strict=False)] = ()


class ApprovedLine(OnLine):
    """What a line was awarded."""

    award: Won


class GrantApproved(GrantEvent):
    """Lines of a grant were approved (교부결정) under an edition of the terms."""

    kind = "grant-approved"
    edition: Seq = Field(description="position of the terms that the lines are pinned to")
    lines: Annotated[tuple[ApprovedLine, ...], Field(strict=False)]


class GrantRejected(GrantEvent):
    """An application was turned down."""

    kind = "grant-rejected"
    reason: FreeText


class GrantWithdrawn(GrantEvent):
    """An application was taken back."""

    kind = "grant-withdrawn"
    reason: FreeText


class AmendedLine(OnLine):
    """A line's award before and after, and what was released from where."""

    was: Won
    award: Won
    released: Draws = ()
    released_to: Literal["available", "lapsed"] | None = None


class AwardAmended(GrantEvent):
    """Awards were raised or lowered."""

    kind = "award-amended"
    lines: Annotated[tuple[AmendedLine, ...], Field(strict=False)]
    reason: FreeText


class Disbursed(LineEvent):
    """Money left the bank for a line: what was owed first, the rest as an advance (지급)."""

    kind = "disbursed"
    amount: PositiveWon
    draws: Draws
    bank_ref: Reference


class ClaimedItem(Part):
    """A cost with its evidence."""

    evidence: Reference
    category: Slug
    supply: PositiveWon
    vat: Won = 0
    incurred_on: Day
    supplier: Text | None = None


class CostsClaimed(LineEvent):
    """A company claimed costs with evidence (사용실적 보고)."""

    kind = "costs-claimed"
    claim: Id
    items: Annotated[tuple[ClaimedItem, ...], Field(strict=False)]


class Disallowed(Part):
    """Evidence that was not recognised, and why (불인정)."""

    evidence: Reference
    reason: FreeText


class ClaimAccepted(LineEvent):
    """A claim was accepted (인정): what it earned was proven or became payable."""

    kind = "claim-accepted"
    claim: Id
    accepted_cost: Total = Field(description="net cost recognised by this acceptance")
    earned: Won = Field(description="won that this acceptance moved")
    draws: Draws
    disallowed: Annotated[tuple[Disallowed, ...], Field(strict=False)] = ()


class FundsReturned(LineEvent):
    """Money paid in advance came back unspent (반납), perhaps with interest."""

    kind = "funds-returned"
    amount: Won
    interest: Won = 0
    bank_ref: Reference


class CarriedOver(LineEvent):
    """Committed money was carried over into the following year (이월)."""

    kind = "carried-over"
    amount: PositiveWon
    reason: FreeText


class CaseIdentified(Event):
    """The patent office gave a case its application number."""

    kind = "case-identified"
    case: CaseId
    application_number: Reference

    @property
    def subject(self) -> str:
        """The case."""
        return f"case/{self.case}"


class CancelledLine(OnLine):
    """What a cancellation released on a line, and what it ordered back."""

    released: Draws = ()
    released_to: Literal["available", "lapsed"] | None = None
    to_recover: Draws = ()


class GrantCancelled(GrantEvent):
    """A grant was cancelled for cause (교부결정 취소)."""

    kind = "grant-cancelled"
    lines: Annotated[tuple[CancelledLine, ...], Field(strict=False)]
    reason: FreeText


class RecoveryLine(OnLine):
    """What is to be paid back on a line, and whether it had been spent or only advanced."""

    draws: Draws


class RecoveryOrdered(GrantEvent):
    """Money was ordered to be paid back (반환 명령)."""

    kind = "recovery-ordered"
    lines: Annotated[tuple[RecoveryLine, ...], Field(strict=False)]
    reason: FreeText


class RecoveryReceived(LineEvent):
    """Money ordered back arrived, perhaps with interest."""

    kind = "recovery-received"
    amount: PositiveWon
    interest: Won = 0
    bank_ref: Reference


class SettledLine(OnLine):
    """What a settlement released on a line."""

    released: Draws
    released_to: Literal["available", "lapsed"]


class GrantSettled(GrantEvent):
    """A grant was settled (정산 확정); what was left of its awards was released."""

    kind = "grant-settled"
    lines: Annotated[tuple[SettledLine, ...], Field(strict=False)]


class AwardLapsed(LineEvent):
    """What a line still held of one bucket expired at the close of a year (불용)."""

    kind = "award-lapsed"
    bucket: Literal["committed", "carried"]
    amount: PositiveWon


class AwardRestored(LineEvent):
    """What had lapsed on a line came back when the year was reopened."""

    kind = "award-restored"
    bucket: Literal["committed", "carried"]
    amount: PositiveWon
    counts_on: Day


class Move(OnLine):
    """Won moved on a line from one bucket to another."""

    source: Bucket
    target: Bucket
    amount: PositiveWon


class InterestBack(OnLine):
    """Interest that a reversed entry had recorded on a line."""

    amount: PositiveWon


class EntryReversed(GrantEvent):
    """A wrong entry was reversed: its flows were turned round from a day on."""

    kind = "entry-reversed"
    entry: Seq = Field(description="position of the entry that was reversed")
    entry_kind: str
    moves: Annotated[tuple[Move, ...], Field(strict=False)]
    interest_back: InterestBack | None = None
    bank_ref: Reference | None = None
    claim: Id | None = None
    reason: FreeText


AnyEvent: TypeAlias = (
    CompanyRegistered
    | CompanyReclassified
    | CompanyRenamed
    | CompanyExcluded
    | CompanyReadmitted
    | TermsRevised
    | BudgetAllocated
    | BudgetLapsed
    | BudgetRestored
    | YearOpened
    | YearClosed
    | YearReopened
    | GrantApplied
    | GrantApproved
    | GrantRejected
    | GrantWithdrawn
    | AwardAmended
    | Disbursed
    | CostsClaimed
    | ClaimAccepted
    | FundsReturned
    | CarriedOver
    | CaseIdentified
    | GrantCancelled
    | RecoveryOrdered
    | RecoveryReceived
    | GrantSettled
    | AwardLapsed
    | AwardRestored
    | EntryReversed
)
"""The closed union: a forgotten event is a type error."""

KINDS: dict[str, type[AnyEvent]] = {event.kind: event for event in get_args(AnyEvent)}
"""Every event by its kind."""
