"""Help speaks the language of the call, shows an example, and shells complete calls."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from app.cli import helping, language
from app.cli.command_line import app
from app.cli.korean import HELP
from commands.table import COMMANDS
from tests.app.calling import Call

HANGUL = re.compile("[가-힣]")


def calls() -> list[list[str]]:
    """Every call that there is, those of `list` as well."""
    found: list[list[str]] = [[]]
    for call in found:
        place = app
        for name in call:
            place = place[name]
        found += [[*call, name] for name in place if not name.startswith("-")]
    return found


def test_all_help_is_korean_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    english, told = set(), set()
    in_korean = helping.in_korean

    def listening(text: str) -> str:
        said = in_korean(text)
        told.add(" ".join(text.split()))
        if text and not HANGUL.search(said):
            english.add(text)
        return said

    monkeypatch.setattr(helping, "in_korean", listening)
    monkeypatch.setattr(app, "help_formatter", helping.KoreanHelp())
    language.listen(["--lang", "ko"])
    console = Console(file=io.StringIO(), width=100)
    for call in calls():
        app.help_print(call, console=console)
    language.listen([])
    assert not english
    assert not HELP.keys() - told, "said nowhere"


@pytest.mark.parametrize(
    "call",
    [["--lang", "ko"], ["disburse", "--help", "--lang=ko"], ["list", "--help", "--lang", "ko"]],
)
def test_help_is_given_in_korean(grants: Call, call: list[str]) -> None:
    answer = grants(*call)
    assert answer.code == 0
    assert "사용법: grants" in answer.out
    assert not re.search("Usage|Parameters|Commands|choices|required|default|U[+]", answer.out)


def test_in_a_korean_locale_the_lists_tell_of_themselves_in_korean(
    grants: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "사용법: grants list" in grants("list").out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "Usage: grants list" in grants("list").out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_shows_an_example(grants: Call, command: str) -> None:
    name = command.replace("_", "-")
    assert f"Example: grants {name} --" in grants(name, "--help").out


def test_what_is_not_there_is_said_in_the_language_of_the_call(grants: Call) -> None:
    grants("init")
    told = [grants("show", "G-9", "--lang", language).err for language in ("en", "ko")]
    assert not HANGUL.search(told[0])
    assert HANGUL.search(told[1])
    assert all("G-9" in one for one in told)


def test_a_day_that_is_none_is_said_in_the_language_of_the_call(grants: Call) -> None:
    grants("init")
    answer = grants("balances", "--as-of", "2025-02-30", "--lang", "ko")
    assert answer.code == 2
    assert HANGUL.search(answer.err)
    assert "2025-02-30" in answer.err


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["disb"], "disburse"),
        (["disburse", "--bank"], "--bank-ref"),
        (["list", "grants", "--status", "rej"], "rejected"),
    ],
)
def test_a_shell_completes_calls(
    grants: Call, tmp_path: Path, words: list[str], completed: str
) -> None:
    script = tmp_path / "grants.bash"
    script.write_text(grants("completion", "bash").out)
    asked = f"COMP_WORDS=(grants {' '.join(words)}); COMP_CWORD={len(words)}"
    told = f'source {script}; {asked}; _grants; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [completed]


def test_a_list_of_all_calls_loads_no_model() -> None:
    told = (
        "import sys; from app.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('pydantic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", told], check=True, capture_output=True)
