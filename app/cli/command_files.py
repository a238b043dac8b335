"""Files of commands, as JSON lines: each is read once, checked whole, and only then given out.

What is checked is what is run: a file is copied into an unnamed one (of which nothing is left,
whatever ends the program), so that one that grows or is replaced meanwhile, or a pipe, is no other
than it was. A line is read with a bound, so that no input takes more memory than that.
"""

from __future__ import annotations

import tempfile
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from app.cli.streams import standard_input
from commands.file_ids import FileOfCommands
from commands.parse import Asked, Invalid, decoded
from ledger.errors import Misused, Unavailable

LONGEST_LINE_BYTES = 1 << 20
"""Five times a command with a thousand lines of a grant."""

_IN_MEMORY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A command, or what is wrong with it, and where it stands."""

    file: str
    number: int
    item: Asked | Invalid

    @property
    def place(self) -> str:
        """`payments.jsonl:12`."""
        return f"{self.file}:{self.number}"


@contextmanager
def lines_of(files: Iterable[str], again: str = "") -> Iterator[Iterator[Line]]:
    """The commands of several files in order, each under an id; `-` is standard input.

    `Misused` where one cannot be read, is not UTF-8 or is cut off: then nothing is given out.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as copy:
        kept = []
        for file in files:
            name = "standard input" if file == "-" else file
            with _opened(file) as opened, _room_for(name):
                kept.append((name, _keep(name, opened, copy)))
        with _room_for("the last of it"):
            copy.seek(0)
        yield (line for name, size in kept for line in _commands(name, copy, size, again))


@contextmanager
def _room_for(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "{name} cannot be kept while it is read: {reason}; make room where temporary files "
            "go, or name another folder as TMPDIR",
            name=name,
            reason=error.strerror,
        ) from None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield standard_input()
        return
    path = Path(name)
    if not path.exists():
        raise Misused("there is no file {name}", name=name)
    try:
        file = path.open("rb")
    except OSError as error:
        raise Misused("{path} cannot be read: {reason}", path=name, reason=error.strerror) from None
    with file:
        yield file


def _keep(name: str, file: BinaryIO, copy: IO[bytes]) -> int:
    """Copy a file, and see whether it is whole and UTF-8; how many bytes the copy has."""
    text, number, line, size = getincrementaldecoder("utf-8")(), 1, b"", 0
    while piece := _read(name, file):
        try:
            text.decode(piece)
        except UnicodeDecodeError:
            raise Misused(
                "{name} is not UTF-8 in line {number}; nothing of it was recorded",
                name=name,
                number=number,
            ) from None
        size += copy.write(piece)
        line = (line + piece)[: LONGEST_LINE_BYTES + 1]
        if piece.endswith(b"\n"):
            number, line = number + 1, b""
    if text.getstate()[0] or _is_unfinished(line):
        raise Misused(
            "{name} is cut off in the middle of line {number}; nothing of it was recorded",
            name=name,
            number=number,
        )
    return size + (copy.write(b"\n") if line else 0)  # so that the next file begins a line


def _is_unfinished(line: bytes) -> bool:
    """Whether a last line without a line feed has lost its end."""
    if len(line) > LONGEST_LINE_BYTES:
        return False  # which is told of that line
    text = _text(line)
    return bool(text) and isinstance(_decoded(text), Invalid)


def _read(name: str, file: BinaryIO) -> bytes:
    try:
        return file.readline(LONGEST_LINE_BYTES)
    except OSError as error:
        raise Misused(
            "{path} cannot be read: {reason}", path=name, reason=error.strerror or error
        ) from None


def _commands(name: str, copy: IO[bytes], size: int, again: str) -> Iterator[Line]:
    commands = FileOfCommands(again)
    for number, line in enumerate(_bounded(copy, size), start=1):
        if len(line) > LONGEST_LINE_BYTES:
            yield Line(name, number, _too_long())
        elif text := _text(line):
            yield Line(name, number, commands.read(_decoded(text), "cli"))


def _bounded(copy: IO[bytes], size: int) -> Iterator[bytes]:
    """The lines of so many bytes; of one that is too long the beginning alone, a byte too long."""
    while size and (line := copy.readline(LONGEST_LINE_BYTES + 1)):
        rest, size = line, size - len(line)
        while rest and not rest.endswith(b"\n"):
            rest = copy.readline(LONGEST_LINE_BYTES + 1)
            size -= len(rest)
        yield line


def _text(line: bytes) -> str:
    """What stands in a line, without the mark that some editors leave in front."""
    return line.decode("utf-8-sig").strip()


def _decoded(text: str) -> object:
    try:
        return decoded(text)
    except Invalid as invalid:
        return invalid


def _too_long() -> Invalid:
    return Invalid(
        f"a line is longer than {LONGEST_LINE_BYTES:,} bytes",
        f"한 줄이 {LONGEST_LINE_BYTES:,}바이트를 넘습니다",
    )
