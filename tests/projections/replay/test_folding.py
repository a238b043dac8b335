"""A long fold: the search for circular garbage rests meanwhile, and only meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ledger.database.engine import Engine
from ledger.errors import Corrupt
from projections.replay import folding
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.projections.replay.verify.tampering import tamper


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether garbage was sought while each event was taken in."""
    found: list[bool] = []
    fold_appended = folding.fold_appended

    def watched(*arguments: object) -> None:
        found.append(gc.isenabled())
        fold_appended(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(folding, "fold_appended", watched)
    return found


@pytest.fixture
def unsought() -> Iterator[None]:
    """A program that has switched the search off itself."""
    gc.disable()
    yield
    gc.enable()


def test_circular_garbage_is_not_sought_during_a_fold_and_is_again_after_it(
    engine: Engine, seen: list[bool]
) -> None:
    rebuild(engine)
    assert seen
    assert not any(seen)
    assert gc.isenabled()


@pytest.mark.tampers
def test_it_is_sought_again_after_a_fold_that_failed(engine: Engine) -> None:
    tamper(engine, "UPDATE events SET actor = 'kim' WHERE seq = 5")
    with pytest.raises(Corrupt):
        verify(engine)
    assert gc.isenabled()


@pytest.mark.usefixtures("unsought")
def test_who_had_switched_the_search_off_finds_it_off(engine: Engine) -> None:
    verify(engine)
    assert not gc.isenabled()
