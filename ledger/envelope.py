"""The canonical bytes of an event: what is stored, hashed and handed to others.

The envelope is JSON with sorted keys, no spaces and no needless escapes (the RFC 8785 form, which
for integers and text is what `json.dumps` gives). Its UTF-8 bytes are a leaf of the Merkle tree.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from ledger.errors import Corrupt
from ledger.events import KINDS, AnyEvent
from ledger.merkle import leaf_hash


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the log: what happened, and when, by whom and by which command."""

    seq: int
    recorded_at: str
    effective_on: str
    actor: str
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
                "command_id": self.command_id,
                "command_digest": self.command_digest,
                "data": plain(self.event),
            }
        )

    @classmethod
    def from_envelope(cls, text: str) -> Entry:
        """The entry that an envelope holds; `Corrupt` if it holds none."""
        try:
            fields = json.loads(text)
            event = KINDS[fields.pop("kind")].model_validate(fields.pop("data"))
            return cls(event=event, **fields)
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise Corrupt(f"an envelope cannot be read: {error}") from error


def canonical(value: object) -> str:
    """A value as canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(model: BaseModel) -> dict[str, Any]:
    """A model as plain data; what is not there is left out."""
    return model.model_dump(exclude_none=True)


def hash_of(envelope: str) -> str:
    """The leaf hash of an envelope, in hexadecimal."""
    return leaf_hash(envelope.encode()).hex()


def digest_of(asked: dict[str, Any]) -> str:
    """The digest of a command as asked: SHA-256 of its canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(asked).encode()).hexdigest()


def as_json(envelope: str, leaf: str) -> dict[str, Any]:
    """An event as outsiders read it: the envelope's fields and its leaf hash."""
    fields: dict[str, Any] = json.loads(envelope)
    return {
        "seq": fields["seq"],
        "kind": fields["kind"],
        "recorded_at": fields["recorded_at"],
        "effective_on": fields["effective_on"],
        "actor": fields["actor"],
        "command_id": fields["command_id"],
        "command_digest": fields["command_digest"],
        "data": fields["data"],
        "leaf_hash": leaf,
    }
