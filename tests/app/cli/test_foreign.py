"""Foreign text on its way to a terminal: shown as it is, or by its code; never obeyed."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from app.cli.foreign import json_text, shortened, shown
from app.cli.terminal import console, print_line, stacked, styled


@pytest.mark.parametrize(
    "text",
    [
        "2026:A:01",
        "KB:100:7",
        "[/]",
        "[bold]x[/bold] [link=https://x]",
        "a trailing backslash \\",
        "\\[x] \\\\",
        "시제품\u3000제작 ½ ① é",
        "👩‍🔬 ❤️ 👍🏽",
        "",
    ],
)
def test_what_can_be_seen_stands_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(text) == text
    print_line(text)
    assert capsys.readouterr().out == f"{text}\n"
    assert json.loads(json_text(text)) == text


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("\x1b[2J", "<U+001B>[2J"),
        ("a\rb\nc\td", "a<U+000D>b<U+000A>c<U+0009>d"),
        ("\x00\x07\x08\x7f", "<U+0000><U+0007><U+0008><U+007F>"),
        ("\x9b31m\x85", "<U+009B>31m<U+0085>"),
        ("\u202eabc\u2066\u200f\u061c", "<U+202E>abc<U+2066><U+200F><U+061C>"),
        ("kim\u200b\ufeff\u00ad\u2060", "kim<U+200B><U+FEFF><U+00AD><U+2060>"),
        ("\u3164\u115f\uffa0\u2800", "<U+3164><U+115F><U+FFA0><U+2800>"),
        ("\u2028\u2029", "<U+2028><U+2029>"),
        ("\udcff\ud800", "<U+DCFF><U+D800>"),
        ("\U000e0041", "<U+E0041>"),
        ("kim\u200d\ufe0f", "kim<U+200D><U+FE0F>"),
        ("\u200d", "<U+200D>"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_code(text: str, as_shown: str) -> None:
    assert shown(text) == as_shown
    assert json.loads(json_text(text)) == text
    assert json_text(text).isprintable()


def test_no_character_below_256_reaches_a_terminal_unseen() -> None:
    for code in range(256):
        for written in (shown(chr(code)), json_text(chr(code))):
            assert all(unicodedata.category(character)[0] != "C" for character in written)


def test_json_with_line_breaks_of_its_own_keeps_them() -> None:
    value = {"a": ["\u202e\n", 1]}
    text = json_text(value, indent=2)
    assert json.loads(text) == value
    assert "\\u202e\\n" in text
    assert text.count("\n") == 5


def test_a_plain_text_is_neutral_wherever_it_is_put(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.table import Table

    evil = "[red]:heart:\x1b[31m\u202e[/]\n\\"
    harmless = "[red]:heart:<U+001B>[31m<U+202E>[/]<U+000A>\\"
    table = Table(title=evil)
    table.add_column(evil, footer=evil)
    table.add_row(evil)
    for what in (evil, styled((evil, "bold")), stacked(evil, evil), table, Rule(evil)):
        console().print(what)
        printed = capsys.readouterr().out
        assert harmless in printed, what
        assert not re.search("[\x1b\u202e]", printed)
    console().print(Padding(evil, 1))
    assert harmless in capsys.readouterr().out


def test_a_long_text_is_shortened_and_says_how_long_it_was() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd" * 1_000, 3) == "abc… (4,000 characters)"
