"""A PostgreSQL server, and its standby, are waited for, but not for ever.

A commit that no standby confirms would wait without end, and one whose waiting was cancelled is
called a success by the server although only one machine has it. Neither is believed: both end as
a broken connection, and the command's id settles it when it is sent again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Any

from sqlalchemy import Connection

from ledger.errors import Disconnected

_ALONE = "grants_alone"
_STANDBY_WAIT = "SyncRepWaitForLSN"  # the server's function that warns of a cancelled wait


def listen(connection: Any, info: dict[str, Any]) -> None:
    """Hear the server's warning that it no longer waits for the standby."""

    def noticed(diagnostic: Any) -> None:
        if diagnostic.source_function == _STANDBY_WAIT:
            info[_ALONE] = True

    connection.add_notice_handler(noticed)


@contextmanager
def answered(connection: Connection, wait_seconds: float) -> Iterator[None]:
    """A question that the server answers within the wait; else the connection is given up."""
    if connection.dialect.name == "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    timer = Timer(wait_seconds + _GRACE_SECONDS, _hang_up, [driver])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


_GRACE_SECONDS = 1.0


def check_confirmed(info: dict[Any, Any]) -> None:
    """After a commit: `Disconnected` if one machine only has it."""
    if info.pop(_ALONE, False):
        raise Disconnected("the server committed, but its standby did not confirm it")


def _hang_up(connection: Any) -> None:
    """Close our end, so that whoever waits for an answer is told; the server is not asked.

    Asking it to cancel would make it commit on one machine only.
    """
    with suppress(Exception), socket.socket(fileno=os.dup(connection.pgconn.socket)) as ours:
        ours.shutdown(socket.SHUT_RDWR)
