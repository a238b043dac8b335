"""Checkpoints and proofs at the command line: what was signed, proven or checked, printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from app import attest
from app.cli import exits
from app.cli.door import Door, Keyring
from app.cli.foreign import json_text
from app.cli.language import in_words
from app.cli.printing import console, print_done, print_json, print_line
from app.cli.progress import progress
from app.cli.terminal import styled
from app.trusting import Seen, opened_checkpoint
from commands.words import Language, field_said, value_said
from ledger.envelope import plain
from ledger.errors import Misused
from ledger.transparency import proof_files
from ledger.transparency.notes import Checkpoint


def keys(door: Door, keyring: Keyring, *, rotate: bool) -> int:
    """Print the public keys of the ledger, the newest last."""
    with door.opened(keyring=keyring) as application:
        found = application.keys
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
    with door.opened(keyring=keyring) as application, progress("sign") as advance:
        now, note = attest.sign(application, after_restore=after_restore, progress=advance)
    if door.json:
        print_json(_told(now) | {"note": note})
    else:
        sys.stdout.write(note)
    return exits.DONE


def prove(door: Door, keyring: Keyring, seq: int | None, since: str | None) -> int:
    """Print a proof: that an event is in the log, or that the log extends a checkpoint."""
    if (seq is None) == (since is None):
        raise Misused("name the position of an event, or an earlier checkpoint with --since")
    with door.opened(keyring=keyring) as application:
        if since is None:
            proof = attest.prove(application, seq or 0)
        else:
            seen = opened_checkpoint(application.settings, since, ())
            proof = attest.prove_since(application, seen)
    sys.stdout.write(f"{json_text(proof, indent=None if door.json else 2)}\n")
    return exits.DONE


def check_proof(door: Door, keyring: Keyring, file: str, named: Sequence[str]) -> int:
    """Check a proof with public keys alone, and print what it proves and who signed it."""
    found, signed_by = attest.check(door.settings(keyring), file, named)
    told, said = _proven(found)
    if door.json:
        print_json(told | {"checkpoint": _told(found.checkpoint), "signed_by": signed_by})
        return exits.DONE
    print_done(said)
    _print_signers(signed_by, found.checkpoint)
    _print_facts(told, door.language)
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
            said = in_words(
                "event {seq} is in the log {origin}, among the first {size:,}",
                seq=entry.seq,
                origin=seen.origin,
                size=seen.size,
            )
        case proof_files.Extended(before):
            told = {"proves": "consistency", "from": before.size, "to": seen.size}
            said = in_words(
                "the log {origin} of {size:,} events begins with all {before:,} that the earlier "
                "checkpoint saw",
                origin=seen.origin,
                size=seen.size,
                before=before.size,
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
    print_done(
        in_words("begins with the {size:,} events of a checkpoint", size=seen.checkpoint.size)
    )
    _print_signers(seen.signed_by, seen.checkpoint)


def _print_signers(signed_by: list[dict[str, str]], seen: Checkpoint) -> None:
    for one in signed_by:
        told = in_words("signed by {key}, a key from {place}", key=one["key"], place=one["from"])
        print_line(f"  {told}")
    for line in seen.given_up:
        _, _, what = line.partition(" ")
        said = in_words(
            "before a backup was restored, another history had been signed ({what})", what=what
        )
        print_line(styled(("!", "yellow"), f" {said}"))


def _print_facts(told: dict[str, Any], language: Language) -> None:
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in told.items():
        if name != "proves":
            shown = (
                value_said(name, value, language) if isinstance(value, str) else json_text(value)
            )
            facts.add_row(styled((field_said(name, language), "bold")), shown)
    console().print(facts)
