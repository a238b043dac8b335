"""2024, second half: money is paid in advance or in arrears, and proven."""

from __future__ import annotations

from app.demo.cast import (
    BYEOLHA,
    CHOI,
    DAON,
    DODAM,
    GAON,
    HAESOL,
    HANBIT,
    KIM,
    LEE,
    MIRINAE,
    NURI,
    ONNURI,
    PARK,
    PUREUN,
    SAEROM,
    TAEBAEK,
    YUNSEUL,
)
from app.demo.promises import FILING
from app.demo.script import Chapter, Line, Scene, chapter, on, scene

SPINDLES = Line("FC-2024-01", HANBIT)
ASSEMBLY = Line("SM-2024-01", GAON)
DIALYSIS = Line("PT-2024-01", DODAM)
KITS = Line("TT-2024-01", DODAM)
JOINT = Line("DP-2024-01", SAEROM, case="SR-P-2024-03")
BRACKET = Line("UM-2024-01", NURI, case="NG-U-07")
LENS = Line("IP-2024-01", BYEOLHA, case=FILING)

SLIP = "demo-slip"
"""The id of the command that was typed wrongly."""


def paid_in_advance() -> Chapter:
    """Advances, one too many, one twice, one mistyped."""
    return chapter(
        "Paid in advance",
        "선지급",
        _advances(),
        scene(
            "Hanbit's second instalment is rounded up, then entered by two people.",
            "한빛정밀의 두 번째 지급은 올림으로 적히고, 두 사람이 한 번씩 입력합니다.",
            on("2024-07-25", PARK)
            .pays("HB-0725", (SPINDLES, 50_000_000))
            .refused("within-award", fits=49_999_999),
            on("2024-07-25", PARK).pays("HB-0725", (SPINDLES, 49_999_999)),
            on("2024-07-25", CHOI)
            .pays("hb-0725", (SPINDLES, 49_999_999))
            .refused("duplicate-payment"),
        ),
        _slip(),
    )


def _advances() -> Scene:
    return scene(
        "What is awarded may be paid before it is spent; the evidence is owed.",
        "교부된 돈은 쓰기 전에 지급할 수 있고, 증빙은 나중에 갚을 빚입니다.",
        on("2024-04-18", PARK).pays(
            "HB-0418",
            (SPINDLES, 100_000_000),
            (Line("FC-2024-01", MIRINAE), 40_000_000),
            (Line("FC-2024-02", DAON), 80_000_000),
            (Line("FC-2024-02", HANBIT), 50_000_000),
            (Line("LI-2024-01", TAEBAEK), 90_000_000),
            (Line("LI-2024-01", ONNURI), 60_000_000),
            (Line("SM-2024-01", SAEROM), 100_000_000),
            (Line("SM-2024-01", MIRINAE), 20_000_000),
            (Line("TT-2024-01", HAESOL), 100_000_000),
            (KITS, 70_000_000),
            (Line("PT-2024-02", PUREUN), 18_000_000),
            (Line("AD-2024-01", SAEROM), 9_800_000),
            (Line("IX-2024-01", DODAM), 8_000_000),
            (Line("OM-2024-01", YUNSEUL), 5_000_000),
            (Line("IV-2024-01", ONNURI), 8_000_000),
            (Line("OJ-2024-01", MIRINAE), 30_000_000),
            (Line("OJ-2024-01", HANBIT), 10_000_000),
        ),
    )


def _slip() -> Scene:
    park, choi = on("2024-07-29", PARK), on("2024-07-29", CHOI)
    turn_round = {"of": SLIP, "reason": "금액 오타: 70,000,000원을 77,000,000원으로 입력"}
    return scene(
        "A slip of the finger: 77 million typed for 70. Another person must turn it round.",
        "손이 미끄러져 7천만 원이 7천7백만 원이 됩니다. 다른 사람이 취소해야 합니다.",
        park.pays("HB-0729", (ASSEMBLY, 77_000_000), id=SLIP),
        park.does("reverse", turn_round).refused("four-eyes"),
        choi.does("reverse", turn_round),
        park.pays("HB-0729", (ASSEMBLY, 70_000_000)),
    )


# ── evidence ─────────────────────────────────────────────────────────────────────────────────


def evidence() -> Chapter:
    """Claims: in arrears, twice, for the wrong thing, in part."""
    return chapter("Evidence", "증빙", _in_arrears(), _not_twice(), _in_part(), _small_claims())


def _in_arrears() -> Scene:
    making = "prototype_development"
    return scene(
        "Dodam paid for its prototype first: it claims, is owed, is paid, and is settled.",
        "도담새메디칼은 시제품 비용을 먼저 냈습니다. 사용실적을 보고하고, 인정받고, 지급받은 뒤 "
        "정산을 확정합니다.",
        on("2024-08-20", KIM).claims(
            "2024-07-31", ("C24-01", DIALYSIS, making, (26_000_000, 12_000_000))
        ),
        on("2024-09-02", CHOI).accepts("C24-01"),
        on("2024-09-10", PARK).pays("HB-0910", (DIALYSIS, 17_100_000)),
        on("2024-09-30", LEE).does("settle", grant="PT-2024-01"),
    )


def _not_twice() -> Scene:
    kim = on("2024-10-07", KIM)
    invoice = {
        "evidence": "t24-01-1",
        "category": "technology_commercialisation",
        "supply": 26_000_000,
        "incurred_on": "2024-07-31",
    }
    return scene(
        "The same invoice under another grant, and a fee that is never paid for.",
        "같은 세금계산서가 다른 과제에 오고, 지원하지 않는 비용도 옵니다.",
        kim.does(
            "claim",
            claim="C24-02",
            grant=KITS.grant,
            company=DODAM.number,
            year=2024,
            items=[invoice],
        ).refused("duplicate-evidence"),
        kim.claims("2024-09-20", ("C24-03", JOINT, "registration_fee", (320_000,))).refused(
            "ineligible-cost"
        ),
    )


def _in_part() -> Scene:
    rnd = "new_technology_development"
    return scene(
        "One of Hanbit's invoices is for a company car: disallowed, and paid back with interest.",
        "한빛정밀의 증빙 하나는 업무용 승용차입니다. 불인정되고, 이자와 함께 반납합니다.",
        on("2024-11-18", KIM).claims(
            "2024-10-31", ("C24-04", SPINDLES, rnd, (120_000_000, 68_000_000, 12_000_000))
        ),
        on("2024-11-25", CHOI).accepts("C24-04", disallow={"T24-04-3": "업무용 승용차 구입"}),
        on("2024-12-02", PARK).moves(
            "return_funds", SPINDLES, 9_000_000, interest=31_500, bank_ref="HB-1202"
        ),
    )


def _small_claims() -> Scene:
    rnd, transferred = "new_technology_development", "technology_commercialisation"
    advances = (
        ("C24-05", Line("FC-2024-01", MIRINAE), rnd, (80_000_000,)),
        ("C24-06", Line("FC-2024-02", DAON), rnd, (120_000_000,)),
        ("C24-07", Line("FC-2024-02", HANBIT), rnd, (90_000_000,)),
        ("C24-08", Line("LI-2024-01", TAEBAEK), "joint_business_model", (300_000_000,)),
        ("C24-09", Line("SM-2024-01", SAEROM), "manufacturing_data_model", (150_000_000,)),
        ("C24-10", Line("SM-2024-01", MIRINAE), "manufacturing_data_model", (40_000_000,)),
        ("C24-11", Line("TT-2024-01", HAESOL), transferred, (160_000_000,)),
        ("C24-12", KITS, transferred, (80_000_000,)),
        ("C24-13", Line("PT-2024-02", PUREUN), "prototype_development", (30_000_000,)),
        ("C24-14", Line("AD-2024-01", SAEROM), "pr_video", (14_000_000,)),
        ("C24-15", Line("IX-2024-01", DODAM), "booth_rent", (12_000_000,)),
        ("C24-16", Line("OM-2024-01", YUNSEUL), "buyer_seller_meeting", (8_000_000,)),
        ("C24-17", Line("IV-2024-01", ONNURI), "invitation", (12_000_000,)),
        ("C24-18", Line("OJ-2024-01", MIRINAE), "competency_development", (37_500_000,)),
        ("C24-19", Line("OJ-2024-01", HANBIT), "competency_development", (10_000_000,)),
    )
    arrears = (
        ("C24-20", JOINT, "application_fee", (2_500_000,)),
        ("C24-21", BRACKET, "application_fee", (1_600_000,)),
        ("C24-22", LENS, "application_fee", (6_000_000,)),
        ("C24-23", Line("IS-2024-01", NURI), "standard_accreditation", (10_000_000,)),
        ("C24-24", Line("DX-2024-01", HAESOL), "booth_rent", (5_000_000,)),
        ("C24-25", Line("TX-2024-01", DAON), "technology_fee", (10_000_000,)),
        ("C24-26", Line("RB-2024-01", BYEOLHA), "planning", (4_500_000,)),
        ("C24-27", ASSEMBLY, "manufacturing_data_model", (200_000_000,)),
    )
    claimed = [*advances, *arrears]
    return scene(
        "By December the others have proven what they got, or are owed what they proved.",
        "12월까지 나머지도 받은 것을 증빙했거나, 증빙한 것을 받게 됩니다.",
        on("2024-12-04", KIM).claims("2024-11-29", *claimed),
        on("2024-12-11", CHOI).accepts(*(claim for claim, *_ in claimed)),
        on("2024-12-16", PARK).pays(
            "HB-1216",
            (JOINT, 1_750_000),
            (BRACKET, 1_120_000),
            (LENS, 4_200_000),
            (Line("IS-2024-01", NURI), 7_000_000),
            (Line("DX-2024-01", HAESOL), 3_000_000),
            (Line("TX-2024-01", DAON), 7_000_000),
            (Line("RB-2024-01", BYEOLHA), 3_000_000),
        ),
    )
