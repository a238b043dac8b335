"""One thread writes for all: who waits goes along together, in turns, and is told the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from app.sequencer import MOST, OF_ONE, WAITING, NotBegun, Outcome, Sequencer
from commands.execute import Request, execute_requests, read
from commands.parse import Asked, Invalid
from commands.receipts import Failed, Receipt
from ledger.database.engine import Engine
from ledger.errors import Busy, Unavailable
from projections.replay.verify import verify
from tests.benchmarks.workload import number_of
from tests.commands.test_failures import _budget, without_terms
from tests.steps import pay

__all__ = ["without_terms"]


class Turns:
    """The real execution, which can be held up, and whose transactions are looked at."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.begun, self.go_on = Event(), Event()
        self.go_on.set()
        self.parts: list[list[int]] = []

    def __call__(self, requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        self.parts.append([len(request.items) for request in requests])
        self.begun.set()
        assert self.go_on.wait(30)
        yield from execute_requests(self.engine, requests)


Begin = Callable[[Engine], tuple[Sequencer, Turns]]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start a sequencer on a ledger; it is stopped in the end."""
    started: list[tuple[Sequencer, Turns]] = []

    def begun(engine: Engine) -> tuple[Sequencer, Turns]:
        turns = Turns(engine)
        sequencer = Sequencer(turns)
        started.append((sequencer, turns))
        sequencer.start()
        return sequencer, turns

    yield begun
    for sequencer, turns in started:
        turns.go_on.set()
        sequencer.stop()


def _company(place: int, **more: Any) -> Asked | Invalid:
    return read(
        {
            "command": "register_company",
            "actor": "kim",
            "business_number": number_of(place),
            "name": f"기업 {place}",
            "party_type": "company",
            "size": "sme",
            **more,
        },
        "server",
    )


def _statuses(future: Future[list[Outcome]]) -> list[str]:
    return [outcome.status for outcome in future.result(30)]


def test_what_comes_together_is_recorded_together_and_each_once(
    engine: Engine, begin: Begin
) -> None:
    sequencer, turns = begin(engine)
    with ThreadPoolExecutor(16) as many:
        futures = list(many.map(lambda place: sequencer.submit([_company(place)]), range(200)))
        outcomes = [outcome for future in futures for outcome in future.result(30)]
    assert {outcome.status for outcome in outcomes} == {"recorded"}
    positions = [event for one in outcomes if isinstance(one, Receipt) for event in one.events]
    assert len(set(positions)) == 200
    assert sum(map(len, turns.parts)) == 200
    assert sequencer.waiting == 0
    verify(engine)


def test_who_waits_goes_along_in_the_next_transaction(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    first = sequencer.submit([_company(1)])
    assert turns.begun.wait(30)
    others = [sequencer.submit([_company(place)]) for place in range(2, 12)]
    assert sequencer.waiting == 10
    turns.go_on.set()
    assert [_statuses(one) for one in (first, *others)] == [["recorded"]] * 11
    assert turns.parts == [[1], [1] * 10]


def test_a_long_list_lets_others_have_their_turn(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    first = sequencer.submit([_company(0)])
    assert turns.begun.wait(30)
    many = 3 * OF_ONE + 1
    long = sequencer.submit([_company(place) for place in range(1, many + 1)])
    single = sequencer.submit([_company(5_000)])
    turns.go_on.set()
    assert _statuses(first) == _statuses(single) == ["recorded"]
    assert _statuses(long) == ["recorded"] * many
    assert turns.parts[1:] == [[OF_ONE, 1], [OF_ONE], [OF_ONE], [1]]


def test_a_transaction_has_at_most_so_many_commands(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    sequencer.submit([_company(0)])
    assert turns.begun.wait(30)
    lists = [
        sequencer.submit([_company(1_000 * one + place) for place in range(OF_ONE)])
        for one in range(1, 12)
    ]
    turns.go_on.set()
    assert [_statuses(one) for one in lists] == [["recorded"] * OF_ONE] * 11
    assert [sum(parts) for parts in turns.parts] == [1, MOST, OF_ONE]


def test_a_list_stops_at_a_refusal_and_no_other_does(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    sequencer.submit([_company(1)])
    assert turns.begun.wait(30)
    twice = [_company(2), _company(2), _company(3)]
    stopping = sequencer.submit(twice, stop_on_refusal=True)
    going_on = sequencer.submit([_company(4), _company(4), _company(5)])
    turns.go_on.set()
    assert _statuses(stopping) == ["recorded", "refused"]
    assert _statuses(going_on) == ["recorded", "refused", "recorded"]


@pytest.mark.tampers
def test_what_fails_outside_the_rules_fails_alone(without_terms: Engine, begin: Begin) -> None:
    sequencer, turns = begin(without_terms)
    turns.go_on.clear()
    sequencer.submit([read(_budget(1), "server")])
    assert turns.begun.wait(30)
    raw = [_budget(2), pay(5).command, _budget(3)]
    alone = [sequencer.submit([read(one, "server")]) for one in raw]
    turns.go_on.set()
    assert [_statuses(one) for one in alone] == [["recorded"], ["failed"], ["recorded"]]


def test_while_nothing_was_begun_it_can_be_taken_out(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    first = sequencer.submit([_company(1)])
    assert turns.begun.wait(30)
    second = sequencer.submit([_company(2)])
    assert second.cancel()
    assert not first.cancel()
    turns.go_on.set()
    assert _statuses(first) == ["recorded"]
    assert _statuses(sequencer.submit([_company(2)])) == ["recorded"], "it was recorded before"


def test_too_many_are_told_at_once(engine: Engine, begin: Begin) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    sequencer.submit([_company(0)])
    assert turns.begun.wait(30)
    full = sequencer.submit([_company(place) for place in range(1, WAITING + 1)])
    with pytest.raises(NotBegun):
        sequencer.submit([_company(9_000)])
    assert full.cancel()


def test_who_stops_answers_what_is_under_way_and_refuses_what_waits(
    engine: Engine, begin: Begin
) -> None:
    sequencer, turns = begin(engine)
    turns.go_on.clear()
    first = sequencer.submit([_company(1)])
    assert turns.begun.wait(30)
    waiting = sequencer.submit([_company(2), _company(3)])
    with ThreadPoolExecutor(1) as beside:
        stopped = beside.submit(sequencer.stop)
        while sequencer.is_alive:
            pass
        turns.go_on.set()
        stopped.result(30)
    assert _statuses(first) == ["recorded"]
    outcomes = waiting.result(30)
    assert [type(one.error) for one in outcomes if isinstance(one, Failed)] == [NotBegun] * 2
    with pytest.raises(NotBegun):
        sequencer.submit([_company(4)])


@pytest.mark.parametrize("error", [Busy("held"), Unavailable("gone")])
def test_a_transaction_that_does_not_come_about_is_told_to_all_in_it(
    error: Unavailable,
) -> None:
    def executing(requests: Sequence[Request]) -> Iterator[tuple[int, Outcome]]:
        raise error
        yield

    sequencer = Sequencer(executing)
    sequencer.start()
    outcomes = sequencer.submit([_company(place) for place in range(OF_ONE + 2)]).result(30)
    errors = [one.error for one in outcomes if isinstance(one, Failed)]
    assert errors[:OF_ONE] == [error] * OF_ONE
    assert [type(one) for one in errors[OF_ONE:]] == [NotBegun] * 2
    sequencer.stop()


def test_an_empty_request_is_over_at_once(engine: Engine, begin: Begin) -> None:
    sequencer, _ = begin(engine)
    assert sequencer.submit([]).result(30) == []
