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
from ledger.errors import Refused
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
from ledger.wording import Unfit
from projections.books import Books
from projections.facts.grants import Line
from projections.flows import INTEREST, Flow, Moved, flows

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

    turned = list(flows(event, entry.effective_on))
    moves = [_turned(books, flow) for flow in turned if flow.target != INTEREST]
    _holds_it_still(books, entry.seq, moves)
    days_in_order(books, day, moves)
    terms = terms_on(books, event.programme, day).terms
    within_ceilings(books, terms, day, moves)
    interest = [flow for flow in turned if flow.target == INTEREST]
    return EntryReversed(
        grant=event.grant,
        programme=event.programme,
        entry=entry.seq,
        entry_kind=entry.kind,
        moves=tuple(_move(line, moved) for line, moved in moves),
        interest_back=_interest_back(interest[0]) if interest else None,
        bank_ref=getattr(event, "bank_ref", None),
        claim=getattr(event, "claim", None),
        reason=ask.reason,
    )


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


def _turned(books: Books, flow: Flow) -> tuple[Line, Moved]:
    """A flow turned round; money of a year whose books are closed goes to lapsed."""
    line = books.line(flow.grant, flow.company, flow.year, flow.case or None)
    assert line is not None
    back = flow.source
    if (back == "committed" and _is_closed(books, flow.year)) or (
        back == "carried" and _is_closed(books, flow.year + 1)
    ):
        back = "lapsed"
    return line, (flow.target, back, flow.won)


def _is_closed(books: Books, year: int) -> bool:
    found = books.year(year)
    return found is not None and found.status == "closed"


def _holds_it_still(books: Books, seq: int, moves: list[tuple[Line, Moved]]) -> None:
    taken: dict[tuple[int, str], int] = defaultdict(int)
    for line, (source, target, won) in moves:
        taken[id(line), source] += won
        taken[id(line), target] -= won
    for line, (source, _, _) in moves:
        held = getattr(books.line_balance(line), source)
        missing = taken[id(line), source] - held
        if missing > 0:
            raise Refused(
                "not-reversible",
                "moved-on",
                **line.on_line,
                event=seq,
                bucket=source,
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


def _move(line: Line, moved: Moved) -> Move:
    source, target, won = moved
    return Move(
        **line.on_line,
        source=source,  # type: ignore[arg-type]
        target=target,  # type: ignore[arg-type]
        amount=won,
    )


def _interest_back(flow: Flow) -> InterestBack:
    return InterestBack(
        company=flow.company, year=flow.year, case=flow.case or None, amount=flow.won
    )
