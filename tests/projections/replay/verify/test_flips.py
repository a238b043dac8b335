"""Sixty bits of a ledger's file, turned one by one; many more with `flips.py` itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projections.replay.verify.flips import Flip, Flips, told_in_figures


def test_a_turned_bit_that_changes_an_answer_is_found_and_verify_never_breaks_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    flips = Flips(tmp_path)
    outcomes = [flips.outcome(flip, always=False) for flip in flips.chosen(60, seed=1)]
    missed = [outcome for outcome in outcomes if outcome.missed]
    assert not missed, missed
    assert sum(outcome.verified[0] == 4 for outcome in outcomes) > 20, told_in_figures(outcomes)
    assert sum(outcome.flip.in_index for outcome in outcomes) >= 12


def test_a_structure_that_is_no_text_any_more_is_damage_and_nothing_unforeseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite cannot read it repeats in its message, which then is no UTF-8 either."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    flips = Flips(tmp_path)
    place = (tmp_path / "whole.db").read_bytes().index(b"CREATE TABLE balances")
    code, said = flips.outcome(Flip(place + 3, 7, in_index=False), always=False).verified
    assert code == 4, said
    assert "not a whole ledger" in said
