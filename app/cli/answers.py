"""Answers for people and for programs: rows, things, histories and raw events, each in its form.

Which question was asked is not looked at: an answer is printed by its shape.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from app.cli.door import Door
from app.cli.printing import (
    balances_table,
    console,
    print_csv,
    print_json,
    print_line,
    print_table,
)
from app.cli.terminal import stacked, styled
from commands.words import Language, field_said, value_said, word
from ledger.errors import Misused
from ledger.seoul import shown_instant
from ledger.won import won
from projections.questions.naming import company_names, programme_names

if TYPE_CHECKING:
    from projections.questions.asks import Question
    from projections.questions.snapshot import Snapshot


def print_answer(question: Question, snapshot: Snapshot, door: Door) -> None:
    """Print the answer to a question, of a snapshot that was turned."""
    if door.output == "csv" and question.shape not in _AS_CSV:
        raise Misused("csv is for lists and balances; this is answered as table or json")
    answer = question.answer(snapshot)
    if _is_empty(question, answer) and door.output == "table" and not door.json:
        print_line(EMPTY[question.empty][door.language])
    else:
        _PRINTED[question.shape](answer, snapshot, door)


def _is_empty(question: Question, answer: Any) -> bool:
    """Whether there are no rows, and none after them."""
    if question.shape == "page":
        return not answer["rows"] and not answer["after"]
    return question.shape == "rows" and not answer


_AS_CSV = ("rows", "page")
"""The shapes that a spreadsheet can hold."""


EMPTY: dict[str, dict[Language, str]] = {
    "no-rows": {"en": "There is none.", "ko": "해당하는 내용이 없습니다."},
    "no-flows": {"en": "No money has moved.", "ko": "자금 이동이 없습니다."},
    "nothing-found": {"en": "Nothing is called so.", "ko": "찾는 내용이 없습니다."},
    "no-change": {"en": "Nothing changed.", "ko": "차이가 없습니다."},
}
"""What is said where an answer has no rows."""


def _print_rows(rows: list[dict[str, Any]], snapshot: Snapshot, door: Door) -> None:
    """Rows of a table; of what changed, the change."""
    if door.json:
        print_json(rows)
        return
    if door.output == "csv":
        print_csv(rows)
        return
    shown = _in_language([_changed(row) for row in rows], snapshot, door)
    if "used" in shown[0]:
        names = _names(shown, snapshot)
        print_table(balances_table(shown, _keys(shown[0]), door.language, names))
    else:
        print_table(_list_table("", shown, door))


def _print_page(page: dict[str, Any], snapshot: Snapshot, door: Door) -> None:
    """A page of a list; below it, how many there are and how it goes on."""
    if door.json:
        print_json(page)
        return
    if door.output == "csv":
        print_csv(page["rows"])
    elif page["rows"]:
        rows = _in_language(page["rows"], snapshot, door)
        print_table(_list_table("", [_by_name(row) for row in rows], door))
    if page["rows"] and page["totals"] and door.output == "table":
        print_line(_totals(page["totals"], door))
    if page["after"]:
        print_line(GOES_ON[page["complete"]][door.language].format(after=page["after"]))
    elif not page["complete"]:
        print_line(MORE[door.language])


GOES_ON: dict[bool, dict[Language, str]] = {
    True: {"en": "There are more: --after {after}", "ko": "다음 쪽: --after {after}"},
    False: {
        "en": "Not everything was looked at yet. Go on with: --after {after}",
        "ko": "아직 전부 찾지 않았습니다. 이어서 찾으려면: --after {after}",
    },
}
"""What is said where a list goes on: after a full page, and after as much as was looked at."""


MORE: dict[Language, str] = {
    "en": "There are more than these: say more of it.",
    "ko": "이보다 많습니다. 더 자세히 적으십시오.",
}
"""What is said where more was found than is told."""


def _print_lists(lists: dict[str, Any], snapshot: Snapshot, door: Door) -> None:
    """Several lists, each with how many there are and their sum; below, what else is told."""
    if door.json:
        print_json(lists)
        return
    for name, told in _in_language(lists, snapshot, door).items():
        title = word(name, door.language)
        if isinstance(told, dict) and "rows" in told:
            count, total = told["count"], won(told["sum"])
            print_line(styled((f"{title}: {count:,}", "bold"), f"  {total}" if count else ""))
            if told["rows"]:
                print_table(_list_table("", [_by_name(row) for row in told["rows"]], door))
        elif told or isinstance(told, int):
            print_line(styled((title, "bold"), f": {_cell(name, told, door.language)}"))


def _by_name(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people: each company by its number and name, what is nested left out."""
    told = {}
    for field, value in row.items():
        if field.removesuffix("_name") in row and field.endswith("_name"):
            continue
        if not isinstance(value, dict):
            name = row.get(f"{field}_name")
            told[field] = f"{value} {name}" if name else value
    return told


def _in_language(told: Any, snapshot: Snapshot, door: Door) -> Any:
    """What is told; in Korean each programme by its Korean name, and its slug before it."""
    if door.language != "ko":
        return told
    names = {slug: korean for slug, (_, korean) in programme_names(snapshot).items()}

    def named(value: Any, field: str = "") -> Any:
        if isinstance(value, dict):
            korean = {key.removesuffix("_ko"): key for key in value if key.endswith("_ko")}
            return {
                key: named(value[korean.get(key, key)], key)
                for key in value
                if not key.endswith("_ko")
            }
        if isinstance(value, list):
            return [named(part, field) for part in value]
        return f"{value} {names[value]}" if field == "programme" and value in names else value

    return named(told)


def _totals(totals: dict[str, int], door: Door) -> str:
    sums = (f"{word(name, door.language)} {won(amount)}" for name, amount in totals.items())
    return "  ".join(sums)


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    change: dict[str, Any] | None = row.get("change")
    if change is None:
        return row
    return {key: value for key, value in row.items() if not isinstance(value, dict)} | change


def _keys(row: dict[str, Any]) -> list[str]:
    return [key for key in _KEYS if key in row]


_KEYS = ("grant", "company", "programme", "year", "case")


def _names(rows: list[dict[str, Any]], snapshot: Snapshot) -> dict[str, str]:
    """What the companies in rows are called at the moment."""
    return company_names(snapshot, {row["company"] for row in rows if row.get("company")})


# ── one thing ────────────────────────────────────────────────────────────────────────────────


def _print_thing(found: dict[str, Any], snapshot: Snapshot, door: Door) -> None:
    """A thing for people: its own fields first, then a table for each list."""
    if door.json:
        print_json(found)
        return
    found = _in_language(found, snapshot, door)
    out = console()
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for name, value in found.items():
        if not isinstance(value, list | dict) and value is not None:
            facts.add_row(
                styled((word(name, door.language), "bold")), _cell(name, value, door.language)
            )
    out.print(facts)
    for name, value in found.items():
        if isinstance(value, dict):
            out.print("", styled((word(name, door.language), "bold")), sep="\n")
            for key, inner in value.items():
                called = field_said(key, door.language)
                out.print(f"  {called}: {_cell(key, inner, door.language)}")
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
        table.add_row(*(_cell(column, row.get(column), door.language) for column in columns))
    return table


_NUMBERS = ("year", "seq", "edition", "entry", "reversed_by")
"""Whole numbers that are no amounts."""


def _cell(name: str, value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(name, part, language) for part in value)
    if isinstance(value, dict):
        return " ".join(
            f"{field_said(key, language)}={_cell(key, part, language)}"
            for key, part in value.items()
            if part is not None
        )
    if name in ("recorded_at", "entry_recorded_at"):
        return shown_instant(value)
    if isinstance(value, int) and name not in _NUMBERS:
        return won(value)
    return value_said(name, str(value), language)


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _print_history(told: Any, snapshot: Snapshot, door: Door) -> None:
    """Events one after another, each with what it moved and the balance after it."""
    with closing(told):
        if door.json:
            print_json(list(told))
            return
        out = console()
        for event in told:
            out.print(_told(event, door))


def _print_log(told: Any, snapshot: Snapshot, door: Door) -> None:
    """Raw events: as lines of JSON for programs, and where nobody reads them on a terminal."""
    as_lines = door.json or not sys.stdout.isatty()
    with closing(told):
        for event in told:
            if as_lines:
                print_json(event)
            else:
                console().print(_head(event, str(event["data"]), door))


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
    head = _head(event, event["subject"], door)
    balance = styled("       ", (f"= {held or 0}", "cyan"))
    return stacked(head, f"       {moved}", balance) if moved else head


def _head(event: dict[str, Any], what: str, door: Door) -> Text:
    """An event's position, day, kind and person, and what it is about."""
    return styled(
        (f"{event['seq']:>6}", "bold"),
        f" {event['effective_on']} {value_said('kind', event['kind'], door.language):<20} ",
        (event["actor"], "dim"),
        f" {what}",
    )


_PRINTED: dict[str, Callable[[Any, Snapshot, Door], None]] = {
    "rows": _print_rows,
    "page": _print_page,
    "lists": _print_lists,
    "thing": _print_thing,
    "history": _print_history,
    "log": _print_log,
}
