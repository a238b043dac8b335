"""The world of the random stories, a witness that adds the log up a second time, and the laws.

The witness reads the log's flows and nothing of the projections: plain dictionaries, kept simple
enough to be believed. The laws are what must be true of it after every step.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ledger.envelope import Entry
from projections.flows import Flow, flows

SME, MID_SIZE, LARGE, UNIVERSITY = "100-81-00008", "101-81-00016", "103-81-00031", "104-82-00046"
SIZES = {SME: "sme", MID_SIZE: "mid_size", LARGE: "large"}

BUDGETS = {
    "prototype": 45_000_000,
    "domestic_patent": 6_000_000,
    "international_patent": 15_000_000,
    "transferred_technology": 420_000_000,
}
COSTS = {
    "prototype": (33_333_335, 12_000_000, 40_000_000),
    "domestic_patent": (2_000_000, 900_000, 3_333_333),
    "international_patent": (10_000_000, 4_000_000, 5_555_555),
    "transferred_technology": (200_000_000, 80_000_000, 266_666_666),
}
CAP = {
    "prototype": 20_000_000,
    "domestic_patent": 2_000_000,
    "international_patent": 7_000_000,
    "transferred_technology": 199_999_999,
}
CATEGORY = {
    "prototype": "prototype_development",
    "domestic_patent": "application_fee",
    "international_patent": "application_fee",
    "transferred_technology": "technology_commercialisation",
}
PERCENT = {"prototype": 60, "domestic_patent": 70, "international_patent": 70}
CASES = ("DP-1", "dp 1", "DP-2", "IP-1", "해외 7", "해외-7")

YEARS = (2022, 2023, 2024, 2025)
DAYS = [
    f"{year}-{day}"
    for year in YEARS
    for day in ("01-02", "02-14", "03-31", "05-20", "07-01", "09-15", "11-30", "12-31")
]
FOREVER = "9999-12-31"
PEOPLE = ("kim", "lee", "park")

INSIDE = ("available", "committed", "carried", "payable", "advanced", "spent", "returned", "due")
INSIDE += ("recovered", "lapsed")
USES = ("committed", "carried", "payable", "advanced", "spent", "due", "recovered")

Raw = dict[str, Any]
Key = tuple[Any, ...]
Held = dict[str, int]

CAPS: dict[str, Callable[[Flow], Key]] = {
    "company_year": lambda flow: (flow.company, flow.programme, flow.year),
    "grant_year": lambda flow: (flow.grant, flow.year),
    "case": lambda flow: (flow.case,),
}
ROLL_UPS: dict[str, tuple[tuple[str, ...], Callable[[Flow], object]]] = {
    "company": (("company", "programme", "year"), lambda flow: flow.grant),
    "programme": (("programme", "year"), lambda flow: True),
    "grant": (("grant", "year"), lambda flow: flow.grant),
    "case": (("case",), lambda flow: flow.case),
    "line": (("grant", "company", "year", "case"), lambda flow: flow.grant),
}


# ── the witness: the log added up with plain dictionaries ────────────────────────────────────


@dataclass
class Line:
    """What the log says of a line of a grant."""

    grant: str
    programme: str
    company: str
    year: int
    case: str
    total_cost: int
    asked: int
    award: int = 0
    approved_on: str = ""

    @property
    def key(self) -> Key:
        """What a line is known by."""
        return self.grant, self.company, self.year, self.case

    @property
    def named(self) -> Raw:
        """As a command names it within its grant."""
        named = {"company": self.company, "year": self.year}
        return named | ({"case": self.case} if self.case else {})


@dataclass
class Grant:
    """What the log says of a grant."""

    grant: str
    programme: str
    applied_by: str
    applied_on: str
    status: str = "applied"
    lines: list[Line] = field(default_factory=list)


@dataclass
class Claim:
    """What the log says of a claim."""

    claim: str
    grant: str
    claimed_by: str
    claimed_on: str
    evidence: list[str]
    decided: bool = False


@dataclass
class Witness:
    """The log up to `size`, read event by event; nothing else is looked at."""

    size: int = 0
    flows: list[tuple[int, Flow]] = field(default_factory=list)
    entries: dict[int, Entry] = field(default_factory=dict)
    reversed: set[int] = field(default_factory=set)
    grants: dict[str, Grant] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    closed_on: dict[int, str] = field(default_factory=dict)
    closed_by: dict[int, str] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    editions: dict[str, list[tuple[str, int, Any]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    held: dict[Key, Held] = field(default_factory=lambda: defaultdict(Counter))
    cash: dict[Key, Held] = field(default_factory=lambda: defaultdict(Counter))
    allocated: dict[Key, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, entry: Entry) -> None:
        """Take in the next event."""
        assert entry.seq == self.size + 1
        self.size = entry.seq
        self.entries[entry.seq] = entry
        for flow in flows(entry.event, entry.effective_on):
            self.flows.append((entry.seq, flow))
            if flow.grant:
                held = self.held[flow.grant, flow.company, flow.year, flow.case]
                held[flow.source] -= flow.won
                held[flow.target] += flow.won
        learn = getattr(self, "_" + entry.kind.replace("-", "_"), None)
        if learn:
            learn(entry, entry.event)

    def _terms_revised(self, entry: Entry, event: Any) -> None:
        self.editions[event.programme].append((entry.effective_on, entry.seq, event.terms))

    def _budget_allocated(self, entry: Entry, event: Any) -> None:
        budget = self.allocated[event.programme, event.year]
        budget.append((entry.effective_on, event.amount))

    def _year_opened(self, entry: Entry, event: Any) -> None:
        self.years[event.year] = "open"

    def _year_closed(self, entry: Entry, event: Any) -> None:
        self.years[event.year] = "closed"
        self.closed_on[event.year], self.closed_by[event.year] = entry.effective_on, entry.actor

    def _year_reopened(self, entry: Entry, event: Any) -> None:
        self.years[event.year] = "open"

    def _company_excluded(self, entry: Entry, event: Any) -> None:
        self.excluded.add(event.business_number)

    def _company_readmitted(self, entry: Entry, event: Any) -> None:
        self.excluded.discard(event.business_number)

    def _grant_applied(self, entry: Entry, event: Any) -> None:
        grant = Grant(event.grant, event.programme, entry.actor, entry.effective_on)
        grant.lines = [
            Line(
                event.grant,
                event.programme,
                line.company,
                line.year,
                line.case or "",
                line.total_cost,
                line.subsidy,
            )
            for line in event.lines
        ]
        self.grants[event.grant] = grant

    def _grant_approved(self, entry: Entry, event: Any) -> None:
        self.grants[event.grant].status = "approved"
        for approved in event.lines:
            line = self.line(event.grant, approved)
            line.award, line.approved_on = approved.award, entry.effective_on

    def _award_amended(self, entry: Entry, event: Any) -> None:
        for amended in event.lines:
            self.line(event.grant, amended).award = amended.award

    def _grant_rejected(self, entry: Entry, event: Any) -> None:
        self.grants[event.grant].status = entry.kind.removeprefix("grant-")

    _grant_withdrawn = _grant_cancelled = _grant_settled = _grant_rejected

    def _costs_claimed(self, entry: Entry, event: Any) -> None:
        evidence = [item.evidence for item in event.items]
        claim = Claim(event.claim, event.grant, entry.actor, entry.effective_on, evidence)
        self.claims[event.claim] = claim

    def _claim_accepted(self, entry: Entry, event: Any) -> None:
        self.claims[event.claim].decided = True

    def _disbursed(self, entry: Entry, event: Any) -> None:
        self._moved_cash(event, entry.kind, 1)

    _funds_returned = _recovery_received = _disbursed

    def _entry_reversed(self, entry: Entry, event: Any) -> None:
        self.reversed.add(event.entry)
        turned = self.entries[event.entry]
        if event.bank_ref:
            self._moved_cash(turned.event, turned.kind, -1)
        if event.claim:
            self.claims[event.claim].decided = False

    def _moved_cash(self, event: Any, kind: str, sign: int) -> None:
        cash = self.cash[event.grant, event.company, event.year, event.case or ""]
        cash[kind] += sign * event.amount
        cash["interest"] += sign * getattr(event, "interest", 0)

    def line(self, grant: str, named: Any) -> Line:
        """The line that a part of an event names."""
        key = (grant, named.company, named.year, named.case or "")
        return next(line for line in self.grants[grant].lines if line.key == key)

    def lines(self, *statuses: str) -> list[Line]:
        """The lines of the grants with these statuses."""
        return [
            line
            for grant in self.grants.values()
            if grant.status in statuses
            for line in grant.lines
        ]

    def holding(self, *buckets: str, statuses: tuple[str, ...] = ("approved",)) -> list[Line]:
        """The lines that hold something in the buckets."""
        return [line for line in self.lines(*statuses) if self.sum_of(line, *buckets)]

    def sum_of(self, line: Line, *buckets: str) -> int:
        """What a line holds in the buckets."""
        return sum(self.held[line.key][bucket] for bucket in buckets)

    def newest(self, grant: str) -> str:
        """The day of a grant's newest flow or approval."""
        approved = [line.approved_on for line in self.grants[grant].lines]
        return max([*approved, *(flow.day for _, flow in self.flows if flow.grant == grant)])

    def terms_on(self, programme: str, day: str, before: int) -> Any:
        """The terms that held on a day for a decision recorded at a position."""
        known = [edition for edition in self.editions[programme] if edition[1] < before]
        held = [edition for edition in known if edition[0] <= day]
        return max(held, key=lambda edition: edition[:2])[2]

    def rows(self, by: str, day: str, seq: int) -> list[Raw]:
        """The rows of a roll-up as of a day at a position, without ceilings."""
        keys, belongs = ROLL_UPS[by]
        sums: dict[Key, Held] = defaultdict(Counter)
        for at, flow in self.flows:
            if at <= seq and flow.day <= day and belongs(flow):
                held = sums[tuple(getattr(flow, key) for key in keys)]
                held[flow.source] -= flow.won
                held[flow.target] += flow.won
        return [_row(by, dict(zip(keys, key, strict=True)), sums[key]) for key in sorted(sums)]


def _row(by: str, row: Raw, held: Held) -> Raw:
    if by == "line":
        row["case"] = row["case"] or None
    if by == "programme":
        row["budget"] = -held["outside"] - held["interest"]
        row["available"] = held["available"]
    row |= {bucket: held[bucket] for bucket in (*INSIDE[1:], "interest")}
    return row | {"used": sum(held[bucket] for bucket in USES)}


def _day_ends(moved: Iterable[Flow]) -> Iterator[tuple[str, Held]]:
    """What is held at the end of each day that changed it."""
    held: Held = Counter()
    for day, flows_of_day in groupby(
        sorted(moved, key=lambda flow: flow.day), lambda flow: flow[0]
    ):
        for flow in flows_of_day:
            held[flow.source] -= flow.won
            held[flow.target] += flow.won
        yield day, held


def _by_key(moved: Iterable[Flow], key: Callable[[Flow], Key]) -> dict[Key, list[Flow]]:
    grouped: dict[Key, list[Flow]] = defaultdict(list)
    for flow in moved:
        grouped[key(flow)].append(flow)
    return grouped


def _used(held: Held) -> int:
    return sum(held[bucket] for bucket in USES)


def _same_case(case: str | None) -> str:
    return (case or "").casefold().replace(" ", "").replace("-", "")


# ── the laws ─────────────────────────────────────────────────────────────────────────────────


def money_is_conserved_and_nothing_is_negative(known: Witness) -> None:
    """On every day a programme's buckets add up to its budget, and no bucket is below zero."""
    moved = [flow for _, flow in known.flows]
    for key, of_budget in _by_key(moved, lambda flow: (flow.programme, flow.year)).items():
        for day, held in _day_ends(of_budget):
            budget = sum(won for on, won in known.allocated[key] if on <= day)
            assert sum(held[bucket] for bucket in INSIDE) == budget, (key, day, held)
            assert set(held) <= {*INSIDE, "outside", "interest"}
            assert held["available"] >= 0, (key, day, held)
            assert _used(held) <= budget, (key, day, held)
    on_lines = [flow for flow in moved if flow.grant]
    for key, of_line in _by_key(on_lines, lambda flow: tuple(flow[2:6])).items():
        for day, held in _day_ends(of_line):
            for bucket in (*INSIDE[1:], "interest"):
                assert held[bucket] >= 0, (key, day, bucket, held)


def cash_is_where_cash_may_be(known: Witness) -> None:
    """What left the bank, came back or was recovered is what the entries that stand say."""
    for line in known.lines("approved", "settled", "cancelled"):
        held, cash = known.held[line.key], known.cash[line.key]
        out = sum(held[b] for b in ("advanced", "spent", "returned", "due", "recovered"))
        assert out == cash["disbursed"], (line, held, cash)
        assert held["returned"] == cash["funds-returned"], (line, held, cash)
        assert held["recovered"] == cash["recovery-received"], (line, held, cash)
        assert held["interest"] == cash["interest"], (line, held, cash)


def a_closed_year_holds_nothing_that_may_still_move(known: Witness) -> None:
    """No award committed for it or carried into it, and no budget left."""
    closed = {year for year, status in known.years.items() if status == "closed"}
    for line in known.lines("approved", "settled", "cancelled"):
        assert line.year not in closed or not known.held[line.key]["committed"], line
        assert line.year + 1 not in closed or not known.held[line.key]["carried"], line
    for row in known.rows("programme", FOREVER, known.size):
        assert row["year"] not in closed or row["available"] == row["committed"] == 0, row


def ceilings_hold_on_every_day(known: Witness) -> None:
    """Under terms that were never revised no ceiling is exceeded on any day."""
    caps = {
        (programme, cap.per): cap.largest
        for programme in BUDGETS
        for cap in known.editions[programme][0][2].caps
    }
    moved = [flow for _, flow in known.flows if flow.grant]
    for per, key_of in CAPS.items():
        for key, of_cap in _by_key(moved, key_of).items():
            bounds = [caps[flow.programme, per] for flow in of_cap if (flow.programme, per) in caps]
            if bounds and key != ("",):
                for day, held in _day_ends(of_cap):
                    assert _used(held) <= max(bounds), (per, key, day, held)


def a_decision_keeps_the_ceilings_it_adds_to(known: Witness, first: int, last: int) -> None:
    """Whatever was revised before: from its day on, no ceiling that it adds to is exceeded."""
    entry = known.entries[last]
    decided_on = getattr(entry.event, "counts_on", entry.effective_on)
    own = [flow for at, flow in known.flows if first <= at <= last and flow.grant]
    bounds: dict[tuple[str, Key], list[int]] = defaultdict(list)
    for (programme,), of_programme in _by_key(own, lambda flow: (flow.programme,)).items():
        for cap in known.terms_on(programme, decided_on, first).caps:
            for key, added in _by_key(of_programme, CAPS[cap.per]).items():
                if sum(((f.target in USES) - (f.source in USES)) * f.won for f in added) > 0:
                    bounds[cap.per, key].append(cap.largest)
    for (per, key), largest in bounds.items():
        up_to = [flow for at, flow in known.flows if at <= last and flow.grant]
        for day, held in _day_ends(flow for flow in up_to if CAPS[per](flow) == key):
            if day >= decided_on and key != ("",):
                assert _used(held) <= min(largest), (entry.kind, per, key, day, held)
