"""What a ledger's doors are told from outside: where it is, and where its keys are."""

from __future__ import annotations

from dataclasses import dataclass

LEDGER = "sqlite:///grants.db"
"""The ledger where none is named: in the working directory."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which ledger, and the folder of its keys; the usual one where that is None."""

    ledger: str = LEDGER
    keys: str | None = None

    @property
    def shown(self) -> str:
        """The ledger as it may be shown: without its password."""
        from ledger.database.address import shown

        return shown(self.ledger)
