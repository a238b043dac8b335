"""What would fit: the same decision, asked again with other amounts.

There is no second formula for any limit: an amount fits if the command with it is not refused.
The amounts that fit form one interval; a refusal's own numbers usually lead straight to its end,
and halving finds it for sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from commands.asks import Ask
from commands.table import Command
from ledger.errors import Refused, Shortfall
from ledger.names import case_key
from projections.books import Books

ATTEMPTS = 12
"""How often a refusal's own numbers are followed before amounts that stand for all are tried."""


def fitting(command: Command, ask: Ask, books: Books, refused: Refused) -> int:
    """The amount in won nearest to what was asked with which the command would be recorded.

    That is the largest that fits; for an award lowered too far, the smallest. 0 if none, or if
    the command asks for no amount on that line.
    """
    short = refused.short
    ask = command.spelled_out(ask, books)
    asked = _asked_for(ask, short) if short else None
    if short is None or asked is None:
        return 0

    def refusal(amount: int) -> Refused | None:
        changed = ask.with_amount(short.company or "", short.year, short.case or "", amount)
        try:
            command.decide(changed, books)
        except Refused as refused:
            return refused.kept()
        return None

    fits = _followed(ask, refused, asked, refusal)
    if fits is None:
        standing = _standing_for_all(ask, books, short)
        fits = next((amount for amount in standing if refusal(amount) is None), None)
    return 0 if fits is None else _nearest(fits, asked, refusal)


def lowers_award(ask: Ask, refused: Refused) -> bool:
    """Whether an award was lowered too far, so that what fits is the least, not the most."""
    return ask.amount_field == "subsidy" and refused.rule in ("within-award", "out-of-order")


def _followed(
    ask: Ask, refused: Refused | None, amount: int, refusal: Callable[[int], Refused | None]
) -> int | None:
    """An amount that fits, found by giving way by as much as each refusal says is missing."""
    for _ in range(ATTEMPTS):
        if refused is None:
            return amount
        short = refused.short
        if short is None:
            return None
        missing = short.asked - (short.limit - short.used)
        amount += missing if lowers_award(ask, refused) else -missing
        if amount <= 0:
            return None
        refused = refusal(amount)
    return None


def _nearest(fits: int, refused: int, refusal: Callable[[int], Refused | None]) -> int:
    """Of the amounts from one that fits to one that does not, the last that fits."""
    middle = fits + (1 if refused > fits else -1)
    while abs(refused - fits) > 1:
        if refusal(middle) is None:
            fits = middle
        else:
            refused = middle
        middle = (fits + refused) // 2
    return fits


def _asked_for(ask: Ask, short: Shortfall) -> int | None:
    if ask.amount_field is None:
        return None
    lines = getattr(ask, getattr(ask, "lines_field", ""), None)
    if lines is None:
        return abs(int(getattr(ask, ask.amount_field, 0)))
    key = (short.company, short.year, case_key(short.case) if short.case else "")
    for line in lines:
        if line.line_key == key:
            return int(getattr(line, ask.amount_field))
    return None


def _standing_for_all(ask: Ask, books: Books, short: Shortfall) -> Iterator[int]:
    """Amounts that fit if any does: as it stands, all that can be taken back, the least."""
    grant = books.grant(getattr(ask, "grant", None) or "")
    if ask.amount_field == "subsidy" and grant and short.company:
        line = books.line(grant.grant, short.company, short.year, short.case)
        if line is not None and line.approved_on:
            balance = books.line_balance(line)
            yield line.award
            yield line.award - balance.committed - balance.carried
            return
    yield 0 if ask.amount_field == "subsidy" else 1
