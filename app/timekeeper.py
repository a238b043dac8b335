"""Whether the clock may be believed, held against clocks that are not set together with it.

A clock that runs ahead would close years that people still work in. So where it disagrees with
the database server's, or was moved while this process ran, nothing is done, whoever confirms it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ledger import log, seoul
from ledger.database.failures import speaking_plainly
from ledger.errors import ClockInDoubt

if TYPE_CHECKING:
    from ledger.database.driver import Driver
    from ledger.database.engine import Engine

TOLERANCE = timedelta(minutes=1)
"""By how much two clocks may disagree."""

_ALSO_ASLEEP = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The machine's own clock, which nobody sets; on Linux the one that goes on while it sleeps."""


def machine_clock() -> timedelta:
    """How long the machine has been up, asleep or awake."""
    return timedelta(seconds=time.clock_gettime(_ALSO_ASLEEP))


def server_clock(driver: Driver) -> datetime:
    """The instant on a PostgreSQL server."""
    ((seconds,),) = driver.ask("SELECT extract(epoch FROM pg_catalog.clock_timestamp())")
    return datetime.fromtimestamp(float(seconds), UTC)


class Timekeeper:
    """Watches the clock of this process from its start on, and knows the server's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._up_since = log.now() - machine_clock()

    def check(self) -> None:
        """Raise `ClockInDoubt` where the clock disagrees with another by more than a minute."""
        moved = log.now() - machine_clock() - self._up_since
        if abs(moved) > TOLERANCE:
            raise ClockInDoubt(
                "the clock was moved by {seconds:+,.0f} seconds while this process ran, to "
                "{now}; nothing is done: set it right, then start again",
                seconds=moved.total_seconds(),
                now=_shown(log.now()),
            )
        if self._engine.dialect == "postgresql":
            self._check_with_server()

    def _check_with_server(self) -> None:
        with speaking_plainly(), self._engine.driver() as driver:
            before, theirs, after = log.now(), server_clock(driver), log.now()
        if not before - TOLERANCE <= theirs <= after + TOLERANCE:
            raise ClockInDoubt(
                "the clock of this machine says {after}, the database server's {theirs}; "
                "nothing is done: set the wrong one right, then try again",
                after=_shown(after),
                theirs=_shown(theirs),
            )


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(seoul.SEOUL):%Y-%m-%d %H:%M:%S} in Seoul"
