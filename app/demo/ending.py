"""What the story came to: balances, one day known twice, whether it is true, and how to go on."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any

from app.cli.door import Door
from app.cli.terminal import styled
from app.demo import tables
from app.demo.cast import HANBIT
from app.demo.script import Words
from app.demo.telling import Page
from ledger.errors import Corrupt
from ledger.events import BUCKETS
from projections.questions.roll_ups import By, balances
from projections.questions.snapshot import Moment, Snapshot, taken
from projections.replay.verify import verify

if TYPE_CHECKING:
    from ledger.database.engine import Engine

YEARS = (2024, 2025)
YEAR_END = "2024-12-31"
SIDE_BY_SIDE = 100
"""Columns that two years need next to each other."""

BY_PROGRAMME = Words("What was used of each budget", "사업별로 예산을 얼마나 썼나")
BY_COMPANY = Words("Who used 80 % of a ceiling, or more", "한도의 80% 이상을 쓴 기업")
BY_CASE = Words("The filings, over their whole life", "출원 건, 평생에 걸쳐")
ONE_DAY = Words("The money of 2024: on its last day, and now", "2024년의 돈: 마지막 날과 지금")
KNEW_LESS = Words(
    "On 31 December nobody knew of the payment that January's bank statement brought. Both "
    "answers are kept, and every column adds up to the budget.",
    "12월 31일에는 1월의 은행 거래내역에 있던 지급을 아무도 몰랐습니다. 두 답이 모두 남아 있고, "
    "모든 열의 합은 예산입니다.",
)
MOMENTS = (
    Words("31 Dec, as known then", "12월 31일, 그때 알던"),
    Words("31 Dec, as known now", "12월 31일, 지금 아는"),
    Words("now", "지금"),
)
IS_IT_TRUE = Words("Is it true?", "맞는가")
VERIFIED = Words(
    "{events} events: every hash, the tree and every balance were computed again, and agree.",
    "기록 {events}개의 모든 해시와 트리, 모든 잔액을 다시 계산했고, 일치합니다.",
)
GO_ON = Words("Go on exploring", "더 살펴보기")
CALLS = (
    "balances --by case",
    f"balances --by company --as-of {YEAR_END}",
    "show FC-2024-01",
    f"replay --company {HANBIT.number}",
    f"disburse --grant FC-2024-01 --company {HANBIT.number} --year 2025 --amount 40000000 "
    "--bank-ref HB-25-1201 --effective-on 2025-12-01 --actor park.sora --dry-run",
    "checkpoint",
    "verify",
)
"""Calls that are worth trying on the demo's ledger; the payment is asked about, not made."""


class Ending:
    """The books after the story, for people; `then` is the last position of the first year."""

    def __init__(self, engine: Engine, door: Door, then: int) -> None:
        self._engine, self._door, self._then = engine, door, then
        self._language = door.language
        self._page = Page(door.language)

    def tell(self) -> None:
        """Balances, the same day twice, verification, and how to go on."""
        with taken(self._engine) as snapshot:
            self._programmes(snapshot)
            self._companies(snapshot)
            self._cases(snapshot)
            self._one_day(snapshot)
        self._is_it_true()
        self._go_on()

    def _programmes(self, snapshot: Snapshot) -> None:
        rows = self._rows(snapshot, "programme")
        for row in rows:
            if sum(row[bucket] for bucket in BUCKETS) != row["budget"]:
                raise Corrupt(
                    "{programme} {year} does not add up to its budget",
                    programme=row["programme"],
                    year=row["year"],
                )
        self._heading(BY_PROGRAMME)
        together = self._page.width >= SIDE_BY_SIDE
        for years in [YEARS] if together else [(year,) for year in YEARS]:
            self._page.put(tables.programmes(rows, years, self._language))

    def _companies(self, snapshot: Snapshot) -> None:
        self._heading(BY_COMPANY)
        rows = self._rows(snapshot, "company")
        self._page.put(tables.companies(rows, self._language))

    def _cases(self, snapshot: Snapshot) -> None:
        lines = (line for line in self._rows(snapshot, "line") if line["case"])
        self._heading(BY_CASE)
        self._page.put(tables.cases(self._rows(snapshot, "case"), lines, self._language))

    def _one_day(self, snapshot: Snapshot) -> None:
        moments = (Moment(YEAR_END, self._then), Moment(YEAR_END), Moment())
        columns = {
            words.said(self._language): self._rows(snapshot, "programme", at, year=YEARS[0])
            for words, at in zip(MOMENTS, moments, strict=True)
        }
        self._heading(ONE_DAY)
        self._page.say(KNEW_LESS)
        self._page.put(tables.moments(columns, self._language))

    def _is_it_true(self) -> None:
        found = verify(self._engine)
        self._heading(IS_IT_TRUE)
        said = VERIFIED.said(self._language).format(events=found.events)
        self._page.line(styled(("✓", "green"), f" {said}"))
        self._page.line(f"  {found.root}")

    def _go_on(self) -> None:
        self._heading(GO_ON)
        ending = ""
        if self._door.ledger != os.environ.get("GRANTS_LEDGER"):
            ending = f" --ledger {shlex.quote(self._door.shown)}"
        if self._door.lang:
            ending += f" --lang {self._door.lang}"
        for call in CALLS:
            self._page.line(f"grants {call}{ending}")

    def _heading(self, words: Words) -> None:
        self._page.rule(words.said(self._language))

    def _rows(
        self, snapshot: Snapshot, by: By, at: Moment | None = None, **wanted: Any
    ) -> list[dict[str, Any]]:
        return balances(snapshot.turned(at or Moment()).within(wanted), by)
