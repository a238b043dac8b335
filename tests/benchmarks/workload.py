"""Work in the shape of the real thing, for growing a ledger to a size: `python -m
tests.benchmarks.workload sqlite:///big.db 1000000`.

All kinds of commands over many years: a few companies and programmes have most of the grants,
some hundreds of grants run at a time, entries come late, years are closed and now and then opened
again. What is asked follows from a seed alone, and memory does not grow with the number of events.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random

from commands.catalogue import record_catalogue
from commands.execute import execute_all
from ledger import log, reading
from ledger.database.engine import Engine
from ledger.envelope import plain
from ledger.names import check_digit_fits
from ledger.terms import Programme, catalogue
from projections.opening import make_ledger
from tests.benchmarks.lives import KIM, LEE, PARK, Command, Desk, Life, Line

FIRST_YEAR, LAST_YEAR = 2006, 2024
BATCH = 1_000
RUNNING = 300
"""Grants that run at a time."""

HOT = {"prototype": 12, "domestic_patent": 6, "rbd_consulting": 4, "technology_transfer": 3}
"""How much more often a programme is asked for than others."""

WRONG = 5.0
"""Of a hundred commands in a real office, so many are refused."""


def commands(*, seed: int = 1, a_year: int = 100_000, wrong: float = 0.0) -> Iterator[Command]:
    """An endless stream of commands, about so many a year; so many percent are refused."""
    return _Office(Desk(Random(seed), seed), a_year, wrong).works()


def for_size(size: int, *, wrong: float = WRONG) -> Iterator[Command]:
    """The stream that fills a ledger of so many events with half a dozen years or more."""
    return commands(a_year=max(1_000, min(size // 6, 600_000)), wrong=wrong)


def number_of(place: int) -> str:
    """The business number of a company, with the right check digit."""
    stem = f"{100 + place % 900}-{81 + place // 900 % 8}-{place // 7200:04d}"
    return next(n for n in (f"{stem}{digit}" for digit in range(10)) if check_digit_fits(n))


@dataclass(slots=True)
class _Office:
    desk: Desk
    a_year: int
    wrong: float
    running: list[Life] = field(default_factory=list)
    used: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    registered: dict[int, str] = field(default_factory=dict)
    grants: int = 0
    programmes: list[Programme] = field(default_factory=lambda: list(catalogue()))
    year: int = 0

    def works(self) -> Iterator[Command]:
        """Year after year; the last one never ends."""
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            self.year = year
            yield from self._begun()
            yield from self._course(year == LAST_YEAR)
            yield from self._turned()

    def _begun(self) -> Iterator[Command]:
        desk = self.desk
        desk.day = f"{self.year}-01-01"
        self.used.clear()
        yield desk.write("open_year", KIM, year=self.year)
        for programme in self.programmes:
            yield self._budget(programme.slug, 900_000_000_000_000)
        if self.year > FIRST_YEAR:
            programme = desk.chance.choice(self.programmes)
            said = plain(programme.terms) | {"source": f"공고 제{self.year}-1호"}
            yield desk.write("revise_terms", KIM, programme=programme.slug, **said)

    def _budget(self, programme: str, amount: int) -> Command:
        return self.desk.write(
            "allocate_budget", KIM, programme=programme, year=self.year, amount=amount
        )

    def _course(self, endless: bool) -> Iterator[Command]:
        """A year's work, from the second of January to the shortest day."""
        first, done, closed = date(self.year, 1, 2), 0, self.year == FIRST_YEAR
        while endless or done < self.a_year:
            done += 1
            reached = min(done / self.a_year, 1.0)
            self.desk.day = (first + timedelta(days=int(350 * reached))).isoformat()
            if not closed and self.desk.day >= f"{self.year}-02-01":
                closed = True
                yield from self._closed()
            if self.desk.happens(0.2):
                yield from self._apart()
            if self.desk.happens(self.wrong):
                yield from self._refused()
            if len(self.running) < RUNNING:
                yield from self._new_life()
            place = self.desk.chance.randrange(len(self.running))
            step = next(self.running[place].steps, None)
            if step is not None:
                yield step
            else:
                self.running[place] = self.running[-1]
                self.running.pop()

    def _turned(self) -> Iterator[Command]:
        """At the end of the year half of what is committed is carried over."""
        kept = []
        for life in self.running:
            if life.lines[0].year == self.year and self.desk.happens(50):
                carried = life.carried_over(f"{self.year}-12-28")
                if carried is not None:
                    kept.append(life)
                    yield carried
        self.running = kept

    def _closed(self) -> Iterator[Command]:
        """Last year's books close on 31 January; every third time they are opened once more."""
        day, year = f"{self.year}-01-31", self.year - 1
        yield self.desk.write("close_year", LEE, day, year=year)
        if year % 3 == 0:
            yield self.desk.write("reopen_year", PARK, day, year=year, reason="지출 누락")
            yield self.desk.write("close_year", LEE, day, year=year)

    def _company(self) -> tuple[str, Iterator[Command]]:
        """A company, a few of them far more often than others; registered when it first comes."""
        many = max(60, self.a_year // 40)
        place = 100 + int(many * self.desk.chance.random() ** 3)
        return self._known(place)

    def _known(self, place: int) -> tuple[str, Iterator[Command]]:
        number = self.registered.get(place)
        if number is not None:
            return number, iter(())
        number = self.registered[place] = number_of(place)
        told = self.desk.write(
            "register_company",
            KIM,
            business_number=number,
            name=f"기업 {place}",
            party_type="company",
            size="sme",
        )
        return number, iter((told,))

    def _new_life(self) -> Iterator[Command]:
        chance = self.desk.chance
        weights = [HOT.get(programme.slug, 1) for programme in self.programmes]
        (programme,) = chance.choices(self.programmes, weights)
        parties: dict[str, None] = {}
        while len(parties) < programme.terms.min_companies:
            company, registering = self._company()
            parties[company] = None
            yield from registering
        lines = [
            line
            for company in list(parties)[: 1 + self.desk.happens(25)]
            if (line := self._line(programme, company)) is not None
        ]
        if not lines:
            return
        partners = [party for party in parties if party not in {line.company for line in lines}]
        self.running.append(Life(self.desk, self._named(), programme, lines, partners))

    def _named(self) -> str:
        self.grants += 1
        return f"G{self.year}-{self.grants}"

    def _line(self, programme: Programme, company: str) -> Line | None:
        """A line that fits under the company's ceiling, or None where it is used up."""
        cap = min(one.largest for one in programme.terms.caps)
        case = f"P-{self.year}-{self.grants}-{company}" if programme.terms.by_case else None
        room = cap - (0 if case else self.used[company, programme.slug])
        subsidy = min(room, int(cap * self.desk.chance.uniform(0.02, 0.2)))
        if subsidy < cap // 100:
            return None
        self.used[company, programme.slug] += subsidy
        return Line(company, self.year, case, subsidy * 2, subsidy)

    def _apart(self) -> Iterator[Command]:
        """What concerns no grant: sizes, exclusions, a correction of the budget."""
        place = self.desk.chance.randrange(100)  # companies that ask for nothing
        company, registering = self._known(place)
        yield from registering
        what = self.desk.chance.randrange(3)
        if what == 0:
            size = self.desk.chance.choice(("sme", "mid_size", "large"))
            yield self.desk.write("reclassify_company", KIM, business_number=company, size=size)
        elif what == 1:
            until = f"{self.year}-12-31"
            named = {"business_number": company, "reason": "부정수급"}
            yield self.desk.write("exclude_company", KIM, until=until, **named)
            yield self.desk.write("readmit_company", KIM, **named)
        else:
            yield self._budget(self.desk.chance.choice(self.programmes).slug, -1_000_000)

    def _refused(self) -> Iterator[Command]:
        """One of the mistakes that are made, on a grant that is running."""
        if not self.running:
            return
        for _ in range(8):
            life = self.desk.chance.choice(self.running)
            if life.paid and life.proven:
                break
        else:
            return
        line, write = life.lines[0], self.desk.write
        on = {"grant": life.grant, **line.named}
        what = self.desk.chance.randrange(6)
        if what == 0:  # a payment twice
            yield write("disburse", KIM, **on, amount=1, bank_ref=life.paid)
        elif what == 1:  # over the award
            yield write("disburse", KIM, **on, amount=line.award * 3, bank_ref=f"X-{life.grant}")
        elif what == 2:  # evidence twice
            item = {
                "evidence": life.proven,
                "category": life.programme.terms.eligible[0],
                "supply": 1_000,
                "incurred_on": self.desk.day,
            }
            yield write("claim", KIM, **on, items=[item])
        elif what == 3:  # approved a second time
            yield write("approve", LEE, grant=life.grant)
        else:
            yield from self._turned_down(life, over=what == 4)

    def _turned_down(self, other: Life, over: bool) -> Iterator[Command]:
        """An approval over the ceiling of a company that has some already, or by who applied."""
        programme, line = other.programme, other.lines[0]
        if line.case or line.year != self.year or programme.terms.min_companies > 1:
            yield self.desk.write("approve", LEE, grant=other.grant)
            return
        cap = programme.terms.caps[0].largest
        asked = Line(line.company, self.year, None, cap * 2, cap if over else 1)
        life = Life(self.desk, self._named(), programme, [asked], [])
        yield life.applied()
        yield self.desk.write("approve", LEE if over else KIM, life.last, grant=life.grant)
        yield self.desk.write("withdraw", KIM, life.last, grant=life.grant, reason="사업 포기")


def grow(url: str, size: int) -> None:
    """Grow a ledger to at least so many events."""
    for _ in growing(url, size):
        pass


def growing(url: str, size: int, *stops: int) -> Iterator[int]:
    """Grow a ledger; at each stop on the way, and at the end, nobody has it open."""
    stream, recorded = for_size(size), 0
    for stop in (*stops, size):
        engine = make_ledger(url)
        record_catalogue(engine)
        while recorded < stop:
            for receipt in execute_all(engine, list(islice(stream, BATCH))):
                assert receipt.status != "duplicate", receipt
            with log.reading(engine) as connection:
                recorded = log.read_head(connection).size
        engine.dispose()
        yield recorded


def open_year_of(engine: Engine) -> int:
    """The newest year in a grown ledger: it is open."""
    with log.reading(engine) as connection:
        opened = reading.read(connection, reading.Wanted(kind="year-opened"))
        return FIRST_YEAR - 1 + sum(1 for _ in opened)


if __name__ == "__main__":
    grow(sys.argv[1], int(sys.argv[2]))
