"""Which rules a command may be refused by, read from its code, in the order of the contract."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from textwrap import dedent
from types import FunctionType
from typing import Any, TypeAlias

from commands.rules import dated, open_year
from commands.table import Command
from commands.words.names import RULES

_OF_EVERY_COMMAND = ("invalid", "idempotency-conflict")
"""What is refused before a command decides."""


Calls: TypeAlias = set[tuple[Callable[..., Any], Callable[..., Any]]]
"""Which function calls which."""


def rules_of(command: Command) -> list[str]:
    """The slugs, from the most fundamental rule to the least."""
    walked: Calls = set() if command.ask.moves_money else {(dated, open_year)}
    raised = {*_OF_EVERY_COMMAND, *_raised_by(command.module.decide, walked)}
    return [rule for rule in RULES if rule in raised]


def _raised_by(function: Callable[..., Any], walked: Calls) -> Iterator[str]:
    """The slugs that a function names, and those of the functions of commands that it calls.

    `walked` are the calls that need no looking at any more.
    """
    for node in ast.walk(ast.parse(dedent(inspect.getsource(function)))):
        match node:
            case ast.Constant(value=str(text)) if text in RULES:
                yield text
            case ast.Name(id=name):
                called = getattr(inspect.getmodule(function), name, None)
                if isinstance(called, FunctionType) and (function, called) not in walked:
                    walked.add((function, called))
                    if called.__module__.startswith("commands."):
                        yield from _raised_by(called, walked)
