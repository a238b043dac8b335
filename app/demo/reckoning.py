"""2025: a fraud comes to light, and what went well is settled."""

from __future__ import annotations

from app.demo.cast import BYEOLHA, CHOI, DODAM, KIM, LEE, NURI, PARK, PUREUN
from app.demo.script import Chapter, Line, Wish, chapter, on, scene
from app.demo.turn import RETYPED, SECOND_YEAR

COATING = Line("PT-2024-02", PUREUN)
LENS = Line("IP-2025-01", BYEOLHA, 2025, RETYPED)
FAIR = Line("IX-2025-01", DODAM, 2025)
PRESSURE = Line("PT-2025-01", NURI, 2025)


def for_cause() -> Chapter:
    """A cancellation, an exclusion, and money that comes back."""
    back = {"company": PUREUN.number, "year": 2024, "amount": 18_000_000}
    return chapter(
        "For cause",
        "교부결정 취소",
        scene(
            "Pureun's prototype never existed: the grant is cancelled and all of it ordered back.",
            "푸른결켐의 시제품은 없었습니다. 교부결정이 취소되고 전액 반환이 명령됩니다.",
            on("2025-05-20", LEE).does(
                "cancel", grant=COATING.grant, reason="허위 증빙에 의한 부정수급", recover=[back]
            ),
            on("2025-05-20", LEE).does(
                "exclude_company",
                business_number=PUREUN.number,
                until="2028-05-19",
                reason="부정수급에 따른 3년 수행배제",
            ),
        ),
        scene(
            "It tries again, in vain; and pays back a first part, with interest.",
            "다시 신청해 보지만 소용없고, 이자와 함께 일부를 먼저 갚습니다.",
            on("2025-06-09", KIM)
            .applies(
                "DP-2025-01",
                "domestic_patent",
                "도료 조성물 특허 출원",
                Wish(PUREUN, 1_400_000, 2_000_000, 2025, "PG-P-2025-01"),
            )
            .refused("company-excluded"),
            on("2025-07-15", PARK).moves(
                "record_recovery", COATING, 10_000_000, interest=412_000, bank_ref="HB-25-0715"
            ),
        ),
    )


def settled() -> Chapter:
    """The filing's second claim, the year's payments, and what is settled."""
    return chapter(
        "Settled",
        "정산 확정",
        scene(
            "The second year is claimed and paid, and what is done is settled.",
            "2차 연도의 사용실적을 보고하고 지급하며, 끝난 과제는 정산을 확정합니다.",
            on("2025-09-01", KIM).claims(
                "2025-08-20",
                ("C25-04", LENS, "application_fee", (5_000_000,)),
                ("C25-05", FAIR, "booth_rent", (12_000_000,)),
                ("C25-06", PRESSURE, "prototype_development", (17_000_000,)),
                ("C25-07", SECOND_YEAR, "new_technology_development", (100_000_000,)),
            ),
            on("2025-09-08", CHOI).accepts("C25-04", "C25-05", "C25-06", "C25-07"),
            on("2025-09-15", PARK).pays(
                "HB-25-0915",
                (LENS, 2_800_000),
                (FAIR, 8_000_000),
                (PRESSURE, 10_000_000),
            ),
            on("2025-09-22", LEE).does(
                "settle",
                *({"grant": grant} for grant in ("FC-2024-02", "TT-2024-01", "AD-2024-01")),
                *({"grant": grant} for grant in ("IP-2024-01", "IP-2025-01")),
            ),
        ),
    )
