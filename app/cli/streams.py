"""The three standard streams: whether they are there, and whether anybody reads.

A program may be started with any of them closed, full, or with a reader that leaves.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from select import POLLERR, poll
from typing import BinaryIO, TextIO

from ledger.errors import Misused


class Untold(Exception):
    """What was done could not be printed: raised from the `OSError` that says why."""


def prepare() -> None:
    """Make the streams ready: UTF-8, and nothing else ever under their numbers.

    Raises `Misused` where there is no standard output to answer on.
    """
    _occupy()
    output = sys.stdout
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # until the end
    for stream in filter(None, (sys.stdout, sys.stderr)):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    if output is None or not _takes_writing(output):
        raise Misused("standard output is closed: send it to a file, a program or /dev/null")


def _occupy() -> None:
    """Let no file that is opened later, such as the ledger's, get the number of a stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one


def _takes_writing(stream: TextIO) -> bool:
    number = _number(stream)
    return number is None or fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY


def _number(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (UnsupportedOperation, ValueError):  # a stream in memory, as in a test
        return None


def standard_input() -> BinaryIO:
    """Standard input, as bytes; `Misused` where it is closed."""
    if sys.stdin is None:
        raise Misused("standard input is closed: there is nothing to read")
    return sys.stdin.buffer


def require_reader() -> None:
    """Raise `BrokenPipeError` where whoever read the output has left already."""
    number = _number(sys.stdout)
    if number is not None:
        line = poll()
        line.register(number, 0)
        if any(happened & POLLERR for _, happened in line.poll(0)):
            raise BrokenPipeError


@contextmanager
def telling(done: str) -> Iterator[None]:
    """Meanwhile it is printed what was done; `Untold` says it where that cannot be."""
    try:
        yield
    except OSError as error:
        raise Untold(done) from error


def complain(sentence: str) -> None:
    """A line on standard error, if anybody can read it."""
    from app.cli.foreign import shortened, shown

    with suppress(OSError):
        sys.stderr.write(f"grants: {shown(shortened(sentence))}\n")
        sys.stderr.flush()


def finish() -> None:
    """Leave nothing that Python would write, and fail to, once the exit code is settled."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            number = _number(stream)
            if number is not None:
                os.dup2(os.open(os.devnull, os.O_WRONLY), number)
