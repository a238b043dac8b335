"""What would fit: the same decision, asked again with other amounts.

There is no second formula for any limit: an amount fits if the command with it is not refused.
The amounts that fit form one interval, so its end is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from commands.asks import Ask
from commands.table import Command
from ledger.errors import Refused, Shortfall
from ledger.names import case_key
from projections.books import Books


def fitting(command: Command, ask: Ask, books: Books, short: Shortfall) -> int:
    """The amount in won nearest to what was asked with which the command would be recorded.

    That is the largest that fits; for an award lowered below what was drawn, the smallest.
    0 if none, or if the command asks for no amount on that line.
    """
    ask = command.spelled_out(ask, books)
    asked = _asked_for(ask, short)
    if asked is None:
        return 0

    def recorded(amount: int) -> bool:
        changed = ask.with_amount(short.company or "", short.year, short.case or "", amount)
        try:
            command.decide(changed, books)
        except Refused:
            return False
        return True

    over = short.asked - (short.limit - short.used)
    for guess, beyond in ((asked - over, asked - over + 1), (asked + over, asked + over - 1)):
        if guess > 0 and recorded(guess) and (beyond == asked or not recorded(beyond)):
            return guess
    for anchor in _anchors(ask, books, short):
        if recorded(anchor):
            return _farthest(recorded, anchor, asked)
    return 0


def _farthest(recorded: Callable[[int], bool], fits: int, refused: int) -> int:
    """Of the amounts from one that fits to one that does not, the last that fits."""
    while abs(refused - fits) > 1:
        middle = (fits + refused) // 2
        if recorded(middle):
            fits = middle
        else:
            refused = middle
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


def _anchors(ask: Ask, books: Books, short: Shortfall) -> Iterator[int]:
    """Amounts that fit if any does: as it stands, all that can be taken back, the least."""
    grant = getattr(ask, "grant", None)
    if ask.amount_field == "subsidy" and grant and short.company:
        line = books.line(grant, short.company, short.year, short.case)
        if line is not None and line.approved_on:
            balance = books.line_balance(line)
            yield line.award
            yield line.award - balance.committed - balance.carried
            return
    yield 0 if ask.amount_field == "subsidy" else 1
