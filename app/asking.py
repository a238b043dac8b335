"""Questions from the command line: asked of one snapshot, answered as tables or JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from app import exits
from app.options import day
from app.printing import balances_table, console, print_json, print_rows, print_table, word
from app.settings import Door
from app.terminal import stacked, styled
from ledger import log, reading, seoul
from ledger.envelope import as_json
from ledger.errors import Misused, NotFound
from ledger.events import KINDS
from ledger.won import won
from projections.questions import asof, histories, sights

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def _snapshot(door: Door) -> Iterator[Connection]:
    with door.opened() as engine, log.reading(engine) as connection:
        yield connection


def _today() -> str:
    return seoul.day_of(log.now())


def _names(
    connection: Connection, rows: list[dict[str, Any]], at: asof.Moment, door: Door
) -> dict[str, str]:
    """What the companies and programmes in rows are called at a moment."""
    programmes = {
        slug: korean if door.language == "ko" else ""
        for slug, (_, korean) in sights.names(connection).items()
    }
    numbers = {row["company"] for row in rows if row.get("company")}
    companies = sights.company_names(connection, numbers, at, _today())
    return {key: name for key, name in (programmes | companies).items() if name}


def balances(
    door: Door,
    by: asof.By,
    filters: asof.Filter,
    as_of: str | None,
    at_seq: int | None,
    known_at: str | None,
) -> int:
    """Print the rows of a roll-up."""
    with _snapshot(door) as connection:
        at = asof.moment(connection, as_of=day("--as-of", as_of), at_seq=at_seq, known_at=known_at)
        rows = asof.balances(connection, by, filters, at, _today())
        if door.json:
            print_json(rows)
        else:
            print_rows(rows, by, door.language, _names(connection, rows, at, door))
    return exits.DONE


def show(
    door: Door,
    what: str,
    name: str | None,
    as_of: str | None,
    at_seq: int | None,
    known_at: str | None,
) -> int:
    """Print one thing, whole."""
    with _snapshot(door) as connection:
        at = asof.moment(connection, as_of=day("--as-of", as_of), at_seq=at_seq, known_at=known_at)
        if name is None:
            found = sights.grant(connection, what, at, _today())
        elif what == "company":
            found = sights.company(connection, name, at, _today())
        elif what == "programme":
            found = sights.programme(connection, name, at, _today())
        elif what == "claim":
            found = sights.claim(connection, name, at)
        else:
            raise Misused(f"show company, programme or claim, not {what}; or a grant by its id")
        if door.json:
            print_json(found)
        else:
            _print_thing(found, door)
    return exits.DONE


def _print_thing(found: dict[str, Any], door: Door) -> None:
    """A thing for people: its own fields first, then a table for each list."""
    out = console()
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in found.items():
        if not isinstance(value, list | dict) and value is not None:
            facts.add_row(styled((word(name, door.language), "bold")), _cell(name, value))
    out.print(facts)
    for name, value in found.items():
        if isinstance(value, dict):
            out.print("", styled((word(name, door.language), "bold")), sep="\n")
            for key, inner in value.items():
                out.print(f"  {key}: {_cell(key, inner)}")
        elif isinstance(value, list) and value:
            out.print()
            print_table(_list_table(name, value, door))


def _list_table(name: str, rows: list[Any], door: Door) -> Table:
    title = word(name, door.language)
    if not isinstance(rows[0], dict):
        table = Table(box=None, pad_edge=False, title=title, title_justify="left")
        for row in rows:
            table.add_row(str(row))
        return table
    flat = [
        {key: value for key, value in row.items() if key != "balance"} | (row.get("balance") or {})
        for row in rows
    ]
    if name in ("balances", "lines") and "used" in flat[0] and "asked" not in flat[0]:
        keys = [key for key in ("grant", "company", "programme", "year", "case") if key in flat[0]]
        return balances_table(flat, keys, door.language, title=title)
    columns = [
        key
        for key in dict.fromkeys(key for row in flat for key in row)
        if any(row.get(key) not in (None, "", 0) for row in flat)
    ]
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", header_style="bold")
    for column in columns:
        numbers = any(isinstance(row.get(column), int) for row in flat)
        table.add_column(word(column, door.language), justify="right" if numbers else "left")
    for row in flat:
        table.add_row(*(_cell(column, row.get(column)) for column in columns))
    return table


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(name, part) for part in value)
    if isinstance(value, dict):
        return " ".join(
            f"{key}={_cell(key, part)}" for key, part in value.items() if part is not None
        )
    if isinstance(value, int) and name not in ("year", "seq", "edition"):
        return won(value)
    return str(value)


def replay(
    door: Door,
    filters: asof.Filter,
    days: tuple[str | None, str | None],
    positions: tuple[int | None, int | None],
) -> int:
    """Print the events that a filter concerns, each with the balance after it."""
    first, last = (
        _day_or_hint(option, text) for option, text in zip(("--from", "--to"), days, strict=True)
    )
    span = histories.Span(*positions, first, last)
    with (
        _snapshot(door) as connection,
        closing(histories.replay(connection, filters, span)) as told,
    ):
        if door.json:
            print_json(list(told))
            return exits.DONE
        out = console()
        for event in told:
            out.print(_told(event, door))
    return exits.DONE


def _day_or_hint(option: str, text: str | None) -> str | None:
    if text is not None and text.strip().isdecimal():
        raise Misused(
            f"{option} {text}: a day is written YYYY-MM-DD; a position is given by {option}-seq"
        )
    return day(option, text)


def _told(event: dict[str, Any], door: Door) -> Text:
    moved = ", ".join(
        f"{word(flow['source'], door.language)} → {word(flow['target'], door.language)} "
        f"{won(flow['won'])}"
        for flow in event["moved"]
    )
    held = "  ".join(
        f"{word(name, door.language)} {won(amount)}"
        for name, amount in event["balance"].items()
        if amount and name != "budget"
    )
    head = _head(event, event["subject"])
    balance = styled("       ", (f"= {held or 0}", "cyan"))
    return stacked(head, f"       {moved}", balance) if moved else head


def _head(event: dict[str, Any], what: str) -> Text:
    """An event's position, day, kind and person, and what it is about."""
    return styled(
        (f"{event['seq']:>6}", "bold"),
        f" {event['effective_on']} {event['kind']:<20} ",
        (event["actor"], "dim"),
        f" {what}",
    )


def events(door: Door, kind: str | None, after: int, limit: int | None) -> int:
    """Print raw events."""
    if kind is not None and kind not in KINDS:
        raise NotFound("no-such-kind", named=kind, known=", ".join(KINDS))
    as_lines = door.json or not sys.stdout.isatty()
    wanted = reading.Wanted(after=after, kind=kind, limit=limit)
    with _snapshot(door) as connection, closing(reading.read(connection, wanted)) as found:
        for envelope, leaf in found:
            event = as_json(envelope, leaf)
            if as_lines:
                print_json(event)
            else:
                console().print(_head(event, str(event["data"])))
    return exits.DONE


def diff(door: Door, by: asof.By, filters: asof.Filter, pair: list[Any], *, days: bool) -> int:
    """Print what changed between two moments."""
    with _snapshot(door) as connection:
        before, after = (
            asof.moment(connection, as_of=day("--as-of", moment))
            if days
            else asof.moment(connection, at_seq=moment)
            for moment in pair
        )
        rows = histories.diff(connection, by, filters, before, after, _today())
        if door.json:
            print_json(rows)
            return exits.DONE
        keys = asof.KEYS[by]
        changes = [{key: row[key] for key in keys} | row["change"] for row in rows]
        if changes:
            names = _names(connection, changes, after, door)
            print_table(balances_table(changes, keys, door.language, names))
        else:
            console().print("차이가 없습니다." if door.language == "ko" else "Nothing changed.")
    return exits.DONE
