"""Disk full: what does not fit is not recorded, says so plainly, and is recorded once it fits.

Each variant gives a writer a little room, again and again, until the whole stream has gone in.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.cli import exits
from tests.faults.full_disk import NoSmallDisk, cluster, nursery_on_a_small_disk
from tests.faults.kills import finish
from tests.faults.ledgers import undisturbed
from tests.faults.nursery import Nursery
from tests.faults.stream import front_desk
from tests.faults.tally import Tally, Track

KB = 1024


@dataclass
class Tight:
    """A ledger in a place that can be made tight.

    `squeeze` leaves a little room, as much as is named, or plenty for None; it gives the
    circumstances of processes that are to feel it. `fell` says whether a server has fallen since.
    """

    nursery: Nursery
    url: str
    squeeze: Callable[[int | None], dict[str, int]]
    rooms: tuple[int, int]
    fell: Callable[[], bool] = lambda: False

    def write(self, track: Track, tally: Tally, batch: int, room: int) -> bool:
        """Send a stream on until it does not fit any more; whether that came."""
        writer = self.nursery.fork(
            "write",
            url=self.url,
            stream=track.stream,
            first=track.done,
            batch=batch,
            under=self.squeeze(room),
        )
        writer.ended()
        tally.commands_sent += track.take_in(writer.said)
        return bool(writer.all("failed"))

    def look(self, track: Track, tally: Tally, *, whole: bool) -> None:
        """Look at the ledger from where it can be seen, when there is room again."""
        self.squeeze(None)
        child = self.nursery.done("look", url=self.url, track=track.plain(), whole=whole)
        (looked,) = child.all("looked")
        tally.add(Tally(**looked["tally"]))
        track.known = looked["known"]
        track.hear(*looked["heard"])


@contextmanager
def _sqlite_in_a_small_file(nursery: Nursery, template: Path, folder: Path) -> Iterator[Tight]:
    path = folder / "grants.db"
    shutil.copy(template, path)

    def squeeze(room: int | None) -> dict[str, int]:
        return {} if room is None else {"file_size": path.stat().st_size // 3 + room}

    yield Tight(nursery, f"sqlite:///{path}", squeeze, (10 * KB, 40 * KB))


@contextmanager
def _sqlite_on_a_small_disk(nursery: Nursery, *_: object) -> Iterator[Tight]:
    with nursery_on_a_small_disk(nursery, 4 << 20) as (within, disk):
        url = f"sqlite:///{disk}/grants.db"
        within.done("make", url=url)

        def squeeze(room: int | None) -> dict[str, int]:
            within.done("fill", folder=disk, leave=room and 60 * KB + room)
            return {}

        yield Tight(within, url, squeeze, (20 * KB, 160 * KB))


@contextmanager
def _postgresql_with_small_files(nursery: Nursery, *_: object) -> Iterator[Tight]:
    """A server whose new connections may write files of a megabyte and a little more.

    An event to a page, the log's table is soon as large as that; so may a segment of the
    write-ahead log be, which has a megabyte.
    """
    with cluster(nursery) as server:
        nursery.done("make", url=server.url)
        server.execute("ALTER TABLE events SET (fillfactor = 10)")
        pages = 128

        def squeeze(room: int | None) -> dict[str, int]:
            nonlocal pages
            pages += room or 0
            server.limit_files(None if room is None else pages * 8 * KB)
            return {}

        yield Tight(nursery, server.url, squeeze, (1, 12))


@contextmanager
def _postgresql_on_a_small_disk(nursery: Nursery, *_: object) -> Iterator[Tight]:
    """A server whose data and write-ahead log fill one disk together."""
    with (
        nursery_on_a_small_disk(nursery, 80 << 20) as (within, disk),
        cluster(within, data=disk) as server,
    ):
        within.done("make", url=server.url)

        def squeeze(room: int | None) -> dict[str, int]:
            within.done("fill", folder=disk, leave=None)
            server.started()
            if room is not None:
                within.done("fill", folder=disk, leave=room)
            return {}

        yield Tight(within, server.url, squeeze, (1 * KB, 8 * KB), server.panicked)


@contextmanager
def _postgresql_whose_log_has_a_small_disk(nursery: Nursery, *_: object) -> Iterator[Tight]:
    """A server that falls, since its write-ahead log has to be written; and comes up again."""
    with (
        nursery_on_a_small_disk(nursery, 16 << 20) as (within, disk),
        cluster(within, wal=disk) as server,
    ):
        within.done("make", url=server.url)
        chatter = "SELECT pg_logical_emit_message(false, '', repeat('.', 950000))"
        for _part in range(8):  # so that the parts of its log that were made beforehand are used up
            server.execute(chatter)

        def squeeze(room: int | None) -> dict[str, int]:
            within.done("fill", folder=disk, leave=None)
            server.started()
            if room is not None:  # the rest of a part of its log, and nothing for the next part
                for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", chatter):
                    server.execute(statement)
                within.done("fill", folder=disk, leave=room)
            return {}

        yield Tight(within, server.url, squeeze, (1 * KB, 8 * KB), server.panicked)


PLACES = (
    _sqlite_in_a_small_file,
    _sqlite_on_a_small_disk,
    _postgresql_with_small_files,
    _postgresql_on_a_small_disk,
    _postgresql_whose_log_has_a_small_disk,
)


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: place.__name__.strip("_"))
def tight(
    request: pytest.FixtureRequest,
    nursery: Nursery,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Tight]:
    """A ledger in each place that can be made tight; where mounts are not to be had, in two."""
    with ExitStack() as stack:
        try:
            folder = tmp_path_factory.mktemp("tight")
            yield stack.enter_context(request.param(nursery, sqlite_template, folder))
        except NoSmallDisk as reason:
            pytest.skip(str(reason))


def test_what_does_not_fit_is_recorded_whole_when_there_is_room(tight: Tight) -> None:
    track, tally, random = Track("finance"), Tally(), Random(8)
    did_not_fit = 0
    for batch in (6, 1, 6):
        did_not_fit += tight.write(track, tally, batch, random.randint(*tight.rooms) * batch)
        tight.look(track, tally, whole=False)
    finish(tight.nursery, tight.url, track, tally)
    under = tight.squeeze(tight.rooms[0])
    tight.nursery.fork("recompute", url=tight.url, what="rebuild", under=under).ended()
    tight.look(track, tally, whole=True)
    assert tally.harm == {}
    assert did_not_fit >= 2


def test_that_the_disk_is_full_is_said_in_one_plain_sentence(tight: Tight, tmp_path: Path) -> None:
    file = tmp_path / "commands.jsonl"
    file.write_text("".join(json.dumps(command) + "\n" for command in front_desk()))

    def run(under: dict[str, int]) -> dict[str, Any]:
        arguments = ["run", str(file), "--ledger", tight.url]
        child = tight.nursery.fork("call", arguments=arguments, under={"batch": 30, **under})
        return child.hear("finished", "failed")

    ends = [run(tight.squeeze(tight.rooms[0])) for _ in range(3)]
    tight.squeeze(None)
    ends.append(run({}))
    codes = [ended.get("code") for ended in ends]
    assert codes[0] == exits.UNAVAILABLE, ends[0]
    assert codes[-1] == exits.REFUSED, ends[-1]  # as some of the commands should be
    assert set(codes) == {exits.UNAVAILABLE, exits.REFUSED}, codes
    for ended in ends[: codes.count(exits.UNAVAILABLE)]:
        assert len(ended["err"].splitlines()) == 1, ended["err"]
        assert re.search(r"\bdisk\b.*\bfull\b", ended["err"]) or tight.fell(), ended["err"]
    track, tally = Track("desk"), Tally()
    track.hear(*undisturbed("desk").statuses)
    tight.look(track, tally, whole=True)
    assert tally.harm == {}
