"""Recording from the command line: one command, or files of them in batches."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from app import exits
from app.printing import (
    balances_table,
    console,
    print_json,
    print_line,
    print_table,
    receipt_line,
    word,
)
from app.settings import Door
from commands import execute
from commands.parse import Invalid, decoded
from commands.receipts import Receipt
from ledger.errors import Misused
from ledger.wording import Language

if TYPE_CHECKING:
    from projections.asof import By

BATCH = 1_000
"""Commands that share a transaction, and so one flush to disk."""


def record(raw: dict[str, Any], door: Door, *, dry_run: bool) -> int:
    """Record one command, or only answer what would be; print the receipt, give the exit code."""
    with door.opened() as engine:
        receipt = (execute.dry_run if dry_run else execute.execute)(engine, raw, via="cli")
    if door.json:
        print_json(receipt.as_json(door.language))
    else:
        print_line(receipt_line(receipt, door.language, dry_run=dry_run))
        for by, rows in _balances(receipt):
            print_line("")
            _print_rows(by, rows, door.language)
    return exits.REFUSED if receipt.status == "refused" else exits.DONE


def _print_rows(by: By, rows: list[dict[str, Any]], language: Language) -> None:
    from projections.asof import KEYS

    print_table(balances_table(rows, KEYS[by], language, title=word(by, language)))


def _balances(receipt: Receipt) -> Iterator[tuple[By, list[dict[str, Any]]]]:
    """The rows after a dry run, roll-up by roll-up."""
    for by, rows in groupby(receipt.balances or (), key=itemgetter("by")):
        yield by, list(rows)


# ── files of commands ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Numbered:
    """A command's line in a file."""

    file: str
    number: int
    raw: object


def run(files: list[str], door: Door, on_refusal: Literal["continue", "stop"]) -> int:
    """Run files of commands, in order, in batches; a receipt a line."""
    counts = {"recorded": 0, "duplicate": 0, "refused": 0}
    as_json = door.json or not sys.stdout.isatty()
    stop = on_refusal == "stop"
    with tempfile.TemporaryDirectory() as folder:
        sources = [_source(name, Path(folder)) for name in files]
        lines = _all_commands(sources, [_checked(name, path) for name, path in sources])
        with door.opened() as engine:
            while batch := list(islice(lines, BATCH)):
                raws = [line.raw for line in batch]
                receipts = execute.execute_all(engine, raws, via="cli", stop_on_refusal=stop)
                for line, receipt in zip(batch, receipts, strict=False):
                    counts[receipt.status] += 1
                    _print(line, receipt, door.language, as_json=as_json)
                if stop and counts["refused"]:
                    break
    _summary(counts)
    return exits.REFUSED if counts["refused"] else exits.DONE


def _all_commands(sources: list[tuple[str, Path]], identities: list[str]) -> Iterator[Numbered]:
    for (name, path), identity in zip(sources, identities, strict=True):
        yield from _commands(name, path, identity)


def _source(name: str, folder: Path) -> tuple[str, Path]:
    """A file by name; standard input is kept in a file first, since it is read twice."""
    if name == "-":
        kept = folder / "standard-input"
        with kept.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return "standard input", kept
    path = Path(name)
    if not path.is_file():
        raise Misused(f"there is no file {name}")
    return name, path


def _checked(name: str, path: Path) -> str:
    """What identifies a file's content; `Misused` if it was cut off in the middle of a line."""
    digest, number, last = hashlib.sha256(), 0, b""
    try:
        with path.open("rb") as file:
            for last in file:
                digest.update(last)
                number += 1
    except OSError as error:
        raise Misused(f"{name} cannot be read: {error.strerror}") from None
    if last and not last.endswith(b"\n") and isinstance(_decoded(last), Invalid):
        raise Misused(
            f"{name} is cut off in the middle of line {number}; nothing of it was recorded"
        )
    return digest.hexdigest()[:32]


def _commands(name: str, path: Path, identity: str) -> Iterator[Numbered]:
    with path.open("rb") as file:
        for number, line in enumerate(_without_mark(file), start=1):
            if line.strip():
                raw = _decoded(line)
                if isinstance(raw, dict) and "id" not in raw:
                    raw["id"] = f"{identity}:{number}"
                yield Numbered(name, number, raw)


def _without_mark(file: IO[bytes]) -> Iterator[bytes]:
    """The lines, the first without the byte order mark that some editors leave."""
    for number, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line


def _decoded(line: bytes) -> object:
    try:
        return decoded(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Invalid(f"not UTF-8: {error.reason}", f"UTF-8이 아닙니다: {error.reason}")
    except Invalid as invalid:
        return invalid


def _print(line: Numbered, receipt: Receipt, language: Language, *, as_json: bool) -> None:
    if as_json:
        print_json(receipt.as_json(language) | {"at": f"{line.file}:{line.number}"})
    else:
        said = receipt_line(receipt, language)
        print_line(f"[dim]{line.number:>6}[/] {said}")


def _summary(counts: dict[str, int]) -> None:
    if sys.stderr.isatty():
        said = ", ".join(f"{count:,} {status}" for status, count in counts.items() if count)
        console(error=True).print(f"[dim]{said or 'nothing to do'}[/]")
