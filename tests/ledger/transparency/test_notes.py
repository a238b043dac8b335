"""Notes and checkpoints against the published vectors, and what is not to be trusted."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode, b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.transparency.merkle import EMPTY_ROOT
from ledger.transparency.notes import (
    Checkpoint,
    Signer,
    UnknownKey,
    Verifier,
    opened,
    signed,
    signers,
)

# The vectors of golang.org/x/mod/sumdb/note.
PETER_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH_PUBLIC = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR"
    "Zb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33"
    "WWd1RvMc+QQ=\n"
)
NOTE = f"{TEXT}\n{PETER_LINE}"

# The example of c2sp.org/signed-note.
EXAMPLE_PUBLIC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRK"
    "uwHjG1Yu72IneyaQM=\n"
)

# The example of c2sp.org/tlog-checkpoint.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

PETER = Verifier.parse(PETER_PUBLIC)
ENOCH = Verifier.parse(ENOCH_PUBLIC)
EXAMPLE = Verifier.parse(EXAMPLE_PUBLIC)
PETER_SIGNER = Signer.parse(PETER_PRIVATE)
ROOT = bytes(range(32))
ROOT_TEXT = b64encode(ROOT).decode()

lines = st.text(st.characters(exclude_categories=["Cc", "Cs"]))
texts = st.lists(lines, min_size=1).map(lambda lines: "\n".join(lines) + "\n")


def by(key_id: str, signature: bytes) -> str:
    """A signature line that claims to be of that key."""
    name, _, key_hash = key_id.partition("+")
    return f"— {name} {b64encode(bytes.fromhex(key_hash) + signature).decode()}\n"


# ── keys ──


def test_the_published_private_key_makes_the_published_note():
    assert signed(TEXT, PETER_SIGNER) == NOTE


def test_the_published_private_key_has_the_published_public_key():
    assert PETER_SIGNER.verifier.text() == PETER_PUBLIC
    assert PETER.key_id == "PeterNeumann+c74f20a3"


def test_keys_come_back_from_their_text():
    assert Signer.parse(PETER_SIGNER.text()) == PETER_SIGNER
    assert PETER_SIGNER.text() == PETER_PRIVATE
    for text in (PETER_PUBLIC, ENOCH_PUBLIC, EXAMPLE_PUBLIC):
        assert Verifier.parse(text).text() == text


def test_a_new_key_signs_what_its_public_half_opens_after_both_were_written_down():
    signer = Signer.parse(Signer.make("example.org/보조금").text())
    verifier = Verifier.parse(signer.verifier.text())
    assert opened(signed(TEXT, signer), [verifier]) == TEXT
    assert signer != Signer.make("example.org/보조금")


def test_a_private_key_does_not_show_itself():
    assert PETER_SIGNER.seed.hex() not in repr(PETER_SIGNER)
    assert repr(PETER_SIGNER) == "Signer(name='PeterNeumann')"


@pytest.mark.parametrize(("parse", "text"), [(Verifier, PETER_PUBLIC), (Signer, PETER_PRIVATE)])
def test_a_part_of_a_key_is_not_a_key(parse, text):
    for low in range(len(text)):
        for high in range(low + 1, len(text) + 1):
            if high - low < len(text):
                with pytest.raises(ValueError):  # noqa: PT011 as many reasons as parts
                    parse.parse(text[low:high])


@pytest.mark.parametrize(("parse", "text"), [(Verifier, PETER_PUBLIC), (Signer, PETER_PRIVATE)])
def test_a_key_with_one_character_changed_is_not_a_key(parse, text):
    for place, character in enumerate(text):
        changed = text[:place] + chr(ord(character) + 1) + text[place + 1 :]
        with pytest.raises(ValueError):  # noqa: PT011 as many reasons as places
            parse.parse(changed)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "not base64 as it is written",
            id="too long, with the hash to match",
        ),
        pytest.param(PETER_PUBLIC + "BADK", "has 32 bytes, not 35", id="too long"),
        pytest.param(
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "not an Ed25519 key",
            id="of another kind, with the hash to match",
        ),
        pytest.param(PETER_PUBLIC.replace("c74f", "c74e"), "key hash 'c74e20a3'", id="other hash"),
        pytest.param(PETER_PUBLIC.replace("c74f", "C74F"), "key hash 'C74F20a3'", id="upper case"),
        pytest.param(PETER_PUBLIC.replace("Peter", "Petra"), "key hash", id="other name"),
        pytest.param(PETER_PUBLIC.replace("Peter", "Peter "), "no space or plus", id="space"),
        pytest.param(PETER_PUBLIC.removeprefix("PeterNeumann"), "not empty", id="no name"),
        pytest.param(PETER_PUBLIC + "\n", "not base64", id="line end"),
        pytest.param(PETER_PRIVATE, "not base64", id="the private key in its place"),
        pytest.param("PeterNeumann", "<name>.<hash>.<base64>", id="a name alone"),
    ],
)
def test_what_is_not_a_verifier_key_is_refused_and_says_why(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        Verifier.parse(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(PETER_PUBLIC, "a signer key reads PRIVATE.KEY", id="the public key"),
        pytest.param("PRIVATE+KEY+PeterNeumann", "a signer key reads", id="cut short"),
        pytest.param(PETER_PRIVATE.replace("c74f", "c74e"), "key hash 'c74e20a3'", id="hash"),
        pytest.param(PETER_PRIVATE.replace("+AY", "+ZY"), "not an Ed25519 key", id="kind"),
        pytest.param(PETER_PRIVATE + "AAAA", "has 32 bytes, not 35", id="too long"),
    ],
)
def test_what_is_not_a_signer_key_is_refused_without_showing_the_secret(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        Signer.parse(text)
    assert PETER_PRIVATE[-20:] not in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb", "a\x01b", "\ud800"]
)
def test_a_name_that_a_signature_line_could_not_carry_is_refused(name):
    with pytest.raises(ValueError, match=r"name of a key|a note is UTF-8"):
        Signer.make(name)


# ── opening ──


@pytest.mark.parametrize(
    ("note", "public", "text"),
    [
        (NOTE, PETER_PUBLIC, TEXT),
        (EXAMPLE_NOTE, EXAMPLE_PUBLIC, "This is an example message.\n"),
        (f"{TEXT}\n{ENOCH_LINE}", ENOCH_PUBLIC, TEXT),
    ],
)
def test_a_published_note_opens_with_its_published_key(note, public, text):
    assert opened(note, [Verifier.parse(public)]) == text


@given(texts)
@example("\n")
@example("a\n\n")
@example(f"{NOTE}")
@example("— \u2028\u0085not a line end\n")
def test_every_text_comes_back_from_its_note(text):
    assert opened(signed(text, PETER_SIGNER), [PETER]) == text


@given(st.integers(0, len(TEXT) - 1), st.characters(exclude_categories=["Cc", "Cs"]))
def test_a_text_with_one_character_changed_is_refused(place, character):
    if character != TEXT[place]:
        with pytest.raises(ValueError, match=r"PeterNeumann\+c74f20a3 is wrong|a note has a text"):
            opened(TEXT[:place] + character + NOTE[place + 1 :], [PETER])


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_signature_with_one_byte_changed_is_refused(place, mask):
    signature = bytearray(PETER_SIGNER.sign(TEXT))
    signature[place] ^= mask
    with pytest.raises(ValueError, match=r"signature of PeterNeumann\+c74f20a3 is wrong"):
        opened(f"{TEXT}\n{by(PETER.key_id, bytes(signature))}", [PETER])


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: s + b"\0", lambda s: s[:1]])
def test_a_signature_of_another_length_is_refused(change):
    line = by(PETER.key_id, change(PETER_SIGNER.sign(TEXT)))
    with pytest.raises(ValueError, match=r"signature of PeterNeumann\+c74f20a3 is wrong"):
        opened(f"{TEXT}\n{line}", [PETER])


def test_the_published_signature_with_something_put_in_between_is_refused():
    with pytest.raises(ValueError, match="is wrong"):
        opened(f"{TEXT}\n{PETER_LINE[:60]}ABCD{PETER_LINE[60:]}", [PETER])


def test_a_signature_with_another_key_hash_is_of_an_unknown_key():
    line = by("PeterNeumann+c74f20a4", PETER_SIGNER.sign(TEXT))
    sentence = r"no known key signed .* by PeterNeumann\+c74f20a4, known is PeterNeumann\+c74f20a3"
    with pytest.raises(ValueError, match=sentence):
        opened(f"{TEXT}\n{line}", [PETER])


def test_a_signature_under_another_name_is_of_an_unknown_key():
    misnamed = PETER_LINE.replace("PeterNeumann", "CarmenSandiego")
    with pytest.raises(ValueError, match="no known key signed"):
        opened(f"{TEXT}\n{misnamed}", [PETER])


def test_another_key_of_the_same_name_is_not_trusted():
    impostor = Signer.make(PETER.name)
    with pytest.raises(ValueError, match="no known key signed"):
        opened(signed(TEXT, impostor), [PETER])


def test_another_key_that_claims_the_known_name_and_hash_is_refused():
    forged = by(PETER.key_id, Signer.make(PETER.name).sign(TEXT))
    with pytest.raises(ValueError, match="is wrong"):
        opened(f"{TEXT}\n{forged}", [PETER])


def test_which_keys_would_be_needed_is_told():
    with pytest.raises(UnknownKey) as told:
        opened(NOTE + ENOCH_LINE + PETER_LINE, [EXAMPLE])
    assert told.value.signed_by == [PETER.key_id, ENOCH.key_id]


def test_the_known_keys_that_signed_are_told():
    assert signers(NOTE + ENOCH_LINE, [EXAMPLE, ENOCH, PETER]) == [PETER, ENOCH]
    assert signers(NOTE + ENOCH_LINE + PETER_LINE, [PETER, PETER]) == [PETER]


def test_a_checkpoint_that_names_another_log_than_its_signature_is_refused():
    """It is wrong whoever is known: a log signs under its own name."""
    note = signed(Checkpoint("other", 0, ROOT).text(), PETER_SIGNER)
    for known in ([], [PETER]):
        with pytest.raises(ValueError, match="names the log 'other', and is signed for Peter"):
            Checkpoint.from_note(note, known)


def test_signatures_of_unknown_keys_are_ignored_beside_a_known_one():
    note = NOTE + ENOCH_LINE + by("Unknown+00000000", b"not even Ed25519")
    assert opened(note, [PETER]) == TEXT
    assert opened(note, [ENOCH]) == TEXT
    assert opened(note, [ENOCH, PETER, PETER]) == TEXT


def test_one_wrong_signature_of_a_known_key_outweighs_a_right_one():
    other = signed("another text\n", PETER_SIGNER).split("\n\n")[1]
    with pytest.raises(ValueError, match=r"PeterNeumann.* is wrong"):
        opened(f"{TEXT}\n{ENOCH_LINE}{other}", [ENOCH, PETER])
    with pytest.raises(ValueError, match=r"PeterNeumann.* is wrong"):
        opened(f"{NOTE}{other}", [PETER])


def test_without_known_keys_no_note_opens():
    with pytest.raises(ValueError, match=r"by PeterNeumann\+c74f20a3, known is none"):
        opened(NOTE, [])


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        pytest.param(TEXT, "a note has a text, a blank line", id="text alone"),
        pytest.param(TEXT + "\n", "a signature line reads", id="no signature"),
        pytest.param("", "a note has a text, a blank line", id="nothing"),
        pytest.param(NOTE[:-1], "each with its end", id="last line without end"),
        pytest.param(TEXT + PETER_LINE, "a blank line", id="no blank line"),
        pytest.param("\x01" + NOTE, r"found '\\x01' at position 0", id="control character"),
        pytest.param(NOTE.replace("\n", "\r\n"), r"found '\\r' at position 56", id="CRLF"),
        pytest.param("\udcff" + NOTE, r"UTF-8 .* found '\\udcff'", id="not UTF-8"),
        pytest.param(NOTE + "Unexpected line.\n", "a signature line reads", id="another line"),
        pytest.param(NOTE.replace("—", "-"), "a signature line reads", id="hyphen for dash"),
        pytest.param(NOTE.replace("— ", "—\u00a0"), "a signature line reads", id="other space"),
        pytest.param(NOTE.replace("PeterN", "Peter N"), "is not base64", id="space in name"),
        pytest.param(NOTE.replace("PeterN", "Peter+N"), "no space or plus", id="plus in name"),
        pytest.param(NOTE.replace("PeterNeumann", ""), "not empty", id="no name"),
        pytest.param(NOTE + "— Enoch\n", "a signature line reads", id="name alone"),
        pytest.param(NOTE + "— Enoch !!!!\n", "of Enoch is not base64", id="not base64"),
        pytest.param(NOTE + "— Enoch AAAAAA==\n", "4 bytes: too short", id="key hash alone"),
        pytest.param(NOTE.replace("AM=", "AN="), "not base64 as it is written", id="other bits"),
        pytest.param(NOTE.replace("AM=", "AM"), "is not base64", id="no padding"),
        pytest.param(f"{NOTE}\n{ENOCH_LINE}", "is wrong|no known key", id="nested"),
    ],
)
def test_what_is_not_a_note_is_refused_and_says_why(note, sentence):
    with pytest.raises(ValueError, match=sentence):
        opened(note, [PETER])


def test_a_hundred_signatures_are_read_and_one_more_is_too_many():
    assert opened(f"{TEXT}\n{ENOCH_LINE * 99}{PETER_LINE}", [PETER]) == TEXT
    for known in ([PETER], []):
        with pytest.raises(ValueError, match="at most 100 signatures, not 101"):
            opened(f"{TEXT}\n{PETER_LINE * 101}", known)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ends in a newline"),
        ("abc", "ends in a newline"),
        ("a\tb\n", "found '.t' at position 1"),
        ("\ud800\n", "UTF-8"),
    ],
)
def test_a_text_that_no_note_could_hold_is_not_signed(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        signed(text, PETER_SIGNER)


def test_importing_the_module_does_not_load_the_cryptography():
    code = "import sys, ledger.transparency.notes; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ── checkpoints ──


def test_the_published_checkpoint_is_read_and_written_as_it_is():
    checkpoint = Checkpoint.parse(CHECKPOINT)
    root = b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert checkpoint.text() == CHECKPOINT


@given(lines.filter(bool), st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back_from_a_signed_note(origin, size, root):
    checkpoint = Checkpoint(origin, size, root)
    text = opened(signed(checkpoint.text(), PETER_SIGNER), [PETER])
    assert Checkpoint.parse(text) == checkpoint


def test_extension_lines_are_kept_and_signed():
    checkpoint = Checkpoint.parse(CHECKPOINT + "an extension\nand another\n")
    assert checkpoint.extensions == ("an extension", "and another")
    assert checkpoint.text() == CHECKPOINT + "an extension\nand another\n"
    note = signed(checkpoint.text(), PETER_SIGNER)
    with pytest.raises(ValueError, match="is wrong"):
        opened(note.replace("and another\n", ""), [PETER])


@pytest.mark.parametrize("line", ["", "two\nlines", "a\ttab"])
def test_an_extension_that_could_not_be_read_again_is_not_made(line):
    with pytest.raises(ValueError, match=r"extension of a checkpoint|control characters"):
        Checkpoint("log", 0, ROOT, (line,))


def test_a_history_that_is_given_up_is_told_by_every_checkpoint_after_it():
    first = Checkpoint("log", 27, ROOT, ("something else",))
    anew = first.begun_anew()
    assert (anew.size, anew.root) == (0, EMPTY_ROOT)
    assert anew.given_up == [f"after-restore 27 {ROOT_TEXT}"]
    assert anew.extensions[0] == "something else"
    later = Checkpoint("log", 3, ROOT, anew.extensions)
    assert later.begun_anew().given_up == [*anew.given_up, f"after-restore 3 {ROOT_TEXT}"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "at least three lines", id="nothing"),
        pytest.param("log\n0\n", "at least three lines", id="two lines"),
        pytest.param(f"log\n0\n{ROOT_TEXT}", "ends in a newline", id="no last newline"),
        pytest.param(f"log\n0\n{ROOT_TEXT}\next", "ends in a newline", id="cut extension"),
        pytest.param(f"\n0\n{ROOT_TEXT}\n", "none of them empty", id="no origin"),
        pytest.param(f"log\n\n{ROOT_TEXT}\n", "none of them empty", id="no size"),
        pytest.param("log\n0\n\n", "none of them empty", id="no root"),
        pytest.param(f"log\n0\n{ROOT_TEXT}\n\n", "none of them empty", id="empty extension"),
        pytest.param(f"log\n0\n{ROOT_TEXT}\n\next\n", "none of them empty", id="empty between"),
        pytest.param(f"log\r\n0\r\n{ROOT_TEXT}\r\n", r"found '\\r'", id="CRLF"),
        pytest.param(f"log\n0\n{ROOT_TEXT}\next\t\n", r"found '\\t'", id="tab in extension"),
        pytest.param(f"log\n01\n{ROOT_TEXT}\n", "leading zeros, not '01'", id="leading zero"),
        pytest.param(f"log\n00\n{ROOT_TEXT}\n", "leading zeros, not '00'", id="two zeros"),
        pytest.param(f"log\n-1\n{ROOT_TEXT}\n", "decimal number", id="negative"),
        pytest.param(f"log\n+1\n{ROOT_TEXT}\n", "decimal number", id="plus"),
        pytest.param(f"log\n 1\n{ROOT_TEXT}\n", "decimal number", id="space"),
        pytest.param(f"log\n1_0\n{ROOT_TEXT}\n", "decimal number", id="underscore"),
        pytest.param(f"log\n1.0\n{ROOT_TEXT}\n", "decimal number", id="fraction"),
        pytest.param(f"log\n１\n{ROOT_TEXT}\n", "decimal number", id="full-width digit"),
        pytest.param(f"log\n1０\n{ROOT_TEXT}\n", "decimal number", id="second full-width"),
        pytest.param(f"log\n{2**63}\n{ROOT_TEXT}\n", "0 to 9223372036854775807", id="too large"),
        pytest.param(f"log\n1{'0' * 5000}\n{ROOT_TEXT}\n", "decimal number", id="far too large"),
        pytest.param("log\n1\nAAAA\n", "has 32 bytes, not 3", id="short root"),
        pytest.param(f"log\n1\n{'A' * 44}\n", "has 32 bytes, not 33", id="long root"),
        pytest.param("log\n1\n!\n", "root of a checkpoint is not base64", id="not base64"),
        pytest.param(f"log\n1\n{ROOT_TEXT[:-1]}\n", "is not base64", id="no padding"),
        pytest.param(f"log\n1\n{ROOT_TEXT} \n", "is not base64", id="space after"),
        pytest.param(f"log\n1\n{ROOT.hex()}\n", "has 32 bytes, not 48", id="hex"),
        pytest.param(f"log\n1\n{'A' * 42}B=\n", "not base64 as it is written", id="other bits"),
        pytest.param(f"log\n1\n{'-' * 43}=\n", "is not base64", id="URL alphabet"),
    ],
)
def test_what_is_not_a_checkpoint_is_refused_and_says_why(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    ("origin", "size", "root", "sentence"),
    [
        ("", 0, ROOT, "is one line, not ''"),
        ("two\nlines", 0, ROOT, "is one line"),
        ("a\tb", 0, ROOT, "control characters"),
        ("log", -1, ROOT, "0 to 9223372036854775807, not -1"),
        ("log", 2**63, ROOT, "0 to 9223372036854775807"),
        ("log", 0, ROOT[:-1], "has 32 bytes, not 31"),
    ],
)
def test_a_checkpoint_that_could_not_be_read_again_is_not_made(origin, size, root, sentence):
    with pytest.raises(ValueError, match=sentence):
        Checkpoint(origin, size, root)
