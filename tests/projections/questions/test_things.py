"""One thing, whole, at any moment: what it says, and that a healthy ledger always answers."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ledger import log
from ledger.database.engine import Engine
from ledger.errors import NotFound
from ledger.terms import catalogue
from projections.facts.claims import Claim
from projections.facts.companies import Company
from projections.facts.grants import Grant, Line
from projections.questions import lookup
from projections.questions.naming import company_names
from projections.questions.snapshot import Moment
from projections.questions.table import QUESTIONS
from tests import steps as say
from tests.asked import asked, snapshot_of
from tests.benchmarks.workload import grow
from tests.given import Story
from tests.steps import DAON, HANBIT, KIM, LEE, NURI

TODAY = "2026-06-15"
FOREVER = "9999-12-31"
Thing = dict[str, Any]


def _shown(story: Story, what: str, name: str, at: Moment | None = None) -> Thing:
    with log.reading(story.engine) as connection:
        return _asked(connection, what, name, at or Moment())


def _asked(connection: Connection, what: str, name: str, at: Moment) -> Thing:
    named = {QUESTIONS[what].names: name, "as_of": at.day, "at_seq": at.seq}
    found: Thing = asked(connection, what, TODAY, **named)
    return found


# ── a grant ──────────────────────────────────────────────────────────────────────────────────


def test_a_grant_of_two_years_is_shown_after_a_closing_that_lapsed_another_in_between(
    engine: Engine,
) -> None:
    """The events of one command that are the grant's own need not lie side by side."""
    story = Story(engine).given(
        say.opened(2023),
        say.opened(2024),
        say.opened(2025),
        say.budgeted(year=2023),
        say.budgeted(year=2024),
        say.applied(
            say.line(5_000_000, year=2023), say.line(4_000_000, year=2024), on="2023-02-01"
        ),
        say.approve(on="2023-03-01"),
        say.carried_over(2_000_000, year=2023),
        say.closed(2023),
        say.approve(on="2024-03-01"),
        say.approved(say.line(3_000_000, year=2024, company=DAON), grant="G2"),
        say.closed(2024),
    )
    for at in (Moment(), Moment(FOREVER), Moment(seq=story.size), Moment(FOREVER, story.size)):
        found = _shown(story, "grant", "G1", at)
        held = {line["year"]: line["balance"] for line in found["lines"]}
        assert (held[2023]["lapsed"], held[2023]["carried"]) == (5_000_000, 0)
        assert (held[2024]["lapsed"], held[2024]["committed"]) == (4_000_000, 0)
        kinds = [event["kind"] for event in found["events"]]
        assert kinds.count("award-lapsed") == 3
    with log.reading(engine) as connection:
        for seq in range(1, story.size + 1):
            for day in ("2023-03-01", "2024-01-31", "2025-01-31"):
                _is_there(connection, "grant", "G1", Moment(day, seq))


@pytest.fixture
def told(engine: Engine) -> Story:
    """A consortium with claims of both, an acceptance reversed and given anew, and an end."""
    return Story(engine).given(
        say.approved(8_000_000, say.line(6_000_000, company=DAON)),
        say.paid(2_000_000),
        say.claimed(
            say.item(1_000_000, evidence="E-1"), say.item(500_000, evidence="E-2"), claim="C1"
        ),
        say.claimed(700_000, claim="C2", company=DAON),
        say.accept("C1", disallow=("E-2",)).but(id="acceptance"),
        say.accept("C2"),
        say.reversed_("acceptance", on="2025-07-15"),
        say.accept("C1", on="2025-07-10"),
        say.amended(7_000_000),
        say.paid(350_000, company=DAON, on="2025-08-02"),
        say.returned(300_000, on="2025-08-03"),
        say.returned(950_000, on="2025-08-04"),
        say.settled(),
    )


def test_what_is_folded_for_a_moment_after_everything_is_what_is_stored(told: Story) -> None:
    """And what is stored is held against a fold of the whole log by `verify`."""
    now = _shown(told, "grant", "G1")
    assert now["status"] == "settled"
    for at in (Moment(FOREVER), Moment(seq=told.size), Moment(FOREVER, told.size)):
        assert _shown(told, "grant", "G1", at) == now
    for claim in ("C1", "C2"):
        assert _shown(told, "claim", claim, Moment(FOREVER)) == _shown(told, "claim", claim)
    with log.reading(told.engine) as connection:
        stored = snapshot_of(connection).rows
        lines = {line.company: line for line in stored.group(Line, "G1").values()}
        claims = [lookup.claim(stored, name) for name in ("C1", "C2")]
    assert {line["company"]: line["earned"] for line in now["lines"]} == {
        company: line.earned for company, line in lines.items()
    }
    assert [(one["claim"], one["accepted_by"], one["earned"]) for one in now["claims"]] == [
        (claim.claim, claim.accepted_by, claim.earned) for claim in claims
    ]


def test_at_every_moment_a_grant_and_its_claims_are_shown_or_were_not_there(told: Story) -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 12, 28)]
    shown = 0
    for at in (
        *(Moment(day) for day in days),
        *(Moment(seq=seq) for seq in range(told.size + 1)),
        *(Moment(day, seq) for day in days[::4] for seq in range(0, told.size + 1, 3)),
    ):
        with log.reading(told.engine) as connection:
            for what, name in (("grant", "G1"), ("claim", "C1"), ("claim", "C2")):
                shown += _is_there(connection, what, name, at)
    assert shown > 50


def test_a_grant_says_of_each_event_why_and_what_it_was_about(told: Story) -> None:
    events = _shown(told, "grant", "G1")["events"]
    said = {event["kind"]: event for event in events}
    assert said["entry-reversed"]["reason"] == "입력 오류"
    assert said["award-amended"]["reason"] == "계획 변경"
    first = next(event for event in events if event["kind"] == "claim-accepted")
    assert said["entry-reversed"]["entry"] == first["seq"]
    assert first["claim"] == "C1"
    assert said["disbursed"]["reason"] is None


@pytest.mark.parametrize(
    ("step", "kind", "reason"),
    [
        (say.rejected(), "grant-rejected", "사업계획 미흡"),
        (say.withdrawn(), "grant-withdrawn", "사업 포기"),
    ],
)
def test_a_grant_that_came_to_nothing_says_why(
    engine: Engine, step: say.Step, kind: str, reason: str
) -> None:
    found = _shown(Story(engine).given(say.applied(1_000), step), "grant", "G1")
    assert [(event["kind"], event["reason"]) for event in found["events"]] == [
        ("grant-applied", None),
        (kind, reason),
    ]


def test_a_cancellation_a_carry_over_and_an_order_say_why(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(8_000_000),
        say.paid(2_000_000),
        say.ordered_back(500_000),
        say.carried_over(1_000_000),
        say.cancelled(),
    )
    reasons = {event["kind"]: event["reason"] for event in _shown(story, "grant", "G1")["events"]}
    assert reasons["recovery-ordered"] == "부당 집행"
    assert reasons["carried-over"] == "장비 납품 지연"
    assert reasons["grant-cancelled"] == "목적 외 사용"


def test_of_several_years_of_work_everything_is_shown_at_any_moment(engine: Engine) -> None:
    grow(engine.url, 1_800)
    chance = Random("any moment")
    with log.reading(engine) as connection:
        size, stored = log.read_head(connection).size, snapshot_of(connection).rows
        things = [("grant", one.grant) for one in stored.where(Grant)]
        things += [("claim", one.claim) for one in stored.where(Claim)]
        things += [("company", one.business_number) for one in stored.where(Company)]
        days = [row.day for row in connection.execute(text("SELECT DISTINCT day FROM postings"))]
        shown = 0
        for what, name in chance.sample(things, 150):
            seq, day = chance.randrange(size), chance.choice(days)
            for at in (Moment(day), Moment(seq=seq), Moment(day, seq)):
                shown += _is_there(connection, what, name, at)
            now = _asked(connection, what, name, Moment())
            assert _asked(connection, what, name, Moment(seq=size)) == now
            if what != "company":  # whose size and exclusion change again one day
                assert _asked(connection, what, name, Moment(FOREVER)) == now
    assert shown > 100


def _is_there(connection: Connection, what: str, name: str, at: Moment) -> bool:
    try:
        found = _asked(connection, what, name, at)
    except NotFound as missing:
        if missing.wording not in ("no-grant-then", "no-claim-then", "no-company-then"):
            raise
        return False
    days = [event["effective_on"] for event in found["events"]]
    return what == "company" or at.day is None or max(days) <= at.day


# ── a claim ──────────────────────────────────────────────────────────────────────────────────


def test_a_claim_says_who_accepted_it_and_when_and_what_else_happened_to_it(told: Story) -> None:
    claim = _shown(told, "claim", "C1")
    assert (claim["claimed_by"], claim["accepted_by"]) == (KIM, LEE)
    assert claim["accepted_on"] == "2025-07-10"
    assert [event["kind"] for event in claim["events"]] == [
        "costs-claimed",
        "claim-accepted",
        "entry-reversed",
        "claim-accepted",
    ]
    before = _shown(told, "claim", "C1", Moment("2025-05-31"))
    assert (before["status"], before["accepted_by"]) == ("undecided", None)
    assert [event["kind"] for event in before["events"]] == ["costs-claimed"]


def test_a_claim_whose_acceptance_was_reversed_was_accepted_by_nobody(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(8_000_000),
        say.accepted(1_000_000).but(id="acceptance"),
        say.reversed_("acceptance"),
    )
    claim = _shown(story, "claim", "C1")
    assert (claim["status"], claim["accepted_on"], claim["accepted_by"]) == (
        "undecided",
        None,
        None,
    )


# ── a company ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def registered_late(engine: Engine) -> Story:
    """A company whose registration is dated after its first payment, as a late entry may be."""
    return Story(engine).given(
        say.register(HANBIT, on="2025-09-01"),
        say.approved(8_000_000),
        say.paid(2_000_000),
        say.reclassified(HANBIT, "mid_size", on="2025-06-01"),
        say.excluded(HANBIT, on="2025-10-01", until="2025-10-31"),
        say.readmitted(HANBIT, on="2025-10-15"),
    )


def test_a_company_is_there_on_every_day_a_registration_has_no_day_to_wait_for(
    registered_late: Story,
) -> None:
    for day, size, events in (
        ("2025-04-01", "sme", ["company-registered"]),
        ("2025-06-01", "mid_size", ["company-registered", "company-reclassified"]),
    ):
        found = _shown(registered_late, "company", HANBIT, Moment(day))
        assert (found["name"], found["size"]) == ("한빛정밀", size)
        assert found["balances"][0]["advanced"] == 2_000_000
        assert [event["kind"] for event in found["events"]] == events


def test_a_company_is_excluded_on_the_days_and_at_the_positions_that_say_so(
    registered_late: Story,
) -> None:
    size = registered_late.size
    for day, at_seq, until in (
        ("2025-09-30", None, None),
        ("2025-10-01", None, "2025-10-31"),
        ("2025-10-14", None, "2025-10-31"),
        ("2025-10-15", None, None),
        ("2025-10-15", size - 1, "2025-10-31"),
        ("2025-10-15", size - 2, None),
    ):
        found = _shown(registered_late, "company", HANBIT, Moment(day, at_seq))
        assert found["excluded_until"] == until, (day, at_seq)
    reasons = [event["reason"] for event in _shown(registered_late, "company", HANBIT)["events"]]
    assert reasons == [None, None, "부정수급", "제재 해제"]


def test_at_a_position_before_its_registration_a_company_was_not_there(
    registered_late: Story,
) -> None:
    with log.reading(registered_late.engine) as connection:
        seq = lookup.company(snapshot_of(connection).rows, HANBIT).seq
    assert _shown(registered_late, "company", HANBIT, Moment(seq=seq))["size"] == "sme"
    with pytest.raises(NotFound) as missing:
        _shown(registered_late, "company", HANBIT, Moment(seq=seq - 1))
    assert missing.value.wording == "no-company-then"


def test_a_company_shows_its_own_events_and_lines_and_nobody_elses(told: Story) -> None:
    found = _shown(told, "company", DAON)
    assert {row["company"] for row in found["lines"]} == {DAON}
    assert {event["kind"] for event in found["events"]} == {"company-registered"}


def test_a_university_has_no_size(engine: Engine) -> None:
    story = Story(engine).given(say.registered(NURI))
    assert _shown(story, "company", NURI)["size"] is None


# ── a programme ──────────────────────────────────────────────────────────────────────────────


def test_a_programme_tells_how_each_cell_of_the_published_table_was_read(engine: Engine) -> None:
    story = Story(engine)
    for published in catalogue():
        found = _shown(story, "programme", published.slug)
        assert found["detail"] == published.detail
        assert found["notes"] == list(published.notes)
        assert found["assumed"] == list(published.assumed)
        assert found["terms"]["source"] == published.terms.source


def test_notes_are_those_of_the_edition_in_force(engine: Engine) -> None:
    story = Story(engine).given(say.revised(on="2025-06-01"))
    before, now = (
        _shown(story, "programme", "prototype", at) for at in (Moment("2025-05-31"), Moment())
    )
    assert before["notes"]
    assert (now["detail"], now["notes"], now["assumed"]) == (None, [], [])
    assert len(now["editions"]) == 2
    known = _shown(story, "programme", "prototype", Moment(seq=story.size - 1))
    assert (known["notes"], len(known["editions"])) == (before["notes"], 1)


def test_before_it_was_known_and_before_its_first_day_a_programme_has_no_terms(
    engine: Engine,
) -> None:
    story = Story(engine)
    early = _shown(story, "programme", "prototype", Moment("2004-12-31"))
    assert (early["terms"], early["notes"]) == (None, [])
    with pytest.raises(NotFound) as missing:
        _shown(story, "programme", "prototype", Moment(seq=0))
    assert missing.value.wording == "no-programme-then"


# ── a renamed company ────────────────────────────────────────────────────────────────────────


def test_a_company_is_shown_under_the_name_of_the_day_and_position_that_are_asked_about(
    engine: Engine,
) -> None:
    """Before the day of a renaming, on it, after it, and before the ledger knew of it."""
    story = Story(engine).given(say.registered(mini_cluster="구미"))
    known = story.size
    story.given(
        say.renamed(name="한빛테크", on="2025-05-02"),
        say.renamed(mini_cluster="창원", on="2025-05-03"),
    )
    for day, name, cluster in (
        ("2025-05-01", "한빛정밀", "구미"),
        ("2025-05-02", "한빛테크", "구미"),
        ("2025-05-03", "한빛테크", "창원"),
        (None, "한빛테크", "창원"),
    ):
        shown = _shown(story, "company", HANBIT, Moment(day))
        assert (shown["name"], shown["mini_cluster"]) == (name, cluster), day
        with log.reading(engine) as connection:
            called = company_names(snapshot_of(connection, Moment(day), TODAY), [HANBIT])
        assert called == {HANBIT: name}
    for day in ("2025-05-01", "2025-06-01", None):
        shown = _shown(story, "company", HANBIT, Moment(day, known))
        assert (shown["name"], shown["mini_cluster"]) == ("한빛정밀", "구미"), day
