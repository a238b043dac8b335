"""The reference of all commands, generated from the table: `python -m app.cli.reference`."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from app.cli.command_line import app
from app.cli.forms import example
from commands.table import COMMANDS, Command
from projections.questions.table import QUESTIONS, Asked

_HEAD = """# Commands

Generated from the table of commands by `python -m app.cli.reference > docs/commands.md`; a test
keeps it true. Every command is also a call, `grants NAME-WITH-HYPHENS --field …`, and a JSON
object, `{"command": NAME, "actor": USER, …}`. Amounts are whole won; on the command line they may
be grouped (`1,000,000`). A list of objects is given one object at a time, as JSON, as
`company=…,year=…`, or as `@FILE`.
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
    schema = command.ask.model_json_schema()
    rows = "\n".join(
        f"| `{name}`{'' if field.is_required() else '?'} | "
        f"{_type(schema, schema['properties'][name])} | {field.description or ''} |"
        for name, field in command.ask.model_fields.items()
    )
    text = (command.ask.__doc__ or "").strip()
    rule = (command.module.decide.__doc__ or "").strip()
    called = f"```sh\n{example(command)}\n```"
    return f"## {command.name}\n\n{text} {rule}\n\n{called}\n\n{_FIELDS}\n{rows}\n"


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
    schema = asked.model.model_json_schema()
    rows = "\n".join(
        f"| `{field.alias or name}`{'' if field.is_required() else '?'} | "
        f"{_type(schema, schema['properties'][field.alias or name])} | {field.description} |"
        for name, field in asked.model.model_fields.items()
    )
    text = inspect.getdoc(asked.model) or ""
    told = asked.model.answer if not asked.lists else asked.model.rows_of  # type: ignore[attr-defined]
    answer = inspect.getdoc(told) or ""
    return f"## {_call(asked)}\n\n{text} {answer}\n\n{_FIELDS}\n{rows}\n"


def _call(asked: Asked) -> str:
    if asked.lists:
        return f"grants list {asked.name}"
    if not asked.names:
        return f"grants {asked.name}"
    return "grants show GRANT" if asked.name == "grant" else f"grants show {asked.name}"


def _type(schema: dict[str, Any], part: dict[str, Any]) -> str:
    plain = _plain_part(schema, part)
    if "enum" in plain:
        return ", ".join(f"`{value}`" for value in plain["enum"])
    match plain.get("type"):
        case "integer":
            return "integer"
        case "array":
            return f"list of {_type(schema, plain['items'])}"
        case "object":
            return "object"
        case _:
            return "day" if plain.get("format") == "date" else "text"


def _plain_part(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of a JSON schema without references and without the choice of leaving it out."""
    while True:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
        elif "anyOf" in part:
            choices = [choice for choice in part["anyOf"] if choice.get("type") != "null"]
            if len(choices) > 1:
                return {"type": "object", "properties": {}}
            part = choices[0]
        else:
            return part


def _other_calls() -> str:
    rows = "\n".join(
        f"| `grants {name}` | {app[name].help or ''} |"
        for name in app
        if not name.startswith("-") and name.replace("-", "_") not in COMMANDS
    )
    return f"## Other calls\n\n| call | does |\n|---|---|\n{rows}\n"


if __name__ == "__main__":
    print(questions() if "questions" in sys.argv else reference(), end="")
