"""Whose word is believed: a log's own keys, those that were named, and what they signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.application import opened
from app.keys import Keys, read_verifiers, usual_folder
from app.settings import Settings
from ledger.database.engine import WAIT_SECONDS
from ledger.errors import Corrupt, LedgerError, Misused
from ledger.transparency.notes import Checkpoint, UnknownKey, Verifier, signers


def keys_of(settings: Settings, origin: str, wait_seconds: float = WAIT_SECONDS) -> Keys:
    """The keys of a log, in the folder that was said or the usual one of the ledger."""
    folder = Path(settings.keys) if settings.keys else usual_folder(settings.ledger)
    return Keys(folder, origin, wait_seconds)


@dataclass(frozen=True, slots=True)
class Trusted:
    """Public keys that are believed, by the place where they were found."""

    places: dict[str, list[Verifier]]

    @classmethod
    def named(cls, said: Sequence[str]) -> Trusted:
        """Keys that were named, each as text or by a file."""
        return cls({one: read_verifiers(one) for one in said})

    @classmethod
    def in_folder_of(cls, keys: Keys) -> Trusted:
        """All that are listed for a log."""
        return cls({str(keys.public): keys.verifiers()})

    @property
    def verifiers(self) -> list[Verifier]:
        """The keys themselves."""
        return [one for found in self.places.values() for one in found]

    def told_of(self, signed: Sequence[Verifier]) -> list[dict[str, str]]:
        """Of each key that signed its id, and where it was found."""
        return [
            {
                "key": one.key_id,
                "from": next(place for place, found in self.places.items() if one in found),
            }
            for one in signed
        ]

    def unknown(self, file: str, error: UnknownKey) -> Misused:
        """That none of these keys signed: which is needed, and where it was looked for."""
        found = ", ".join(one.key_id for one in self.verifiers) or "none"
        return Misused(
            "whether {file} is true cannot be told: that needs the public key {keys}, and in "
            "{places} there is {found}. Name the key with --key, or its folder with --keys",
            file=file,
            keys=" or ".join(error.signed_by),
            places=", ".join(self.places),
            found=found,
        )


def own_or_named(settings: Settings, origin: str) -> Trusted:
    """The keys of a log in the folder that was named, or else those of one's own ledger.

    A folder of keys is not believed because it lies where one works: a proof may have come with
    it. `Misused` where there is no such ledger, or it is another log's.
    """
    if settings.keys:
        return Trusted.in_folder_of(keys_of(settings, origin))
    try:
        with opened(settings, "open_as_it_is") as application:
            own = application.keys
    except LedgerError as error:
        raise Misused(
            "name the key that you trust with --key: there is no ledger here to take it from "
            "({error})",
            error=error,
        ) from None
    if own.origin != origin:
        raise Misused(
            "name the key that you trust with --key: the proof is of {origin!r}, the ledger here "
            "is {own}",
            origin=origin,
            own=own.origin,
        )
    return Trusted.in_folder_of(own)


# ── what auditors bring along ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that a trusted key signed."""

    note: str
    checkpoint: Checkpoint
    signed_by: list[dict[str, str]]
    """The ids of the keys, and where they were found."""


def opened_checkpoint(settings: Settings, file: str, named: Sequence[str]) -> Seen:
    """The checkpoint in a file, signed as it is by one of the keys named or else of the ledger's.

    `Misused` where none of them signed it; `Corrupt` where one did, but not as it is.
    """
    note = read_text(file)
    origin = note.partition("\n")[0]
    trusted = Trusted.named(named) if named else Trusted.in_folder_of(keys_of(settings, origin))
    try:
        checkpoint = Checkpoint.from_note(note, trusted.verifiers)
        return Seen(note, checkpoint, trusted.told_of(signers(note, trusted.verifiers)))
    except UnknownKey as error:
        raise trusted.unknown(file, error) from None
    except ValueError as error:
        raise Corrupt(
            "the checkpoint {file} cannot be trusted: {error}", file=file, error=error
        ) from error


def read_text(file: str) -> str:
    """A file's text, its line ends untouched: a changed line end is a changed text."""
    try:
        return Path(file).read_bytes().decode("utf-8")
    except OSError as error:
        raise Misused("{path} cannot be read: {reason}", path=file, reason=error.strerror) from None
    except UnicodeDecodeError:
        raise Misused("{file} is not UTF-8", file=file) from None
