"""Drafts: a file is whole or not there, and nothing is overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.drafts import drafted
from ledger.errors import Misused, Unavailable


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
