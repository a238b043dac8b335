"""Bank references that stand, and entries that were reversed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import Disbursed, Draw, EntryReversed, FundsReturned, RecoveryReceived
from ledger.names import reference_key
from projections.flows import PAID_FROM
from projections.rows import Row, Rows


@dataclass(slots=True)
class BankReference(Row):
    """Which entry a bank reference stands for, 0 once that was reversed; and which had it last."""

    table: ClassVar[str] = "bank_references"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    ref_key: str
    seq: int = 0
    last: int = 0


@dataclass(slots=True)
class Reversal(Row):
    """By which event an entry was reversed."""

    table: ClassVar[str] = "reversals"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    entry: int
    by: int
    day: str


@dataclass(slots=True)
class Payment(Row):
    """Money that went through the bank: paid out, returned or recovered, in won.

    So much of it was `advanced`: paid before it was owed.
    """

    table: ClassVar[str] = "payments"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    seq: int
    kind: str
    day: str
    programme: str
    grant: str
    company: str
    year: int
    case: str
    amount: int
    interest: int
    bank_ref: str
    advanced: int


def paid(entry: Entry, event: Disbursed | FundsReturned | RecoveryReceived, rows: Rows) -> None:
    """A bank reference is taken by a payment, a return or a recovery."""
    reference = rows.put(BankReference, reference_key(event.bank_ref))
    reference.seq = reference.last = entry.seq
    rows.append(
        Payment(
            entry.seq,
            entry.kind,
            entry.effective_on,
            event.programme,
            event.grant,
            event.company,
            event.year,
            event.case or "",
            event.amount,
            0 if isinstance(event, Disbursed) else event.interest,
            event.bank_ref,
            _advanced(event.draws) if isinstance(event, Disbursed) else 0,
        )
    )


def _advanced(draws: Iterable[Draw]) -> int:
    return sum(draw.amount for draw in draws if PAID_FROM[draw.bucket] == "advanced")


def reversed_(entry: Entry, event: EntryReversed, rows: Rows) -> None:
    """An entry is reversed; its bank reference may be used again."""
    rows.add(Reversal(event.entry, entry.seq, entry.effective_on))
    if event.bank_ref is not None:
        rows.put(BankReference, reference_key(event.bank_ref)).seq = 0
