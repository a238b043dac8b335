"""The year-end clock from the command line."""

from __future__ import annotations

from app import exits
from app.printing import print_json, print_line, receipt_line
from app.settings import Door


def run_once(door: Door) -> int:
    """Do what is due and stop; a line for each receipt."""
    from app import scheduler

    with door.opened() as engine:
        receipts = scheduler.run_due(engine)
    for receipt in receipts:
        if door.json:
            print_json(receipt.as_json(door.language))
        else:
            print_line(receipt_line(receipt, door.language))
    if not receipts and not door.json:
        print_line("할 일이 없습니다." if door.language == "ko" else "Nothing is due.")
    refused = any(receipt.status == "refused" for receipt in receipts)
    return exits.REFUSED if refused else exits.DONE


def run_forever(door: Door) -> int:
    """Wake at every midnight in Seoul until told to stop."""
    from app import scheduler

    with door.opened() as engine:
        scheduler.run_forever(engine)
    return exits.DONE
