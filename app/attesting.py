"""Checkpoints and proofs at the command line: signed, handed out, checked again."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from app import exits
from app.foreign import json_text
from app.keys import Forgotten, Keys
from app.printing import console, print_done, print_json, print_line
from app.progress import progress
from app.settings import Door, Keyring
from app.terminal import styled
from app.trusting import Seen, Trusted, opened_checkpoint, own_keys, own_or_named, read_text
from ledger import log, reading
from ledger.envelope import as_json, plain
from ledger.errors import Corrupt, Misused
from ledger.transparency import proof_files
from ledger.transparency.notes import Checkpoint, UnknownKey
from projections import proving

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ledger.database.engine import Engine


def keys(door: Door, keyring: Keyring, *, rotate: bool) -> int:
    """Print the public keys of the ledger, the newest last."""
    with door.opened() as engine:
        found = own_keys(door, keyring, engine)
    if rotate:
        found.rotate()
    texts = [verifier.text() for verifier in found.verifiers()]
    if not texts:
        raise found.missing()
    if door.json:
        print_json({"origin": found.origin, "folder": str(found.folder), "keys": texts})
    else:
        for text in texts:
            sys.stdout.write(f"{text}\n")
    return exits.DONE


def checkpoint(door: Door, keyring: Keyring, *, after_restore: bool = False) -> int:
    """Print what the log is now, signed."""
    with door.opened() as engine:
        now, note = sign(engine, own_keys(door, keyring, engine), after_restore=after_restore)
    if door.json:
        print_json(_told(now) | {"note": note})
    else:
        sys.stdout.write(note)
    return exits.DONE


def sign(engine: Engine, known: Keys, *, after_restore: bool = False) -> tuple[Checkpoint, str]:
    """What the log is now, and the note that says so, which is remembered before anybody has it.

    The folder of the keys is held first: whoever signs later has read the log later.
    """
    if not known.signs:
        raise known.missing()
    with known.alone():
        signer = known.signer()
        head = proving.promised(engine)
        with log.reading(engine) as connection:
            now = _extended(connection, head, known, after_restore=after_restore)
        note = now.note(signer)
        known.remember(note)
    return now, note


def _extended(
    connection: Connection, head: log.Head, known: Keys, *, after_restore: bool
) -> Checkpoint:
    """What the log is at this head, if it extends what was signed last, or is to be begun anew."""
    try:
        with progress("sign") as advance:
            now = proving.extended(connection, head, known.last_signed(), advance)
    except (proving.NotExtended, Forgotten) as why:
        if after_restore:
            return proving.extended(connection, head, known.begun_anew())
        told = f"{why}. Nothing was signed. {_WAY_ON}"
        raise Misused(told) if isinstance(why, Forgotten) else Corrupt(told, seq=why.seq) from why
    if after_restore:
        raise Misused("the log extends what was signed last: nothing is to be given up")
    return now


_WAY_ON = (
    "If this is a backup that was restored, and what came later is given up (or if what was signed "
    "is lost for good): grants checkpoint --after-restore, which that and every later checkpoint "
    "will tell"
)


def prove(door: Door, keyring: Keyring, seq: int | None, since: str | None) -> int:
    """Print a proof: that an event is in the log, or that the log extends a checkpoint."""
    if (seq is None) == (since is None):
        raise Misused("name the position of an event, or an earlier checkpoint with --since")
    with door.opened() as engine:
        known = own_keys(door, keyring, engine)
        seen = None if since is None else opened_checkpoint(door, keyring, since, ())
        now, note = sign(engine, known)
        with log.reading(engine) as connection:
            if seen is None:
                path = proving.inclusion(connection, seq or 0, now.size)
                proof = proof_files.inclusion_file(_event(connection, seq or 0), path, note)
            else:
                path = proving.consistency(connection, seen.checkpoint.size, now.size)
                proof = proof_files.consistency_file(seen.note, path, note)
    text = json_text(proof, indent=None if door.json else 2)
    proof_files.checked(text, known.verifiers())
    sys.stdout.write(f"{text}\n")
    return exits.DONE


def _event(connection: Connection, seq: int) -> dict[str, Any]:
    for envelope, leaf in reading.read(connection, reading.Wanted(after=seq - 1, up_to=seq)):
        return as_json(envelope, leaf)
    raise Corrupt(f"event {seq} is missing", seq=seq)


def check_proof(door: Door, keyring: Keyring, file: str, named: Sequence[str]) -> int:
    """Check a proof with public keys alone, and print what it proves and who signed it."""
    text = read_text(file)
    trusted = Trusted.named(named) if named else own_or_named(door, keyring, _origin_in(text))
    try:
        found = proof_files.checked(text, trusted.verifiers)
    except UnknownKey as error:
        raise trusted.unknown(file, error) from None
    told, said = _proven(found)
    signed_by = trusted.told_of(found.signers)
    if door.json:
        print_json(told | {"checkpoint": _told(found.checkpoint), "signed_by": signed_by})
        return exits.DONE
    print_done(said)
    _print_signers(signed_by, found.checkpoint)
    _print_facts(told)
    return exits.DONE


def _proven(found: proof_files.Included | proof_files.Extended) -> tuple[dict[str, Any], str]:
    """What a proof proves: for programs, and as a sentence."""
    seen = found.checkpoint
    match found:
        case proof_files.Included(entry):
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
        case proof_files.Extended(before):
            told = {"proves": "consistency", "from": before.size, "to": seen.size}
            said = (
                f"the log {seen.origin} of {seen.size:,} events begins with all {before.size:,} "
                "that the earlier checkpoint saw"
            )
    return told, said


def _told(seen: Checkpoint) -> dict[str, Any]:
    return {
        "origin": seen.origin,
        "size": seen.size,
        "root": seen.root.hex(),
        "given_up": seen.given_up,
    }


def print_seen(seen: Seen) -> None:
    """Say that a log begins with what a checkpoint saw, who signed it, and what it tells."""
    print_done(f"begins with the {seen.checkpoint.size:,} events of a checkpoint")
    _print_signers(seen.signed_by, seen.checkpoint)


def _print_signers(signed_by: list[dict[str, str]], seen: Checkpoint) -> None:
    for one in signed_by:
        print_line(f"  signed by {one['key']}, a key from {one['from']}")
    for line in seen.given_up:
        _, _, what = line.partition(" ")
        said = f"before a backup was restored, another history had been signed ({what})"
        print_line(styled(("!", "yellow"), f" {said}"))


def _print_facts(told: dict[str, Any]) -> None:
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in told.items():
        if name != "proves":
            shown = value if isinstance(value, str) else json_text(value)
            facts.add_row(styled((name, "bold")), shown)
    console().print(facts)


def _origin_in(proof: str) -> str:
    """The log that a proof speaks of, as it says itself: only where its keys are looked for."""
    try:
        note = json.loads(proof)["checkpoint"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unknown"
    return note.partition("\n")[0] if isinstance(note, str) else "unknown"
