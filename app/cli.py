"""The command line: every command by name, questions, and what keeps a ledger.

Nothing heavy is imported before it is used: asking for help loads no models and no database.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from cyclopts import App, Group

from commands.table import COMMANDS

RECORD = Group("Record", sort_key=1)
ASK = Group("Ask", sort_key=2)
KEEP = Group("Keep", sort_key=3)

app = App(
    name="grants",
    help="The grant ledger of the Korean Industrial Cluster Programme.",
    version="0.1.0",
    result_action="return_value",
    help_format="plaintext",
)
for _place, _command in enumerate(COMMANDS.values()):
    app.command(
        f"app.forms:{_command.name}",
        name=_command.name.replace("_", "-"),
        help=_command.summary,
        group=RECORD,
        sort_key=_place,
    )
for _name, _help, _group in (
    ("run", "Run files of commands, as JSON lines.", RECORD),
    ("balances", "Balances by company, programme, grant, case or line.", ASK),
    ("show", "One grant, company, programme or claim, whole.", ASK),
    ("replay", "The events one after another with the balance after each.", ASK),
    ("events", "The raw events.", ASK),
    ("diff", "What changed between two positions or two days.", ASK),
    ("init", "Make the ledger and record the catalogue.", KEEP),
    ("demo", "Play a story of two fiscal years on a new ledger.", KEEP),
    ("verify", "Recompute everything and name what is wrong.", KEEP),
    ("checkpoint", "What the log is now, signed.", KEEP),
    ("prove", "A proof that an event is in the log.", KEEP),
    ("check-proof", "Check a proof; needs no ledger.", KEEP),
    ("keys", "The public keys that checkpoints are checked with.", KEEP),
    ("export", "The whole log as JSON lines.", KEEP),
    ("load", "Load an exported log into a new ledger.", KEEP),
    ("backup", "Copy a SQLite ledger while writers go on.", KEEP),
    ("rebuild", "Build the projections anew from the log.", KEEP),
    ("scheduler", "The year-end clock.", KEEP),
):
    app.command(
        f"app.calls:{_name.replace('-', '_')}",
        name=_name,
        help=_help,
        group=_group,
        sort_key=len(COMMANDS),
    )


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the contract's code."""
    from app import exits
    from ledger.errors import LedgerError

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # drafts and copies go with us
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        code = app(arguments)
        sys.stdout.flush()
    except LedgerError as error:
        sys.stderr.write(f"grants: {error}\n")
        code = exits.code_of(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = exits.NOT_READ
    except OSError as error:
        sys.stderr.write(f"grants: {error.strerror or error}: {error.filename or 'output'}\n")
        code = exits.UNAVAILABLE
    except KeyboardInterrupt:
        code = exits.INTERRUPTED
    sys.exit(code or 0)
