"""Help in Korean: what the library would print in English, its own words too."""

from __future__ import annotations

import re
from typing import Any

from cyclopts.help import DefaultFormatter, HelpEntry, HelpPanel
from rich.console import Console, ConsoleOptions

from app.cli.korean import HELP as OF_THE_COMMAND_LINE
from app.cli.terminal import styled
from commands.words.korean import HELP as OF_THE_LEDGER

_HELP = OF_THE_LEDGER | OF_THE_COMMAND_LINE

_USAGE = {"COMMAND": "명령", "[OPTIONS]": "[옵션]", "[ARGS]": "[값]"}
"""The library's own words in the line on how a call is made."""


class KoreanHelp(DefaultFormatter):
    """The library's help, whose texts are translated before it prints them."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """A panel of calls or of options."""
        title, entries = in_korean(_plain(panel.title)), [_entry(one) for one in panel.entries]
        super().__call__(console, options, panel.copy(title=title, entries=entries))

    def render_usage(self, console: Console, options: ConsoleOptions, usage: Any) -> None:
        """The line on how it is called."""
        told = _plain(usage).strip().removeprefix("Usage: ")
        for english, korean in _USAGE.items():
            told = told.replace(english, korean)
        console.print(styled(f"사용법: {told}"))
        console.print()

    def render_description(
        self, console: Console, options: ConsoleOptions, description: Any
    ) -> None:
        """What the call does."""
        console.print(styled(in_korean(_plain(description))))
        console.print()


def in_korean(english: str) -> str:
    """A text of help in Korean: paragraph by paragraph, with what is noted behind it."""
    return "\n\n".join(map(_paragraph, english.strip().split("\n\n")))


def _paragraph(english: str) -> str:
    text = " ".join(english.split())
    if text.endswith(" [needed]"):
        return f"{_paragraph(text.removesuffix(' [needed]'))} [필수]"
    note = re.fullmatch(r"(.*) \[default: (.*)\]", text)
    if note:
        return f"{_paragraph(note[1])} [기본값: {note[2]}]"
    return _HELP.get(text, text)


def _entry(entry: HelpEntry) -> HelpEntry:
    """A line of a panel; what the library would note behind it in English stands in it."""
    notes = [
        f" [{word}: {', '.join(value) if isinstance(value, tuple) else value}]"
        for word, value in (
            ("가능한 값", entry.choices),
            ("환경 변수", entry.env_var),
            ("기본값", entry.default),
        )
        if value
    ]
    about = in_korean(_plain(entry.description)) + "".join(notes)
    if entry.required:
        about += " [필수]"
    return entry.copy(description=about, choices=None, env_var=None, default=None, required=False)


def _plain(told: Any) -> str:
    """The text of what the library made of a text."""
    return str(getattr(getattr(told, "primary_renderable", told), "plain", told or ""))
