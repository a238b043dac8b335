"""The one table of commands: CLI, API, forms, help and docs are generated from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from commands import (
    accept_claim,
    allocate_budget,
    amend,
    apply,
    approve,
    cancel,
    carry_over,
    claim,
    close_year,
    disburse,
    exclude_company,
    identify_case,
    open_year,
    order_recovery,
    readmit_company,
    reclassify_company,
    record_recovery,
    register_company,
    reject,
    reopen_year,
    return_funds,
    reverse,
    revise_terms,
    settle,
    withdraw,
)
from commands.asks import Ask
from ledger.events import AnyEvent
from projections.books import Books


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name: what may be asked, and how it is decided."""

    name: str
    ask: type[Ask]
    module: ModuleType

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return (self.ask.__doc__ or "").strip().splitlines()[0]

    def decide(self, ask: Ask, books: Books) -> Sequence[AnyEvent]:
        """The events that it records, or `Refused`."""
        decided = self.module.decide(ask, books)
        return decided if isinstance(decided, list) else [decided]

    def warnings(self, ask: Ask, books: Books) -> list[tuple[str, dict[str, Any]]]:
        """What is worth saying though it is recorded: wordings and their facts."""
        warn: Callable[[Ask, Books], list[tuple[str, dict[str, Any]]]] | None
        warn = getattr(self.module, "warnings", None)
        return warn(ask, books) if warn else []

    def spelled_out(self, ask: Ask, books: Books) -> Ask:
        """The same command with its lines named, where it may leave them out."""
        spell: Callable[[Ask, Books], Ask] | None = getattr(self.module, "spelled_out", None)
        return spell(ask, books) if spell else ask


_ALL: tuple[tuple[type[Ask], ModuleType], ...] = (
    (register_company.RegisterCompany, register_company),
    (reclassify_company.ReclassifyCompany, reclassify_company),
    (exclude_company.ExcludeCompany, exclude_company),
    (readmit_company.ReadmitCompany, readmit_company),
    (revise_terms.ReviseTerms, revise_terms),
    (allocate_budget.AllocateBudget, allocate_budget),
    (open_year.OpenYear, open_year),
    (close_year.CloseYear, close_year),
    (reopen_year.ReopenYear, reopen_year),
    (apply.Apply, apply),
    (approve.Approve, approve),
    (reject.Reject, reject),
    (withdraw.Withdraw, withdraw),
    (amend.Amend, amend),
    (disburse.Disburse, disburse),
    (claim.Claim, claim),
    (accept_claim.AcceptClaim, accept_claim),
    (return_funds.ReturnFunds, return_funds),
    (carry_over.CarryOver, carry_over),
    (identify_case.IdentifyCase, identify_case),
    (cancel.Cancel, cancel),
    (order_recovery.OrderRecovery, order_recovery),
    (record_recovery.RecordRecovery, record_recovery),
    (settle.Settle, settle),
    (reverse.Reverse, reverse),
)

COMMANDS: dict[str, Command] = {
    module.__name__.rpartition(".")[2]: Command(module.__name__.rpartition(".")[2], ask, module)
    for ask, module in _ALL
}
"""Every command by its name; the name is its file's."""
