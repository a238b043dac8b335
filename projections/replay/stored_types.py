"""Is each stored value of its column's type? SQLite takes a text where a number belongs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_type_hints

from ledger.database.driver import Driver
from ledger.database.engine import connect
from ledger.database.failures import speaking_plainly
from ledger.errors import Corrupt
from projections.flows import Posting
from projections.fold import KINDS
from projections.rows import columns_of

_LOG: dict[str, dict[str, type]] = {
    "head": {"id": int, "format": int, "size": int, "recorded_at": str, "edge": str},
    "projections": {"id": int, "version": int},
    "events": {"seq": int}
    | dict.fromkeys(
        (
            "kind",
            "recorded_at",
            "effective_on",
            "actor",
            "command_id",
            "command_digest",
            "subject",
            "envelope",
            "leaf_hash",
        ),
        str,
    ),
}


def ill_typed(url: str) -> Corrupt | None:
    """Of which column of a ledger the first value of another type is; None if there is none.

    It reads every table, and is for finding out why something failed. PostgreSQL takes no such
    value.
    """
    engine = connect(url)
    try:
        if engine.dialect == "postgresql":
            return None
        with speaking_plainly(), engine.driver() as driver:
            return next(_ill_typed(driver), None)
    finally:
        engine.dispose()


def _ill_typed(driver: Driver) -> Iterator[Corrupt]:
    for table, types in _tables():
        for column, held in types.items():
            name = "integer" if held is int else "text"
            question = f'SELECT typeof("{column}") FROM {table} WHERE typeof("{column}") <> ?'
            if (table, column) == ("head", "recorded_at"):  # null while the log is empty
                question += f' AND "{column}" IS NOT NULL'
            for (found,) in driver.ask(f"{question} LIMIT 1", (name,)):
                yield Corrupt(
                    "{table}: {column} should be {name}, found {found}; run: grants verify",
                    table=table,
                    column=column,
                    name=name,
                    found=found,
                )


def _tables() -> Iterator[tuple[str, dict[str, type]]]:
    yield from _LOG.items()
    for kind in KINDS:
        hints = get_type_hints(kind)
        yield kind.table, {name: hints[name] for name in columns_of(kind)}
    hints = get_type_hints(Posting)
    yield "postings", {name: hints[name] for name in Posting._fields}
