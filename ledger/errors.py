"""What can go wrong, and what each says.

    LedgerError
    ├── Refused      a rule said no: which one, the numbers, what would fit
    ├── Misused      called wrongly: unknown option, unreadable file
    │   └── NotFound      a question about something that is not in the ledger
    ├── Corrupt      the ledger is not what it should be: where, expected, found
    └── Unavailable  not there, or not to be written
        ├── Busy          another writer held the lock past the wait
        ├── RolledBack    the server undid it for another's sake: nothing is recorded
        ├── Disconnected  the connection broke: what was in hand may be recorded or not
        └── ClockInDoubt  two clocks disagree: nothing that depends on the day is done

Exit codes and HTTP statuses are given to them in `app/` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.wording import Language, line_named, say


class LedgerError(Exception):
    """The root of this tree."""


class Misused(LedgerError):
    """The ledger was called wrongly."""


class NotFound(Misused):
    """What a question names is not in the ledger, or was not yet at its moment.

    `wording` names the sentence (`ledger/wording.py`), `facts` fill it in.
    """

    def __init__(self, wording: str, **facts: object) -> None:
        self.wording, self.facts = wording, facts
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """What there is not, in words."""
        return say(self.wording, language, **self.facts)


class Corrupt(LedgerError):
    """The ledger is not what it should be."""

    def __init__(self, message: str, *, seq: int | None = None) -> None:
        super().__init__(message)
        self.seq = seq


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


class Refused(LedgerError):
    """A rule of the contract said no.

    `rule` is the contract's slug, `wording` names the sentence (`ledger/wording.py`), `facts` fill
    it in; `short` has the numbers where an amount was refused. Where `lowers_award` an award was
    lowered too far, and what fits is the least.
    """

    lowers_award = False

    def __init__(
        self, rule: str, wording: str = "", *, short: Shortfall | None = None, **facts: object
    ) -> None:
        self.rule = rule
        self.wording = wording or rule
        self.short = short
        self.facts = (short.facts if short else {}) | facts
        super().__init__(self.wording)

    def __str__(self) -> str:
        return self.message("en")

    def message(self, language: Language, fits: int | None = None) -> str:
        """The refusal in words; `fits` is added where it is known."""
        facts = self.facts
        if "company" in facts and "year" in facts:
            line = line_named(facts["company"], facts["year"], facts.get("case"))
            facts = {"line": line, "company_name": facts["company"]} | facts
        text = say(self.wording, language, **facts)
        if fits is not None:
            text += " " + say(self._fits_wording(fits), language, **facts, fits=fits)
        return text

    def _fits_wording(self, fits: int) -> str:
        if not fits:
            return "nothing-fits"
        if self.short is None or self.short.company is None:
            return "fits-cut"
        return "fits-award" if self.lowers_award else "fits"
