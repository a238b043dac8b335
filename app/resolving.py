"""What people leave out or call by its name, filled in before a command is read.

Only where exactly one thing is meant: a company by its name, and the company, year and case of a
line where its grant has one that fits. A retry under an id that is recorded already is filled from
what was recorded, so that it stays a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ledger import log
from ledger.database.engine import Engine
from ledger.database.failures import speaking_plainly
from ledger.errors import Misused, Unfit
from ledger.names import business_number, id_key
from projections.facts.companies import Company, NameFrom
from projections.facts.grants import Grant, Line
from projections.facts.receipts import Recorded
from projections.storage.stored_rows import StoredRows

_COMPANIES = ("company", "lead", "business_number")
"""The fields that name a company."""

_LINE = ("company", "year", "case")
"""The fields that name a line of a grant, any of which may be left out where one fits."""


def resolved(engine: Engine, fields: dict[str, Any], of_line: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a command with companies by number; of a line, with what was left out.

    `of_line` are those of `company`, `year` and `case` that the command takes. `Misused` where a
    name means nobody, or several things could be meant: it names them.
    """
    parts = [name for name in _LINE if name in set(of_line) and name not in fields]
    if not parts and not any(map(_is_name, _named(fields))):
        return fields
    with speaking_plainly(), engine.driver() as driver:
        rows = StoredRows(driver)
        found = _by_number(rows, fields)
        if parts and "grant" in found:
            recorded = _recorded(rows, found)
            found = _of_recorded(recorded, parts, found) if recorded else _of_grant(rows, found)
    return found


# ── companies ────────────────────────────────────────────────────────────────────────────────


def _named(fields: dict[str, Any]) -> Iterable[object]:
    yield from (fields.get(name) for name in _COMPANIES)
    partners = fields.get("partners")
    yield from partners if isinstance(partners, list) else ()
    for lines in ("lines", "recover"):
        for line in fields.get(lines) or ():
            if isinstance(line, dict):
                yield line.get("company")


def _is_name(said: object) -> bool:
    """Whether a company is called by something that is no number."""
    if not isinstance(said, str) or not said.strip():
        return False
    try:
        business_number(said)
    except Unfit:
        return True
    return False


def _by_number(rows: StoredRows, fields: dict[str, Any]) -> dict[str, Any]:
    found = {
        name: _number(rows, value) if name in _COMPANIES else value
        for name, value in fields.items()
    }
    if isinstance(found.get("partners"), list):
        found["partners"] = [_number(rows, one) for one in found["partners"]]
    for lines in ("lines", "recover"):
        if isinstance(found.get(lines), list):
            found[lines] = [
                line | {"company": _number(rows, line["company"])}
                if isinstance(line, dict) and "company" in line
                else line
                for line in found[lines]
            ]
    return found


def _number(rows: StoredRows, said: Any) -> Any:
    """The number of the one company that has, or had, a name; or a part of its name."""
    if not _is_name(said):
        return said
    key = id_key(said)
    names = {(row.business_number, row.name) for row in rows.where(Company)}
    names |= {(row.business_number, row.name) for row in rows.where(NameFrom)}
    exactly = {number for number, name in names if name and id_key(name) == key}
    meant = exactly or {number for number, name in names if name and key in id_key(name)}
    if not meant:
        raise Misused(
            "there is no company called {said}: name it by its business number", said=said
        )
    if len(meant) > 1:
        called = {number: name for number, name in sorted(names) if number in meant}
        several = ", ".join(f"{name} ({number})" for number, name in called.items())
        raise Misused(
            "{said} may mean {several}: name one by its business number", said=said, several=several
        )
    return meant.pop()


# ── lines ────────────────────────────────────────────────────────────────────────────────────


def _recorded(rows: StoredRows, fields: dict[str, Any]) -> Any:
    """The event that was recorded under the command's id, or None."""
    command_id = fields.get("id")
    found = rows.get(Recorded, command_id) if isinstance(command_id, str) else None
    entry = log.read_entry(rows.driver, found.first) if found else None
    return entry.event if entry else None


def _of_recorded(event: Any, parts: Sequence[str], fields: dict[str, Any]) -> dict[str, Any]:
    values = {name: getattr(event, name, None) for name in parts}
    return fields | {name: value for name, value in values.items() if value is not None}


def _of_grant(rows: StoredRows, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of the one line of the grant that agrees with what was said."""
    grant = rows.get(Grant, id_key(str(fields["grant"])))
    if grant is None:
        return fields  # the command says so
    said = {name: fields[name] for name in _LINE if name in fields}
    lines = [
        line
        for line in rows.group(Line, grant.grant).values()
        if all(_agrees(line, name, value) for name, value in said.items())
    ]
    if len(lines) > 1:
        several = "; ".join(_told(line) for line in lines)
        raise Misused(
            "{grant} has several lines that fit, say which: {several}",
            grant=grant.grant,
            several=several,
        )
    if not lines:
        return fields
    (line,) = lines
    values = {name: getattr(line, name) for name in _LINE}
    return fields | {name: value for name, value in values.items() if value}


def _agrees(line: Line, name: str, value: object) -> bool:
    own = getattr(line, name)
    if name == "company":
        return isinstance(value, str) and business_number(value) == own
    return bool(own == value) if name == "year" else id_key(str(value)) == id_key(str(own))


def _told(line: Line) -> str:
    case = f" --case {line.case}" if line.case else ""
    return f"--company {line.company} --year {line.year}{case}"
