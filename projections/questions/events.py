"""`events`: the log as it is, event by event."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from itertools import islice
from typing import Any, ClassVar

from pydantic import Field

from ledger.envelope import Entry, as_json
from ledger.errors import NotFound
from ledger.events import KINDS
from ledger.names import id_key
from ledger.reading import Wanted
from ledger.seoul import Day
from projections.questions.asks import Filtered, Position, Shape, position_at, position_before
from projections.questions.concerned import concerned
from projections.questions.lookup import claim
from projections.questions.snapshot import Snapshot


class Events(Filtered):
    """The raw events in order of position."""

    shape: ClassVar[Shape] = "log"

    kind: str | None = Field(None, description="only events of this kind")
    claim: str | None = Field(None, description="only events of this claim")
    actor: str | None = Field(None, description="only what this person recorded")
    via: str | None = Field(None, description="only what came by this door")
    from_: Day | None = Field(None, alias="from", description="first day on which they count")
    to: Day | None = Field(None, description="last day on which they count")
    recorded_from: str | None = Field(
        None, description="recorded after the end of the day before, or after an instant"
    )
    recorded_to: str | None = Field(None, description="recorded by the end of a day, or an instant")
    after: Position = Field(0, description="only positions after this one")
    limit: Position | None = Field(None, description="at most so many")

    def turned(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot within the filter, a claim's grant included."""
        snapshot = super().turned(snapshot)
        if self.kind is not None and self.kind not in KINDS:
            raise NotFound("no-such-kind", named=self.kind, known=", ".join(KINDS))
        if self.claim is None:
            return snapshot
        grant = claim(snapshot.rows, self.claim).grant
        return snapshot.within({**snapshot.given, "grant": grant})

    def answer(self, snapshot: Snapshot) -> Generator[dict[str, Any], None, None]:
        """Each event as exported, with its leaf hash."""
        with closing(self._found(snapshot)) as found:
            yield from islice(found, self.limit)

    def _found(self, snapshot: Snapshot) -> Generator[dict[str, Any], None, None]:
        after, up_to = self.after, None
        if self.recorded_from is not None:
            after = max(after, position_before(snapshot, self.recorded_from))
        if self.recorded_to is not None:
            up_to = position_at(snapshot, self.recorded_to)
        wanted = Wanted(after=after, up_to=up_to, kind=self.kind)
        with closing(concerned(snapshot, wanted)) as found:
            for entry, envelope, leaf, _ in found:
                if self._is_meant(entry):
                    yield as_json(envelope, leaf)

    def _is_meant(self, entry: Entry) -> bool:
        about = getattr(entry.event, "claim", None)
        return (
            (self.from_ is None or entry.effective_on >= self.from_)
            and (self.to is None or entry.effective_on <= self.to)
            and (self.via is None or entry.via == self.via)
            and (self.actor is None or id_key(entry.actor) == id_key(self.actor))
            and (self.claim is None or (about is not None and id_key(about) == id_key(self.claim)))
        )
