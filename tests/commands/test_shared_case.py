"""Limits that several lines of one command share, found by an independent model."""

from __future__ import annotations

from typing import Any

from commands.execute import execute, execute_all
from commands.receipts import Receipt
from ledger.database.engine import Engine

HANBIT, DAON = "609-86-00005", "513-86-00005"


def _by(actor: str, on: str, command: str, **fields: Any) -> dict[str, Any]:
    return {"command": command, "actor": actor, "effective_on": on, **fields}


def _all(engine: Engine, *commands: dict[str, Any]) -> Receipt:
    """Everything is recorded but perhaps the last, whose receipt is given."""
    *given, last = commands
    for receipt in execute_all(engine, given):
        assert receipt.status == "recorded", receipt.message()
    return execute(engine, last)


def _companies() -> list[dict[str, Any]]:
    return [
        _by(
            "kim",
            "2024-01-01",
            "register_company",
            business_number=number,
            name="한빛정밀",
            party_type="company",
            size="sme",
        )
        for number in (HANBIT, DAON)
    ]


def _year(year: int, *programmes: str) -> list[dict[str, Any]]:
    day = f"{year}-01-01"
    return [
        _by("kim", day, "open_year", year=year),
        *(
            _by("kim", day, "allocate_budget", programme=programme, year=year, amount=10**9)
            for programme in programmes
        ),
    ]


def test_a_reopening_sees_that_two_programmes_share_one_case(engine: Engine) -> None:
    def granted(grant: str, programme: str, year: int) -> list[dict[str, Any]]:
        line = {"company": HANBIT, "year": year, "case": "PX-1"}
        return [
            _by(
                "kim",
                f"{year}-02-01",
                "apply",
                grant=grant,
                programme=programme,
                title="특허",
                lead=HANBIT,
                lines=[line | {"total_cost": 2_000_000, "subsidy": 1_000_000}],
            ),
            _by("lee", f"{year}-02-02", "approve", grant=grant),
        ]

    receipt = _all(
        engine,
        *_companies(),
        *_year(2024, "domestic_patent", "utility_model"),
        *granted("A", "domestic_patent", 2024),
        *granted("B", "utility_model", 2024),
        *_year(2025, "domestic_patent"),
        _by("kim", "2025-01-10", "close_year", year=2024),
        *granted("C", "domestic_patent", 2025),
        _by("lee", "2025-03-01", "reopen_year", year=2024, reason="late entry"),
    )
    assert receipt.rule == "case-cap"
    short = receipt.refusal.short if receipt.refusal else None
    assert short is not None
    assert (short.used, short.asked, short.limit) == (1_000_000, 2_000_000, 2_000_000)


def test_what_fits_is_found_where_one_line_must_pay_for_another(engine: Engine) -> None:
    a, b = ({"company": number, "year": 2024} for number in (HANBIT, DAON))
    terms = {
        "programme": "training",
        "caps": [{"per": "grant_year", "amount": 180, "bound": "le"}],
        "ratio": {"percent": 80, "bound": "le"},
        "min_companies": 1,
        "eligible": ["competency_development"],
        "excluded": [],
        "advance_percent": 100,
        "source": "고시",
    }
    carry = {"grant": "G", **b, "reason": "늦음"}
    lines = [line | {"total_cost": 1_000, "subsidy": 100} for line in (a, b)]
    receipt = _all(
        engine,
        *_companies(),
        *_year(2024, "training"),
        _by(
            "kim",
            "2024-01-01",
            "apply",
            grant="G",
            programme="training",
            title="교육",
            lead=HANBIT,
            lines=lines,
        ),
        _by("lee", "2024-01-02", "revise_terms", **terms),
        _by(
            "lee",
            "2024-01-02",
            "approve",
            grant="G",
            lines=[a | {"subsidy": 80}, b | {"subsidy": 100}],
        ),
        _by("kim", "2024-01-15", "carry_over", **carry, amount=20),
        _by("kim", "2024-01-20", "carry_over", **carry, amount=50, id="second"),
        _by("lee", "2024-02-01", "reverse", of="second", reason="잘못"),
        _by(
            "lee",
            "2024-01-12",
            "amend",
            grant="G",
            lines=[a | {"subsidy": 100}, b | {"subsidy": 10}],
            reason="변경",
        ),
    )
    assert receipt.rule == "out-of-order"
    assert receipt.fits == 70
