"""Lists and worklists look at what they tell, however much else a ledger holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Connection

from ledger import log
from ledger.database.driver import driver_of
from ledger.database.engine import Engine
from projections.facts.spans import class_of, widest
from projections.questions.snapshot import Moment
from tests.asked import asked
from tests.benchmarks.workload import grow
from tests.projections.questions.test_lists import _entries, _moments

FEW = (
    "editions",
    "programmes",
    "years",
    "budget_days",
    "exclusions",
    "cut",
    "anon_1",
    "(subquery-1)",
)
"""Tables that stay small, and what a statement has found already."""

WAITING = "balances USING COVERING INDEX balances_waiting"
"""All lines that hold something now."""

A_COMPANYS_WHOLE_HISTORY = "SEARCH postings USING INDEX postings_by_company (company=?)"
"""Which nobody here asks for."""

ASKED = [
    ("work", {}),
    ("work", {"programme": "prototype"}),
    *(("grants", {"status": status}) for status in ("applied", "approved", "settled")),
    *(("claims", {"status": status}) for status in ("undecided", "accepted")),
    *((name, {}) for name in ("grants", "claims", "payments", "companies", "cases")),
    ("companies", {"status": "excluded"}),
    ("companies", {"part": "기업 1"}),
    ("find", {"text": "기업"}),
    ("find", {"text": "업 1"}),
    ("find", {"text": "201-8"}),
]


@pytest.fixture
def grown(engine: Engine) -> Iterator[Connection]:
    grow(engine.url, 1_500)
    with log.reading(engine) as connection:
        yield connection


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_list_and_no_worklist_reads_a_whole_table(grown: Connection) -> None:
    moments = [Moment(), *_moments(_entries(grown), Random("plans"))]
    raw = driver_of(grown).connection
    assert isinstance(raw, sqlite3.Connection)
    statements: dict[str, None] = {}
    raw.set_trace_callback(lambda statement: statements.setdefault(statement))
    for name, named in ASKED:
        for at in moments if name != "find" else moments[:1]:
            moment = {"as_of": at.day, "at_seq": at.seq} if name != "find" else {}
            asked(grown, name, **moment, **named)
    raw.set_trace_callback(None)
    read = [one for one in statements if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(read) > 100
    scans = {
        step: statement
        for statement in read
        for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}")
        if (
            step.startswith("SCAN ")
            and step.split()[1] not in FEW
            and not step.startswith(f"SCAN {WAITING}")
            and "CONSTANT" not in step
            and "SUBQUERY" not in step
        )
        or step == A_COMPANYS_WHOLE_HISTORY
    }
    assert not scans, "\n".join(f"{step}: {statement}" for step, statement in scans.items())


def test_a_span_is_found_from_every_moment_that_it_holds() -> None:
    for width in (0, 1, 3, 4, 15, 16, 63, 64, 255, 256, 10**6, 10**12):
        assert width <= widest(class_of(width))
        assert width == 0 or width > widest(class_of(width) - 1)
