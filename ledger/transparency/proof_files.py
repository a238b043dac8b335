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
from ledger.errors import Corrupt, Malformed, Misused
from ledger.transparency.notes import Checkpoint, UnknownKey, Verifier, origin_of, signers
from ledger.transparency.proofs import check_consistency, root_by_inclusion


@dataclass(frozen=True, slots=True)
class Included:
    """What a checked inclusion proof says: this entry is in the log of this checkpoint."""

    entry: Entry
    checkpoint: Checkpoint
    signers: list[Verifier]
    """The known keys that signed the checkpoint."""


@dataclass(frozen=True, slots=True)
class Extended:
    """What a checked consistency proof says: the later log begins with the earlier one."""

    before: Checkpoint
    checkpoint: Checkpoint
    signers: list[Verifier]
    """The known keys that signed either checkpoint."""


def inclusion_file(event: dict[str, Any], path: list[bytes], checkpoint: str) -> dict[str, Any]:
    """The proof that an event is in the log that a signed note saw."""
    return {"event": event, "path": _in_hexadecimal(path), "checkpoint": checkpoint}


def consistency_file(before: str, path: list[bytes], checkpoint: str) -> dict[str, Any]:
    """The proof that the log of a signed note begins with that of an earlier one."""
    return {"before": before, "path": _in_hexadecimal(path), "checkpoint": checkpoint}


def checked(text: str, verifiers: Iterable[Verifier]) -> Included | Extended:
    """What a proof file proves.

    `Misused` if it is no proof file, `Corrupt` if it proves nothing because something in it was
    changed, `UnknownKey` if no known key signed it, so that it cannot be told.
    """
    fields, known = _fields(text), list(verifiers)
    try:
        path = [bytes.fromhex(hash_) for hash_ in fields["path"]]
        if "event" in fields:
            return _included(fields["event"], path, fields["checkpoint"], known)
        return _extended(fields["before"], path, fields["checkpoint"], known)
    except UnknownKey:
        raise
    except ValueError as error:
        raise Corrupt("the proof does not hold: {error}", error=error) from error
    except Corrupt as error:
        raise Corrupt("the proof does not hold: event: {error}", error=error) from error


def _included(event: object, path: list[bytes], note: str, known: list[Verifier]) -> Included:
    checkpoint = Checkpoint.from_note(note, known)
    entry, _, leaf = from_json(event)
    root = root_by_inclusion(bytes.fromhex(leaf), entry.seq - 1, checkpoint.size, path)
    if root != checkpoint.root:
        raise Malformed(
            "event {seq} leads to the root {root}, the checkpoint has {own}",
            seq=entry.seq,
            root=root.hex(),
            own=checkpoint.root.hex(),
        )
    if entry.seq == 1:
        _check_origin(bytes.fromhex(leaf), checkpoint)
    if entry.seq == 2:
        _check_origin(path[0], checkpoint)
    return Included(entry, checkpoint, signers(note, known))


def _extended(before: str, path: list[bytes], note: str, known: list[Verifier]) -> Extended:
    older, newer = Checkpoint.from_note(before, known), Checkpoint.from_note(note, known)
    if older.origin != newer.origin:
        raise Malformed(
            "{origin} and {other} are two logs", origin=older.origin, other=newer.origin
        )
    check_consistency(older.size, older.root, newer.size, newer.root, path)
    if older.size == 1:
        _check_origin(older.root, newer)
    by = dict.fromkeys([*signers(before, known), *signers(note, known)])
    return Extended(older, newer, list(by))


def _check_origin(first_leaf: bytes, checkpoint: Checkpoint) -> None:
    """Hold a log's name, which is that of its first event, against what shows that event's hash."""
    if origin_of(first_leaf) != checkpoint.origin:
        raise Malformed(
            "the first event names the log {named}, the checkpoint is of {origin}",
            named=origin_of(first_leaf),
            origin=checkpoint.origin,
        )


def _fields(text: str) -> dict[str, Any]:
    form = Malformed("a proof is a JSON object with event (or before), path and checkpoint")
    try:
        fields = loaded(text)
    except (ValueError, RecursionError) as error:
        raise Misused("this is no proof: {error}", error=error) from None
    if not isinstance(fields, dict) or set(fields) not in _SHAPES:
        raise Misused("this is no proof: {form}", form=form)
    path, notes = fields["path"], [fields["checkpoint"], fields.get("before", "")]
    if not isinstance(path, list) or not all(isinstance(part, str) for part in [*path, *notes]):
        raise Misused(
            "this is no proof: {form}, the path a list of hashes, notes as text", form=form
        )
    return fields


_SHAPES = ({"event", "path", "checkpoint"}, {"before", "path", "checkpoint"})


def _in_hexadecimal(path: list[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in path]
