"""Recording from the command line: one command, or files of them in batches."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice, tee
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.cli import exits
from app.cli.command_files import Line, lines_of
from app.cli.door import Door
from app.cli.foreign import shown
from app.cli.language import in_words
from app.cli.printing import balances_table, outcome_line, print_json, receipt_line
from app.cli.streams import require_reader, telling
from app.cli.terminal import console, print_line, print_table, styled
from app.diagnosis import diagnosed
from commands.receipts import Failed, Receipt
from commands.words import Language, word
from ledger.errors import Misused

if TYPE_CHECKING:
    from app.application import Application
    from projections.questions.roll_ups import By

BATCH = 1_000
"""Commands that share a transaction, and so one flush to disk."""


def record(raw: dict[str, Any], door: Door, *, of_line: Sequence[str] = (), dry_run: bool) -> int:
    """Record one command, or only answer what would be; print the receipt, give the exit code."""
    require_reader()
    with door.opened() as application:
        raw = application.resolved(raw, of_line)
        if dry_run:
            (receipt,) = application.try_out([raw], "cli")
        else:
            receipt = application.record(raw, "cli")
        with telling(_done(receipt, dry_run=dry_run)):
            if door.json:
                print_json(receipt.as_json(door.language))
            else:
                _show(receipt, door.language, dry_run=dry_run)
                if receipt.status == "recorded" and not dry_run:
                    _tell(application, receipt, door.language)
            sys.stdout.flush()
    return exits.REFUSED if receipt.status == "refused" else exits.DONE


def _done(receipt: Receipt, *, dry_run: bool) -> str:
    """What a receipt says, for those who cannot read it."""
    if dry_run or receipt.status == "refused":
        return in_words("{command} was answered, nothing was recorded", command=receipt.command)
    return in_words(
        "{command} was recorded under the id {id}, event {seq}",
        command=receipt.command,
        id=receipt.id,
        seq=receipt.events[0],
    )


def _tell(application: Application, receipt: Receipt, language: Language) -> None:
    """What was recorded, and under which id, for people."""
    from app.cli.told import told

    for line in told(application, receipt.events[-1], language):
        print_line(f"  {line}")
    print_line(styled("  ", ("id ", "dim"), receipt.id or ""))


def _show(receipt: Receipt, language: Language, *, dry_run: bool) -> None:
    print_line(receipt_line(receipt, language, dry_run=dry_run))
    for by, rows in _balances(receipt):
        print_line("")
        _print_rows(by, rows, language)


def _print_rows(by: By, rows: list[dict[str, Any]], language: Language) -> None:
    from projections.questions.roll_ups import KEYS

    print_table(balances_table(rows, KEYS[by], language, title=word(by, language)))


def _balances(receipt: Receipt) -> Iterator[tuple[By, list[dict[str, Any]]]]:
    """The rows after a dry run, roll-up by roll-up."""
    for by, rows in groupby(receipt.balances or (), key=itemgetter("by")):
        yield by, list(rows)


# ── files of commands ────────────────────────────────────────────────────────────────────────


def run(
    files: list[str],
    door: Door,
    on_refusal: Literal["continue", "stop"],
    *,
    again: str | None = None,
    dry_run: bool = False,
) -> int:
    """Run files of commands, in order, in batches; a receipt a line."""
    require_reader()
    stop = on_refusal == "stop"
    tally = _Tally(door, dry_run=dry_run)
    with lines_of(files, _checked(again)) as lines, door.opened() as application:
        executed = (_foreseen if dry_run else _recorded)(application, lines, stop=stop)
        with closing(executed):
            _tell_all(executed, tally, stop=stop)
    with telling(in_words("every line was executed")):
        sys.stdout.flush()
    tally.sum_up()
    return tally.code


def _tell_all(executed: Executed, tally: _Tally, *, stop: bool) -> None:
    for number, (line, outcome) in enumerate(executed, start=1):
        with telling(tally.so_far(line)):
            tally.tell(line, outcome)
            if number % BATCH == 0:  # before any more is recorded
                sys.stdout.flush()
        if stop and outcome.status in ("refused", "failed"):
            return


def _checked(again: str | None) -> str:
    """What `--again` may be: a text that can be seen."""
    text = (again or "").strip()
    if again is not None and (not text or shown(text) != text):
        raise Misused("--again is a text that can be seen, such as a day")
    return text


Executed: TypeAlias = Generator[tuple[Line, Receipt | Failed], None, None]


def _recorded(application: Application, lines: Iterator[Line], *, stop: bool) -> Executed:
    """The commands and what became of them, once it is durable, batch after batch."""
    while batch := list(islice(lines, BATCH)):
        items = [line.item for line in batch]
        outcomes = application.record_all(items, "cli", stop_on_refusal=stop)
        yield from zip(batch, outcomes, strict=False)


def _foreseen(application: Application, lines: Iterator[Line], *, stop: bool) -> Executed:
    """The commands and what would become of them, each as if those before it were recorded."""
    now, ahead = tee(lines)
    items = (line.item for line in ahead)
    with closing(application.try_out(items, "cli")) as receipts:
        yield from zip(now, receipts, strict=True)


class _Tally:
    """What became of each line: told as it comes, and counted."""

    def __init__(self, door: Door, *, dry_run: bool) -> None:
        self._door, self._dry_run = door, dry_run
        self._as_json = door.json or not sys.stdout.isatty()
        self._counts: Counter[str] = Counter()
        self.code = exits.DONE

    def tell(self, line: Line, outcome: Receipt | Failed) -> None:
        """Print a receipt, or what failed; a failure is explained on standard error too."""
        self._counts[outcome.status] += 1
        if isinstance(outcome, Failed):
            error = diagnosed(self._door.ledger, outcome.error)
            self._ends_with(exits.told(error, f"{line.place}: "))
        elif outcome.status == "refused":
            self._ends_with(exits.REFUSED)
        if self._as_json:
            print_json(outcome.as_json(self._door.language) | {"at": line.place})
        else:
            said = outcome_line(outcome, self._door.language, dry_run=self._dry_run)
            print_line(styled((f"{line.number:>6} ", "dim"), said))

    def so_far(self, line: Line) -> str:
        """What was done with the lines up to one."""
        if self._dry_run:
            return in_words("nothing is recorded")
        return in_words("{place} and all before was executed", place=line.place)

    def _ends_with(self, code: int) -> None:
        self.code = exits.worst((self.code, code))

    def sum_up(self) -> None:
        """On a terminal, say how many lines came to what."""
        if sys.stderr.isatty():
            counts = [
                f"{count:,} {word(status, self._door.language)}"
                for status, count in self._counts.items()
            ]
            said = ", ".join(counts) or in_words("nothing to do")
            console(error=True).print(styled((said, "dim")))
