"""Who takes part: the people at the desk, and fifteen parties of eight Mini Clusters.

All of them are made up. Their business numbers have valid check digits and the serial 0000,
which no tax office gives out, so that none of them can be anybody's.
"""

from __future__ import annotations

from app.demo.script import Party, Words

KIM = "kim.jiyoung"
"""Takes applications and claims."""
LEE = "lee.minho"
"""Decides."""
PARK = "park.sora"
"""Keeps budgets and payments."""
CHOI = "choi.eunwoo"
"""Checks evidence."""
CLOCK = "scheduler"
"""Opens the years at midnight."""

_CHANGWON = Words("Changwon Machinery Parts", "창원 기계부품")
_GUMI = Words("Gumi Electronic Materials", "구미 전자소재")
_DAEGU = Words("Daegu Seongseo Robotics", "대구성서 로봇")
_SIHWA = Words("Banwol-Sihwa Sensors", "반월시화 센서")
_WONJU = Words("Wonju Medical Devices", "원주 의료기기")
_GWANGJU = Words("Gwangju Photonics", "광주 광산업")
_MOBILITY = Words("Ulsan Mobility", "울산 미래차")
_CHEMICALS = Words("Ulsan Fine Chemicals", "울산 정밀화학")

HANBIT = Party("609-86-00005", Words("Hanbit", "한빛정밀"), _CHANGWON, size="sme")
MIRINAE = Party("609-87-00002", Words("Mirinae", "미리내기계"), _CHANGWON, size="mid_size")
TAEBAEK = Party("609-88-00009", Words("Taebaek", "태백누리중공업"), _CHANGWON, size="large")
DAON = Party("513-86-00005", Words("Daon", "다온새소재"), _GUMI, size="sme")
SAEROM = Party("513-87-00002", Words("Saerom", "새롬빛전자"), _GUMI, size="sme")
GAON = Party("503-81-00003", Words("Gaon", "가온로보틱스"), _DAEGU, size="sme")
NURI = Party("134-81-00001", Words("Nuri", "누리결센서"), _SIHWA, size="sme")
HAESOL = Party("224-81-00003", Words("Haesol", "해솔결바이오"), _WONJU, size="sme")
DODAM = Party("224-86-00008", Words("Dodam", "도담새메디칼"), _WONJU, size="sme")
BYEOLHA = Party("410-81-00002", Words("Byeolha", "별하광학"), _GWANGJU, size="sme")
YUNSEUL = Party("410-86-00007", Words("Yunseul", "윤슬조명"), _GWANGJU, size="sme")
ONNURI = Party("610-86-00005", Words("Onnuri", "온누리모빌"), _MOBILITY, size="mid_size")
PUREUN = Party("620-81-00007", Words("Pureun", "푸른결켐"), _CHEMICALS, size="sme")
CHANGHAE = Party(
    "609-82-00007", Words("Changhae Univ.", "창해대학교 산학협력단"), _CHANGWON, "university"
)
NARAE = Party(
    "134-82-00008", Words("Narae Inst.", "나래산업기술연구원"), _SIHWA, "research_institute"
)

PARTIES = (
    HANBIT,
    MIRINAE,
    TAEBAEK,
    DAON,
    SAEROM,
    GAON,
    NURI,
    HAESOL,
    DODAM,
    BYEOLHA,
    YUNSEUL,
    ONNURI,
    PUREUN,
    CHANGHAE,
    NARAE,
)
