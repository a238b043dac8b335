"""The one table of commands: CLI, API, forms, help and docs are generated from it.

A new command is one file and one line here. The file is imported when the command is first used,
so that asking for help loads no models and a payment loads only its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from commands.asks import Ask
    from commands.receipts import Warned
    from ledger.events import AnyEvent
    from projections.books import Books


Role: TypeAlias = Literal["clerk", "approver", "administrator", "auditor"]
"""What somebody who signs in at a server may be; all of them may read."""

ROLES: tuple[Role, ...] = get_args(Role)

CLERK: tuple[Role, ...] = ("clerk",)
APPROVER: tuple[Role, ...] = ("approver",)
ADMINISTRATOR: tuple[Role, ...] = ("administrator",)


@dataclass(frozen=True)
class Command:
    """A command: its name is its file's, the asking class is the name in capitals.

    Whoever comes in at a server may give it with one of the `roles`.
    """

    name: str
    roles: tuple[Role, ...]
    summary: str

    @cached_property
    def module(self) -> ModuleType:
        """The command's file."""
        return import_module(f"commands.{self.name}")

    @cached_property
    def sums(self) -> ModuleType:
        """What bounds the sums that events let grow; imported with the first decision."""
        return import_module("commands.sums")

    @cached_property
    def ask(self) -> type[Ask]:
        """What may be asked."""
        asked: type[Ask] = getattr(self.module, self.name.title().replace("_", ""))
        return asked

    def decide(self, ask: Ask, books: Books) -> Sequence[AnyEvent]:
        """The events that it records, or `Refused`."""
        decided = self.module.decide(ask, books)
        events: list[AnyEvent] = decided if isinstance(decided, list) else [decided]
        self.sums.within_sums(books, events, ask.effective_on or books.today)
        return events

    def warnings(self, ask: Ask, books: Books, events: Sequence[AnyEvent]) -> list[Warned]:
        """What may not be what was meant of the events that it is about to record."""
        warn = self._warn
        return list(warn(ask, books, events)) if warn else []

    @cached_property
    def _warn(self) -> Callable[[Ask, Books, Sequence[AnyEvent]], Iterator[Warned]] | None:
        warn: Callable[[Ask, Books, Sequence[AnyEvent]], Iterator[Warned]] | None
        warn = getattr(self.module, "warnings", None)
        return warn

    def spelled_out(self, ask: Ask, books: Books) -> Ask:
        """The same command with its lines named, where it may leave them out."""
        spell: Callable[[Ask, Books], Ask] | None = getattr(self.module, "spelled_out", None)
        return spell(ask, books) if spell else ask


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("register_company", CLERK, "Register a company, university or institute."),
        Command("reclassify_company", CLERK, "Give a company another size from a day on."),
        Command(
            "rename_company", CLERK, "Give a company another name or Mini Cluster from a day on."
        ),
        Command(
            "exclude_company",
            APPROVER,
            "Exclude a company from taking part for a while (참여제한, 수행배제).",
        ),
        Command("readmit_company", APPROVER, "End a company's exclusion early."),
        Command("revise_terms", ADMINISTRATOR, "Give a programme a new edition of its terms."),
        Command(
            "allocate_budget",
            ADMINISTRATOR,
            "Give a programme budget for a year, or take some back (예산).",
        ),
        Command(
            "open_year", ADMINISTRATOR, "Open a fiscal year: its ceilings start afresh (회계연도)."
        ),
        Command(
            "close_year",
            ADMINISTRATOR,
            "Close a year's books: what is left lapses (회계연도 마감).",
        ),
        Command("reopen_year", APPROVER, "Open the last closed year again (마감 취소)."),
        Command("apply", CLERK, "Apply for a grant (교부신청)."),
        Command("approve", APPROVER, "Approve lines of a grant (교부결정)."),
        Command("reject", APPROVER, "Turn an application down (지원 제외)."),
        Command("withdraw", CLERK, "Take an application back."),
        Command("amend", APPROVER, "Raise or lower awards."),
        Command("disburse", CLERK, "Record a payment to a company (지급)."),
        Command("claim", CLERK, "Claim costs with evidence (사용실적 보고)."),
        Command("accept_claim", APPROVER, "Accept a claim, whole or in part (인정)."),
        Command("return_funds", CLERK, "Record that unspent money came back (반납)."),
        Command("carry_over", CLERK, "Carry committed money over into the next year (이월)."),
        Command("identify_case", CLERK, "Attach the patent office's number to a case."),
        Command("cancel", APPROVER, "Cancel a grant for cause (교부결정 취소)."),
        Command("order_recovery", APPROVER, "Order money to be paid back (반환 명령)."),
        Command("record_recovery", CLERK, "Record that recovered money arrived (환수)."),
        Command("settle", APPROVER, "Settle a grant: release what is left (정산 확정)."),
        Command("reverse", CLERK + APPROVER, "Reverse a wrong entry."),
    )
}
"""Every command by its name."""
