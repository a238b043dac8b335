"""Worklists at any moment, held against the flows one by one; and what a text may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from ledger import log
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Misused
from ledger.events import EntryReversed
from projections.flows import Flow, flows
from projections.questions.snapshot import Moment
from tests import steps as say
from tests.asked import asked, balances
from tests.benchmarks.workload import grow
from tests.given import Story
from tests.projections.questions.test_lists import _claims, _entries, _grants, _moments
from tests.steps import DAON, HANBIT, LEE

Row = dict[str, Any]


@pytest.fixture
def grown(engine: Engine) -> Iterator[Connection]:
    """Several years of work."""
    grow(engine.url, 1_500)
    with log.reading(engine) as connection:
        yield connection


def _work(connection: Connection, at: Moment, today: str = "", **named: Any) -> dict[str, Any]:
    found: dict[str, Any] = asked(
        connection, "work", today, as_of=at.day, at_seq=at.seq, limit=1_000, **named
    )
    return found


def _held(entries: list[Entry], at: Moment, bucket: str) -> dict[tuple[Any, ...], int]:
    held: dict[tuple[Any, ...], int] = defaultdict(int)
    for flow in _flows(entries, at):
        if flow.grant:
            key = (flow.grant, flow.company, flow.year, flow.case or None)
            held[key] += flow.won * ((flow.target == bucket) - (flow.source == bucket))
    return {key: won for key, won in held.items() if won}


def _flows(entries: list[Entry], at: Moment) -> Iterator[Flow]:
    for entry in entries:
        for flow in flows(entry.event, entry.effective_on):
            if at.holds(flow.day, entry.seq):
                yield flow


def _key(row: Row) -> tuple[Any, ...]:
    return row["grant"], row["company"], row["year"], row["case"]


def test_what_waits_is_what_the_events_one_by_one_leave_waiting(grown: Connection) -> None:
    entries = _entries(grown)
    seen = 0
    for at in _moments(entries, Random("work")):
        work = _work(grown, at)
        waiting = [row for row in _grants(entries, at).values() if row["status"] == "applied"]
        assert [row["grant"] for row in work["applications"]["rows"]] == [
            row["grant"] for row in waiting
        ]
        assert work["applications"]["sum"] == sum(row["asked"] for row in waiting)
        claims = [row for row in _claims(entries, at).values() if row["status"] == "undecided"]
        assert [row["claim"] for row in work["claims"]["rows"]] == [row["claim"] for row in claims]
        payable = _held(entries, at, "payable")
        assert {_key(row): row["payable"] for row in work["payable"]["rows"]} == payable
        advanced = _held(entries, at, "advanced")
        by_line: dict[tuple[Any, ...], int] = defaultdict(int)
        for row in work["advances"]["rows"]:
            by_line[_key(row)] += row["amount"]
        assert by_line == advanced
        days = [row["days"] for row in work["advances"]["rows"]]
        assert days == sorted(days, reverse=True)
        seen += len(waiting) + len(claims) + len(payable) + len(advanced)
    assert seen > 50, "nothing waited"


def test_ceilings_nearly_used_are_those_that_balances_show(grown: Connection) -> None:
    entries = _entries(grown)
    for at in [*_moments(entries, Random("ceilings"))][:5]:
        day = at.day or entries[-1].effective_on
        year = int(day[:4])
        listed = _work(grown, at, day, near=50)["ceilings"]["rows"]
        for by in ("company", "grant", "case"):
            expected = [
                row
                for row in balances(grown, by, at, day)
                if row["cap"]
                and row["used"] * 2 >= row["cap"]
                and row["used"]
                and (by == "case" or row["year"] in (year - 1, year))
            ]
            found = [row for row in listed if row["by"] == by]
            assert len(found) == len(expected)
            assert sum(row["used"] for row in found) == sum(row["used"] for row in expected)


def test_what_would_lapse_is_what_a_closing_lapses(engine: Engine) -> None:
    story = Story(engine).given(
        say.opened(2026),
        say.approved(12_000_000),
        say.paid(2_000_000),
        say.claimed(say.item(30_000_000), claim="C-1", on="2025-12-20"),
    )
    with log.reading(engine) as connection:
        would = asked(connection, "work", "2026-01-05")["would_lapse"]
    line = next(row for row in would["rows"] if row["bucket"] == "committed")
    assert (line["amount"], line["claims"]) == (10_000_000, ["C-1"])
    story.given(say.closed(2025, on="2026-03-02", by=LEE))
    with log.reading(engine) as connection:
        lapsed = sum(row["lapsed"] for row in balances(connection, "programme", year=2025))
        after = asked(connection, "work", "2026-03-02")["would_lapse"]
    assert would["sum"] == lapsed
    assert all(row["year"] == 2026 for row in after["rows"])


def test_a_reversed_payment_discharges_no_older_advance(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(12_000_000),
        say.paid(1_000_000, on="2025-04-01"),
        say.paid(2_000_000, on="2025-05-01").but(id="wrong"),
        say.reversed_("wrong", on="2025-05-02"),
        say.paid(3_000_000, on="2025-06-01"),
        say.claimed(say.item(3_000_000), claim="C-1", on="2025-06-02"),
        say.accept("C-1", on="2025-06-03"),
    )
    with log.reading(story.engine) as connection:
        rows = asked(connection, "work", as_of="2025-06-30")["advances"]["rows"]
        then = asked(connection, "work", as_of="2025-05-01")["advances"]["rows"]
    assert [(row["paid_on"], row["amount"]) for row in rows] == [("2025-06-01", 2_500_000)]
    assert rows[0]["days"] == (date(2025, 6, 30) - date(2025, 6, 1)).days
    assert [(row["paid_on"], row["amount"]) for row in then] == [
        ("2025-04-01", 1_000_000),
        ("2025-05-01", 2_000_000),
    ]


def test_an_empty_ledger_has_no_work(engine: Engine) -> None:
    with log.reading(Story(engine).engine) as connection:
        work = asked(connection, "work", "2026-12-31")
    lists = [told for told in work.values() if isinstance(told, dict)]
    assert len(lists) == 6
    assert all(told == {"count": 0, "sum": 0, "rows": []} for told in lists)
    assert work["days_to_year_end"] == 0


def test_work_of_a_programme_is_a_part_of_all(grown: Connection) -> None:
    at = Moment()
    whole = _work(grown, at)
    slugs = [row["programme"] for row in asked(grown, "programmes")["rows"]]
    parts = [_work(grown, at, programme=slug) for slug in slugs]
    for name in ("applications", "claims", "payable", "advances"):
        assert sum(part[name]["sum"] for part in parts) == whole[name]["sum"], name


# ── find ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(engine: Engine) -> Story:
    """A renamed company, a case, a grant, a claim and two payments."""
    return Story(engine).given(
        say.registered(),
        say.registered(DAON),
        say.renamed(name="한빛테크", on="2025-05-02"),
        say.approved(12_000_000),
        say.paid(1_000_000, bank_ref="KB-20250401-01"),
        say.paid(1_000_000, bank_ref="KB-20250401-02"),
        say.claimed(say.item(1_000_000), claim="G1-C1"),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("한빛테크", [("company", HANBIT, "exact")]),
        ("한빛정밀", [("company", HANBIT, "exact")]),
        ("한빛", [("company", HANBIT, "prefix")]),
        ("테크", [("company", HANBIT, "part")]),
        (HANBIT.replace("-", ""), [("company", HANBIT, "exact")]),
        ("g1", [("grant", "G1", "exact"), ("claim", "G1-C1", "prefix")]),
        ("Ｇ１", [("grant", "G1", "exact"), ("claim", "G1-C1", "prefix")]),
        ("nothing like it", []),
    ],
)
def test_a_text_means_what_it_is_called_or_begins_with(
    office: Story, text: str, found: list[tuple[str, str, str]]
) -> None:
    with log.reading(office.engine) as connection:
        page = asked(connection, "find", text=text)
    assert [(row["kind"], row["id"], row["why"]) for row in page["rows"]] == found
    assert (page["after"], page["complete"], page["totals"]) == (None, True, {"count": len(found)})
    assert page["position"] == office.size


def test_a_bank_reference_is_found_however_it_is_typed(office: Story) -> None:
    with log.reading(office.engine) as connection:
        exact = asked(connection, "find", text="kb 20250401 01")["rows"]
        both = asked(connection, "find", text="kb.20250401")["rows"]
    assert [(row["kind"], row["why"]) for row in exact] == [("payment", "exact")]
    assert [(row["kind"], row["why"]) for row in both] == [("payment", "prefix")] * 2


def test_a_reversed_payment_is_found_under_its_reference_until_another_has_it(
    office: Story,
) -> None:
    office.given(say.paid(2_000, bank_ref="KB-77").but(id="wrong"), say.reversed_("wrong"))
    reversed_ = office.size - 1
    with log.reading(office.engine) as connection:
        (row,) = asked(connection, "find", text="kb 77")["rows"]
    assert row == {"kind": "payment", "id": reversed_, "label": "KB-77", "why": "exact"}
    office.given(say.paid(2_000, bank_ref="kb/77"))
    with log.reading(office.engine) as connection:
        (row,) = asked(connection, "find", text="KB-77")["rows"]
    assert (row["id"], row["label"]) == (office.size, "kb/77")


def test_a_case_is_found_by_the_number_of_the_patent_office(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(say.line(1_000_000, case="DP-1"), grant="G2", programme="domestic_patent"),
        say.identified("DP-1", "10-2025-0000001"),
    )
    for text in ("10-2025-0000001", "dp1"):
        with log.reading(story.engine) as connection:
            (row,) = asked(connection, "find", text=text)["rows"]
        assert (row["kind"], row["id"], row["why"]) == ("case", "DP-1", "exact")


@pytest.mark.parametrize("text", ["", " ", "\udce9", "a\x00b", "\u3164"])
def test_what_no_name_could_be_is_a_wrong_call(engine: Engine, text: str) -> None:
    with log.reading(engine) as connection, pytest.raises(Misused):
        asked(connection, "find", text=text)


def test_where_more_is_meant_than_is_told_it_is_said(engine: Engine) -> None:
    story = Story(engine).given(
        *(say.applied(1_000, grant=f"G-{number:02}") for number in range(21))
    )
    with log.reading(story.engine) as connection:
        page = asked(connection, "find", text="g-")
    assert (len(page["rows"]), page["complete"], page["totals"]) == (20, False, None)


def test_a_name_that_has_the_text_many_times_hides_no_other(engine: Engine) -> None:
    story = Story(engine).given(
        say.registered(), say.renamed(name="가" * 60, on="2025-05-02"), say.registered(DAON)
    )
    story.given(say.renamed(DAON, name="나라가", on="2025-05-02"))
    with log.reading(story.engine) as connection:
        page = asked(connection, "find", text="가")
    assert [(row["id"], row["why"]) for row in page["rows"]] == [
        (HANBIT, "prefix"),
        (DAON, "part"),
    ]
    assert page["complete"]


# ── by month ─────────────────────────────────────────────────────────────────────────────────


def test_what_was_paid_by_month_is_what_payments_and_reversals_add_up_to(
    grown: Connection,
) -> None:
    entries = _entries(grown)
    for at in _moments(entries, Random("monthly")):
        expected: dict[tuple[str, str], dict[str, int]] = defaultdict(
            lambda: {"paid": 0, "returned": 0, "recovered": 0}
        )
        for entry in entries:
            if not at.holds(entry.effective_on, entry.seq):
                continue
            event, sign = entry.event, 1
            if isinstance(event, EntryReversed):
                event, sign = entries[event.entry - 1].event, -1
            way = WAYS.get(event.kind)
            if way:
                month = expected[entry.effective_on[:7], event.programme]  # type: ignore[union-attr]
                month[way] += sign * event.amount  # type: ignore[union-attr]
        found = asked(grown, "monthly", as_of=at.day, at_seq=at.seq)
        assert {(row["month"], row["programme"]): row for row in found} == {
            (month, programme): {"month": month, "programme": programme, **moved}
            for (month, programme), moved in expected.items()
        }


WAYS = {"disbursed": "paid", "funds-returned": "returned", "recovery-received": "recovered"}


def test_reversals_are_listed_as_they_were(grown: Connection) -> None:
    entries = _entries(grown)
    for at in _moments(entries, Random("reversals")):
        expected = [
            (entry.seq, entry.event.entry)
            for entry in entries
            if isinstance(entry.event, EntryReversed) and at.holds(entry.effective_on, entry.seq)
        ]
        page = asked(grown, "reversals", as_of=at.day, at_seq=at.seq, limit=1_000)
        assert [(row["seq"], row["entry"]) for row in page["rows"]] == expected
