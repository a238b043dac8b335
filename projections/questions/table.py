"""The one table of questions: command line, docs, API and pages are generated from it.

A new question is one file and one line here. The file is imported when it is first asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ledger.errors import Misused

if TYPE_CHECKING:
    from pydantic import ValidationError

    from projections.questions.asks import Question
    from projections.questions.snapshot import Snapshot


class NotAsked(Misused):
    """Values that ask no question: `problems` tells of each where it is, and what is wrong."""

    def __init__(self, problems: ValidationError) -> None:
        super().__init__(
            "; ".join(
                f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
                for problem in problems.errors(include_url=False)
            )
        )
        self.problems = problems


@dataclass(frozen=True)
class Asked:
    """A question: where its model is, and what it answers."""

    name: str
    model_at: str
    """Module under `projections.questions`, and class."""
    summary: str
    names: str = ""
    """The field that names the one thing it shows; `""` where it asks about many."""
    lists: bool = False
    """Whether it lists things of a kind, a page at a time."""

    @cached_property
    def model(self) -> type[Question]:
        """What may be asked."""
        module, _, name = self.model_at.partition(":")
        found: type[Question] = getattr(import_module(f"projections.questions.{module}"), name)
        return found

    def read(self, values: Mapping[str, Any]) -> Question:
        """The question that plain values ask; `NotAsked` where they ask none."""
        from pydantic import ValidationError

        try:
            return self.model.model_validate(dict(values))
        except ValidationError as error:
            raise NotAsked(error) from None


def answered(snapshot: Snapshot, question: Question) -> Any:
    """The answer to a question, at the moment and within the filter that it names."""
    return question.answer(question.turned(snapshot))


QUESTIONS: dict[str, Asked] = {
    asked.name: asked
    for asked in (
        Asked("balances", "balances:Balances", "What every bucket holds, at any moment."),
        Asked("grant", "grant:ShowGrant", "One grant with its lines, claims, events.", "grant"),
        Asked("company", "company:ShowCompany", "One company, its balances, events.", "company"),
        Asked("programme", "programme:ShowProgramme", "One programme, its terms.", "programme"),
        Asked("claim", "claim:ShowClaim", "One claim with its items and events.", "claim"),
        Asked("case", "case:ShowCase", "One case with its number, lines and events.", "case"),
        Asked("event", "event:ShowEvent", "One event with what it moved.", "seq"),
        Asked("work", "work:Work", "What waits: applications, claims, payments, the year end."),
        Asked("find", "find:Find", "What a text may mean."),
        Asked("grants", "grants:Grants", "Grants by status, company, year and more.", lists=True),
        Asked("companies", "companies:Companies", "Companies and their state.", lists=True),
        Asked("claims", "claims:Claims", "Claims and what became of them.", lists=True),
        Asked("payments", "payments:Payments", "Payments, as the bank saw them.", lists=True),
        Asked("cases", "cases:Cases", "Cases and what they use.", lists=True),
        Asked("programmes", "programmes:Programmes", "The catalogue.", lists=True),
        Asked("reversals", "reversals:Reversals", "What was reversed, by whom.", lists=True),
        Asked("monthly", "monthly:Monthly", "Money through the bank by month and programme."),
        Asked("replay", "replay:Replay", "The events one after another, with the balance after."),
        Asked("events", "events:Events", "The raw events."),
        Asked("diff", "diff:Diff", "What changed between two positions or two days."),
    )
}
"""Every question by its name."""

THINGS = tuple(asked for asked in QUESTIONS.values() if asked.names)
"""Those that show one thing, whole."""

LISTS = tuple(asked for asked in QUESTIONS.values() if asked.lists)
"""Those that list things of a kind."""
