"""A racer, a process of its own: `python -m tests.races.racer`, started by `tests/races/track.py`.

Each task is a JSON line on standard input. The racer opens the ledger, answers `{"ready": true}`,
is told in a second line at what time to start, and answers with one line more: what it got done,
or the error that stopped it. When its input ends, it ends; when a task takes longer than there is
patience for, it says on standard error where it hangs, and dies.
"""

from __future__ import annotations

import faulthandler
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from app.scheduler import look, run, run_due
from app.timekeeper import Timekeeper
from commands.catalogue import record_catalogue
from commands.execute import dry_run, execute, execute_all
from ledger.database.engine import Engine
from projections.opening import make_ledger, open_ledger
from projections.replay.verify import verify

Task: TypeAlias = dict[str, Any]


@contextmanager
def _opened(task: Task) -> Iterator[Engine]:
    """The ledger, opened anew and left again, as a call of a program does it."""
    engine = open_ledger(task["url"], wait_seconds=task["wait"])
    try:
        yield engine
    finally:
        engine.dispose()


class _Kept:
    """The ledger, kept open from task to task while they name the same, as a server does it."""

    which: tuple[str, float] | None = None
    engine: Engine

    def open(self, task: Task) -> Engine:
        which = task["url"], task["wait"]
        if which != self.which:
            self.close()
            self.engine, self.which = open_ledger(which[0], wait_seconds=which[1]), which
        return self.engine

    def close(self) -> None:
        if self.which is not None:
            self.which = None
            self.engine.dispose()


_kept = _Kept()


# ── what a racer can be asked to do; each says when it is ready, then does it ─────────────────


def _execute(task: Task, ready: Callable[[], None]) -> list[dict[str, Any]]:
    """Execute steps, single commands or batches of them: their receipts, one after another."""
    engine = _kept.open(task)
    ready()
    return [receipt for step in task["steps"] for receipt in _step(engine, step)]


def _execute_like_calls(task: Task, ready: Callable[[], None]) -> list[dict[str, Any]]:
    """Execute steps as calls of a program would: the ledger is opened and left for each."""
    ready()
    receipts = []
    for step in task["steps"]:
        with _opened(task) as engine:
            receipts += _step(engine, step)
    return receipts


def _step(engine: Engine, step: Any) -> list[dict[str, Any]]:
    together = isinstance(step, list)
    receipts = execute_all(engine, step) if together else [execute(engine, step)]
    return [receipt.as_json() for receipt in receipts]


def _look(task: Task, ready: Callable[[], None]) -> dict[str, Any]:
    """Read all of the ledger, and ask what a command would do; nothing is written."""
    with _opened(task) as engine:
        ready()
        asked = dry_run(engine, task["ask"]).as_json()
        return {"events": verify(engine).events, "dry_run": asked}


def _run_due(task: Task, ready: Callable[[], None]) -> list[dict[str, Any]]:
    """What the year-end clock does when it wakes."""
    with _opened(task) as engine:
        ready()
        return [receipt.as_json() for receipt in run_due(engine).receipts]


def _run_confirmed(task: Task, ready: Callable[[], None]) -> list[dict[str, Any]]:
    """What the year-end clock does when a person confirms all that is due."""
    with _opened(task) as engine:
        ready()
        return [
            receipt.as_json() for receipt in run(engine, look(engine), Timekeeper(engine)).receipts
        ]


def _make(task: Task, ready: Callable[[], None]) -> int:
    """Make the ledger where none is and record the catalogue: how many programmes that were."""
    ready()
    engine = make_ledger(task["url"], wait_seconds=task["wait"])
    try:
        return record_catalogue(engine)
    finally:
        engine.dispose()


TASKS: dict[str, Callable[[Task, Callable[[], None]], Any]] = {
    "execute": _execute,
    "execute like calls": _execute_like_calls,
    "look": _look,
    "run due": _run_due,
    "run confirmed": _run_confirmed,
    "make": _make,
}


# ── being told, and answering ────────────────────────────────────────────────────────────────


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _ready() -> None:
    _say({"ready": True})
    start_at = float(sys.stdin.readline() or sys.exit("nobody gave the signal to start"))
    time.sleep(max(0.0, start_at - time.time()))


def main() -> None:
    """Do one task after another until there are no more."""
    for line in iter(sys.stdin.readline, ""):
        task = json.loads(line)
        faulthandler.dump_traceback_later(task["patience"], exit=True)
        try:
            answer = {"done": TASKS[task["do"]](task, _ready)}
        except Exception as error:
            trace = traceback.format_exc()
            answer = {"error": type(error).__name__, "text": str(error), "trace": trace}
        faulthandler.cancel_dump_traceback_later()
        _say(answer)


if __name__ == "__main__":
    main()
