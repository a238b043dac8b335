"""What can go wrong, and what each says.

    Told             says itself what is wrong, with facts
    ├── Malformed    a note, a key, a proof or a tree that cannot be one: a `ValueError`
    └── LedgerError  the root of what goes wrong with a ledger

    LedgerError
    ├── Refused      a rule said no: which one, the numbers, what would fit
    ├── Misused      called wrongly: unknown option, unreadable file
    │   ├── NotFound      a question about something that is not in the ledger
    │   └── Misread       a text that is not what is asked for
    ├── Corrupt      the ledger is not what it should be: where, expected, found
    └── Unavailable  not there, or not to be written
        ├── Busy          another writer held the lock past the wait
        ├── RolledBack    the server undid it for another's sake: nothing is recorded
        ├── Disconnected  the connection broke: what was in hand may be recorded or not
        └── ClockInDoubt  two clocks disagree: nothing that depends on the day is done

What a person is told of a refusal, of what is not found and of what no command may have
(`Unfit`) is said in `commands/words/`; exit codes and HTTP statuses are given in `app/` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


class _ToBeWorded(Exception):
    """What is said elsewhere: `wording` names the sentence, `facts` fill it in."""

    wording: str
    facts: dict[str, object]

    def __str__(self) -> str:
        """The sentence's name with the facts, for those who read code."""
        told = ", ".join(f"{name}={fact}" for name, fact in self.facts.items())
        return f"{self.wording} ({told})" if told else self.wording


class Unfit(_ToBeWorded, ValueError):
    """A value that no command may have; why, `commands/words/` says."""

    def __init__(self, wording: str, **facts: object) -> None:
        self.wording, self.facts = wording, facts
        super().__init__(wording)


class Told(Exception):
    """What says itself what is wrong: `text`, with `facts` filled in.

    It is written in English where it happens, as logs want it; what people are told in Korean
    stands in `commands/words/failures.py`, by that text.
    """

    def __init__(self, text: str, /, **facts: object) -> None:
        super().__init__(text)
        self.text, self.facts = text, facts

    def __str__(self) -> str:
        return self.text.format(**self.facts) if self.facts else self.text


class Malformed(Told, ValueError):
    """A note, a key, a proof or a tree that cannot be one, or does not hold; or a part of one.

    Whoever reads it knows whether it was given wrongly or the ledger is corrupt.
    """


class LedgerError(Told):
    """The root of this tree."""


class Misused(LedgerError):
    """The ledger was called wrongly."""


class NotFound(_ToBeWorded, Misused):
    """What a question names is not in the ledger, or was not yet at its moment."""

    def __init__(self, wording: str, **facts: object) -> None:
        super().__init__(wording)
        self.wording, self.facts = wording, facts


class Misread(_ToBeWorded, Misused):
    """A question or an option holds a text that cannot be read as what is asked for."""

    def __init__(self, text: str, why: Unfit) -> None:
        super().__init__("cannot-be-read")
        self.wording, self.facts = self.text, {"text": text, "why": why}


class Corrupt(LedgerError):
    """The ledger is not what it should be."""

    def __init__(self, text: str, /, *, seq: int | None = None, **facts: object) -> None:
        super().__init__(text, **facts)
        self.seq = seq
        if seq is not None and (facts or "{seq}" in text):
            self.facts["seq"] = seq


class Unavailable(LedgerError):
    """The ledger cannot be reached, is busy past the wait, or cannot be written."""


class Busy(Unavailable):
    """Another writer held the lock past the wait; nothing was recorded."""


class RolledBack(Unavailable):
    """The server undid the transaction for another's sake; done again it may well succeed."""


class Disconnected(Unavailable):
    """The server is gone, or the way to it; a command in hand may have been recorded or not.

    Its id settles it: the same command sent again is recorded once.
    """


class ClockInDoubt(Unavailable):
    """Two clocks disagree, and which is wrong is for a person to find out."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The numbers of a refusal on an amount, all in won; always `limit - used < asked`."""

    programme: str
    company: str | None
    year: int
    case: str | None
    limit: int
    used: int
    asked: int

    @property
    def line(self) -> dict[str, Any] | None:
        """The line that is short, as a receipt names it."""
        if self.company is None:
            return None
        return {"company": self.company, "year": self.year, "case": self.case}

    @property
    def facts(self) -> dict[str, object]:
        """What a sentence may say of it."""
        return {
            "programme": self.programme,
            "company": self.company,
            "year": self.year,
            "case": self.case,
            "limit": self.limit,
            "used": self.used,
            "asked": self.asked,
        }


class Refused(_ToBeWorded, LedgerError):
    """A rule of the contract said no.

    `rule` is the contract's slug; `short` has the numbers where an amount was refused. Where
    `lowers_award` an award was lowered too far, and what fits is the least.
    """

    lowers_award = False

    def __init__(
        self, rule: str, wording: str = "", *, short: Shortfall | None = None, **facts: object
    ) -> None:
        super().__init__(wording or rule)
        self.rule = rule
        self.wording = self.text
        self.short = short
        self.facts = (short.facts if short else {}) | facts

    def kept(self) -> Self:
        """The same, to be kept as an answer: without the way it came, whose frames hold whatever
        was in work there and would be circular garbage with it."""
        self.__context__ = None
        return self.with_traceback(None)
