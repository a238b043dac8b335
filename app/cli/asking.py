"""Questions from the command line: forms generated from the table of questions.

A field becomes an option of its name with hyphens; `show` takes what is shown as its words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from app.cli import exits, options
from app.cli.answers import print_answer
from app.cli.door import Door
from app.cli.paging import paged
from commands.fields import Field, Kind, fields_of
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
    required = [field.attribute for field in fields_of(asked.model) if field.required]

    def call(*words: str, door: Door = HERE, **given: Any) -> int:
        return ask(asked, given | dict(zip(required, words, strict=True)), door)

    return _signed(call, asked.name, asked.model.__doc__, _options(asked))


def _show() -> Callable[..., int]:
    """`show GRANT`, `show company N` and so on: what is shown is named by words."""

    def call(what: str, name: str | None = None, *, door: Door = HERE, **given: Any) -> int:
        asked = QUESTIONS.get(what) if name is not None else QUESTIONS["grant"]
        if asked not in THINGS:
            known = ", ".join(thing.name for thing in THINGS)
            raise Misused(
                "show one of {known}, not {what}; or a grant by its id alone",
                known=known,
                what=what,
            )
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
    signature = inspect.Signature([*parameters, door])
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
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
    """An option for each field of a question, a word for what must be said."""
    for field in fields_of(asked.model):
        if field.attribute in besides:
            continue
        if field.required:
            yield _word(field.attribute, field.about, inspect.Parameter.empty)
        else:
            yield _option(field)


def _option(field: Field) -> inspect.Parameter:
    one, converter = _READ.get(field.one.kind, (str, None))
    if field.one.kind == "choice":
        one = Literal[field.one.choices]
    kind: Any = list[one] if field.is_list else one  # type: ignore[valid-type]
    default = field.default or None
    return inspect.Parameter(
        field.attribute,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[
            kind if default else kind | None,
            Parameter(
                name=f"--{field.name.replace('_', '-')}",
                help=field.about,
                negative="",
                converter=converter,
            ),
        ],
    )


_READ: dict[Kind, tuple[Any, Callable[..., Any]]] = {
    "year": (int, options.year),
    "whole": (int, options.whole_numbers),
    "day": (str, options.days),
}
"""What an option holds, and how its text is read, where it is not a text as it stands."""
