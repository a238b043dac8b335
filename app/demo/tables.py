"""The tables at the end of the story: narrow ones, made for reading. All amounts are won."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from rich.table import Table

from app.cli.printing import bar
from app.demo.cast import PARTIES
from commands.words import Language, word
from ledger.events import BUCKETS
from ledger.terms import catalogue
from ledger.won import won

Row: TypeAlias = dict[str, Any]

BAR = 6
MUCH = 80
"""Per cent of a ceiling from which on a company is named."""


def programmes(rows: Iterable[Row], years: Sequence[int], language: Language) -> Table:
    """Each programme's budget and what is used of it, year beside year."""
    names = {known.slug: known.name_ko for known in catalogue()}
    held = {(row["programme"], row["year"]): row for row in rows}
    table = _table(word("programme", language))
    for year in years:
        _amounts(table, f"{year} {word('budget', language)}", word("used", language))
        table.add_column("", no_wrap=True)
    for slug in names:
        cells = [cell for year in years for cell in _use(held[slug, year], "budget")]
        table.add_row(names[slug] if language == "ko" else slug, *cells)
    return table


def companies(rows: Iterable[Row], language: Language) -> Table:
    """Who used much of an annual ceiling; a company is named once."""
    names = {party.number: party.name.said(language) for party in PARTIES}
    programmes = {known.slug: known.name_ko for known in catalogue()}
    table = _table(*(word(key, language) for key in ("company", "programme", "year")))
    _amounts(table, word("cap", language), word("used", language))
    table.add_column("", no_wrap=True)
    before = ""
    for row in rows:
        if row["cap"] and row["used"] * 100 >= row["cap"] * MUCH:
            company, slug = row["company"], row["programme"]
            name = "" if company == before else names[company]
            programme = programmes[slug] if language == "ko" else slug
            table.add_row(name, programme, str(row["year"]), *_use(row, "cap"))
            before = company
    return table


def cases(rows: Iterable[Row], lines: Iterable[Row], language: Language) -> Table:
    """The filings: what each used in which year, of a ceiling for its whole life."""
    used: dict[tuple[str, int], int] = defaultdict(int)
    for line in lines:
        used[line["case"], line["year"]] += line["used"]
    years = sorted({year for _, year in used})
    table = _table(word("case", language))
    _amounts(table, *(str(year) for year in years), word("cap", language))
    table.add_column("", no_wrap=True)
    for row in rows:
        table.add_row(
            row["case"],
            *(_won(used[row["case"], year]) for year in years),
            won(row["cap"]),
            bar(row["used"], row["cap"], BAR),
        )
    return table


def moments(columns: dict[str, list[Row]], language: Language) -> Table:
    """Every bucket at several moments, all programmes together; each column is one moment."""
    totals = [_total(rows) for rows in columns.values()]
    table = _table("")
    _amounts(table, *columns)
    for name in (*BUCKETS, "budget"):
        if any(total[name] for total in totals):
            style = "bold" if name == "budget" else None
            cells = [_won(total[name]) for total in totals]
            table.add_row(word(name, language), *cells, style=style)
    return table


def _total(rows: Iterable[Row]) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update({name: row[name] for name in (*BUCKETS, "budget")})
    return total


def _table(*keys: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for key in keys:
        table.add_column(key, overflow="fold")
    return table


def _amounts(table: Table, *headings: str) -> None:
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)


def _use(row: Row, of: str) -> list[str]:
    used = bar(row["used"], row[of], BAR) if row["used"] else ""
    return [won(row[of]), _won(row["used"]), used]


def _won(amount: int) -> str:
    return won(amount) if amount else "·"
