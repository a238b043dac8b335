"""The calls that keep a ledger: neither commands nor questions."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

from cyclopts import Parameter

from app.cli import exits, options
from app.cli.door import Door, Keyring
from app.cli.language import in_words
from app.cli.printing import print_done, print_json, print_line
from ledger.errors import Misused

HERE = Door()
BESIDE = Keyring()
Key = Annotated[
    list[str] | None,
    Parameter(negative="", help="a public key that is trusted, or a file of them; several times"),
]
Checkpoints = Annotated[
    list[str] | None, Parameter(negative="", help="file of a checkpoint; several times")
]


def init(*, keyring: Keyring = BESIDE, door: Door = HERE) -> int:
    """Make the ledger, its key, and record the catalogue; again does no harm.

    A ledger that was there before gets no key: its own may lie elsewhere.
    """
    from commands.catalogue import record_catalogue

    with door.opened("make_ledger", keyring) as application:
        recorded = record_catalogue(application.engine, via="cli")
        keys = application.keys
    made = bool(recorded) and keys.make()  # an older log's key may lie elsewhere
    if door.json:
        print_json(
            {
                "ledger": door.shown,
                "programmes_recorded": recorded,
                "origin": keys.origin,
                "public_keys": str(keys.public),
                "key_made": made,
            }
        )
    else:
        print_line(
            in_words("{ledger}: {many} programmes recorded", ledger=door.shown, many=recorded)
        )
        if made:
            print_line(
                in_words("a key to sign with was made; its public half: {path}", path=keys.public)
            )
        elif not keys.signs:
            print_line(exits.worded(keys.missing()))
    return exits.DONE


def run(
    files: Annotated[
        list[str],
        Parameter(allow_leading_hyphen=True, help="files of JSON lines; - for standard input"),
    ],
    /,
    *,
    on_refusal: Annotated[
        Literal["continue", "stop"], Parameter(help="what a refusal does to the rest")
    ] = "continue",
    dry_run: Annotated[
        bool,
        Parameter(
            negative="",
            help="answer what would be recorded, each line as if those before it had been; write "
            "nothing",
        ),
    ] = False,
    again: Annotated[
        str | None,
        Parameter(help="a text, such as a day, under which the same file is recorded anew"),
    ] = None,
    door: Door = HERE,
) -> int:
    """Run files of commands in order, in batches; a receipt a line.

    A command without an id gets one made of what it asks and of how many equal ones stand before
    it in its file, so that a file run twice, corrected or grown records what is new alone.
    """
    from app.cli.recording import run as run_files

    return run_files(files, door, on_refusal, again=again, dry_run=dry_run)


def verify(
    *,
    checkpoint: Checkpoints = None,
    key: Key = None,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """Recompute every hash, the tree and every projection; name the first thing that is wrong.

    With checkpoints, also that the log begins with all that each of them saw.
    """
    from app.cli.attesting import print_seen
    from app.cli.moving import print_ahead, told_ahead
    from app.cli.progress import progress
    from app.trusting import opened_checkpoint
    from projections.replay.verify import verify as verify_all

    settings = door.settings(keyring)
    seen = [opened_checkpoint(settings, file, key or ()) for file in checkpoint or ()]
    with door.opened("open_as_it_is") as application, progress("verify") as advance:
        found = verify_all(application.engine, advance, [one.checkpoint for one in seen])
    if door.json:
        sizes = [one.checkpoint.size for one in seen]
        signed_by = [one.signed_by for one in seen]
        given_up = sorted({line for one in seen for line in one.checkpoint.given_up})
        print_json(
            {"events": found.events, "root": found.root}
            | {"checkpoints": sizes, "signed_by": signed_by, "given_up": given_up}
            | {"ahead": told_ahead(found)}
        )
    else:
        print_done(in_words("{events:,} events, root {root}", events=found.events, root=found.root))
        print_ahead(found)
        for one in seen:
            print_seen(one)
    return exits.DONE


def keys(
    *,
    rotate: Annotated[bool, Parameter(negative="", help="make a new key to sign with")] = False,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """The public keys that checkpoints are checked with, the newest last."""
    from app.cli import attesting

    return attesting.keys(door, keyring, rotate=rotate)


def checkpoint(
    *,
    after_restore: Annotated[
        bool,
        Parameter(
            negative="",
            help="sign although the log no longer extends what was signed last, because a backup "
            "was restored; this and every later checkpoint says so",
        ),
    ] = False,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """What the log is now, as a signed note to be kept outside.

    Only what extends the note that was signed last, and what the events add up to, is signed.
    """
    from app.cli import attesting

    return attesting.checkpoint(door, keyring, after_restore=after_restore)


def prove(
    seq: Annotated[options.Whole | None, Parameter(help="position of the event")] = None,
    /,
    *,
    since: Annotated[
        str | None, Parameter(help="file of an earlier checkpoint that the log extends")
    ] = None,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """A proof that one event is in the log, without showing any other.

    With --since, a proof that the log extends what an earlier checkpoint saw.
    """
    from app.cli import attesting

    return attesting.prove(door, keyring, seq, since)


def check_proof(
    file: Annotated[str, Parameter(help="file of the proof")],
    /,
    *,
    key: Key = None,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """Check a proof with the public key alone; needs no ledger."""
    from app.cli import attesting

    return attesting.check_proof(door, keyring, file, key or ())


def export(
    *,
    format: Annotated[
        Literal["jsonl"], Parameter(help="jsonl: every event, a line each")
    ] = "jsonl",
    to: Annotated[str | None, Parameter(help="file to be made; if left out, printed")] = None,
    door: Door = HERE,
) -> int:
    """The whole log, to be kept, read elsewhere, or loaded into another ledger."""
    from app.cli import moving

    return moving.export(door, to)


def load(
    file: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="what export made; - for standard input")
    ],
    /,
    *,
    checkpoint: Checkpoints = None,
    key: Key = None,
    keyring: Keyring = BESIDE,
    door: Door = HERE,
) -> int:
    """Load an exported log into a new ledger: the same positions, bytes and root.

    Anything damaged, or missing before a checkpoint, leaves nothing.
    """
    from app.cli import moving
    from app.trusting import opened_checkpoint

    settings = door.settings(keyring)
    seen = [opened_checkpoint(settings, one, key or ()) for one in checkpoint or ()]
    return moving.load(door, file, [one.checkpoint for one in seen])


def backup(
    file: Annotated[str, Parameter(help="file to be made")],
    /,
    *,
    door: Door = HERE,
) -> int:
    """Copy a SQLite ledger to a file while writers go on."""
    from app.cli import moving

    return moving.backup(door, file)


def rebuild(*, door: Door = HERE) -> int:
    """Empty the projections and fold the whole log again."""
    from app.cli.progress import progress
    from projections.replay.rebuild import rebuild as rebuild_all

    with door.opened("open_as_it_is") as application, progress("rebuild") as advance:
        folded = rebuild_all(application.engine, advance)
    if door.json:
        print_json({"events": folded})
    else:
        print_done(in_words("{events:,} events folded", events=folded))
    return exits.DONE


def demo(*, keyring: Keyring = BESIDE, door: Door = HERE) -> int:
    """Play a believable story of two fiscal years on a new embedded ledger.

    Without --ledger it makes grants-demo.db in the working directory, for exploring afterwards.
    """
    from app.demo import play

    return play(door, keyring)


def scheduler(
    *,
    once: Annotated[bool, Parameter(negative="", help="do what is due and stop")] = False,
    confirm: Annotated[
        bool, Parameter(negative="", help="with --once: do also what waits for a person")
    ] = False,
    door: Door = HERE,
) -> int:
    """The year-end clock: opens years at midnight in Seoul, closes them after the late period.

    What comes after a long silence, or is more than one year at once, waits for --once --confirm.
    """
    from app.cli import clock

    if confirm and not once:
        raise Misused("--confirm goes with --once: grants scheduler --once --confirm")
    return clock.run_once(door, confirm=confirm) if once else clock.run_forever(door)


def completion(
    shell: Annotated[
        Literal["bash", "zsh", "fish", "powershell"], Parameter(help="name of the shell")
    ],
    /,
    *,
    door: Door = HERE,
) -> int:
    """Print what a shell needs to complete calls: `source <(grants completion bash)`."""
    from app.cli.command_line import app

    sys.stdout.write(app.generate_completion(shell=shell))
    return exits.DONE
