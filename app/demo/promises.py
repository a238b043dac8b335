"""2024, first half: the desk opens, everybody applies, and money is promised."""

from __future__ import annotations

from app.demo.cast import (
    BYEOLHA,
    CHANGHAE,
    CLOCK,
    DAON,
    DODAM,
    GAON,
    HAESOL,
    HANBIT,
    KIM,
    LEE,
    MIRINAE,
    NARAE,
    NURI,
    ONNURI,
    PARK,
    PARTIES,
    PUREUN,
    SAEROM,
    TAEBAEK,
    YUNSEUL,
)
from app.demo.script import Chapter, Party, Step, Wish, award, chapter, on, scene

BUDGETS = {
    "field_customised": 310_000_000,
    "transferred_technology": 250_000_000,
    "leading_industry": 400_000_000,
    "smart_manufacturing": 300_000_000,
    "prototype": 50_000_000,
    "domestic_patent": 6_000_000,
    "utility_model": 4_000_000,
    "international_patent": 14_000_000,
    "international_standard": 14_000_000,
    "advertising_pr": 20_000_000,
    "domestic_exhibition": 9_000_000,
    "international_exhibition": 16_000_000,
    "overseas_market": 10_000_000,
    "inviting_professionals": 16_000_000,
    "training": 60_000_000,
    "technology_transfer": 14_000_000,
    "rbd_consulting": 6_000_000,
}
"""What each programme may promise in 2024, in won."""

FILING = "BH-PCT-2024-01"
"""Byeolha's filing abroad, as it is typed first."""


def the_desk_opens() -> Chapter:
    """The year, the register, the budgets."""
    register = (_entry(party) for party in PARTIES)
    return chapter(
        "The desk opens",
        "문을 열다",
        scene(
            "At midnight in Seoul the clock opens 2024; the parties and the budgets are entered.",
            "서울의 자정에 시계가 2024회계연도를 개시하고, 참여자와 예산이 입력됩니다.",
            on("2024-01-01", CLOCK).does("open_year", year=2024, id="open-year:2024"),
            on("2024-01-02", KIM).does("register_company", *register),
            on("2024-01-05", PARK).allocates(2024, BUDGETS),
        ),
    )


def _entry(party: Party) -> dict[str, str]:
    entry = {
        "business_number": party.number,
        "name": party.name.ko,
        "party_type": party.party_type,
        "mini_cluster": f"{party.cluster.ko} 미니클러스터",
    }
    return entry | ({"size": party.size} if party.size else {})


# ── consortia ────────────────────────────────────────────────────────────────────────────────


def consortia() -> Chapter:
    """R&D: ratios, companies, the annual ceiling, the budget."""
    committee, later = on("2024-02-15", LEE), on("2024-02-20", LEE)
    second = award(DAON, 80_000_000), award(HANBIT, 50_000_000)
    return chapter(
        "Consortia",
        "컨소시엄",
        scene(
            "Hanbit asks for exactly 75 %, but the table says less than 75 %: one won too much.",
            "한빛정밀은 꼭 75%를 신청하지만 지원조건은 75% 미만입니다. 1원이 많습니다.",
            _spindles(hanbit=150_000_000).refused("subsidy-ratio", fits=149_999_999),
            _spindles(hanbit=149_999_999),
        ),
        scene(
            "A leading-industry project needs three companies; an institute is not one of them.",
            "선도산업 과제에는 기업이 셋 필요하고, 연구기관은 기업으로 세지 않습니다.",
            _hydrogen().refused("min-companies"),
            _hydrogen(Wish(NURI, 100_000_000, 150_000_000)),
        ),
        scene(
            "More consortia apply, one of them over two years; the committee decides on 2024.",
            "다른 컨소시엄도 신청하고 하나는 두 해에 걸칩니다. 위원회는 2024년도분을 결정합니다.",
            *_more_consortia(),
            committee.approves("FC-2024-01", "LI-2024-01", "SM-2024-01", "TT-2024-01"),
        ),
        scene(
            "Hanbit has a second project: its ceiling leaves it 50 million, the budget only 40.",
            "한빛정밀의 두 번째 과제입니다. 한도에는 5천만 원이 남았지만 예산은 4천만 원뿐입니다.",
            later.approves("FC-2024-02").refused("annual-cap", fits=40_000_001),
        ),
        scene(
            "So the 50 million are too much for the budget, until a supplementary one comes.",
            "그래서 5천만 원은 예산을 넘고, 추가경정예산이 온 뒤에야 교부됩니다.",
            later.awards("FC-2024-02", *second).refused("programme-budget", fits=70_000_001),
            on("2024-03-05", PARK).allocates(2024, {"field_customised": 50_000_000}),
            on("2024-03-06", LEE).awards("FC-2024-02", *second),
        ),
    )


def _spindles(hanbit: int) -> Step:
    return on("2024-01-22", KIM).applies(
        "FC-2024-01",
        "field_customised",
        "고속 스핀들 진동 저감 기술",
        Wish(HANBIT, hanbit, 200_000_000),
        Wish(MIRINAE, 40_000_000, 80_000_000),
        Wish(HANBIT, 110_000_000, 160_000_000, 2025),
        Wish(MIRINAE, 30_000_000, 60_000_000, 2025),
        partners=[CHANGHAE],
    )


def _hydrogen(*third: Wish) -> Step:
    return on("2024-01-23", KIM).applies(
        "LI-2024-01",
        "leading_industry",
        "수소 상용차 부품 공동 사업모델",
        Wish(TAEBAEK, 90_000_000, 300_000_000),
        Wish(ONNURI, 110_000_000, 200_000_000),
        *third,
        partners=[NARAE],
    )


def _more_consortia() -> list[Step]:
    kim = on("2024-01-24", KIM)
    return [
        kim.applies(
            "SM-2024-01",
            "smart_manufacturing",
            "조립공정 데이터 수집·분석 모델",
            Wish(GAON, 140_000_000, 200_000_000),
            Wish(SAEROM, 100_000_000, 150_000_000),
            Wish(MIRINAE, 50_000_000, 100_000_000),
            Wish(GAON, 100_000_000, 150_000_000, 2025),
        ),
        kim.applies(
            "TT-2024-01",
            "transferred_technology",
            "이전기술 기반 체외진단 키트",
            Wish(HAESOL, 100_000_000, 160_000_000),
            Wish(DODAM, 70_000_000, 100_000_000),
        ),
        kim.applies(
            "FC-2024-02",
            "field_customised",
            "경량 소재 정밀 가공 기술",
            Wish(DAON, 80_000_000, 120_000_000),
            Wish(HANBIT, 60_000_000, 90_000_000),
        ),
    ]


# ── single companies ─────────────────────────────────────────────────────────────────────────


def filings_and_prototypes() -> Chapter:
    """Prototypes and property rights."""
    kim, lee = on("2024-02-26", KIM), on("2024-03-11", LEE)
    kidney = Wish(DODAM, 18_000_000, 40_000_000)
    coating = Wish(PUREUN, 18_000_000, 30_000_000)
    joint = Wish(SAEROM, 1_750_000, 2_500_000, case="SR-P-2024-03")
    bracket = Wish(NURI, 1_120_000, 1_600_000, case="NG-U-07")
    lens = Wish(BYEOLHA, 4_200_000, 6_000_000, case=FILING)
    return chapter(
        "Prototypes and filings",
        "시제품과 출원",
        scene(
            "Prototypes and property rights need one company only, and a filing is a case.",
            "시제품과 산업재산권은 한 기업이면 되고, 출원 하나가 한 건입니다.",
            kim.applies("PT-2024-01", "prototype", "휴대용 투석 모니터 시제품", kidney),
            kim.applies("PT-2024-02", "prototype", "방오 코팅제 시제품", coating),
            kim.applies("DP-2024-01", "domestic_patent", "접합 구조 특허 출원", joint),
            kim.applies("UM-2024-01", "utility_model", "센서 브래킷 실용신안 출원", bracket),
            kim.applies("IP-2024-01", "international_patent", "비구면 렌즈 해외 출원", lens),
        ),
        scene(
            "Nobody is awarded more than they asked for.",
            "신청한 것보다 많이 줄 수는 없습니다.",
            lee.awards("PT-2024-01", award(DODAM, 20_000_000)).refused(
                "exceeds-request", fits=18_000_000
            ),
            lee.awards("PT-2024-01", award(DODAM, 18_000_000)),
            lee.approves("PT-2024-02", "DP-2024-01", "UM-2024-01", "IP-2024-01"),
            on("2024-03-29", KIM).does(
                "identify_case", case=FILING, application_number="PCT/KR2024/000000"
            ),
        ),
    )


def small_money() -> Chapter:
    """Marketing, training, technology transfer, consulting."""
    kim = on("2024-04-01", KIM)
    return chapter(
        "Small money, many hands",
        "작은 돈, 많은 손",
        scene(
            "Marketing, training, transfer and consulting: some alone, some with friends beside.",
            "마케팅과 교육훈련, 기술이전, 컨설팅입니다. 혼자 하기도 하고 함께 하기도 합니다.",
            kim.applies(
                "IS-2024-01",
                "international_standard",
                "센서 모듈 CE 인증",
                Wish(NURI, 7_000_000, 10_000_000),
            ),
            kim.applies(
                "AD-2024-01",
                "advertising_pr",
                "전자부품 공동 홍보 영상",
                Wish(SAEROM, 9_800_000, 14_000_000),
                partners=[GAON],
            ),
            kim.applies(
                "DX-2024-01",
                "domestic_exhibition",
                "국내 의료기기 전시회",
                Wish(HAESOL, 3_000_000, 5_000_000),
                partners=[DODAM, BYEOLHA],
            ),
            kim.applies(
                "IX-2024-01",
                "international_exhibition",
                "독일 의료기기 전시회",
                Wish(DODAM, 8_000_000, 12_000_000),
                partners=[HAESOL, BYEOLHA],
            ),
            kim.applies(
                "OM-2024-01",
                "overseas_market",
                "베트남 조명 구매상담회",
                Wish(YUNSEUL, 5_000_000, 8_000_000),
                partners=[BYEOLHA, NURI],
            ),
            kim.applies(
                "IV-2024-01",
                "inviting_professionals",
                "수소 안전 전문가 초빙",
                Wish(ONNURI, 8_000_000, 12_000_000),
                partners=[NURI, TAEBAEK],
            ),
            kim.applies(
                "OJ-2024-01",
                "training",
                "정밀가공 현장 교육",
                Wish(MIRINAE, 30_000_000, 37_500_000),
                Wish(HANBIT, 16_000_000, 20_000_000),
            ),
            kim.applies(
                "TX-2024-01",
                "technology_transfer",
                "탄소섬유 접합 기술이전",
                Wish(DAON, 7_000_000, 10_000_000),
                partners=[CHANGHAE],
            ),
            kim.applies(
                "RB-2024-01",
                "rbd_consulting",
                "광센서 R&BD 기획",
                Wish(BYEOLHA, 3_000_000, 4_500_000),
            ),
            on("2024-04-12", LEE).approves(
                *("IS-2024-01", "AD-2024-01", "DX-2024-01", "IX-2024-01", "OM-2024-01"),
                *("IV-2024-01", "OJ-2024-01", "TX-2024-01", "RB-2024-01"),
            ),
        ),
    )
