"""What a form is, for every door: the fields of a command or a question, read from its model.

Options of the command line, the reference, query parameters, pages and columns of spreadsheets are
made of these; a model is said once, where its command or its question is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from commands.words import LANGUAGES, Language, names

Kind: TypeAlias = Literal[
    "won", "whole", "percent", "year", "day", "choice", "text", "object", "list"
]
"""What a field holds. Amounts are whole won, days `YYYY-MM-DD`; `whole` is any other number."""

NUMBERS: tuple[Kind, ...] = ("won", "whole", "percent", "year")

_OF_FORMAT: dict[str, Kind] = {
    "won": "won",
    "percent": "percent",
    "year": "year",
    "date": "day",
}
"""The formats that the ledger's types give to what they hold (`ledger/won.py`, `seoul.py`)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in JSON and in the model, what it holds, and what it is for."""

    name: str
    attribute: str
    kind: Kind
    required: bool = True
    default: Any = None
    about: str = ""
    choices: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    """The fields of an object."""
    item: Field | None = None
    """What each of a list is."""

    @property
    def is_list(self) -> bool:
        """Whether it holds several of something."""
        return self.item is not None

    @property
    def one(self) -> Field:
        """What one of a list is, or the field itself."""
        return self.item or self

    def label(self, language: Language) -> str:
        """What the field is called."""
        called = names.FIELDS.get(self.name) or names.BUCKETS[self.name]
        return called[LANGUAGES.index(language)]

    def help(self, language: Language) -> str:
        """What the field is for."""
        from commands.words.korean import HELP

        return HELP.get(self.about, self.about) if language == "ko" else self.about


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a command, a question or a part of one, in the model's order."""
    return tuple(_field(name, info) for name, info in model.model_fields.items())


def _field(name: str, info: FieldInfo) -> Field:
    told = {
        "name": info.alias or name,
        "attribute": name,
        "required": info.is_required(),
        "default": None if info.is_required() else info.default,
        "about": info.description or "",
    }
    return _held(info.annotation, _format(info), told)


def _held(annotation: Any, form: str | None, told: dict[str, Any]) -> Field:
    """The field that holds what an annotation says, without checks and the choice of none."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        own = next((_format(one) for one in arguments[1:] if isinstance(one, FieldInfo)), None)
        return _held(arguments[0], form or own, told)
    if origin in (Union, UnionType):
        choices = [one for one in arguments if one is not NoneType]
        if len(choices) == 1:
            return _held(choices[0], form, told)
        return Field(**told, kind="object", parts=tuple(_of_either(choices)))
    if origin is tuple:
        item = _held(arguments[0], None, {"name": told["name"], "attribute": told["attribute"]})
        return Field(**told, kind="list", item=item)
    if origin is Literal:
        return Field(**told, kind="choice", choices=arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Field(**told, kind="object", parts=fields_of(annotation))
    if form in _OF_FORMAT:
        return Field(**told, kind=_OF_FORMAT[form])
    return Field(**told, kind="whole" if annotation is int else "text")


def _of_either(models: list[type[BaseModel]]) -> Iterator[Field]:
    """The fields that an object of one of several kinds may have."""
    yield from {field.name: field for model in models for field in fields_of(model)}.values()


def _format(info: FieldInfo) -> str | None:
    extra = info.json_schema_extra
    return str(extra["format"]) if isinstance(extra, dict) and "format" in extra else None
