"""What a receipt says to people: what was recorded, of whom, how much, and what is held now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.words import word
from ledger import log
from ledger.database.failures import speaking_plainly
from ledger.envelope import Entry, plain
from ledger.events import BUCKETS, LineEvent
from ledger.seoul import shown_instant
from ledger.won import won
from projections.balances import line_key
from projections.books import Books
from projections.storage.stored_rows import StoredRows

if TYPE_CHECKING:
    from app.application import Application
    from commands.words import Language

_AMOUNTS = ("amount", "interest", "accepted_cost", "earned")
_BESIDE = ("company", "business_number", "programme", "reason")
"""Fields that are told in another way, or that whoever asks has just said."""


def told(application: Application, seq: int, language: Language) -> list[str]:
    """Lines on the event that was just recorded: what it holds, and its line's balance after."""
    with speaking_plainly(), application.engine.driver() as driver:
        entry = log.read_entry(driver, seq)
        if entry is None:
            return []
        books = Books(StoredRows(driver), log.reader(driver), entry.effective_on)
        lines = [_what(entry, books, language)]
        if isinstance(entry.event, LineEvent):
            lines.append(_held(entry.event, books, language))
    return [line for line in lines if line]


def _what(entry: Entry, books: Books, language: Language) -> str:
    """The event's own fields, the company by its name."""
    fields = plain(entry.event)
    number = fields.get("company") or fields.get("business_number")
    name = books.name_on(number, entry.effective_on) if number else None
    parts = [f"{name} ({number})" if name else str(number)] if number else []
    for field, value in fields.items():
        if isinstance(value, int) and not isinstance(value, bool):
            amount = won(value) if field in _AMOUNTS else str(value)
            parts.append(f"{word(field, language)} {amount}")
        elif isinstance(value, str) and field not in _BESIDE:
            parts.append(f"{word(field, language)} {value}")
    when = shown_instant(entry.recorded_at)
    return ", ".join((*parts, entry.effective_on, entry.actor, when))


def _held(event: LineEvent, books: Books, language: Language) -> str:
    """What the line holds after it, in won."""
    key = line_key(event.grant, event.company, event.programme, event.year, event.case or "")
    balance = books.balance(key)
    held = (
        f"{word(bucket, language)} {won(getattr(balance, bucket))}"
        for bucket in BUCKETS
        if getattr(balance, bucket)
    )
    return f"= {'  '.join(held) or 0}"
