"""The keys that sign a log's checkpoints, and what they signed last: outside the database.

A folder holds three files for each log, named after its origin: `….key`, the private key that
signs now; `….signed`, the note that was signed last, which the next one must extend (both for
their owner's eyes only); and `….pub`, a line for every public key that ever signed, the newest
last, to be handed to auditors. A key that is no longer trusted is a line to take out.
"""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.guarded import alone_in, check_unwritten, make_folder, read_own, replace
from ledger.database.address import POSTGRESQL, sqlite_path
from ledger.database.engine import WAIT_SECONDS
from ledger.errors import Misused

if TYPE_CHECKING:
    from ledger.transparency.notes import Checkpoint, Signer, Verifier

FOLDER = "grant-keys"
_ORIGIN = re.compile(r"grant-ledger/[0-9a-f]{16}")


class Forgotten(Misused):
    """What a key signed last is not known, so nothing can be proven to extend it."""


def usual_folder(url: str) -> Path:
    """Where a ledger's keys are if nothing else is said, whichever way one came to it.

    Beside a SQLite file, where the file itself is and not a link to it; for a server among the
    user's own data, by the XDG convention. `Misused` if neither can be told.
    """
    file = sqlite_path(url)
    if file is not None:
        return Path(os.path.realpath(file)).parent / FOLDER
    if url.partition("://")[0] not in POSTGRESQL:
        raise Misused("the ledger's URL cannot be read: name the keys with --keys")
    said = os.environ.get("XDG_DATA_HOME", "")
    try:
        data = Path(said) if os.path.isabs(said) else Path.home() / ".local" / "share"
    except RuntimeError:
        raise Misused("there is no home folder for the keys: name one with --keys") from None
    return data / FOLDER


def read_verifiers(said: str) -> list[Verifier]:
    """Public keys: one as text, or a file of them; `Misused` if it is neither."""
    from ledger.transparency.notes import Verifier

    try:
        lines = [said]
        if Path(said).is_file():
            lines = [line for line in Path(said).read_text("utf-8").splitlines() if line.strip()]
        return [Verifier.parse(line.strip()) for line in lines]
    except (ValueError, OSError) as error:
        raise Misused(
            "{said} is neither a public key nor a file of them: {error}", said=said, error=error
        ) from None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one log, in a folder."""

    folder: Path
    origin: str
    wait_seconds: float = WAIT_SECONDS
    """How long one waits for whoever signs or makes keys at the moment."""

    @property
    def private(self) -> Path:
        """The file of the private key."""
        return self._file("key")

    @property
    def public(self) -> Path:
        """The file of the public keys."""
        return self._file("pub")

    @property
    def signed(self) -> Path:
        """The file of the note that was signed last."""
        return self._file("signed")

    @property
    def signs(self) -> bool:
        """Whether there is something in the private key's place."""
        return os.path.lexists(self.private)

    def _file(self, ending: str) -> Path:
        return self.folder / f"{self.origin.replace('/', '-')}.{ending}"

    # ── making ───────────────────────────────────────────────────────────────────────────

    def make(self) -> bool:
        """Make a key where there is none; whether one was made."""
        make_folder(self.folder)
        with self.alone():
            if self.signs:
                return False
            self._replace_key()
            return True

    def rotate(self) -> Verifier:
        """Make a new key, which signs from now on; what the old ones signed stays verifiable.

        The public key is listed before the private one signs, so that a crash between leaves a
        line too many and never a signature that nobody knows.
        """
        make_folder(self.folder)
        with self.alone():
            return self._replace_key()

    def _replace_key(self) -> Verifier:
        from ledger.transparency.notes import Checkpoint, Signer

        signer = Signer.make(self.origin)
        if self._is_new():
            self.remember(Checkpoint.of_nothing(self.origin).note(signer))
            self._list(signer.verifier)
        else:
            self._list(signer.verifier)
            with suppress(Misused):  # what is forgotten stays forgotten
                self.remember(self.last_signed().note(signer))  # whose old line may be taken out
        replace(self.private, f"{signer.text()}\n", mode=0o600)
        return signer.verifier

    def _is_new(self) -> bool:
        """Whether no key of this log was ever listed here, and nothing signed."""
        from ledger.transparency.notes import Checkpoint

        if self.signs or os.path.lexists(self.public):
            return False
        note = read_own(self.signed)  # left where the first key was being made and that failed
        return note is None or note.startswith(Checkpoint.of_nothing(self.origin).text() + "\n")

    def _list(self, verifier: Verifier) -> None:
        listed = self.public.read_text("utf-8") if self.public.exists() else ""
        replace(self.public, f"{listed}{verifier.text()}\n", mode=0o644)

    # ── signing ──────────────────────────────────────────────────────────────────────────

    def alone(self) -> AbstractContextManager[None]:
        """Have the folder, one process at a time: for whoever signs, or makes keys."""
        return alone_in(self.folder, self.wait_seconds)

    def signer(self) -> Signer:
        """The key that signs now; `Misused` where there is none that is ours alone, and listed."""
        from ledger.transparency.notes import Signer

        text = read_own(self.private)
        if text is None:
            raise self.missing()
        try:
            signer = Signer.parse(text.strip())
        except ValueError as error:
            raise Misused(
                "{file} is no private key: {error}", file=self.private, error=error
            ) from None
        if signer.name != self.origin:
            raise Misused(
                "{file}: the key of {signer} does not sign for {origin}",
                file=self.private,
                signer=signer.name,
                origin=self.origin,
            )
        if signer.verifier not in self.verifiers():
            raise Misused(
                "{key} is not in {file}, so nobody would trust what it signs: make a new key "
                "with grants keys --rotate, or put its line back",
                key=signer.verifier.key_id,
                file=self.public,
            )
        return signer

    def missing(self) -> Misused:
        """That there is no key, and what to do."""
        return Misused(
            "there is no key of {origin} in {folder}: if the ledger has one elsewhere, name its"
            " folder with --keys or GRANTS_KEYS; if it has none, make one with: grants keys "
            "--rotate",
            origin=self.origin,
            folder=self.folder,
        )

    def last_signed(self) -> Checkpoint:
        """What was signed last; `Forgotten` if that is not known."""
        from ledger.transparency.notes import Checkpoint, Signer

        note = read_own(self.signed)
        if note is None:
            raise Forgotten(
                "what was signed last is not known: put {file} back beside the key",
                file=self.signed,
            )
        known = self.verifiers()
        with suppress(Misused, ValueError):  # whose line was taken out and who still signs
            known.append(Signer.parse((read_own(self.private) or "").strip()).verifier)
        try:
            last = Checkpoint.from_note(note, known)
        except ValueError as error:
            raise Forgotten(
                "{file} is not what was signed last: {error}", file=self.signed, error=error
            ) from None
        if last.origin != self.origin:
            raise Forgotten(
                "{file} is of another log, {origin}", file=self.signed, origin=last.origin
            )
        return last

    def begun_anew(self) -> Checkpoint:
        """The log before its first event, with a line that tells of what was signed before."""
        from ledger.transparency.notes import AFTER_RESTORE, Checkpoint

        try:
            return self.last_signed().begun_anew()
        except Forgotten:
            return Checkpoint.of_nothing(self.origin, (f"{AFTER_RESTORE} unknown",))

    def remember(self, note: str) -> None:
        """Keep what is signed last, on the disk before anybody is given it."""
        if read_own(self.signed) != note:
            replace(self.signed, note, mode=0o600)

    # ── checking ─────────────────────────────────────────────────────────────────────────

    def verifiers(self) -> list[Verifier]:
        """Every public key that ever signed, the newest last; none where there is no list.

        `Misused` if others can have written the list.
        """
        if not _ORIGIN.fullmatch(self.origin) or not self.public.is_file():
            return []
        check_unwritten(self.folder)
        check_unwritten(self.public)
        return read_verifiers(str(self.public))
