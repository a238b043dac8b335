"""From 2024 to 2025: money carried over, ceilings that start afresh, books that close."""

from __future__ import annotations

from app.demo.cast import (
    BYEOLHA,
    CHOI,
    CLOCK,
    DODAM,
    HAESOL,
    HANBIT,
    KIM,
    LEE,
    MIRINAE,
    NURI,
    ONNURI,
    PARK,
)
from app.demo.payments import ASSEMBLY, KITS
from app.demo.script import Chapter, Command, Line, Scene, Wish, award, chapter, on, scene
from ledger.terms import catalogue

BUDGETS = {
    "field_customised": 300_000_000,
    "transferred_technology": 200_000_000,
    "leading_industry": 400_000_000,
    "smart_manufacturing": 300_000_000,
    "prototype": 60_000_000,
    "domestic_patent": 6_000_000,
    "utility_model": 4_000_000,
    "international_patent": 14_000_000,
    "international_standard": 14_000_000,
    "advertising_pr": 20_000_000,
    "domestic_exhibition": 9_000_000,
    "international_exhibition": 24_000_000,
    "overseas_market": 10_000_000,
    "inviting_professionals": 16_000_000,
    "training": 60_000_000,
    "technology_transfer": 21_000_000,
    "rbd_consulting": 6_000_000,
}
"""What each programme may promise in 2025, in won."""

TURN = "open-year:2025"
"""The id of the command that opens the second year."""

TEST_BED = Line("SM-2024-01", MIRINAE)
SECOND_YEAR = Line("FC-2024-01", HANBIT, 2025)
RETYPED = "bh pct 2024 01"
"""Byeolha's filing abroad, as it is typed the second time."""


def the_turn_of_the_year() -> Chapter:
    """The old year's last entries, some of them late; the new year's first."""
    return chapter(
        "The turn of the year",
        "해가 바뀌다",
        scene(
            "Mirinae's test bed is late: what was promised for it is carried over.",
            "미리내기계의 실증 장비가 늦어, 교부결정액을 이월합니다.",
            on("2024-12-18", LEE).moves(
                "carry_over", TEST_BED, 30_000_000, reason="실증 장비 납품 지연"
            ),
        ),
        scene(
            "At midnight 2025 is open: a new key, not a zeroing; advances shrink to 70 %.",
            "자정에 2025년이 열립니다. 지우지 않고 새 칸을 만들며, 선지급은 70%까지로 줄입니다.",
            on("2025-01-01", CLOCK).does("open_year", year=2025, id=TURN),
            on("2025-01-01", LEE).does("revise_terms", _less_in_advance("field_customised", 70)),
            on("2025-01-06", PARK).allocates(2025, BUDGETS),
        ),
        scene(
            "December's last bank statement comes in January: dated back, recorded late.",
            "12월의 마지막 은행 거래가 1월에 도착합니다. 지난 날짜로, 늦게 기록됩니다.",
            on("2024-12-27", PARK).pays("HB-1227", (Line("LI-2024-01", NURI), 40_000_000)),
            on("2025-01-15", PARK).pays("HB-0115", (ASSEMBLY, 70_000_000)),
        ),
    )


def _less_in_advance(programme: str, percent: int) -> Command:
    """A whole new edition: the catalogue's terms, but for what may be paid in advance."""
    (terms,) = (known.terms for known in catalogue() if known.slug == programme)
    return terms.model_dump(mode="json", exclude_none=True) | {
        "programme": programme,
        "advance_percent": percent,
        "source": "2025년 산업집적지경쟁력강화사업 시행계획 (시연용)",
    }


def ceilings_start_afresh() -> Chapter:
    """The second year's decisions: annual ceilings are new, a filing's is not."""
    lee = on("2025-02-24", LEE)
    return chapter(
        "Ceilings start afresh",
        "한도는 새로 시작한다",
        _new_applications(),
        scene(
            "Hanbit's second year is decided in its own year, under the terms of that day.",
            "한빛정밀의 2차 연도는 그해에, 그날의 지원조건으로 정해집니다.",
            on("2025-02-10", LEE).approves("FC-2024-01", "SM-2024-01"),
            on("2025-02-20", PARK)
            .pays("HB-25-0220", (SECOND_YEAR, 110_000_000))
            .refused("advance-limit", fits=77_000_000),
            on("2025-02-20", PARK).pays("HB-25-0220", (SECOND_YEAR, 77_000_000)),
        ),
        scene(
            "However it is typed, it is one filing, and its ceiling is for its whole life.",
            "어떻게 적어도 출원은 하나이고, 그 한도는 평생의 것입니다.",
            lee.approves("IP-2025-01").refused("case-cap", fits=2_800_000),
            lee.awards("IP-2025-01", award(BYEOLHA, 2_800_000, 2025, RETYPED)),
        ),
    )


def _new_applications() -> Scene:
    kim = on("2025-02-03", KIM)
    return scene(
        "Others come again, with a full year's ceiling before them; one with last year's filing.",
        "다른 기업들도 새 한도를 앞에 두고 다시 옵니다. 하나는 지난해의 출원을 들고 옵니다.",
        kim.applies(
            "IX-2025-01",
            "international_exhibition",
            "중동 의료기기 전시회",
            Wish(DODAM, 8_000_000, 12_000_000, 2025),
            partners=[HAESOL, BYEOLHA],
        ),
        kim.applies(
            "PT-2025-01",
            "prototype",
            "초소형 압력센서 시제품",
            Wish(NURI, 20_000_000, 34_000_000, 2025),
        ),
        kim.applies(
            "IP-2025-01",
            "international_patent",
            "비구면 렌즈 해외 출원 2차",
            Wish(BYEOLHA, 3_500_000, 5_000_000, 2025, RETYPED),
        ),
        on("2025-02-10", LEE).approves("IX-2025-01", "PT-2025-01"),
    )


def the_books_close() -> Chapter:
    """2024 closes in March 2025; what was carried over is paid all the same."""
    return chapter(
        "The books of 2024 close",
        "2024회계연도 마감",
        scene(
            "What nobody paid and nobody carried over lapses; a bill from December is too late.",
            "지급도 이월도 되지 않은 것은 불용되고, 12월의 지급은 이제 늦었습니다.",
            on("2025-03-14", PARK).does("close_year", year=2024),
            on("2024-12-30", PARK)
            .pays("HB-1230", (Line("LI-2024-01", ONNURI), 50_000_000))
            .refused("year-closed"),
        ),
        scene(
            "The test bed arrives: carried money is paid in the year after, and proven.",
            "실증 장비가 도착합니다. 이월액은 다음 연도에 지급되고 증빙됩니다.",
            on("2025-04-08", PARK).pays("HB-25-0408", (TEST_BED, 30_000_000)),
            on("2025-05-12", KIM).claims(
                "2025-04-10",
                ("C25-01", TEST_BED, "manufacturing_data_model", (60_000_000,)),
                ("C25-02", KITS, "technology_commercialisation", (20_000_000,)),
                ("C25-03", Line("OJ-2024-01", HANBIT), "competency_development", (2_500_000,)),
            ),
            on("2025-05-19", CHOI).accepts("C25-01", "C25-02", "C25-03"),
        ),
    )
