"""Replays tell the events that a filter concerns, and no others; differences have true numbers."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from ledger import log, reading
from ledger.database.engine import Engine
from ledger.envelope import Entry
from ledger.errors import Misused, NotFound
from projections.flows import Flow, flows
from tests import steps as say
from tests.asked import asked
from tests.given import Story
from tests.steps import DAON, HANBIT, SAEROM

PATENT = "domestic_patent"
TODAY = "2026-06-15"

Told = list[dict[str, Any]]


@pytest.fixture
def consortium(engine: Engine) -> Story:
    """One grant of two companies, each with claims; a patent grant of two cases; one rejected."""
    return Story(engine).given(
        say.approved(8_000_000, say.line(6_000_000, company=DAON)),
        say.claimed(1_000_000, claim="C1"),
        say.claimed(700_000, claim="C2", company=DAON),
        say.accept("C1"),
        say.accept("C2").but(id="acceptance"),
        say.reversed_("acceptance"),
        say.approved(
            say.line(1_000_000, case="DP-1"),
            say.line(900_000, case="DP-2"),
            grant="G2",
            programme=PATENT,
        ),
        say.claimed(
            say.item(300_000, category="application_fee"), claim="C3", grant="G2", case="DP-1"
        ),
        say.claimed(
            say.item(200_000, category="application_fee"), claim="C4", grant="G2", case="DP-2"
        ),
        say.identified("DP-1", "10-2025-0000001"),
        say.registered(SAEROM),
        say.applied(say.line(1_000_000, company=DAON), grant="G3"),
        say.rejected("G3"),
        say.revised(on="2025-12-20"),
    )


def _told(story: Story, **wanted: Any) -> Told:
    with log.reading(story.engine) as connection:
        told: Told = asked(connection, "replay", **wanted)
        return told


def _entries(story: Story) -> dict[int, Entry]:
    with log.reading(story.engine) as connection:
        found = (Entry.from_envelope(envelope) for envelope, _ in reading.read(connection))
        return {entry.seq: entry for entry in found}


def _kinds(told: Told) -> Counter[str]:
    return Counter(event["kind"] for event in told)


def _claims(story: Story, told: Told) -> list[str]:
    entries = _entries(story)
    return [entries[event["seq"]].event.claim for event in told if "claim" in event["kind"]]


# ── whom an event concerns ───────────────────────────────────────────────────────────────────


def test_a_company_is_told_its_own_claims_and_not_those_of_others_in_its_consortium(
    consortium: Story,
) -> None:
    told = _told(consortium, company=HANBIT)
    assert _claims(consortium, told) == ["C1", "C1", "C3", "C4"]
    told = _told(consortium, company=DAON)
    assert _claims(consortium, told) == ["C2", "C2"]
    assert _kinds(told)["entry-reversed"] == 1
    assert _kinds(told)["grant-approved"] == 1
    assert _kinds(told)["grant-rejected"] == 1
    assert _kinds(told)["company-registered"] == 1


def test_the_reversal_of_an_acceptance_that_earned_nothing_concerns_its_own_company_alone(
    engine: Engine,
) -> None:
    """It moves nothing and names no line: it is about what its entry was about."""
    story = Story(engine).given(
        say.approved(8_000_000, say.line(6_000_000, company=DAON)),
        say.claimed(say.item(1_000, evidence="E-1"), company=DAON),
        say.accept(disallow=("E-1",)).but(id="acceptance"),
        say.reversed_("acceptance"),
    )
    assert _kinds(_told(story, company=DAON))["entry-reversed"] == 1
    assert _kinds(_told(story, company=HANBIT))["entry-reversed"] == 0


def test_an_award_of_nothing_is_told_to_whom_it_was_given(engine: Engine) -> None:
    story = Story(engine).given(
        say.applied(8_000_000, say.line(6_000_000, company=DAON)),
        say.budgeted(),
        say.approve(8_000_000, say.line(0, company=DAON)),
    )
    (approval,) = [e for e in _told(story, company=DAON) if e["kind"] == "grant-approved"]
    assert approval["moved"] == []


def test_a_case_is_told_its_own_claims_its_number_and_no_other_case(consortium: Story) -> None:
    told = _told(consortium, case="dp 1")
    assert _claims(consortium, told) == ["C3"]
    assert [event["kind"] for event in told] == [
        "grant-applied",
        "grant-approved",
        "costs-claimed",
        "case-identified",
    ]


def test_a_programme_is_told_its_terms_its_budgets_and_its_grants(consortium: Story) -> None:
    kinds = _kinds(_told(consortium, programme="prototype"))
    assert kinds["terms-revised"] == 2
    assert kinds["budget-allocated"] == 1
    assert kinds["grant-applied"] == 2
    assert _kinds(_told(consortium, programme="prototype", company=HANBIT)) == {
        "company-registered": 1,
        "terms-revised": 2,
        "grant-applied": 1,
        "grant-approved": 1,
        "costs-claimed": 1,
        "claim-accepted": 1,
    }


NAMES: dict[str, list[Any]] = {
    "company": [HANBIT, DAON, SAEROM],
    "programme": ["prototype", PATENT],
    "year": [2025, 2026],
    "grant": ["G1", "G2", "G3"],
    "case": ["DP-1", "DP-2"],
}


def test_whatever_the_filter_every_flow_within_it_is_told_and_nobody_elses_line(
    consortium: Story,
) -> None:
    entries = _entries(consortium)
    pairs = [(name, value) for name, values in NAMES.items() for value in values]
    for many in (1, 2, 3):
        for chosen in combinations(pairs, many):
            wanted = dict(chosen)
            if len(wanted) < many:
                continue
            told = {event["seq"]: event for event in _told(consortium, **wanted)}
            for seq, entry in entries.items():
                moved = flows(entry.event, entry.effective_on)
                within = [flow for flow in moved if _is_within(flow, wanted)]
                assert len(told[seq]["moved"] if seq in told else []) == len(within), wanted
            for seq in told:
                _names_what_is_wanted(entries[seq], wanted)


def _is_within(flow: Flow, wanted: dict[str, Any]) -> bool:
    return all(getattr(flow, name) == value for name, value in wanted.items())


def _names_what_is_wanted(entry: Entry, wanted: dict[str, Any]) -> None:
    """What an event about one line, one company or one case says of itself is what was asked."""
    said = vars(entry.event) | {"company": getattr(entry.event, "business_number", None)}
    said |= vars(entry.event)
    for name, value in wanted.items():
        assert said.get(name) in (None, value), (entry, wanted)


# ── spans ────────────────────────────────────────────────────────────────────────────────────


def test_a_span_of_days_or_positions_shows_a_part_with_the_balance_of_all_before(
    consortium: Story,
) -> None:
    whole = _told(consortium, grant="G1")
    assert _told(consortium, from_seq=whole[2]["seq"], grant="G1") == whole[2:]
    assert _told(consortium, to_seq=whole[2]["seq"], grant="G1") == whole[:3]
    assert _told(consortium, from_seq=10**6, grant="G1") == []
    of_days = _told(consortium, from_="2025-05-01", to="2025-06-01", grant="G1")
    assert of_days == [e for e in whole if "2025-05-01" <= e["effective_on"] <= "2025-06-01"]


@pytest.mark.parametrize(
    "span",
    [
        {"from_seq": 3, "to_seq": 2},
        {"from": "2025-01-02", "to": "2025-01-01"},
    ],
)
def test_a_span_that_ends_before_it_begins_is_a_wrong_call(
    consortium: Story, span: dict[str, Any]
) -> None:
    with pytest.raises(Misused):
        _told(consortium, **span)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


def test_the_balance_of_a_part_has_no_budget(consortium: Story) -> None:
    whole = _told(consortium, programme="prototype", year=2025)[-1]["balance"]
    assert (whole["budget"], whole["available"]) == (1_000_000_000, 986_000_000)
    part = _told(consortium, grant="G1")[-1]["balance"]
    assert (part["budget"], part["available"]) == (None, None)


def test_a_difference_has_no_number_where_balances_have_none(consortium: Story) -> None:
    with log.reading(consortium.engine) as connection:
        moments = {"by": "programme", "at_seq": (0, consortium.size)}
        (part,) = asked(connection, "diff", TODAY, grant="G1", **moments)
        (whole, _) = asked(connection, "diff", TODAY, **moments)
    assert (part["before"]["committed"], part["change"]["payable"]) == (0, 500_000)
    for name in ("before", "after", "change"):
        assert (part[name]["budget"], part[name]["available"]) == (None, None)
    assert (whole["before"]["budget"], whole["change"]["budget"]) == (0, 1_000_000_000)


def test_a_history_of_what_is_not_there_is_no_empty_history(consortium: Story) -> None:
    with pytest.raises(NotFound):
        _told(consortium, case="X9")
