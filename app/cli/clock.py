"""The year-end clock from the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.cli import exits
from app.cli.door import Door
from app.cli.language import in_words
from app.cli.printing import print_json, print_line, receipt_line
from commands.words import said

if TYPE_CHECKING:
    from app.scheduler import Done
    from projections.due import Due

CONFIRM = "grants scheduler --once --confirm"


def run_once(door: Door, *, confirm: bool) -> int:
    """Do what is due and stop: a line for each receipt, and for what waits for a person."""
    with door.opened() as application:
        if confirm:
            done = application.run_confirmed(partial(_print_due, door))
        else:
            done = application.run_due()
    _print_done(door, done)
    refused = any(receipt.status == "refused" for receipt in done.receipts)
    return exits.REFUSED if refused or done.waiting else exits.DONE


def _print_due(door: Door, those: Sequence[Due]) -> None:
    """Say what will be done."""
    if door.json:
        _print_for_programs(door, those)
    elif those:
        print_line(in_words("To be done, in this order:"))
        for one in those:
            print_line(f"  {one.id}")


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
    with door.opened() as application:
        application.keep_the_year()
    return exits.DONE
