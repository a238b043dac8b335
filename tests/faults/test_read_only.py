"""A ledger that may be read and not written: questions answer, commands say what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from app.cli import exits
from projections.replay.verify import verify
from tests.faults.ledgers import opened
from tests.faults.nursery import Nursery
from tests.faults.work import everything
from tests.postgres import Server

NOBODY = {"nobody": True}
PAYMENT = {
    "grant": "G2023-1",
    "company": "101-81-00101",
    "year": "2023",
    "amount": "1000000",
    "bank-ref": "AFTER-1",
    "effective-on": "2023-12-01",
    "actor": "kim",
    "id": "after-1",
}
PAY = ["disburse", *(word for name, value in PAYMENT.items() for word in (f"--{name}", value))]


@dataclass
class Shut:
    """A ledger that is read-only for a process under an URL, until it is let write."""

    url: str
    let: Callable[[], None]
    office: str = ""  # the URL of those who may write

    def call(self, nursery: Nursery, *words: str) -> dict[str, Any]:
        """Run the command line as somebody without rights; how that ended."""
        arguments = [*words, "--ledger", self.url]
        (ended,) = nursery.done("call", arguments=arguments, under=NOBODY).all("finished")
        return ended

    def says_so(self, ended: dict[str, Any]) -> bool:
        """Whether it is one plain sentence that the ledger is read-only."""
        plain = "read-only" in ended["err"] and len(ended["err"].splitlines()) == 1
        return ended["code"] == exits.UNAVAILABLE and plain


# ── the ways in which a ledger can be read-only ──────────────────────────────────────────────


@contextmanager
def _own_folder(request: pytest.FixtureRequest, *, file: int, folder: int) -> Iterator[Shut]:
    """A ledger in a folder that another user can reach, with these rights on both."""
    nursery: Nursery = request.getfixturevalue("nursery")
    with nursery.folder("shut") as home:
        path = Path(home) / "grants.db"
        shutil.copy(request.getfixturevalue("grown_file"), path)
        path.chmod(file)
        path.parent.chmod(folder)

        def let() -> None:
            path.parent.chmod(0o777)
            for each in path.parent.iterdir():  # SQLite's own files take their rights from it
                each.chmod(0o666)

        try:
            yield Shut(f"sqlite:///{path}", let, f"sqlite:///{path}")
        finally:
            let()


@contextmanager
def _a_file_without_rights(request: pytest.FixtureRequest) -> Iterator[Shut]:
    with _own_folder(request, file=0o444, folder=0o777) as shut:
        yield shut


@contextmanager
def _a_folder_without_rights_where_an_office_is_at_work(
    request: pytest.FixtureRequest,
) -> Iterator[Shut]:
    with _own_folder(request, file=0o644, folder=0o755) as shut:
        path = Path(make_url(shut.url).database or "")
        with opened(shut.url) as engine, engine.alchemy.connect() as connection:
            connection.execute(text("SELECT count(*) FROM events"))
            for each in path.parent.iterdir():
                each.chmod(0o444)
            path.parent.chmod(0o555)
            yield shut


@contextmanager
def _a_role_that_may_only_select(request: pytest.FixtureRequest) -> Iterator[Shut]:
    server: Server = request.getfixturevalue("postgres")
    office, role = server.create_database(request.getfixturevalue("grown_database")), _name()

    def grant(rights: str) -> None:
        _execute(office, f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {role}")

    _execute(office, f"CREATE ROLE {role} LOGIN PASSWORD '{role}'")
    try:
        grant("SELECT")
        url = make_url(office).set(username=role, password=role)
        yield Shut(url.render_as_string(hide_password=False), lambda: grant("ALL"), office)
    finally:
        _execute(office, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
        server.drop_database(office)


@contextmanager
def _a_database_that_takes_no_writes(request: pytest.FixtureRequest) -> Iterator[Shut]:
    """As a standby is one."""
    server: Server = request.getfixturevalue("postgres")
    office = server.create_database(request.getfixturevalue("grown_database"))
    setting = f"ALTER DATABASE {make_url(office).database}"
    _execute(office, f"{setting} SET default_transaction_read_only = on")
    again = f"{setting} RESET default_transaction_read_only"
    yield Shut(office, lambda: _execute(office, "SET transaction_read_only = off", again), office)
    server.drop_database(office)


def _name() -> str:
    return f"grants_test_{uuid4().hex[:12]}"


def _execute(url: str, *statements: str) -> None:
    with opened(url) as engine, engine.alchemy.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


WAYS = (
    _a_file_without_rights,
    _a_folder_without_rights_where_an_office_is_at_work,
    _a_role_that_may_only_select,
    _a_database_that_takes_no_writes,
)


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__.strip("_"))
def shut(request: pytest.FixtureRequest) -> Iterator[Shut]:
    """A ledger in which an office worked for three years, read-only in each way."""
    with request.param(request) as shut:
        yield shut


# ── what is promised ─────────────────────────────────────────────────────────────────────────


def test_a_command_says_that_the_ledger_is_read_only_and_questions_still_answer(
    shut: Shut, nursery: Nursery
) -> None:
    with opened(shut.office) as engine:
        size, digest = everything(engine)
    for _ in range(2):
        refused = shut.call(nursery, *PAY)
        assert shut.says_so(refused), refused
    (answer,) = nursery.done("ask", url=shut.url, times=1, under=NOBODY).all("answer")
    assert (answer["size"], answer["digest"]) == (size, digest)
    for question in (["balances"], ["events", "--limit", "3"], [*PAY, "--dry-run"]):
        answered = shut.call(nursery, *question)
        assert answered["code"] == exits.DONE, answered
    shut.let()
    paid = shut.call(nursery, *PAY)
    assert paid["code"] == exits.DONE, paid
    with opened(shut.office) as engine:
        assert verify(engine).events == size + 1


def test_where_sqlite_can_keep_nothing_beside_the_file_every_call_says_so(
    request: pytest.FixtureRequest, nursery: Nursery
) -> None:
    with _own_folder(request, file=0o444, folder=0o555) as shut:
        for call in (["balances"], ["events"], ["verify"], PAY):
            ended = shut.call(nursery, *call)
            assert shut.says_so(ended), ended
        shut.let()
        assert shut.call(nursery, *PAY)["code"] == exits.DONE
        assert shut.call(nursery, "verify")["code"] == exits.DONE
