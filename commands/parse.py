"""From whatever arrives to a command, or a refusal that says what is wrong and where."""

from __future__ import annotations

import os
from typing import NamedTuple

from pydantic import ValidationError

from commands.asks import Ask
from commands.problems import not_json, told
from commands.table import COMMANDS, Command
from ledger.envelope import Via, digest_of, loaded
from ledger.errors import Refused
from ledger.names import OWN_ACTORS, id_key
from ledger.particles import with_particle
from ledger.wording import Language, Unfit


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
        self._said: dict[Language, str] = {"en": _sayable(english), "ko": _sayable(korean)}
        self.id: str | None = None
        self.command: str | None = None
        super().__init__("invalid", what=english)

    def message(self, language: Language, fits: int | None = None) -> str:
        """What is wrong and where."""
        return self._said[language]


def parsed(raw: object, via: Via = "python") -> Asked:
    """A command from plain data, come by a door; `Invalid` if it is not well-formed."""
    try:
        return _parsed(raw, via)
    except Invalid as invalid:
        if isinstance(raw, dict):
            invalid.id, invalid.command = (
                _sayable(named) if isinstance(named := raw.get(field), str) else None
                for field in ("id", "command")
            )
        raise


def _parsed(raw: object, via: Via) -> Asked:
    if not isinstance(raw, dict):
        raise Invalid("a command is a JSON object", "명령은 JSON 객체여야 합니다")
    fields = dict(raw)
    name = fields.pop("command", None)
    if name is None:
        raise Invalid(
            "command: the name of the command is missing", "command: 명령 이름이 없습니다"
        )
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        known = ", ".join(COMMANDS)
        raise Invalid(
            f"command: there is no command {name!r}; there are {known}",
            f"command: {with_particle(repr(name), '이라는')} 명령은 없습니다. 명령: {known}",
        )
    try:
        ask = command.ask.model_validate(fields)
    except ValidationError as error:
        raise _invalid(error) from None
    if via != "scheduler":
        _check_own_names(ask)
    return asked(command, ask, via)


OWN_IDS = ("open-year:", "close-year:", "catalogue:")
"""What the ids begin with that the scheduler and the catalogue use, and nobody else."""


def _check_own_names(ask: Ask) -> None:
    """A person neither takes the ids of the ledger's own parts nor passes for one of them."""
    for prefix in OWN_IDS:
        if ask.id is not None and ask.id.startswith(prefix):
            raise _unfit("id", Unfit("reserved-id", prefix=prefix))
    if id_key(ask.actor) in OWN_ACTORS:
        raise _unfit("actor", Unfit("reserved-actor", actor=ask.actor))


def _unfit(field: str, unfit: Unfit) -> Invalid:
    return Invalid(f"{field}: {unfit.said('en')}", f"{field}: {unfit.said('ko')}")


def asked(command: Command, ask: Ask, via: Via) -> Asked:
    """A command with an id (made if it has none) and the digest of what was asked."""
    content = ask.model_dump(exclude_unset=True)
    content["command"] = command.name
    content.pop("id", None)
    return Asked(command, ask, ask.id or os.urandom(16).hex(), digest_of(content), via)


def decoded(text: str | bytes) -> object:
    """Plain data from JSON; `Invalid` if it is none, or names a field twice."""
    try:
        return loaded(text)
    except Unfit as error:
        raise Invalid(error.said("en"), error.said("ko")) from None
    except (ValueError, RecursionError) as error:
        raise Invalid(*not_json(error)) from None


def _invalid(error: ValidationError) -> Invalid:
    english, korean = zip(*told(error), strict=True)
    return Invalid("; ".join(english), "; ".join(korean))


def _sayable(text: str) -> str:
    """A text that can be written down, whatever arrived: lone surrogates as their escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
