"""`list payments`: money through the bank, paid out, returned or recovered, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from ledger.names import id_key
from ledger.seoul import Year
from projections.facts.payments import Payment, Reversal
from projections.questions.in_order import in_order
from projections.questions.pages import Listed
from projections.questions.picked import ByDay, recorded_by
from projections.questions.roll_ups import Row
from projections.questions.snapshot import Snapshot
from projections.storage.schema import schema


class Payments(ByDay, Listed):
    """Payments, returns and recoveries, to be held against a bank's statement."""

    name: ClassVar[str] = "payments"
    summed: ClassVar[tuple[str, ...]] = ("amount", "interest")

    status: Literal["recorded", "reversed"] | None = Field(None, description="whether it stands")
    kind: Literal["disbursed", "funds-returned", "recovery-received"] | None = Field(
        None, description="which way the money went"
    )
    company: str | None = Field(None, description="business number")
    programme: str | None = Field(None, description="programme of the catalogue")
    year: Year | None = Field(None, description="fiscal year of its line")
    grant: str | None = Field(None, description="id of its grant")
    person: str | None = Field(None, description="recorded it, or reversed it")

    def candidates(self, snapshot: Snapshot, after: str) -> Iterator[Payment]:
        """By grant or company where one is named; from the first that was recorded in time."""
        between, own = self.span(snapshot, after), schema().tables[Payment].c
        for name in ("grant", "company"):
            if name in snapshot.given:
                named = own[name] == snapshot.given[name]
                return in_order(snapshot, Payment, named, between=between)
        return in_order(snapshot, Payment, between=between)

    def place_of(self, candidate: Payment) -> str:
        """Its position."""
        return str(candidate.seq)

    def rows_of(self, snapshot: Snapshot, candidates: Sequence[Payment]) -> list[Row | None]:
        """Each payment with who recorded it, and by which event it was reversed, in won."""
        rows = snapshot.rows
        rows.fetch((Reversal, (payment.seq,)) for payment in candidates)
        reversals = {
            payment.seq: found.by
            for payment in candidates
            if (found := rows.get(Reversal, payment.seq)) is not None
        }
        events = recorded_by(snapshot, [*(one.seq for one in candidates), *reversals.values()])
        meant = {"year": self.year, "kind": self.kind, **snapshot.given}
        return [
            self._row(snapshot, payment, reversals.get(payment.seq, 0), events)
            if all(value in (None, getattr(payment, name)) for name, value in meant.items())
            else None
            for payment in candidates
        ]

    def _was_by(self, people: Iterable[str]) -> bool:
        return self.person is None or id_key(self.person) in map(id_key, people)

    def _row(
        self, snapshot: Snapshot, payment: Payment, reversal: int, events: Mapping[int, Any]
    ) -> Row | None:
        event, back = events[payment.seq], events.get(reversal)
        if back is not None and not snapshot.at.holds(back.effective_on, back.seq):
            back = None
        reversed_by = back.seq if back is not None else None
        people = {one.actor for one in (event, back) if one is not None}
        status = "recorded" if reversed_by is None else "reversed"
        if not (
            snapshot.at.holds(payment.day, payment.seq)
            and self.is_within(payment.day)
            and self.status in (None, status)
            and self._was_by(people)
        ):
            return None
        return {
            "seq": payment.seq,
            "kind": payment.kind,
            "effective_on": payment.day,
            "recorded_at": event.recorded_at,
            "bank_ref": payment.bank_ref,
            "grant": payment.grant,
            "company": payment.company,
            "year": payment.year,
            "case": payment.case or None,
            "amount": payment.amount,
            "interest": payment.interest,
            "actor": event.actor,
            "status": status,
            "reversed_by": reversed_by,
        }
