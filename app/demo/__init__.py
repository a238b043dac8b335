"""`grants demo`: a story of two fiscal years, played on a new ledger with ordinary commands.

Every step of the story says what must come of it; where anything else does, the demo fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import exits
from app.cli.door import Door, Keyring
from app.cli.printing import print_json
from app.demo.cast import CLOCK
from app.demo.ending import Ending
from app.demo.script import Chapter
from app.demo.story import story
from app.demo.telling import Teller
from app.demo.turn import TURN
from commands.catalogue import ACTOR, record_catalogue
from commands.execute import execute_all
from commands.parse import Asked, parsed
from commands.receipts import Failed, Receipt
from ledger import log, reading
from ledger.envelope import Entry
from ledger.errors import Corrupt, Misused, Unavailable
from ledger.won import won

if TYPE_CHECKING:
    from app.demo.script import Command, Step
    from ledger.database.engine import Engine


def play(door: Door, keyring: Keyring) -> int:
    """Play the story and tell it; with JSON, only its receipts.

    Without a ledger named it makes `grants-demo.db` in the working directory. Raises `Misused`
    where the ledger named is in use, `Corrupt` where a step does not end as the story has it.
    """
    if door.ledger == Door().ledger:
        door = replace(door, ledger=_new_file())
    with door.opened("make_ledger", keyring) as application:
        engine = application.engine
        _require_unused(engine, door)
        record_catalogue(engine, via="cli")
        application.keys.make()
        if door.json:
            receipts = [receipt for chapter in story() for receipt in played(engine, chapter)]
            print_json([receipt.as_json(door.language) for receipt in receipts])
        else:
            _tell(engine, door)
    return exits.DONE


def _tell(engine: Engine, door: Door) -> None:
    teller = Teller(door.language)
    teller.opening(door.shown)
    then = 0
    for number, chapter in enumerate(story(), start=1):
        receipts = played(engine, chapter)
        then = then or _before(TURN, receipts)
        teller.chapter(number, chapter, receipts)
    Ending(engine, door, then).tell()


def _before(command: str, receipts: list[Receipt]) -> int:
    """The last position before a command's, or 0 if it is not among these."""
    return next((found.events[0] - 1 for found in receipts if found.id == command), 0)


def played(engine: Engine, chapter: Chapter) -> list[Receipt]:
    """The receipts of a chapter, one for each command; `Corrupt` where one is not as expected."""
    asked = list(chapter.commands())
    outcomes = execute_all(engine, [_come_in(command) for _, command in asked])
    receipts = []
    for (step, command), outcome in zip(asked, outcomes, strict=True):
        if isinstance(outcome, Failed):
            raise outcome.error
        _as_expected(step, command, outcome)
        receipts.append(outcome)
    return receipts


def _come_in(command: Command) -> Asked:
    """A command by the door of whoever gives it."""
    return parsed(command, "scheduler" if command["actor"] == CLOCK else "cli")


def _as_expected(step: Step, command: Command, receipt: Receipt) -> None:
    if (receipt.rule, receipt.fits) == (step.rule, step.fits) and receipt.status != "duplicate":
        return
    raise Corrupt(
        "the story expects {expected}, but {status}: {found}. {said} {command}",
        expected=_outcome(step.rule, step.fits),
        status=receipt.status,
        found=_outcome(receipt.rule, receipt.fits),
        said=receipt.message() or "",
        command=command,
    )


def _outcome(rule: str | None, fits: int | None) -> str:
    return f"{rule or 'recorded'}{'' if fits is None else f' (fits {won(fits)})'}"


# ── the ledger it is played on ───────────────────────────────────────────────────────────────


def _new_file() -> str:
    """The URL of a new file in the working directory; `Unavailable` if none can be made."""
    for name in _names():
        try:
            Path(name).touch(exist_ok=False)
        except FileExistsError:
            continue
        except OSError as error:
            raise Unavailable(
                "{name} cannot be made here: {reason}", name=name, reason=error.strerror
            ) from None
        return f"sqlite:///{name}"
    raise AssertionError("there is always another number")


def _names() -> Iterator[str]:
    yield "grants-demo.db"
    yield from (f"grants-demo-{number}.db" for number in count(2))


def _require_unused(engine: Engine, door: Door) -> None:
    """`Misused` where anything but the catalogue was ever recorded."""
    with log.reading(engine) as connection:
        for envelope, _ in reading.read(connection):
            entry = Entry.from_envelope(envelope)
            if entry.actor != ACTOR:
                raise Misused(
                    "{ledger} is in use (event {seq}: {kind}); the demo plays on a new ledger only",
                    ledger=door.shown,
                    seq=entry.seq,
                    kind=entry.kind,
                )
