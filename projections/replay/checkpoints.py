"""What checkpoints saw of a log, to be seen again: nothing before them may have changed."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.errors import Corrupt
from ledger.transparency.merkle import EMPTY_ROOT, Edge
from ledger.transparency.notes import Checkpoint, origin_of


class Seen:
    """Checkpoints to be held against a log while it is read from its beginning."""

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self._awaited = sorted(checkpoints, key=lambda seen: seen.size)
        self._origins = {seen.origin for seen in self._awaited}
        self._proven = 0
        self._compare(0, EMPTY_ROOT)

    def look(self, edge: Edge) -> None:
        """After each event: `Corrupt` where a checkpoint saw something else."""
        if edge.size == 1:
            self._check_origins(origin_of(edge.root()))
        if self._awaited and self._awaited[0].size == edge.size:
            self._compare(edge.size, edge.root())

    def look_back(self, size: int) -> None:
        """After the last event: `Corrupt` where a checkpoint saw more."""
        if self._awaited:
            last = self._awaited[-1].size
            raise Corrupt(
                "events {first} to {last} are missing at the end: the checkpoint saw {last} "
                "events, the log has {size}",
                first=size + 1,
                last=last,
                size=size,
                seq=size + 1,
            )

    def _check_origins(self, origin: str) -> None:
        for other in self._origins - {origin}:
            raise Corrupt(
                "the checkpoint is of another log, {other}; this one is {origin}, which its "
                "first event says",
                other=other,
                origin=origin,
                seq=1,
            )

    def _compare(self, size: int, root: bytes) -> None:
        while self._awaited and self._awaited[0].size == size:
            seen = self._awaited.pop(0)
            if seen.root != root:
                raise Corrupt(
                    "the log was rewritten: over events 1 to {size} the checkpoint saw the root"
                    " {seen}, now it is {root}; what differs lies in events {first} to {size}",
                    size=size,
                    seen=seen.root.hex(),
                    root=root.hex(),
                    first=self._proven + 1,
                    seq=self._proven + 1,
                )
        self._proven = size
