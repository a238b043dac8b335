"""One bit of a ledger's file is turned: `verify` finds it wherever an answer is another.

`python -m tests.projections.replay.verify.flips 500` turns 500 bits, each in a copy of its own, a
fifth of them in pages of indexes, asks every question of each copy and prints what came of it. It
ends with 1 if `verify` called a copy whole that answers otherwise, or ended in a traceback itself.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sqlite3
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from app.cli import asking, exits, main
from app.cli.door import Door
from ledger.errors import LedgerError
from tests.projections.replay.verify.tampering import told
from tests.steps import HANBIT, MIRINAE, TAEBAEK

Answer = tuple[int, str]
"""An exit code, and what was printed."""

UNFORESEEN = 1


class Question(NamedTuple):
    """A question of the command line, as `app/cli/asking.py` has them."""

    name: str
    said: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()


def _asks(name: str, *said: str, **options: Any) -> Question:
    return Question(name, said, tuple(options.items()))


_COMPANIES = (HANBIT, MIRINAE, TAEBAEK)
_GRANTS = ("G1", "G2")
_PROGRAMMES = ("prototype", "domestic_patent")
_FILTERS: tuple[dict[str, Any], ...] = (
    *({"company": company} for company in _COMPANIES),
    *({"grant": grant} for grant in _GRANTS),
    *({"programme": programme} for programme in _PROGRAMMES),
    {"case": "DP-1"},
    {"year": 2025},
)
_MOMENTS: tuple[dict[str, Any], ...] = ({}, {"as_of": "2025-06-01"}, {"at_seq": 300})
QUESTIONS: tuple[Question, ...] = (
    *(
        _asks("balances", by=by, **moment)
        for by in ("company", "programme", "grant", "case", "line")
        for moment in _MOMENTS
    ),
    *(_asks("balances", by="line", **wanted, **at) for wanted in _FILTERS for at in _MOMENTS),
    *(_asks("show", grant) for grant in _GRANTS),
    *(_asks("show", "company", company) for company in _COMPANIES),
    *(_asks("show", "programme", programme) for programme in _PROGRAMMES),
    *(_asks("show", "claim", claim) for claim in ("C1", "C2", "C3")),
    _asks("replay"),
    *(_asks("replay", **wanted) for wanted in _FILTERS),
    *(
        _asks(f"list_{things}", **at)
        for things in ("grants", "companies", "claims", "payments", "cases", "programmes")
        for at in _MOMENTS
    ),
    *(_asks("list_grants", status=status) for status in ("applied", "approved", "settled")),
    *(_asks("list_claims", status=status) for status in ("undecided", "accepted")),
    *(
        _asks(f"list_{things}", company=company)
        for things in ("grants", "claims", "payments")
        for company in _COMPANIES
    ),
    *(_asks(f"list_{things}", grant="G1") for things in ("claims", "payments")),
    *(_asks("list_grants", programme=programme) for programme in _PROGRAMMES),
)


class Flip(NamedTuple):
    """A bit of a file."""

    byte: int
    bit: int
    in_index: bool


class Outcome(NamedTuple):
    """What came of a turned bit: what `verify` said, and whether questions are answered as ever."""

    flip: Flip
    verified: Answer
    changed: tuple[Question, ...]
    """The questions whose answers are others; those that ended with 4 or 5 are none."""
    stopped: int
    """How many questions ended with 4 or 5."""
    unforeseen: int
    """How many ended in an error that only the door turns into a line and an exit code."""

    @property
    def another(self) -> bool:
        """Whether any question is answered otherwise than before, or not at all."""
        return bool(self.changed or self.stopped or self.unforeseen)

    @property
    def missed(self) -> bool:
        """Whether a copy that answers otherwise is called whole, or `verify` itself breaks down."""
        return self.verified[0] != exits.CORRUPT and (self.verified[0] != 0 or self.another)


def ask(url: str, question: Question) -> Answer:
    """A question, by the door of the command line."""
    door = Door(ledger=url, output="json", lang="en")
    return _caught(
        lambda: getattr(asking, question.name)(*question.said, **dict(question.options), door=door)
    )


def verified(url: str) -> Answer:
    """What `grants verify` says."""
    return _caught(lambda: main(["verify", "--json", "--ledger", url]))


def _caught(call: Callable[[], Any]) -> Answer:
    """The exit code, and what was printed; 1 for an error that nobody foresaw."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = call()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except LedgerError as error:
            return exits.code_of(error), str(error)
        except Exception as error:
            return UNFORESEEN, repr(error)
    printed = err if code else out
    printed.seek(0)
    return code, printed.read()


class Flips:
    """A ledger with a story, and copies of it with a bit turned in each."""

    def __init__(self, folder: Path) -> None:
        self._whole = folder / "whole.db"
        self._copy = folder / "copy.db"
        told(f"sqlite:///{self._whole}")
        with closing(sqlite3.connect(self._whole)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._index_bytes = sorted(set(index_bytes(file, self._whole.read_bytes())))
        self._in_index = frozenset(self._index_bytes)
        self.answers = [ask(f"sqlite:///{self._whole}", question) for question in QUESTIONS]
        assert {code for code, _ in self.answers} == {0}, self.answers

    def chosen(self, many: int, seed: int) -> Iterator[Flip]:
        """Bits, each fifth of them in a page of an index, the others anywhere."""
        dice = random.Random(seed)
        size = self._whole.stat().st_size
        for place in range(many):
            byte = dice.randrange(size) if place % 5 else dice.choice(self._index_bytes)
            yield Flip(byte, dice.randrange(8), byte in self._in_index)

    def outcome(self, flip: Flip, *, always: bool) -> Outcome:
        """What comes of a turned bit; questions are asked where `verify` found nothing."""
        said = verified(self._turned(flip))
        changed, stopped, unforeseen = [], 0, 0
        if always or said[0] == 0:
            url = self._turned(flip)
            for question, before in zip(QUESTIONS, self.answers, strict=True):
                answer = ask(url, question)
                if answer[0] in (exits.CORRUPT, exits.UNAVAILABLE):
                    stopped += 1
                elif answer[0] == UNFORESEEN:
                    unforeseen += 1
                elif answer != before:
                    changed.append(question)
        return Outcome(flip, said, tuple(changed), stopped, unforeseen)

    def _turned(self, flip: Flip) -> str:
        """A fresh copy with a bit turned."""
        for ending in ("-wal", "-shm"):
            Path(f"{self._copy}{ending}").unlink(missing_ok=True)
        shutil.copy(self._whole, self._copy)
        with self._copy.open("r+b") as file:
            file.seek(flip.byte)
            (value,) = file.read(1)
            file.seek(flip.byte)
            file.write(bytes([value ^ 1 << flip.bit]))
        return f"sqlite:///{self._copy}"


def index_bytes(file: sqlite3.Connection, content: bytes) -> Iterator[int]:
    """The places of all bytes in pages of the indexes that have names of ours."""
    (size,) = file.execute("PRAGMA page_size").fetchone()
    roots = file.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'").fetchall()
    for (root,) in roots:
        for page in _pages(content, size, root):
            yield from range((page - 1) * size, page * size)


def _pages(content: bytes, size: int, root: int) -> Iterator[int]:
    """The pages of an index's tree (sqlite.org/fileformat2.html, section 1.6)."""
    yield root
    page = content[(root - 1) * size : root * size]
    kind, _, cells, _, _, rightmost = struct.unpack(">BHHHBI", page[:12])
    if kind != _INTERIOR_OF_INDEX:
        return
    for (place,) in struct.iter_unpack(">H", page[12 : 12 + 2 * cells]):
        yield from _pages(content, size, struct.unpack_from(">I", page, place)[0])
    yield from _pages(content, size, rightmost)


_INTERIOR_OF_INDEX = 2


def told_in_figures(outcomes: Sequence[Outcome]) -> str:
    """What came of all the turned bits."""
    lines = [f"{'':24}{'bits':>6}{'found':>7}{'answer is another':>19}{'of these missed':>17}"]
    for name, some in (
        ("elsewhere", [one for one in outcomes if not one.flip.in_index]),
        ("in pages of indexes", [one for one in outcomes if one.flip.in_index]),
        ("all", outcomes),
    ):
        found = sum(one.verified[0] == 4 for one in some)
        other = sum(one.another for one in some)
        missed = sum(one.missed for one in some)
        lines.append(f"{name:24}{len(some):6}{found:7}{other:19}{missed:17}")
    silent = sum(bool(one.changed) for one in outcomes)
    lines.append(f"answered otherwise without a word, were it not for verify: {silent}")
    unforeseen = sum(bool(one.unforeseen) for one in outcomes)
    lines.append(f"with a question that ended in an error that nobody foresaw: {unforeseen}")
    codes = Counter(one.verified[0] for one in outcomes)
    lines.append(f"exit codes of verify: {dict(sorted(codes.items()))}")
    return "\n".join(lines)


def run(many: int, seed: int) -> int:
    """Turn so many bits, print what came of it; 1 if any was missed."""
    os.environ["LC_ALL"] = "C.UTF-8"
    with TemporaryDirectory() as folder:
        flips = Flips(Path(folder))
        outcomes = []
        for flip in flips.chosen(many, seed):
            outcomes.append(flips.outcome(flip, always=True))
            if outcomes[-1].missed:
                print(outcomes[-1], flush=True)
    print(told_in_figures(outcomes))
    return int(any(one.missed for one in outcomes))


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10))
