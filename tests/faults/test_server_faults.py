"""PostgreSQL stops, connections break: what was acknowledged stays, what was not is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count, islice

import pytest
from sqlalchemy import make_url

from commands.execute import execute, execute_all
from commands.receipts import Receipt
from ledger.database.engine import Engine
from ledger.errors import Disconnected, Unavailable
from projections.replay.verify import verify
from tests.faults.cluster import Cluster, in_background, until
from tests.faults.failover import restart, struck, terminate_a_writer
from tests.faults.proxy import Cut, Proxy
from tests.faults.writers import (
    AT_ONCE,
    WAIT,
    Command,
    Load,
    Writer,
    opened,
    prepared,
    reckoned,
    recorded,
    stream,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server that tests may stop and start."""
    with Cluster.fresh() as server:
        yield server


@pytest.fixture(scope="module")
def template(server: Cluster) -> str:
    """The name of a ledger whose year 2024 is open, with three grants approved in it."""
    url = prepared(server.create_database())
    with opened(url) as engine:
        for grant in range(3):
            list(execute_all(engine, list(islice(stream(9), grant * 6, grant * 6 + 3))))
    return make_url(url).database or ""


@pytest.fixture
def ledger(server: Cluster, template: str) -> Iterator[str]:
    """The URL of a ledger that must verify after the test, and take the next command."""
    url = server.create_database(template)
    yield url
    with opened(url) as engine:
        verify(engine)
        assert execute(engine, next(stream(8))).status == "recorded"
    server.drop_database(url)


@pytest.fixture
def proxy(ledger: str) -> Iterator[Proxy]:
    """A network to the ledger that can be cut."""
    with Proxy(ledger) as proxy:
        yield proxy


def one(engine: Engine, number: int = 0) -> list[Receipt]:
    """Register one company."""
    return [execute(engine, next(registrations(number)))]


def batch(engine: Engine, number: int = 0) -> list[Receipt]:
    """Register five companies in one transaction."""
    return list(execute_all(engine, list(islice(registrations(5 * number), 5))))


def year_end(engine: Engine, _: int = 0) -> list[Receipt]:
    """Close the year: one command, many events."""
    close = {"command": "close_year", "year": 2024, "id": "close", "actor": "kim"}
    return [execute(engine, close | {"effective_on": "2025-02-01"})]


def registrations(first: int) -> Iterator[Command]:
    """Companies to register, from one on."""
    return islice(stream(7), 6 * first, None, 6)


Sending = Callable[..., list[Receipt]]
whatever_is_sent = pytest.mark.parametrize("send", [one, batch, year_end])
before_and_after = pytest.mark.parametrize(
    ("where", "settled"), [("before", "recorded"), ("after", "duplicate")]
)


def are_once_in(url: str, receipts: list[Receipt]) -> None:
    """Every command is there whole and once, where its receipt says."""
    events = list(recorded(url))
    for receipt in receipts:
        found = [event["seq"] for event in events if event["command_id"] == receipt.id]
        assert found == receipt.events != []


def each_message(proxy: Proxy, where: Cut) -> Iterator[int]:
    """Cut the next connection at its first message, then one at its second, until none is left."""
    for message in count():
        proxy.cut_all()
        proxy.cut(where, b"", passing=message)
        yield message
        if not proxy.has_cut:
            proxy.spare()
            assert message > 5, "that was not a whole conversation"
            return


def is_plain(error: Unavailable) -> None:
    """One sentence of the ledger's own, not a database's report."""
    said = str(error)
    assert said
    assert not [word for word in ("\n", "psycopg", "sqlalche", "[sql") if word in said.lower()]


def test_writers_go_on_by_themselves_through_three_restarts(server: Cluster, ledger: str) -> None:
    result = struck(ledger, 3, partial(restart, server))
    assert result.is_whole
    assert result.sent == result.acknowledged


def test_without_a_wait_writers_are_told_at_once_and_may_send_the_same_again(
    server: Cluster, ledger: str
) -> None:
    with Load(ledger, wait=AT_ONCE, resends=True) as load:
        load.goes_on()
        restart(server)
        load.goes_on()
    assert reckoned(ledger, load.writers).is_whole
    for writer in load.writers:
        assert writer.said
        for error in writer.said:
            is_plain(error)


def test_what_a_writer_had_in_hand_is_there_whole_or_not_at_all(
    server: Cluster, ledger: str
) -> None:
    writer = Writer(ledger, 0, wait=AT_ONCE)
    writer.start()
    until(lambda: len(writer.acknowledged) > 20)
    restart(server, pause=0)
    writer.join(WAIT)
    assert isinstance(writer.failure, Unavailable)
    assert reckoned(ledger, [writer]).is_whole
    in_hand = writer.sent[-1]
    known = {event["command_id"] for event in recorded(ledger)}
    expected = "duplicate" if in_hand[0]["id"] in known else "recorded"
    with opened(ledger) as engine:
        receipts = list(execute_all(engine, in_hand))
    assert {receipt.status for receipt in receipts} == {expected}


@whatever_is_sent
@before_and_after
def test_a_commit_that_is_cut_off_is_settled_by_itself(
    proxy: Proxy, ledger: str, send: Sending, where: Cut, settled: str
) -> None:
    with opened(proxy.url) as engine:
        proxy.cut(where)
        receipts = send(engine)
    assert proxy.has_cut
    assert {receipt.status for receipt in receipts} == {settled}
    are_once_in(ledger, receipts)


@whatever_is_sent
@before_and_after
def test_without_a_wait_a_commit_that_is_cut_off_is_settled_by_sending_the_same_again(
    proxy: Proxy, ledger: str, send: Sending, where: Cut, settled: str
) -> None:
    with opened(proxy.url, AT_ONCE) as hasty:
        proxy.cut(where)
        with pytest.raises(Disconnected) as told:
            send(hasty)
    is_plain(told.value)
    with opened(ledger) as engine:
        receipts = send(engine)
    assert {receipt.status for receipt in receipts} == {settled}
    are_once_in(ledger, receipts)


def test_a_writer_is_told_under_which_id_to_send_it_again(proxy: Proxy) -> None:
    (command,) = islice(registrations(0), 1)
    with opened(proxy.url, AT_ONCE) as hasty:
        proxy.cut("after")
        with pytest.raises(Disconnected, match=command["id"]):
            one(hasty)


@pytest.mark.parametrize("where", ["before", "within", "after"])
def test_wherever_the_connection_breaks_the_error_is_plain_and_a_batch_there_once(
    proxy: Proxy, ledger: str, where: Cut
) -> None:
    """Each message from the connection's first to the commit is cut, one after the other."""
    receipts = []
    with opened(proxy.url, AT_ONCE) as hasty, opened(ledger) as patient:
        for message in each_message(proxy, where):
            try:
                receipts += batch(hasty, message)
            except Unavailable as error:
                is_plain(error)
                receipts += batch(patient, message)
    are_once_in(ledger, receipts)


def test_wherever_the_connection_breaks_a_writer_with_a_wait_gets_its_receipt(
    proxy: Proxy, ledger: str
) -> None:
    receipts = []
    with opened(proxy.url) as engine:
        for message in each_message(proxy, "after"):
            receipts += batch(engine, message)
    are_once_in(ledger, receipts)


def test_a_connection_that_broke_while_idle_is_noticed_before_it_is_used(proxy: Proxy) -> None:
    with opened(proxy.url, AT_ONCE) as engine:
        for number in range(3):
            (receipt,) = one(engine, number)
            assert receipt.status == "recorded"
            proxy.cut_all()


def test_connections_terminated_in_the_middle_leave_nothing_half_recorded(
    server: Cluster, ledger: str
) -> None:
    assert struck(ledger, 5, partial(terminate_a_writer, server, ledger)).is_whole


def test_a_server_that_never_answers_is_given_up_after_the_wait(proxy: Proxy) -> None:
    with opened(proxy.url, AT_ONCE) as engine:
        proxy.cut_all()
        proxy.cut("silence", b"user")
        with pytest.raises(Unavailable) as told:
            in_background(lambda: one(engine)).result(20)
    is_plain(told.value)


def test_a_commit_that_is_never_answered_is_given_up_after_the_wait(
    proxy: Proxy, ledger: str
) -> None:
    with opened(proxy.url, 1.0) as engine:
        proxy.cut("silence", b"COMMIT")
        with suppress(Disconnected):  # or it is settled already, over another connection
            in_background(lambda: one(engine)).result(15)
    with opened(ledger) as engine:
        are_once_in(ledger, one(engine))
