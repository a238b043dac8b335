"""Command line forms, generated from the commands themselves.

A field becomes an option of its name with hyphens. Amounts may be grouped (`1,000,000`). A list
of objects is given an object at a time, as JSON or as `company=…,year=…`; a list of words a word
at a time; `@FILE` reads JSON from a file.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from app.cli.door import Door
from app.cli.language import spoken
from commands.fields import NUMBERS, Field, fields_of
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
    fields = {field.name: field for field in fields_of(command.ask)}
    of_line = [name for name in _MAY_BE_LEFT_OUT if name in fields]
    needed = [name for name, field in fields.items() if field.required and name not in of_line]

    def call(**options: Any) -> int:
        door: Door = options.pop("door", None) or Door()
        dry_run: bool = options.pop("dry_run", False)
        missing = [_option(name) for name in needed if options.get(name) is None]
        if missing:
            raise Misused(
                "{call} needs {missing}", call=_option(command.name)[2:], missing=", ".join(missing)
            )
        given = {
            name: value_of(text, fields[name]) for name, text in options.items() if text is not None
        }
        from app.cli.recording import record

        return record({"command": command.name} | given, door, of_line=of_line, dry_run=dry_run)

    parameters = [_parameter(field, field.name in needed) for field in fields.values()]
    parameters.sort(key=lambda parameter: parameter.name not in needed)
    call.__signature__ = inspect.Signature([*parameters, *_COMMON])  # type: ignore[attr-defined]
    call.__name__ = command.name
    call.__doc__ = command.ask.__doc__
    return call


_MAY_BE_LEFT_OUT = ("company", "year", "case")
"""The fields of a line that are filled in where its grant has one that fits."""


def example(command: Command) -> str:
    """A call of the command with the options that it needs."""
    needed = (field.name for field in fields_of(command.ask) if field.required)
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


def _parameter(field: Field, needed: bool) -> inspect.Parameter:
    kind: Any = list[str] if field.is_list else str
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            kind | None,
            Parameter(
                help=_help(field, needed),
                negative="",
                allow_leading_hyphen=True,
                show_default=False,
                env_var="GRANTS_ACTOR" if field.name == "actor" else None,
            ),
        ],
    )


def _help(field: Field, needed: bool) -> str:
    if needed:
        return f"{field.about} [needed]"
    shown = isinstance(field.default, int | str) and not isinstance(field.default, bool)
    return f"{field.about} [default: {field.default}]" if shown else field.about


def value_of(text: Any, field: Field) -> Any:
    """What an option's text means for a field; left as text where it means nothing."""
    if field.item is not None:
        texts = [text] if isinstance(text, str) else text
        return [value for one in texts for value in _members(one, field.item)]
    if field.kind in NUMBERS:
        return _whole(text)
    if field.kind == "object":
        return _object(text, field.parts)
    return text


def _whole(text: str) -> int | str:
    """A whole number, perhaps grouped; left as text where it is none."""
    found = _GROUPED.fullmatch(text.strip())
    if not found:
        return text
    digits = re.sub("[,_]", "", found[0])
    if len(digits) > _MOST_DIGITS:
        raise Misused(
            "a number of {many:,} digits is past what the ledger can count", many=len(digits)
        )
    return int(digits)


def _members(text: str, item: Field) -> list[Any]:
    if text.lstrip().startswith(("[", "@")):
        members = _json(text)
        return members if isinstance(members, list) else [members]
    return [value_of(text, item)] if text else []


def _object(text: str, parts: Iterable[Field]) -> Any:
    if text.lstrip().startswith(("{", "@")):
        return _json(text)
    known = {part.name: part for part in parts}
    fields: dict[str, Any] = {}
    for pair in re.split(r",(?=\s*\w+=)", text):
        name, equals, value = pair.partition("=")
        if not equals:
            raise Misused("{text!r} is neither JSON nor name=value,name=value", text=text)
        name = name.strip()
        if name in fields:
            raise Misused("{text!r} names {name} twice", text=text, name=name)
        fields[name] = value_of(value.strip(), known[name]) if name in known else value.strip()
    return fields


def _json(text: str) -> Any:
    from commands.parse import Invalid, decoded
    from commands.words import said

    text = text.strip()
    if text.startswith("@"):
        text = _read(text[1:])
    try:
        return decoded(text)
    except Invalid as error:
        raise Misused(said(error, spoken())) from None


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(_LONGEST_FILE_BYTES + 1)
    except OSError as error:
        raise Misused("{path} cannot be read: {reason}", path=file, reason=error.strerror) from None
    if len(content) > _LONGEST_FILE_BYTES:
        raise Misused("{file} is longer than {most:,} bytes", file=file, most=_LONGEST_FILE_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Misused("{file} is not UTF-8", file=file) from None
