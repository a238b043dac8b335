"""Money: whole won, never a fraction, never a float."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

LIMIT = 10**15
"""Amounts stay below this (a thousand trillion won)."""

_IN_WON: dict[str, Any] = {"format": "won"}

Won = Annotated[int, Field(strict=True, ge=0, lt=LIMIT, json_schema_extra=_IN_WON)]
"""Whole won, zero included."""

PositiveWon = Annotated[int, Field(strict=True, ge=1, lt=LIMIT, json_schema_extra=_IN_WON)]
"""Whole won, at least one."""

SignedWon = Annotated[int, Field(strict=True, gt=-LIMIT, lt=LIMIT, json_schema_extra=_IN_WON)]
"""Whole won with a direction."""

SUMS = 10**18
"""Sums of amounts stay below this (contract, *Commands*): every engine can count so far."""

Total = Annotated[int, Field(strict=True, ge=0, lt=SUMS, json_schema_extra=_IN_WON)]
"""A sum of amounts in whole won; a sum may be larger than any amount."""

Percent = Annotated[int, Field(strict=True, ge=0, le=100, json_schema_extra={"format": "percent"})]
"""A whole percentage."""


def won(amount: int) -> str:
    """An amount as people read it: `12,345,678`."""
    return f"{amount:,}"
