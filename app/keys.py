"""The keys that sign a log's checkpoints: files outside the ledger's database.

A folder holds two files for each log, named after its origin: `….key`, the private key that signs
now, for its owner's eyes only; and `….pub`, a line for every public key that ever signed, the
newest last, to be handed to auditors. A key that is no longer trusted is a line to take out.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Misused, Unavailable

if TYPE_CHECKING:
    from ledger.notes import Signer, Verifier

FOLDER = "grant-keys"
_LONGEST_ORIGIN = 100


def folder_beside(url: str) -> Path:
    """Where the keys are if nothing else is said: beside a SQLite file, else where we are."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except ArgumentError:
        return Path(FOLDER)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).parent / FOLDER
    return Path(FOLDER)


def read_verifiers(said: str) -> list[Verifier]:
    """Public keys: one as text, or a file of them; `Misused` if it is neither."""
    from ledger.notes import Verifier

    try:
        lines = [said]
        if Path(said).is_file():
            lines = [line for line in Path(said).read_text("utf-8").splitlines() if line.strip()]
        return [Verifier.parse(line.strip()) for line in lines]
    except (ValueError, OSError) as error:
        raise Misused(f"{said} is neither a public key nor a file of them: {error}") from None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one log, in a folder."""

    folder: Path
    origin: str

    @property
    def private(self) -> Path:
        """The file of the private key."""
        return self._file("key")

    @property
    def public(self) -> Path:
        """The file of the public keys."""
        return self._file("pub")

    def _file(self, ending: str) -> Path:
        return self.folder / f"{self.origin.replace('/', '-')}.{ending}"

    def make(self) -> bool:
        """Make a key where there is none; whether one was made."""
        with self._alone():
            if self.private.exists():
                return False
            self._replace_key()
            return True

    def rotate(self) -> Verifier:
        """Make a new key, which signs from now on; what the old ones signed stays verifiable.

        The public key is listed before the private one signs, so that a crash between leaves a
        line too many and never a signature that nobody knows.
        """
        with self._alone():
            return self._replace_key()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Have the folder, one process at a time; what cannot be written is said plainly."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                yield
            finally:
                os.close(folder)
        except OSError as error:
            raise Unavailable(f"the keys cannot be written to {self.folder}: {error}") from None

    def _replace_key(self) -> Verifier:
        from ledger.notes import Signer

        signer = Signer.make(self.origin)
        known = self.public.read_text("utf-8") if self.public.exists() else ""
        _replace(self.public, f"{known}{signer.verifier.text()}\n", mode=0o644)
        _replace(self.private, f"{signer.text()}\n", mode=0o600)
        return signer.verifier

    def signer(self) -> Signer:
        """The key that signs now; `Misused` where there is none, or where others could read it."""
        from ledger.notes import Signer

        try:
            mode = self.private.stat().st_mode
            text = self.private.read_text("utf-8")
        except FileNotFoundError:
            raise Misused(
                f"there is no key at {self.private}; make one with: grants init"
            ) from None
        except OSError as error:
            raise Unavailable(f"the key cannot be read: {error}") from None
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Misused(f"others can reach the private key: chmod 600 {self.private}")
        try:
            return Signer.parse(text.strip())
        except ValueError as error:
            raise Misused(f"{self.private} is no private key: {error}") from None

    def verifiers(self) -> list[Verifier]:
        """Every public key that ever signed, the newest last; `Misused` where there is none."""
        if len(self.origin) > _LONGEST_ORIGIN or not self.public.is_file():
            raise Misused(f"there is no public key at {self.public}; name one with --key")
        return read_verifiers(str(self.public))


def _replace(path: Path, text: str, *, mode: int) -> None:
    """Write a file whole or not at all, flushed to the disk."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
