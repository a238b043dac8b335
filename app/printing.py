"""What people see: tables with amounts grouped, bars of what is used, Korean where asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from commands.receipts import Receipt
from ledger.events import BUCKETS
from ledger.won import won
from ledger.wording import KOREAN_WORDS, Language

if TYPE_CHECKING:
    from projections.asof import By

KOREAN = KOREAN_WORDS | {
    "company": "기업",
    "programme": "사업",
    "year": "연도",
    "grant": "과제",
    "case": "건",
    "budget": "예산",
    "used": "한도 사용액",
    "cap": "한도",
    "headroom": "한도 잔액",
    "use": "사용률",
    "seq": "기록",
    "kind": "종류",
    "effective_on": "날짜",
    "actor": "처리자",
    "moved": "이동",
    "outside": "외부",
    "recorded": "기록됨",
    "duplicate": "이미 기록됨",
    "refused": "처리 불가",
    "would be recorded": "기록 가능",
}
_AMOUNTS = ("budget", *BUCKETS, "interest", "used", "cap", "headroom")
_PIPED_WIDTH = 160


def console(*, error: bool = False) -> Console:
    """Where people read; wide where it is not a terminal."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False)


def print_table(table: Table) -> None:
    """A table in its full width: an amount is never cut short, a narrow terminal wraps lines."""
    out = console()
    needed = Measurement.get(out, out.options.update(max_width=10_000), table).maximum
    out.width = max(out.width, needed)
    out.print(table, crop=False)


def print_line(text: str) -> None:
    """A sentence that the terminal may wrap where it likes."""
    console().print(text, soft_wrap=True)


def word(name: str, language: Language) -> str:
    """A column, bucket or status as people call it."""
    return KOREAN.get(name, name) if language == "ko" else name.replace("_", " ")


def print_json(value: object) -> None:
    """A value for programs, on one line."""
    sys.stdout.write(as_line(value))


def as_line(value: object) -> str:
    """A value as a line of JSON."""
    return json.dumps(value, ensure_ascii=False) + "\n"


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
        cells = [escape(_named(row.get(key), names)) for key in keys]
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


def receipt_line(receipt: Receipt, language: Language, *, dry_run: bool = False) -> str:
    """A receipt in a line, with its warnings below."""
    status = "would be recorded" if dry_run and receipt.status == "recorded" else receipt.status
    mark = {"recorded": "[green]✓[/]", "duplicate": "[yellow]=[/]", "refused": "[red]✗[/]"}
    text = f"{mark[receipt.status]} {receipt.command or '?'}: {word(status, language)}"
    if receipt.refusal is not None:
        text += f" ({receipt.rule}). {escape(receipt.message(language) or '')}"
    else:
        text += f", {_positions(receipt.events, language)}"
        if receipt.made:
            text += "".join(
                f", {word(kind, language)} {escape(name)}" for kind, name in receipt.made.items()
            )
    for warning in receipt.said(language):
        text += f"\n  [yellow]![/] {escape(warning)}"
    return text


def _positions(events: list[int], language: Language) -> str:
    label = "기록" if language == "ko" else "event" if len(events) == 1 else "events"
    if len(events) <= 1:
        return f"{label} {events[0] if events else '-'}"
    return f"{label} {events[0]}–{events[-1]}"


def print_rows(
    rows: list[dict[str, Any]], by: By, language: Language, names: dict[str, str]
) -> None:
    """A roll-up for people."""
    from projections.asof import KEYS

    if not rows:
        console().print("자금 이동이 없습니다." if language == "ko" else "No money has moved.")
        return
    print_table(balances_table(rows, KEYS[by], language, names))
