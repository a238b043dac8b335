"""Laws of every record: its day, who made it by which door, and that its command is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.envelope import Entry
from ledger.errors import Unfit
from ledger.events import (
    AwardLapsed,
    AwardRestored,
    BudgetLapsed,
    BudgetRestored,
    TermsRevised,
    YearClosed,
    YearOpened,
    YearReopened,
)
from ledger.names import CATALOGUE, SCHEDULER, checked_reference, id_key
from ledger.seoul import day_of, parsed_instant
from projections.books import Books
from projections.replay.laws.broken import Broken, same

_DIGEST = re.compile("[0-9a-f]{64}")

_LAPSING = (AwardLapsed, BudgetLapsed)
_RESTORING = (AwardRestored, BudgetRestored)
_OF_THE_CLOCK = (*_LAPSING, YearOpened, YearClosed)


def dated(entry: Entry) -> None:
    """No day lies after that of its own instant in Seoul, but for terms (`future-dated`)."""
    if entry.effective_on > entry.recorded_at[:10] and not isinstance(entry.event, TermsRevised):
        day = day_of(parsed_instant(entry.recorded_at))  # in Seoul a day may begin before UTC's
        if entry.effective_on > day:
            raise Broken(entry, "future-dated", f"{entry.effective_on}, recorded on {day}")


def well_formed(entry: Entry) -> None:
    """Who, under which id and with what content, as any command could have had it (`invalid`)."""
    for text in (entry.actor, entry.command_id):
        try:
            as_kept = checked_reference(text)
        except Unfit as unfit:
            raise Broken(entry, "invalid", f"{text!r}: {unfit}") from None
        same(entry, "text", text, as_kept, "invalid")
    if not _DIGEST.fullmatch(entry.command_digest):
        raise Broken(entry, "invalid", f"{entry.command_digest!r} is no digest")


def signed(entry: Entry) -> None:
    """The ledger's own parts do their own work under their own names, and nobody else does."""
    by_clock = id_key(entry.actor) == SCHEDULER
    if by_clock != (entry.via == "scheduler") or (
        by_clock and not isinstance(entry.event, _OF_THE_CLOCK)
    ):
        raise Broken(entry, "invalid", f"{entry.actor} recorded it by way of {entry.via}")
    if id_key(entry.actor) == CATALOGUE and not isinstance(entry.event, TermsRevised):
        raise Broken(entry, "invalid", "the catalogue records terms and nothing else")
    _under_own_id(entry)


def _under_own_id(entry: Entry) -> None:
    verb, colon, rest = entry.command_id.partition(":")
    if colon and verb in ("open-year", "close-year", "catalogue"):
        owner = CATALOGUE if verb == CATALOGUE else SCHEDULER
        year = getattr(entry.event, "year", None)
        if id_key(entry.actor) != owner:
            raise Broken(entry, "invalid", f"the id {entry.command_id} belongs to the {owner}")
        if isinstance(entry.event, YearOpened | YearClosed) and rest != str(year):
            raise Broken(entry, "invalid", f"the id {entry.command_id} is of another year")


class Commands:
    """A command's events stand together; only closings and reopenings have several, in order."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._first: Entry | None = None
        """The first event of a closing or reopening that is not over yet."""
        self._closing: Iterator[Entry] = iter(())
        """What the closing that is being undone lapsed and is still to be restored."""

    def go_on(self, entry: Entry) -> None:
        """An event begins a command, or goes on with one of several events."""
        first = self._first
        if first is not None and entry.command_id == first.command_id:
            for what in ("effective_on", "actor", "via", "command_digest"):
                same(entry, what, getattr(entry, what), getattr(first, what), "invalid")
        elif first is not None:
            raise Broken(entry, "invalid", f"the command of event {first.seq} is not whole")
        elif self._books.recorded(entry.command_id) is not None:
            raise Broken(entry, "idempotency-conflict", f"{entry.command_id} was recorded before")
        if isinstance(entry.event, (*_LAPSING, *_RESTORING)) and first is None:
            self._first = entry
        if isinstance(entry.event, (*_RESTORING, YearReopened)):
            self._restored(entry, entry.event)

    def ended(self, entry: Entry) -> None:
        """A closing or reopening is over with its year's own event."""
        if isinstance(entry.event, YearClosed | YearReopened):
            self._first = None

    def end(self) -> None:
        """At the end of the log nothing is left half-recorded."""
        if self._first is not None:
            raise Broken(self._first, "invalid", "its command is not whole")

    def _restored(self, entry: Entry, event: AwardRestored | BudgetRestored | YearReopened) -> None:
        """Reopening turns exactly the closing's flows round, but for grants that ended since."""
        if self._first is None or self._first is entry:
            self._closing = self._lapsed(entry, event)
        due = next(self._closing, None)
        if isinstance(event, YearReopened):
            if due is not None:
                raise Broken(entry, "result", f"what event {due.seq} lapsed was not restored")
            return
        if due is None:
            raise Broken(entry, "result", "the closing did not lapse this")
        same(entry, "counts_on", event.counts_on, due.effective_on)
        kind = AwardRestored if isinstance(due.event, AwardLapsed) else BudgetRestored
        same(entry, "kind", entry.kind, kind.kind)
        should = due.event.model_dump()
        same(entry, "data", event.model_dump(exclude={"counts_on"}), should)

    def _lapsed(
        self, entry: Entry, event: AwardRestored | BudgetRestored | YearReopened
    ) -> Iterator[Entry]:
        """The parts of the closing that is undone; it is that of the last closed year."""
        closed = [year for year in self._books.years() if year.status == "closed"]
        if not closed:
            raise Broken(entry, "wrong-status", "no year is closed")
        for lapsed in self._books.entries_of(closed[-1].closing):
            if isinstance(lapsed.event, BudgetLapsed):
                yield lapsed
            elif isinstance(lapsed.event, AwardLapsed):
                grant = self._books.grant(lapsed.event.grant)
                if grant is not None and grant.status not in ("settled", "cancelled"):
                    yield lapsed
