"""What people see: tables with amounts grouped, bars of what is used, Korean where asked."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from app.cli.foreign import json_text, shortened
from app.cli.terminal import console as console
from app.cli.terminal import print_done as print_done
from app.cli.terminal import print_line as print_line
from app.cli.terminal import print_table as print_table
from app.cli.terminal import stacked, styled
from commands.receipts import Failed, First, Receipt
from commands.words import Language, result, word
from ledger import seoul
from ledger.events import BUCKETS
from ledger.won import won

_AMOUNTS = ("budget", *BUCKETS, "interest", "used", "cap", "headroom")


def print_json(value: object) -> None:
    """A value for programs, on one line."""
    sys.stdout.write(as_line(value))


def print_csv(rows: Sequence[dict[str, Any]]) -> None:
    """Rows for a spreadsheet, under the names of their fields; what is nested is JSON."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet = csv.DictWriter(sys.stdout, names, lineterminator="\r\n")
    sheet.writeheader()
    for row in rows:
        sheet.writerow(
            {
                name: json_text(value) if isinstance(value, dict | list) else value
                for name, value in row.items()
            }
        )


def as_line(value: object) -> str:
    """A value as a line of JSON."""
    return f"{json_text(value)}\n"


def bar(used: int, cap: int, width: int = 10) -> str:
    """How much of a ceiling is used: `███████░░░ 70 %`."""
    share = used / cap if cap else 1.0
    full = min(width, max(0, round(share * width)))
    return f"{'█' * full}{'░' * (width - full)} {share:4.0%}"


def balances_table(
    rows: Sequence[dict[str, Any]],
    keys: Iterable[str],
    language: Language,
    names: dict[str, str] | None = None,
    title: str | None = None,
) -> Table:
    """Rows of balances; columns in which nothing ever was are left out."""
    names = names or {}
    keys = list(keys)
    amounts = [name for name in _AMOUNTS if any(row.get(name) for row in rows)]
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for key in keys:
        table.add_column(word(key, language), no_wrap=True)
    for name in amounts:
        table.add_column(word(name, language), justify="right", no_wrap=True)
    capped = any(row.get("cap") for row in rows)
    if capped:
        table.add_column(word("use", language), no_wrap=True)
    for row in rows:
        cells = [_named(row.get(key), names) for key in keys]
        cells += [_amount(row.get(name)) for name in amounts]
        if capped:
            cells.append(bar(row["used"], row["cap"]) if row.get("cap") else "")
        table.add_row(*cells)
    return table


def _named(value: object, names: dict[str, str]) -> str:
    text = "" if value is None else str(value)
    return f"{text} {names[text]}" if text in names else text


def _amount(value: int | None) -> str:
    return "" if value is None else "·" if value == 0 else won(value)


_MARKS = {
    "recorded": ("✓", "green"),
    "duplicate": ("=", "yellow"),
    "refused": ("✗", "red"),
    "failed": ("✗", "red"),
}


def receipt_line(receipt: Receipt, language: Language, *, dry_run: bool = False) -> Text:
    """A receipt in a line, with its warnings below."""
    status = "would be recorded" if dry_run and receipt.status == "recorded" else receipt.status
    said = f" {receipt.command or '?'}: {word(status, language)}"
    if receipt.refusal is not None:
        said += f" ({receipt.rule}). {receipt.message(language) or ''}"
    else:
        said += f", {_positions(receipt.events, language)}"
        for kind, name in (receipt.made or {}).items():
            said += f", {word(kind, language)} {name}"
    if receipt.first is not None:
        said += f" ({_first(receipt.first, language)})"
    warnings = [styled("  ", ("!", "yellow"), f" {said}") for said in receipt.said(language)]
    return stacked(styled(_MARKS[receipt.status], said), *warnings)


def outcome_line(outcome: Receipt | Failed, language: Language, *, dry_run: bool = False) -> Text:
    """What became of a command of several, in a line."""
    if isinstance(outcome, Receipt):
        return receipt_line(outcome, language, dry_run=dry_run)
    said = f" {outcome.command or '?'}: {word(outcome.status, language)}. {outcome.error}"
    return styled(_MARKS[outcome.status], shortened(said))


def _first(first: First, language: Language) -> str:
    """Who recorded what is a duplicate now, and on which day in Seoul."""
    day = seoul.day_of(seoul.parsed_instant(first.recorded_at))
    return result("on {day} by {actor}", language, day=day, actor=first.actor)


def _positions(events: list[int], language: Language) -> str:
    if len(events) > 1:
        return result("events {first}–{last}", language, first=events[0], last=events[-1])
    return result("event {first}", language, first=events[0] if events else "-")
