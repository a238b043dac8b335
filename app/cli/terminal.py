"""Where people read: text and tables in which nothing is ever taken for a style or a sign.

Rich's markup and emoji codes are off. A plain text, wherever it is put (a line, a cell, a title),
passes the door for foreign text; a style is given beside a text, never inside it.
"""

from __future__ import annotations

import sys
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
    """A table in its full width: an amount is never cut short, a narrow terminal wraps lines."""
    out = console()
    needed = Measurement.get(out, out.options.update(max_width=10_000), table).maximum
    out.width = max(out.width, needed)
    out.print(table, crop=False)
