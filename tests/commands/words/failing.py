"""What errors say, read from the code that raises them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ledger.errors
from app.sequencer import NotBegun
from projections.proving import NotExtended

ROOTS = ("ledger", "projections", "commands", "app")
OWN = {
    name
    for name, kind in vars(ledger.errors).items()
    if isinstance(kind, type) and issubclass(kind, ledger.errors.LedgerError)
} - {"Refused", "NotFound", "Misread"}
RAISED = OWN | {NotBegun.__name__, NotExtended.__name__}


def failures() -> Iterator[tuple[str, ast.expr]]:
    """Where an error outside the rules is made, and what it is given to say."""
    for root in ROOTS:
        for path in sorted(Path(root).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in RAISED
                    and node.args
                ):
                    yield f"{path}:{node.lineno}", node.args[0]
