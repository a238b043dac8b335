"""The books: what a decision may look at, and nothing else.

All commands look at the same rows, under the same lock, at the same instant. A question about a
day asks for what holds on that day: the latest entry dated at or before it, among equals the
later recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from ledger.envelope import Entry
from ledger.names import case_key as same_case
from ledger.names import id_key, reference_key
from projections import balances
from projections.balances import Balance, BudgetDay
from projections.facts.claims import Claim, Evidence, Item, OpenClaims
from projections.facts.companies import (
    Company,
    ExclusionFrom,
    NameFrom,
    SizeFrom,
    excluded_until,
    exclusions_on,
)
from projections.facts.editions import Edition, Programme
from projections.facts.grants import ApplicationNumber, Case, Grant, Line
from projections.facts.payments import BankReference, Reversal
from projections.facts.receipts import Recorded
from projections.facts.years import CALENDAR, FiscalYear
from projections.flows import INTEREST, OUTSIDE, Flow, used_by
from projections.rows import Key, Rows, Scope


class Dated(Protocol):
    """A fact that holds from a day on."""

    day: str
    seq: int


D = TypeVar("D", bound=Dated)


def in_force(facts: Iterable[D], day: str) -> D | None:
    """Of dated facts the one that holds on a day, or None before the first."""
    latest: D | None = None
    for fact in facts:
        if fact.day <= day and (latest is None or (fact.day, fact.seq) > (latest.day, latest.seq)):
            latest = fact
    return latest


Summed: TypeAlias = Literal["budget", "interest", "held"]
"""What is summed without a ceiling: budgets, interest, and all that a case holds."""


class Scarcest(NamedTuple):
    """The day on which a programme has least available, in won, and of which budget.

    `grows_on` is the next day from which more budget counts, or `""`.
    """

    day: str
    available: int
    budget: int
    grows_on: str


class Journal(Protocol):
    """The log, as far as a decision looks into it."""

    @property
    def next_seq(self) -> int:
        """The position that the next event will have."""

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position, or None."""

    def entries(self, first: int, last: int) -> Iterable[Entry]:
        """The entries from one position to another, both included."""


@dataclass(slots=True)
class Books:
    """The rows, today's day in Seoul, and the log where an entry is looked up."""

    rows: Rows
    journal: Journal
    today: str

    # ── companies ────────────────────────────────────────────────────────────────────────

    def company(self, number: str) -> Company | None:
        """A registered party."""
        return self.rows.get(Company, number)

    def size_on(self, number: str, day: str) -> str | None:
        """The size of a company on a day; None for a party without a size."""
        company = self.company(number)
        if company is None or company.party_type != "company":
            return None
        dated = in_force(self.rows.group(SizeFrom, number).values(), day)
        return dated.size if dated else company.size

    def name_on(self, number: str, day: str) -> str | None:
        """The name of a party on a day, before any dated one the registration's."""
        dated = in_force((row for row in self._renamings(number) if row.name), day)
        if dated is not None:
            return dated.name
        company = self.company(number)
        return company.name if company else None

    def mini_cluster_on(self, number: str, day: str) -> str | None:
        """The Mini Cluster of a party on a day, `""` for none; None if it is unknown."""
        dated = in_force((row for row in self._renamings(number) if row.mini_cluster), day)
        if dated is not None:
            return dated.mini_cluster
        company = self.company(number)
        return company.mini_cluster if company else None

    def _renamings(self, number: str) -> Iterable[NameFrom]:
        return self.rows.group(NameFrom, number).values()

    def excluded_until(self, number: str, day: str) -> str | None:
        """The last day of the exclusions that hold on a day, or None."""
        return excluded_until(day, self.rows.group(ExclusionFrom, number).values())

    def exclusions_on(self, number: str, day: str) -> list[ExclusionFrom]:
        """The exclusions that hold on a day."""
        return exclusions_on(day, self.rows.group(ExclusionFrom, number).values())

    # ── programmes and years ─────────────────────────────────────────────────────────────

    def programme(self, slug: str) -> Programme | None:
        """A programme of the catalogue."""
        return self.rows.get(Programme, slug)

    def programmes(self) -> list[Programme]:
        """All programmes, in the catalogue's order."""
        return sorted(self.rows.where(Programme), key=lambda programme: programme.place)

    def edition_on(self, slug: str, day: str) -> Edition | None:
        """The edition of a programme's terms that holds on a day."""
        return in_force(self.rows.group(Edition, slug).values(), day)

    def first_terms_on(self) -> str | None:
        """The earliest day on which any programme has terms, or None where none ever has."""
        return min((edition.day for edition in self.rows.where(Edition)), default=None)

    def edition_at(self, slug: str, seq: int) -> Edition:
        """The edition that a line was pinned to."""
        edition = self.rows.get(Edition, slug, seq)
        assert edition is not None, f"{slug} has no edition {seq}"
        return edition

    def years(self) -> list[FiscalYear]:
        """Every year that was ever opened, in order."""
        years = self.rows.group(FiscalYear, CALENDAR).values()
        return sorted(years, key=lambda year: year.year)

    def year(self, year: int) -> FiscalYear | None:
        """A year that was opened."""
        return self.rows.get(FiscalYear, CALENDAR, year)

    def is_open(self, year: int) -> bool:
        """Whether a year was opened and is not closed."""
        found = self.year(year)
        return found is not None and found.status == "open"

    # ── grants, cases, claims ────────────────────────────────────────────────────────────

    def grant(self, grant: str) -> Grant | None:
        """A grant, however its id is typed."""
        return self.rows.get(Grant, id_key(grant))

    def lines(self, grant: str) -> list[Line]:
        """The lines of a grant as first given, sorted by company, year and case."""
        found = self.rows.group(Line, grant)
        return [found[key] for key in sorted(found)]

    def line(self, grant: str, company: str, year: int, case: str | None) -> Line | None:
        """A line of a grant as first given; the case may be typed in any way."""
        return self.rows.get(Line, grant, company, year, self.case_as_given(case))

    def case_as_given(self, case: str | None) -> str:
        """A case as it was first given; `""` for none."""
        if case is None:
            return ""
        known = self.case(case)
        return known.case if known else case

    def case(self, case: str) -> Case | None:
        """A case that an application named."""
        return self.rows.get(Case, same_case(case))

    def application_number(self, number: str) -> ApplicationNumber | None:
        """The case that an application number belongs to."""
        return self.rows.get(ApplicationNumber, id_key(number))

    def claim(self, claim: str) -> Claim | None:
        """A claim, however its id is typed."""
        return self.rows.get(Claim, id_key(claim))

    def items(self, claim: str) -> dict[str, Item]:
        """The items of a claim as first given, by what makes their evidence one and the same."""
        return {item.evidence_key: item for item in self.rows.group(Item, claim).values()}

    def evidence_held_by(self, evidence: str) -> str | None:
        """The claim that holds a piece of evidence, or None."""
        found = self.rows.get(Evidence, reference_key(evidence))
        return found.claim or None if found else None

    def open_claims(self, grant: str) -> int:
        """How many claims of a grant as first given are not yet decided."""
        lines = self.rows.group(OpenClaims, grant).values()
        return sum(line.count for line in lines)

    def undecided_on(self, line: Line) -> int:
        """The costs of a line's claims that are not yet decided, in won."""
        found = self.rows.get(OpenClaims, line.grant, line.company, line.year, line.case)
        return found.supply if found else 0

    def undecided_of_year(self, year: int) -> list[OpenClaims]:
        """The lines of a year with claims that are not yet decided, of running grants."""
        found = [line for line in self.rows.where(OpenClaims, year=year) if line.count]
        return [line for line in found if self._is_running(line.grant)]

    def _is_running(self, grant: str) -> bool:
        found = self.grant(grant)
        return found is not None and found.status == "approved"

    # ── entries ──────────────────────────────────────────────────────────────────────────

    def recorded(self, command_id: str) -> Recorded | None:
        """What a command recorded."""
        return self.rows.get(Recorded, command_id)

    def payment(self, bank_ref: str) -> int:
        """The position of the entry that a bank reference stands for, or 0."""
        found = self.rows.get(BankReference, reference_key(bank_ref))
        return found.seq if found else 0

    def reversal_of(self, seq: int) -> int:
        """The position of the event that reversed an entry, or 0."""
        found = self.rows.get(Reversal, seq)
        return found.by if found else 0

    def entry(self, seq: int) -> Entry:
        """The entry at a position that is known to have one."""
        entry = self.journal.entry(seq)
        assert entry is not None, f"there is no entry {seq}"
        return entry

    def entries_of(self, last: int) -> Iterable[Entry]:
        """All entries of the command that recorded the entry at position `last`."""
        recorded = self.rows.get(Recorded, self.entry(last).command_id)
        assert recorded is not None, f"no command recorded entry {last}"
        return self.journal.entries(recorded.first, recorded.last)

    # ── balances ─────────────────────────────────────────────────────────────────────────

    def balance(self, key: Key) -> Balance:
        """The balance of a key; all zero where no flow touched it. Not to be changed."""
        if key[0] == "grant":
            return self._of_lines(key)
        found = self.rows.get(Balance, *key)
        return found or Balance(*key)  # type: ignore[arg-type]

    def _of_lines(self, key: Key) -> Balance:
        """What a grant's lines of a year hold together."""
        total = Balance(*key)  # type: ignore[arg-type]
        for line in self.lines(total.scope):
            if line.year == total.year:
                total.add(self.line_balance(line))
        return total

    def line_balance(self, line: Line | Flow) -> Balance:
        """What a line holds."""
        return self.balance(
            balances.line_key(line.grant, line.company, line.programme, line.year, line.case)
        )

    def balances_of_year(self, by: str, year: int) -> list[Balance]:
        """The balances by programme or by line of a year, sorted by their keys."""
        return self.rows.where(Balance, by=by, year=year)

    def programmes_on(self, year: int, day: str) -> list[Balance]:
        """The balances by programme of a year as of a day, all entries recorded so far; copies.

        What counts later is taken off again, so that it costs what was dated after the day.
        """
        found = [copy(balance) for balance in self.balances_of_year("programme", year)]
        for balance in found:
            if balance.newest_on > day:
                scope: Scope = (("programme", balance.programme), ("year", year))
                for _, source, target, won in self.rows.changes_after(day, scope):
                    balance.move(source, target, -won)
        return found

    def lowest(self, line: Line | Flow, bucket: str, day: str) -> int:
        """The least a line's bucket holds at the end of any day from `day` on, in won."""
        balance = self.line_balance(line)
        held: int = getattr(balance, bucket)
        if balance.newest_on <= day:
            return held
        return min(self._day_ends(held, day, _scope_of_line(line), _changes_of(bucket)))

    def enough_from(self, line: Line | Flow, bucket: str, day: str, won: int) -> str:
        """The first day from `day` on from which a line's bucket holds that much for good."""
        held: int = getattr(self.line_balance(line), bucket)
        weigh = _changes_of(bucket)
        changes = self.rows.changes_after(day, _scope_of_line(line))
        later = [(on, weigh(source, target) * moved) for on, source, target, moved in changes]
        for on, one_day in groupby(sorted(later, reverse=True), key=lambda change: change[0]):
            held -= sum(change for _, change in one_day)
            if held < won:
                return str(on)
        return day

    def fullest_use(self, key: Key, day: str) -> int:
        """The most that a ceiling's key uses at the end of any day from `day` on, in won."""
        balance = self.balance(key)
        if balance.newest_on <= day:
            return balance.used
        return max(self._day_ends(balance.used, day, _scope_of(key), used_by))

    def fullest(self, key: Key, what: Summed, day: str) -> int:
        """The most that a sum of a key comes to at the end of any day from `day` on, in won."""
        balance = self.balance(key)
        now: int = getattr(balance, what)
        if balance.newest_on <= day:
            return now
        return max(_back_from(now, self._summed_after(key, what, day)))

    def _summed_after(self, key: Key, what: Summed, day: str) -> list[tuple[str, int]]:
        """By how much a sum changed, on each day after one."""
        scope, weigh = _scope_of(key), _SUMMED[what]
        scopes = [(*scope, *between) for between in _BETWEEN.get(what, ((),))]
        changes = chain.from_iterable(self.rows.changes_after(day, one) for one in scopes)
        return [(on, weigh(source, target) * won) for on, source, target, won in changes]

    def least_available(self, programme: str, year: int, day: str) -> int:
        """The least that a programme has available at the end of any day from `day` on."""
        balance = self.balance(balances.programme_key(programme, year))
        if balance.newest_on <= day:
            return balance.available
        days = self.rows.group(BudgetDay, programme, year).values()
        later = [(row.day, row.change) for row in days if row.day > day]
        return min(_back_from(balance.available, later))

    def scarcest(self, programme: str, year: int, day: str) -> Scarcest:
        """The day from `day` on at whose end a programme has least available; the first of them."""
        key = balances.programme_key(programme, year)
        balance = self.balance(key)
        days = self.rows.group(BudgetDay, programme, year).values()
        later = sorted((row.day, row.change) for row in days if row.day > day)
        available = balance.available - sum(change for _, change in later)
        ends = [(available, day)]
        for on, change in later:
            available += change
            ends.append((available, on))
        least, on = min(ends)
        after = self._summed_after(key, "budget", on)
        grows_on = min((grown for grown, change in after if change > 0), default="")
        return Scarcest(on, least, balance.budget - sum(change for _, change in after), grows_on)

    def _day_ends(
        self, now: int, day: str, scope: Scope, weigh: Callable[[str, str], int]
    ) -> Iterator[int]:
        """What a balance was at the end of each day from `day` on, where something is later."""
        changes = self.rows.changes_after(day, scope)
        later = [(on, weigh(source, target) * won) for on, source, target, won in changes]
        return _back_from(now, later)


_SUMMED: dict[Summed, Callable[[str, str], int]] = {
    "budget": lambda source, target: (source == OUTSIDE) - (target == OUTSIDE),
    "interest": lambda source, target: (target == INTEREST) - (source == INTEREST),
    "held": lambda source, target: (source == "available") - (target == "available"),
}
"""What one won moved from a bucket to another adds to a sum."""


def _both_ways(source: str, target: str) -> tuple[Scope, Scope]:
    return (
        (("source", source), ("target", target)),
        (("source", target), ("target", source)),
    )


_BETWEEN: dict[Summed, tuple[Scope, ...]] = {
    "budget": _both_ways(OUTSIDE, "available"),
    "interest": _both_ways(OUTSIDE, INTEREST),
}
"""The flows that change a sum, where few of a programme's do."""


def _changes_of(bucket: str) -> Callable[[str, str], int]:
    return lambda source, target: (target == bucket) - (source == bucket)


def _scope_of_line(line: Line | Flow) -> Scope:
    return (
        ("grant", line.grant),
        ("company", line.company),
        ("year", line.year),
        ("case", line.case),
    )


def _scope_of(key: Key) -> Scope:
    by, scope, company, programme, year, case = key
    match by:
        case "company":
            return (("company", company), ("programme", programme), ("year", year))
        case "grant":
            return (("grant", scope), ("year", year))
        case "programme":
            return (("programme", programme), ("year", year))
        case _:
            return (("case", case),)


def _back_from(now: int, later: list[tuple[str, int]]) -> Iterator[int]:
    """The balance at the end of each day that changed it, walking back from now."""
    yield now
    for _, changes in groupby(sorted(later, reverse=True), key=itemgetter(0)):
        now -= sum(change for _, change in changes)
        yield now
