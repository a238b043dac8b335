"""The life of a grant, one command after another, as finance staff record it.

Each life keeps what its lines hold, by the rules of the ledger, so that every command it yields
is recorded. The desk tells it the day; entries are sometimes dated back, never before the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from ledger.terms import Programme

Command = dict[str, Any]
KIM, LEE, PARK = "kim", "lee", "park"


@dataclass(slots=True)
class Desk:
    """Where commands are written: the day it is, chance, and a number for each command."""

    chance: Random
    seed: int
    day: str = ""
    written: int = 0

    def write(self, command: str, actor: str, day: str | None = None, **fields: Any) -> Command:
        """A command with an id of its own."""
        self.written += 1
        return {
            "id": f"W{self.seed}-{self.written}",
            "command": command,
            "actor": actor,
            "effective_on": day or self.day,
            **fields,
        }

    def happens(self, percent: float) -> bool:
        """Whether something happens that does so often."""
        return self.chance.random() * 100 < percent

    def share(self, amount: int, least: float = 0.3, most: float = 0.9) -> int:
        """Some part of an amount, at least one won."""
        return max(1, int(amount * self.chance.uniform(least, most)))


@dataclass(slots=True)
class Line:
    """What a line of a grant holds, in won."""

    company: str
    year: int
    case: str | None
    total_cost: int
    award: int
    committed: int = 0
    carried: int = 0
    payable: int = 0
    advanced: int = 0
    spent: int = 0
    due: int = 0
    accepted_cost: int = 0
    earned: int = 0

    @property
    def named(self) -> dict[str, Any]:
        """The line as a command names it."""
        case = {"case": self.case} if self.case else {}
        return {"company": self.company, "year": self.year, **case}

    def pay(self, amount: int) -> None:
        """Take a payment from what is payable, then committed, then carried."""
        settled = min(amount, self.payable)
        self.payable -= settled
        self.spent += settled
        advance = amount - settled
        first = min(advance, self.committed)
        self.committed -= first
        self.carried -= advance - first
        self.advanced += advance

    def accept(self, cost: int, within_year: bool) -> None:
        """Earn the award's share of an accepted cost."""
        self.accepted_cost += cost
        share = min(self.award, self.accepted_cost * self.award // self.total_cost)
        due = max(share - self.earned, 0)
        for bucket, target in (
            ("advanced", "spent"),
            *((("committed", "payable"),) if within_year else ()),
            ("carried", "payable"),
        ):
            part = min(due, getattr(self, bucket))
            setattr(self, bucket, getattr(self, bucket) - part)
            setattr(self, target, getattr(self, target) + part)
            due -= part
            self.earned += part


@dataclass(slots=True)
class Life:
    """A grant and what happens to it."""

    desk: Desk
    grant: str
    programme: Programme
    lines: list[Line]
    partners: list[str]
    last: str = ""
    paid: str = ""
    proven: str = ""
    refs: int = 0
    undecided: bool = False
    steps: Iterator[Command] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = self._whole()

    def _write(self, command: str, actor: str, **fields: Any) -> Command:
        """A command about this grant, dated today or, one time in twenty, some days back."""
        day = self.desk.day
        if self.desk.happens(5):
            back = date.fromisoformat(day) - timedelta(days=self.desk.chance.randrange(1, 20))
            day = max(back.isoformat(), self.last, f"{day[:4]}-01-01")
        self.last = max(day, self.last)
        return self.desk.write(command, actor, self.last, grant=self.grant, **fields)

    def _whole(self) -> Iterator[Command]:
        yield self.applied()
        if self.desk.happens(3):
            yield self._write("reject", LEE, reason="사업계획 미흡")
            return
        if self.desk.happens(2):
            yield self._write("withdraw", KIM, reason="사업 포기")
            return
        for line in self.lines:
            line.committed = line.award
        yield self._write("approve", LEE)
        if self.lines[0].case and self.desk.happens(30):
            yield self.desk.write(
                "identify_case",
                KIM,
                case=self.lines[0].case,
                application_number=f"10-{self.grant}",
            )
        if self.desk.happens(4):
            yield self._lowered()
        for _ in range(self.desk.chance.randrange(1, 4)):
            for line in self.lines:
                yield from self._paid_and_proven(line)
        yield from self._ended()

    def applied(self) -> Command:
        """The application."""
        lines = [
            line.named | {"total_cost": line.total_cost, "subsidy": line.award}
            for line in self.lines
        ]
        return self._write(
            "apply",
            KIM,
            programme=self.programme.slug,
            title="정밀 감속기 시제품",
            lead=self.lines[0].company,
            lines=lines,
            partners=self.partners,
        )

    def _lowered(self) -> Command:
        line = self.lines[0]
        cut = self.desk.share(line.committed, 0.1, 0.3)
        line.award -= cut
        line.committed -= cut
        return self._write(
            "amend", LEE, lines=[line.named | {"subsidy": line.award}], reason="계획 변경"
        )

    def _paid_and_proven(self, line: Line) -> Iterator[Command]:
        """In advance or in arrears: a payment and a claim, in either order."""
        arrears = self.desk.happens(25)
        if arrears:
            yield from self._claimed(line)
        funds = line.payable + line.carried
        funds += line.committed if self.desk.day[:4] == str(line.year) else 0
        if funds:
            yield self.pay(line, self.desk.share(funds))
            if self.desk.happens(2) and not arrears:
                yield from self._wrongly_paid(line)
        if not arrears:
            yield from self._claimed(line)

    def pay(self, line: Line, amount: int) -> Command:
        """A payment."""
        self.paid = self._reference()
        line.pay(amount)
        return self._write("disburse", KIM, **line.named, amount=amount, bank_ref=self.paid)

    def _wrongly_paid(self, line: Line) -> Iterator[Command]:
        """A payment of one won that is reversed by another person."""
        if line.payable or not line.committed or self.desk.day[:4] != str(line.year):
            return
        wrong = self.pay(line, 1)
        yield wrong
        if line.committed + 1 > line.award:
            return
        back = self.desk.write("reverse", PARK, self.last, of=wrong["id"], reason="입력 오류")
        line.advanced -= 1
        line.committed += 1
        yield back

    def _reference(self) -> str:
        self.refs += 1
        return f"KB-{self.grant}-{self.refs}"

    def _claimed(self, line: Line) -> Iterator[Command]:
        self.refs += 1
        claim = f"{self.grant}-{self.refs}"
        parts = self.desk.chance.randrange(1, 4)
        cost = max(1, self.desk.share(line.total_cost, 0.1, 0.4) // parts)
        self.proven = f"TI-{claim}-0"
        day = max(self.last, self.desk.day)
        items = [
            {
                "evidence": f"TI-{claim}-{part}",
                "category": self.programme.terms.eligible[0],
                "supply": cost,
                "vat": cost // 10,
                "incurred_on": day,
            }
            for part in range(parts)
        ]
        self.last = day
        self.undecided = True
        yield self._write("claim", KIM, **line.named, claim=claim, items=items)
        claimed_in = self.last[:4]
        refused = parts > 1 and self.desk.happens(10)
        disallow = [{"evidence": f"TI-{claim}-{parts - 1}", "reason": "증빙 불비"}]
        accepted = self._write(
            "accept_claim", LEE, claim=claim, **({"disallow": disallow} if refused else {})
        )
        del accepted["grant"]
        self.undecided = False
        line.accept(cost * (parts - refused), claimed_in <= str(line.year))
        yield accepted

    def _ended(self) -> Iterator[Command]:
        """Paid back what is over, perhaps ordered back, and settled or cancelled."""
        line = self.lines[0]
        if self.desk.happens(1):
            yield from self._cancelled(line)
            return
        if self.desk.happens(3) and line.advanced + line.spent:
            amount = self.desk.share(line.advanced + line.spent, 0.1, 0.5)
            self._ordered_back(line, amount)
            ordered = [line.named | {"amount": amount}]
            yield self._write("order_recovery", LEE, lines=ordered, reason="부당 집행")
            yield self._recovered(line)
        for line in self.lines:
            if line.payable:
                yield self.pay(line, line.payable)
            if line.advanced:
                amount, line.advanced = line.advanced, 0
                yield self._write(
                    "return_funds",
                    KIM,
                    **line.named,
                    amount=amount,
                    interest=amount // 1000,
                    bank_ref=self._reference(),
                )
        if not self.desk.happens(10):
            self._released()
            yield self._write("settle", LEE)

    def _released(self) -> None:
        for line in self.lines:
            line.committed = line.carried = line.payable = 0

    def _cancelled(self, line: Line) -> Iterator[Command]:
        amount = line.advanced + line.spent
        recover = {"recover": [line.named | {"amount": amount}]} if amount else {}
        self._released()
        self._ordered_back(line, amount)
        yield self._write("cancel", LEE, reason="목적 외 사용", **recover)
        if amount:
            yield self._recovered(line)

    def _ordered_back(self, line: Line, amount: int) -> None:
        first = min(amount, line.advanced)
        line.advanced -= first
        line.spent -= amount - first
        line.due += amount

    def _recovered(self, line: Line) -> Command:
        amount, line.due = line.due, 0
        return self._write(
            "record_recovery", KIM, **line.named, amount=amount, bank_ref=self._reference()
        )

    def carried_over(self, day: str) -> Command | None:
        """What is committed on the first line goes into the next year; the rest will lapse."""
        line = self.lines[0]
        if not line.committed or line.due or self.undecided or self.last > day:
            return None
        amount, line.committed, self.last = line.committed, 0, day
        line.carried += amount
        self.steps = self._after_the_turn(line)
        return self.desk.write(
            "carry_over",
            LEE,
            day,
            grant=self.grant,
            **line.named,
            amount=amount,
            reason="장비 납품 지연",
        )

    def _after_the_turn(self, line: Line) -> Iterator[Command]:
        """What was carried is paid and proven; what was committed on other lines lapses."""
        for other in self.lines:
            other.committed = 0
        yield from self._paid_and_proven(line)
        yield from self._ended()
