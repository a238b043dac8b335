"""From whatever arrives to a command, or a refusal that says what is wrong and where."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import ValidationError

from commands.asks import Ask
from commands.table import COMMANDS, Command
from ledger.envelope import Via, digest_of, loaded
from ledger.errors import Refused
from ledger.names import id_key
from ledger.wording import Language, Unfit

KOREAN: dict[str, str] = {
    "missing": "필수 항목입니다",
    "extra_forbidden": "없는 항목입니다",
    "int_type": "정수여야 합니다",
    "string_type": "문자열이어야 합니다",
    "string_too_short": "비어 있습니다",
    "string_too_long": "너무 깁니다",
    "literal_error": "허용되지 않는 값입니다",
    "greater_than_equal": "너무 작습니다",
    "greater_than": "너무 작습니다",
    "less_than_equal": "너무 큽니다",
    "less_than": "너무 큽니다",
    "tuple_type": "목록이어야 합니다",
    "model_type": "객체여야 합니다",
    "string_pattern_mismatch": "형식이 맞지 않습니다",
}


ENGLISH: dict[str, str] = {"tuple_type": "Input should be a list"}
"""Where pydantic speaks of Python rather than of JSON."""


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
        self._said: dict[Language, str] = {"en": _bounded(english), "ko": _bounded(korean)}
        self.id: str | None = None
        self.command: str | None = None
        super().__init__("invalid", what=self._said["en"])

    def message(self, language: Language, fits: int | None = None) -> str:
        """What is wrong and where."""
        return self._said[language]


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
            f"command: {asked_for}(이)라는 명령은 없습니다. 명령: {known}",
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

OWN_ACTORS = ("scheduler", "catalogue")
"""Who records, besides persons."""


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
        raise Invalid(error.said("en"), error.said("ko")) from None
    except RecursionError:
        raise _not_json("too deep, one in another", "너무 깊이 겹쳐 있습니다") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _not_json(str(error), str(error)) from None
    except ValueError:  # Python takes no number of more than 4,300 digits
        raise _not_json("a number of thousands of digits", "수가 수천 자리입니다") from None


def _not_json(english: str, korean: str) -> Invalid:
    return Invalid(f"not JSON: {english}", f"JSON이 아닙니다: {korean}")


_MOST_PROBLEMS = 5
"""Of the problems of one command, how many are named."""

_LONGEST_MESSAGE, _LONGEST_NAME = 2_000, 200
"""Characters of what was asked that are said back: in a message, and as its id or name."""


def _invalid(error: ValidationError) -> Invalid:
    english, korean = [], []
    problems = error.errors(include_url=False, include_input=False)
    for problem in problems[:_MOST_PROBLEMS]:
        where, unfit = _place(problem["loc"]), problem.get("ctx", {}).get("error")
        if isinstance(unfit, Unfit):
            english.append(where + unfit.said("en"))
            korean.append(where + unfit.said("ko"))
        else:
            english.append(where + ENGLISH.get(problem["type"], problem["msg"]))
            korean.append(where + KOREAN.get(problem["type"], problem["msg"]))
    more = len(problems) - _MOST_PROBLEMS
    if more > 0:
        english.append(f"and {more:,} more")
        korean.append(f"그 밖에 {more:,}가지")
    return Invalid("; ".join(english), "; ".join(korean))


def _bounded(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    """A text that can be said back, whatever arrived: not too long, lone surrogates escaped."""
    if len(text) > longest:
        text = f"{text[:longest]}… ({len(text):,})"
    return text.encode("utf-8", "backslashreplace").decode()


def _place(loc: tuple[str | int, ...]) -> str:
    """`lines[0].subsidy: `, as people name a place in JSON."""
    text = ""
    for step in loc:
        if text and step in ("Rate", "RateBySize"):
            continue  # the ratio may be of either kind; people see one field
        name = _bounded(str(step), _LONGEST_NAME)
        text += f"[{step}]" if isinstance(step, int) else f".{name}" if text else name
    return f"{text}: " if text else ""
