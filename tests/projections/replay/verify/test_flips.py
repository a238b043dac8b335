"""Sixty bits of a ledger's file, turned one by one; many more with `flips.py` itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projections.replay.verify.flips import Flips, told_in_figures


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
