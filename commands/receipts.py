"""What whoever asked gets back: recorded, a duplicate, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from commands.words import Language, failure, refusal, say
from ledger.errors import LedgerError, Refused

Status: TypeAlias = Literal["recorded", "duplicate", "refused"]


class First(NamedTuple):
    """Who recorded what is a duplicate now, when, and for which day."""

    actor: str
    recorded_at: str
    effective_on: str


@dataclass(frozen=True, slots=True)
class Failed:
    """What became of a command of several that failed for a reason outside the rules.

    It recorded nothing, unless the failure came after its commit: its id settles that.
    """

    id: str | None
    command: str | None
    error: Exception
    status: Literal["failed"] = "failed"

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """In the shape of a receipt."""
        return {
            "id": self.id,
            "command": self.command,
            "status": self.status,
            "events": [],
            "message": failure(self.error, language)
            if isinstance(self.error, LedgerError)
            else str(self.error),
            "warnings": [],
        }


class Warned(NamedTuple):
    """What is recorded but may not be what was meant: the contract's slug and figures."""

    slug: str
    figures: dict[str, Any]
    names: Mapping[str, object] = {}
    """What the companies and the programme among the figures are called."""

    def message(self, language: Language = "en") -> str:
        """The warning in words."""
        return say(f"warning-{self.slug}", language, **(self.figures | dict(self.names)))

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The warning in the contract's shape."""
        return {"slug": self.slug, "message": self.message(language), **self.figures}


@dataclass(slots=True)
class Receipt:
    """The answer to one command.

    `fits` is the largest amount in won with which a refused command would be recorded.
    `balances` are the rows after it as outsiders read them, each with the roll-up it is `by`:
    there for a dry run only, whatever came of it.
    """

    id: str | None
    command: str | None
    status: Status
    events: list[int] = field(default_factory=list)
    made: dict[str, str] | None = None
    first: First | None = None
    refusal: Refused | None = None
    fits: int | None = None
    warnings: list[Warned] = field(default_factory=list)
    balances: list[dict[str, Any]] | None = None
    kinds: list[str] | None = None

    @property
    def rule(self) -> str | None:
        """The slug of the rule that refused."""
        return self.refusal.rule if self.refusal else None

    def message(self, language: Language = "en") -> str | None:
        """The refusal in words."""
        return refusal(self.refusal, language, self.fits) if self.refusal else None

    def said(self, language: Language = "en") -> list[str]:
        """The warnings in words."""
        return [warning.message(language) for warning in self.warnings]

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The receipt in the contract's shape."""
        fields: dict[str, Any] = {
            "id": self.id,
            "command": self.command,
            "status": self.status,
            "events": self.events,
        }
        if self.made is not None:
            fields["made"] = self.made
        if self.first is not None:
            fields["first"] = self.first._asdict()
        if self.refusal is not None:
            fields["rule"] = self.refusal.rule
            fields["message"] = self.message(language)
            short = self.refusal.short
            if short is not None:
                fields |= {
                    "line": short.line,
                    "limit": short.limit,
                    "used": short.used,
                    "asked": short.asked,
                    "fits": self.fits,
                }
        fields["warnings"] = [warning.as_json(language) for warning in self.warnings]
        if self.balances is not None:
            fields |= {"dry_run": True, "balances": self.balances}
        return fields
