"""The command line: every command by name, questions, and what keeps a ledger.

Nothing heavy is imported before it is used: asking for help loads no models and no database.
"""

from __future__ import annotations

from cyclopts import App, Group

from app.cli.language import in_words, spoken
from commands.table import COMMANDS
from projections.questions.table import LISTS, QUESTIONS, THINGS

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
        f"app.cli.forms:{_command.name}",
        name=_command.name.replace("_", "-"),
        help=_command.summary,
        group=RECORD,
        sort_key=_place,
    )
for _place, _asked in enumerate(QUESTIONS.values()):
    if not _asked.names and not _asked.lists:
        app.command(
            f"app.cli.asking:{_asked.name}",
            name=_asked.name.replace("_", "-"),
            help=_asked.summary,
            group=ASK,
            sort_key=_place,
        )
app.command(
    "app.cli.asking:show",
    name="show",
    help=f"One thing, whole: {', '.join(asked.name for asked in THINGS)}.",
    group=ASK,
    sort_key=len(QUESTIONS),
)
lists = App(
    name="list",
    help="Lists of things, as they were at any moment.",
    group=ASK,
    sort_key=len(QUESTIONS) + 1,
)
app.command(lists)
for _asked in LISTS:
    lists.command(f"app.cli.asking:list_{_asked.name}", name=_asked.name, help=_asked.summary)
for _name, _help, _group in (
    ("run", "Run files of commands, as JSON lines.", RECORD),
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
    ("completion", "Print what a shell needs to complete calls.", KEEP),
):
    app.command(
        f"app.cli.calls:{_name.replace('-', '_')}",
        name=_name,
        help=_help,
        group=_group,
        sort_key=len(COMMANDS),
    )


def prepare_help(called: list[str]) -> None:
    """Make the help of a call ready: with an example of a command, in the person's language."""
    command = COMMANDS.get(called[0].replace("-", "_")) if called else None
    if command is not None:
        from app.cli.forms import example

        app[called[0]].help_epilogue = f"{in_words('Example')}: {example(command)}"
    app.help_formatter = None
    if spoken() == "ko":
        from app.cli.helping import KoreanHelp

        app.help_formatter = KoreanHelp()


def in_place(arguments: list[str]) -> list[str]:
    """The arguments with the options that stand before the command put behind it.

    What every call may say (`--ledger`, `--json`, `--lang`, `-o`, `--actor`, `--keys`) may be said
    before it too.
    """
    place = 0
    while place < len(arguments) and arguments[place].partition("=")[0] in _ANYWHERE:
        place += 1 if "=" in arguments[place] else _ANYWHERE[arguments[place]]
    before, call = arguments[:place], arguments[place:]
    named = 2 if call[:1] == ["list"] else 1  # what is listed is part of the call's name
    return [*call[:named], *before, *call[named:]] if len(call) >= named else call


_ANYWHERE = {
    "--ledger": 2,
    "--json": 1,
    "--lang": 2,
    "--output": 2,
    "-o": 2,
    "--actor": 2,
    "--keys": 2,
}
"""Options that may stand before the command, and how many words each has."""
