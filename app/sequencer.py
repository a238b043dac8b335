"""Waiting commands gathered into one transaction after another: one thread writes for all.

It takes whatever waits and never waits for more to come, so that a single command is as quick as
by itself, and hundreds that come together share one flush to the disk. Requests take turns: of a
long list only a part goes along each time, and delays nobody for long.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import TypeAlias

from commands.execute import Request, failed
from commands.parse import Asked, Invalid
from commands.receipts import Failed, Receipt
from ledger.errors import Busy, Unavailable

MOST = 500
"""Commands of one transaction."""

OF_ONE = 50
"""Of these, at most so many of one request."""

WAITING = 2_000
"""Commands that may wait; who comes then is told at once."""

Outcome: TypeAlias = Receipt | Failed
Executing: TypeAlias = Callable[[Sequence[Request]], Iterator[tuple[int, Outcome]]]
"""What executes requests in one transaction, as `commands/execute.py` does."""

_logger = logging.getLogger(__name__)


class NotBegun(Busy):
    """The turn of a command did not come: nothing of it was recorded."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request with what came of it so far; all of that is in its future once it is over."""

    whole: Request
    outcomes: list[Outcome] = field(default_factory=list)
    future: Future[list[Outcome]] = field(default_factory=Future)

    @property
    def left(self) -> int:
        """How many of its commands are still to be executed."""
        stopped = any(map(self.whole.stops_at, self.outcomes[-1:]))
        return 0 if stopped else len(self.whole.items) - len(self.outcomes)

    def next_part(self, room: int) -> Request:
        """What of it goes along in one transaction."""
        begun = len(self.outcomes)
        most = begun + min(room, OF_ONE)
        return Request(self.whole.items[begun:most], self.whole.stop_on_refusal)

    def fail(self, error: Exception, many: int) -> None:
        """So many of its commands fail with an error outside the rules."""
        for item in self.whole.items[len(self.outcomes) :][:many]:
            if self.left:
                self.outcomes.append(failed(item, error))


class Sequencer:
    """The one writer of a process: takes requests in, and executes them in turns."""

    def __init__(self, executing: Executing) -> None:
        self._executing = executing
        self._waiting: deque[_Waiting] = deque()
        self._commands = 0
        self._changed = Condition()
        self._stopping = False
        self._writer = Thread(target=self._write, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._writer.start()

    def stop(self) -> None:
        """Finish and answer the transaction under way; what waits is told that it had no turn."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._writer.join()

    @property
    def is_alive(self) -> bool:
        """Whether somebody writes."""
        return self._writer.is_alive() and not self._stopping

    @property
    def waiting(self) -> int:
        """How many commands wait for their turn."""
        return self._commands

    def submit(
        self, items: Sequence[Asked | Invalid], *, stop_on_refusal: bool = False
    ) -> Future[list[Outcome]]:
        """Take a request in: the outcomes of its commands, in order, once they are durable.

        Where the ledger cannot be reached or written they are `Failed`: with `Busy`, of which
        `NotBegun` is one, nothing was recorded; with any other error that is not known. The future
        can be cancelled as long as nothing was begun. Raises `NotBegun` where too many commands
        wait already, or the writer stops.
        """
        request = _Waiting(Request(items, stop_on_refusal))
        with self._changed:
            if self._stopping:
                raise _stopping()
            if self._commands and self._commands + len(items) > WAITING:
                raise NotBegun(
                    "{many} commands wait already: nothing was recorded", many=self._commands
                )
            self._waiting.append(request)
            self._commands += len(items)
            self._changed.notify()
        return request.future

    def _write(self) -> None:
        while batch := self._next_batch():
            self._execute(batch)
            self._answer(request for request, _ in batch)
        for request in self._waiting:
            if request.outcomes or request.future.set_running_or_notify_cancel():
                request.fail(_stopping(), request.left)
                request.future.set_result(request.outcomes)

    def _next_batch(self) -> list[tuple[_Waiting, Request]]:
        """What goes along in the next transaction; nothing once the writer is to stop."""
        batch: list[tuple[_Waiting, Request]] = []
        with self._changed:
            while not batch:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if self._stopping:
                    break
                batch = list(self._taken())
        return batch

    def _taken(self) -> Iterator[tuple[_Waiting, Request]]:
        """A part of each request that waits, in order, as long as there is room."""
        room = MOST
        while room and self._waiting:
            request = self._waiting.popleft()
            self._commands -= request.left
            if request.outcomes or request.future.set_running_or_notify_cancel():
                part = request.next_part(room)
                room -= len(part.items)
                yield request, part

    def _execute(self, batch: Sequence[tuple[_Waiting, Request]]) -> None:
        """Execute a batch in one transaction, and note what came of it."""
        begun = [len(request.outcomes) for request, _ in batch]
        try:
            for place, outcome in self._executing([part for _, part in batch]):
                batch[place][0].outcomes.append(outcome)
        except Exception as error:
            if not isinstance(error, Unavailable):
                _logger.exception("a transaction failed")
            some_are_told = any(
                len(request.outcomes) > before
                for (request, _), before in zip(batch, begun, strict=True)
            )
            for (request, part), before in zip(batch, begun, strict=True):
                missing = before + len(part.items) - len(request.outcomes)
                if some_are_told and missing:  # they went one by one, and this one failed
                    request.fail(error, 1)
                    error, missing = NotBegun("the command before it failed"), missing - 1
                request.fail(error, missing)
                request.fail(NotBegun("what was sent with it failed"), request.left)

    def _answer(self, requests: Iterator[_Waiting]) -> None:
        """Tell those whose request is over; the others wait again, behind who came meanwhile."""
        for request in requests:
            if request.left:
                with self._changed:
                    self._waiting.append(request)
                    self._commands += request.left
            else:
                request.future.set_result(request.outcomes)


def _stopping() -> NotBegun:
    return NotBegun("the server stops: nothing was recorded; send it again to the next one")
