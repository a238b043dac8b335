"""What auditors and finance officers ask, each by one call (findings of a newcomer's month)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import steps as say
from tests.app.calling import HANBIT, Call
from tests.steps import DAON, KIM, LEE, PARK


@pytest.fixture
def office(recorded: Callable[..., Call]) -> Call:
    """A year of an office: paid, claimed in part, reversed, a second grant waiting."""
    return recorded(
        say.approved(12_000_000),
        say.paid(2_000_000, on="2025-04-01", bank_ref="KB-20250401-01").but(id="first"),
        say.paid(1_000_000, on="2025-05-06", bank_ref="KB-20250506-01").but(id="wrong"),
        say.reversed_("wrong", on="2025-05-07"),
        say.claimed(say.item(1_000_000), claim="C-1", on="2025-06-01"),
        say.accept("C-1", on="2025-06-10"),
        say.claimed(say.item(2_000_000, evidence="E-2"), claim="C-2", on="2025-07-01"),
        say.registered(DAON),
        say.applied(say.line(3_000_000, company=DAON), grant="G2", lead=DAON),
    )


def _rows(office: Call, *call: str) -> list[dict[str, Any]]:
    answer = office(*call, "--json")
    assert answer.code == 0, answer.err
    found = answer.json
    return found["rows"] if isinstance(found, dict) and "rows" in found else found


def test_payments_to_a_company_in_a_year_recorded_after_a_day(office: Call) -> None:
    call = ("list", "payments", "--company", "한빛정밀", "--year", "2025")
    assert len(_rows(office, *call, "--recorded-from", "2025-02-01")) == 2
    assert _rows(office, *call, "--recorded-to", "2025-02-01") == []
    (april,) = _rows(office, *call, "--from", "2025-04-01", "--to", "2025-04-30")
    assert (april["bank_ref"], april["amount"], april["company_name"]) == (
        "KB-20250401-01",
        2_000_000,
        "한빛정밀",
    )


def test_who_approved_under_which_edition(office: Call) -> None:
    (line,) = office("show", "G1", "--json").json["lines"]
    assert line["approved_by"] == LEE
    edition = office("show", "event", str(line["edition"]), "--json").json
    assert (edition["kind"], edition["data"]["programme"]) == ("terms-revised", "prototype")


def test_advances_older_than_ninety_days_on_a_day(office: Call) -> None:
    work = office("work", "--as-of", "2025-08-01", "--json").json
    (advance,) = work["advances"]["rows"]
    assert (advance["days"], advance["amount"]) == (122, 1_500_000)
    assert advance["company_name"] == "한빛정밀"


def test_reversals_with_person_and_delay(office: Call) -> None:
    (reversal,) = _rows(office, "list", "reversals")
    assert (reversal["actor"], reversal["entry_actor"]) == (PARK, KIM)
    assert (reversal["days"], reversal["amount"], reversal["reason"]) == (0, 1_000_000, "입력 오류")
    assert _rows(office, "list", "reversals", "--person", PARK) == [reversal]
    assert _rows(office, "list", "reversals", "--person", "nobody") == []
    assert _rows(office, "list", "reversals", "--company", DAON) == []
    assert _rows(office, "list", "reversals", "--as-of", "2025-05-06") == []


def test_paid_per_month_and_programme(office: Call) -> None:
    months = {row["month"]: row["paid"] for row in _rows(office, "monthly")}
    assert months == {"2025-04": 2_000_000, "2025-05": 0}
    before = _rows(office, "monthly", "--as-of", "2025-05-06")
    assert before[-1] == {
        "month": "2025-05",
        "programme": "prototype",
        "paid": 1_000_000,
        "returned": 0,
        "recovered": 0,
    }


def test_ceilings_used_to_ninety_percent(office: Call) -> None:
    near = office("work", "--near", "60", "--as-of", "2025-08-01", "--json").json["ceilings"]
    (row,) = near["rows"]
    assert (row["company_name"], row["used"], row["cap"]) == ("한빛정밀", 12_000_000, 20_000_000)
    assert office("work", "--as-of", "2025-08-01", "--json").json["ceilings"]["count"] == 0


def test_what_waits_for_a_decision_and_what_would_lapse(office: Call) -> None:
    work = office("work", "--as-of", "2025-12-31", "--json").json
    assert [row["grant"] for row in work["applications"]["rows"]] == ["G2"]
    assert [row["claim"] for row in work["claims"]["rows"]] == ["C-2"]
    line = next(row for row in work["would_lapse"]["rows"] if row["bucket"] == "committed")
    assert (line["amount"], line["claims"]) == (10_000_000, ["C-2"])
    assert work["days_to_year_end"] == 0


def test_where_a_bank_reference_belongs(office: Call) -> None:
    (found,) = _rows(office, "find", "kb 20250401 01")
    event = office("show", "event", str(found["id"]), "--json").json
    assert event["data"]["company"] == HANBIT


def test_which_programmes_and_categories_there_are(office: Call) -> None:
    programmes = {row["programme"]: row for row in _rows(office, "list", "programmes")}
    assert programmes["training"]["categories"] == ["competency_development"]
    assert programmes["prototype"]["name_ko"] == "시제품 제작"


def test_what_a_person_recorded(office: Call) -> None:
    lines = office("events", "--actor", PARK, "--json").lines
    assert [event["kind"] for event in lines] == ["entry-reversed"]
