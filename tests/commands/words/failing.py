"""What errors say, read from the code that raises them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ledger.errors
from app.keys import Forgotten
from app.sequencer import NotBegun
from projections.proving import NotExtended

ROOTS = ("ledger", "projections", "commands", "app")
OWN = {
    name
    for name, kind in vars(ledger.errors).items()
    if isinstance(kind, type) and issubclass(kind, ledger.errors.Told)
} - {"Refused", "NotFound", "Misread"}
RAISED = OWN | {kind.__name__ for kind in (Forgotten, NotBegun, NotExtended)}


def failures() -> Iterator[tuple[str, ast.expr]]:
    """Where an error outside the rules is made, and what it is given to say."""
    for root in ROOTS:
        for path in sorted(Path(root).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and _is_failure(node):
                    yield f"{path}:{node.lineno}", node.args[0]


def _is_failure(call: ast.Call) -> bool:
    """Whether a call makes one: by its name, or within its own making, with a sentence."""
    match call:
        case ast.Call(func=ast.Name(id=name)):
            return name in RAISED
        case ast.Call(
            func=ast.Attribute(attr="__init__"), args=[ast.Constant(value=str(text)), *_]
        ):
            return " " in text
        case _:
            return False
