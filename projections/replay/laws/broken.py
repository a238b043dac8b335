"""The refusal of a law, and what several laws ask for."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.envelope import Entry
from ledger.errors import Corrupt
from ledger.events import Draw, GrantEvent
from ledger.names import id_key
from projections.balances import Balance
from projections.books import Books
from projections.facts.grants import Grant, Line


class Broken(Corrupt):
    """An event that no command could have recorded: which law it breaks, by its rule's slug."""

    def __init__(self, entry: Entry, law: str, what: str) -> None:
        super().__init__(f"event {entry.seq} ({entry.kind}) breaks {law}: {what}", seq=entry.seq)
        self.law = law


def grant_of(entry: Entry, event: GrantEvent, books: Books, *statuses: str) -> Grant:
    """The grant of an event: known as first given, of its programme, in one of the statuses."""
    grant = books.grant(event.grant)
    if grant is None or grant.grant != event.grant:
        raise Broken(entry, "unknown", f"no grant was applied for as {event.grant!r}")
    if grant.programme != event.programme:
        raise Broken(
            entry, "unknown", f"grant {grant.grant} is of {grant.programme}, not {event.programme}"
        )
    if grant.status not in statuses:
        raise Broken(entry, "wrong-status", f"grant {grant.grant} is {grant.status}")
    return grant


def approved_line(
    entry: Entry, books: Books, grant: str, company: str, year: int, case: str | None
) -> Line:
    """The line of an event: applied for as it is named, and approved no later than its day."""
    line = books.rows.get(Line, grant, company, year, case or "")
    if line is None:
        raise Broken(entry, "unknown", f"{grant} has no line of {company}, {year}, case {case!r}")
    if not line.approved_on:
        raise Broken(entry, "wrong-status", f"the line of {company}, {year} is not approved")
    if entry.effective_on < line.approved_on:
        raise Broken(entry, "out-of-order", f"it precedes the approval on {line.approved_on}")
    return line


def other_person(entry: Entry, before: str, what: str) -> None:
    """Four eyes: whoever did the step before is somebody else."""
    if id_key(entry.actor) == id_key(before):
        raise Broken(entry, "four-eyes", f"{before} did the step before ({what})")


def distinct(entry: Entry, keys: Iterable[object], what: str) -> None:
    """Several of something: at least one, and none twice."""
    named = list(keys)
    if not named:
        raise Broken(entry, "invalid", f"it names no {what}")
    if len(set(named)) != len(named):
        raise Broken(entry, "invalid", f"it names the same {what} twice")


def same(entry: Entry, what: str, recorded: object, should: object, law: str = "result") -> None:
    """What an event records of its own result is what the fold says that it was."""
    if recorded != should:
        raise Broken(entry, law, f"{what} should be {should!r}, found {recorded!r}")


def drawn(balance: Balance, amount: int, *buckets: str) -> list[tuple[str, int]]:
    """What makes up an amount, bucket after bucket; less than asked where there is less."""
    draws = []
    for bucket in buckets:
        part = min(amount, getattr(balance, bucket))
        if part > 0:
            draws.append((bucket, part))
            amount -= part
    return draws


def pairs(draws: Iterable[Draw]) -> list[tuple[str, int]]:
    """Draws as pairs of bucket and won."""
    return [(draw.bucket, draw.amount) for draw in draws]


def total(draws: Iterable[Draw]) -> int:
    """What draws come to, in won."""
    return sum(draw.amount for draw in draws)


def held(balance: Balance, *buckets: str) -> list[tuple[str, int]]:
    """Everything in some buckets, as pairs."""
    return [(bucket, won) for bucket in buckets if (won := getattr(balance, bucket))]


def released_to(books: Books, line: Line) -> str:
    """Where released money goes: back to the budget while the line's year is open."""
    return "available" if books.is_open(line.year) else "lapsed"
