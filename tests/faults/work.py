"""What the children of the cradle do: real work on a real ledger, saying each step as it is done.

`sent` is said before commands are handed over, `acknowledged` only after they were recorded; what
was said cannot be lost, since it stands in a pipe that outlives the child.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import pwd
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import Any

import psycopg  # noqa: F401  # so that no child has to import what is imported late elsewhere
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect  # noqa: F401

from app import cli, scheduler, timekeeper
from app.cli import asking, calls, recording  # noqa: F401
from commands.catalogue import record_catalogue
from commands.execute import execute, execute_all
from ledger import log, reading
from ledger.database import postgresql, sqlite
from ledger.database.driver import Driver
from ledger.database.engine import Engine
from projections.opening import make_ledger, open_as_it_is
from projections.questions.roll_ups import BYS
from projections.replay import folding
from projections.replay import rebuild as rebuilding
from projections.replay.rebuild import rebuild
from projections.replay.verify import verify
from tests.asked import balances
from tests.faults.ledgers import opened
from tests.faults.stream import STREAMS
from tests.faults.tally import Tally, Track
from tests.faults.tally import look as look_at

Say = Callable[..., None]
_PR_SET_PDEATHSIG = 1

CHUNK = 50
"""Events folded between two writes: few, so that small ledgers have a middle to stop in."""


def under(
    *,
    clock: str | None = None,
    own_clock: str | None = None,
    file_size: int | None = None,
    nobody: bool = False,
    wait: float | None = None,
    batch: int | None = None,
    silence: float | None = None,
) -> None:
    """The circumstances of a child.

    What time it is; what time it takes it for, while the clocks around it are right; the largest
    file it may write; whether it is a user without rights; how many seconds it waits for its turn;
    how many commands of a file it takes at a time; after how many seconds of silence a server ends
    it.
    """
    if silence is not None:
        postgresql.LONGEST_SILENCE_SECONDS = silence
    if batch is not None:
        recording.BATCH = batch
    if wait is not None:
        os.environ["GRANTS_WAIT"] = str(wait)
    if clock is not None or own_clock is not None:
        ahead = datetime.fromisoformat(clock or own_clock or "") - datetime.now(UTC)
        log.now = lambda: datetime.now(UTC) + ahead
    if clock is not None:
        timekeeper.server_clock = lambda driver: log.now()
    if file_size is not None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, most))
    if nobody and os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)


def die_with_the_cradle(number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies; a change of user ends it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def write(
    say: Say,
    url: str,
    stream: str,
    first: int = 0,
    until: int | None = None,
    batch: int = 1,
) -> None:
    """Send a stream from a place on, one by one or in batches; stop where the ledger fails."""
    commands = STREAMS[stream]()[:until]
    with opened(url) as engine:
        for start in range(first, len(commands), batch):
            sent = commands[start : start + batch]
            say("sent", first=start, until=start + len(sent))
            receipts = [execute(engine, sent[0])] if batch == 1 else list(execute_all(engine, sent))
            statuses = [receipt.status for receipt in receipts]
            say("acknowledged", first=start, statuses=statuses)


def send(say: Say, url: str, commands: list[dict[str, Any]]) -> None:
    """Send commands one by one, saying what came of each."""
    with opened(url) as engine:
        for command in commands:
            receipt = execute(engine, command)
            say("answer", status=receipt.status, rule=receipt.rule)


def do_what_is_due(say: Say, url: str, confirmed: bool = False) -> None:
    """What the year-end clock does when it wakes, or when a person confirms what is due."""
    with opened(url) as engine:
        if confirmed:
            keeper = timekeeper.Timekeeper(engine)
            done = scheduler.run(engine, scheduler.look(engine), keeper)
        else:
            done = scheduler.run_due(engine)
        for receipt in done.receipts:
            say("answer", status=receipt.status, id=receipt.id)
        for one in done.waiting:
            say("waits", id=one.id)


def recompute(say: Say, url: str, what: str, stop_at: int | None = None) -> None:
    """`rebuild` or `verify`, perhaps stopping in the middle until it is let go on, or killed."""
    folding.CHUNK = folding.REMEMBERED = CHUNK
    with opened(url, open_as_it_is) as engine:
        say("begun")
        if what == "rebuild":
            say("finished", events=rebuild(engine, _stopping(say, stop_at)))
        else:
            say("finished", events=verify(engine, _stopping(say, stop_at)).events)


def open_up(say: Say, url: str, slowly: bool = False) -> None:
    """Open a ledger, which rebuilds it if need be; perhaps slowly, each step in the file."""
    refill = rebuilding._refill

    def told(writer: log.Writer, engine: Engine, progress: object = None) -> int:
        say("rebuilding")
        return refill(writer, engine, (lambda *_: time.sleep(0.1)) if slowly else None)

    rebuilding._refill = told
    if slowly:
        folding.CHUNK = folding.REMEMBERED = 5
        sqlite._SETTINGS = (*sqlite._SETTINGS, "cache_size = 1")  # type: ignore[misc]
    with opened(url):
        say("finished")


def hang(say: Say, url: str, asked: int) -> None:
    """Take the lock, ask for so much, and stop; let go on, do the rest."""
    with opened(url) as engine:
        command = {"command": "open_year", "year": 2099, "actor": "kim", "id": "hung"}
        ask_all, answered = Driver.ask_all, 0

        def stopping(driver: Driver, questions: Any) -> Any:
            nonlocal answered
            found = ask_all(driver, questions)
            answered += 1
            if answered == asked:
                say("stopping")
                os.kill(os.getpid(), signal.SIGSTOP)
            return found

        Driver.ask_all = stopping  # type: ignore[method-assign]
        say("finished", status=execute(engine, command).status)


def hang_in_the_middle(say: Say, url: str) -> None:
    """Stop once the question for the lock is on its way, and not yet all that travels with it."""
    with opened(url) as engine:
        execute_one = Driver._execute

        def stopping(driver: Driver, statement: str, *given: Any) -> Any:
            found = execute_one(driver, statement, *given)
            if "FOR UPDATE" in statement:
                say("stopping")
                os.kill(os.getpid(), signal.SIGSTOP)
            return found

        Driver._execute = stopping  # type: ignore[method-assign]
        command = {"command": "open_year", "year": 2099, "actor": "kim", "id": "hung"}
        execute(engine, command)


def hang_before_an_answer(say: Say, url: str) -> None:
    """With the lock in hand, ask for more than fits on the way, and stop before taking it."""
    with opened(url) as engine, log.writing(engine) as writer:
        writer.driver.connection.pgconn.exit_pipeline_mode()
        writer.driver.connection.pgconn.send_query(b"SELECT repeat('x', 10000000)")
        say("stopping")
        os.kill(os.getpid(), signal.SIGSTOP)


def _stopping(say: Say, stop_at: int | None) -> Callable[[int, int], None]:
    def progress(done: int, size: int) -> None:
        if done == stop_at:
            say("stopping", done=done, size=size)
            os.kill(os.getpid(), signal.SIGSTOP)

    return progress


def ask(say: Say, url: str, times: int | None = None) -> None:
    """Ask for everything, again and again, by turns as a newcomer and as one who stays."""
    with opened(url) as staying:
        for asked in range(sys.maxsize if times is None else times):
            try:
                with nullcontext(staying) if asked % 2 else opened(url) as engine:
                    size, digest = everything(engine)
                say("answer", size=size, digest=digest)
            except Exception as error:
                say("wrong", kind=type(error).__name__, message=str(error)[:700])
            time.sleep(0.02)  # a reader among others, not one that takes all there is


def everything(engine: Engine) -> tuple[int, str]:
    """How many events there are, and the digest of all that can be asked now, in one snapshot."""
    with log.reading(engine) as connection:
        size = log.read_head(connection).size
        events = [envelope for envelope, _ in reading.read(connection)]
        rows = {by: balances(connection, by, today="2026-01-01") for by in BYS}
    assert len(events) == size, f"{len(events)} of {size} events"
    totals = {by: _total(rows[by]) for by in ("company", "grant", "line")}
    assert totals["company"] == totals["grant"] == totals["line"], totals
    return size, hashlib.sha256(json.dumps([events, rows]).encode()).hexdigest()[:16]


def _total(rows: list[dict[str, Any]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update({bucket: row[bucket] for bucket in ("committed", "spent", "due", "lapsed")})
    return total


def look(say: Say, url: str, track: dict[str, Any], whole: bool) -> None:
    """Count what became of a stream, from where the ledger can be seen; send the next command."""
    tally, seen = Tally(), Track(**track)
    before = seen.done
    look_at(url, [seen], tally, whole=whole)
    say("looked", tally=asdict(tally), known=seen.known, heard=seen.statuses[before:])


def make(say: Say, url: str) -> None:
    """`init`: make a ledger and record the catalogue."""
    say("begun")
    with opened(url, make_ledger) as engine:
        record_catalogue(engine)
    say("finished")


def call(say: Say, arguments: list[str]) -> None:
    """Run the command line as its own process would; say its exit code and what it printed."""
    with TemporaryFile() as out, TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        say("begun")
        try:
            cli.main(arguments)
        except SystemExit as ended:
            code = ended.code
        sys.stdout.flush()
        sys.stderr.flush()
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read(1200).decode(errors="replace"))
        say("finished", code=code, out=texts[0], err=texts[1])


def limit_files(say: Say, pid: int, size: int | None) -> None:
    """Set the largest file that another process of the same user, and its children, may write."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


def fill(say: Say, folder: str, leave: int | None) -> None:
    """Fill a file system until so many bytes are left; None makes room again."""
    ballast = os.path.join(folder, "ballast")
    with open(ballast, "wb") as file:
        if leave is not None:
            disk = os.statvfs(folder)
            os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_bsize - leave))


def serve(say: Say, binaries: str, home: str, data: str, wal: str) -> None:
    """Become a PostgreSQL server, with its socket and its log in its home; SIGQUIT ends it."""
    die_with_the_cradle(signal.SIGQUIT)
    os.chdir(home)
    os.environ["LC_ALL"] = "C"
    log = os.open("server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    options = "--username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync"
    if not os.path.exists(data):
        made = [f"{binaries}/initdb", f"--pgdata={data}", f"--waldir={wal}", "--wal-segsize=1"]
        subprocess.run([*made, *options.split()], check=True)
    small = ("max_wal_size=4MB", "min_wal_size=2MB", "shared_buffers=16MB", "listen_addresses=")
    settings = [word for setting in small for word in ("-c", setting)]
    settings += ["-c", "dynamic_shared_memory_type=mmap"]  # in its folder, not the machine's
    settings += ["-c", "wal_recycle=off"]  # so that every part of its log needs new room
    server = [f"{binaries}/postgres", "-D", data, "-k", home, "-p", "5432", *settings]
    os.execv(server[0], server)


JOBS: dict[str, Callable[..., None]] = {
    "write": write,
    "send": send,
    "do-what-is-due": do_what_is_due,
    "recompute": recompute,
    "open-up": open_up,
    "hang": hang,
    "hang-in-the-middle": hang_in_the_middle,
    "hang-before-an-answer": hang_before_an_answer,
    "ask": ask,
    "look": look,
    "make": make,
    "call": call,
    "limit-files": limit_files,
    "fill": fill,
    "serve": serve,
}
