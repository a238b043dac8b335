"""The canonical bytes of an event: what is stored, hashed and handed to others.

The envelope is JSON with sorted keys, no spaces and no needless escapes (the RFC 8785 form, for
integers and text). Its UTF-8 bytes are a leaf of the Merkle tree.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import orjson
from pydantic import BaseModel, ValidationError

from ledger.errors import Corrupt, Unfit
from ledger.events import KINDS, AnyEvent
from ledger.seoul import checked_day, instant_text, parsed_instant
from ledger.transparency.merkle import leaf_hash

Via: TypeAlias = Literal["cli", "server", "scheduler", "python"]
"""By which door an event came in."""

VIAS: tuple[Via, ...] = get_args(Via)


class Entry(NamedTuple):
    """An event in the log: what happened, when, by whom, by which door and by which command."""

    seq: int
    recorded_at: str
    effective_on: str
    actor: str
    via: Via
    command_id: str
    command_digest: str
    event: AnyEvent

    @property
    def kind(self) -> str:
        """The kind of the event."""
        return self.event.kind

    def envelope(self) -> str:
        """The canonical JSON text."""
        return canonical(
            {
                "seq": self.seq,
                "kind": self.event.kind,
                "recorded_at": self.recorded_at,
                "effective_on": self.effective_on,
                "actor": self.actor,
                "via": self.via,
                "command_id": self.command_id,
                "command_digest": self.command_digest,
                "data": plain(self.event),
            }
        )

    @classmethod
    def from_envelope(cls, text: str) -> Entry:
        """The entry that an envelope holds; `Corrupt` if it holds none."""
        try:
            fields = orjson.loads(text)
            event = KINDS[fields.pop("kind")].model_validate(fields.pop("data"))
            return cls(event=event, **fields)
        except ValidationError as error:
            raise Corrupt("an envelope cannot be read: {error}", error=_first(error)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise Corrupt("an envelope cannot be read: {error}", error=error) from error


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"


def canonical(value: object) -> str:
    """A value as canonical JSON."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def plain(model: BaseModel) -> dict[str, Any]:
    """A model as plain data; what is not there is left out."""
    return model.model_dump(exclude_none=True)


def hash_of(envelope: str) -> str:
    """The leaf hash of an envelope, in hexadecimal."""
    return leaf_hash(envelope.encode()).hex()


def digest_of(asked: dict[str, Any]) -> str:
    """The digest of a command as asked: SHA-256 of its canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(asked).encode()).hexdigest()


def loaded(text: str | bytes) -> object:
    """Plain data from JSON; `Unfit` if an object names a field twice, `ValueError` if it is none.

    Of two fields of one name people would see one and programs the other.
    """
    return json.loads(text, object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unfit("field-twice", field=repr(twice))
    return fields


def from_json(fields: object) -> tuple[Entry, str, str]:
    """The entry, its envelope and leaf hash, of an event as outsiders read it.

    `Corrupt` says what is not as it was recorded.
    """
    if not isinstance(fields, dict):
        raise Corrupt("an event is a JSON object")
    inside = {name: value for name, value in fields.items() if name != "leaf_hash"}
    try:
        envelope = canonical(inside)
        entry = Entry.from_envelope(envelope)
        check_own_fields(entry)
    except (ValueError, TypeError, OverflowError) as error:
        raise Corrupt("an event cannot be read: {error}", error=error) from error
    if entry.envelope() != envelope:
        raise Corrupt("data holds what its kind of event does not, or leaves something out")
    leaf = hash_of(envelope)
    if leaf != fields.get("leaf_hash"):
        raise Corrupt(
            "leaf_hash should be {leaf!r}, found {found!r}",
            leaf=leaf,
            found=fields.get("leaf_hash"),
        )
    return entry, envelope, leaf


def check_own_fields(entry: Entry) -> None:
    """What stands around an event: `ValueError` or `TypeError` says what could not be there."""
    if type(entry.seq) is not int:
        raise TypeError(f"seq is a position, not {entry.seq!r}")
    for text in (entry.actor, entry.command_id, entry.command_digest):
        if type(text) is not str:
            raise TypeError(f"{text!r} is no text")
    if entry.via not in VIAS:
        raise ValueError(f"via is one of {', '.join(VIAS)}, not {entry.via!r}")
    checked_day(entry.effective_on)
    if instant_text(parsed_instant(entry.recorded_at)) != entry.recorded_at:
        raise ValueError(f"recorded_at is an instant in UTC, not {entry.recorded_at!r}")


def as_json(envelope: str, leaf: str) -> dict[str, Any]:
    """An event as outsiders read it: the envelope's fields and its leaf hash."""
    fields: dict[str, Any] = orjson.loads(envelope)
    return {
        "seq": fields["seq"],
        "kind": fields["kind"],
        "recorded_at": fields["recorded_at"],
        "effective_on": fields["effective_on"],
        "actor": fields["actor"],
        "via": fields["via"],
        "command_id": fields["command_id"],
        "command_digest": fields["command_digest"],
        "data": fields["data"],
        "leaf_hash": leaf,
    }
