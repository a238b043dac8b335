"""Streams of commands that are always the same, so that after a fault the rest is sent again.

`finance` is three years of an office: companies, applications, approvals, payments, claims,
returns, recoveries, reversals, refusals of many kinds, and year ends that append many events at
once. `front_desk` only registers companies and takes applications in, and moves no money: both can
be written into one ledger at the same time and neither changes what the other records.

Every command has its own id.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

FIRST, LAST = 2021, 2023
PROTOTYPE, PATENT = "prototype", "domestic_patent"

Command = dict[str, Any]


@cache
def finance(grants: int = 9) -> tuple[Command, ...]:
    """Three fiscal years with so many grants each, and the closing of each year but the last."""
    return _numbered("finance", _years(grants))


@cache
def front_desk(applications: int = 60) -> tuple[Command, ...]:
    """Companies and applications, some withdrawn or rejected, none ever approved."""
    return _numbered("desk", _front_desk(applications))


STREAMS = {"finance": finance, "desk": front_desk}


def _numbered(name: str, commands: Iterator[Command]) -> tuple[Command, ...]:
    return tuple({"id": f"{name}-{place:04d}"} | command for place, command in enumerate(commands))


def _by(actor: str, day: str, command: str, **fields: Any) -> Command:
    return {"command": command, "actor": actor, "effective_on": day, **fields}


def _register(number: int, day: str) -> Command:
    return _by(
        "kim",
        day,
        "register_company",
        business_number=f"{number:03d}-81-{number:05d}",
        name=f"기업 {number}",
        party_type="company",
        size="sme",
    )


# ── three years of an office ─────────────────────────────────────────────────────────────────


def _years(grants: int) -> Iterator[Command]:
    for number in range(grants):
        yield _register(100 + number, f"{FIRST}-01-02")
    for year in range(FIRST, LAST + 1):
        yield _by("kim", f"{year}-01-01", "open_year", year=year)
        for programme in (PROTOTYPE, PATENT):
            amount = 40_000_000 * grants + year
            yield _by(
                "kim",
                f"{year}-01-02",
                "allocate_budget",
                programme=programme,
                year=year,
                amount=amount,
            )
        if year > FIRST:
            yield from _turn_of_the_year(year - 1, grants)
        for number in range(grants):
            yield from _LIVES[number % len(_LIVES)](_Grant(number, year))


def _turn_of_the_year(old: int, grants: int) -> Iterator[Command]:
    """Last year closes, opens again for a late invoice, and closes for good."""
    on, late = f"{old + 1}-01-31", f"{old + 1}-02-10"
    yield _by("lee", f"{old}-12-31", "close_year", year=old)  # refused: not over yet
    yield _by("lee", on, "close_year", year=old)
    yield _by("lee", late, "reopen_year", year=old, reason="지출 누락")  # refused: four eyes
    yield _by("park", late, "reopen_year", year=old, reason="지출 누락")
    for number in range(1, grants, len(_LIVES)):
        yield _Grant(number, old).pay(1_000_000, f"{old}-12-20", "late")
    yield _by("lee", late, "close_year", year=old)
    yield _Grant(1, old).pay(1_000_000, f"{old}-12-21", "too-late")  # refused: closed
    for number in range(3, grants, len(_LIVES)):
        yield _Grant(number, old).pay(4_000_000, f"{old + 1}-03-02", "carried")


class _Grant:
    """One grant of one company in one year: 18 million won for prototypes costing 30 million."""

    def __init__(self, number: int, year: int) -> None:
        self.year, self.id = year, f"G{year}-{number}"
        self.company = f"{100 + number:03d}-81-{100 + number:05d}"
        self.line: dict[str, Any] = {"company": self.company, "year": year}
        self.programme, self.cost, self.subsidy = PROTOTYPE, 30_000_000, 18_000_000

    def by(self, actor: str, day: str, command: str, **fields: Any) -> Command:
        day = day if len(day) == 10 else f"{self.year}-{day}"
        return _by(actor, day, command, grant=self.id, **fields)

    def on_line(self, actor: str, day: str, command: str, **fields: Any) -> Command:
        return self.by(actor, day, command, **self.line, **fields)

    def applied(self) -> Command:
        asked = self.line | {"total_cost": self.cost, "subsidy": self.subsidy}
        return self.by(
            "kim",
            "02-01",
            "apply",
            programme=self.programme,
            title="시제품",
            lead=self.company,
            lines=[asked],
        )

    def approved(self, by: str = "lee") -> Command:
        return self.by(by, "03-01", "approve")

    def pay(self, amount: int, day: str, ref: str) -> Command:
        return self.on_line("kim", day, "disburse", amount=amount, bank_ref=f"{self.id}-{ref}")

    def claim(self, supply: int, day: str, category: str = "prototype_development") -> Command:
        item = {
            "evidence": f"TI-{self.id}-{day}",
            "category": category,
            "supply": supply,
            "incurred_on": f"{self.year}-04-15",
        }
        return self.on_line("kim", day, "claim", claim=f"{self.id}-{day}", items=[item])

    def accepted(self, claimed: str, day: str) -> Command:
        return _by("lee", f"{self.year}-{day}", "accept_claim", claim=f"{self.id}-{claimed}")


def _in_advance(grant: _Grant) -> Iterator[Command]:
    """Paid before it is proven, partly returned, settled."""
    yield grant.applied()
    yield grant.approved(by="kim")  # refused: four eyes
    yield grant.approved()
    yield grant.pay(12_000_000, "04-01", "1")
    yield grant.pay(12_000_000, "04-01", "1")  # refused: the bank reference again, under a new id
    yield grant.claim(15_000_000, "05-01")
    yield grant.accepted("05-01", "06-01")
    yield grant.by("lee", "06-02", "settle")  # refused: money is outstanding
    back = {"amount": 3_000_000, "interest": 1_234, "bank_ref": f"{grant.id}-back"}
    yield grant.on_line("kim", "07-01", "return_funds", **back)
    yield grant.by("lee", "12-01", "settle")


def _in_arrears(grant: _Grant) -> Iterator[Command]:
    """Proven first, then paid; what is left lapses when the year closes."""
    yield grant.applied()
    yield grant.approved()
    yield grant.claim(20_000_000, "05-01")
    yield grant.accepted("05-01", "06-01")
    yield grant.pay(12_000_000, "06-15", "1")
    yield grant.pay(7_000_000, "06-16", "2")  # refused: more than the award


def _mistyped(grant: _Grant) -> Iterator[Command]:
    """A payment that is turned round and made again; the rest lapses."""
    yield grant.applied()
    yield grant.approved()
    wrong = f"{grant.id}-wrong"
    yield grant.pay(9_000_000, "04-01", "1") | {"id": wrong}
    yield grant.pay(-5, "04-02", "2")  # refused: invalid
    for _ in range(2):  # refused the second time: reversed before
        yield _by("park", f"{grant.year}-04-02", "reverse", of=wrong, reason="입력 오류")
    yield grant.pay(900_000, "04-03", "1")


def _carried_over(grant: _Grant) -> Iterator[Command]:
    """Part is carried over into the next year; some of that is paid, the rest lapses there."""
    yield grant.applied()
    yield grant.approved()
    yield grant.pay(10_000_000, "04-01", "1")
    yield grant.on_line("lee", "11-01", "carry_over", amount=6_000_000, reason="납품 지연")


def _cancelled(grant: _Grant) -> Iterator[Command]:
    """Cancelled for cause; part of the money is ordered back and comes back."""
    yield grant.applied()
    yield grant.approved()
    yield grant.pay(10_000_000, "04-01", "1")
    yield grant.claim(10_000_000, "05-01", "registration_fee")  # refused: not eligible
    back = [grant.line | {"amount": 8_000_000}]
    yield grant.by("lee", "09-01", "cancel", reason="목적 외 사용", recover=back)
    recovered = {"amount": 5_000_000, "interest": 777, "bank_ref": f"{grant.id}-back"}
    yield grant.on_line("kim", "10-01", "record_recovery", **recovered)


def _patent(grant: _Grant) -> Iterator[Command]:
    """A filing with a ceiling for its whole life; its number is known later."""
    case = f"CASE-{grant.id}"
    grant.line |= {"case": case}
    grant.programme, grant.cost, grant.subsidy = PATENT, 3_000_000, 2_000_000
    yield grant.applied()
    yield grant.approved()
    number = f"10-{grant.id}"
    yield _by("kim", f"{grant.year}-04-01", "identify_case", case=case, application_number=number)
    yield grant.claim(2_400_000, "05-01", "application_fee")
    yield grant.accepted("05-01", "06-01")
    yield grant.pay(1_000_000, "06-15", "1")


_LIVES = (_in_advance, _in_arrears, _mistyped, _carried_over, _cancelled, _patent)


# ── the front desk ───────────────────────────────────────────────────────────────────────────


def _front_desk(applications: int) -> Iterator[Command]:
    for number in range(applications):
        company, grant, day = 500 + number, f"D{number}", f"{FIRST}-05-{1 + number % 28:02d}"
        registered = _register(company, day)
        yield registered
        line = {"company": registered["business_number"], "year": FIRST}
        asked = line | {"total_cost": 3_000_000, "subsidy": 1_500_000}
        applied = {"title": "기획", "lead": line["company"], "lines": [asked]}
        yield _by("kim", day, "apply", grant=grant, programme="rbd_consulting", **applied)
        match number % 4:
            case 0:
                yield registered  # refused: under another id it exists already
            case 1:
                yield _by("kim", day, "withdraw", grant=grant, reason="사업 포기")
            case 2:
                yield _by("lee", day, "reject", grant=grant, reason="사업계획 미흡")
