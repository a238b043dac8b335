"""A case and an event, whole; and events picked out by what they are about, by whom, and when."""

from __future__ import annotations

from typing import Any

import pytest

from ledger import log
from ledger.database.engine import Engine
from ledger.errors import Misused, NotFound
from projections.questions.table import QUESTIONS, THINGS
from tests import steps as say
from tests.asked import asked
from tests.given import Story
from tests.steps import DAON, HANBIT, KIM, LEE


def _ask(story: Story, name: str, **named: Any) -> Any:
    with log.reading(story.engine) as connection:
        return asked(connection, name, **named)


@pytest.fixture
def filed(engine: Engine) -> Story:
    """A case under two years, identified in between, of one company; another claims nothing."""
    return Story(engine).given(
        say.registered(),
        say.registered(DAON),
        say.opened(2025),
        say.opened(2026),
        say.budgeted(programme="domestic_patent"),
        say.applied(say.line(1_400_000, case="DP-1"), programme="domestic_patent"),
        say.approve(on="2025-02-01"),
        say.paid(400_000, case="DP-1", on="2025-03-01").but(id="pay"),
        say.identified("DP-1", "10-2025-0000001"),
        say.reversed_("pay"),
    )


def test_a_case_is_shown_with_its_number_its_money_and_its_events(filed: Story) -> None:
    shown = _ask(filed, "case", case="dp 1")
    assert (shown["case"], shown["application_number"]) == ("DP-1", "10-2025-0000001")
    (row,) = shown["balances"]
    assert (row["case"], row["used"]) == ("DP-1", 1_400_000)
    assert [line["grant"] for line in shown["lines"]] == ["G1"]
    kinds = [event["kind"] for event in shown["events"]]
    assert kinds == [
        "grant-applied",
        "grant-approved",
        "disbursed",
        "case-identified",
        "entry-reversed",
    ]


def test_a_case_has_no_number_before_it_was_known_and_is_not_there_before_its_application(
    filed: Story,
) -> None:
    events = _ask(filed, "case", case="DP-1")["events"]
    applied, identified = events[0]["seq"], events[3]["seq"]
    before = _ask(filed, "case", case="DP-1", at_seq=identified - 1)
    assert before["application_number"] is None
    with pytest.raises(NotFound) as missing:
        _ask(filed, "case", case="DP-1", at_seq=applied - 1)
    assert missing.value.wording == "no-case-then"


def test_an_event_is_shown_with_what_it_moved_and_by_what_it_was_reversed(filed: Story) -> None:
    paid = next(one for one in _ask(filed, "events") if one["kind"] == "disbursed")
    shown = _ask(filed, "event", seq=paid["seq"])
    (flow,) = shown["moved"]
    assert (flow["source"], flow["target"], flow["won"]) == ("committed", "advanced", 400_000)
    assert shown["reversed_by"] == filed.size
    assert shown["leaf_hash"] == paid["leaf_hash"]
    before = _ask(filed, "event", seq=paid["seq"], at_seq=filed.size - 1)
    assert before["reversed_by"] is None


def test_an_event_that_is_not_there_is_a_wrong_call(filed: Story) -> None:
    with pytest.raises(Misused):
        _ask(filed, "event", seq=filed.size + 1)
    with pytest.raises(NotFound):
        _ask(filed, "event", seq=0)
    with pytest.raises(NotFound):
        _ask(filed, "event", seq=filed.size, as_of="2025-01-01")


def test_events_are_picked_by_person_kind_day_and_what_they_are_about(filed: Story) -> None:
    everything = _ask(filed, "events")
    assert [one["seq"] for one in everything] == list(range(1, filed.size + 1))
    for named, is_meant in (
        ({"actor": KIM.upper()}, lambda one: one["actor"] == KIM),
        ({"actor": LEE, "kind": "grant-approved"}, lambda one: one["kind"] == "grant-approved"),
        ({"from": "2025-02-01", "to": "2025-02-28"}, lambda one: "2025-02" in one["effective_on"]),
        ({"case": "DP1", "kind": "disbursed"}, lambda one: one["kind"] == "disbursed"),
        ({"company": DAON}, lambda one: one["data"].get("business_number") == DAON),
        ({"via": "cli"}, lambda one: one["via"] == "cli"),
    ):
        found = _ask(filed, "events", **named)
        assert found == [one for one in everything if is_meant(one)], named
    tail = _ask(filed, "events", after=filed.size - 3, limit=2)
    assert tail == everything[-3:-1]
    assert {one["data"]["grant"] for one in _ask(filed, "events", grant="g1")} == {"G1"}
    assert HANBIT in str(_ask(filed, "events", company=HANBIT))


def test_events_are_picked_by_when_they_were_recorded(filed: Story) -> None:
    everything = _ask(filed, "events")
    third = everything[2]["recorded_at"]
    from_then_on = _ask(filed, "events", recorded_from=third)
    assert from_then_on == everything[2:]
    assert _ask(filed, "events", recorded_to=third) == everything[:3]
    assert _ask(filed, "events", recorded_to="2000-01-01") == []
    assert _ask(filed, "events", recorded_from="2000-01-01") == everything


def test_events_of_a_claim_are_its_own(engine: Engine) -> None:
    story = Story(engine).given(
        say.approved(12_000_000),
        say.claimed(say.item(1_000_000), claim="C-1"),
        say.claimed(say.item(2_000_000, evidence="E-2"), claim="C-2"),
        say.accept("C-1"),
    )
    found = _ask(story, "events", claim="c-1")
    assert [one["kind"] for one in found] == ["costs-claimed", "claim-accepted"]


def test_every_question_stands_in_the_table_once_and_its_model_says_what_it_is() -> None:
    models = [asked_.model for asked_ in QUESTIONS.values()]
    assert len(set(models)) == len(QUESTIONS)
    for asked_ in QUESTIONS.values():
        assert asked_.model.__doc__, asked_.name
        for name, field in asked_.model.model_fields.items():
            assert field.description, (asked_.name, name)
    assert {thing.name for thing in THINGS} == {
        "grant",
        "company",
        "programme",
        "claim",
        "case",
        "event",
    }
