"""What is asked in tests: a builder for each command, with sensible parties, days and amounts.

Unless a test says otherwise, everything is about grant G1 under the programme `prototype`, line
(HANBIT, 2025); KIM enters, LEE decides, PARK reverses; and the days of a year follow its course:
opened 1 January, budget 10 January, applied 1 February, approved 1 March, paid 1 April, claimed
1 May, accepted 1 June, returned 1 July, amended 1 August, ordered back 1 September, received back
1 October, carried over 1 November, settled or cancelled 1 December, reversed 15 December, closed
31 January, reopened 15 February.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from ledger.envelope import plain
from ledger.terms import catalogue

KIM, LEE, PARK = "kim", "lee", "park"
FUTURE = "9998-12-31"

HANBIT = "609-86-00005"
DAON = "110-81-12345"
SAEROM = "220-81-23455"
MIRINAE = "305-81-34568"
TAEBAEK = "410-81-45673"
NURI = "606-82-67896"
ONSAEMI = "130-82-78902"

PARTIES: dict[str, dict[str, str]] = {
    HANBIT: {"name": "한빛정밀", "party_type": "company", "size": "sme"},
    DAON: {"name": "다온소재", "party_type": "company", "size": "sme"},
    SAEROM: {"name": "새롬전자", "party_type": "company", "size": "sme"},
    MIRINAE: {"name": "미리내기계", "party_type": "company", "size": "mid_size"},
    TAEBAEK: {"name": "태백중공업", "party_type": "company", "size": "large"},
    NURI: {"name": "누리대학교", "party_type": "university"},
    ONSAEMI: {"name": "온새미연구원", "party_type": "research_institute"},
}
"""Made-up parties; their numbers have the right check digit."""

_numbers = count(1)
_TERMS = {programme.slug: plain(programme.terms) for programme in catalogue()}


@dataclass(frozen=True)
class Step:
    """A command, what it brings about, and the steps that it rests on."""

    command: dict[str, Any]
    brings: str = ""
    rests_on: tuple[Step, ...] = ()

    def but(self, **fields: Any) -> Step:
        """The same command with other or further fields."""
        return replace(self, command=self.command | fields)

    def without(self, *names: str) -> Step:
        """The same command with fields left out."""
        left = {name: value for name, value in self.command.items() if name not in names}
        return replace(self, command=left)


def _step(
    command: str,
    by: str,
    on: str,
    *,
    brings: str = "",
    rests_on: tuple[Step, ...] = (),
    **data: Any,
) -> Step:
    said = {name: value for name, value in data.items() if value is not None}
    return Step({"command": command, "actor": by, "effective_on": on, **said}, brings, rests_on)


def _open(on: str) -> tuple[Step, ...]:
    return (open_year(int(on[:4])),)


# ── companies, terms, years, budgets ─────────────────────────────────────────────────────────


def register(company: str = HANBIT, *, on: str = "2024-01-02", by: str = KIM, **data: Any) -> Step:
    said = PARTIES.get(company, {}) | data
    return _step(
        "register_company", by, on, brings=f"company {company}", business_number=company, **said
    )


def reclassify(company: str, size: str, *, on: str, by: str = KIM) -> Step:
    return _step("reclassify_company", by, on, business_number=company, size=size)


def rename(company: str = HANBIT, *, on: str, by: str = KIM, **changes: Any) -> Step:
    return _step("rename_company", by, on, business_number=company, reason="상호 변경", **changes)


def exclude(company: str = HANBIT, *, on: str, until: str, by: str = KIM) -> Step:
    reason = "부정수급"
    return _step("exclude_company", by, on, business_number=company, until=until, reason=reason)


def readmit(company: str = HANBIT, *, on: str, by: str = KIM) -> Step:
    return _step("readmit_company", by, on, business_number=company, reason="제재 해제")


def revise(programme: str = "prototype", *, on: str, by: str = KIM, **changes: Any) -> Step:
    """A new edition: the catalogue's terms with some of them changed."""
    terms = _TERMS[programme] | {"source": "공고 제2025-1호"} | changes
    return _step("revise_terms", by, on, programme=programme, **terms)


def open_year(year: int = 2025, *, on: str | None = None, by: str = KIM) -> Step:
    return _step("open_year", by, on or f"{year:04d}-01-01", brings=f"year {year}", year=year)


def close_year(year: int = 2025, *, on: str | None = None, by: str = LEE) -> Step:
    return _step("close_year", by, on or f"{year + 1}-01-31", year=year)


def reopen_year(year: int = 2025, *, on: str | None = None, by: str = PARK) -> Step:
    return _step("reopen_year", by, on or f"{year + 1}-02-15", year=year, reason="지출 누락")


def allocate(
    amount: int = 1_000_000_000,
    programme: str = "prototype",
    *,
    year: int = 2025,
    on: str | None = None,
    by: str = KIM,
) -> Step:
    on = on or f"{year}-01-10"
    return _step(
        "allocate_budget",
        by,
        on,
        brings=f"budget {programme} {year}",
        rests_on=_open(on),
        programme=programme,
        year=year,
        amount=amount,
    )


# ── grants ───────────────────────────────────────────────────────────────────────────────────


def line(
    subsidy: int, *, company: str = HANBIT, year: int = 2025, case: str | None = None, **more: Any
) -> dict[str, Any]:
    """A line and its subsidy; in an application the total cost is twice that, if not given."""
    named = {"company": company, "year": year} | ({"case": case} if case else {})
    return named | {"subsidy": subsidy} | more


def sum_of(
    amount: int, *, company: str = HANBIT, year: int = 2025, case: str | None = None
) -> dict[str, Any]:
    """A line and an amount, for recoveries."""
    named = {"company": company, "year": year} | ({"case": case} if case else {})
    return named | {"amount": amount}


def _lines(given: tuple[int | dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [line(one) if isinstance(one, int) else one for one in given]


def apply(
    *lines: int | dict[str, Any],
    grant: str | None = "G1",
    programme: str = "prototype",
    partners: tuple[str, ...] = (),
    lead: str | None = None,
    on: str | None = None,
    by: str = KIM,
) -> Step:
    asked = [{"total_cost": max(2 * one["subsidy"], 1)} | one for one in _lines(lines)]
    lead = lead or asked[0]["company"]
    parties = dict.fromkeys([*(one["company"] for one in asked), *partners, lead])
    return _step(
        "apply",
        by,
        on or f"{min(one['year'] for one in asked)}-02-01",
        brings=f"application {grant}",
        rests_on=tuple(register(party) for party in parties if party in PARTIES),
        grant=grant,
        programme=programme,
        title="정밀 감속기 시제품",
        lead=lead,
        lines=asked,
        partners=list(partners) or None,
    )


def approve(
    *lines: int | dict[str, Any],
    grant: str = "G1",
    programme: str = "prototype",
    partners: tuple[str, ...] = (),
    on: str | None = None,
    by: str = LEE,
) -> Step:
    """Approve lines; none named: all that wait. Given, it brings its application and budget."""
    named = _lines(lines)
    years = {one["year"] for one in named} or {int((on or "2025")[:4])}
    year = min(years)
    applied = apply(*named, grant=grant, programme=programme, partners=partners) if named else None
    return _step(
        "approve",
        by,
        on or f"{year}-03-01",
        rests_on=(
            *((applied,) if applied else ()),
            *(allocate(programme=programme, year=year) for year in sorted(years)),
        ),
        grant=grant,
        lines=[_plain_line(one) for one in named] or None,
    )


def _plain_line(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("company", "year", "case", "subsidy") if name in one}


def reject(grant: str = "G1", *, on: str = "2025-03-01", by: str = LEE) -> Step:
    return _step("reject", by, on, grant=grant, reason="사업계획 미흡")


def withdraw(grant: str = "G1", *, on: str = "2025-03-01", by: str = KIM) -> Step:
    return _step("withdraw", by, on, grant=grant, reason="사업 포기")


def amend(
    *lines: int | dict[str, Any], grant: str = "G1", on: str = "2025-08-01", by: str = LEE
) -> Step:
    return _step(
        "amend", by, on, rests_on=_open(on), grant=grant, lines=_lines(lines), reason="계획 변경"
    )


def cancel(
    *recover: dict[str, Any], grant: str = "G1", on: str = "2025-12-01", by: str = LEE
) -> Step:
    recovered = list(recover) or None
    return _step(
        "cancel", by, on, rests_on=_open(on), grant=grant, reason="목적 외 사용", recover=recovered
    )


def settle(grant: str = "G1", *, on: str = "2025-12-01", by: str = LEE) -> Step:
    return _step("settle", by, on, rests_on=_open(on), grant=grant)


def identify(case: str, number: str, *, on: str = "2025-09-01", by: str = KIM) -> Step:
    return _step("identify_case", by, on, case=case, application_number=number)


# ── money on a line ──────────────────────────────────────────────────────────────────────────


def _on_line(
    command: str,
    month_and_day: str,
    by: str,
    at: dict[str, Any],
    **data: Any,
) -> Step:
    """A command about a line; `at` may name its grant, company, year, case and day."""
    year = at.get("year", 2025)
    on = at.get("on") or f"{year}-{month_and_day}"
    return _step(
        command,
        at.get("by", by),
        on,
        brings=data.pop("brings", ""),
        rests_on=_open(on),
        grant=at.get("grant", "G1"),
        company=at.get("company", HANBIT),
        year=year,
        case=at.get("case"),
        **data,
    )


def _ref(bank_ref: str | None) -> str:
    return bank_ref or f"BANK-{next(_numbers)}"


def pay(amount: int, *, bank_ref: str | None = None, **at: Any) -> Step:
    return _on_line("disburse", "04-01", KIM, at, amount=amount, bank_ref=_ref(bank_ref))


def give_back(
    amount: int, *, interest: int | None = None, bank_ref: str | None = None, **at: Any
) -> Step:
    ref = _ref(bank_ref)
    return _on_line(
        "return_funds", "07-01", KIM, at, amount=amount, interest=interest, bank_ref=ref
    )


def receive_back(
    amount: int, *, interest: int | None = None, bank_ref: str | None = None, **at: Any
) -> Step:
    ref = _ref(bank_ref)
    return _on_line(
        "record_recovery", "10-01", KIM, at, amount=amount, interest=interest, bank_ref=ref
    )


def carry_over(amount: int, **at: Any) -> Step:
    return _on_line("carry_over", "11-01", LEE, at, amount=amount, reason="장비 납품 지연")


def order_back(
    *lines: int | dict[str, Any], grant: str = "G1", on: str = "2025-09-01", by: str = LEE
) -> Step:
    ordered = [sum_of(one) if isinstance(one, int) else one for one in lines]
    return _step(
        "order_recovery", by, on, rests_on=_open(on), grant=grant, lines=ordered, reason="부당 집행"
    )


def item(
    supply: int,
    *,
    evidence: str | None = None,
    category: str = "prototype_development",
    incurred_on: str = "2025-04-15",
    **more: Any,
) -> dict[str, Any]:
    """A cost with its evidence, net of VAT."""
    return {
        "evidence": evidence or f"INV-{next(_numbers)}",
        "category": category,
        "supply": supply,
        "incurred_on": incurred_on,
        **more,
    }


def claim(*costs: int | dict[str, Any], claim: str | None = "C1", **at: Any) -> Step:
    incurred_on = f"{at.get('year', 2025)}-04-15"
    items = [
        item(cost, incurred_on=incurred_on) if isinstance(cost, int) else cost for cost in costs
    ]
    return _on_line("claim", "05-01", KIM, at, claim=claim, items=items, brings=f"claim {claim}")


def accept(
    claim: str = "C1",
    *,
    disallow: tuple[str, ...] = (),
    on: str = "2025-06-01",
    by: str = LEE,
    claimed: Step | None = None,
) -> Step:
    refused = [{"evidence": evidence, "reason": "증빙 불비"} for evidence in disallow]
    rests_on = (*_open(on), *((claimed,) if claimed else ()))
    return _step("accept_claim", by, on, rests_on=rests_on, claim=claim, disallow=refused or None)


def accepted(
    *costs: int | dict[str, Any], claim: str = "C1", on: str | None = None, **at: Any
) -> Step:
    """A claim that was made and accepted; `costs` are net costs, of which half is earned."""
    made = _claim(*costs, claim=claim, **at)
    return accept(claim, on=on or f"{at.get('year', 2025)}-06-01", claimed=made)


_claim = claim


def reverse(
    of: str | None = None, *, event: int | None = None, on: str = "2025-12-15", by: str = PARK
) -> Step:
    return _step("reverse", by, on, rests_on=_open(on), of=of, event=event, reason="입력 오류")


# What is given is said in the past tense; it is the same command.
registered, reclassified, renamed = register, reclassify, rename
excluded, readmitted = exclude, readmit
revised, budgeted, opened, closed, reopened = revise, allocate, open_year, close_year, reopen_year
applied, approved, rejected, withdrawn, amended = apply, approve, reject, withdraw, amend
paid, claimed, returned, carried_over, identified = pay, claim, give_back, carry_over, identify
cancelled, ordered_back, received_back, settled = cancel, order_back, receive_back, settle
reversed_ = reverse


def draws(**won: int) -> list[dict[str, Any]]:
    """What was drawn from which bucket, in this order."""
    return [{"bucket": bucket, "amount": amount} for bucket, amount in won.items()]
