"""The reference of all commands, generated from the table: `python -m app.cli.reference`."""

from __future__ import annotations

import inspect
import sys

from pydantic import BaseModel

from app.cli.command_line import app
from app.cli.forms import example
from app.cli.rules_of import rules_of
from commands.fields import Field, Kind, fields_of
from commands.table import COMMANDS, Command
from projections.questions.table import QUESTIONS, Asked

_HEAD = """# Commands

Generated from the table of commands by `python -m app.cli.reference > docs/commands.md`; a test
keeps it true. Every command is also a call, `grants NAME-WITH-HYPHENS --field …`, and a JSON
object, `{"command": NAME, "actor": USER, …}`. Amounts are whole won; on the command line they may
be grouped (`1,000,000`). A list of objects is given one object at a time, as JSON, as
`company=…,year=…`, or as `@FILE`. The rules that may refuse a command stand in the order in which
one of several is named.
"""


def reference() -> str:
    """The whole reference, in Markdown."""
    index = "\n".join(
        f"| [`{command.name}`](#{command.name}) | {command.summary} |"
        for command in COMMANDS.values()
    )
    parts = [_HEAD, f"| command | does |\n|---|---|\n{index}\n"]
    parts += [_section(command) for command in COMMANDS.values()]
    parts.append(_other_calls())
    return "\n".join(parts)


def _section(command: Command) -> str:
    text = (command.ask.__doc__ or "").strip()
    rule = (command.module.decide.__doc__ or "").strip()
    called = f"```sh\n{example(command)}\n```"
    refused = f"Refused by: {', '.join(f'`{slug}`' for slug in rules_of(command))}."
    role = f"Whoever signs in at a server gives it as {' or '.join(command.roles)}."
    parts = (f"## {command.name}", f"{text} {rule}", called, _table(command.ask), refused, role)
    return "\n\n".join(parts) + "\n"


def _table(model: type[BaseModel]) -> str:
    """A line for each field: its name, with a question mark where it may be left out."""
    rows = "\n".join(
        f"| `{field.name}`{'' if field.required else '?'} | {_type(field)} | {field.about} |"
        for field in fields_of(model)
    )
    return f"{_FIELDS}\n{rows}"


_FIELDS = "| field | type | is |\n|---|---|---|"


def questions() -> str:
    """All questions, in Markdown."""
    return "\n".join((_QUESTIONS_HEAD, *map(_asked, QUESTIONS.values())))


_QUESTIONS_HEAD = """# Questions

Generated from the table of questions by `python -m app.cli.reference questions >
docs/questions.md`; a test keeps it true. Every question is answered from one snapshot, as of any
day (`as_of`), as known at any position or instant (`at_seq`, `known_at`), or both; names are
compared as commands compare them. A field is an option of its name with hyphens; `--json` gives the
answer to programs. Lists are paged: `after` says where to go on.
"""


def _asked(asked: Asked) -> str:
    text = inspect.getdoc(asked.model) or ""
    told = asked.model.answer if not asked.lists else asked.model.rows_of  # type: ignore[attr-defined]
    answer = inspect.getdoc(told) or ""
    return f"## {_call(asked)}\n\n{text} {answer}\n\n{_table(asked.model)}\n"


def _call(asked: Asked) -> str:
    if asked.lists:
        return f"grants list {asked.name}"
    if not asked.names:
        return f"grants {asked.name}"
    return "grants show GRANT" if asked.name == "grant" else f"grants show {asked.name}"


def _type(field: Field) -> str:
    match field.kind:
        case "choice":
            return ", ".join(f"`{choice}`" for choice in field.choices)
        case "list":
            return f"list of {_type(field.one)}"
        case kind:
            return _TYPES.get(kind, kind)


_TYPES: dict[Kind, str] = {"won": "whole won", "whole": "whole number", "percent": "whole percent"}


def _other_calls() -> str:
    rows = "\n".join(
        f"| `grants {name}` | {app[name].help or ''} |"
        for name in app
        if not name.startswith("-") and name.replace("-", "_") not in COMMANDS
    )
    return f"## Other calls\n\n| call | does |\n|---|---|\n{rows}\n"


if __name__ == "__main__":
    print(questions() if "questions" in sys.argv else reference(), end="")
