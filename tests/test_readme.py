"""What the README shows is what happens: its calls are made on the demo's ledger."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROGRAM = Path(sys.executable).parent


def _call(arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "GRANTS_LEDGER": "sqlite:///grants-demo.db",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{PROGRAM}:{os.environ['PATH']}",
    }
    return subprocess.run(
        shlex.split(arguments), cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was played."""
    folder = tmp_path_factory.mktemp("demo")
    told = subprocess.run(
        [PROGRAM / "grants", "demo"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return folder


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", _blocks("console"))
def test_every_example_prints_what_the_readme_shows(demo: Path, block: str) -> None:
    call, _, shown = block.removeprefix("$ ").replace("\\\n", "").partition("\n")
    printed = _call(call, demo).stdout
    assert [line.rstrip() for line in printed.splitlines()] == shown.splitlines()


@pytest.mark.parametrize(
    "call",
    [call for block in _blocks("sh") for call in block.splitlines() if call.startswith("grants ")],
)
def test_every_call_that_the_readme_names_works(demo: Path, call: str) -> None:
    answer = _call(call, demo)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_the_way_to_a_first_payment_leads_there(tmp_path: Path) -> None:
    (way,) = _blocks("bash")
    env = os.environ | {"LC_ALL": "C.UTF-8", "PATH": f"{PROGRAM}:{os.environ['PATH']}"}
    env.pop("GRANTS_LEDGER", None)
    walked = subprocess.run(
        ["bash", "-euc", way], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert walked.returncode == 0, walked.stderr
    assert "5,000,000" in walked.stdout


def test_the_lines_of_the_demo_are_the_demos_own(demo: Path) -> None:
    told = subprocess.run(
        [PROGRAM / "grants", "demo"], cwd=demo, capture_output=True, text=True, check=False
    ).stdout
    printed = [_plain(line) for line in told.splitlines()]
    (block,) = _blocks("text")
    for line in block.splitlines():
        assert _plain(line) in printed, line


def _plain(line: str) -> str:
    return " ".join(line.replace("─", " ").split())


def test_every_file_that_a_document_links_to_is_there() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
