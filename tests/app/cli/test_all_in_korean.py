"""`--lang ko` means all of it: whatever is called, and however it fails, no English is left.

What is taken out before looking is what people type and programs read (names of commands, options,
fields and slugs, what stands behind an equals sign, addresses, paths, keys and hashes), what the
log itself says, and what the system says of its files.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.command_line import app, lists
from commands.fields import fields_of
from commands.table import COMMANDS
from commands.words import names
from ledger.terms import catalogue
from projections.questions.table import QUESTIONS
from tests.app.calling import HANBIT, Call

ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,})+\b")
"""Two words or more, one after another."""

TYPED = [
    re.compile(pattern)
    for pattern in (
        *map(os.strerror, (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES)),
        "file is not a database",  # SQLite
        r"\bgrants [a-z-]+(?: --?[\w-]+(?: \S+)?)*",  # a call to be made
        r"--?[a-z][\w-]*",  # options
        r"\b\w+=\S+",
        r"(?:sqlite|postgresql):\S+",
        r"\S*/\S*",  # paths, and what looks like one
        r"\b[\w.-]+\.(?:db|jsonl|json|txt|pub)\b",
        r"\b[0-9a-f]{16,}\b",
        r"grant-ledger/\S+",
    )
]


def _slugs() -> Iterator[str]:
    """Whatever people type as it is: of commands, questions, fields, programmes, categories."""
    yield from (*COMMANDS, *QUESTIONS, *names.ALL, "list", "show", "completion")
    for programme in catalogue():
        yield from (programme.slug, *programme.terms.eligible, *programme.terms.excluded)
    for command in COMMANDS.values():
        yield from (field.name for field in fields_of(command.ask))
    for calls in (app, lists):
        yield from (name for name in calls if not name.startswith("-"))


SLUGS = sorted(
    {form for slug in _slugs() if "_" in slug for form in (slug, slug.replace("_", "-"))}, key=len
)
"""Those of several words; one word alone is no English."""


RECORDED = [
    re.compile(r"\s+".join(map(re.escape, text.split())))
    for programme in catalogue()
    for text in (programme.detail, programme.terms.source, *programme.notes, *programme.assumed)
]
"""What the log itself says in English, and always will."""


def english_in(text: str) -> list[str]:
    """What of a text is English, and neither typed nor recorded."""
    for pattern in (*RECORDED, *TYPED):
        text = pattern.sub(" · ", text)
    for slug in reversed(SLUGS):
        text = re.sub(rf"(?<![\w-]){re.escape(slug)}(?![\w-])", "·", text)
    return ENGLISH.findall(text)


@pytest.fixture
def office(busy: Call, tmp_path: Path) -> Call:
    """A ledger with something of everything, and files that are no use."""
    (tmp_path / "bad.txt").write_text("nothing that was ever signed\n", encoding="utf-8")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe{")
    (tmp_path / "cut.jsonl").write_text('{"command": "settle", ', encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text(
        "\n".join(
            json.dumps(command)
            for command in (
                {"command": "settle", "grant": "G1", "actor": "kim"},
                {"command": "open_year", "year": 1990, "actor": "kim"},
                {"command": "no_such_command", "actor": "kim"},
                {"command": "open_year", "year": "soon", "actor": "kim", "colour": "red"},
            )
        ),
        encoding="utf-8",
    )
    return busy


DONE = (
    "init",
    "verify",
    "rebuild",
    "keys --rotate",
    "checkpoint",
    "export --to whole.jsonl",
    "run lines.jsonl",
    "run --dry-run lines.jsonl",
    "scheduler --once",
    "balances",
    "balances --by line",
    "work",
    "monthly",
    *(f"list {asked.name}" for asked in QUESTIONS.values() if asked.lists),
    "show G1",
    f"show company {HANBIT}",
    "show programme prototype",
    "show claim C-1",
    "show case DP-1",
    "show event 24",
    "find 한빛",
    "find 없음",
    "replay",
    "diff --at-seq 18 --at-seq 27",
    "open-year --year 2024 --actor kim --dry-run",
    "return-funds --grant G1 --amount 1000 --bank-ref KB-9 --actor kim --effective-on 2025-06-02",
    "disburse --grant G1 --amount 1 --bank-ref KB-7 --actor kim --effective-on 2025-06-02 "
    "--dry-run",
    "list grants --limit 1",
)
"""Calls that do what they are asked."""

FAILING = (
    "disburse --grant G1 --amount 99000000 --bank-ref KB-8 --actor kim --effective-on 2025-06-02",
    "settle --grant G1 --actor kim --effective-on 2025-06-02",
    "apply --actor kim",
    "disburse --amount many --bank-ref x --grant G1 --actor kim",
    "approve --grant G9 --actor lee",
    "nothing",
    "balnces",
    "balances --foo 1",
    "balances --yaer 2025",
    "balances --by colour",
    "balances --by=",
    "balances --year",
    "balances --year soon",
    "balances --year 0",
    "balances 하나 둘",
    "balances --as-of someday",
    "balances --known-at someday",
    "balances --at-seq 999999",
    "balances --company nobody",
    "balances --programme nothing",
    "balances --json=perhaps",
    "list nothing",
    "list grants --limit 0",
    "list grants --after nowhere",
    "work --near 101",
    "show",
    "show nothing at-all",
    "show company 123",
    "show event 9999",
    "keys --rotate --rotate",
    "completion tcsh",
    "scheduler --confirm",
    "prove",
    "prove 999",
    "check-proof bad.txt",
    "check-proof not-there.json",
    "verify --checkpoint bad.txt",
    "verify --checkpoint not-there.txt",
    "run not-there.jsonl",
    "run bytes.jsonl",
    "run cut.jsonl",
    "load lines.jsonl",
    "backup /dev/null/x",
    "export --to /dev/null/x",
    "apply --lines @not-there.json --grant G3 --programme prototype --title x --lead 1 --actor kim",
    "--ledger sqlite:///not-there.db balances",
    "--ledger mysql://somewhere balances",
    "--ledger sqlite:///lines.jsonl balances",
)
"""Calls that cannot be answered, each for a reason of its own."""


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_done_is_told_in_korean(office: Call) -> None:
    for called in DONE:
        answer = office("--lang", "ko", *called.split())
        assert answer.code in (0, 3), (called, answer.err)
        assert not english_in(answer.out + answer.err), called


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_fails_is_told_in_korean(office: Call) -> None:
    for called in FAILING:
        answer = office("--lang", "ko", *called.split())
        assert answer.code in (2, 3, 4, 5), (called, answer.out)
        assert not english_in(answer.out + answer.err), called


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_proofs_and_checkpoints_are_told_in_korean(office: Call, tmp_path: Path) -> None:
    office("keys", "--rotate")
    note = tmp_path / "seen.txt"
    note.write_text(office("checkpoint").out, encoding="utf-8")
    proof = tmp_path / "proof.json"
    proof.write_text(office("prove", "20").out, encoding="utf-8")
    grown = tmp_path / "grown.json"
    grown.write_text(office("prove", "--since", str(note)).out, encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(proof.read_text(encoding="utf-8").replace('"kim"', '"lee"'), "utf-8")
    for called in (
        f"verify --checkpoint {note}",
        f"check-proof {proof}",
        f"check-proof {grown}",
        f"check-proof {changed}",
        f"load whole.jsonl --checkpoint {note}",
    ):
        answer = office("--lang", "ko", *called.split())
        assert not english_in(answer.out + answer.err), called


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_help_of_every_call_is_in_korean(grants: Call) -> None:
    for name in (*(name for name in app if not name.startswith("-")), ""):
        said = grants("--lang", "ko", *name.split(), "--help").out
        assert re.search("[가-힣]", said), name


def test_english_is_seen_where_there_is_some() -> None:
    assert english_in("다음: nothing was recorded") == ["nothing was recorded"]
    assert english_in("원장이 없습니다: grants init") == []
    assert english_in("disburse: 거부 (within-award)") == []
