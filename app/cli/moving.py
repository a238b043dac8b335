"""Moving house at the command line: the log out, the log in, a copy of the file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from app.cli import exits
from app.cli.door import Door
from app.cli.language import in_words
from app.cli.printing import as_line, print_done, print_json, print_line
from app.cli.progress import Progress, progress
from app.cli.streams import standard_input
from app.cli.terminal import styled
from ledger import log
from ledger.database.address import sqlite_url
from ledger.database.atomic_files import written
from ledger.database.backup import backup as backup_to
from ledger.errors import Misused
from ledger.transparency.notes import Checkpoint
from projections.replay import transfer
from projections.replay.verify import Verified

_LINES = 1_000


def export(door: Door, to: str | None) -> int:
    """Write every event as a line of JSON: printed, or to a file that is whole or not there."""
    with (
        door.opened() as application,
        log.reading(application.engine) as connection,
        progress("export") as advance,
        _printed() if to is None else written(Path(to), application.engine.mode) as out,
    ):
        head = log.read_head(connection)
        for event in transfer.exported(connection, advance):
            out.write(as_line(event))
    if to is not None:
        _say(door, {"file": to, "events": head.size, "root": head.root})
    return exits.DONE


def load(door: Door, file: str, checkpoints: Sequence[Checkpoint]) -> int:
    """Load what was exported into a new ledger."""
    with _opened(file) as lines, progress("load") as advance:
        found = transfer.load(door.ledger, _counted(lines, file, advance), checkpoints)
    facts: dict[str, Any] = {
        "ledger": door.shown,
        "events": found.events,
        "root": found.root,
        "ahead": told_ahead(found),
    }
    _say(door, facts)
    if not door.json:
        print_ahead(found)
    return exits.DONE


def told_ahead(found: Verified) -> dict[str, Any] | None:
    """What of a log lies ahead of now, for programs: from which position, how many seconds."""
    ahead = found.ahead
    return {"seq": ahead.seq, "seconds": int(ahead.by.total_seconds())} if ahead else None


def print_ahead(found: Verified) -> None:
    """A notice of what lies ahead of now: a clock was wrong, or is; the record itself is whole."""
    if found.ahead:
        print_line(
            styled(
                ("!", "yellow"),
                " ",
                in_words(
                    "from event {seq:,} on, instants lie up to {by} ahead of now: a clock ran "
                    "ahead, or this one is behind",
                    seq=found.ahead.seq,
                    by=found.ahead.by,
                ),
            )
        )


def backup(door: Door, file: str) -> int:
    """Copy a SQLite ledger, and say what the copy holds."""
    with door.opened("open_as_it_is") as application, progress("backup") as advance:
        backup_to(application.engine, Path(file), advance)
    made = Door(ledger=sqlite_url(Path(file).absolute()))
    with made.opened("open_as_it_is") as copy, log.reading(copy.engine) as connection:
        head = log.read_head(connection)
    _say(door, {"file": file, "events": head.size, "root": head.root})
    return exits.DONE


def _say(door: Door, facts: dict[str, Any]) -> None:
    if door.json:
        print_json(facts)
    else:
        place = facts.get("file") or facts["ledger"]
        events, root = facts["events"], facts["root"]
        print_done(
            in_words(
                "{place}: {events:,} events, root {root}", place=place, events=events, root=root
            )
        )


@contextmanager
def _printed() -> Iterator[IO[str]]:
    yield sys.stdout


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield standard_input()
        return
    try:
        lines = Path(file).open("rb")  # noqa: SIM115  # closed below, where reading has ended
    except OSError as error:
        raise Misused("{path} cannot be read: {reason}", path=file, reason=error.strerror) from None
    with lines:
        yield lines


def _counted(lines: IO[bytes], file: str, advance: Progress | None) -> Iterator[bytes]:
    """The lines; the progress is told how many bytes are read, of how many."""
    total = 0 if file == "-" else Path(file).stat().st_size
    done = 0
    for number, line in enumerate(lines):
        done += len(line)
        if advance is not None and number % _LINES == 0:
            advance(done, total)
        yield line
