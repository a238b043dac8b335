"""Writers under load, and what became of what they sent.

A writer sends a stream of commands that is the same in every run, singly and in batches, each
with an id, and remembers in memory what was acknowledged, as a user would. Afterwards the log is
held against that: nothing acknowledged may be missing, nothing may be there twice, and what was
sent together must be there together or not at all.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from itertools import count, islice
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, TypeAlias

from commands.catalogue import record_catalogue
from commands.execute import execute, execute_all
from ledger import log, reading
from ledger.database.engine import Engine
from ledger.errors import Unavailable
from projections.opening import make_ledger, open_ledger
from projections.replay.verify import verify
from tests.faults.cluster import until

Command: TypeAlias = dict[str, Any]

WAIT = 30.0  # seconds a writer goes on by itself
AT_ONCE = 0.0  # for one that does not
WRITERS = 3
BATCH = 20
SINGLES = 12  # commands sent one by one between two batches


@contextmanager
def opened(url: str, wait: float = WAIT) -> Iterator[Engine]:
    """A ledger, open for a while."""
    engine = open_ledger(url, wait_seconds=wait)
    try:
        yield engine
    finally:
        engine.dispose()


def prepared(url: str) -> str:
    """Make a ledger in which the writers' commands will all be recorded."""
    engine = make_ledger(url)
    record_catalogue(engine)
    opening: tuple[Command, ...] = (
        {"command": "open_year", "year": 2024},
        {"command": "allocate_budget", "programme": "prototype", "year": 2024, "amount": 10**14},
    )
    for number, command in enumerate(opening):
        by = {"actor": "kim", "effective_on": "2024-01-01", "id": f"opening-{number}"}
        assert execute(engine, command | by).status == "recorded"
    engine.dispose()
    return url


def stream(writer: int) -> Iterator[Command]:
    """One grant after another, from the company's registration to its accepted claim."""
    for number in count():
        company = f"{100 + number % 900}-{10 + writer:02d}-{number // 900:05d}"
        grant, day = f"G{writer}-{number}", f"2024-{2 + number % 11:02d}-{1 + number % 28:02d}"
        line = {"company": company, "year": 2024}
        item = {
            "evidence": f"TI-{grant}",
            "category": "prototype_development",
            "supply": 10_000_000,
            "incurred_on": day,
        }
        registered = {"business_number": company, "name": f"기업 {number}", "size": "sme"}
        asked = line | {"total_cost": 30_000_000, "subsidy": 18_000_000}
        life: tuple[Command, ...] = (
            {"command": "register_company", "party_type": "company"} | registered,
            {"command": "apply", "grant": grant, "programme": "prototype", "title": "시제품"}
            | {"lead": company, "lines": [asked]},
            {"command": "approve", "grant": grant, "actor": "lee"},
            {"command": "disburse", "grant": grant, "amount": 6_000_000, "bank_ref": grant} | line,
            {"command": "claim", "claim": grant, "grant": grant, "items": [item]} | line,
            {"command": "accept_claim", "claim": grant, "actor": "lee"},
        )
        for step, command in enumerate(life):
            yield {"actor": "kim", "effective_on": day, "id": f"{grant}-{step}"} | command


def turns(commands: Iterator[Command]) -> Iterator[list[Command]]:
    """What is sent at a time: some commands one by one, then a batch, and so on."""
    while single := list(islice(commands, SINGLES)):
        yield from ([command] for command in single)
        if batch := list(islice(commands, BATCH)):
            yield batch


class Writer(Thread):
    """Somebody at work: sends, waits for the receipts, sends on.

    `acknowledged` are the receipts' statuses, one list for each turn that was answered. With
    `resends` the writer itself sends again what came back as `Unavailable`.
    """

    def __init__(
        self, url: str, number: int, *, wait: float, resends: bool = False, most: int | None = None
    ) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self.url, self.wait, self.resends = url, wait, resends
        self.turns = turns(islice(stream(number), most))
        self.sent: list[list[Command]] = []
        self.acknowledged: list[list[str]] = []
        self.said: list[Unavailable] = []
        self.failure: BaseException | None = None
        self.longest_pause = 0.0
        self.enough = Event()

    def run(self) -> None:
        """Work until the stream ends, or it is enough, or something goes wrong."""
        try:
            with opened(self.url, self.wait) as engine:
                for turn in self.turns:
                    if self.enough.is_set():
                        break
                    self.sent.append(turn)
                    self.acknowledged.append(self._receipts(engine, turn))
        except BaseException as failure:
            self.failure = failure

    def _receipts(self, engine: Engine, turn: list[Command]) -> list[str]:
        began = time.monotonic()
        while True:
            try:
                if len(turn) == 1:
                    receipts = [execute(engine, turn[0])]
                else:
                    receipts = list(execute_all(engine, turn))
            except Unavailable as unavailable:
                self.said.append(unavailable)
                if not self.resends or time.monotonic() - began > WAIT:
                    raise
                time.sleep(0.05)
            else:
                self.longest_pause = max(self.longest_pause, time.monotonic() - began)
                return [receipt.status for receipt in receipts]


class Load:
    """Several writers at once on one ledger, each with companies and grants of its own."""

    def __init__(
        self, url: str, *, wait: float = WAIT, resends: bool = False, most: int | None = None
    ) -> None:
        self.writers = [
            Writer(url, number, wait=wait, resends=resends, most=most) for number in range(WRITERS)
        ]

    @property
    def acknowledged(self) -> int:
        """How many commands were acknowledged so far."""
        return sum(len(turn) for writer in self.writers for turn in writer.acknowledged)

    def goes_on(self, commands: int = 60) -> None:
        """Wait until so many more commands were acknowledged, by every writer some of them."""
        before = [len(writer.acknowledged) for writer in self.writers]
        least = self.acknowledged + commands

        def has_gone_on() -> bool:
            for writer in self.writers:
                if writer.failure is not None:
                    raise writer.failure
            moved = (
                len(writer.acknowledged) > turns or not writer.is_alive()
                for writer, turns in zip(self.writers, before, strict=True)
            )
            return all(moved) and self.acknowledged >= least

        until(has_gone_on)

    def ends(self) -> None:
        """Wait until every writer has ended; a writer's failure is raised here."""
        for writer in self.writers:
            writer.join(2 * WAIT)
            assert not writer.is_alive(), f"{writer.name} hangs"
            if writer.failure is not None:
                raise writer.failure

    def __enter__(self) -> Self:
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for writer in self.writers:
            writer.enough.set()
        if kind is None:
            self.ends()


@dataclass(slots=True)
class Reckoning:
    """What became of what the writers sent.

    Lost: acknowledged, but not there. Duplicated: there more than once. Half-recorded: sent
    together, but not there together. Altered: an event that is not the one, or not in the place,
    where nothing goes wrong. The longest pause of a writer is in seconds.
    """

    sent: int = 0
    acknowledged: int = 0
    lost: int = 0
    duplicated: int = 0
    half_recorded: int = 0
    altered: int = 0
    longest_pause: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether everything acknowledged is there once, and all else whole or not at all."""
        return not (self.lost or self.duplicated or self.half_recorded or self.altered)

    def __add__(self, other: Reckoning) -> Reckoning:
        sums = map(add, astuple(self), astuple(other))
        return replace(Reckoning(*sums), longest_pause=max(self.longest_pause, other.longest_pause))


def reckoned(url: str, writers: Sequence[Writer]) -> Reckoning:
    """Verify the ledger, and hold it against what the writers sent and heard."""
    with opened(url) as engine:
        verify(engine)
    positions: dict[str, list[int]] = defaultdict(list)
    for event in recorded(url):
        positions[event["command_id"]].append(event["seq"])
    total = Reckoning(altered=_altered(url, writers))
    for writer in writers:
        answers: list[list[str]] = [*writer.acknowledged, []]  # the last may be owed
        for turn, statuses in zip(writer.sent, answers, strict=False):
            there = [positions[command["id"]] for command in turn]
            total.sent += len(turn)
            total.acknowledged += len(statuses)
            total.lost += there.count([]) if statuses else 0
            total.duplicated += sum(len(found) > 1 for found in there)
            total.half_recorded += not _together(there) or len(set(statuses)) > 1
        total.longest_pause = max(total.longest_pause, writer.longest_pause)
    return total


def _together(there: list[list[int]]) -> bool:
    """Whether a turn was recorded in one piece, or not at all."""
    found = [seq for positions in there for seq in positions]
    return not found or found == list(range(found[0], found[0] + len(there)))


def recorded(url: str) -> Iterator[dict[str, Any]]:
    """The events of a ledger, as their envelopes have them."""
    with opened(url) as engine, log.reading(engine) as connection:
        for envelope, _ in reading.read(connection):
            yield json.loads(envelope)


def _altered(url: str, writers: Sequence[Writer]) -> int:
    """How many events differ from what the same commands bring about where nothing goes wrong."""
    found = _stories(url)
    with TemporaryDirectory() as folder:
        undisturbed = prepared(f"sqlite:///{Path(folder, 'undisturbed.db')}")
        with opened(undisturbed) as engine:
            for writer in writers:
                list(execute_all(engine, [command for turn in writer.sent for command in turn]))
        return sum(
            mine != its
            for story, expected in _stories(undisturbed).items()
            for mine, its in zip(found[story], expected, strict=False)
        )


def _stories(url: str) -> dict[str, list[dict[str, Any]]]:
    """What each writer's commands brought about, in order, without position and instant."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in recorded(url):
        del event["seq"], event["recorded_at"]
        found[event["command_id"].partition("-")[0]].append(event)
    return found
