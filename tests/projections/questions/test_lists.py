"""Lists at any moment, held against the events one by one; pages, cursors and filters."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from ledger import log, reading
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Misused, NotFound
from ledger.events import (
    AwardAmended,
    ClaimAccepted,
    CostsClaimed,
    Disbursed,
    EntryReversed,
    FundsReturned,
    GrantApplied,
    GrantApproved,
    GrantCancelled,
    GrantRejected,
    GrantSettled,
    GrantWithdrawn,
    RecoveryReceived,
)
from projections.questions import pages
from projections.questions.snapshot import Moment
from projections.questions.table import LISTS
from tests import steps as say
from tests.asked import asked, balances
from tests.benchmarks.workload import grow, growing
from tests.given import Story
from tests.steps import DAON, HANBIT, KIM, LEE, PARK

Row = dict[str, Any]
MOMENTS = 12

ENDINGS: dict[type, str] = {
    GrantApproved: "approved",
    GrantRejected: "rejected",
    GrantWithdrawn: "withdrawn",
    GrantCancelled: "cancelled",
    GrantSettled: "settled",
}


@pytest.fixture
def grown(engine: Engine) -> Iterator[Connection]:
    """Several years of work."""
    grow(engine.url, 1_800)
    with log.reading(engine) as connection:
        yield connection


def _entries(connection: Connection) -> list[Entry]:
    return [Entry.from_envelope(envelope) for envelope, _ in reading.read(connection)]


def _moments(entries: list[Entry], chance: Random) -> Iterator[Moment]:
    yield Moment()
    for _ in range(MOMENTS // 3):
        one, other = chance.sample(entries, 2)
        yield Moment(day=one.effective_on)
        yield Moment(seq=one.seq)
        yield Moment(day=one.effective_on, seq=other.seq)


def _listed(connection: Connection, name: str, at: Moment, **named: Any) -> list[Row]:
    """All rows of a list, page after page."""
    rows: list[Row] = []
    named = {"as_of": at.day, "at_seq": at.seq, "limit": 50} | named
    after = None
    while True:
        page = asked(connection, name, after=after, **named)
        assert page["complete"]
        rows += page["rows"]
        after = page["after"]
        if after is None:
            return rows


# ── against the events one by one ────────────────────────────────────────────────────────────


def _grants(entries: list[Entry], at: Moment) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for entry in entries:
        if not at.holds(entry.effective_on, entry.seq):
            continue
        event = entry.event
        if isinstance(event, GrantApplied):
            found[event.grant] = {
                "grant": event.grant,
                "programme": event.programme,
                "status": "applied",
                "asked": sum(line.subsidy for line in event.lines),
                "award": None,
            }
        elif isinstance(event, GrantApproved):
            row = found[event.grant]
            row["award"] = (row["award"] or 0) + sum(line.award for line in event.lines)
        elif isinstance(event, AwardAmended):
            found[event.grant]["award"] += sum(line.award - line.was for line in event.lines)
        if type(event) in ENDINGS:
            found[event.grant]["status"] = ENDINGS[type(event)]  # type: ignore[union-attr]
    return found


def _claims(entries: list[Entry], at: Moment) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for entry in entries:
        if not at.holds(entry.effective_on, entry.seq):
            continue
        event = entry.event
        if isinstance(event, CostsClaimed):
            supply = sum(item.supply for item in event.items)
            found[event.claim] = {
                "claim": event.claim,
                "company": event.company,
                "status": "undecided",
                "supply": supply,
                "accepted_cost": None,
                "accepted_by": None,
            }
        elif isinstance(event, ClaimAccepted):
            found[event.claim] |= {
                "status": "accepted",
                "accepted_cost": event.accepted_cost,
                "accepted_by": entry.actor,
            }
        elif isinstance(event, EntryReversed) and event.claim:
            found[event.claim] |= {
                "status": "undecided",
                "accepted_cost": None,
                "accepted_by": None,
            }
    return found


def _payments(entries: list[Entry], at: Moment) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for entry in entries:
        if not at.holds(entry.effective_on, entry.seq):
            continue
        event = entry.event
        if isinstance(event, Disbursed | FundsReturned | RecoveryReceived):
            found[entry.seq] = {
                "seq": entry.seq,
                "kind": entry.kind,
                "effective_on": entry.effective_on,
                "recorded_at": entry.recorded_at,
                "amount": event.amount,
                "actor": entry.actor,
                "status": "recorded",
                "reversed_by": None,
            }
        elif isinstance(event, EntryReversed) and event.entry in found:
            found[event.entry] |= {"status": "reversed", "reversed_by": entry.seq}
    return found


def _same(listed: list[Row], expected: list[Row]) -> None:
    assert len(listed) == len(expected)
    for row, wanted in zip(listed, expected, strict=True):
        assert {name: row[name] for name in wanted} == wanted


def test_grants_are_listed_with_status_and_award_as_they_were(grown: Connection) -> None:
    entries = _entries(grown)
    for at in _moments(entries, Random("grants")):
        expected = list(_grants(entries, at).values())
        _same(_listed(grown, "grants", at), expected)
        for status in ("applied", "approved", "settled", "cancelled", "withdrawn"):
            those = [row for row in expected if row["status"] == status]
            _same(_listed(grown, "grants", at, status=status), those)
        for programme in ("prototype", "domestic_patent"):
            those = [row for row in expected if row["programme"] == programme]
            _same(_listed(grown, "grants", at, programme=programme), those)


def test_claims_are_listed_with_what_was_accepted_as_they_were(grown: Connection) -> None:
    entries = _entries(grown)
    company = next(e.event.company for e in entries if isinstance(e.event, CostsClaimed))
    for at in _moments(entries, Random("claims")):
        expected = list(_claims(entries, at).values())
        _same(_listed(grown, "claims", at), expected)
        for status in ("undecided", "accepted"):
            those = [row for row in expected if row["status"] == status]
            _same(_listed(grown, "claims", at, status=status), those)
        those = [row for row in expected if row["company"] == company]
        _same(_listed(grown, "claims", at, company=company), those)


def test_payments_are_listed_with_what_was_reversed_as_they_were(grown: Connection) -> None:
    entries = _entries(grown)
    for at in _moments(entries, Random("payments")):
        expected = list(_payments(entries, at).values())
        _same(_listed(grown, "payments", at), expected)
        for status in ("recorded", "reversed"):
            those = [row for row in expected if row["status"] == status]
            _same(_listed(grown, "payments", at, status=status), those)


def test_cases_are_listed_with_what_balances_say_they_use(grown: Connection) -> None:
    entries = _entries(grown)
    for at in _moments(entries, Random("cases")):
        named = {
            line.case
            for entry in entries
            if isinstance(entry.event, GrantApplied) and at.holds(entry.effective_on, entry.seq)
            for line in entry.event.lines
            if line.case
        }
        listed = _listed(grown, "cases", at)
        assert {row["case"] for row in listed} == named
        used = {row["case"]: (row["used"], row["cap"]) for row in balances(grown, "case", at)}
        for row in listed:
            assert (row["used"], row["cap"]) == used.get(row["case"], (0, None)), row


def test_a_list_of_a_past_position_is_the_list_that_was_answered_then(engine: Engine) -> None:
    then: dict[int, dict[str, list[Row]]] = {}
    for position in growing(engine.url, 1_800, 600, 1_200):
        with log.reading(engine) as connection:
            then[position] = {one.name: _listed(connection, one.name, Moment()) for one in LISTS}
    with log.reading(engine) as connection:
        for position, lists in then.items():
            for name, rows in lists.items():
                assert _listed(connection, name, Moment(seq=position)) == rows, (name, position)


# ── a small office ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def office(engine: Engine) -> Story:
    """Three grants of two companies: one paid and claimed, one refused, one new."""
    return Story(engine).given(
        say.approved(12_000_000),
        say.paid(2_000_000).but(id="pay"),
        say.claimed(say.item(1_000_000), claim="C-1"),
        say.claimed(say.item(3_000_000, evidence="E-2"), claim="C-2"),
        say.reversed_("pay", on="2025-05-02"),
        say.accept("C-1"),
        say.registered(DAON),
        say.applied(say.line(3_000_000, company=DAON), grant="G2", lead=DAON).but(
            title="광학 모듈"
        ),
        say.rejected("G2"),
        say.applied(say.line(1_000_000, company=DAON), grant="G3", lead=DAON),
    )


def _ask(story: Story, name: str, /, **named: Any) -> dict[str, Any]:
    with log.reading(story.engine) as connection:
        page: dict[str, Any] = asked(connection, name, **named)
        return page


def _ids(story: Story, name: str, /, **named: Any) -> list[Any]:
    return [next(iter(row.values())) for row in _ask(story, name, **named)["rows"]]


def test_grants_are_picked_by_what_people_know_of_them(office: Story) -> None:
    assert _ids(office, "grants") == ["G1", "G2", "G3"]
    assert _ids(office, "grants", status="rejected") == ["G2"]
    assert _ids(office, "grants", company=DAON) == ["G2", "G3"]
    assert _ids(office, "grants", company=DAON, status="applied") == ["G3"]
    assert _ids(office, "grants", name="광학") == ["G2"]
    assert _ids(office, "grants", year=2026) == []
    assert _ids(office, "grants", person=KIM.upper()) == ["G1", "G2", "G3"]
    assert _ids(office, "grants", person=LEE) == ["G1", "G2"]
    assert _ids(office, "grants", programme="prototype") == ["G1", "G2", "G3"]
    assert _ids(office, "grants", **{"from": "2031-01-01"}) == []


def test_rows_name_each_company_by_its_number_and_its_name(office: Story) -> None:
    (row, *_) = _ask(office, "grants")["rows"]
    assert (row["lead"], row["lead_name"]) == (HANBIT, "한빛정밀")
    (claim, _) = _ask(office, "claims")["rows"]
    assert (claim["company"], claim["company_name"]) == (HANBIT, "한빛정밀")


def test_claims_and_payments_are_picked_likewise(office: Story) -> None:
    assert _ids(office, "claims", status="undecided") == ["C-2"]
    assert _ids(office, "claims", grant="g1") == ["C-1", "C-2"]
    assert _ids(office, "claims", person=LEE) == ["C-1"]
    assert _ids(office, "claims", programme="domestic_patent") == []
    (paid,) = _ask(office, "payments", company=HANBIT)["rows"]
    assert (paid["status"], paid["amount"]) == ("reversed", 2_000_000)
    assert paid["reversed_by"] > paid["seq"]
    assert _ids(office, "payments", status="recorded") == []
    assert _ids(office, "payments", grant="G1", kind="disbursed") == [paid["seq"]]
    assert _ids(office, "payments", recorded_to="2000-01-01") == []
    assert _ids(office, "payments", recorded_from=paid["recorded_at"]) == [paid["seq"]]


def test_companies_are_active_or_excluded_on_the_day(office: Story) -> None:
    office.given(say.excluded(DAON, on="2025-07-01", until="2025-12-31"))
    on = {"as_of": "2025-08-01"}
    assert _ids(office, "companies", status="excluded", **on) == [DAON]
    assert _ids(office, "companies", status="active", **on) == [HANBIT]
    assert _ids(office, "companies", status="excluded", as_of="2026-01-01") == []
    assert _ids(office, "companies", name="한빛") == [HANBIT]


def test_the_catalogue_is_listed_in_its_own_order(office: Story) -> None:
    found = _ask(office, "programmes")["rows"]
    assert len(found) == 17
    assert found[0]["programme"] == "field_customised"
    assert found[0]["categories"] == ["new_technology_development"]
    assert _ask(office, "programmes", as_of="2004-12-31")["rows"][0]["terms"] is None


def test_an_empty_ledger_has_empty_lists(engine: Engine) -> None:
    story = Story(engine)
    for name in ("grants", "claims", "payments", "cases", "companies"):
        page = _ask(story, name)
        assert (page["rows"], page["after"], page["complete"]) == ([], None, True)
        assert page["totals"]["count"] == 0


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_pages_do_not_shift_while_others_record(office: Story) -> None:
    first = _ask(office, "grants", status="applied", limit=1)
    assert (first["after"], first["totals"]["count"]) == (None, 1)
    first = _ask(office, "grants", limit=2)
    assert [row["grant"] for row in first["rows"]] == ["G1", "G2"]
    assert first["totals"] is None
    office.given(say.withdrawn("G3"), say.applied(say.line(1_000, company=DAON), grant="G4"))
    rest = _ask(office, "grants", limit=2, after=first["after"])
    assert [(row["grant"], row["status"]) for row in rest["rows"]] == [("G3", "applied")]
    assert (rest["after"], rest["position"]) == (None, first["position"])
    assert _ids(office, "grants") == ["G1", "G2", "G3", "G4"]


def test_a_page_that_looks_at_too_many_says_from_where_to_go_on(
    office: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHUNK", 1)
    monkeypatch.setattr(pages, "MOST", 1)
    page = _ask(office, "grants", name="광학")
    assert (page["rows"], page["complete"], page["totals"]) == ([], False, None)
    found: list[Any] = []
    while page["after"]:
        page = _ask(office, "grants", name="광학", after=page["after"])
        found += [row["grant"] for row in page["rows"]]
    assert found == ["G2"]
    assert page["complete"]


@pytest.mark.parametrize(
    ("name", "after"),
    [
        *(("grants", after) for after in ("x", "", "claims.1.1", "grants.1", "grants.-1.2")),
        *(("grants", f"grants.20.{place}") for place in ("x", "", "21", "-5", "٣", "9" * 25)),
        *(("grants", after) for after in ("grants.9999.1", "grants.٢٠.1")),
        *(
            ("claims", "claims.20.C-1"),
            ("programmes", "programmes.20.no"),
            ("cases", "cases.20.DP-1"),
        ),
    ],
)
def test_a_cursor_that_is_none_or_of_another_list_is_a_wrong_call(
    office: Story, name: str, after: str
) -> None:
    with pytest.raises(Misused, match=r"goes on|positions 0 to"):
        _ask(office, name, after=after)


def test_a_cursor_goes_on_as_of_its_own_position_whatever_instant_is_named(
    office: Story,
) -> None:
    first = _ask(office, "grants", limit=1, known_at="9999-12-30")
    office.given(say.applied(say.line(1_000, company=DAON), grant="G4"))
    rest = _ask(office, "grants", known_at="9999-12-30", after=first["after"])
    assert [row["grant"] for row in rest["rows"]] == ["G2", "G3"]
    assert rest["position"] == first["position"]
    with pytest.raises(Misused, match=f"as of position {first['position']}"):
        _ask(office, "grants", at_seq=office.size, after=first["after"])


@pytest.mark.parametrize("name", ["grants", "claims", "payments", "companies"])
def test_what_was_recorded_later_does_not_leave_a_list_of_the_past_unfinished(
    grown: Connection, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Nor does what was recorded outside of what is asked about."""
    whole = asked(grown, name, limit=1_000)
    row_of = {"grants": "grant", "claims": "claim", "companies": "business_number"}
    at_seq = next(
        position
        for position in range(18, whole["position"])
        if asked(grown, name, at_seq=position)["totals"]["count"] == 3
    )
    monkeypatch.setattr(pages, "MOST", 4)
    monkeypatch.setattr(pages, "CHUNK", 4)
    page = asked(grown, name, at_seq=at_seq)
    key = row_of.get(name, "seq")
    assert [row[key] for row in page["rows"]] == [row[key] for row in whole["rows"][:3]]
    assert (page["complete"], page["after"], page["totals"]["count"]) == (True, None, 3)
    if name != "companies":
        for named in ({"recorded_to": "2000-01-01"}, {"from": "9999-12-31"}):
            page = asked(grown, name, **named)
            assert (page["rows"], page["complete"], page["after"]) == ([], True, None)


def test_a_person_is_looked_for_among_those_who_had_acted_by_the_moment(office: Story) -> None:
    assert _ids(office, "grants", person=LEE, as_of="2025-02-15") == []
    assert _ids(office, "grants", person=LEE, as_of="2025-03-01") == ["G1", "G2"]
    (paid,) = _ids(office, "payments")
    assert _ids(office, "payments", person=PARK) == [paid]
    assert _ids(office, "payments", person=PARK, as_of="2025-05-01") == []


def test_a_filter_that_names_what_is_not_there_is_no_empty_list(office: Story) -> None:
    for name, named in (
        ("grants", {"company": "999-99-99999"}),
        ("grants", {"programme": "nothing"}),
        ("claims", {"grant": "G9"}),
        ("payments", {"company": "999-99-99999"}),
        ("cases", {"programme": "nothing"}),
    ):
        with pytest.raises(NotFound):
            _ask(office, name, **named)
    with pytest.raises(Misused):
        _ask(office, "grants", status="lost")
