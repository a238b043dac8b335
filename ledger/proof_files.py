"""Proofs as files, which anybody can check who has the log's public key, and nothing else.

An inclusion proof is `{"event", "path", "checkpoint"}`: the event as outsiders read it, the hashes
that lead from it to the root, lowest first and in hexadecimal, and the signed note that has the
root. It shows no other event. A consistency proof is `{"before", "path", "checkpoint"}`: the
later log begins with all that the earlier note saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.envelope import Entry, from_json, loaded
from ledger.errors import Corrupt, Misused
from ledger.notes import Checkpoint, Verifier
from ledger.proofs import check_consistency, root_by_inclusion


@dataclass(frozen=True, slots=True)
class Included:
    """What a checked inclusion proof says: this entry is in the log of this checkpoint."""

    entry: Entry
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Extended:
    """What a checked consistency proof says: the later log begins with the earlier one."""

    before: Checkpoint
    checkpoint: Checkpoint


def inclusion_file(event: dict[str, Any], path: list[bytes], checkpoint: str) -> dict[str, Any]:
    """The proof that an event is in the log that a signed note saw."""
    return {"event": event, "path": _in_hexadecimal(path), "checkpoint": checkpoint}


def consistency_file(before: str, path: list[bytes], checkpoint: str) -> dict[str, Any]:
    """The proof that the log of a signed note begins with that of an earlier one."""
    return {"before": before, "path": _in_hexadecimal(path), "checkpoint": checkpoint}


def checked(text: str, verifiers: Iterable[Verifier]) -> Included | Extended:
    """What a proof file proves.

    `Misused` if it is no proof file, `Corrupt` if it proves nothing: something in it was changed,
    or no known key signed it.
    """
    fields, known = _fields(text), list(verifiers)
    try:
        checkpoint = Checkpoint.from_note(fields["checkpoint"], known)
        path = [bytes.fromhex(hash_) for hash_ in fields["path"]]
        if "event" in fields:
            return _included(fields["event"], path, checkpoint)
        before = Checkpoint.from_note(fields["before"], known)
        return _extended(before, path, checkpoint)
    except ValueError as error:
        raise Corrupt(f"the proof does not hold: {error}") from error
    except Corrupt as error:
        raise Corrupt(f"the proof does not hold: event: {error}") from error


def _included(event: object, path: list[bytes], checkpoint: Checkpoint) -> Included:
    entry, _, leaf = from_json(event)
    root = root_by_inclusion(bytes.fromhex(leaf), entry.seq - 1, checkpoint.size, path)
    if root != checkpoint.root:
        raise ValueError(
            f"event {entry.seq} leads to the root {root.hex()}, the checkpoint has "
            f"{checkpoint.root.hex()}"
        )
    return Included(entry, checkpoint)


def _extended(before: Checkpoint, path: list[bytes], checkpoint: Checkpoint) -> Extended:
    if before.origin != checkpoint.origin:
        raise ValueError(f"{before.origin} and {checkpoint.origin} are two logs")
    check_consistency(before.size, before.root, checkpoint.size, checkpoint.root, path)
    return Extended(before, checkpoint)


def _fields(text: str) -> dict[str, Any]:
    form = "a proof is a JSON object with event (or before), path and checkpoint"
    try:
        fields = loaded(text)
    except (ValueError, RecursionError) as error:
        raise Misused(f"this is no proof: {error}") from None
    if not isinstance(fields, dict) or set(fields) not in _SHAPES:
        raise Misused(f"this is no proof: {form}")
    path, notes = fields["path"], [fields["checkpoint"], fields.get("before", "")]
    if not isinstance(path, list) or not all(isinstance(part, str) for part in [*path, *notes]):
        raise Misused(f"this is no proof: {form}, the path a list of hashes, notes as text")
    return fields


_SHAPES = ({"event", "path", "checkpoint"}, {"before", "path", "checkpoint"})


def _in_hexadecimal(path: list[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in path]
