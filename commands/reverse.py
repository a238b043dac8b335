"""`reverse`: a wrong entry is turned round, on its own day and by another person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, TypeAlias

from pydantic import Field, model_validator

from commands.asks import Ask
from commands.limits import days_in_order, within_ceilings
from commands.receipts import Warned
from commands.rules import dated, four_eyes, known_grant, not_before, terms_on
from ledger.envelope import Entry
from ledger.errors import Refused, Unfit
from ledger.events import (
    CarriedOver,
    ClaimAccepted,
    Disbursed,
    EntryReversed,
    FundsReturned,
    InterestBack,
    Move,
    RecoveryOrdered,
    RecoveryReceived,
    Seq,
)
from ledger.names import CommandId, FreeText, NotNull
from projections.books import Books
from projections.flows import INTEREST, Flow, flows

Reversible: TypeAlias = (
    Disbursed | ClaimAccepted | FundsReturned | CarriedOver | RecoveryOrdered | RecoveryReceived
)
AFTER_SETTLEMENT = (RecoveryOrdered, RecoveryReceived)
AFTER_CANCELLATION = (FundsReturned, RecoveryOrdered, RecoveryReceived)


class Reverse(Ask):
    """Reverse an entry that was recorded wrongly."""

    event: Annotated[Seq | None, NotNull] = Field(default=None, description="position of the entry")
    of: Annotated[CommandId | None, NotNull] = Field(
        default=None, description="id of the command that recorded it"
    )
    reason: FreeText = Field(description="why")

    @model_validator(mode="after")
    def _one_entry(self) -> Reverse:
        if (self.event is None) == (self.of is None):
            raise Unfit("one-entry")
        return self


def decide(ask: Reverse, books: Books) -> EntryReversed:
    """The entry's flows turned round, as far as nothing was built on them since."""
    entry = _entry(ask, books)
    event = _reversible(books, entry)
    day = dated(ask, books)
    not_before(day, entry.effective_on, "entry")
    four_eyes(ask.actor, entry.actor, "entry")
    if isinstance(event, ClaimAccepted):
        _evidence_not_claimed_since(books, event)

    turned = [_turned(books, flow) for flow in flows(event, day)]
    interest = next((flow for flow in turned if flow.source == INTEREST), None)
    reversed_ = EntryReversed(
        grant=event.grant,
        programme=event.programme,
        entry=entry.seq,
        entry_kind=entry.kind,
        moves=tuple(_move(flow) for flow in turned if flow.source != INTEREST),
        interest_back=_interest_back(interest) if interest else None,
        bank_ref=getattr(event, "bank_ref", None),
        claim=getattr(event, "claim", None),
        reason=ask.reason,
    )
    moved = flows(reversed_, day)
    _holds_it_still(books, entry.seq, moved)
    days_in_order(books, day, moved)
    within_ceilings(books, terms_on(books, event.programme, day).terms, day, moved)
    return reversed_


def warnings(ask: Reverse, books: Books, events: Sequence[EntryReversed]) -> Iterator[Warned]:
    """Of a year whose books are closed, money comes back to be lapsed."""
    (reversed_,) = events
    lapsed = sum(move.amount for move in reversed_.moves if move.target == "lapsed")
    if lapsed:
        yield Warned("to-lapsed", {"amount": lapsed})


def _entry(ask: Reverse, books: Books) -> Entry:
    if ask.of is not None:
        recorded = books.recorded(ask.of)
        if recorded is None:
            raise Refused("unknown", "unknown-command", of=ask.of)
        seq = recorded.first
    else:
        seq = ask.event or 0
    entry = books.journal.entry(seq)
    if entry is None:
        raise Refused("unknown", "unknown-event", event=seq)
    return entry


def _reversible(books: Books, entry: Entry) -> Reversible:
    event = entry.event
    if not isinstance(event, Reversible):
        raise Refused("not-reversible", event=entry.seq, kind=entry.kind, instead=entry.kind)
    by = books.reversal_of(entry.seq)
    if by:
        raise Refused("not-reversible", "reversed-before", event=entry.seq, by=by)
    grant = known_grant(books, event.grant, "approved", "settled", "cancelled")
    allowed = {"settled": AFTER_SETTLEMENT, "cancelled": AFTER_CANCELLATION}.get(grant.status)
    if allowed is not None and not isinstance(event, allowed):
        raise Refused(
            "not-reversible",
            "not-reversible-any-more",
            event=entry.seq,
            grant=grant.grant,
            status=grant.status,
        )
    return event


def _turned(books: Books, flow: Flow) -> Flow:
    """A flow turned round; money of a year whose books are closed goes to lapsed."""
    back = flow.source
    if (back == "committed" and _is_closed(books, flow.year)) or (
        back == "carried" and _is_closed(books, flow.year + 1)
    ):
        back = "lapsed"
    return flow._replace(source=flow.target, target=back)


def _is_closed(books: Books, year: int) -> bool:
    found = books.year(year)
    return found is not None and found.status == "closed"


def _holds_it_still(books: Books, seq: int, moved: Sequence[Flow]) -> None:
    taken: dict[tuple[object, str], int] = defaultdict(int)
    for flow in moved:
        taken[flow.line, flow.source] += flow.won
        taken[flow.line, flow.target] -= flow.won
    for flow in moved:
        held = getattr(books.line_balance(flow), flow.source)
        missing = taken[flow.line, flow.source] - held
        if missing > 0:
            company, year, case = flow.line
            raise Refused(
                "not-reversible",
                "moved-on",
                company=company,
                year=year,
                case=case,
                event=seq,
                bucket=flow.source,
                held=held,
                missing=missing,
            )


def _evidence_not_claimed_since(books: Books, event: ClaimAccepted) -> None:
    for refusal in event.disallowed:
        held_by = books.evidence_held_by(refusal.evidence)
        if held_by is not None:
            raise Refused(
                "not-reversible",
                "evidence-claimed-since",
                evidence=refusal.evidence,
                claim=held_by,
            )


def _move(flow: Flow) -> Move:
    company, year, case = flow.line
    return Move(
        company=company,
        year=year,
        case=case,
        source=flow.source,  # type: ignore[arg-type]
        target=flow.target,  # type: ignore[arg-type]
        amount=flow.won,
    )


def _interest_back(flow: Flow) -> InterestBack:
    return InterestBack(
        company=flow.company, year=flow.year, case=flow.case or None, amount=flow.won
    )
