"""A PostgreSQL server, and its standby, are waited for, but not for ever.

A commit that no standby confirms would wait without end, and one whose waiting was cancelled is
called a success by the server although only one machine has it. Neither is believed: both end as
a broken connection, and the command's id settles it when it is sent again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from threading import Condition, Thread
from time import monotonic
from typing import Any

from ledger.database.driver import Driver
from ledger.errors import Disconnected, Unavailable

_STANDBY_WAIT = "SyncRepWaitForLSN"  # the server's function that warns of a cancelled wait


def listen(driver: Driver) -> None:
    """Hear the server's warning that it no longer waits for the standby."""

    def noticed(diagnostic: Any) -> None:
        if diagnostic.source_function == _STANDBY_WAIT:
            driver.alone = True

    driver.connection.add_notice_handler(noticed)


def answered(driver: Driver, wait_seconds: float) -> AbstractContextManager[None]:
    """A question that the server answers within the wait; else the connection is given up."""
    return _AT_HAND if driver.dialect == "sqlite" else _watched(driver, wait_seconds)


_AT_HAND = nullcontext()


@contextmanager
def _watched(driver: Driver, wait_seconds: float) -> Iterator[None]:
    _WATCH.expect(driver.connection, wait_seconds + _GRACE_SECONDS)
    try:
        yield
    finally:
        _WATCH.heard(driver.connection)


_GRACE_SECONDS = 1.0


class _Watch:
    """One thread that hangs up on servers which are expected to answer and do not.

    It looks around now and then, and sleeps when nothing was expected for a while: waking it for
    each question would cost more than asking.
    """

    def __init__(self) -> None:
        self._expected: dict[Any, float] = {}
        self._changed = Condition()
        self._asleep = True
        self._thread: Thread | None = None

    def expect(self, connection: Any, seconds: float) -> None:
        """From now on an answer is expected, within so many seconds."""
        with self._changed:
            self._expected[connection] = monotonic() + seconds
            if self._thread is None or not self._thread.is_alive():  # as after a fork
                self._thread = Thread(target=self._watch, name="watch", daemon=True)
                self._thread.start()
            elif self._asleep:
                self._changed.notify()

    def heard(self, connection: Any) -> None:
        """The answer came, or the question failed."""
        with self._changed:
            self._expected.pop(connection, None)

    def _watch(self) -> None:
        with self._changed:
            idle = 0
            while True:
                now = monotonic()
                for connection in [one for one, at in self._expected.items() if at <= now]:
                    del self._expected[connection]
                    _hang_up(connection)
                idle = 0 if self._expected else idle + 1
                self._asleep = idle > _LOOKS_BEFORE_SLEEP
                self._changed.wait(None if self._asleep else _BETWEEN_LOOKS_SECONDS)


_BETWEEN_LOOKS_SECONDS = 0.2
_LOOKS_BEFORE_SLEEP = 10


_WATCH = _Watch()


def check_confirmed(driver: Driver) -> None:
    """After a commit: `Disconnected` if one machine only has it, or a file that is gone."""
    if driver.alone:
        raise Disconnected("the server committed, but its standby did not confirm it")
    try:
        driver.check_place()
    except Unavailable as error:
        raise Disconnected(
            "the ledger's files were moved, replaced or removed while it was committed: put them "
            "in their place"
        ) from error


def _hang_up(connection: Any) -> None:
    """Close our end, so that whoever waits for an answer is told; the server is not asked.

    Asking it to cancel would make it commit on one machine only.
    """
    with suppress(Exception), socket.socket(fileno=os.dup(connection.pgconn.socket)) as ours:
        ours.shutdown(socket.SHUT_RDWR)
