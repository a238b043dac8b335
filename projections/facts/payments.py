"""Bank references that stand, and entries that were reversed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ledger.envelope import Entry
from ledger.events import Disbursed, EntryReversed, FundsReturned, RecoveryReceived
from ledger.names import reference_key
from projections.rows import Row, Rows


@dataclass(slots=True)
class BankReference(Row):
    """Which entry a bank reference stands for; 0 once that was reversed."""

    table: ClassVar[str] = "bank_references"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    ref_key: str
    seq: int = 0


@dataclass(slots=True)
class Reversal(Row):
    """By which event an entry was reversed."""

    table: ClassVar[str] = "reversals"
    key: ClassVar[int] = 1
    group: ClassVar[int] = 1

    entry: int
    by: int


def paid(entry: Entry, event: Disbursed | FundsReturned | RecoveryReceived, rows: Rows) -> None:
    """A bank reference is taken."""
    _stand(rows, event.bank_ref, entry.seq)


def reversed_(entry: Entry, event: EntryReversed, rows: Rows) -> None:
    """An entry is reversed; its bank reference may be used again."""
    rows.add(Reversal(event.entry, entry.seq))
    if event.bank_ref is not None:
        _stand(rows, event.bank_ref, 0)


def _stand(rows: Rows, bank_ref: str, seq: int) -> None:
    rows.put(BankReference, reference_key(bank_ref)).seq = seq
