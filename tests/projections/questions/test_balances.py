"""What is true as of a day, what was known at a position or an instant, and the two together."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations, product
from typing import Any

import pytest
from freezegun import freeze_time

from ledger import log, reading
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Misused, NotFound
from projections.flows import Flow, flows
from projections.questions.roll_ups import BYS, KEYS, By
from projections.questions.snapshot import Moment
from tests import steps as say
from tests.asked import balances, moment
from tests.given import Story
from tests.steps import DAON, HANBIT, MIRINAE, NURI

TODAY = "2026-06-15"
FOREVER = "9999-12-31"
PATENT, ABROAD, CONSORTIUM = "domestic_patent", "international_patent", "transferred_technology"

USES = ("committed", "carried", "payable", "advanced", "spent", "due", "recovered")
BUCKETS = (*USES, "returned", "lapsed", "interest")

Row = dict[str, Any]


def _rows(
    story: Story,
    by: By,
    as_of: str | None = None,
    at_seq: int | None = None,
    *,
    today: str = TODAY,
    **wanted: Any,
) -> list[Row]:
    with log.reading(story.engine) as connection:
        return balances(connection, by, Moment(as_of, at_seq), today, **wanted)


def _held(rows: Iterable[Row]) -> list[dict[str, int]]:
    """Of each row the buckets that hold something."""
    return [{name: row[name] for name in BUCKETS if row[name]} for row in rows]


def _ceiling(row: Row) -> tuple[int | None, str | None, int | None]:
    return row["cap"], row["bound"], row["headroom"]


# ── days and positions ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def late(engine: Engine) -> Story:
    """Paid in April and, as was learnt last, in March too; some of it returned in July."""
    return Story(engine).given(
        say.approved(12_000_000),
        say.paid(5_000_000, on="2025-04-01"),
        say.returned(1_000_000, interest=70, on="2025-07-01"),
        say.paid(2_000_000, on="2025-03-15"),
    )


@pytest.mark.parametrize(
    ("as_of", "held"),
    [
        ("2025-02-28", []),
        ("2025-03-01", [{"committed": 12_000_000}]),
        ("2025-03-14", [{"committed": 12_000_000}]),
        ("2025-03-15", [{"committed": 10_000_000, "advanced": 2_000_000}]),
        ("2025-03-31", [{"committed": 10_000_000, "advanced": 2_000_000}]),
        ("2025-04-01", [{"committed": 5_000_000, "advanced": 7_000_000}]),
        (
            "2025-07-01",
            [
                {
                    "committed": 5_000_000,
                    "advanced": 6_000_000,
                    "returned": 1_000_000,
                    "interest": 70,
                }
            ],
        ),
    ],
)
def test_a_day_shows_what_counted_by_its_end_late_entries_included(
    late: Story, as_of: str, held: list[dict[str, int]]
) -> None:
    for by in ("line", "grant", "company"):
        assert _held(_rows(late, by, as_of)) == held


def test_a_budget_is_there_from_its_own_day_on(late: Story) -> None:
    assert _rows(late, "programme", "2025-01-09") == []
    (row,) = _rows(late, "programme", "2025-02-28")
    assert (row["budget"], row["available"], row["used"]) == (1_000_000_000, 1_000_000_000, 0)
    (row,) = _rows(late, "programme", "2025-03-01")
    assert (row["budget"], row["available"]) == (1_000_000_000, 988_000_000)


def test_a_position_shows_what_was_known_there(late: Story) -> None:
    size = late.size
    known = [_held(_rows(late, "line", at_seq=seq)) for seq in range(size - 4, size + 1)]
    assert known == [
        [],
        [{"committed": 12_000_000}],
        [{"committed": 7_000_000, "advanced": 5_000_000}],
        [{"committed": 7_000_000, "advanced": 4_000_000, "returned": 1_000_000, "interest": 70}],
        [{"committed": 5_000_000, "advanced": 6_000_000, "returned": 1_000_000, "interest": 70}],
    ]
    assert _rows(late, "programme", at_seq=0) == []


def test_a_day_and_a_position_show_what_was_known_then_about_that_day(late: Story) -> None:
    before = late.size - 1
    march = "2025-03-31"
    assert _held(_rows(late, "line", march, before)) == [{"committed": 12_000_000}]
    assert _held(_rows(late, "line", march, before + 1)) == [
        {"committed": 10_000_000, "advanced": 2_000_000}
    ]
    assert _held(_rows(late, "line", "2025-06-30", before - 1)) == [
        {"committed": 7_000_000, "advanced": 5_000_000}
    ]


def test_a_closing_counts_on_its_day_and_a_reopening_on_the_day_of_that_closing(
    late: Story,
) -> None:
    late.given(say.opened(2026), say.closed(on="2026-01-31"))
    closed = late.size
    late.given(say.reopened(on="2026-03-10"))
    rest = {"advanced": 6_000_000, "returned": 1_000_000, "interest": 70}
    committed, lapsed = rest | {"committed": 5_000_000}, rest | {"lapsed": 5_000_000}
    assert _held(_rows(late, "line", "2026-01-30", closed)) == [committed]
    assert _held(_rows(late, "line", "2026-01-31", closed)) == [lapsed]
    for day in ("2026-01-30", "2026-01-31", "2026-03-09", "2026-03-10"):
        assert _held(_rows(late, "line", day)) == [committed], day


def test_a_position_inside_a_closing_shows_a_part_of_it(late: Story) -> None:
    before = late.size + 1
    late.given(say.opened(2026), say.closed())
    with log.reading(late.engine) as connection:
        kinds = [
            Entry.from_envelope(envelope).kind
            for envelope, _ in reading.read(connection, reading.Wanted(after=before))
        ]
    assert kinds == ["award-lapsed", "budget-lapsed", "year-closed"]
    (row,) = _rows(late, "programme", at_seq=before + 1)
    assert (row["available"], row["committed"], row["lapsed"]) == (988_000_000, 0, 5_000_000)
    (row,) = _rows(late, "programme", at_seq=before + 2)
    assert (row["available"], row["lapsed"]) == (0, 993_000_000)


# ── which moment is meant ────────────────────────────────────────────────────────────────────


def _moment(story: Story, **named: Any) -> Moment:
    with log.reading(story.engine) as connection:
        return moment(connection, **named)


def test_an_instant_is_the_last_position_recorded_by_then(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(12_000_000)
    )  # models are built before time stands still
    first = story.size
    for day in (1, 2):
        with freeze_time(f"2031-05-0{day}T03:00:00Z"):
            story.given(say.paid(1_000_000, on="2025-04-01"))
    for known_at, seq in (
        ("2000-01-01", 0),
        ("2031-05-01T02:59:59.999999Z", first),
        ("2031-05-01T03:00:00Z", first + 1),
        ("2031-05-01T12:00:00", first + 1),
        ("2031-05-01T11:59:59", first),
        ("2031-05-02T03:00:00+00:00", first + 2),
        ("2031-05-02T11:59:59.999999+09:00", first + 1),
        ("2099-01-01", first + 2),
        ("2031-04-30", first),
        ("2031-05-01", first + 1),
        (" 20310501 ", first + 1),
        ("2031-W18-4", first + 1),
        ("2031-05-01T00:00", first),
        ("2031-05-02", first + 2),
        ("9999-12-31", first + 2),
    ):
        assert _moment(story, known_at=known_at) == Moment(None, seq), known_at
    both = _moment(story, as_of="2025-03-31", known_at="2031-05-01T12:00:00")
    assert both == Moment("2025-03-31", first + 1)


def test_no_moment_named_is_now(late: Story) -> None:
    assert _moment(late).is_now
    assert not _moment(late, at_seq=late.size).is_now
    assert not _moment(late, as_of=FOREVER).is_now


@pytest.mark.parametrize(
    "named",
    [
        {"at_seq": -1},
        {"at_seq": 1_000_000},
        {"known_at": "yesterday"},
        {"known_at": ""},
        {"known_at": "2025-02-30"},
        {"known_at": "20250230"},
        {"known_at": "0001-01-01T00:00"},
        {"at_seq": 1, "known_at": "2025-01-01"},
    ],
)
def test_a_moment_that_is_none_is_a_wrong_call(late: Story, named: Row) -> None:
    with pytest.raises(Misused):
        _moment(late, **named)


# ── filters ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def many(engine: Engine) -> Story:
    """Four grants under three programmes, three companies, two years, cases shared by two."""
    consortium = {"programme": CONSORTIUM, "partners": (DAON,)}
    return Story(engine).given(
        say.registered(NURI),
        say.opened(2025),
        say.opened(2026),
        say.approved(9_000_000, say.line(4_000_000, company=DAON)),
        say.approved(
            say.line(1_000_000, case="DP-1"),
            say.line(900_000, case="DP-2", company=DAON),
            grant="G2",
            programme=PATENT,
        ),
        say.approved(say.line(3_000_000, case="dp 1"), grant="G3", programme=ABROAD),
        say.approved(
            say.line(40_000_000, year=2026),
            say.line(30_000_000, year=2026, company=MIRINAE),
            grant="G4",
            **consortium,
        ),
        say.approved(say.line(2_000_000, year=2026, company=DAON), grant="G5"),
        say.paid(6_000_000),
        say.paid(500_000, grant="G2", case="DP1"),
        say.paid(10_000_000, grant="G4", year=2026),
        say.accepted(8_000_000),
        say.returned(1_000_000, interest=900),
        say.carried_over(300_000, grant="G2", company=DAON, case="DP-2"),
        say.ordered_back(say.sum_of(200_000), on="2025-12-01"),
    )


FILTERS: dict[str, tuple[Any, ...]] = {
    "company": (HANBIT, DAON, NURI),
    "programme": ("prototype", PATENT),
    "year": (2025, 2026),
    "grant": ("G1", "G2", "G4"),
    "case": ("DP-1", "d p 2"),
}
WANTED = [
    dict(zip(names, values, strict=True))
    for many_names in range(3)
    for names in combinations(FILTERS, many_names)
    for values in product(*(FILTERS[name] for name in names))
] + [{"company": HANBIT, "programme": PATENT, "year": 2025, "grant": "G2", "case": "DP-1"}]


def _flows(story: Story) -> list[tuple[int, Flow]]:
    with log.reading(story.engine) as connection:
        entries = [Entry.from_envelope(envelope) for envelope, _ in reading.read(connection)]
    return [
        (entry.seq, flow) for entry in entries for flow in flows(entry.event, entry.effective_on)
    ]


def _same(case: str) -> str:
    return case.casefold().replace(" ", "").replace("-", "")


def _expected(moved: Iterable[Flow], by: By, wanted: Row) -> list[Row]:
    """The rows of a roll-up of lines, added up with plain dictionaries."""
    sums: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for flow in moved:
        meant = all(
            _same(flow.case) == _same(value) if name == "case" else getattr(flow, name) == value
            for name, value in wanted.items()
        )
        if flow.grant and meant and (by != "case" or flow.case):
            held = sums[tuple(getattr(flow, key) for key in KEYS[by])]
            held[flow.source] -= flow.won
            held[flow.target] += flow.won
    rows = []
    for key in sorted(sums):
        row: Row = dict(zip(KEYS[by], key, strict=True))
        row |= {bucket: sums[key][bucket] for bucket in BUCKETS}
        rows.append(row | {"used": sum(row[bucket] for bucket in USES)})
    return rows


def _in_common(rows: list[Row], by: By) -> list[Row]:
    named = {*KEYS[by], *BUCKETS, "used"}
    found = [{name: row[name] for name in row if name in named} for row in rows]
    for row in found:
        if by == "line":
            row["case"] = row["case"] or ""
    return found


@pytest.mark.parametrize("by", [by for by in BYS if by != "programme"])
def test_whatever_the_filter_rows_are_the_flows_that_it_means(many: Story, by: By) -> None:
    known, size = _flows(many), many.size
    for wanted in WANTED:
        moved = [flow for _, flow in known]
        expected = _expected(moved, by, wanted)
        for at in (Moment(), Moment(None, size), Moment(FOREVER), Moment(FOREVER, size)):
            found = _rows(many, by, at.day, at.seq, **wanted)
            assert _in_common(found, by) == expected, (wanted, at)
        half = [flow for seq, flow in known if seq <= size - 4 and flow.day <= "2025-04-01"]
        found = _rows(many, by, "2025-04-01", size - 4, **wanted)
        assert _in_common(found, by) == _expected(half, by, wanted), wanted


def test_a_programme_filtered_by_what_is_not_its_own_is_the_same_live_and_added_up(
    many: Story,
) -> None:
    """A budget belongs to no company: nothing is made up of it, and nothing is below zero."""
    known, size = [flow for _, flow in _flows(many)], many.size
    for wanted in WANTED:
        live = _rows(many, "programme", **wanted)
        for at in (Moment(None, size), Moment(FOREVER), Moment(FOREVER, size)):
            assert _rows(many, "programme", at.day, at.seq, **wanted) == live, (wanted, at)
        if not {"programme", "year"}.issuperset(wanted):
            assert all(row["available"] is row["budget"] is None for row in live), wanted
            assert _in_common(live, "programme") == _expected(known, "programme", wanted)
        for row in live if {"programme", "year"}.issuperset(wanted) else ():
            own = [flow for flow in known if (flow.programme, flow.year) == _key_of(row)]
            assert (row["budget"], row["available"]) == _budget(own), wanted


def _key_of(row: Row) -> tuple[str, int]:
    return row["programme"], row["year"]


def _budget(moved: Iterable[Flow]) -> tuple[int, int]:
    held: Counter[str] = Counter()
    for flow in moved:
        if "interest" not in (flow.source, flow.target):
            held[flow.source] -= flow.won
            held[flow.target] += flow.won
    return -held["outside"], held["available"]


OF_A_CEILING: dict[By, set[str]] = {
    "company": {"company", "programme", "year"},
    "grant": {"grant", "programme", "year"},
    "case": {"case", "programme"},
}
"""By what a filter may pick rows without leaving out anything that their ceiling bounds."""


@pytest.mark.parametrize("by", BYS)
def test_headroom_is_told_of_all_that_a_ceiling_bounds_or_not_at_all(many: Story, by: By) -> None:
    """Whatever the filter: never of a part, as if the rest of it used nothing."""
    used: Counter[tuple[Any, ...]] = Counter()
    for _, flow in _flows(many):
        gained = (flow.target in USES) - (flow.source in USES)
        used[tuple(getattr(flow, key) for key in KEYS[by])] += gained * flow.won
    whole = {tuple(row[key] for key in KEYS[by]): row for row in _rows(many, by)}
    told = 0
    for wanted in WANTED:
        cut = not OF_A_CEILING.get(by, set()).issuperset(wanted)
        for row in _rows(many, by, **wanted):
            key = tuple(row[name] for name in KEYS[by])
            assert _ceiling(row) == ((None, None, None) if cut else _ceiling(whole[key])), wanted
            if row["cap"] is not None:
                largest = row["cap"] - (row["bound"] == "lt")
                assert row["headroom"] == largest - used[key], (wanted, row)
                told += 1
    assert told or by not in OF_A_CEILING


def test_a_grant_filtered_by_company_is_that_companys_part_of_it(many: Story) -> None:
    (row,) = _rows(many, "grant", grant="G1", company=DAON)
    assert _held([row]) == [{"committed": 4_000_000}]
    (whole,) = _rows(many, "grant", grant="G1")
    assert whole["used"] == 4_000_000 + 9_000_000 - 1_000_000


def test_a_case_is_found_however_it_was_typed(many: Story) -> None:
    for case in ("DP-1", "dp1", " D P-1"):
        for at in (Moment(), Moment(FOREVER)):
            (row,) = _rows(many, "case", at.day, case=case)
            assert (row["case"], row["used"]) == ("DP-1", 4_000_000)


@pytest.mark.parametrize(
    ("wanted", "wording"),
    [
        ({"company": "999-99-99999"}, "no-such-company"),
        ({"programme": "protoype"}, "no-such-programme"),
        ({"grant": "NOPE"}, "no-such-grant"),
        ({"case": "DP-9"}, "no-such-case"),
    ],
)
@pytest.mark.parametrize("by", BYS)
def test_a_balance_of_what_is_not_in_the_ledger_is_no_empty_balance(
    many: Story, by: By, wanted: Row, wording: str
) -> None:
    for as_of in (None, "2025-01-01"):
        with pytest.raises(NotFound) as missing:
            _rows(many, by, as_of, **wanted)
        assert missing.value.wording == wording
        assert next(iter(wanted.values())) in str(missing.value)


@pytest.mark.parametrize(
    "wanted",
    [
        {"company": "12"},
        {"company": ""},
        {"grant": " "},
        {"grant": "G1\u200b"},
        {"grant": "G" * 65},
        {"case": "--"},
        {"programme": "proto\x00type"},
    ],
)
def test_what_could_be_no_name_is_a_wrong_call(many: Story, wanted: Row) -> None:
    with pytest.raises(Misused):
        _rows(many, "line", **wanted)


def test_names_are_compared_as_commands_compare_them_and_shown_as_first_given(
    engine: Engine,
) -> None:
    story = Story(engine).given(
        say.approved(say.line(1_000_000, case="가-Ⅰ"), grant="과제 Ab-1", programme=PATENT)
    )
    expected = _rows(story, "line")
    assert [row["grant"] for row in expected] == ["과제 Ab-1"]
    decomposed = unicodedata.normalize("NFD", "과제 Ab-1")
    assert decomposed != "과제 Ab-1"
    for wanted in (
        *({"grant": grant} for grant in (decomposed, " 과제 Ab-1 ", "과제 aB-1", "과제 ＡＢ-１")),
        *({"case": case} for case in (unicodedata.normalize("NFD", "가-Ⅰ"), "가 i", " 가Ⅰ ")),
        *({"company": number} for number in (HANBIT.replace("-", ""), f" {HANBIT} ")),
        {"programme": f" {PATENT} "},
    ):
        for as_of in (None, FOREVER):
            assert _rows(story, "line", as_of, **wanted) == expected, wanted


def test_a_thing_that_had_no_flow_by_then_has_no_row_and_is_no_wrong_call(many: Story) -> None:
    assert _rows(many, "grant", "2025-01-01", grant="G4") == []
    assert _rows(many, "company", at_seq=0, company=HANBIT) == []


def test_rows_are_sorted_by_their_keys(many: Story) -> None:
    for by in BYS:
        for at in (Moment(), Moment(FOREVER)):
            rows = _rows(many, by, at.day)
            keys = [[row[key] or "" for key in KEYS[by]] for row in rows]
            assert keys == sorted(keys)
            assert len(rows) > 1


def test_what_nothing_happened_to_has_no_row(engine: Engine) -> None:
    story = Story(engine).given(say.applied(5_000_000), say.budgeted(7))
    story.given(say.approve(say.line(0)))
    for by in ("line", "grant", "company", "case"):
        assert _rows(story, by) == _rows(story, by, FOREVER) == []
    assert [row["available"] for row in _rows(story, "programme")] == [7]


# ── ceilings ─────────────────────────────────────────────────────────────────────────────────


def _caps(amount: int, bound: str = "le", per: str = "company_year") -> list[Row]:
    return [{"per": per, "amount": amount, "bound": bound}]


def test_a_ceiling_is_that_of_the_day_that_is_asked_about(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(12_000_000),
        say.revised(on="2025-06-01", caps=_caps(10_000_000)),
        say.revised(on="2025-09-01", caps=_caps(30_000_000, "lt")),
    )
    for as_of, ceiling in (
        ("2025-03-01", (20_000_000, "le", 8_000_000)),
        ("2025-05-31", (20_000_000, "le", 8_000_000)),
        ("2025-06-01", (10_000_000, "le", -2_000_000)),
        ("2025-08-31", (10_000_000, "le", -2_000_000)),
        ("2025-09-01", (30_000_000, "lt", 17_999_999)),
        (None, (30_000_000, "lt", 17_999_999)),
        (FOREVER, (30_000_000, "lt", 17_999_999)),
    ):
        (row,) = _rows(story, "company", as_of)
        assert _ceiling(row) == ceiling, as_of


def test_a_ceiling_of_a_past_year_is_that_of_its_last_day(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(12_000_000),
        say.approved(say.line(3_000_000, year=2026), grant="G2"),
        say.revised(on="2026-01-01", caps=_caps(10_000_000)),
    )
    for as_of in (None, "2026-05-05", FOREVER):
        past, now = _rows(story, "company", as_of)
        assert _ceiling(past) == (20_000_000, "le", 8_000_000)
        assert _ceiling(now) == (10_000_000, "le", 7_000_000)


def test_an_edition_ahead_of_its_day_is_not_yet_the_ceiling(engine: Engine) -> None:
    """A row of a case has no year: the day asked about alone decides."""
    story = Story(engine).given(
        say.approved(say.line(1_500_000, case="DP-1"), programme=PATENT),
        say.revised(PATENT, on="2027-01-01", caps=_caps(1_000_000, per="case")),
    )
    for as_of, today, ceiling in (
        (None, TODAY, (2_000_000, "le", 500_000)),
        (None, "2026-12-31", (2_000_000, "le", 500_000)),
        (None, "2027-01-01", (1_000_000, "le", -500_000)),
        ("2026-12-31", "2028-01-01", (2_000_000, "le", 500_000)),
        ("2027-01-01", TODAY, (1_000_000, "le", -500_000)),
    ):
        (row,) = _rows(story, "case", as_of, today=today)
        assert _ceiling(row) == ceiling, (as_of, today)


def test_a_ceiling_is_one_that_was_known_at_the_position(engine: Engine) -> None:
    story = Story(engine).given(say.approved(12_000_000))
    before = story.size
    story.given(say.revised(on="2025-02-01", caps=_caps(10_000_000)))
    for as_of in (None, "2025-12-31"):
        (row,) = _rows(story, "company", as_of, before)
        assert _ceiling(row) == (20_000_000, "le", 8_000_000)
        (row,) = _rows(story, "company", as_of, before + 1)
        assert _ceiling(row) == (10_000_000, "le", -2_000_000)


def test_of_two_editions_of_one_day_the_later_recorded_is_the_ceiling(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(1_000_000),
        say.revised(on="2025-06-01", caps=_caps(10_000_000)),
        say.revised(on="2025-06-01", caps=_caps(11_000_000)),
        say.revised(on="2025-05-01", caps=_caps(5_000_000)),
    )
    (row,) = _rows(story, "company")
    assert row["cap"] == 11_000_000
    (row,) = _rows(story, "company", "2025-05-31")
    assert row["cap"] == 5_000_000


def test_an_edition_without_a_ceiling_has_none(engine: Engine) -> None:
    story = Story(engine).given(say.approved(1_000_000), say.revised(on="2025-06-01", caps=[]))
    (row,) = _rows(story, "company")
    assert _ceiling(row) == (None, None, None)


def test_each_row_has_the_ceiling_of_its_own_kind_or_none(many: Story) -> None:
    for at in (Moment(), Moment(FOREVER)):
        kinds = {by: {row["cap"] for row in _rows(many, by, at.day)} for by in BYS}
        assert kinds == {
            "company": {20_000_000, 200_000_000, None},
            "programme": {None},
            "grant": {200_000_000, None},
            "case": {2_000_000, None},
            "line": {None},
        }
        (row,) = _rows(many, "grant", at.day, grant="G4")
        assert _ceiling(row) == (200_000_000, "lt", 200_000_000 - 1 - 70_000_000)


# ── the ceiling of a case ────────────────────────────────────────────────────────────────────


@pytest.fixture
def shared(engine: Engine) -> Story:
    """A case that a domestic grant uses from March on, and one abroad from May on."""
    return Story(engine).given(
        say.approved(say.line(1_500_000, case="DP-1"), programme=PATENT, on="2025-03-01"),
        say.budgeted(programme=ABROAD),
        say.applied(say.line(2_000_000, case="dp1"), grant="G2", programme=ABROAD),
        say.approve(grant="G2", on="2025-05-01"),
    )


def test_a_case_under_two_programmes_has_no_one_ceiling(shared: Story) -> None:
    for as_of in (None, "2025-05-01", FOREVER):
        (row,) = _rows(shared, "case", as_of)
        assert (row["used"], *_ceiling(row)) == (3_500_000, None, None, None)


def test_a_case_has_the_ceiling_of_the_one_programme_that_used_it_then(shared: Story) -> None:
    alone = (1_500_000, 2_000_000, "le", 500_000)
    for as_of, at_seq in (
        ("2025-03-01", None),
        ("2025-04-30", None),
        (None, shared.size - 1),
        (FOREVER, shared.size - 1),
        ("2025-04-30", shared.size),
    ):
        (row,) = _rows(shared, "case", as_of, at_seq)
        assert (row["used"], *_ceiling(row)) == alone, (as_of, at_seq)


def test_an_award_of_nothing_does_not_use_a_case(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(say.line(1_500_000, case="DP-1"), programme=PATENT),
        say.applied(say.line(2_000_000, case="DP-1"), grant="G2", programme=ABROAD),
        say.approve(say.line(0, case="DP-1"), grant="G2"),
    )
    for as_of in (None, FOREVER):
        (row,) = _rows(story, "case", as_of)
        assert _ceiling(row) == (2_000_000, "le", 500_000)


def test_a_case_that_a_programme_no_longer_uses_still_has_flows_of_both(shared: Story) -> None:
    shared.given(say.amended(say.line(0, case="DP-1"), grant="G2"))
    (row,) = _rows(shared, "case")
    assert (row["used"], row["cap"]) == (1_500_000, None)
    assert row == _rows(shared, "case", FOREVER)[0]


def test_of_a_case_seen_by_one_company_only_there_is_no_ceiling(
    engine: Engine,
) -> None:
    """The ceiling bounds what all use together: of one company's part there is no headroom."""
    story = Story(engine).given(
        say.approved(say.line(500_000, case="DP-1"), programme=PATENT),
        say.approved(say.line(600_000, case="DP-1", company=DAON), grant="G2", programme=PATENT),
    )
    for as_of in (None, FOREVER):
        (row,) = _rows(story, "case", as_of, company=DAON)
        assert (row["used"], *_ceiling(row)) == (600_000, None, None, None)
        (row,) = _rows(story, "case", as_of, programme=PATENT)
        assert (row["used"], *_ceiling(row)) == (1_100_000, 2_000_000, "le", 900_000)
