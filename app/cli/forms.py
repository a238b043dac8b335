"""Command line forms, generated from the commands themselves.

A field becomes an option of its name with hyphens. Amounts may be grouped (`1,000,000`). A list
of objects is given an object at a time, as JSON or as `company=…,year=…`; a list of words a word
at a time; `@FILE` reads JSON from a file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from cyclopts import Parameter
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.cli.door import Door
from commands.table import COMMANDS, Command
from ledger.errors import Misused

_MOST_DIGITS = 100
_LONGEST_FILE_BYTES = 1 << 20
_GROUPED = re.compile(r"[+-]?\d{1,3}([,_]\d{3})+|[+-]?\d+")


def __getattr__(name: str) -> Callable[..., int]:
    """The form of a command, by the command's name."""
    if name not in COMMANDS:
        raise AttributeError(name)
    return form(COMMANDS[name])


def form(command: Command) -> Callable[..., int]:
    """A function that the command line can call, with an option for every field."""
    known = command.ask.model_fields

    def call(**options: Any) -> int:
        door: Door = options.pop("door", None) or Door()
        dry_run: bool = options.pop("dry_run", False)
        fields = {
            name: value_of(text, known[name].annotation)
            for name, text in options.items()
            if text is not None
        }
        from app.cli.recording import record

        return record({"command": command.name} | fields, door, dry_run=dry_run)

    parameters = [_parameter(name, field) for name, field in known.items()]
    parameters.sort(key=lambda parameter: parameter.default is not inspect.Parameter.empty)
    call.__signature__ = inspect.Signature([*parameters, *_COMMON])  # type: ignore[attr-defined]
    call.__name__ = command.name
    call.__doc__ = command.ask.__doc__
    return call


_COMMON = (
    inspect.Parameter(
        "dry_run",
        inspect.Parameter.KEYWORD_ONLY,
        default=False,
        annotation=Annotated[
            bool,
            Parameter(
                negative="", show_default=False, help="answer what would be recorded; write nothing"
            ),
        ],
    ),
    inspect.Parameter("door", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Door | None),
)


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    required = field.is_required()
    kind: Any = list[str] if get_origin(held_by(field.annotation)) is tuple else str
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else None,
        annotation=Annotated[
            kind if required else kind | None,
            Parameter(
                help=_help(field.description or "", field.default),
                negative="",
                allow_leading_hyphen=True,
                show_default=False,
            ),
        ],
    )


def _help(description: str, default: Any) -> str:
    shown = isinstance(default, int | str) and not isinstance(default, bool)
    return f"{description} [default: {default}]" if shown else description


def held_by(annotation: Any) -> Any:
    """The type of what a field holds: without checks, and without the choice of leaving it out."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            choices = [choice for choice in get_args(annotation) if choice is not NoneType]
            if len(choices) > 1:
                return BaseModel
            annotation = choices[0]
        else:
            return annotation


def value_of(text: Any, annotation: Any) -> Any:
    """What an option's text means for a field; left as text where it means nothing."""
    held = held_by(annotation)
    if held is int:
        return _whole(text)
    if get_origin(held) is tuple:
        texts = [text] if isinstance(text, str) else text
        return [value for one in texts for value in _members(one, get_args(held)[0])]
    if isinstance(held, type) and issubclass(held, BaseModel):
        return _object(text, held)
    return text


def _whole(text: str) -> int | str:
    """A whole number, perhaps grouped; left as text where it is none."""
    found = _GROUPED.fullmatch(text.strip())
    if not found:
        return text
    digits = re.sub("[,_]", "", found[0])
    if len(digits) > _MOST_DIGITS:
        raise Misused(f"a number of {len(digits):,} digits is past what the ledger can count")
    return int(digits)


def _members(text: str, item: Any) -> list[Any]:
    if text.lstrip().startswith(("[", "@")):
        members = _json(text)
        return members if isinstance(members, list) else [members]
    return [value_of(text, item)] if text else []


def _object(text: str, model: type[BaseModel]) -> Any:
    if text.lstrip().startswith(("{", "@")):
        return _json(text)
    fields: dict[str, Any] = {}
    for pair in re.split(r",(?=\s*\w+=)", text):
        name, equals, value = pair.partition("=")
        if not equals:
            raise Misused(f"{text!r} is neither JSON nor name=value,name=value")
        name = name.strip()
        if name in fields:
            raise Misused(f"{text!r} names {name} twice")
        known = model.model_fields.get(name)
        fields[name] = value_of(value.strip(), known.annotation if known else int)
    return fields


def _json(text: str) -> Any:
    from commands.parse import Invalid, decoded

    text = text.strip()
    if text.startswith("@"):
        text = _read(text[1:])
    try:
        return decoded(text)
    except Invalid as error:
        raise Misused(str(error)) from None


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(_LONGEST_FILE_BYTES + 1)
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror}") from None
    if len(content) > _LONGEST_FILE_BYTES:
        raise Misused(f"{file} is longer than {_LONGEST_FILE_BYTES:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misused(f"{file} is not UTF-8") from None
