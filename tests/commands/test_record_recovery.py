"""`record_recovery`: what was ordered back arrives, perhaps with interest."""

from __future__ import annotations

from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    applied,
    approve,
    approved,
    cancelled,
    closed,
    line,
    opened,
    ordered_back,
    paid,
    receive_back,
    settled,
    sum_of,
)


def test_what_arrives_is_recovered_and_keeps_using_the_ceiling(given: Given) -> None:
    story = given(approved(10_000_000), paid(5_000_000), ordered_back(3_000_000))
    outcome = story.when(receive_back(2_000_000, interest=12_345, bank_ref="KB-5"))
    outcome.then(
        "recovery-received",
        grant="G1",
        programme="prototype",
        company=HANBIT,
        year=2025,
        case=None,
        amount=2_000_000,
        interest=12_345,
        bank_ref="KB-5",
    )
    outcome.moved(due=-2_000_000, recovered=2_000_000, interest=12_345)
    assert story.row("company")["used"] == 10_000_000


def test_a_late_approval_sees_the_same_use_before_and_after_it_arrived(given: Given) -> None:
    story = given(
        approved(10_000_000),
        paid(5_000_000),
        ordered_back(3_000_000),
        receive_back(3_000_000),
        applied(10_000_001, grant="G2"),
    )
    for day in ("2025-08-31", "2025-09-30", "2025-10-01"):
        story.when(approve(grant="G2", on=day)).refused(
            "annual-cap", limit=20_000_000, used=10_000_000, fits=10_000_000
        )


def test_no_more_arrives_than_is_due(given: Given) -> None:
    story = given(approved(10_000_000), paid(5_000_000), ordered_back(3_000_000))
    story.when(receive_back(3_000_001)).refused(
        "within-award",
        line={"company": HANBIT, "year": 2025, "case": None},
        limit=3_000_000,
        used=0,
        asked=3_000_001,
        fits=3_000_000,
        says=(HANBIT, "2025", "3,000,001", "3,000,000"),
    )
    story.when(receive_back(3_000_000)).recorded()
    story.when(receive_back(1)).refused("within-award", limit=0, fits=0)
    story.when(receive_back(0, interest=1)).refused("invalid", says=("amount",))


def test_a_bank_reference_is_used_once(given: Given) -> None:
    story = given(approved(10_000), paid(5_000, bank_ref="KB-7"), ordered_back(3_000))
    story.when(receive_back(1, bank_ref="kb-7 ")).refused("duplicate-payment", says=("kb-7",))
    story.when(receive_back(1, bank_ref="KB-8")).recorded()
    story.when(receive_back(1, bank_ref="kb-8")).refused("duplicate-payment")


def test_it_arrives_on_running_settled_and_cancelled_grants(given: Given) -> None:
    story = given(
        approved(10_000),
        paid(2_000),
        cancelled(sum_of(2_000)),
        approved(10_000, grant="G2"),
        settled("G2"),
        applied(1_000, line(1_000, company=DAON), grant="G3"),
    )
    on = "2025-12-02"
    story.when(receive_back(2_000, on=on)).moved(due=-2_000, recovered=2_000)
    story.when(receive_back(1, grant="G2", on=on)).refused("within-award", limit=0)
    story.when(receive_back(1, grant="G3", on=on)).refused("wrong-status", says=("applied",))
    story.given(approved(line(1_000), grant="G3"))
    story.when(receive_back(1, grant="G3", company=DAON, on=on)).refused("wrong-status")
    story.when(receive_back(1, grant="G3", case="P-1", on=on)).refused("unknown")
    story.when(receive_back(1, grant="G9", on=on)).refused("unknown")


def test_it_is_dated_after_the_approval_in_an_open_year(given: Given) -> None:
    story = given(approved(1_000), paid(1_000), ordered_back(1_000))
    story.when(receive_back(1, on="2025-02-28")).refused("out-of-order", says=("2025-03-01",))
    story.when(receive_back(1, on=FUTURE)).refused("future-dated")
    story.when(receive_back(1, on="2026-01-02")).refused("year-not-open")
    story.given(opened(2026), closed(2025))
    story.when(receive_back(1)).refused("year-closed")
    story.when(receive_back(1, on="2026-01-02")).recorded()


def test_nothing_arrives_before_it_was_ordered_back(given: Given) -> None:
    story = given(
        approved(10_000), paid(9_000), ordered_back(3_000), ordered_back(2_000, on="2025-11-01")
    )
    story.when(receive_back(4_000, on="2025-10-31")).refused(
        "out-of-order", limit=3_000, used=0, asked=4_000, fits=3_000, says=("due",)
    )
    story.when(receive_back(1, on="2025-08-31")).refused("out-of-order", limit=0, fits=0)
    story.when(receive_back(5_000, on="2025-11-01")).recorded()
