"""What a ledger holds of a stream, held against a ledger that nobody disturbed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from commands.catalogue import record_catalogue
from commands.execute import execute_all
from ledger import log
from ledger.database.engine import Engine
from projections.opening import make_ledger, open_ledger
from tests.faults.stream import STREAMS

Event = dict[str, Any]


@contextmanager
def opened(url: str, how: Callable[[str], Engine] = open_ledger) -> Iterator[Engine]:
    """A ledger, let go of afterwards, so that the next process finds it as a fault left it."""
    engine = how(url)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Undisturbed:
    """What becomes of a stream that is sent once, and of which nothing is ever disturbed."""

    ids: tuple[str, ...]
    statuses: tuple[str, ...]
    events: dict[str, list[Event]]  # by the id of the command, refused ones left out

    @property
    def order(self) -> list[Event]:
        """Every event in order."""
        return [event for events in self.events.values() for event in events]


@cache
def undisturbed(stream: str) -> Undisturbed:
    """A stream sent to a new SQLite ledger, command by command; the same on every engine."""
    commands = STREAMS[stream]()
    with (
        TemporaryDirectory() as folder,
        opened(f"sqlite:///{Path(folder) / 'grants.db'}", make_ledger) as engine,
    ):
        record_catalogue(engine)
        receipts = list(execute_all(engine, commands))
        found = told_of(engine, stream)
    ids = tuple(str(command["id"]) for command in commands)
    events: dict[str, list[Event]] = {}
    for event in found:
        events.setdefault(event["command_id"], []).append(event)
    return Undisturbed(ids, tuple(receipt.status for receipt in receipts), events)


def told_of(engine: Engine, stream: str) -> list[Event]:
    """A stream's events in order."""
    mine = {command["id"] for command in STREAMS[stream]()}
    return [event for event in told(engine) if event["command_id"] in mine]


def told(engine: Engine) -> list[Event]:
    """Every event in order, without what depends on when and how it came, or what in between.

    They are read under the log's lock, so that a commit is not missed that a PostgreSQL server is
    still busy with for a client that is dead.
    """
    with log.writing(engine) as writer:
        found = [json.loads(envelope) for envelope, _ in writer.leaves(1, writer.head.size)]
    for event in found:
        if event["kind"] == "entry-reversed":
            event["data"]["entry"] = found[event["data"]["entry"] - 1]["command_id"]
    depends = ("seq", "recorded_at", "via")
    return [{key: event[key] for key in event if key not in depends} for event in found]
