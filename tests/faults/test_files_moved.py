"""A SQLite ledger moved, replaced, removed or linked under a writer: it says so and stops, and
records nothing into a file that is no longer the ledger.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commands.execute import execute
from ledger import log
from ledger.database.engine import Engine
from ledger.errors import Disconnected, Unavailable
from projections.opening import open_ledger
from projections.replay.verify import verify
from tests.faults.moves import (
    STRIKES,
    Moving,
    Strike,
    a_second_name,
    beside,
    elsewhere,
    fresh_copies,
)
from tests.faults.nursery import Nursery


@pytest.fixture
def path(sqlite_template: Path, tmp_path: Path) -> Path:
    """The file of a ledger."""
    return Path(shutil.copy(sqlite_template, tmp_path / "grants.db"))


@pytest.fixture
def writer(path: Path) -> Iterator[Engine]:
    """Who has had the ledger open for long, and has recorded in it."""
    engine = open_ledger(f"sqlite:///{path}", wait_seconds=0.3)
    for number in (0, 1):
        assert _sent(engine, number) == "recorded"
    yield engine
    engine.dispose()


def _sent(engine: Engine, number: int) -> str:
    """Register a company, the same for the same number."""
    company = {
        "command": "register_company",
        "id": f"company-{number}",
        "actor": "kim",
        "effective_on": "2024-01-02",
        "business_number": f"900-81-{number:05d}",
        "name": f"기업 {number}",
        "party_type": "company",
        "size": "sme",
    }
    return execute(engine, company).status


def _size(path: Path) -> int:
    """How many events a file holds, whoever has it open."""
    with closing(sqlite3.connect(path)) as file:
        (size,) = file.execute("SELECT size FROM head").fetchone()
        return int(size)


@pytest.mark.parametrize("strike", STRIKES, ids=lambda strike: strike.__name__)
def test_a_writer_whose_file_is_no_longer_the_ledger_says_so_and_records_nothing(
    path: Path, writer: Engine, strike: Strike
) -> None:
    before = _size(path)
    with strike(path):
        for number in (2, 3):
            with pytest.raises(Unavailable, match=r"[Nn]othing was recorded"):
                _sent(writer, number)
        if elsewhere(path).exists():
            assert _size(elsewhere(path)) <= before
    assert _size(path) == before
    with closing(open_ledger(f"sqlite:///{path}").alchemy.connect()) as connection:
        assert log.read_head(connection).size == before


@pytest.mark.parametrize("strike", STRIKES, ids=lambda strike: strike.__name__)
def test_once_the_files_are_in_their_place_everything_acknowledged_is_there(
    path: Path, writer: Engine, strike: Strike
) -> None:
    with strike(path), pytest.raises(Unavailable):
        _sent(writer, 2)
    writer.dispose()
    engine = open_ledger(f"sqlite:///{path}")
    assert [_sent(engine, number) for number in (0, 1, 2)] == ["duplicate", "duplicate", "recorded"]
    verify(engine)
    engine.dispose()


def test_a_ledger_that_was_removed_is_not_made_anew_nor_recorded_into(
    path: Path, writer: Engine
) -> None:
    path.unlink()
    for _ in range(2):
        with pytest.raises(Unavailable, match="moved, replaced or removed"):
            _sent(writer, 2)
    assert not path.exists()


def test_whoever_asks_hears_that_the_file_is_no_longer_the_ledger(
    path: Path, writer: Engine
) -> None:
    with log.reading(writer) as connection:
        before = log.read_head(connection).size
    path.rename(elsewhere(path))
    shutil.copy(elsewhere(path), path)
    with pytest.raises(Unavailable, match="moved, replaced or removed"), log.reading(writer):
        pass
    assert before


def test_a_writer_under_each_of_two_names_records_nothing(path: Path, writer: Engine) -> None:
    with a_second_name(path):
        with pytest.raises(Unavailable, match="another name"):
            open_ledger(f"sqlite:///{elsewhere(path)}")
        with pytest.raises(Unavailable, match="another name"):
            open_ledger(f"sqlite:///{path}")
    assert _sent(writer, 2) == "recorded"


def test_a_symbolic_link_is_a_way_to_the_ledger_until_it_leads_elsewhere(
    path: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    link, other = tmp_path / "link.db", Path(shutil.copy(sqlite_template, tmp_path / "other.db"))
    link.symlink_to(path)
    engine = open_ledger(f"sqlite:///{link}", wait_seconds=0.3)
    assert _sent(engine, 0) == "recorded"
    link.unlink()
    link.symlink_to(other)
    with pytest.raises(Unavailable, match="moved, replaced or removed"):
        _sent(engine, 1)
    engine.dispose()
    assert _size(path) == _size(other) + 1


def test_another_working_folder_changes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    engine = open_ledger("sqlite:///grants.db")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert _sent(engine, 0) == "recorded"
    engine.dispose()


def test_a_file_replaced_while_it_is_committed_is_not_acknowledged(
    path: Path, writer: Engine
) -> None:
    """Between the last look before the commit and the commit itself."""
    commit = writer.dialect and sqlite3.Connection.commit

    def committed(connection: Any) -> None:
        commit(connection)
        path.rename(elsewhere(path))

    with writer.driver() as driver:
        struck = type("Struck", (type(driver.connection),), {"commit": committed})
        driver.connection.__class__ = struck
    with pytest.raises(Disconnected, match="was recorded is not known"):
        _sent(writer, 2)
    elsewhere(path).rename(path)
    engine = open_ledger(f"sqlite:///{path}")
    assert _sent(engine, 2) == "duplicate"
    engine.dispose()


def test_a_file_that_somebody_took_out_of_wal_mode_is_put_back_into_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    engine = open_ledger(f"sqlite:///{path}")
    assert _sent(engine, 0) == "recorded"
    with engine.driver() as driver:
        assert driver.ask("PRAGMA journal_mode") == [("wal",)]
        assert driver.ask("PRAGMA synchronous") == [(2,)]
    engine.dispose()
    assert not os.path.exists(beside(path, "-journal"))


@pytest.mark.parametrize("strike", STRIKES, ids=lambda strike: strike.__name__)
def test_struck_at_any_moment_nothing_acknowledged_is_lost(
    nursery: Nursery, sqlite_template: Path, tmp_path: Path, strike: Strike
) -> None:
    template = Path(shutil.copy(sqlite_template, tmp_path / "template.db"))
    tally = Moving(3).run(nursery, fresh_copies(template), strike)
    assert not tally.harm
    assert tally.kills >= 3
