"""Ids for commands that come in a file without one, made of what they ask.

So the same file again, with other line ends, with other lines corrected or more lines at its end,
records what is new and nothing twice (contract, *Idempotency*). Every door that takes files of
commands makes their ids here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from commands.asks import Ask
from commands.parse import Asked, Invalid, asked, content_of, parsed
from commands.table import Command
from ledger.envelope import Via, canonical


class FileOfCommands:
    """The commands of one file as they are read one after another, each under an id.

    `again` makes other ids, for a file that is meant to be recorded anew. It remembers 16 bytes
    of each command, since of equal ones the second is another than the first.
    """

    def __init__(self, again: str = "") -> None:
        self._again = again
        self._equal_before: Counter[bytes] = Counter()

    def read(self, raw: object, via: Via) -> Asked | Invalid:
        """The next command of the file, or what is wrong with it."""
        if isinstance(raw, Invalid):
            return raw
        try:
            return parsed(raw, via, self._named)
        except Invalid as invalid:
            return invalid.kept()

    def _named(self, command: Command, ask: Ask, via: Via) -> Asked:
        if ask.id is not None:
            return asked(command, ask, via)
        content = content_of(command, ask)
        del content["actor"]  # whoever asks, it is the same
        text = canonical(content)
        digest = hashlib.sha256(text.encode())
        equal = digest.digest()[:16]
        name = _file_id(text, self._equal_before[equal], self._again)
        self._equal_before[equal] += 1
        return Asked(command, ask, name, digest.hexdigest(), via)


def file_id(content: dict[str, Any], equal_before: int, again: str = "") -> str:
    """The id of what a command asks, `equal_before` others like it having come in its file.

    `content` is as for the digest (`parse.content_of`), without the actor.
    """
    return _file_id(canonical(content), equal_before, again)


def _file_id(content: str, equal_before: int, again: str) -> str:
    """The hash of the canonical JSON of a list of the three."""
    said = f"[{content},{equal_before},{canonical(again)}]"
    return f"file:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
