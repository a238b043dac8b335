"""From whatever arrives to a command, or a refusal that says what is wrong and where."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import ValidationError

from commands.asks import Ask
from commands.problems import not_json, told
from commands.table import COMMANDS, Command
from commands.words import Named, said
from commands.words.particles import with_particle
from ledger.envelope import Via, digest_of, loaded
from ledger.errors import Refused, Unfit
from ledger.names import OWN_ACTORS, id_key


class Asked(NamedTuple):
    """A well-formed command: with an id, the digest of its content as asked, and its door."""

    command: Command
    ask: Ask
    id: str
    digest: str
    via: Via


class Invalid(Refused):
    """Not a well-formed command; what is wrong, and where, in both languages."""

    def __init__(self, english: str, korean: str) -> None:
        self.id: str | None = None
        self.command: str | None = None
        super().__init__("invalid", what=Named(_bounded(english), _bounded(korean)))


def parsed(
    raw: object,
    via: Via = "python",
    named: Callable[[Command, Ask, Via], Asked] | None = None,
) -> Asked:
    """A command from plain data, come by a door; `Invalid` if it is not well-formed.

    `named` gives it its id and digest, where that is not what `asked` gives.
    """
    try:
        return (named or asked)(*_parsed(raw, via), via)
    except Invalid as invalid:
        if isinstance(raw, dict):
            invalid.id, invalid.command = (
                _bounded(named, _LONGEST_NAME) if isinstance(named := raw.get(field), str) else None
                for field in ("id", "command")
            )
        raise


def _parsed(raw: object, via: Via) -> tuple[Command, Ask]:
    if not isinstance(raw, dict):
        raise Invalid("a command is a JSON object", "명령은 JSON 객체여야 합니다")
    fields = dict(raw)
    name = fields.pop("command", None)
    if name is None:
        raise Invalid(
            "command: the name of the command is missing", "command: 명령 이름이 없습니다"
        )
    if not isinstance(name, str):
        raise Invalid("command: a name is a text", "command: 이름은 문자열이어야 합니다")
    command = COMMANDS.get(name)
    if command is None:
        known, asked_for = ", ".join(COMMANDS), repr(_bounded(name, _LONGEST_NAME))
        raise Invalid(
            f"command: there is no command {asked_for}; there are {known}",
            f"command: {with_particle(asked_for, '이라는')} 명령은 없습니다. 명령: {known}",
        )
    try:
        ask = command.ask.model_validate(fields)
    except ValidationError as error:
        raise _invalid(error) from None
    if via != "scheduler":
        _check_own_names(ask)
    return command, ask


OWN_IDS = ("open-year:", "close-year:", "catalogue:", "file:")
"""What the ids begin with that the scheduler, the catalogue and files of commands use, and nobody
else: those of files are made of what they stand for (`commands/file_ids.py`)."""


def _check_own_names(ask: Ask) -> None:
    """A person neither takes the ids of the ledger's own parts nor passes for one of them."""
    if ask.id is not None and ask.id.startswith(OWN_IDS):
        prefix, _, _ = ask.id.partition(":")
        raise _unfit("id", Unfit("reserved-id", prefix=f"{prefix}:"))
    if id_key(ask.actor) in OWN_ACTORS:
        raise _unfit("actor", Unfit("reserved-actor", actor=ask.actor))


def _unfit(field: str, unfit: Unfit) -> Invalid:
    return Invalid(f"{field}: {said(unfit, 'en')}", f"{field}: {said(unfit, 'ko')}")


def asked(command: Command, ask: Ask, via: Via) -> Asked:
    """A command with an id (made if it has none) and the digest of what was asked."""
    digest = digest_of(content_of(command, ask))
    return Asked(command, ask, ask.id or os.urandom(16).hex(), digest, via)


def content_of(command: Command, ask: Ask) -> dict[str, Any]:
    """What was asked, under whatever id: trimmed, normalised, what was left out still left out."""
    content = ask.model_dump(exclude_unset=True)
    content["command"] = command.name
    content.pop("id", None)
    return content


def decoded(text: str | bytes) -> object:
    """Plain data from JSON; `Invalid` if it is none, or names a field twice."""
    try:
        return loaded(text)
    except Unfit as error:
        raise Invalid(said(error, "en"), said(error, "ko")) from None
    except (ValueError, RecursionError) as error:
        raise Invalid(*not_json(error)) from None


_MOST_PROBLEMS = 5
"""Of the problems of one command, how many are named."""

_LONGEST_MESSAGE, _LONGEST_NAME = 2_000, 200
"""Characters of what was asked that are said back: in a message, and as its id or name."""


def _invalid(error: ValidationError) -> Invalid:
    problems = told(error)
    more = len(problems) - _MOST_PROBLEMS
    if more > 0:
        problems[_MOST_PROBLEMS:] = [(f"and {more:,} more", f"그 밖에 {more:,}가지")]
    english, korean = zip(*problems, strict=True)
    return Invalid("; ".join(english), "; ".join(korean))


def _bounded(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """A text that can be said back, whatever arrived: not too long, lone surrogates escaped."""
    if len(text) > longest:
        text = f"{text[:longest]}… ({len(text):,})"
    return text.encode("utf-8", "backslashreplace").decode()
