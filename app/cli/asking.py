"""Questions from the command line: forms generated from the table of questions.

A field becomes an option of its name with hyphens; `show` takes what is shown as its words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic.fields import FieldInfo

from app.cli import exits, options
from app.cli.answers import print_answer
from app.cli.door import Door
from app.cli.forms import held_by
from app.cli.paging import paged
from ledger.errors import Misused
from projections.questions.table import QUESTIONS, THINGS, Asked

HERE = Door()


def __getattr__(name: str) -> Callable[..., int]:
    """The form of a question, by the question's name."""
    if name == "show":
        return _show()
    if name.startswith("list_"):
        return form(QUESTIONS[name.removeprefix("list_")])
    if name not in QUESTIONS:
        raise AttributeError(name)
    return form(QUESTIONS[name])


def form(asked: Asked) -> Callable[..., int]:
    """A function that the command line can call: a word for what must be said, options else."""
    required = [name for name, field in asked.model.model_fields.items() if field.is_required()]

    def call(*words: str, door: Door = HERE, **given: Any) -> int:
        return ask(asked, given | dict(zip(required, words, strict=True)), door)

    return _signed(call, asked.name, asked.model.__doc__, _options(asked))


def _show() -> Callable[..., int]:
    """`show GRANT`, `show company N` and so on: what is shown is named by words."""

    def call(what: str, name: str | None = None, *, door: Door = HERE, **given: Any) -> int:
        asked = QUESTIONS.get(what) if name is not None else QUESTIONS["grant"]
        if asked not in THINGS:
            known = ", ".join(thing.name for thing in THINGS)
            raise Misused(f"show one of {known}, not {what}; or a grant by its id alone")
        named = what if name is None else name
        if asked.model.model_fields[asked.names].annotation is int:
            return ask(asked, given | {asked.names: options.whole(asked.name, named)}, door)
        return ask(asked, given | {asked.names: named}, door)

    known = ", ".join(thing.name for thing in THINGS)
    words = (
        _word("what", f"a grant's id, or one of: {known}", inspect.Parameter.empty),
        _word("name", "business number, slug, id or position", None),
    )
    told = "One thing, whole: show GRANT, show company N, show programme S, show claim C and so on."
    grant = QUESTIONS["grant"]
    return _signed(call, "show", told, (*words, *_options(grant, grant.names)))


def ask(asked: Asked, given: Mapping[str, Any], door: Door) -> int:
    """Ask a question of one snapshot and print the answer; options left out are None."""
    fields = asked.model.model_fields
    said = {fields[name].alias or name: value for name, value in given.items() if value is not None}
    with door.opened() as application:
        question = asked.read(application.resolved(said))
        with application.snapshot() as snapshot:
            turned = question.turned(snapshot)
            with paged() if door.output == "table" and not door.json else nullcontext():
                print_answer(question, turned, door)
    return exits.DONE


# ── signatures ───────────────────────────────────────────────────────────────────────────────


def _signed(
    call: Callable[..., int], name: str, doc: str | None, parameters: Iterable[inspect.Parameter]
) -> Callable[..., int]:
    door = inspect.Parameter("door", inspect.Parameter.KEYWORD_ONLY, default=HERE, annotation=Door)
    call.__signature__ = inspect.Signature([*parameters, door])  # type: ignore[attr-defined]
    call.__name__, call.__doc__ = name, doc
    return call


def _word(name: str, told: str, default: Any) -> inspect.Parameter:
    kind: Any = str if default is inspect.Parameter.empty else str | None
    return inspect.Parameter(
        name,
        inspect.Parameter.POSITIONAL_ONLY,
        default=default,
        annotation=Annotated[kind, Parameter(help=told)],
    )


def _options(asked: Asked, *besides: str) -> Iterator[inspect.Parameter]:
    """An option for each field of a question."""
    told = asked.model.model_json_schema()["properties"]
    for name, field in asked.model.model_fields.items():
        if name not in besides:
            yield _option(name, field, told[field.alias or name])


def _option(name: str, field: FieldInfo, told: dict[str, Any]) -> inspect.Parameter:
    kind, converter = _read(field, told)
    if field.is_required():
        return _word(name, field.description or "", inspect.Parameter.empty)
    default = field.default or None
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[
            kind if default else kind | None,
            Parameter(
                name=f"--{(field.alias or name).replace('_', '-')}",
                help=field.description,
                negative="",
                converter=converter,
            ),
        ],
    )


def _read(field: FieldInfo, told: dict[str, Any]) -> tuple[Any, Callable[..., Any] | None]:
    """What an option of a field holds, and how its text is read."""
    sort = next((sort for sort in told.get("anyOf", ()) if sort["type"] != "null"), told)
    several = sort.get("type") == "array"
    one = sort["items"] if several else sort
    if one.get("type") == "integer":
        read = options.year if "maximum" in one else options.whole_numbers
        return (list[int] if several else int), read
    if one.get("format") == "date":
        return (list[str] if several else str), options.days
    return held_by(field.annotation), None
