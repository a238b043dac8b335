"""The side of the tests: a cradle, and the children that it forks at their bidding."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds that anything may take before it counts as hanging

Said = dict[str, Any]


class Child:
    """A process at work: what it said so far, and how it ended."""

    def __init__(self, nursery: Nursery, number: int) -> None:
        self._nursery, self.number = nursery, number
        self.said: list[Said] = []
        self._looked_at = 0
        self.code: int | None = None

    def hear(self, *words: str) -> Said:
        """Wait until the child says one of these words, and give the whole line.

        Everything else that it says before is passed over, but stays in `said`.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            while self._looked_at < len(self.said):
                line = self.said[self._looked_at]
                self._looked_at += 1
                if line["say"] in words:
                    return line
            assert self.code is None, f"ended with {self.code}, without {words}: {self.said[-3:]}"
            self._nursery.listen(deadline)

    def all(self, word: str) -> list[Said]:
        """Every line heard so far that says this word."""
        return [line for line in self.said if line["say"] == word]

    @property
    def pid(self) -> int:
        """Its process id."""
        pid = self.all("born")[0]["pid"]
        assert isinstance(pid, int)
        return pid

    def signal(self, number: signal.Signals) -> None:
        """Have the cradle send a signal, unless the child has ended."""
        self._nursery.order(of=self.number, signal=number)

    def kill(self) -> bool:
        """`kill -9`, and wait until it is dead; whether it was this that ended it."""
        self.signal(signal.SIGKILL)
        return self.ended() == -signal.SIGKILL

    def ended(self) -> int:
        """Wait until the child has ended; its exit code, or minus the signal that ended it."""
        deadline = time.monotonic() + PATIENCE
        while self.code is None:
            self._nursery.listen(deadline)
        return self.code

    def well(self) -> Self:
        """Wait until the child has ended, which must be well."""
        assert self.ended() == 0, self.said[-3:]
        return self


class Nursery:
    """A cradle process and its children; at the end none of them is left."""

    def __init__(self, *before: str) -> None:
        """Start the cradle, with other words before the command if it needs a special place."""
        self._process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.faults.cradle"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._children: list[Child] = []
        self._heard = b""
        try:
            self._child().hear("ready")
        except BaseException:
            self.close()
            raise

    def fork(self, job: str, **facts: Any) -> Child:
        """A new child that does a job of `work.JOBS`; it has been born when this returns."""
        child = self._child()
        self.order(of=child.number, job=job, **facts)
        child.hear("born")
        return child

    def order(self, **order: Any) -> None:
        """Tell the cradle what to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    @contextmanager
    def folder(self, name: str) -> Iterator[str]:
        """A new folder that is removed in the end, even if the tests are killed before."""
        with TemporaryDirectory(prefix=f"grants-{name}-", ignore_cleanup_errors=True) as folder:
            self.order(of=0, remove=folder)
            yield folder

    def done(self, job: str, **facts: Any) -> Child:
        """A child that has done its job and ended well."""
        return self.fork(job, **facts).well()

    def listen(self, deadline: float) -> None:
        """Wait for something to be said by anyone, and hand it to whom it is of."""
        assert self._process.stdout is not None
        left = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([self._process.stdout], [], [], left)
        assert ready, "nobody says anything any more"
        more = os.read(self._process.stdout.fileno(), 65536)
        assert more, "the cradle has died"
        *lines, self._heard = (self._heard + more).split(b"\n")
        for line in lines:
            said: Said = json.loads(line)
            child = self._children[said["of"]]
            if said["say"] == "died":
                child.code = said["code"]
            else:
                child.said.append(said)

    def listen_for(self, seconds: float) -> None:
        """Let the children work for a while, and hear what they say."""
        assert self._process.stdout is not None
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self._process.stdout], [], [], left)[0]:
                self.listen(until + PATIENCE)

    def close(self) -> None:
        """End the cradle and whoever is left in it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _child(self) -> Child:
        self._children.append(Child(self, len(self._children)))
        return self._children[-1]
