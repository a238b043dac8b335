"""Histories in memory: commands decided and folded without a database, and held to the laws.

A history is the list of its entries. It can be forged, one event at a time, and read again.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commands.catalogue import ACTOR, _first_edition
from commands.parse import Asked, parsed
from ledger.envelope import Entry, canonical
from ledger.errors import Refused
from ledger.events import AnyEvent
from ledger.seoul import day_of, parsed_instant
from ledger.terms import catalogue
from projections.books import Books
from projections.fold import fold
from projections.replay.laws import Laws
from projections.rows import Rows

SCRIPT = Path(__file__).parents[3] / "conformance" / "e-retyped.jsonl"
RECORDED_AT = "2026-11-22T03:{:02d}:{:02d}.000000Z"


@dataclass
class History:
    """Entries, and the rows that they make; also the journal that decisions look into."""

    written: list[Entry] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)

    @property
    def next_seq(self) -> int:
        """The position that the next event will have."""
        return len(self.written) + 1

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, or None."""
        return self.written[seq - 1] if 1 <= seq < self.next_seq else None

    def entries(self, first: int, last: int) -> Iterable[Entry]:
        """The entries from one position to another."""
        return self.written[first - 1 : last]

    def decided(self, asked: Asked, today: str) -> list[AnyEvent]:
        """The events that a command would record now; `Refused` if none."""
        return list(asked.command.decide(asked.ask, Books(self.rows, self, today)))

    def write(self, entry: Entry) -> None:
        """Fold an entry that comes next."""
        self.written.append(entry)
        fold(entry, self.rows)

    def record(self, raw: dict[str, Any]) -> list[Entry]:
        """Decide a command and fold what it records; nothing where it is refused or came before."""
        try:
            asked = parsed(raw)
            if Books(self.rows, self, "").recorded(asked.id) is not None:
                return []
            events = self.decided(asked, "2026-11-22")
        except Refused:
            return []
        first = self.next_seq
        for event in events:
            self.write(_entry(self.next_seq, event, asked))
        return self.written[first - 1 :]


def _entry(seq: int, event: AnyEvent, asked: Asked) -> Entry:
    return Entry(
        seq=seq,
        recorded_at=RECORDED_AT.format(*divmod(seq, 60)),
        effective_on=asked.ask.effective_on or "2026-11-22",
        actor=asked.ask.actor,
        via=asked.via,
        command_id=asked.id,
        command_digest=asked.digest,
        event=event,
    )


def told() -> list[Entry]:
    """A history with events of every kind: the catalogue, a script that retypes everything, and
    what no script has."""
    history = History()
    for programme in catalogue():
        history.write(
            Entry(
                history.next_seq,
                RECORDED_AT.format(*divmod(history.next_seq, 60)),
                programme.holds_from,
                ACTOR,
                "cli",
                f"catalogue:{programme.slug}:{programme.holds_from}",
                "0" * 64,
                _first_edition(programme),
            )
        )
    commands = [json.loads(line)["command"] for line in SCRIPT.read_text("utf-8").splitlines()]
    registered = next(one for one in commands if one["command"] == "register_company")
    for raw in (*commands, *_what_no_script_has(registered["business_number"])):
        history.record(raw)
    return history.written


def _what_no_script_has(company: str) -> Iterable[dict[str, Any]]:
    by = {"actor": "park", "effective_on": "2026-10-01"}
    terms = catalogue()[4].terms.model_dump(exclude_none=True)
    return (
        {
            "command": "rename_company",
            "business_number": company,
            "name": "새 이름",
            "mini_cluster": "창원 기계",
            "reason": "상호 변경",
            **by,
        },
        {
            "command": "exclude_company",
            "business_number": company,
            "until": "2026-12-31",
            "reason": "허위 보고",
            **by,
        },
        {"command": "readmit_company", "business_number": company, "reason": "소명", **by},
        {"command": "revise_terms", "programme": catalogue()[4].slug, **terms, **by},
    )


def forged(fields: dict[str, Any]) -> Entry:
    """The entry that the fields of an envelope make; `Corrupt` if they make none."""
    return Entry.from_envelope(canonical(fields))


def hold(entries: Sequence[Entry], before: History | None = None) -> None:
    """Fold a history, or what is left of it, and hold every law; `Broken` names the first event
    that breaks one."""
    history = before or History()
    laws = Laws(history.rows, history)
    for entry in entries[len(history.written) :]:
        laws.before(entry)
        history.write(entry)
        laws.after(entry)
    laws.end()


def up_to(entries: Sequence[Entry]) -> Callable[[], History]:
    """What makes the history of some entries as often as it is wanted: folded once, then copied."""
    history = History()
    for entry in entries:
        history.write(entry)
    rows = pickle.dumps(history.rows)
    return lambda: History(list(entries), pickle.loads(rows))


def today_of(entry: Entry) -> str:
    """The day in Seoul on which an entry was recorded."""
    return day_of(parsed_instant(entry.recorded_at))
