"""Drafts: a file is whole or not there, and nothing is overwritten."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from ledger.database.atomic_files import drafted, written
from ledger.errors import Misused, Unavailable

ROOT = Path(__file__).parents[3]
Way: TypeAlias = Callable[..., AbstractContextManager[Any]]


def test_a_file_gets_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    with drafted(target) as draft:
        draft.write_text("all of it")
        assert not target.exists()
    assert target.read_text() == "all of it"
    assert os.listdir(tmp_path) == ["log.jsonl"]


def test_where_writing_fails_nothing_stays(tmp_path: Path) -> None:
    def fail() -> None:
        with drafted(tmp_path / "log.jsonl") as draft:
            draft.write_text("half of")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("links", [True, False], ids=["a disk", "a memory stick"])
def test_what_somebody_else_put_there_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _unknown)
    target = tmp_path / "log.jsonl"

    def write() -> None:
        with drafted(target) as draft:
            draft.write_text("ours")
            target.write_text("theirs")

    with pytest.raises(Misused, match="is there already"):
        write()
    assert target.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["log.jsonl"]


def test_where_there_are_no_links_the_file_is_there_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _unknown)
    with drafted(tmp_path / "log.jsonl") as draft:
        draft.write_text("all of it")
    assert (tmp_path / "log.jsonl").read_text() == "all of it"
    assert os.listdir(tmp_path) == ["log.jsonl"]


def _unknown(source: Path, target: Path) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    def write() -> None:
        with drafted(tmp_path / "nowhere" / "log.jsonl") as draft:
            draft.write_text("all of it")

    with pytest.raises(Unavailable, match="cannot be written"):
        write()


# ── rights, links, left-overs ────────────────────────────────────────────────────────────────

WAYS = (drafted, written)
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


def _made(way: Way, target: Path, mode: int = 0o600) -> None:
    with way(target, mode) as draft:
        if isinstance(draft, Path):
            assert draft.stat().st_size == 0
            draft.write_text("all of it")
        else:
            draft.write("all of it")


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@each_way
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666], ids=oct)
def test_a_file_is_never_wider_than_it_may_be(
    tmp_path: Path, way: Way, mode: int, umask: int
) -> None:
    _made(way, tmp_path / "log.jsonl", mode)
    assert (tmp_path / "log.jsonl").stat().st_mode & 0o777 == mode & ~umask


@each_way
def test_a_link_in_the_place_of_a_target_is_not_followed(tmp_path: Path, way: Way) -> None:
    target, victim = tmp_path / "log.jsonl", tmp_path / "victim"
    target.symlink_to(victim)
    with pytest.raises(Misused, match="is there already"):
        _made(way, target)
    assert not victim.exists()


@each_way
def test_a_link_that_is_put_there_meanwhile_is_not_followed(tmp_path: Path, way: Way) -> None:
    target, victim = tmp_path / "log.jsonl", tmp_path / "victim"
    victim.write_text("precious")

    def write() -> None:
        with way(target, 0o600):
            target.symlink_to(victim)

    with pytest.raises(Misused, match="is there already"):
        write()
    assert victim.read_text() == "precious"


def test_where_a_draft_is_written_nobody_else_can_go(tmp_path: Path, umask: int) -> None:
    with drafted(tmp_path / "log.jsonl", 0o666) as draft:
        assert draft.parent.stat().st_mode & 0o777 == 0o700
        assert draft.parent.parent == tmp_path


@pytest.mark.parametrize("nameless", [True, False], ids=["nameless", "no nameless files"])
def test_a_text_is_there_when_it_is_complete_and_nothing_of_it_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE")
    with written(tmp_path / "log.jsonl") as file:
        file.write("가\n")
        assert not (tmp_path / "log.jsonl").exists()
        assert bool(os.listdir(tmp_path)) is not nameless
    assert (tmp_path / "log.jsonl").read_bytes() == "가\n".encode()
    assert os.listdir(tmp_path) == ["log.jsonl"]


def _at_work(way: Way, folder: Path) -> subprocess.Popen[str]:
    """Another process in the middle of writing; it ends on SIGTERM as the command line does."""
    script = f"""
import signal, sys, time
from pathlib import Path
from ledger.database.atomic_files import {way.__name__}
signal.signal(signal.SIGTERM, signal.default_int_handler)
with {way.__name__}(Path(sys.argv[1])) as draft:
    (draft.open("w") if isinstance(draft, Path) else draft).write("half of it")
    print("begun", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, folder / "log.jsonl"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@each_way
def test_a_process_that_is_told_to_end_leaves_nothing(tmp_path: Path, way: Way) -> None:
    with _at_work(way, tmp_path) as process:
        process.terminate()
    assert os.listdir(tmp_path) == []


def test_a_process_that_is_killed_leaves_nothing_of_a_text(tmp_path: Path) -> None:
    with _at_work(written, tmp_path) as process:
        process.kill()
    assert os.listdir(tmp_path) == []


def test_what_a_killed_process_left_is_taken_away_by_the_next_and_what_is_at_work_is_not(
    tmp_path: Path,
) -> None:
    with _at_work(drafted, tmp_path) as killed:
        killed.kill()
    (left,) = os.listdir(tmp_path)
    (tmp_path / ".grants-x.part").mkdir(mode=0o755)  # not one of ours: others may enter it
    with _at_work(drafted, tmp_path) as living:
        (its,) = {*os.listdir(tmp_path)} - {left, ".grants-x.part"}
        _made(drafted, tmp_path / "other.jsonl")
        assert {*os.listdir(tmp_path)} == {".grants-x.part", "other.jsonl", its}
        living.kill()


def test_a_folder_that_only_looks_like_a_draft_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o700)
    (tmp_path / ".grants-link.part").symlink_to(precious)
    (tmp_path / ".grants-file.part").write_text("precious")
    _made(drafted, tmp_path / "log.jsonl")
    assert precious.exists()
    assert len(os.listdir(tmp_path)) == 4
