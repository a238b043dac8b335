"""The same id twice records once; another content under it is a conflict."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from commands.execute import execute, execute_all
from ledger import log
from ledger.database.engine import Engine
from ledger.errors import Disconnected
from tests.given import Given
from tests.steps import (
    DAON,
    HANBIT,
    applied,
    apply,
    approve,
    approved,
    budgeted,
    claim,
    close_year,
    closed,
    item,
    line,
    open_year,
    opened,
    paid,
    pay,
    register,
    registered,
    reopened,
    reverse,
    reversed_,
)


def test_the_same_again_gives_the_first_positions(given: Given) -> None:
    story = given(approved(10_000))
    asked = pay(4_000).but(id="pay-1")
    first = story.when(asked).recorded().receipt
    story.given(paid(6_000))
    story.when(asked).duplicate(first)
    story.when(asked).duplicate(first)
    assert story.line() == {"advanced": 10_000}


def test_made_ids_are_given_again_too(given: Given) -> None:
    story = given(registered(), opened(), budgeted())
    asked = apply(1_000_000, grant=None).but(id="apply-1")
    first = story.when(asked).recorded().receipt
    assert first.made
    story.when(asked).duplicate(first)
    story.given(approve(on="2025-03-01", grant=first.made["grant"]))
    costs = claim(item(1, evidence="A"), claim=None, grant=first.made["grant"]).but(id="claim-1")
    second = story.when(costs).recorded().receipt
    assert second.made
    story.when(costs).duplicate(second)


def test_a_command_of_many_events_gives_all_their_positions_again(given: Given) -> None:
    story = given(approved(10_000), approved(line(5_000, company=DAON), grant="G2"))
    asked = close_year().but(id="closing")
    first = story.when(asked).recorded().receipt
    assert len(first.events) == 4
    story.when(asked).duplicate(first)
    story.given(reopened())
    story.when(asked).duplicate(first)


def test_another_content_or_another_actor_is_a_conflict(given: Given) -> None:
    story = given(approved(10_000))
    asked = pay(4_000, bank_ref="KB-1").but(id="pay-1")
    first = story.when(asked).recorded().receipt
    for other in (
        asked.but(amount=4_001),
        asked.but(actor="lee"),
        asked.but(bank_ref="kb-1"),
        asked.but(effective_on="2025-04-02"),
        asked.without("effective_on"),
        open_year(2026).but(id="pay-1"),
    ):
        story.when(other).refused(
            "idempotency-conflict", says=("pay-1", f"event {first.events[0]}")
        )
    story.when(asked).duplicate(first)


def test_what_was_left_out_stays_left_out(given: Given) -> None:
    """A default that is written down is another content."""
    story = given(registered())
    asked = apply(1_000).but(id="apply-1")
    story.when(asked).recorded()
    story.when(asked.but(partners=[])).refused("idempotency-conflict")
    in_kind = asked.but(lines=[asked.command["lines"][0] | {"in_kind": 0}])
    story.when(in_kind).refused("idempotency-conflict")


def test_blanks_hyphens_and_the_order_of_fields_make_no_other_content(given: Given) -> None:
    story = given()
    asked = register(HANBIT, mini_cluster="구미").but(id="register-1")
    first = story.when(asked).recorded().receipt
    spelled = asked.but(
        id="  register-1 ",
        name=" 한빛정밀  ",
        business_number=f" {HANBIT.replace('-', '')}",
        actor="kim ",
    )
    story.when(spelled).duplicate(first)
    story.when(dict(reversed(asked.command.items()))).duplicate(first)
    story.when(asked.but(name="한빛 정밀")).refused("idempotency-conflict")
    story.when(asked.but(id="Register-1")).refused("already-exists")


def test_a_case_in_another_spelling_is_another_content(given: Given) -> None:
    story = given(registered())
    asked = apply(line(1_000, case="P-1"), programme="domestic_patent").but(id="apply-1")
    story.when(asked).recorded()
    other = apply(line(1_000, case="p 1"), programme="domestic_patent").but(id="apply-1")
    story.when(other).refused("idempotency-conflict")


def test_the_id_of_a_refused_command_may_be_used_again(given: Given) -> None:
    story = given(approved(10_000))
    story.when(pay(10_001).but(id="pay-1")).refused("within-award", fits=10_000)
    story.when(pay(0).but(id="pay-1")).refused("invalid")
    story.when(pay(10_000).but(id="pay-1")).recorded()


def test_what_depends_on_the_books_is_judged_after_it(given: Given) -> None:
    """What was recorded is a duplicate, though it could not be recorded any more."""
    story = given(applied(10_000), budgeted(), opened(2026))
    asked = approve().but(id="approve-1")
    first = story.when(asked).recorded().receipt
    story.when(asked).duplicate(first)
    story.given(paid(10_000).but(id="pay-1"))
    story.given(reversed_("pay-1").but(id="reverse-1"), closed(2025))
    story.when(asked).duplicate(first)
    later = reverse("pay-1", on="2026-02-01").but(id="reverse-2")
    story.when(later).refused("not-reversible")


def test_a_retry_after_midnight_is_still_the_same(given: Given) -> None:
    story = given(approved(10_000), opened(2026))
    asked = pay(1_000).without("effective_on").but(id="pay-1")
    with freeze_time("2025-12-31T14:59:59Z"):
        first = story.when(asked).recorded().receipt
    with freeze_time("2025-12-31T15:00:01Z"):
        story.when(asked).duplicate(first)
    (entry,) = story.entries(first.events)
    assert entry.effective_on == "2025-12-31"


def test_one_batch_with_the_same_id_twice_records_once(engine: Engine, given: Given) -> None:
    given(approved(10_000))
    asked = pay(1_000).but(id="pay-1")
    batch = [asked.command, asked.command, asked.but(amount=2).command, pay(9_000).command]
    first, second, third, fourth = execute_all(engine, batch)
    assert [first.status, second.status, third.status, fourth.status] == [
        "recorded",
        "duplicate",
        "refused",
        "recorded",
    ]
    assert second.events == first.events
    assert third.rule == "idempotency-conflict"


def test_an_id_is_made_where_none_is_given(given: Given) -> None:
    story = given(approved(10_000))
    asked = pay(1_000)
    first = story.when(asked).recorded().receipt
    assert first.id
    story.when(asked).refused("duplicate-payment")
    story.when(asked.but(id=first.id)).duplicate(first)


def test_a_command_without_an_id_whose_commit_was_not_confirmed_is_recorded_once(
    given: Given, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was committed, its answer was lost, and it is sent again by itself under the same id."""
    given(registered(HANBIT))
    lost = [Disconnected("the cable was pulled")]

    def confirmed(_: object) -> None:
        if lost:
            raise lost.pop()

    monkeypatch.setattr(log, "check_confirmed", confirmed)
    asked = {"command": "reclassify_company", "actor": "kim", "size": "mid_size"}
    receipt = execute(engine, asked | {"business_number": HANBIT})
    assert receipt.status == "duplicate"
    with log.reading(engine) as connection:
        assert [log.read_head(connection).size] == receipt.events
