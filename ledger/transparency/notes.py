"""Signed notes and checkpoints: what an auditor keeps outside, and how it is trusted again.

A *note* is a text with signatures below it (https://c2sp.org/signed-note); a *checkpoint* is a
note whose text names a log, its size and its root (https://c2sp.org/tlog-checkpoint). Keys are
written as golang.org/x/mod/sumdb/note writes them, so that its tools read ours. Signatures are
Ed25519, by `cryptography`, which is imported only when something is signed or checked.

Notes are text in memory: read and write their files as UTF-8 with `newline=""`, or a changed
line end becomes a changed text.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes

from ledger.errors import Malformed
from ledger.transparency.merkle import EMPTY_ROOT, HASH_BYTES

KEY_BYTES = 32
"""Length of an Ed25519 public key, and of the seed of a private one."""

MOST_SIGNATURES = 100
"""A note with more signatures is refused unread; the specification asks for at least 16."""

MOST_LEAVES = 2**63 - 1
"""The largest size of a checkpoint: what a database's integer holds."""

AFTER_RESTORE = "after-restore"
"""How a line of a checkpoint begins that tells of a history which was signed and then given up."""

_ED25519 = b"\x01"  # the specification's byte for the kind of key
_HASH_BYTES_OF_KEY = 4
_PRIVATE = "PRIVATE+KEY+"


class UnknownKey(Malformed):
    """No known key signed a note: whether it is true cannot be told, nor that it is not."""

    def __init__(self, signed_by: Iterable[str], known: Iterable[str]) -> None:
        self.signed_by = list(dict.fromkeys(signed_by))
        """The ids of the keys, one of which would be needed."""
        super().__init__(
            "no known key signed the note: it is signed by {keys}, known is {known}",
            keys=_listed(self.signed_by),
            known=_listed(known),
        )


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name: who signed? `ValueError` if it cannot be one."""

    name: str
    """Not empty, no spaces, no plus; best the log's origin, such as `example.org/grants`."""
    public: bytes
    """The Ed25519 public key, 32 bytes."""

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_key(self.public)

    @property
    def key_hash(self) -> bytes:
        """The four bytes by which a signature names this key. A short name, not a safeguard."""
        named_key = self.name.encode() + b"\n" + _ED25519 + self.public
        return sha256(named_key).digest()[:_HASH_BYTES_OF_KEY]

    @property
    def key_id(self) -> str:
        """Name and key hash, which together tell keys apart: `PeterNeumann+c74f20a3`."""
        return f"{self.name}+{self.key_hash.hex()}"

    def text(self) -> str:
        """The key as text, `<name>+<hash>+<base64>`, to hand to whoever checks."""
        return f"{self.key_id}+{_base64(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """The key that `text` wrote. `ValueError` if it is not exactly such a text."""
        name, key_hash, public = _key_parts(
            text, Malformed("a verifier key reads <name>+<hash>+<base64>")
        )
        verifier = cls(name, public)
        _check_key_hash(verifier, key_hash)
        return verifier

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over exactly this text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name. Whoever has it speaks for the log: it never leaves its file."""

    name: str
    """The name of its verifier."""
    seed: bytes = field(repr=False)
    """The Ed25519 seed, 32 bytes. Secret: not in the `repr`, not in an error."""

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_key(self.seed)

    @classmethod
    def make(cls, name: str) -> Signer:
        """A new key from the system's randomness. `ValueError` if the name cannot be one."""
        return cls(name, token_bytes(KEY_BYTES))

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, private.public_key().public_bytes_raw())

    def text(self) -> str:
        """The key as text, `PRIVATE+KEY+<name>+<hash>+<base64>`. Secret."""
        return f"{_PRIVATE}{self.verifier.key_id}+{_base64(_ED25519 + self.seed)}"

    @classmethod
    def parse(cls, text: str) -> Signer:
        """The key that `text` wrote. `ValueError` if it is not exactly such a text."""
        form = Malformed("a signer key reads PRIVATE+KEY+<name>+<hash>+<base64>")
        if not text.startswith(_PRIVATE):
            raise form
        name, key_hash, seed = _key_parts(text.removeprefix(_PRIVATE), form)
        signer = cls(name, seed)
        _check_key_hash(signer.verifier, key_hash)
        return signer

    def sign(self, text: str) -> bytes:
        """The signature over the text, 64 bytes; the same again for the same text."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


def signed(text: str, signer: Signer) -> str:
    """The note: the text, a blank line, the signature.

    `ValueError` if the text does not end in a newline or has characters that a note cannot have.
    """
    _check_characters(text)
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    signature = _base64(signer.verifier.key_hash + signer.sign(text))
    return f"{text}\n— {signer.name} {signature}\n"


def opened(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of the note, once a known key has signed it; raises as `signers` does."""
    signers(note, verifiers)
    return _divided(note)[0]


def signers(note: str, verifiers: Iterable[Verifier]) -> list[Verifier]:
    """The known keys that signed the note, at least one.

    Signatures of keys that are not known count for nothing, even under a known name. `UnknownKey`
    if no known key signed; `ValueError` if the signature of a known one is wrong, or if it is not
    a note.
    """
    text, lines = _divided(note)
    known = list(verifiers)
    signatures = list(_signatures(lines))
    found = []
    for key_id, signature in signatures:
        for verifier in known:
            if verifier.key_id != key_id:
                continue
            if not verifier.accepts(text, signature):
                raise Malformed(
                    "the signature of {key_id} is wrong: it, or the text above it, was changed",
                    key_id=key_id,
                )
            found.append(verifier)
    if not found:
        raise UnknownKey(
            (key_id for key_id, _ in signatures), (verifier.key_id for verifier in known)
        )
    return list(dict.fromkeys(found))


def origin_of(first_leaf: bytes) -> str:
    """What names a log among all others: its first event, by the beginning of its hash.

    The name moves house with the events, and a log that begins with another event is another log.
    """
    return f"grant-ledger/{first_leaf.hex()[:16]}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was at one moment. `ValueError` if it could not be written as one."""

    origin: str
    """Which log: one line, best an address without scheme, such as `example.org/grants`."""
    size: int
    """Number of leaves."""
    root: bytes
    """The root over them."""
    extensions: tuple[str, ...] = ()
    """Lines below the root, which are signed with it."""

    def __post_init__(self) -> None:
        lines = [
            (Malformed("origin"), self.origin),
            *((Malformed("extension"), line) for line in self.extensions),
        ]
        for what, line in lines:
            _check_characters(line)
            if not line or "\n" in line:
                raise Malformed(
                    "the {what} of a checkpoint is one line, not {line!r}", what=what, line=line
                )
        if not 0 <= self.size <= MOST_LEAVES:
            raise Malformed(
                "the size of a checkpoint is 0 to {most}, not {size}",
                most=MOST_LEAVES,
                size=self.size,
            )
        if len(self.root) != HASH_BYTES:
            raise Malformed(
                "the root of a checkpoint has {wanted} bytes, not {many}",
                wanted=HASH_BYTES,
                many=len(self.root),
            )

    @classmethod
    def of_nothing(cls, origin: str, extensions: tuple[str, ...] = ()) -> Checkpoint:
        """What every log was before its first event."""
        return cls(origin, 0, EMPTY_ROOT, extensions)

    def begun_anew(self) -> Checkpoint:
        """What the log was before its first event, with a line that says that this was given up.

        Whatever is signed after it has that line too, so that whoever reads it learns that there
        was another history.
        """
        line = f"{AFTER_RESTORE} {self.size} {_base64(self.root)}"
        return self.of_nothing(self.origin, (*self.extensions, line))

    @property
    def given_up(self) -> list[str]:
        """The lines that tell of histories which were signed and then given up."""
        return [line for line in self.extensions if line.split(" ")[0] == AFTER_RESTORE]

    def text(self) -> str:
        """The text to sign."""
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_note(cls, note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
        """The checkpoint of a note that a key of its own log signed, one of those known.

        `UnknownKey` if none of those known did; `ValueError` if it is no such note.
        """
        return cls.parse(opened(note, _of_its_log(note, verifiers)))

    def note(self, signer: Signer) -> str:
        """The note that says so, signed. `ValueError` if the key is another log's."""
        if signer.name != self.origin:
            raise Malformed(
                "the key of {name} does not sign for {origin}", name=signer.name, origin=self.origin
            )
        return signed(self.text(), signer)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint of a text that `opened` gave. `ValueError` if it is not one.

        Lines after the third are extensions.
        """
        *lines, after = text.split("\n")
        if after or len(lines) < 3 or "" in lines:
            raise Malformed(
                "a checkpoint has at least three lines (origin, size, root), none of them empty, "
                "and ends in a newline"
            )
        _check_characters(text)
        origin, size, root, *extensions = lines
        if not re.fullmatch("0|[1-9][0-9]{0,18}", size):
            raise Malformed(
                "the size of a checkpoint is a decimal number without leading zeros, not {size!r}",
                size=size,
            )
        root_hash = _from_base64(root, Malformed("the root of a checkpoint"))
        return cls(origin, int(size), root_hash, tuple(extensions))


def _of_its_log(note: str, verifiers: Iterable[Verifier]) -> list[Verifier]:
    """The keys that may sign for the log that a checkpoint's note names.

    `ValueError` if no signature is by a key of that name, known or not.
    """
    text, lines = _divided(note)
    origin = text.partition("\n")[0]
    names = [key_id.rpartition("+")[0] for key_id, _ in _signatures(lines)]
    if origin not in names:
        raise Malformed(
            "it names the log {origin!r}, and is signed for {names}",
            origin=origin,
            names=_listed(names),
        )
    return [known for known in verifiers if known.name == origin]


def _divided(note: str) -> tuple[str, list[str]]:
    """The text of a note, and the lines of its signatures."""
    _check_characters(note)
    blank = note.rfind("\n\n")
    if blank < 0 or not note.endswith("\n"):
        raise Malformed("a note has a text, a blank line and signature lines, each with its end")
    lines = note[blank + 2 : -1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed(
            "a note has at most {most} signatures, not {many}",
            most=MOST_SIGNATURES,
            many=len(lines),
        )
    return note[: blank + 1], lines


def _signatures(lines: list[str]) -> Iterator[tuple[str, bytes]]:
    """The key id and the signature of each line."""
    for line in lines:
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—" or not encoded:
            raise Malformed("a signature line reads '— <name> <base64>', not {line!r}", line=line)
        _check_name(name)
        signature = _from_base64(encoded, Malformed("the signature of {name}", name=name))
        if len(signature) <= _HASH_BYTES_OF_KEY:
            raise Malformed(
                "the signature of {name} has {many} bytes: too short",
                name=name,
                many=len(signature),
            )
        key_hash = signature[:_HASH_BYTES_OF_KEY]
        yield f"{name}+{key_hash.hex()}", signature[_HASH_BYTES_OF_KEY:]


def _key_parts(text: str, form: Malformed) -> tuple[str, str, bytes]:
    """Name, key hash and key out of the text form; `form` says how it should have read."""
    parts = text.split("+", 2)  # base64 may have plus signs of its own
    if len(parts) != 3:
        raise form
    name, key_hash, encoded = parts
    key = _from_base64(encoded, Malformed("the key"))
    if key[:1] != _ED25519:
        raise Malformed("the key is not an Ed25519 key, the only kind known here")
    return name, key_hash, key[1:]


def _check_key_hash(verifier: Verifier, key_hash: str) -> None:
    if key_hash != verifier.key_hash.hex():
        raise Malformed(
            "the key hash {key_hash!r} is not that of this name and key, which is {own!r}: one of "
            "the three was changed",
            key_hash=key_hash,
            own=verifier.key_hash.hex(),
        )


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise Malformed(
            "an Ed25519 key has {wanted} bytes, not {many}", wanted=KEY_BYTES, many=len(key)
        )


def _check_name(name: str) -> None:
    _check_characters(name)
    if not name or "+" in name or any(character.isspace() for character in name):
        raise Malformed(
            "the name of a key is not empty and has no space or plus, not {name!r}", name=name
        )


def _check_characters(text: str) -> None:
    for position, character in enumerate(text):
        if (character < " " and character != "\n") or "\ud800" <= character <= "\udfff":
            raise Malformed(
                "a note is UTF-8 without control characters other than the newline: found "
                "{character!r} at position {position}",
                character=character,
                position=position,
            )


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _from_base64(encoded: str, what: Malformed) -> bytes:
    """The bytes, if this is the one way to write them: what is signed has one spelling."""
    try:
        data = b64decode(encoded, validate=True)
    except ValueError as error:
        raise Malformed("{what} is not base64: {error}", what=what, error=error) from None
    if _base64(data) != encoded:
        raise Malformed("{what} is not base64 as it is written", what=what)
    return data


def _listed(key_ids: Iterable[str]) -> str:
    return ", ".join(key_ids) or "none"
