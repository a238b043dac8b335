"""Checkpoints and proofs at the command line: signed, handed out, checked again."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from app import exits
from app.foreign import json_text
from app.keys import Keys, folder_beside, read_verifiers
from app.printing import console, print_done, print_json
from app.settings import Door, Keyring
from app.terminal import styled
from ledger import log, proof_files, reading
from ledger.envelope import as_json, plain
from ledger.errors import Corrupt, Misused
from ledger.notes import Checkpoint, Verifier
from projections import proving

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ledger.engine import Engine


def keys_of(door: Door, keyring: Keyring, origin: str) -> Keys:
    """The keys of a log, in the folder that was said or beside the ledger."""
    folder = Path(keyring.keys) if keyring.keys else folder_beside(door.ledger)
    return Keys(folder, origin)


def own_keys(door: Door, keyring: Keyring, engine: Engine) -> Keys:
    """The keys of a ledger; `Misused` while it is empty."""
    with log.reading(engine) as connection:
        return keys_of(door, keyring, log.origin(connection))


def keys(door: Door, keyring: Keyring, *, rotate: bool) -> int:
    """Print the public keys of the ledger, the newest last."""
    with door.opened() as engine:
        found = own_keys(door, keyring, engine)
    if rotate:
        found.rotate()
    texts = [verifier.text() for verifier in found.verifiers()]
    if door.json:
        print_json({"origin": found.origin, "folder": str(found.folder), "keys": texts})
    else:
        for text in texts:
            sys.stdout.write(f"{text}\n")
    return exits.DONE


def checkpoint(door: Door, keyring: Keyring) -> int:
    """Print what the log is now, signed."""
    with door.opened() as engine, log.reading(engine) as connection:
        now = proving.checkpoint(connection)
    note = _signed(now, keys_of(door, keyring, now.origin))
    if door.json:
        seen = {"origin": now.origin, "size": now.size, "root": now.root.hex(), "note": note}
        print_json(seen)
    else:
        sys.stdout.write(note)
    return exits.DONE


def _signed(now: Checkpoint, known: Keys) -> str:
    try:
        return now.note(known.signer())
    except ValueError as error:
        raise Misused(f"{known.private}: {error}") from None


def prove(door: Door, keyring: Keyring, seq: int | None, since: str | None) -> int:
    """Print a proof: that an event is in the log, or that the log extends a checkpoint."""
    if (seq is None) == (since is None):
        raise Misused("name the position of an event, or an earlier checkpoint with --since")
    with door.opened() as engine, log.reading(engine) as connection:
        now = proving.checkpoint(connection)
        known = keys_of(door, keyring, now.origin)
        note = _signed(now, known)
        if seq is not None:
            path = proving.inclusion(connection, seq, now.size)
            proof = proof_files.inclusion_file(_event(connection, seq), path, note)
        else:
            seen = opened_checkpoint(door, keyring, str(since), ())
            path = proving.consistency(connection, seen.size, now.size)
            proof = proof_files.consistency_file(read_text(str(since)), path, note)
    text = json_text(proof, indent=None if door.json else 2)
    proof_files.checked(text, known.verifiers())
    sys.stdout.write(f"{text}\n")
    return exits.DONE


def _event(connection: Connection, seq: int) -> dict[str, Any]:
    for envelope, leaf in reading.read(connection, reading.Wanted(after=seq - 1, up_to=seq)):
        return as_json(envelope, leaf)
    raise Corrupt(f"event {seq} is missing", seq=seq)


def check_proof(door: Door, keyring: Keyring, file: str, trusted: Sequence[str]) -> int:
    """Check a proof with public keys alone, and print what it proves."""
    text = read_text(file)
    verifiers = trusted_keys(door, keyring, trusted, origin_in(text))
    match proof_files.checked(text, verifiers):
        case proof_files.Included(entry, seen):
            told: dict[str, Any] = {
                "proves": "inclusion",
                "seq": entry.seq,
                "kind": entry.kind,
                "recorded_at": entry.recorded_at,
                "effective_on": entry.effective_on,
                "actor": entry.actor,
                "command_id": entry.command_id,
                **plain(entry.event),
            }
            said = f"event {entry.seq} is in the log {seen.origin}, among the first {seen.size:,}"
        case proof_files.Extended(before, seen):
            told = {"proves": "consistency", "from": before.size, "to": seen.size}
            said = (
                f"the log {seen.origin} of {seen.size:,} events begins with all {before.size:,} "
                "that the earlier checkpoint saw"
            )
    if door.json:
        checkpoint = {"origin": seen.origin, "size": seen.size, "root": seen.root.hex()}
        print_json(told | {"checkpoint": checkpoint})
    else:
        print_done(said)
        _print_facts(told)
    return exits.DONE


def _print_facts(told: dict[str, Any]) -> None:
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in told.items():
        if name != "proves":
            shown = value if isinstance(value, str) else json_text(value)
            facts.add_row(styled((name, "bold")), shown)
    console().print(facts)


# ── what auditors bring along ────────────────────────────────────────────────────────────────


def trusted_keys(
    door: Door, keyring: Keyring, trusted: Sequence[str], origin: str
) -> list[Verifier]:
    """The public keys that were named, or else those in the folder of the keys."""
    if trusted:
        return [verifier for said in trusted for verifier in read_verifiers(said)]
    return keys_of(door, keyring, origin).verifiers()


def opened_checkpoint(
    door: Door, keyring: Keyring, file: str, trusted: Sequence[str]
) -> Checkpoint:
    """The checkpoint in a file; `Corrupt` where no trusted key signed it as it is."""
    note = read_text(file)
    verifiers = trusted_keys(door, keyring, trusted, note.partition("\n")[0])
    try:
        return Checkpoint.from_note(note, verifiers)
    except ValueError as error:
        raise Corrupt(f"the checkpoint {file} cannot be trusted: {error}") from error


def origin_in(proof: str) -> str:
    """The log that a proof speaks of, as it says itself: only where its keys are looked for."""
    try:
        note = json.loads(proof)["checkpoint"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unknown"
    return note.partition("\n")[0] if isinstance(note, str) else "unknown"


def read_text(file: str) -> str:
    """A file's text, its line ends untouched: a changed line end is a changed text."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Misused(f"{file} is not UTF-8") from None
