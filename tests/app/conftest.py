"""The command line on a fresh ledger of either engine, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from ledger.database.engine import connect
from tests import steps as say
from tests.app.calling import HANBIT, Answer, Call
from tests.given import Story
from tests.steps import Step


@pytest.fixture
def grants(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """Calls the command line on a fresh ledger, in a folder of its own."""
    monkeypatch.setenv("GRANTS_LEDGER", url)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # for the keys of a server's ledger
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        printed = capsys.readouterr()
        code = stop.value.code
        return Answer(code if isinstance(code, int) else int(bool(code)), printed.out, printed.err)

    return call


@pytest.fixture
def recorded(grants: Call, url: str) -> Callable[..., Call]:
    """Records a story on a new ledger, and gives the calls on it."""

    def record(*steps: Step) -> Call:
        assert grants("init").code == 0
        engine = connect(url)
        Story(engine).given(*steps)
        engine.dispose()
        return grants

    return record


@pytest.fixture
def busy(recorded: Callable[..., Call]) -> Call:
    """A grant paid in part, a claim, a reversal, a case."""
    return recorded(
        say.approved(12_000_000),
        say.paid(2_000_000, on="2025-04-01", bank_ref="KB-1").but(id="first"),
        say.paid(1_000_000, on="2025-05-06", bank_ref="KB-2").but(id="wrong"),
        say.reversed_("wrong", on="2025-05-07"),
        say.claimed(say.item(1_000_000), claim="C-1", on="2025-06-01"),
        say.applied(say.line(1_000, case="DP-1"), grant="G2", programme="domestic_patent"),
    )


@pytest.fixture
def office(grants: Call) -> Call:
    """A ledger with a company, an open year, a budget and an approved grant."""
    for call in (
        f"register-company --business-number {HANBIT} --name 한빛정밀 --party-type company "
        "--size sme --actor kim --effective-on 2024-01-02",
        "open-year --year 2024 --actor kim --effective-on 2024-01-02",
        "allocate-budget --programme prototype --year 2024 --amount 100,000,000 --actor kim "
        "--effective-on 2024-01-02",
        f"apply --grant G-1 --programme prototype --title 시제품 --lead {HANBIT} --lines "
        f"company={HANBIT},year=2024,total_cost=30_000_000,subsidy=18000000 --actor kim "
        "--effective-on 2024-01-10",
        "approve --grant G-1 --actor lee --effective-on 2024-01-11",
    ):
        answer = grants(*call.split())
        assert answer.code == 0, answer.out + answer.err
    return grants


@pytest.fixture
def signing(office: Call) -> Call:
    """The office's ledger, with a key."""
    assert office("keys", "--rotate").code == 0
    return office
