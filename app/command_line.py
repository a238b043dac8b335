"""The command line: every command by name, questions, and what keeps a ledger.

Nothing heavy is imported before it is used: asking for help loads no models and no database.
"""

from __future__ import annotations

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
    print_error=False,
    exit_on_error=False,
    suppress_keyboard_interrupt=False,
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
