"""The long form: `python -m tests.faults.long` kills writers, moves their files, stops them.

The ledger is looked at after every fault, and verified after every kill and now and then after the
others. What was done and what came of it is printed as a table for `docs/reliability.md`; the exit
code is 1 if anything was harmed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from commands.catalogue import record_catalogue
from projections.opening import make_ledger
from tests.faults.kills import Campaign
from tests.faults.ledgers import opened
from tests.faults.moves import STRIKES, Moving, fresh_copies
from tests.faults.nursery import Nursery
from tests.faults.stops import Stopping
from tests.faults.tally import Tally
from tests.postgres import Server, start

MODES = {
    "one by one": Campaign(0),
    "in batches of 2 to 20": Campaign(0, batch=20),
    "one by one, under load": Campaign(0, loaded=True),
    "in batches of 2 to 20, under load": Campaign(0, batch=20, loaded=True),
}
COLUMNS: dict[str, Callable[[Tally], int]] = {
    "commands sent": lambda tally: tally.commands_sent,
    "struck": lambda tally: tally.kills,
    "of these at work": lambda tally: tally.at_work,
    "recorded unheard": lambda tally: tally.recorded_unheard,
    "lost": lambda tally: tally.lost,
    "duplicated": lambda tally: tally.duplicated,
    "half-recorded": lambda tally: tally.half_recorded,
    "out of order": lambda tally: tally.out_of_order,
    "verify failed": lambda tally: tally.verify_failures,
    "next command failed": lambda tally: tally.next_failed + tally.writers_failed,
    "questions answered": lambda tally: tally.answers,
    "answered wrongly": lambda tally: tally.wrong_answers,
}


def main() -> int:
    """Run every mode on both engines and print the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults.long", description=__doc__)
    asked.add_argument("--kills", type=int, default=500, help="on each engine, in each mode")
    asked.add_argument(
        "--moves", type=int, default=100, help="of a SQLite ledger's files, each way"
    )
    asked.add_argument("--stops", type=int, default=50, help="of writers on PostgreSQL, each way")
    asked.add_argument("--seed", type=int, default=1, help="of the random moments")
    options = asked.parse_args()
    total, began = Tally(), time.monotonic()
    with TemporaryDirectory() as folder, start() as server, Nursery() as nursery:
        file = Path(folder, "template.db")
        _made(f"sqlite:///{file}")
        database = make_url(_made(server.create_database())).database or ""
        engines = {
            "SQLite": fresh_copies(file),
            "PostgreSQL": _one_after_another(server, database),
        }
        print(f"| engine | fault | {' | '.join(COLUMNS)} |")
        print(f"|---|---|{'---:|' * len(COLUMNS)}")
        new_file, new_database = engines.values()
        for engine, new_url in engines.items() if options.kills else ():
            for mode, shape in MODES.items():
                campaign = Campaign(options.kills, shape.batch, shape.loaded, 1, options.seed)
                total.add(_printed(engine, f"`kill -9`, {mode}", campaign.run(nursery, new_url)))
        for strike in STRIKES if options.moves else ():
            moving = Moving(options.moves, options.seed).run(nursery, new_file, strike)
            total.add(_printed("SQLite", strike.__name__.replace("_", " "), moving))
        for batch in (1, 20) if options.stops else ():
            stopping = Stopping(options.stops, batch, options.seed).run(nursery, new_database)
            total.add(_printed("PostgreSQL", f"stopped, in batches of up to {batch}", stopping))
    _printed("both", "all", total)
    print(f"\n{time.monotonic() - began:,.0f} seconds, seed {options.seed}.")
    return 1 if total.harm else 0


def _made(url: str) -> str:
    with opened(url, make_ledger) as engine:
        record_catalogue(engine)
    return url


def _one_after_another(server: Server, template: str) -> Callable[[], str]:
    """Makes databases, and drops each when the next is made."""
    made: list[str] = []

    def new() -> str:
        if made:
            server.drop_database(made.pop())
        made.append(server.create_database(template))
        return made[-1]

    return new


def _printed(engine: str, mode: str, tally: Tally) -> Tally:
    numbers = (f"{column(tally):,}" for column in COLUMNS.values())
    print(f"| {engine} | {mode} | {' | '.join(numbers)} |", flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
