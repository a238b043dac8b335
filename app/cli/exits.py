"""Exit codes, and the one place where outcomes and errors become them.

The contract's list is complete, on any input. What nobody foresaw is 5: it is not known whether
something was recorded, so a script must not take it for done (0), for an answer of the rules (3)
or for its own mistake (2), and the ledger itself is not accused (4). What to do is what 5 asks
for anyway: look, and send the same again under the same id.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.cli.language import in_words, spoken

if TYPE_CHECKING:
    from ledger.errors import LedgerError

DONE = 0
MISUSED = 2
REFUSED = 3
CORRUPT = 4
UNAVAILABLE = 5
INTERRUPTED = 130
NOT_READ = 141
"""Whoever read the output left before its end, as `head` does."""

_WORST_FIRST = (CORRUPT, UNAVAILABLE, MISUSED, REFUSED, DONE)


def outcome(call: Callable[[], int | None]) -> int:
    """The exit code of a call, once all it printed is out; what went wrong is said in a line."""
    from app.cli import streams
    from app.cli.unforeseen import logging_for_people

    with logging_for_people():
        try:
            streams.prepare()
            code = call() or DONE
            sys.stdout.flush()
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            code = _told(error)
        streams.finish()
    return code


def worst(codes: Iterable[int]) -> int:
    """Of several exit codes the one that the whole ends with."""
    return min(codes, key=_WORST_FIRST.index, default=DONE)


def _told(error: BaseException) -> int:
    """Say in a line what went wrong, and give its exit code."""
    from app.cli.streams import Untold, complain

    match error:
        case KeyboardInterrupt():
            return INTERRUPTED
        case BrokenPipeError():
            return NOT_READ
        case Untold(__cause__=BrokenPipeError()):
            complain(in_words("{done}, but whoever read the output left", done=error))
            return NOT_READ
        case Untold():
            reason = _reason(error.__cause__)
            complain(
                in_words("{done}, but it could not be printed: {reason}", done=error, reason=reason)
            )
            return UNAVAILABLE
    return told(error)


def told(error: BaseException, where: str = "") -> int:
    """Say in a line what failed outside the rules, and where; give its exit code."""
    from app.cli import unforeseen
    from app.cli.streams import complain
    from ledger.errors import LedgerError

    match error:
        case LedgerError():
            complain(f"{where}{worded(error)}")
        case MemoryError():
            complain(f"{where}{in_words('there is not enough memory for this')}")
        case UnicodeEncodeError():
            complain(f"{where}{in_words('a text is not UTF-8: {text}', text=error.object)}")
        case OSError():
            complain(f"{where}{_reason(error)}")
        case _ if _is_of_a_wrong_call(error):
            from app.cli.wrong_calls import wrong_call

            complain(f"{where}{wrong_call(error)}")
        case _:
            unforeseen.tell(error, where)
    return code_of(error)


def worded(error: LedgerError) -> str:
    """What an error says, in the language of the call."""
    from commands.words import LANGUAGES, failure, refusal, said
    from ledger.errors import Misread, NotFound, Refused
    from projections.questions.table import NotAsked

    match error:
        case Refused():
            return refusal(error, spoken())
        case NotFound() | Misread():
            return said(error, spoken())
        case NotAsked(problems=problems):
            from commands.problems import told

            place = LANGUAGES.index(spoken())
            return "; ".join(problem[place] for problem in told(problems))
        case _:
            return failure(error, spoken())


def code_of(error: BaseException) -> int:
    """The exit code of an error."""
    from ledger.errors import Corrupt, Misused, Refused

    match error:
        case Corrupt():
            return CORRUPT
        case Misused() | UnicodeEncodeError():
            return MISUSED
        case Refused():
            return REFUSED
        case _:
            return MISUSED if _is_of_a_wrong_call(error) else UNAVAILABLE


def _is_of_a_wrong_call(error: BaseException) -> bool:
    from cyclopts import CycloptsError

    return isinstance(error, CycloptsError)


def _reason(error: object) -> str:
    """What the system said, and of which file."""
    if not isinstance(error, OSError):
        return str(error)
    return f"{error.strerror or error}: {error.filename or in_words('output')}"
