"""Given, when, then: what the commands promise, in the words of the people who give them.

    given(approved(10_000_000), paid(9_000_000))
        .when(pay(2_000_000))
        .refused("within-award", fits=1_000_000)

What is given must be recorded, or the test fails. A given step brings along what it rests on (an
award its application, budget and open year; an application its companies), unless the story
brought that about before. What is asked with `when` is sent alone, and its outcome must be looked
at. Every refusal is held against the contract: it leaves no trace, is said in both languages, its
numbers agree, and `fits` is right to the won.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from commands.execute import dry_run, execute, execute_all
from commands.receipts import Receipt
from ledger import log, reading, seoul
from ledger.database.engine import Engine
from ledger.envelope import Entry, plain
from ledger.events import BUCKETS
from ledger.names import case_key
from projections.questions.roll_ups import By
from projections.questions.snapshot import Moment
from tests.asked import balances
from tests.steps import HANBIT, Step, _plain_line

ON_AN_AMOUNT = frozenset(
    {
        "annual-cap",
        "case-cap",
        "programme-budget",
        "subsidy-ratio",
        "exceeds-request",
        "within-award",
        "advance-limit",
    }
)
"""The rules whose refusals carry numbers (`out-of-order` does where a day would be negative)."""


@dataclass
class Story:
    """A ledger and what has been told of it so far."""

    engine: Engine
    brought: set[str] = field(default_factory=set)
    unseen: dict[str, Any] | None = None

    def given(self, *steps: Step) -> Story:
        """Record steps, each after what it rests on; all of them must be recorded."""
        asked = list(_in_order(steps, self.brought))
        receipts = execute_all(self.engine, [step.command for step in asked])
        for step, receipt in zip(asked, receipts, strict=True):
            assert receipt.status == "recorded", (
                f"given, but {receipt.status} ({receipt.rule}: {receipt.message()}): {step.command}"
            )
        return self

    def when(self, asked: object) -> Outcome:
        """Send one command, alone; its outcome must be looked at."""
        self.was_looked_at()
        command = asked.command if isinstance(asked, Step) else asked
        before, size = self.standing(), self.size
        receipt = execute(self.engine, command)
        self.unseen = {"command": command}
        return Outcome(self, command, receipt, before, size)

    def was_looked_at(self) -> None:
        """Fail if an outcome was never held against an expectation."""
        assert self.unseen is None, f"nobody looked at the outcome of {self.unseen}"

    @property
    def size(self) -> int:
        """How many events the ledger has."""
        with log.reading(self.engine) as connection:
            return log.read_head(connection).size

    def entries(self, positions: list[int]) -> list[Entry]:
        """The entries at positions."""
        with log.reading(self.engine) as connection:
            found = [log.read_entry(connection, seq) for seq in positions]
        assert None not in found
        return [entry for entry in found if entry is not None]

    def asked_for(self, grant: str) -> list[dict[str, Any]]:
        """The lines that a grant applied for."""
        with log.reading(self.engine) as connection:
            found = list(reading.read(connection, reading.Wanted(kind="grant-applied")))
        data = (json.loads(envelope)["data"] for envelope, _ in found)
        lines: list[dict[str, Any]] = next(one["lines"] for one in data if one["grant"] == grant)
        return lines

    def rows(self, by: By, *, as_of: str | None = None, **wanted: Any) -> list[dict[str, Any]]:
        """The rows of a roll-up, as outsiders read them."""
        with log.reading(self.engine) as connection:
            today = seoul.day_of(log.now())
            return balances(connection, by, Moment(as_of), today, **wanted)

    def row(self, by: By, **wanted: Any) -> dict[str, Any]:
        """The one row of a roll-up."""
        (row,) = self.rows(by, **wanted)
        return row

    def line(
        self,
        company: str = HANBIT,
        *,
        grant: str = "G1",
        year: int = 2025,
        case: str | None = None,
        as_of: str | None = None,
    ) -> dict[str, int]:
        """What a line holds: its buckets that are not empty."""
        rows = self.rows("line", as_of=as_of, company=company, grant=grant, year=year, case=case)
        held = rows[0] if rows else {}
        return {name: held[name] for name in (*BUCKETS, "interest") if held.get(name)}

    def budget(
        self, programme: str = "prototype", year: int = 2025, as_of: str | None = None
    ) -> dict[str, int]:
        """A programme's year: its budget and the buckets that are not empty."""
        (row,) = self.rows("programme", as_of=as_of, programme=programme, year=year)
        return {name: row[name] for name in ("budget", *BUCKETS, "interest") if row[name]}

    def standing(self) -> Counter[str]:
        """What all programmes and years hold together, bucket by bucket."""
        total: Counter[str] = Counter()
        for row in self.rows("programme"):
            for name in ("budget", *BUCKETS, "interest"):
                total[name] += row[name]
        return total


Given: TypeAlias = Callable[..., Story]
"""The fixture `given`: tells a story's beginning."""


def _in_order(steps: tuple[Step, ...], brought: set[str]) -> Iterator[Step]:
    for step in steps:
        for need in step.rests_on:
            if need.brings not in brought:
                yield from _in_order((need,), brought)
        if step.brings:
            brought.add(step.brings)
        yield step


@dataclass
class Outcome:
    """What came of a command, to be held against what was promised."""

    story: Story
    command: Any
    receipt: Receipt
    before: Counter[str]
    size: int

    def then(self, kind: str, /, **data: Any) -> Outcome:
        """It was recorded as this kind of event, with at least these data."""
        self.recorded()
        *others, entry = self.story.entries(self.receipt.events)
        assert entry.kind == kind
        assert not others or kind in ("year-closed", "year-reopened")
        assert entry.effective_on == self.command.get("effective_on", entry.effective_on)
        assert entry.actor == self.command["actor"]
        assert entry.command_id == self.receipt.id
        found = data_of(entry)
        assert {name: found.get(name) for name in data} == data
        return self

    def recorded(self) -> Outcome:
        """It was recorded."""
        receipt = self._seen()
        assert receipt.status == "recorded", f"{receipt.rule}: {receipt.message()}"
        assert receipt.events == list(range(self.size + 1, self.story.size + 1))
        assert receipt.rule is None
        assert receipt.message() is None
        return self

    def parts(self) -> list[tuple[str, dict[str, Any]]]:
        """Every event that was recorded: its kind and its data."""
        return [(entry.kind, data_of(entry)) for entry in self.story.entries(self.receipt.events)]

    def moved(self, **won: int) -> Outcome:
        """It was recorded; these buckets changed by that much, and no others."""
        self.recorded()
        after = self.story.standing()
        changes = {name: after[name] - self.before[name] for name in after | self.before}
        assert {name: change for name, change in changes.items() if change} == won
        return self

    def refused(self, rule: str, /, *, says: tuple[str, ...] = (), **numbers: Any) -> Outcome:
        """The rule refused it, with these numbers, and nothing was recorded."""
        receipt = self._seen()
        assert receipt.status == "refused", f"{receipt.status}: {receipt.events}"
        assert receipt.rule == rule, f"{receipt.rule}: {receipt.message()}"
        assert receipt.events == []
        self._left_no_trace()
        english, korean = receipt.message("en"), receipt.message("ko")
        assert english
        assert korean
        assert english != korean or rule == "invalid"
        for word in says:
            assert word in english, f"{word!r} is not in {english!r}"
        answer = receipt.as_json()
        assert {name: answer.get(name) for name in numbers} == numbers, answer
        assert rule == "out-of-order" or ("limit" in answer) == (rule in ON_AN_AMOUNT)
        if "limit" in answer:
            assert answer["limit"] - answer["used"] < answer["asked"]
            assert not answer["fits"] or f"{answer['fits']:,} won would fit" in english
            self._fits_to_the_won(rule, answer)
        return self

    def refusal(self) -> Outcome:
        """Some rule refused it, and nothing was recorded."""
        return self.refused(self.receipt.rule or "nothing")

    def duplicate(self, of: Receipt) -> Outcome:
        """It came before: the first receipt's positions and made ids, and nothing new."""
        receipt = self._seen()
        assert receipt.status == "duplicate", f"{receipt.status} {receipt.rule}"
        assert (receipt.id, receipt.events, receipt.made) == (of.id, of.events, of.made)
        self._left_no_trace()
        return self

    def warned(self, slug: str | None = None, /, **figures: Any) -> Outcome:
        """Recorded, but perhaps not what was meant: one warning with these figures, or none."""
        self.recorded()
        english, korean = (self.receipt.as_json(lang)["warnings"] for lang in ("en", "ko"))
        said = [one.pop("message") for one in english]
        assert english == ([{"slug": slug} | figures] if slug else [])
        assert all(one["message"] not in said for one in korean)
        return self

    def given(self, *steps: Step) -> Story:
        """Go on with the story: more is recorded."""
        return self.story.given(*steps)

    def when(self, asked: object) -> Outcome:
        """Go on with the story: another command."""
        return self.story.when(asked)

    def _seen(self) -> Receipt:
        self.story.unseen = None
        return self.receipt

    def _left_no_trace(self) -> None:
        assert self.story.size == self.size
        assert self.story.standing() == self.before

    def _fits_to_the_won(self, rule: str, answer: dict[str, Any]) -> None:
        """With what fits it would be recorded, with one won more (a cut: less) it would not."""
        line = answer["line"] or {}
        cut = self.command["command"] == "amend" and rule in ("within-award", "out-of-order")
        fits = answer["fits"]
        next_one = fits - 1 if cut else fits + 1
        beyond = _with_amount(self.story, self.command, line, next_one)
        if beyond is None:
            assert fits == 0
            return
        assert execute(self.story.engine, beyond).status == "refused", f"more than {fits} fits"
        if fits:
            asked = _with_amount(self.story, self.command, line, fits)
            again = dry_run(self.story.engine, asked)
            assert again.status == "recorded", f"{fits} does not fit: {again.message()}"
        self._left_no_trace()


def data_of(entry: Entry) -> dict[str, Any]:
    """The data of an event as JSON has them."""
    data: dict[str, Any] = json.loads(json.dumps(plain(entry.event)))
    return data


def _with_amount(
    story: Story, command: dict[str, Any], named: dict[str, Any], amount: int
) -> dict[str, Any] | None:
    """The same command with another amount for one line; None where it asks for no amount."""
    if "amount" in command:
        return command | {"amount": -amount if command["command"] == "allocate_budget" else amount}
    if command["command"] == "approve" and "lines" not in command:
        year = int(command["effective_on"][:4])
        lines = [one for one in story.asked_for(command["grant"]) if one["year"] == year]
        command = command | {"lines": [_plain_line(one) for one in lines]}
    of = next((name for name in ("lines", "recover") if name in command), None)
    if of is None:
        return None
    part = "amount" if "amount" in command[of][0] else "subsidy"
    assert any(_is(one, named) for one in command[of]), f"no line of the command is {named}"
    changed = [one | {part: amount} if _is(one, named) else one for one in command[of]]
    return command | {of: changed}


def _is(one: dict[str, Any], named: dict[str, Any]) -> bool:
    digits = str(one["company"]).replace("-", ""), str(named["company"]).replace("-", "")
    cases = case_key(one.get("case") or ""), case_key(named["case"] or "")
    return digits[0] == digits[1] and one["year"] == named["year"] and cases[0] == cases[1]
