"""What may happen to a SQLite ledger's files while somebody writes, and how it is put right again.

Each strike is a context manager: the files are as they should not be inside, and as they were
after it, as far as anybody can put that right.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias

from sqlalchemy import make_url

from ledger.database.backup import backup
from tests.faults.kills import SOON, finish
from tests.faults.ledgers import opened
from tests.faults.nursery import Nursery
from tests.faults.tally import Tally, Track, look

Strike: TypeAlias = Callable[[Path], AbstractContextManager[None]]


def beside(path: Path, ending: str) -> Path:
    """The file that SQLite keeps beside a ledger: `-wal` or `-shm`."""
    return path.with_name(path.name + ending)


def elsewhere(path: Path) -> Path:
    """Where a ledger is moved to."""
    return path.with_name(f"moved-{path.name}")


def _all_of(path: Path) -> list[Path]:
    return [each for each in (path, beside(path, "-wal"), beside(path, "-shm")) if each.exists()]


@contextmanager
def moved_away(path: Path) -> Iterator[None]:
    """The ledger has another name, and nothing is in its place."""
    path.rename(elsewhere(path))
    yield
    elsewhere(path).rename(path)


@contextmanager
def a_backup_in_its_place(path: Path) -> Iterator[None]:
    """The ledger was moved away with all that belongs to it, and a copy put in its place."""
    copy = path.with_name(f"copy-{path.name}")
    with opened(f"sqlite:///{path}") as engine:
        backup(engine, copy)
    for each in reversed(_all_of(path)):
        each.rename(elsewhere(each))
    copy.rename(path)
    yield
    for each in _all_of(path):
        each.unlink()
    for each in path.parent.glob("moved-*"):
        each.rename(path.with_name(each.name.removeprefix("moved-")))


@contextmanager
def a_link_in_its_place(path: Path) -> Iterator[None]:
    """The ledger has another name, to which a symbolic link leads."""
    path.rename(elsewhere(path))
    path.symlink_to(elsewhere(path))
    yield
    elsewhere(path).replace(path)


@contextmanager
def a_second_name(path: Path) -> Iterator[None]:
    """A hard link leads to the ledger too."""
    os.link(path, elsewhere(path))
    yield
    elsewhere(path).unlink()
    for each in _all_of(elsewhere(path)):
        each.unlink()


@contextmanager
def its_log_removed(path: Path) -> Iterator[None]:
    """The write-ahead log was removed, and its index."""
    for ending in ("-wal", "-shm"):
        beside(path, ending).unlink()
    yield


@contextmanager
def its_index_removed(path: Path) -> Iterator[None]:
    """The index of the write-ahead log was removed."""
    beside(path, "-shm").unlink()
    yield


STRIKES: tuple[Strike, ...] = (
    moved_away,
    a_backup_in_its_place,
    a_link_in_its_place,
    a_second_name,
    its_log_removed,
    its_index_removed,
)


@dataclass(frozen=True)
class Moving:
    """Writers whose files are struck again and again; each must end by itself, saying so."""

    strikes: int
    seed: int = 1
    verify_every: int = 5

    def run(self, nursery: Nursery, new_url: Callable[[], str], strike: Strike) -> Tally:
        """Strike so often, on as many ledgers as it takes."""
        tally, random, struck = Tally(), Random(self.seed), 0
        while struck < self.strikes:
            url, track = new_url(), Track("finance")
            while struck < self.strikes and not track.ended:
                struck += self._struck(nursery, url, track, tally, random, strike)
                look(url, [track], tally, whole=struck % self.verify_every == 0)
            finish(nursery, url, track, tally)
            look(url, [track], tally, whole=True)
        return tally

    def _struck(
        self,
        nursery: Nursery,
        url: str,
        track: Track,
        tally: Tally,
        random: Random,
        strike: Strike,
    ) -> bool:
        """One writer at work, its files struck at a random moment; whether it was still there."""
        order = {"url": url, "stream": track.stream, "first": track.done}
        writer = nursery.fork("write", **order, under={"wait": 0.3})
        writer.hear("acknowledged")
        nursery.listen_for(random.uniform(0, SOON))
        with strike(Path(make_url(url).database or "")):
            code = writer.ended()
        tally.commands_sent += track.take_in(writer.said)
        said = [failed["kind"] for failed in writer.all("failed")]
        tally.writers_failed += code != 0 or bool({*said} - {"Unavailable", "Disconnected"})
        tally.kills += bool(said)
        tally.at_work += bool(said) and bool(track.in_flight)
        return bool(said)


def fresh_copies(template: Path) -> Callable[[], str]:
    """Makes ledgers, each in a folder of its own beside the template."""
    numbers = iter(range(10_000))

    def new() -> str:
        folder = template.parent / f"ledger-{next(numbers)}"
        folder.mkdir()
        return f"sqlite:///{shutil.copy(template, folder / 'grants.db')}"

    return new
