"""The year-end clock from the command line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.cli import exits
from app.cli.door import Door
from app.cli.language import in_words
from app.cli.printing import print_json, print_line, receipt_line
from commands.words import said

if TYPE_CHECKING:
    from app.scheduler import Done
    from ledger.database.engine import Engine
    from projections.due import Due

CONFIRM = "grants scheduler --once --confirm"


def run_once(door: Door, *, confirm: bool) -> int:
    """Do what is due and stop: a line for each receipt, and for what waits for a person."""
    from app import scheduler

    with door.opened() as application:
        engine = application.engine
        done = _confirmed(door, engine) if confirm else scheduler.run_due(engine)
    _print_done(door, done)
    refused = any(receipt.status == "refused" for receipt in done.receipts)
    return exits.REFUSED if refused or done.waiting else exits.DONE


def _confirmed(door: Door, engine: Engine) -> Done:
    """Say what will be done, then do exactly that."""
    from app import scheduler
    from app.timekeeper import Timekeeper

    timekeeper = Timekeeper(engine)
    timekeeper.check()
    those = scheduler.look(engine)
    if door.json:
        _print_for_programs(door, those)
    elif those:
        print_line(in_words("To be done, in this order:"))
        for one in those:
            print_line(f"  {one.id}")
    return scheduler.run(engine, those, timekeeper)


def _print_done(door: Door, done: Done) -> None:
    if door.json:
        for receipt in done.receipts:
            print_json(receipt.as_json(door.language))
        _print_for_programs(door, done.waiting)
        return
    for receipt in done.receipts:
        print_line(receipt_line(receipt, door.language))
    for one in done.waiting:
        if one.waits:
            print_line(f"{one.id}: {said(one.waits, door.language)}")
    if done.waiting:
        print_line(in_words("To confirm it: {call}", call=CONFIRM))
    elif not done.receipts:
        print_line(in_words("Nothing is due."))


def _print_for_programs(door: Door, those: Iterable[Due]) -> None:
    for one in those:
        waits = said(one.waits, door.language) if one.waits else None
        print_json({"id": one.id, "command": one.command, "year": one.year, "waits": waits})


def run_forever(door: Door) -> int:
    """Wake at every midnight in Seoul until told to stop."""
    from app import scheduler

    with door.opened() as application:
        scheduler.run_forever(application.engine)
    return exits.DONE
