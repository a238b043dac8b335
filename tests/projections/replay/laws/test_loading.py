"""A log that comes from elsewhere is held to the laws before any of it is taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from ledger import log
from ledger.database.engine import Engine, connect
from ledger.envelope import Entry, as_json, canonical, hash_of
from ledger.errors import Corrupt
from projections.replay.laws import Broken
from projections.replay.transfer import exported, load
from projections.replay.verify import verify
from tests import steps as say
from tests.given import Given

Event = dict[str, Any]


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is no ledger yet, on the engine in turn."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'loaded.db'}"
    url: str = request.getfixturevalue("postgres").create_database()
    return url


def _lines(engine: Engine, change: Callable[[list[Event]], None] = lambda _: None) -> list[bytes]:
    """The log as `export` writes it, something in it changed and all hashes right again."""
    with log.reading(engine) as connection:
        events = list(exported(connection))
    change(events)
    return [_rehashed(event) for event in events]


def _rehashed(event: Event) -> bytes:
    envelope = canonical({name: event[name] for name in event if name != "leaf_hash"})
    return json.dumps(as_json(envelope, hash_of(envelope))).encode()


def _told(given: Given) -> Engine:
    return given(say.approved(15_000_000), say.paid(4_000_000), say.paid(1_000_000)).engine


FORGERIES: dict[str, tuple[str, Callable[[Event], None]]] = {
    "a fortune paid in the year 9999": (
        "future-dated",
        lambda event: event.update(
            effective_on="9999-12-31",
            data=event["data"]
            | {"amount": 10**14, "draws": [{"bucket": "committed", "amount": 10**14}]},
        ),
    ),
    "a fortune": (
        "result",
        lambda event: event["data"].update(
            amount=10**14, draws=[{"bucket": "committed", "amount": 10**14}]
        ),
    ),
    "the awarder pays": ("four-eyes", lambda event: event.update(actor="LEE")),
    "a reference that stands": (
        "duplicate-payment",
        lambda event: event["data"].update(bank_ref="BANK A"),
    ),
    "nobody paid": ("invalid", lambda event: event.update(actor="")),
    "somebody unseen paid": ("invalid", lambda event: event.update(actor="ki\u200bm")),
    "a person passes for the scheduler": (
        "invalid",
        lambda event: event.update(actor="Scheduler"),
    ),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_log_is_not_loaded_and_nothing_of_it_is_left(
    given: Given, empty_url: str, how: str
) -> None:
    law, forge = FORGERIES[how]
    engine = given(
        say.approved(15_000_000), say.paid(4_000_000, bank_ref="BANK-A"), say.paid(1_000_000)
    ).engine
    lines = _lines(engine, lambda events: forge(events[-1]))
    with pytest.raises(Broken) as broken:
        load(empty_url, lines)
    assert broken.value.law == law, str(broken.value)
    assert broken.value.seq == len(lines)
    loaded = connect(empty_url)
    with (
        pytest.raises(Corrupt, match=r"no ledger|no such table"),
        log.reading(loaded) as connection,
    ):
        log.read_head(connection)
    loaded.dispose()


def test_a_log_cut_off_within_a_closing_is_not_loaded(given: Given, empty_url: str) -> None:
    engine = given(say.approved(15_000_000), say.opened(2026), say.closed(2025)).engine
    with pytest.raises(Broken, match="its command is not whole"):
        load(empty_url, _lines(engine)[:-1])


def test_what_lies_ahead_of_now_is_a_notice_and_breaks_no_law(given: Given, empty_url: str) -> None:
    story = given(say.approved(15_000_000))
    size = story.size
    later = datetime.now(UTC) + timedelta(days=1000)
    with freeze_time(later):
        story.given(say.paid(4_000_000), say.paid(1))
    found = verify(story.engine)
    assert found.ahead is not None
    assert found.ahead.seq == size + 1
    assert timedelta(days=999) < found.ahead.by <= timedelta(days=1000)
    loaded = load(empty_url, _lines(story.engine))
    assert loaded.ahead is not None
    assert (loaded.root, loaded.ahead.seq) == (found.root, found.ahead.seq)


def test_a_whole_log_lies_nowhere_ahead(given: Given) -> None:
    assert verify(_told(given)).ahead is None


def test_late_entries_among_many_are_held_day_by_day(given: Given, empty_url: str) -> None:
    """Entries dated back again and again: each is held against the days after it."""
    story = given(say.approved(15_000_000))
    for month in range(12, 3, -1):
        story.given(say.paid(1_000_000, on=f"2025-{month:02d}-01"))
    lines = _lines(story.engine)
    assert load(empty_url, lines).events == len(lines)
    entry = Entry.from_envelope(
        canonical(
            {name: value for name, value in json.loads(lines[-1]).items() if name != "leaf_hash"}
        )
    )
    assert entry.effective_on == "2025-04-01"
