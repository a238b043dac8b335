"""Laws that hold whatever is asked, in whatever order: random stories on real ledgers.

A story is some forty steps, each a command or two on a small world: four parties, four
programmes, three years. What must be true after each step is added up here a second time, from
the log's flows, with plain dictionaries; nothing of the projections is used for it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from commands.execute import dry_run, execute_all
from commands.receipts import Receipt
from commands.table import COMMANDS
from ledger import log, reading
from ledger.database import tables
from ledger.envelope import Entry
from projections.flows import Flow
from projections.opening import open_ledger
from projections.questions.roll_ups import BYS
from projections.questions.snapshot import Moment
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from projections.storage.schema import schema
from tests.asked import balances
from tests.witness import (
    BUDGETS,
    CAP,
    CAPS,
    CASES,
    CATEGORY,
    COSTS,
    DAYS,
    FOREVER,
    LARGE,
    MID_SIZE,
    PEOPLE,
    PERCENT,
    SIZES,
    SME,
    UNIVERSITY,
    YEARS,
    Held,
    Key,
    Line,
    Raw,
    Witness,
    _same_case,
    _used,
    a_closed_year_holds_nothing_that_may_still_move,
    a_decision_keeps_the_ceilings_it_adds_to,
    cash_is_where_cash_may_be,
    ceilings_hold_on_every_day,
    money_is_conserved_and_nothing_is_negative,
)

# ── the stories ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Step:
    """Something that can happen in a story: how, how often, and when at all."""

    happen: Callable[[Any, st.DataObject], None]
    weight: int
    when: Callable[[Any], object]


STEPS: list[Step] = []


def step(
    weight: int = 1, when: Callable[[Any], object] = lambda story: True
) -> Callable[[Callable[[Any, st.DataObject], None]], Callable[[Any, st.DataObject], None]]:
    """Enter a method of `Story` as a step.

    Steps are not rules of their own: Hypothesis would leave out half of the rules of each story,
    and with them what later steps build on.
    """

    def entered(method: Callable[[Any, st.DataObject], None]) -> Any:
        STEPS.append(Step(method, weight, when))
        return method

    return entered


class Story(RuleBasedStateMachine):
    """Random but plausible commands on one ledger, and the laws after each of them."""

    def __init__(self, new_url: Callable[[], str], seen: Counter[tuple[str, str]]) -> None:
        super().__init__()
        self.engine = open_ledger(new_url())
        self.seen = seen
        self.known = Witness()
        self.sent: list[tuple[Raw, Receipt]] = []
        self.pending: list[Raw] = []
        self.steps = 0
        self.named = 0
        self.revised = False
        self._learn()

    def teardown(self) -> None:
        """All laws once more, then everything anew from the log."""
        try:
            self._flush()
            self._live_rows_are_the_witness()
            verify(self.engine)
            balances, rows = self._all_balances(), self._trace(True)
            rebuild(self.engine)
            assert self._all_balances() == balances
            assert self._trace(True) == rows
        finally:
            self.engine.dispose()

    # ── sending ──────────────────────────────────────────────────────────────────────────

    def send(self, command: str, actor: str, day: str | None, **fields: Any) -> None:
        """Put a command into the batch that goes with the next `_flush`."""
        self.named += 1
        raw = {"command": command, "id": f"s{self.named}", "actor": actor, **fields}
        self.pending.append(raw | ({"effective_on": day} if day else {}))

    def _done(self, data: st.DataObject) -> None:
        """End a step: now and then the batch waits for the next."""
        self.steps += 1
        wait = len(self.pending) < 6 and data.draw(st.integers(0, 2), "wait") == 2
        if not wait:
            self._flush(thorough=data.draw(st.integers(0, 3), "thorough") == 3)

    def _flush(self, *, thorough: bool = False) -> None:
        raws, self.pending = self.pending, []
        if not raws:
            return
        trace = self._trace(thorough)
        foreseen = dry_run(self.engine, raws[0]) if thorough else None
        assert self._trace(thorough) == trace
        receipts = list(execute_all(self.engine, raws))
        if foreseen is not None:
            self._was_foreseen(foreseen, receipts[0])
        before = self.known.size
        self._learn()
        recorded = [receipt for receipt in receipts if receipt.status == "recorded"]
        positions = [seq for receipt in recorded for seq in receipt.events]
        assert positions == list(range(before + 1, self.known.size + 1))
        if not recorded:
            assert self._trace(thorough) == trace, "a refusal left a trace"
        for raw, receipt in zip(raws, receipts, strict=True):
            self._look_at(raw, receipt)
        if receipts[-1].status == "refused":
            self._what_fits_is_told(raws[-1], receipts[-1])
        self._laws()

    def _learn(self) -> None:
        with log.reading(self.engine) as connection:
            for envelope, _ in reading.read(connection, reading.Wanted(after=self.known.size)):
                self.known.learn(Entry.from_envelope(envelope))
            assert log.read_head(connection).size == self.known.size

    def _trace(self, thorough: bool) -> object:
        """What a refusal may not change: the head and how much there is, or every row."""
        with log.reading(self.engine) as connection:
            head = log.read_head(connection)
            whole = schema()  # whose version says when they were built, which a rebuild changes
            known = [*set(whole.metadata.sorted_tables) - {whole.version}, tables.events]
            known.sort(key=lambda table: table.name)
            if thorough:
                rows = [sorted(map(repr, connection.execute(select(table)))) for table in known]
                return head.size, head.root, rows
            commands = schema().metadata.tables["commands"]
            count = connection.execute(select(func.count()).select_from(commands)).scalar_one()
            return head.size, head.root, count

    def _look_at(self, raw: Raw, receipt: Receipt) -> None:
        event(f"{raw['command']} {receipt.status}")
        self.seen[raw["command"], receipt.rule or receipt.status] += 1
        self.sent.append((raw, receipt))
        if receipt.status == "refused":
            assert receipt.events == []
            for language in ("en", "ko"):
                message = receipt.message(language)
                assert message
                assert "{" not in message
            return
        if receipt.status == "recorded":
            first, last = receipt.events[0], receipt.events[-1]
            a_decision_keeps_the_ceilings_it_adds_to(self.known, first, last)

    def _was_foreseen(self, foreseen: Receipt, receipt: Receipt) -> None:
        """A dry run told what then happened."""
        assert (foreseen.status, foreseen.rule) == (receipt.status, receipt.rule)
        assert (foreseen.events, foreseen.fits) == (receipt.events, receipt.fits)
        assert foreseen.warnings == receipt.warnings

    # ── what fits ────────────────────────────────────────────────────────────────────────

    def _what_fits_is_told(self, raw: Raw, receipt: Receipt) -> None:
        """The numbers of a refusal are true: what fits is recorded, one won more is not."""
        short = receipt.refusal.short if receipt.refusal else None
        if short is None:
            assert receipt.fits is None
            return
        assert short.limit - short.used < short.asked, (raw, receipt)
        assert receipt.fits is not None
        if raw["command"] == "approve" and "lines" not in raw:
            raw = raw | {"lines": self._left_out(raw)}
        asked = _amount_of(raw, short)
        if asked is None:
            assert receipt.fits == 0
            return
        fits = receipt.fits

        def recorded(amount: int) -> bool:
            return dry_run(self.engine, _with_amount(raw, short, amount)).status == "recorded"

        if fits:
            beyond = fits + 1 if fits < asked else fits - 1
            assert recorded(fits), (raw, short, fits)
            assert beyond == asked or not recorded(beyond), (raw, short, fits, beyond)
        else:
            for amount in {1, asked // 3, asked // 2, asked - 1} - {0}:
                assert amount < 0 or not recorded(amount), (raw, short, amount)

    def _left_out(self, raw: Raw) -> list[Raw]:
        year = int(raw["effective_on"][:4])
        return [
            line.named | {"subsidy": line.asked}
            for line in self.known.grants[raw["grant"]].lines
            if line.year == year and not line.approved_on
        ]

    # ── laws ─────────────────────────────────────────────────────────────────────────────

    def _laws(self) -> None:
        money_is_conserved_and_nothing_is_negative(self.known)
        cash_is_where_cash_may_be(self.known)
        a_closed_year_holds_nothing_that_may_still_move(self.known)
        if not self.revised:
            ceilings_hold_on_every_day(self.known)
        if self.steps % 6 == 0:
            self._live_rows_are_the_witness()

    def _live_rows_are_the_witness(self) -> None:
        """Live, at the newest position and as of the last day: all are what the log adds up to."""
        size = self.known.size
        some_day = DAYS[self.steps * 7 % len(DAYS)]
        with log.reading(self.engine) as connection:
            for by in BYS:
                for moment, day, seq in (
                    (Moment(), FOREVER, size),
                    (Moment(None, size), FOREVER, size),
                    (Moment(FOREVER, size), FOREVER, size),
                    (Moment(some_day), some_day, size),
                    (Moment(some_day, size * 2 // 3), some_day, size * 2 // 3),
                ):
                    found = balances(connection, by, moment, FOREVER)
                    expected = self.known.rows(by, day, seq)
                    assert _without_caps(found) == expected, (by, moment)

    def _all_balances(self) -> list[list[Raw]]:
        with log.reading(self.engine) as connection:
            return [balances(connection, by, today=FOREVER) for by in BYS]

    # ── drawing ──────────────────────────────────────────────────────────────────────────

    def _rarely(self, data: st.DataObject) -> bool:
        return data.draw(st.integers(0, 9), "rarely") == 9

    def _someone(self, data: st.DataObject, but: str | None = None) -> str:
        """Anybody, but rarely the one who did the step before."""
        others = [person for person in PEOPLE if person != but]
        return data.draw(st.sampled_from(PEOPLE if self._rarely(data) else others), "actor")

    def _one_of(self, data: st.DataObject, likely: list[Any], others: list[Any]) -> Any:
        """One of the likely ones, rarely any of the others; None where there is none."""
        pool = others if others and (not likely or self._rarely(data)) else likely
        return data.draw(st.sampled_from(pool)) if pool else None

    def _day(self, data: st.DataObject, first: str, last: str = FOREVER) -> str:
        """A day from `first` to `last` in an open year; rarely any day."""
        fine = [
            day
            for day in DAYS
            if first <= day <= last and self.known.years.get(int(day[:4])) == "open"
        ]
        return self._one_of(data, fine, DAYS)

    def _won(self, data: st.DataObject, limit: int) -> int:
        """An amount up to a limit, often all of it; rarely more."""
        fine = [limit, limit // 2, limit // 3 + 1, limit - 1, 1]
        over = [limit + 1, limit * 2 + 7]
        return max(1, self._one_of(data, fine, over))

    def _room(self, line: Line) -> int:
        """What the ceilings over a line still allow, in won."""
        terms = self.known.terms_on(line.programme, FOREVER, self.known.size + 1)
        probe = Flow("", line.programme, line.year, line.grant, line.company, line.case, "", "", 0)
        rooms = [10**9]
        for cap in terms.caps:
            key = CAPS[cap.per](probe)
            held: Held = Counter()
            for _, flow in self.known.flows:
                if flow.grant and CAPS[cap.per](flow) == key:
                    held[flow.source] -= flow.won
                    held[flow.target] += flow.won
            rooms.append(cap.largest - _used(held))
        return max(min(rooms), 0)

    def _open_years(self) -> list[int]:
        return [year for year, status in self.known.years.items() if status == "open"]

    # ── the world ────────────────────────────────────────────────────────────────────────

    @initialize(data=st.data(), revisable=st.booleans())
    def a_small_world(self, data: st.DataObject, revisable: bool) -> None:
        """Four parties, two open years, a budget for each programme."""
        self.revisable = revisable
        for number, size in SIZES.items():
            fields = {"name": size, "party_type": "company", "size": size}
            self.send("register_company", "kim", "2022-01-02", business_number=number, **fields)
        fields = {"business_number": UNIVERSITY, "name": "대학", "party_type": "university"}
        self.send("register_company", "kim", "2022-01-02", **fields)
        for year in YEARS[:2]:
            self.send("open_year", "clock", f"{year}-01-01", year=year)
            for programme, amount in BUDGETS.items():
                fields = {"programme": programme, "year": year, "amount": amount}
                self.send("allocate_budget", "kim", f"{year}-01-02", **fields)
        self._grants_that_run()
        self._flush()
        assert {receipt.status for _, receipt in self.sent} == {"recorded"}

    def _grants_that_run(self) -> None:
        """A grant under each programme: asked for up to the ceiling, awarded most of that."""
        for programme, lines in (
            ("prototype", ((SME, 2022, ""), (LARGE, 2022, ""), (SME, 2023, ""))),
            ("domestic_patent", ((MID_SIZE, 2022, "DP-1"), (SME, 2022, "IP-1"))),
            ("international_patent", ((SME, 2022, "해외 7"), (LARGE, 2023, "IP-1"))),
            ("transferred_technology", ((SME, 2022, ""), (MID_SIZE, 2022, ""), (SME, 2023, ""))),
        ):
            most = CAP[programme] // (2 if programme == "transferred_technology" else 1)
            named = [
                {"company": company, "year": year} | ({"case": case} if case else {})
                for company, year, case in lines
            ]
            costs = {"total_cost": max(COSTS[programme]), "subsidy": most}
            fields = {"programme": programme, "title": "과제", "lead": SME, "partners": [SME]}
            asked = [line | costs for line in named]
            self.send("apply", "kim", "2022-01-02", grant=programme, lines=asked, **fields)
            awards = [line | {"subsidy": most * 7 // 10} for line in named if line["year"] == 2022]
            self.send("approve", "lee", "2022-02-14", grant=programme, lines=awards)

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One of the steps that are possible now."""
        often_first = sorted(STEPS, key=lambda step: -step.weight)
        possible = {step.happen.__name__: step for step in often_first if step.when(self)}
        names = [name for name, step in possible.items() for _ in range(step.weight)]
        possible[data.draw(st.sampled_from(names), "step")].happen(self, data)

    @step()
    def a_budget_grows_or_shrinks(self, data: st.DataObject) -> None:
        """Mostly a little; a cut now and then of more than there is."""
        year = self._one_of(data, self._open_years(), list(YEARS))
        programme = data.draw(st.sampled_from(sorted(BUDGETS)))
        share = data.draw(st.sampled_from((2, 1, -3, -1)))
        day = self._day(data, f"{year}-01-01", f"{year}-12-31")
        fields = {"programme": programme, "year": year, "amount": BUDGETS[programme] // share}
        self.send("allocate_budget", self._someone(data), day, **fields)
        self._done(data)

    @step()
    def a_company_changes(self, data: st.DataObject) -> None:
        """Its size, its name, its exclusion for a while, or the end of that."""
        excluded = sorted(self.known.excluded)
        number = self._one_of(data, excluded or sorted(SIZES), [*SIZES, UNIVERSITY])
        day, actor = data.draw(st.sampled_from(DAYS)), self._someone(data)
        what = data.draw(st.sampled_from(("reclassify", "rename", "exclude")))
        if number in self.known.excluded and not self._rarely(data):
            fields = {"business_number": number, "reason": "이의 인용"}
            self.send("readmit_company", actor, "2022-01-02", **fields)
        elif what == "reclassify":
            size = data.draw(st.sampled_from(("sme", "mid_size", "large")))
            self.send("reclassify_company", actor, day, business_number=number, size=size)
        elif what == "rename":
            fields = {"business_number": number, "name": f"상호 {day}", "reason": "상호 변경"}
            self.send("rename_company", actor, day, **fields)
        else:
            fields = {"business_number": number, "until": f"{day[:4]}-12-31", "reason": "허위"}
            self.send("exclude_company", actor, day, **fields)
        self._done(data)

    @step(when=lambda self: self.revisable)
    def terms_are_revised(self, data: st.DataObject) -> None:
        """Higher or lower ceilings, another ratio, less in advance; perhaps ahead of time."""
        self.revised = True
        programme = data.draw(st.sampled_from(sorted(BUDGETS)))
        terms = self.known.editions[programme][0][2]
        numerator = data.draw(st.sampled_from((1, 2, 4)))
        caps = [
            {"per": cap.per, "amount": cap.amount * numerator // 2, "bound": cap.bound}
            for cap in terms.caps
        ]
        self.send(
            "revise_terms",
            self._someone(data),
            data.draw(st.sampled_from([*DAYS, "2099-01-01"])),
            programme=programme,
            caps=caps,
            ratio={"percent": data.draw(st.sampled_from((50, 80))), "bound": "le"},
            min_companies=data.draw(st.sampled_from((1, 2))),
            eligible=list(terms.eligible),
            excluded=list(terms.excluded),
            advance_percent=data.draw(st.sampled_from((100, 50, 0))),
            source="개정 고시",
        )
        self._done(data)

    # ── years ────────────────────────────────────────────────────────────────────────────

    @step(when=lambda self: len(self.known.years) < len(YEARS))
    def the_next_year_opens(self, data: st.DataObject) -> None:
        """With its budgets, and sometimes the one after next is tried."""
        year = max(self.known.years) + 1 + self._rarely(data)
        self.send("open_year", "clock", f"{min(year, YEARS[-1])}-01-01", year=year)
        for programme, amount in BUDGETS.items():
            fields = {"programme": programme, "year": year, "amount": amount // 2}
            self.send("allocate_budget", self._someone(data), f"{year}-01-02", **fields)
        self._done(data)

    @step(2, when=lambda self: len(self._open_years()) > 1 and self.steps > 8)
    def a_year_closes(self, data: st.DataObject) -> None:
        """The first open one, once it is over."""
        year = self._one_of(data, [min(self._open_years())], self._open_years())
        newest = max(flow.day for _, flow in self.known.flows if flow.year in (year - 1, year))
        over = [day for day in DAYS if day >= max(newest, f"{year + 1}")]
        self.send("close_year", self._someone(data), self._one_of(data, over, DAYS), year=year)
        self._done(data)

    @step(3, when=lambda self: "closed" in self.known.years.values())
    def a_year_reopens(self, data: st.DataObject) -> None:
        """The last one closed, by another person."""
        closed = [year for year, status in self.known.years.items() if status == "closed"]
        year = self._one_of(data, [max(closed)], list(YEARS))
        closed_on = self.known.closed_on.get(year, "2023-01-02")
        later = [day for day in DAYS if day >= closed_on]
        actor = self._someone(data, self.known.closed_by.get(year))
        day = self._one_of(data, later, DAYS)
        self.send("reopen_year", actor, day, year=year, reason="누락분")
        self._done(data)

    # ── applications and awards ──────────────────────────────────────────────────────────

    @step(5)
    def a_grant_is_applied_for(self, data: st.DataObject) -> None:
        """And mostly approved at once, as asked or lower."""
        fate = data.draw(
            st.sampled_from(("approved",) * 4 + ("left",) * 3 + ("rejected", "withdrawn"))
        )
        programme = data.draw(st.sampled_from(sorted(BUDGETS)))
        year = self._one_of(data, self._open_years(), list(YEARS))
        day = self._day(data, f"{year}-01-01", f"{year}-06-30")
        grant, actor = f"g{self.named + 1}", self._someone(data)
        lines = self._lines_asked(data, programme, year)
        lead = lines[0]["company"]
        partners = [SME, MID_SIZE] if programme == "transferred_technology" else []
        if self._rarely(data):
            partners = [UNIVERSITY]
        fields = {"programme": programme, "title": "과제", "lines": lines, "partners": partners}
        self.send("apply", actor, day, grant=grant, lead=lead, **fields)
        decided_on = self._day(data, day, f"{year}-12-31")
        match fate:
            case "approved":
                fields = {}
                if data.draw(st.booleans(), "lower"):
                    fields["lines"] = [
                        {key: line[key] for key in ("company", "year", "case") if key in line}
                        | {"subsidy": self._won(data, line["subsidy"]) if line["subsidy"] else 0}
                        for line in lines
                        if line["year"] == year
                    ]
                self.send("approve", self._someone(data, actor), decided_on, grant=grant, **fields)
            case "rejected":
                self.send("reject", self._someone(data), decided_on, grant=grant, reason="미달")
            case "withdrawn":
                self.send("withdraw", actor, decided_on, grant=grant, reason="포기")
        self._done(data)

    def _lines_asked(self, data: st.DataObject, programme: str, year: int) -> list[Raw]:
        by_case = programme.endswith("_patent")
        lines: dict[Key, Raw] = {}
        for _ in range(data.draw(st.integers(1, 3), "lines")):
            company = self._one_of(data, sorted(SIZES), [UNIVERSITY])
            cost = data.draw(st.sampled_from(COSTS[programme]), "cost")
            percent = PERCENT.get(programme) or {SME: 74, MID_SIZE: 59}.get(company, 32)
            most = 0 if company == UNIVERSITY else min(cost * percent // 100, CAP[programme])
            subsidy = self._one_of(data, [most, most // 2], [most + cost // 4, 0])
            line = {"company": company, "year": year + self._rarely(data)}
            if by_case != self._rarely(data) and by_case:
                line["case"] = data.draw(st.sampled_from(CASES), "case")
            key = (company, line["year"], _same_case(line.get("case")))
            lines[key] = line | {"total_cost": cost, "subsidy": subsidy}
        return list(lines.values())

    @step(5, when=lambda self: any(not line.approved_on for line in self._undecided()))
    def a_line_is_decided(self, data: st.DataObject) -> None:
        """A line left undecided, perhaps of a later year, is approved; or its grant turned down."""
        waiting = [line for line in self._undecided() if not line.approved_on]
        line = data.draw(st.sampled_from(waiting))
        grant = self.known.grants[line.grant]
        first = max(grant.applied_on, f"{line.year}-01-01")
        day = self._day(data, first, f"{line.year}-12-31")
        if grant.status == "applied" and self._rarely(data):
            name = data.draw(st.sampled_from(("reject", "withdraw")))
            self.send(name, self._someone(data), day, grant=line.grant, reason="반려")
        else:
            room = (self._room(line) + 1, self._room(line))
            within = [min(amount, line.asked) for amount in (*room, line.asked, line.asked // 2)]
            named = line.named | {"subsidy": self._one_of(data, within, [line.asked + 1])}
            actor = self._someone(data, grant.applied_by)
            self.send("approve", actor, day, grant=line.grant, lines=[named])
        self._done(data)

    def _undecided(self) -> list[Line]:
        return self.known.lines("applied", "approved")

    def _approved(self) -> list[Line]:
        return [line for line in self.known.lines("approved") if line.approved_on]

    @step(3, when=lambda self: self._approved())
    def awards_are_amended(self, data: st.DataObject) -> None:
        """Raised up to what was asked, or lowered, one line or all of a grant."""
        chosen = data.draw(st.sampled_from(self._approved()))
        together = data.draw(st.booleans(), "all lines")
        lines = [
            line
            for line in self._approved()
            if line is chosen or (together and line.grant == chosen.grant)
        ]
        changed = []
        for line in lines:
            releasable = self.known.sum_of(line, "committed", "carried")
            lowered = [line.award - releasable, line.award - releasable // 2, line.award]
            room = line.award + self._room(line)
            raised = [min(amount, line.asked) for amount in (room, room + 1, line.asked)]
            wrong = [max(line.award - releasable - 1, 0), line.asked + 1]
            changed.append(line.named | {"subsidy": self._one_of(data, [*lowered, *raised], wrong)})
        grant = self.known.grants[chosen.grant]
        day = self._day(data, chosen.approved_on, f"{chosen.year}-12-31")
        actor = self._someone(data, grant.applied_by)
        self.send("amend", actor, day, grant=chosen.grant, lines=changed, reason="변경")
        self._done(data)

    # ── payments and claims ──────────────────────────────────────────────────────────────

    @step(6, when=lambda self: self.known.holding("committed", "carried", "payable"))
    def money_is_paid(self, data: st.DataObject) -> None:
        """In the line's year from all it holds, later from what may still be paid."""
        line = self._one_of(
            data, self.known.holding("committed", "carried", "payable"), self._approved()
        )
        later = self.known.sum_of(line, "carried", "payable")
        last = FOREVER if later else f"{line.year}-12-31"
        day = self._day(data, line.approved_on, last)
        buckets = {line.year: ("committed", "carried", "payable")}.get(
            int(day[:4]), ("carried", "payable")
        )
        self._pay(data, line, day, "disburse", self.known.sum_of(line, *buckets))
        self._done(data)

    def _pay(
        self, data: st.DataObject, line: Line, day: str, name: str, holds: int, **fields: Any
    ) -> None:
        fields |= {"grant": line.grant, **line.named, "amount": self._won(data, holds)}
        number = self.named if not self._rarely(data) else 30
        self.send(name, self._someone(data), day, bank_ref=f"B-{number}", **fields)

    @step(4, when=lambda self: self._approved())
    def costs_are_claimed(self, data: st.DataObject) -> None:
        """With one piece of evidence or two; half of the claims are accepted in the same batch."""
        accepted = data.draw(st.booleans())
        line = data.draw(st.sampled_from(self._approved()))
        day = self._day(data, line.approved_on)
        items = []
        for place in range(data.draw(st.integers(1, 2), "items")):
            number = self.named if not self._rarely(data) else 40
            items.append(
                {
                    "evidence": f"E-{number}-{place}",
                    "category": self._one_of(data, [CATEGORY[line.programme]], ["travel"]),
                    "supply": max(1, line.total_cost // data.draw(st.sampled_from((1, 2, 3)))),
                    "incurred_on": self._one_of(data, [line.approved_on, day], DAYS),
                }
            )
        claim, actor = f"c{self.named + 1}", self._someone(data)
        fields = {"claim": claim, "grant": line.grant, **line.named, "items": items}
        self.send("claim", actor, day, **fields)
        if accepted:
            self.send("accept_claim", self._someone(data, actor), self._day(data, day), claim=claim)
        self._done(data)

    @step(3, when=lambda self: self.known.claims)
    def a_claim_is_accepted(self, data: st.DataObject) -> None:
        """Whole, or without a piece of its evidence."""
        claims = list(self.known.claims.values())
        claim = self._one_of(data, [claim for claim in claims if not claim.decided], claims)
        disallow = []
        if data.draw(st.booleans(), "disallow"):
            disallow = [{"evidence": claim.evidence[0], "reason": "증빙 불비"}]
        actor, day = self._someone(data, claim.claimed_by), self._day(data, claim.claimed_on)
        self.send("accept_claim", actor, day, claim=claim.claim, disallow=disallow)
        self._done(data)

    @step(3, when=lambda self: self.known.holding("advanced"))
    def advances_come_back(self, data: st.DataObject) -> None:
        """Unspent, sometimes with interest."""
        lines = self.known.holding("advanced", statuses=("approved", "cancelled"))
        line = self._one_of(data, lines, self._approved())
        day = self._day(data, line.approved_on)
        interest = data.draw(st.sampled_from((0, 1_234)))
        holds = self.known.sum_of(line, "advanced")
        self._pay(data, line, day, "return_funds", holds, interest=interest)
        self._done(data)

    @step(3, when=lambda self: self.known.holding("committed"))
    def money_is_carried_over(self, data: st.DataObject) -> None:
        """In the line's own year."""
        line = self._one_of(data, self.known.holding("committed"), self._approved())
        day = self._day(data, line.approved_on, f"{line.year}-12-31")
        amount = self._won(data, self.known.sum_of(line, "committed"))
        fields = {"grant": line.grant, **line.named, "amount": amount, "reason": "지연"}
        self.send("carry_over", self._someone(data), day, **fields)
        self._done(data)

    @step()
    def a_case_gets_its_number(self, data: st.DataObject) -> None:
        """Once for each case."""
        case = data.draw(st.sampled_from(CASES))
        number = data.draw(st.sampled_from(("10-2022-0000001", "10-2022-0000002", "PCT/KR2022/1")))
        actor, day = self._someone(data), data.draw(st.sampled_from(DAYS))
        self.send("identify_case", actor, day, case=case, application_number=number)
        self._done(data)

    # ── endings, recoveries, corrections ─────────────────────────────────────────────────

    @step(2, when=lambda self: self._approved())
    def a_grant_ends(self, data: st.DataObject) -> None:
        """Settled where nothing is outstanding; or cancelled, with sums to recover."""
        settled = data.draw(st.sampled_from((True, True, False)))
        running = sorted({line.grant for line in self._approved()})
        clean = [grant for grant in running if not self._outstanding(grant)]
        grant = self._one_of(data, clean if settled else running, running)
        day = self._day(data, self.known.newest(grant))
        if settled:
            self.send("settle", self._someone(data), day, grant=grant)
        else:
            recover = self._to_recover(data, grant)
            fields = {"recover": recover} if recover else {}
            self.send("cancel", self._someone(data), day, grant=grant, reason="부정", **fields)
        self._done(data)

    def _outstanding(self, grant: str) -> bool:
        lines = self.known.grants[grant].lines
        undecided = [claim.grant for claim in self.known.claims.values() if not claim.decided]
        return grant in undecided or any(
            self.known.sum_of(line, "advanced", "payable", "due") for line in lines
        )

    def _to_recover(self, data: st.DataObject, grant: str) -> list[Raw]:
        return [
            line.named | {"amount": self._won(data, self.known.sum_of(line, "advanced", "spent"))}
            for line in self.known.holding(
                "advanced", "spent", statuses=("approved", "settled", "cancelled")
            )
            if line.grant == grant
        ]

    @step(3, when=lambda self: self._paid())
    def recovery_is_ordered(self, data: st.DataObject) -> None:
        """Also after settlement or cancellation."""
        line = data.draw(st.sampled_from(self._paid()))
        lines = self._to_recover(data, line.grant)
        day = self._day(data, self.known.newest(line.grant) if lines else line.approved_on)
        fields = {"grant": line.grant, "lines": lines, "reason": "정산 오류"}
        self.send("order_recovery", self._someone(data), day, **fields)
        self._done(data)

    def _paid(self) -> list[Line]:
        statuses = ("approved", "settled", "cancelled")
        return self.known.holding("advanced", "spent", statuses=statuses)

    def _due(self) -> list[Line]:
        return self.known.holding("due", statuses=("approved", "settled", "cancelled"))

    @step(4, when=lambda self: self._due())
    def recovered_money_arrives(self, data: st.DataObject) -> None:
        """All that is due, or part of it."""
        line = data.draw(st.sampled_from(self._due()))
        day = self._day(data, line.approved_on)
        self._pay(data, line, day, "record_recovery", self.known.sum_of(line, "due"))
        self._done(data)

    def _reversible(self) -> list[Entry]:
        kinds = ("disbursed", "claim-accepted", "funds-returned", "carried-over")
        kinds += ("recovery-ordered", "recovery-received")
        return [entry for entry in self.known.entries.values() if entry.kind in kinds]

    @step(4, when=lambda self: self._reversible())
    def an_entry_is_reversed(self, data: st.DataObject) -> None:
        """By its position or by its command, by another person."""
        by_position = data.draw(st.booleans())
        every = self._reversible()
        standing = [entry for entry in every if entry.seq not in self.known.reversed]
        entry = self._one_of(data, standing, every)
        fields = {"event": entry.seq} if by_position else {"of": entry.command_id}
        actor, day = self._someone(data, entry.actor), self._day(data, entry.effective_on)
        self.send("reverse", actor, day, reason="착오", **fields)
        self._done(data)

    # ── what should do nothing ───────────────────────────────────────────────────────────

    @step(2)
    def a_command_is_sent_again(self, data: st.DataObject) -> None:
        """The same is a duplicate; the same id with another content is a conflict."""
        self._flush()
        first = {raw["id"]: receipt for raw, receipt in self.sent if receipt.status == "recorded"}
        recorded = [raw for raw, receipt in self.sent if receipt.status == "recorded"]
        raw = data.draw(st.sampled_from(recorded))
        trace = self._trace(True)
        same, other = execute_all(self.engine, [raw, raw | {"actor": "somebody else"}])
        assert (same.status, other.rule) == ("duplicate", "idempotency-conflict")
        assert (same.events, same.made) == (first[raw["id"]].events, first[raw["id"]].made)
        assert self._trace(True) == trace
        self.steps += 1

    @step()
    def nonsense_is_asked(self, data: st.DataObject) -> None:
        """Unknown things, days to come, wrong types."""
        line = {"company": SME, "year": 2022}
        paid = {"bank_ref": "B-?", **line}
        name, day, fields = data.draw(
            st.sampled_from(
                (
                    ("disburse", "2022-05-20", paid | {"grant": "?", "amount": 1}),
                    ("disburse", "2022-05-20", paid | {"grant": "?", "amount": 1.0}),
                    ("settle", "2099-01-01", {"grant": next(iter(self.known.grants), "?")}),
                    ("close_year", "2022-13-01", {"year": 2022}),
                    ("close_year", "2023-01-02", {"year": 1999}),
                    ("open_year", "2022-01-01", {"year": 2022}),
                    ("reverse", "2022-01-02", {"event": 1, "reason": "-"}),
                    ("approve", "2022-03-31", {"grant": "?", "lines": []}),
                    ("allocate_budget", "2022-03-31", {"programme": "x", "year": 2022}),
                )
            )
        )
        self.send(name, self._someone(data), day, **fields)
        self._done(data)


def _without_caps(rows: list[Raw]) -> list[Raw]:
    caps = {"cap", "bound", "headroom"}
    return [{key: value for key, value in row.items() if key not in caps} for row in rows]


def _asks_for(raw: Raw) -> tuple[list[Raw], str] | None:
    """The parts of a command that ask for won, and the field in which they do."""
    match raw["command"]:
        case "apply" | "approve" | "amend":
            return raw["lines"], "subsidy"
        case "cancel":
            return raw.get("recover", []), "amount"
        case "order_recovery":
            return raw["lines"], "amount"
        case "disburse" | "return_funds" | "carry_over" | "record_recovery" | "allocate_budget":
            return [raw], "amount"
        case _:
            return None


def _the_part(raw: Raw, short: Any) -> tuple[Raw, str] | None:
    asks = _asks_for(raw)
    if asks is None:
        return None
    parts, name = asks
    if raw["command"] == "allocate_budget":
        return raw, name
    wanted = (short.company, short.year, _same_case(short.case))
    for part in parts:
        if (part["company"], part["year"], _same_case(part.get("case"))) == wanted:
            return part, name
    return None


def _amount_of(raw: Raw, short: Any) -> int | None:
    found = _the_part(raw, short)
    return abs(found[0][found[1]]) if found else None


def _with_amount(raw: Raw, short: Any, amount: int) -> Raw:
    """The same command with another amount for the line that is short."""
    changed = deepcopy(raw)
    del changed["id"]
    found = _the_part(changed, short)
    assert found is not None
    part, name = found
    part[name] = -amount if raw["command"] == "allocate_budget" else amount
    return changed


RUNS = {"sqlite": (16, 60), "postgresql": (3, 40)}
"""How many stories, of how many steps."""


def test_no_story_breaks_a_law(engine_name: str, new_url: Callable[[], str]) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    stories, steps = RUNS[engine_name]
    run_state_machine_as_test(
        lambda: Story(new_url, seen),
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            derandomize="CI" in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    recorded = {command for command, outcome in seen if outcome == "recorded"}
    never = set(COMMANDS) - recorded
    assert engine_name != "sqlite" or len(never) < 6, f"the stories never record {sorted(never)}"
