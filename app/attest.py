"""What a ledger attests: its head signed, proofs handed out, and either of them checked again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.keys import Forgotten
from app.trusting import Seen, Trusted, own_or_named, read_text
from ledger import log, reading
from ledger.envelope import as_json, canonical
from ledger.errors import Corrupt, LedgerError, Misused
from ledger.transparency import proof_files
from ledger.transparency.notes import Checkpoint, UnknownKey
from projections import proving

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.application import Application
    from app.keys import Keys
    from app.settings import Settings

Progress = Callable[[int, int], None] | None


def sign(
    application: Application, *, after_restore: bool = False, progress: Progress = None
) -> tuple[Checkpoint, str]:
    """What the log is now, and the note that says so, which is remembered before anybody has it.

    Only what extends the note that was signed last is signed; `Misused` or `Corrupt` otherwise.
    The folder of the keys is held first: whoever signs later has read the log later.
    """
    known = application.keys
    if not known.signs:
        raise known.missing()
    with known.alone():
        signer = known.signer()
        head = proving.promised(application.engine)
        with log.reading(application.engine) as connection:
            if after_restore:
                now = _begun_anew(connection, head, known)
            else:
                now = _extended(connection, head, known, progress)
        note = now.note(signer)
        known.remember(note)
    return now, note


def _extended(
    connection: Connection, head: log.Head, known: Keys, progress: Progress
) -> Checkpoint:
    try:
        return proving.extended(connection, head, known.last_signed(), progress)
    except (proving.NotExtended, Forgotten) as why:
        raise _not_signed(why) from why


def _begun_anew(connection: Connection, head: log.Head, known: Keys) -> Checkpoint:
    """What a restored log is, with what is given up; `Misused` where nothing is."""
    try:
        proving.extended(connection, head, known.last_signed())
    except (proving.NotExtended, Forgotten):
        return proving.extended(connection, head, known.begun_anew())
    raise Misused("the log extends what was signed last: nothing is to be given up")


def _not_signed(why: proving.NotExtended | Forgotten) -> LedgerError:
    """That nothing was signed, why, and the way on."""
    way_on = Misused(
        "If this is a backup that was restored, and what came later is given up (or if what was "
        "signed is lost for good): grants checkpoint --after-restore, which that and every later "
        "checkpoint will tell"
    )
    if isinstance(why, Forgotten):
        return Misused("{why}. Nothing was signed. {way_on}", why=why, way_on=way_on)
    return Corrupt("{why}. Nothing was signed. {way_on}", why=why, way_on=way_on, seq=why.seq)


def prove(application: Application, seq: int) -> dict[str, Any]:
    """A proof that an event is in the log, without showing any other."""
    now, note = sign(application)
    with log.reading(application.engine) as connection:
        path = proving.inclusion(connection, seq, now.size)
        proof = proof_files.inclusion_file(_event(connection, seq), path, note)
    return _held(proof, application)


def prove_since(application: Application, seen: Seen) -> dict[str, Any]:
    """A proof that the log extends what an earlier checkpoint saw."""
    now, note = sign(application)
    with log.reading(application.engine) as connection:
        path = proving.consistency(connection, seen.checkpoint.size, now.size)
    return _held(proof_files.consistency_file(seen.note, path, note), application)


def _held(proof: dict[str, Any], application: Application) -> dict[str, Any]:
    """The proof, which was checked as whoever gets it will."""
    proof_files.checked(canonical(proof), application.keys.verifiers())
    return proof


def _event(connection: Connection, seq: int) -> dict[str, Any]:
    for envelope, leaf in reading.read(connection, reading.Wanted(after=seq - 1, up_to=seq)):
        return as_json(envelope, leaf)
    raise Corrupt("event {seq} is missing", seq=seq)


def check(
    settings: Settings, file: str, named: Sequence[str]
) -> tuple[proof_files.Included | proof_files.Extended, list[dict[str, str]]]:
    """What a proof proves, and which keys signed it: those named, or else the ledger's own."""
    text = read_text(file)
    trusted = Trusted.named(named) if named else own_or_named(settings, _origin_in(text))
    try:
        found = proof_files.checked(text, trusted.verifiers)
    except UnknownKey as error:
        raise trusted.unknown(file, error) from None
    return found, trusted.told_of(found.signers)


def _origin_in(proof: str) -> str:
    """The log that a proof speaks of, as it says itself: only where its keys are looked for."""
    try:
        note = json.loads(proof)["checkpoint"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unknown"
    return note.partition("\n")[0] if isinstance(note, str) else "unknown"
