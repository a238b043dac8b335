"""Which ledger, in which form, in which language: what every call may say."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Group, Parameter

from app.application import Application, How, opened
from app.cli.language import Language, spoken
from app.settings import LEDGER, Settings

EVERYWHERE = Group("Everywhere", sort_key=100)


@Parameter(name="*")
@dataclass(frozen=True)
class Door:
    """What every call may say."""

    ledger: Annotated[
        str,
        Parameter(group=EVERYWHERE, env_var="GRANTS_LEDGER", help="SQLAlchemy URL of the ledger"),
    ] = LEDGER
    output: Annotated[
        Literal["table", "json", "csv"],
        Parameter(
            name=["--output", "-o"],
            group=EVERYWHERE,
            help="for people, for programs, or for a spreadsheet",
        ),
    ] = "table"
    plain_json: Annotated[
        bool,
        Parameter(name="--json", group=EVERYWHERE, negative="", show_default=False, help="-o json"),
    ] = False
    lang: Annotated[
        Language | None,
        Parameter(group=EVERYWHERE, help="language of messages; default from the locale"),
    ] = None

    @property
    def json(self) -> bool:
        """Whether a program reads the answer."""
        return self.plain_json or self.output == "json"

    @property
    def language(self) -> Language:
        """The language asked for, or else the locale's."""
        return self.lang or spoken()

    @property
    def shown(self) -> str:
        """The ledger as it may be shown: without its password."""
        return self.settings().shown

    def settings(self, keyring: Keyring | None = None) -> Settings:
        """What the application is told."""
        return Settings(self.ledger, keyring.keys if keyring else None)

    def opened(
        self, how: How = "open_ledger", keyring: Keyring | None = None
    ) -> AbstractContextManager[Application]:
        """The application on the ledger, opened in one of three ways."""
        return opened(self.settings(keyring), how)


@Parameter(name="*")
@dataclass(frozen=True)
class Keyring:
    """Where the keys are that sign what the log was."""

    keys: Annotated[
        str | None,
        Parameter(
            env_var="GRANTS_KEYS",
            help="folder of the keys; if left out, grant-keys beside a SQLite ledger, else in "
            "~/.local/share",
        ),
    ] = None
