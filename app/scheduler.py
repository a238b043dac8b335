"""The year-end clock: opens the years that have begun, closes those whose books are due.

What is due is read from the log (`projections/due.py`), and what fires is an ordinary command
whose id follows from its year. So nothing is kept between two wakes: several clocks may run at
once, and one that was off catches up at its next start, as far as no person has to confirm it.
A crash anywhere leaves whole commands or nothing of them.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

from app.late import late_days
from app.timekeeper import Timekeeper
from commands.execute import execute
from commands.receipts import Receipt
from commands.words import said
from ledger import log, seoul
from ledger.errors import ClockInDoubt, Unavailable
from ledger.names import SCHEDULER
from projections.books import Books
from projections.due import Due, due, last_recorded_on
from projections.storage.stored_rows import StoredRows

if TYPE_CHECKING:
    from apscheduler.schedulers.background import (  # type: ignore[import-untyped]  # has no types
        BackgroundScheduler,
    )

    from ledger.database.engine import Engine

AGAIN_SECONDS = 60
"""How soon the clock looks again after it could not reach the ledger."""

_logger = logging.getLogger(__name__)


def today() -> str:
    """Today in Seoul."""
    return seoul.day_of(log.now())


# ── looking, and doing it ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Done:
    """The receipts of what was tried, without what somebody else did, and what waits."""

    receipts: list[Receipt]
    waiting: list[Due]


def look(engine: Engine, closing_after_days: int | None = None) -> list[Due]:
    """Everything that is due now, in order; what waits for a person says why. Writes nothing."""
    days = late_days() if closing_after_days is None else closing_after_days
    with log.reading(engine) as connection:
        journal = log.reader(connection)
        books = Books(StoredRows(journal.driver), journal, today())
        return due(books.years(), last_recorded_on(books), books.today, days)


def run_due(
    engine: Engine,
    closing_after_days: int | None = None,
    timekeeper: Timekeeper | None = None,
) -> Done:
    """Do what is due now and waits for nobody.

    A refused receipt is one that is due still, and is tried again at the next wake. Raises
    `ClockInDoubt` where the clock is not to be believed, and `Unavailable` where the ledger cannot
    be reached; what was recorded by then stays recorded.
    """
    timekeeper = timekeeper or Timekeeper(engine)
    timekeeper.check()
    by_itself = [one for one in look(engine, closing_after_days) if not one.waits]
    return run(engine, by_itself, timekeeper, closing_after_days)


def run(
    engine: Engine,
    those: Sequence[Due],
    timekeeper: Timekeeper,
    closing_after_days: int | None = None,
) -> Done:
    """Do exactly those, in order, as a person confirmed; raises as `run_due` does."""
    tried: dict[str | None, Receipt] = {}
    for one in those:
        timekeeper.check()
        tried[one.id] = receipt = _executed(engine, one)
        _tell_recorded(receipt)
    left = look(engine, closing_after_days)
    # Refused and no longer due: somebody did it first, under whatever id.
    still_due = {one.id for one in left}
    receipts = [one for one in tried.values() if one.status != "refused" or one.id in still_due]
    _tell_refused(receipts)
    return Done(receipts, [one for one in left if one.waits and one.id not in tried])


def _executed(engine: Engine, one: Due) -> Receipt:
    # The same from every clock, to the letter: a second one is a duplicate, not a conflict.
    command = {"command": one.command, "id": one.id, "actor": SCHEDULER, "year": one.year}
    return execute(engine, command, via="scheduler")


def _tell_recorded(receipt: Receipt) -> None:
    if receipt.status == "recorded":
        first, last = receipt.events[0], receipt.events[-1]
        _logger.info("%s: recorded, events %d to %d", receipt.id, first, last)


def _tell_refused(receipts: Iterable[Receipt]) -> None:
    for receipt in receipts:
        if receipt.status == "refused":
            _logger.error(
                "%s: refused (%s), tried again at the next wake: %s",
                receipt.id,
                receipt.rule,
                receipt.message(),
            )


def _tell_waiting(waiting: Iterable[Due]) -> None:
    for one in waiting:
        if one.waits:
            _logger.warning(
                "%s: %s Confirm with: grants scheduler --once --confirm",
                one.id,
                said(one.waits, "en"),
            )


# ── waking ───────────────────────────────────────────────────────────────────────────────────


class Clock:
    """Wakes at its start and at every midnight in Seoul, and does what is due."""

    def __init__(self, engine: Engine, closing_after_days: int | None = None) -> None:
        self.engine = engine
        self.closing_after_days = closing_after_days
        self.timekeeper = Timekeeper(engine)
        self.failure: Exception | None = None
        """What ended the clock, if not a signal."""
        self._looked_on = ""
        self._ended: SimpleQueue[object] = SimpleQueue()
        self.scheduler = self._scheduler()

    def _scheduler(self) -> BackgroundScheduler:
        from apscheduler.events import (  # type: ignore[import-untyped]  # has no types
            EVENT_SCHEDULER_SHUTDOWN,
        )
        from apscheduler.executors.pool import (  # type: ignore[import-untyped]  # has no types
            ThreadPoolExecutor,
        )
        from apscheduler.jobstores.memory import (  # type: ignore[import-untyped]  # has no types
            MemoryJobStore,
        )
        from apscheduler.schedulers.background import BackgroundScheduler

        scheduler = BackgroundScheduler(
            timezone=seoul.SEOUL,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(max_workers=1)},
            # Without these a wake more than a second late would be dropped, and with it the year.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        scheduler.add_listener(self._ended.put, EVENT_SCHEDULER_SHUTDOWN)
        # One job from the start on, so that no midnight falls between a first run and the rest.
        scheduler.add_job(
            self.wake,
            "cron",
            hour=0,
            minute=0,
            second=0,
            id="year-end",
            next_run_time=datetime.now(seoul.SEOUL),
        )
        scheduler.add_job(self.look_again, "interval", seconds=AGAIN_SECONDS, id="look-again")
        return scheduler

    def wake(self) -> None:
        """Do what is due; a ledger out of reach is tried again soon, any other failure ends it.

        A clock in doubt ends it too: only a person can tell which of the clocks is wrong.
        """
        day = today()
        try:
            done = run_due(self.engine, self.closing_after_days, self.timekeeper)
        except ClockInDoubt as doubt:
            self._end(doubt)
        except Unavailable as error:
            _logger.warning("tried again in %s seconds: %s", AGAIN_SECONDS, error)
        except Exception as failure:
            self._end(failure)
        else:
            _tell_waiting(done.waiting)
            self._looked_on = day

    def _end(self, failure: Exception) -> None:
        self.failure = failure
        self._ended.put(failure)

    def look_again(self) -> None:
        """Wake if that was not done today: out of reach, asleep at midnight, or busy over it.

        Looking so often also makes up for a machine that slept: the pause until midnight is
        measured in seconds that such a machine does not count.
        """
        if self._looked_on != today():
            self.wake()

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; a command under way is finished first."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # else a line at every look
        with _signals_heard(self._ended):
            self.scheduler.start()
            self._ended.get()
            _logger.info("stopping")
            if self.scheduler.running:
                self.scheduler.shutdown(wait=True)
        if self.failure is not None:
            raise self.failure


def run_forever(engine: Engine, closing_after_days: int | None = None) -> None:
    """Do what is due now and at every midnight in Seoul, until SIGTERM or SIGINT.

    Raises whatever else than a ledger out of reach goes wrong (`ClockInDoubt`, `Corrupt`,
    `Misused`).
    """
    Clock(engine, closing_after_days).run()


@contextmanager
def _signals_heard(ended: SimpleQueue[object]) -> Iterator[None]:
    """SIGTERM and SIGINT say that it is over, where a thread may hear them at all.

    They raise nothing: raised in the middle of waking, an exception might be taken for the job's
    and get lost. A simple queue may be put to from a signal's handler.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *heard: ended.put(heard)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
