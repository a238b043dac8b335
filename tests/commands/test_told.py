"""Refusals and warnings as people read them: who, what, how much, and the way out.

Whole sentences, because they are read whole; English beside Korean.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from commands.receipts import Receipt
from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    KIM,
    LEE,
    NURI,
    ONSAEMI,
    Step,
    accepted,
    allocate,
    amend,
    applied,
    apply,
    approve,
    approved,
    budgeted,
    carry_over,
    claim,
    claimed,
    closed,
    excluded,
    item,
    line,
    opened,
    order_back,
    paid,
    pay,
    readmit,
    receive_back,
    register,
    registered,
    rejected,
    renamed,
    reverse,
    revised,
    settle,
)

PATENT, RESEARCH = "domestic_patent", "field_customised"


class Told(NamedTuple):
    """A story, what is asked, and the refusal in whole sentences."""

    given: tuple[Step, ...]
    when: Step
    english: str
    korean: str


# fmt: off
REFUSALS: dict[str, Told] = {
    "the annual cap": Told(
        (approved(12_000_000), applied(9_000_000, grant="G2")), approve(grant="G2"),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: the annual cap is 20,000,000 won "
        "or less; 12,000,000 is used, 9,000,000 more is asked for. "
        "At most 8,000,000 won would fit for 한빛정밀.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 연간 지원한도는 20,000,000원 이내입니다. "
        "한도 사용액 12,000,000원, 이번 요청액 9,000,000원. 한빛정밀은 최대 8,000,000원까지 "
        "가능합니다."),
    "the annual cap of one grant": Told(
        (registered(), registered(DAON)),
        apply(line(150_000_000), line(139_999_999, company=DAON), programme=RESEARCH),
        "다온소재 (110-81-12345) in 2025, Developing field-customised technologies: the annual cap "
        "of one grant is less than 200,000,000 won; 0 is used, 289,999,999 more is asked for. "
        "At most 49,999,999 won would fit for 다온소재.",
        "현장맞춤형 기술개발, 다온소재(110-81-12345) 2025년도분: 과제당 연간 지원한도는 "
        "200,000,000원 미만입니다. 한도 사용액 0원, 이번 요청액 289,999,999원. 다온소재는 최대 "
        "49,999,999원까지 가능합니다."),
    "the cap of a case": Told(
        (registered(),), apply(line(2_000_001, case="P-1"), programme=PATENT),
        "한빛정밀 (609-86-00005) in 2025, case P-1, Domestic patent: the per-case cap is 2,000,000 "
        "won or less for the case's whole life; 0 is used, 2,000,001 more is asked for. "
        "At most 2,000,000 won would fit for 한빛정밀.",
        "국내특허, 한빛정밀(609-86-00005) 2025년도분(건 P-1): 건당 한도는 전 기간을 합하여 "
        "2,000,000원 이내입니다. 한도 사용액 0원, 이번 요청액 2,000,001원. 한빛정밀은 최대 "
        "2,000,000원까지 가능합니다."),
    "the budget": Told(
        (applied(9_000_000), budgeted(5_000_000)), approve(),
        "Prototype production 2025: 5,000,000 won of the budget of 5,000,000 is available, "
        "9,000,000 is asked for. At most 5,000,000 won would fit for 한빛정밀.",
        "시제품 제작 2025년도: 예산 5,000,000원 가운데 잔액이 5,000,000원입니다. 이번 요청액 "
        "9,000,000원. 한빛정밀은 최대 5,000,000원까지 가능합니다."),
    "a budget's cut": Told(
        (applied(9_000_000), budgeted(30_000_000), approve()), allocate(-25_000_000),
        "Prototype production 2025: 21,000,000 won of the budget of 30,000,000 is available, "
        "25,000,000 is asked for. A cut of at most 21,000,000 won would fit.",
        "시제품 제작 2025년도: 예산 30,000,000원 가운데 잔액이 21,000,000원입니다. 이번 요청액 "
        "25,000,000원. 최대 21,000,000원까지 감액할 수 있습니다."),
    "the ratio": Told(
        (registered(), registered(DAON)),
        apply(line(150_000_000, total_cost=200_000_000), partners=(DAON,), programme=RESEARCH),
        "한빛정밀 (609-86-00005) in 2025, Developing field-customised technologies: 150,000,000 "
        "won is over the ratio: it must be less than 75 % of the total cost of 200,000,000, "
        "at most 149,999,999. At most 149,999,999 won would fit for 한빛정밀.",
        "현장맞춤형 기술개발, 한빛정밀(609-86-00005) 2025년도분: 보조금 150,000,000원이 지원비율을 "
        "초과합니다. 총사업비 200,000,000원의 75% 미만, 최대 149,999,999원입니다. 한빛정밀은 최대 "
        "149,999,999원까지 가능합니다."),
    "more than the award": Told(
        (approved(10_000_000), paid(9_000_000)), pay(2_000_000),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: 2,000,000 won is over what may be "
        "paid of the award of 10,000,000, which is 1,000,000. "
        "At most 1,000,000 won would fit for 한빛정밀.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 요청한 2,000,000원이 교부결정액 "
        "10,000,000원 가운데 지급할 수 있는 1,000,000원을 초과합니다. 한빛정밀은 최대 "
        "1,000,000원까지 "
        "가능합니다."),
    "last year's committed money": Told(
        (approved(10_000_000), opened(2026)), pay(10_000_000, on="2026-01-05"),
        "한빛정밀 (609-86-00005) in 2025: nothing may be paid on 2026-01-05. 10,000,000 won is "
        "committed but payable in 2025 only: carry it over first, dated in 2025, or date the "
        "payment in 2025.",
        "2026-01-05에는 한빛정밀(609-86-00005) 2025년도분에서 지급할 수 있는 금액이 없습니다. "
        "교부결정 잔액 10,000,000원은 2025년에만 지급할 수 있으므로, 먼저 2025년 날짜로 이월하거나 "
        "지급일을 2025년으로 적으십시오."),
    "before a carry-over": Told(
        (approved(10_000_000), carry_over(10_000_000)), pay(4_000_000, on="2025-10-15"),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: dated 2025-10-15, carried would be "
        "negative on some day: it holds as little as 0 won from then on, 4,000,000 are asked for. "
        "To record what happened before a carry-over, reverse the carry-over first, record this, "
        "then carry over what is left. Or date this 2025-11-01 or later. Nothing would fit.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 2025-10-15 날짜로 "
        "기록하면 이월 잔액이 부족한 "
        "날이 생깁니다. 그날 이후 가장 적을 때의 잔액은 0원이고, 필요한 금액은 4,000,000원입니다. "
        "이월 전의 거래이면 이월을 먼저 취소하고 이 건을 기록한 뒤 남은 금액을 다시 이월하십시오. "
        "그렇지 않으면 2025-11-01 이후 날짜로 적으십시오. 가능한 금액이 없습니다."),
    "between a wrong payment and its reversal": Told(
        (approved(10_000_000), paid(10_000_000).but(id="wrong"), reverse("wrong", on="2025-05-01")),
        pay(10_000_000, on="2025-04-10"),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: dated 2025-04-10, committed would "
        "be negative on some day: it holds as little as 0 won from then on, 10,000,000 are asked "
        "for. It holds enough from 2025-05-01 on: date this then or later. What was reversed "
        "counts until the day of its reversal; a reversal dated on its entry's own day leaves no "
        "such gap. Nothing would fit.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 2025-04-10 날짜로 "
        "기록하면 교부결정 잔액이 "
        "부족한 날이 생깁니다. 그날 이후 가장 적을 때의 잔액은 0원이고, 필요한 금액은 "
        "10,000,000원입니다. 2025-05-01부터는 부족하지 않으므로 그 이후 날짜로 적으십시오. 취소한 "
        "기록은 취소일 전날까지 잔액에 반영되므로, 취소는 원래 기록과 같은 날짜로 하면 이런 기간이 "
        "생기지 않습니다. 가능한 금액이 없습니다."),
    "an award below what was drawn": Told(
        (approved(10_000_000), paid(6_000_000)), amend(5_000_000),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: an award of 5,000,000 won takes "
        "5,000,000 back, but only 4,000,000 was not drawn yet. "
        "An award of 6,000,000 won would fit for 한빛정밀, and no lower one.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 교부결정액을 5,000,000원으로 낮추려면 "
        "5,000,000원을 감액해야 하지만, 감액할 수 있는 잔액은 4,000,000원입니다. 한빛정밀의 "
        "교부결정액은 최소 6,000,000원이어야 합니다."),
    "the advance": Told(
        (registered(), revised(on="2025-01-01", advance_percent=50), approved(1_000)), pay(501),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: 50 % of the award of 1,000 won may "
        "be paid in advance, 500; 0 is outstanding, 501 more is asked for. More is paid against "
        "accepted claims. At most 500 won would fit for 한빛정밀.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 교부결정액 1,000원의 50%인 "
        "500원까지 선지급할 "
        "수 있습니다. 선지급 잔액 0원, 이번 요청액 501원. 그 이상은 사용실적이 "
        "인정된 뒤에 지급할 수 "
        "있습니다. 한빛정밀은 최대 500원까지 가능합니다."),
    "what is due": Told(
        (approved(1_000), paid(500), order_back(100)), receive_back(200),
        "한빛정밀 (609-86-00005) in 2025, Prototype production: 200 won is over the 100 that is "
        "due. At most 100 won would fit for 한빛정밀.",
        "시제품 제작, 한빛정밀(609-86-00005) 2025년도분: 환수한 200원이 미환수액 "
        "100원을 초과합니다. "
        "한빛정밀은 최대 100원까지 가능합니다."),
    "too few companies, a university among them": Told(
        (registered(), registered(NURI), registered(ONSAEMI)),
        apply(1_000, programme=RESEARCH, partners=(NURI, ONSAEMI)),
        "Only 1 of the 2 or more companies that the terms ask for take part. "
        "Universities and institutes are not counted: 온새미연구원 (130-82-78902), "
        "누리대학교 (606-82-67896).",
        "참여기업이 1개사입니다. 지원조건은 2개사 이상입니다. 대학과 연구기관은 기업 수에 넣지 "
        "않습니다: 온새미연구원(130-82-78902), 누리대학교(606-82-67896)."),
    "an exclusion under the subsidy act": Told(
        (registered(), excluded(on="2025-01-01", until="2025-12-31")), apply(1_000),
        "한빛정밀 (609-86-00005) is excluded on 2025-02-01, until 2025-12-31. "
        "It may take part afterwards, or once it is readmitted.",
        "한빛정밀(609-86-00005)은 2025-02-01 현재 수행배제 기간 중입니다(2025-12-31까지). "
        "기간이 끝나거나 해제된 뒤에 처리할 수 있습니다."),
    "an exclusion from research": Told(
        (registered(), registered(DAON), excluded(on="2025-01-01", until="2025-12-31")),
        apply(1_000, programme=RESEARCH, partners=(DAON,)),
        "한빛정밀 (609-86-00005) is excluded on 2025-02-01, until 2025-12-31. "
        "It may take part afterwards, or once it is readmitted.",
        "한빛정밀(609-86-00005)은 2025-02-01 현재 참여제한 기간 중입니다(2025-12-31까지). "
        "기간이 끝나거나 해제된 뒤에 처리할 수 있습니다."),
    "a cost before the approval": Told(
        (approved(1_000),),
        claim(item(1, evidence="A-1"), item(1, evidence="A-2", incurred_on="2025-02-28")),
        "Evidence A-2 is of 2025-02-28, before the line's approval on 2025-03-01: "
        "only costs from then on are paid for.",
        "증빙 A-2의 발생일 2025-02-28이 교부결정일 2025-03-01보다 빠릅니다. "
        "교부결정일 이후에 발생한 비용만 인정됩니다."),
    "a cost after the claim": Told(
        (approved(1_000),), claim(item(1, evidence="A-2", incurred_on="2025-05-02")),
        "Evidence A-2 is of 2025-05-02, after the claim's day 2025-05-01. "
        "Date the claim 2025-05-02 or later.",
        "증빙 A-2의 발생일 2025-05-02이 사용실적 보고일 2025-05-01보다 늦습니다. "
        "보고일을 2025-05-02 이후로 적으십시오."),
    "a category": Told(
        (approved(line(1_000, case="P-1"), programme=PATENT),),
        claim(item(1, evidence="A-2", category="registration_fee"), case="P-1"),
        "Evidence A-2: registration_fee is not paid for; "
        "the line's terms pay for: application_fee.",
        "증빙 A-2: 등록료(registration_fee)는 인정되는 비목이 아닙니다. "
        "인정 비목: 출원료(application_fee)."),
    "evidence used before": Told(
        (approved(1_000), claimed(item(1, evidence="A-2"))),
        claim(item(1, evidence="A-2"), claim="C2"),
        "The evidence A-2 was claimed before, in claim C1.",
        "증빙 A-2는 사용실적 보고 C1에 이미 사용되었습니다(증빙 중복 사용)."),
    "a status": Told(
        (applied(1_000), rejected(), budgeted()), approve(),
        "Grant G1 is rejected; this is possible only while a grant is applied or approved.",
        "과제 G1의 상태가 ‘지원 제외’이므로 처리할 수 없습니다"
        "(처리 가능한 상태: 신청, 교부결정)."),
    "what is outstanding": Told(
        (approved(10_000_000), paid(1_000_000)), settle(),
        "한빛정밀 (609-86-00005) in 2025: not everything is settled: 1,000,000 won advanced, "
        "0 payable, 0 due. Accept claims for what is advanced or record its return, "
        "pay what is payable, record what is recovered.",
        "한빛정밀(609-86-00005) 2025년도분: 정산을 확정하기 전에 처리할 잔액이 있습니다. 선지급 "
        "1,000,000원, 미지급 확정액 0원, 미환수액 0원. 선지급은 사용실적을 인정하거나 반납받고, "
        "미지급 확정액은 지급하고, 미환수액은 환수하십시오."),
    "a closed year": Told(
        (approved(1_000), opened(2026), closed(2025)), pay(1),
        "The year 2025 was closed on 2026-01-31. Reopen it, or use a day of an open year.",
        "2025회계연도는 2026-01-31에 마감되었습니다. 마감을 취소하거나 마감되지 않은 회계연도의 "
        "날짜로 적으십시오."),
    "a company that is not registered": Told(
        (), apply(1_000),
        "609-86-00005 is not registered. Register it first.",
        "609-86-00005는 등록되어 있지 않습니다. 먼저 등록하십시오."),
    "the same person": Told(
        (applied(1_000), budgeted()), approve(by=KIM),
        "kim did the step before (apply); another person must do this one.",
        "앞 단계(교부신청)를 kim이 처리했습니다. 다른 사람이 처리해야 합니다."),
}
# fmt: on


@pytest.mark.parametrize("told", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told_in_whole_sentences(given: Given, told: Told) -> None:
    receipt = given(*told.given).when(told.when).refusal().receipt
    assert receipt.message("en") == told.english
    assert receipt.message("ko") == told.korean


def test_what_cannot_be_reversed_says_what_is_done_instead(given: Given) -> None:
    story = given(budgeted().but(id="budget"), approved(1_000).but(id="approval"))
    story.given(paid(10).but(id="payment"), reverse("payment").but(id="reversal"))
    for of, english, korean in (
        ("budget", "Allocate the opposite amount.", "같은 금액을 반대 부호로 다시 배정하십시오."),
        (
            "approval",
            "Amend the award, or cancel the grant.",
            "교부결정을 변경하거나 취소하십시오.",
        ),
        ("reversal", "Record the entry anew.", "원래 기록을 새로 입력하십시오."),
    ):
        receipt = story.when(reverse(of, by=LEE)).refused("not-reversible").receipt
        assert str(receipt.message("en")).endswith(
            f" is not an entry that can be reversed. {english}"
        )
        assert str(receipt.message("ko")).endswith(f" 취소할 수 있는 기록이 아닙니다. {korean}")


def test_a_company_is_called_by_its_name_of_today(given: Given) -> None:
    story = given(approved(1_000), renamed(name="한빛테크", on="2025-03-02"))
    receipt = (
        story.when(pay(1_001)).refused("within-award", says=("한빛테크 (609-86-00005)",)).receipt
    )
    assert str(receipt.message("ko")).endswith("한빛테크는 최대 1,000원까지 가능합니다.")


def test_a_cost_dated_ahead_says_which_evidence(given: Given) -> None:
    story = given(approved(1_000))
    future = claim(item(1, evidence="A-1"), item(1, evidence="A-2", incurred_on=FUTURE))
    receipt = story.when(future).refused("future-dated", says=("A-2", FUTURE)).receipt
    assert str(receipt.message("ko")).startswith(f"증빙 A-2의 발생일 {FUTURE}이 미래 날짜입니다")


def test_money_that_has_moved_on_says_whose(given: Given) -> None:
    story = given(approved(10_000_000), paid(1_000_000).but(id="p"), accepted(2_000_000))
    receipt = story.when(reverse("p")).refused("not-reversible", says=("한빛정밀", HANBIT)).receipt
    assert re.match(
        r"한빛정밀\(609-86-00005\) 2025년도분: 기록 \d+의 자금이 이미 이동했습니다\. "
        r"선지급 잔액이 0원으로, 취소하기에 1,000,000원 부족합니다\.",
        str(receipt.message("ko")),
    )


def test_a_programme_that_does_not_exist_says_which_do(given: Given) -> None:
    asked = apply(1_000).but(programme="시제품")
    receipt = given(registered()).when(asked).refused("unknown", says=("prototype",)).receipt
    assert "시제품이라는 사업은 없습니다. 사업: 현장맞춤형 기술개발(field_customised), " in str(
        receipt.message("ko")
    )


@pytest.fixture
def warned(given: Given) -> Callable[[Step], Receipt]:
    """The receipt of something recorded with a warning."""
    return lambda asked: given(registered()).when(asked).recorded().receipt


def test_warnings_name_the_company_and_the_day(warned: Callable[[Step], Receipt]) -> None:
    receipt = warned(readmit(on="2025-01-02"))
    assert receipt.said("en") == ["한빛정밀 (609-86-00005) was not excluded on 2025-01-02."]
    assert receipt.said("ko") == [
        "한빛정밀(609-86-00005)은 2025-01-02 현재 참여제한(수행배제) 기간 중이 아닙니다."
    ]


def test_a_wrong_check_digit_is_told(warned: Callable[[Step], Receipt]) -> None:
    odd = register("123-45-67890", name="서울", party_type="company", size="sme")
    assert warned(odd).said("ko") == [
        "123-45-67890의 검증번호가 맞지 않습니다. 번호를 확인하십시오."
    ]
