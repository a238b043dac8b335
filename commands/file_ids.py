"""Ids for commands that come in a file without one, made of what they ask.

So the same file again, with other line ends, with other lines corrected or more lines at its end,
records what is new and nothing twice (contract, *Idempotency*). Every door that takes files of
commands makes their ids here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from commands.parse import Asked, Invalid, content_of, parsed
from ledger.envelope import Via, canonical, digest_of


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
            asked = parsed(raw, via)
        except Invalid as invalid:
            return invalid
        return asked if asked.ask.id is not None else self._named(asked)

    def _named(self, asked: Asked) -> Asked:
        content = content_of(asked.command, asked.ask)
        del content["actor"]  # whoever asks, it is the same
        digest = digest_of(content)
        equal = bytes.fromhex(digest)[:16]
        name = file_id(content, self._equal_before[equal], self._again)
        self._equal_before[equal] += 1
        return asked._replace(id=name, digest=digest)


def file_id(content: dict[str, Any], equal_before: int, again: str = "") -> str:
    """The id of what a command asks, `equal_before` others like it having come in its file.

    `content` is as for the digest (`parse.content_of`), without the actor.
    """
    said = canonical([content, equal_before, again])
    return f"file:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
