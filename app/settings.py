"""Which ledger, in which form, in which language: what every call may say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

if TYPE_CHECKING:
    from ledger.database.engine import Engine

EVERYWHERE = Group("Everywhere", sort_key=100)


@Parameter(name="*")
@dataclass(frozen=True)
class Door:
    """What every call may say."""

    ledger: Annotated[
        str,
        Parameter(group=EVERYWHERE, env_var="GRANTS_LEDGER", help="SQLAlchemy URL of the ledger"),
    ] = "sqlite:///grants.db"
    json: Annotated[
        bool,
        Parameter(
            group=EVERYWHERE, negative="", show_default=False, help="for programs, not for people"
        ),
    ] = False
    lang: Annotated[
        Literal["en", "ko"] | None,
        Parameter(group=EVERYWHERE, help="language of messages; default from the locale"),
    ] = None

    @property
    def language(self) -> Literal["en", "ko"]:
        """The language asked for, or else the locale's."""
        return self.lang or locale_language()

    @property
    def shown(self) -> str:
        """The ledger as it may be shown: without its password."""
        from ledger.database.address import shown

        return shown(self.ledger)

    @contextmanager
    def opened(
        self, how: Literal["open_ledger", "open_as_it_is", "make_ledger"] = "open_ledger"
    ) -> Iterator[Engine]:
        """The ledger, opened in one of the ways of `projections/opening.py`."""
        import logging

        from projections import opening

        logging.getLogger("psycopg").addHandler(logging.NullHandler())  # we say what is wrong
        try:
            engine: Engine = getattr(opening, how)(self.ledger)
            try:
                yield engine
            finally:
                engine.dispose()
        except Exception as error:
            from app.diagnosis import diagnosed

            found = diagnosed(self.ledger, error)
            if found is error:
                raise
            raise found from error


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


def locale_language() -> Literal["en", "ko"]:
    """Korean where the locale is, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"
