"""What anybody with rights on the database could do behind the ledger's back, and its discovery."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from commands.catalogue import record_catalogue
from commands.execute import execute_all
from ledger import log
from ledger.database import tables
from ledger.database.engine import Engine
from ledger.errors import Corrupt
from projections.opening import make_ledger
from projections.replay.verify import verify
from tests import steps as say
from tests.given import Story
from tests.steps import MIRINAE, TAEBAEK

CATALOGUE = 17
"""Events before the story."""

FILLING = 256
"""Registrations before it, so that an inner node of the tree is kept."""


def told(url: str) -> str:
    """Two years of three companies: paid, claimed, returned, recovered, carried over, closed."""
    engine = make_ledger(url)
    record_catalogue(engine)
    filling = execute_all(engine, [_registration(number) for number in range(FILLING)])
    assert {receipt.status for receipt in filling} == {"recorded"}
    patent = {"programme": "domestic_patent"}
    Story(engine).given(
        say.approved(12_000_000, say.line(6_000_000, company=MIRINAE)),
        say.approved(say.line(1_400_000, company=TAEBAEK, case="DP-1"), grant="G2", **patent),
        say.paid(8_000_000, bank_ref="BANK-A"),
        say.paid(2_000_000, bank_ref="BANK-B"),
        say.paid(1_000_000, company=TAEBAEK, case="dp 1", grant="G2").but(id="paid-twice"),
        say.accepted(10_000_000, claim="C1"),
        say.claimed(say.item(4_000_000, evidence="X"), 3_000_000, claim="C2", company=MIRINAE),
        say.accept("C2", disallow=("X",)),
        say.claimed(1_000_000, claim="C3", on="2025-06-02"),
        say.identified("DP-1", "10-2025-0000001"),
        say.returned(1_000_000, interest=3_000),
        say.amended(say.line(5_000_000, company=MIRINAE), on="2025-10-01"),
        say.ordered_back(500_000, on="2025-10-02"),
        say.received_back(200_000, interest=70, on="2025-10-03"),
        say.reversed_("paid-twice", on="2025-10-04"),
        say.carried_over(1_500_000),
        say.excluded(TAEBAEK, on="2025-11-05", until="2026-11-04"),
        say.readmitted(TAEBAEK, on="2025-11-06"),
        say.reclassified(MIRINAE, "large", on="2025-11-07"),
        say.renamed(MIRINAE, name="미리내로봇", mini_cluster="창원 정밀", on="2025-11-07"),
        say.revised(on="2025-11-08", advance_percent=80),
        say.opened(2026),
        say.closed(2025),
        say.reopened(2025),
        say.paid(1_000_000, on="2026-03-01"),
    )
    verify(engine)
    engine.dispose()
    return url


def _registration(number: int) -> dict[str, Any]:
    return {
        "command": "register_company",
        "id": f"filling-{number}",
        "actor": "kim",
        "business_number": f"999-81-{number:05d}",
        "name": f"기업 {number}",
        "party_type": "university",
    }


def tamper(engine: Engine, *statements: str, **values: object) -> None:
    """Change the database behind the ledger's back, its triggers out of the way."""
    with engine.alchemy.begin() as connection:
        put_back = triggers_off(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        for statement in put_back:
            connection.exec_driver_sql(statement)


def triggers_off(connection: Connection) -> list[str]:
    """Take the triggers out of the way; the statements that put them back."""
    triggers = tables.TRIGGERS[connection.dialect.name]
    for trigger in triggers:
        connection.exec_driver_sql(switching_off(connection, trigger))
    if connection.dialect.name == "sqlite":
        return list(triggers.values())
    return [f"ALTER TABLE events ENABLE ALWAYS TRIGGER {trigger}" for trigger in triggers]


def switching_off(connection: Connection, trigger: str) -> str:
    if connection.dialect.name == "sqlite":
        return f"DROP TRIGGER {trigger}"
    return f"ALTER TABLE events DISABLE TRIGGER {trigger}"


def bend(engine: Engine, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Change the database itself as its owner could, with catalogues that may be written to."""
    if engine.dialect == "sqlite":
        with closing(sqlite3.connect(file_of(engine), isolation_level=None)) as file:
            file.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                file.execute(statement, values)
            ((version,),) = file.execute("PRAGMA schema_version").fetchall()
            file.execute(f"PRAGMA schema_version = {version + 1}")  # for whoever is connected
        return
    with engine.alchemy.begin() as connection:
        connection.exec_driver_sql("SET LOCAL allow_system_table_mods = on")
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def unnoticed_by(engine: Engine, index: str) -> Iterator[None]:
    """What happens meanwhile is not entered into an index."""
    if engine.dialect == "postgresql":
        asleep = "UPDATE pg_index SET indisready = {} WHERE indexrelid = '{}'::regclass"
        bend(engine, asleep.format("false", index))
        yield
        bend(engine, asleep.format("true", index))
        return
    with closing(sqlite3.connect(file_of(engine))) as file:
        found = f"SELECT * FROM sqlite_master WHERE name = '{index}'"
        (row,) = file.execute(found).fetchall()
    bend(engine, f"DELETE FROM sqlite_master WHERE name = '{index}'")
    yield
    bend(engine, "INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", values=row)


def file_of(engine: Engine) -> str:
    return engine.url.removeprefix("sqlite:///")


def event_at(engine: Engine, seq: int) -> dict[str, Any]:
    with log.reading(engine) as connection:
        found = connection.execute(text("SELECT * FROM events WHERE seq = :seq"), {"seq": seq})
        return dict(found.mappings().one())


def first_of(engine: Engine, kind: str) -> int:
    with log.reading(engine) as connection:
        found = connection.execute(
            text("SELECT min(seq) FROM events WHERE kind = :kind AND seq > :after"),
            {"kind": kind, "after": CATALOGUE},
        )
        return int(found.scalar_one())


def is_found(engine: Engine, *said: str, seq: int | None = None) -> None:
    """`verify` names what is wrong, in one line."""
    with pytest.raises(Corrupt) as raised:
        verify(engine)
    message = str(raised.value)
    assert "\n" not in message
    for words in said:
        assert words in message, message
    assert raised.value.seq == seq
