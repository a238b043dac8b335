"""Calling the command line in this process: what was printed, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Call = Callable[..., "Answer"]
HANBIT = "609-86-00005"


class Answer:
    """What a call printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What it printed, as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]
