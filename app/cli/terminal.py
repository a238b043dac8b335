"""Where people read: text and tables in which nothing is ever taken for a style or a sign.

Rich's markup and emoji codes are off. A plain text, wherever it is put (a line, a cell, a title),
passes the door for foreign text; a style is given beside a text, never inside it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from app.cli.foreign import shown

PIPED_WIDTH = 160
"""Columns where nobody looks on."""

Part: TypeAlias = str | tuple[str, str] | Text
"""A text, a text and its style, or what was put together before."""


class Terminal(Console):
    """A console that parses nothing, and tells when nobody reads it any more."""

    def render_str(self, text: str, **options: Any) -> Text:
        """A text of whatever origin, as it may be seen: without any of its own styles."""
        style, justify = options.get("style") or "", options.get("justify")
        return Text(shown(text), style=style, justify=justify, overflow=options.get("overflow"))

    def on_broken_pipe(self) -> None:
        """Pass it on: rich would end the program with an exit code of its own."""
        raise


def console(*, error: bool = False) -> Console:
    """Where people read; wide where it is not a terminal."""
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Terminal(file=stream, width=width, highlight=False, markup=False, emoji=False)


def styled(*parts: Part) -> Text:
    """A line put together from parts, each with or without a style."""
    line = Text()
    for part in parts:
        if isinstance(part, Text):
            line.append_text(part)
        else:
            text, style = (part, "") if isinstance(part, str) else part
            line.append(shown(text), style=style or None)
    return line


def stacked(*lines: Part) -> Text:
    """Lines below one another."""
    return Text("\n").join(map(styled, lines))


def print_line(line: Part) -> None:
    """A sentence that the terminal may wrap where it likes."""
    console().print(styled(line), soft_wrap=True)


def print_done(sentence: str) -> None:
    """A sentence on something that was done, or found to be right."""
    print_line(styled(("✓", "green"), " ", sentence))


def print_table(table: Table) -> None:
    """A table whose amounts are never cut short: one too wide for a terminal lies on its side."""
    out = console()
    needed = _width(out, table)
    if needed <= out.width or not out.is_terminal:
        out.width = max(out.width, needed)
        out.print(table, crop=False)
        return
    if table.title:
        out.print(table.title)
    for place, part in enumerate(_on_its_side(out, table)):
        if place:
            out.print()
        out.width = max(out.width, _width(out, part))
        out.print(part, crop=False)


def _width(out: Console, table: Table) -> int:
    return Measurement.get(out, out.options.update(max_width=10_000), table).maximum


def _on_its_side(out: Console, table: Table) -> Iterator[Table]:
    """Its rows as columns, as many beside one another as fit."""
    heads = [_text(column.header) for column in table.columns]
    rows = [
        [_text(cell) for cell in cells]
        for cells in zip(*(column.cells for column in table.columns), strict=True)
    ]
    label = max(head.cell_len for head in heads)
    while rows:
        some: list[list[Text]] = []
        width = label
        while rows:
            width += 2 + max(cell.cell_len for cell in rows[0])
            if some and width > out.width:
                break
            some.append(rows.pop(0))
        yield _turned(heads, some)


def _turned(heads: list[Text], rows: list[list[Text]]) -> Table:
    turned = Table(box=None, show_header=False, pad_edge=False)
    turned.add_column(style="bold", no_wrap=True)
    for _ in rows:
        turned.add_column(justify="right", no_wrap=True)
    for head, *cells in zip(heads, *rows, strict=True):
        if any(cell.plain.strip(" ·") for cell in cells):
            turned.add_row(head, *cells)
    return turned


def _text(cell: object) -> Text:
    return cell if isinstance(cell, Text) else styled(str(cell))
