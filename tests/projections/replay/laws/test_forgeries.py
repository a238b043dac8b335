"""Whatever is forged in an event breaks a law, or could truly have been recorded.

Each field of each kind of event is changed in several ways, the rest of the history left as it
is. Either a law names what is wrong, in that event or in a later one that rests on it; or the
command that would have recorded the event, asked of the same books, records exactly that.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from commands.parse import parsed
from ledger.envelope import Entry
from ledger.errors import Corrupt, Refused
from ledger.events import BUCKETS, KINDS
from ledger.seoul import first_day, last_day, year_of
from tests.projections.replay.laws.asked import COMMANDS, asked_for
from tests.projections.replay.laws.history import History, forged, hold, today_of, told, up_to

STRANGER = "123-45-67891"
Path = tuple[str | int, ...]
Fields = dict[str, Any]


@cache
def history() -> tuple[Entry, ...]:
    return tuple(told())


def test_the_history_keeps_every_law_and_has_every_kind() -> None:
    hold(history())
    assert {entry.kind for entry in history()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forged_in_an_event_is_found_or_could_be_true(kind: str) -> None:
    found = 0
    for entry in _specimens(kind):
        before = up_to(history()[: _of_command(entry)[0].seq - 1])
        for path, value in _forgeries(entry):
            found += _is_found(entry, path, value, before)
    assert found > 5, f"hardly anything forged in {kind} is found"


def _specimens(kind: str) -> list[Entry]:
    """The last event of a kind, and one with as much in it as any."""
    of_kind = [entry for entry in history() if entry.kind == kind]
    fullest = max(of_kind, key=lambda entry: len(entry.envelope()))
    return list({entry.seq: entry for entry in (fullest, of_kind[-1])}.values())


def _is_found(entry: Entry, path: Path, value: object, before: Callable[[], History]) -> bool:
    """Whether a law is broken; fails where none is though no command could have recorded it."""
    try:
        entries = _with(entry, path, value)
        hold(entries, before())
    except Corrupt:
        return True
    command = [one for one in entries if one.command_id == entries[entry.seq - 1].command_id]
    assert _could_be_true(command, before()), f"event {entry.seq} {path}: {value!r} is not found"
    return False


def _with(entry: Entry, path: Path, value: object) -> list[Entry]:
    """The history with one field of an event forged; around events, in all of their command."""
    entries = list(history())
    ours = [entry] if path[0] == "data" else _of_command(entry)
    for one in ours:
        fields = json.loads(one.envelope())
        _put(fields, path, value)
        entries[one.seq - 1] = forged(fields)
    return entries


def _of_command(entry: Entry) -> list[Entry]:
    return [one for one in history() if one.command_id == entry.command_id]


def _could_be_true(command: list[Entry], before: History) -> bool:
    if command[0].actor == "catalogue":
        return True  # another catalogue; what it says is held against nothing
    try:
        events = before.decided(parsed(asked_for(command)), today_of(command[0]))
    except Refused:
        return False
    return events == [entry.event for entry in command]


# ── forging ──────────────────────────────────────────────────────────────────────────────────

AROUND = ("effective_on", "actor", "via", "command_id")


def _forgeries(entry: Entry) -> Iterator[tuple[Path, object]]:
    fields = json.loads(entry.envelope())
    for name in AROUND:
        yield from (((name,), value) for value in _others(name, fields[name], entry))
    yield from _inside(("data",), fields["data"], entry)
    for name in ("case", "supplier", "bank_ref", "interest_back", "released_to"):
        if name in fields["data"]:
            yield ("data", name), None


def _inside(path: Path, value: Any, entry: Entry) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _inside((*path, name), part, entry)
    elif isinstance(value, list):
        yield path, []
        yield path, value[:-1]
        yield path, [*value, *value[-1:]]
        yield path, value[::-1]
        for place, part in list(enumerate(value))[:2]:
            yield from _inside((*path, place), part, entry)
    else:
        name = next(str(step) for step in reversed(path) if isinstance(step, str))
        yield from ((path, other) for other in _others(name, value, entry))


def _others(name: str, value: Any, entry: Entry) -> Iterator[object]:
    if isinstance(value, int):
        yield from {value + 1, value - 1, 0, value * 1000 + 7, -value} - {value}
    elif name in ("source", "target", "bucket", "released_to"):
        yield from (bucket for bucket in BUCKETS if bucket != value)
    elif name in ("effective_on", "counts_on", "until", "incurred_on"):
        year = year_of(value)
        days = {"2001-01-01", "9999-12-31", first_day(year), last_day(year), first_day(year + 1)}
        yield from days - {value}
    elif name in ("company", "business_number", "lead", "partners"):
        known = {one.event.business_number for one in history() if one.kind == "company-registered"}
        yield from [*sorted(known - {value})[:3], STRANGER]
    else:
        yield f"{value}x"
        yield ""
        yield from _elsewhere(name, value)


def _elsewhere(name: str, value: str) -> list[str]:
    """What stands in fields of this name in the rest of the history: a few, far apart."""
    texts = sorted(_texts()[name] - {value})
    return texts[:: max(1, len(texts) // 4)][:5]


@cache
def _texts() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def look(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for inner, part in value.items():
                look(part, inner)
        elif isinstance(value, list):
            for part in value:
                look(part, name)
        elif isinstance(value, str):
            found.setdefault(name, set()).add(value)

    for entry in history():
        look(json.loads(entry.envelope()), "")
    return found


def _put(fields: Fields, path: Path, value: object) -> None:
    *way, last = path
    place: Any = fields
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = copy.deepcopy(value)


def test_every_kind_has_its_command_or_comes_with_its_year() -> None:
    parts = {"budget-lapsed", "budget-restored", "award-lapsed", "award-restored"}
    assert set(COMMANDS) | parts == set(KINDS)
