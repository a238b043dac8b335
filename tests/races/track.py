"""The track: eight racers, real processes, that start at one instant and are all waited for.

They are started once and do task after task. One that dies or hangs fails its race with what it
wrote to standard error, within `PATIENCE`; then all are ended, and the next race has new ones.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.steps import Step

ROOT = Path(__file__).parents[2]
RACERS = 8
PATIENCE = 60.0
"""Seconds that a whole race may take."""

WAIT = 30.0
"""Seconds that a racer waits for its turn to write, if not told otherwise."""

COUNTDOWN = 0.01
"""Seconds from the word to the start: time for all racers to hear it."""


class RacerLost(Exception):
    """A racer died or hung."""


@dataclass(frozen=True)
class Answer:
    """What a racer got done, or the error that stopped it: its class, text and traceback."""

    done: Any = None
    error: str | None = None
    text: str = ""
    trace: str = ""


class Racer:
    """One process, spoken to in JSON lines."""

    def __init__(self) -> None:
        self._heard = b""
        self._complaints = TemporaryFile()  # noqa: SIM115  # as long as the process: see end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.races.racer"],
            cwd=ROOT,
            env={
                name: value for name, value in os.environ.items() if not name.startswith("GRANTS")
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    def tell(self, what: object) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._lost("died before it was told") from None

    def hear(self, until: float) -> dict[str, Any]:
        """Receive one line, waiting until a monotonic time at most."""
        assert self._process.stdout is not None
        while b"\n" not in self._heard:
            left = max(0.0, until - time.monotonic())
            if not select.select([self._process.stdout], [], [], left)[0]:
                raise self._lost("hung")
            piece = os.read(self._process.stdout.fileno(), 1 << 16)
            if not piece:
                raise self._lost(f"died ({self._process.wait(PATIENCE)})")
            self._heard += piece
        line, _, self._heard = self._heard.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self, *, by_force: bool) -> None:
        """End it: by force, or by ending its input, for which it has some seconds."""
        with self._complaints, self._process as process:
            if by_force:
                process.kill()
            try:
                process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()

    def _lost(self, how: str) -> RacerLost:
        # Its offset is the racer's too, so that seeking would make the racer write over it.
        said = os.pread(self._complaints.fileno(), 1 << 20, 0).decode(errors="replace")
        return RacerLost(f"a racer {how}; on standard error it said:\n{said}")


class Track:
    """Eight racers that do a task each, at once."""

    def __init__(self) -> None:
        self._racers: list[Racer] = []

    @contextmanager
    def racing(self, tasks: Sequence[dict[str, Any]]) -> Iterator[list[Answer]]:
        """A race that goes on while the block runs; the answers are there when it has ended."""
        answers: list[Answer] = []
        until = time.monotonic() + PATIENCE
        try:
            while len(self._racers) < RACERS:
                self._racers.append(Racer())
            racers = self._racers[: len(tasks)]
            assert len(racers) == len(tasks), f"there are {RACERS} racers"
            for racer, task in zip(racers, tasks, strict=True):
                racer.tell({"wait": WAIT, "patience": PATIENCE - 5} | task)
            heard = [racer.hear(until) for racer in racers]
            start_at = time.time() + COUNTDOWN
            for racer, first in zip(racers, heard, strict=True):
                if first == {"ready": True}:
                    racer.tell(start_at)
            yield answers
            for racer, first in zip(racers, heard, strict=True):
                last = racer.hear(until) if first == {"ready": True} else first
                answers.append(Answer(**last))
        except BaseException:
            self.end(by_force=True)
            raise

    def race(self, tasks: Sequence[dict[str, Any]]) -> list[Answer]:
        """Run a race to its end; an answer for each task."""
        with self.racing(tasks) as answers:
            pass
        return answers

    def execute(self, url: str, commands: Sequence[Step]) -> list[dict[str, Any]]:
        """Race with one command each: their receipts, in the contract's shape."""
        answers = self.race([{"do": "execute", "url": url, "steps": [c.command]} for c in commands])
        return [receipt for (receipt,) in done(answers)]

    def end(self, *, by_force: bool = False) -> None:
        """End all racers; the next race has new ones."""
        while self._racers:
            self._racers.pop().end(by_force=by_force)


def done(answers: Sequence[Answer]) -> list[Any]:
    """What the racers got done; nobody may have been stopped by an error."""
    traces = {answer.trace for answer in answers if answer.error}
    assert not traces, "\n".join(traces)
    return [answer.done for answer in answers]
