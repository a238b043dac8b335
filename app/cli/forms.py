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
    of_line = [name for name in _MAY_BE_LEFT_OUT if name in known]
    needed = [name for name, field in known.items() if field.is_required() and name not in of_line]

    def call(**options: Any) -> int:
        door: Door = options.pop("door", None) or Door()
        dry_run: bool = options.pop("dry_run", False)
        missing = [_option(name) for name in needed if options.get(name) is None]
        if missing:
            raise Misused(f"{_option(command.name)[2:]} needs {', '.join(missing)}")
        fields = {
            name: value_of(text, known[name].annotation)
            for name, text in options.items()
            if text is not None
        }
        from app.cli.recording import record

        return record({"command": command.name} | fields, door, of_line=of_line, dry_run=dry_run)

    parameters = [_parameter(name, field, name in needed) for name, field in known.items()]
    parameters.sort(key=lambda parameter: parameter.name not in needed)
    call.__signature__ = inspect.Signature([*parameters, *_COMMON])  # type: ignore[attr-defined]
    call.__name__ = command.name
    call.__doc__ = command.ask.__doc__
    return call


_MAY_BE_LEFT_OUT = ("company", "year", "case")
"""The fields of a line that are filled in where its grant has one that fits."""


def example(command: Command) -> str:
    """A call of the command with the options that it needs."""
    needed = (name for name, field in command.ask.model_fields.items() if field.is_required())
    options = (f"{_option(name)} {_EXAMPLES.get(name, '…')}" for name in needed)
    return " ".join(("grants", _option(command.name)[2:], *options))


_EXAMPLES = {
    "actor": "kim",
    "advance_percent": "70",
    "amount": "3,000,000",
    "application_number": "10-2026-0012345",
    "bank_ref": "KB-20260401-01",
    "business_number": "609-86-00005",
    "caps": "per=company_year,amount=20000000,bound=le",
    "case": "DP-2026-01",
    "claim": "FC-2026-01-1",
    "company": "609-86-00005",
    "eligible": "prototype_development",
    "excluded": "registration_fee",
    "grant": "FC-2026-01",
    "items": "evidence=TI-1,category=prototype_development,supply=1000000,incurred_on=2026-04-02",
    "lead": "609-86-00005",
    "lines": "company=609-86-00005,year=2026,total_cost=30000000,subsidy=18000000",
    "min_companies": "1",
    "name": "한빛정밀",
    "party_type": "company",
    "programme": "prototype",
    "ratio": "percent=60,bound=le",
    "reason": "'협약 변경'",
    "size": "sme",
    "source": "'2026년 공고'",
    "title": "'정밀 가공 시제품'",
    "until": "2026-12-31",
    "year": "2026",
}
"""What the example of a command says for a field."""


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


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


def _parameter(name: str, field: FieldInfo, needed: bool) -> inspect.Parameter:
    kind: Any = list[str] if get_origin(held_by(field.annotation)) is tuple else str
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            kind | None,
            Parameter(
                help=_help(field.description or "", field.default, needed),
                negative="",
                allow_leading_hyphen=True,
                show_default=False,
                env_var="GRANTS_ACTOR" if name == "actor" else None,
            ),
        ],
    )


def _help(description: str, default: Any, needed: bool) -> str:
    if needed:
        return f"{description} [needed]"
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
