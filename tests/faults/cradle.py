"""A process that has everything imported and forks workers: `python -m tests.faults.cradle`.

Starting Python and importing the ledger takes longer than most faults; a fork takes milliseconds.
Each line of standard input orders a child, or a signal to one, as JSON; whatever the children say,
and how each of them ended, goes to standard output, a JSON line each. The cradle itself holds no
ledger open and has no threads. When its input ends, however the tests ended, it ends the children
that are left and removes the folders that it was told of; if it is killed, the kernel ends them.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
import traceback
from typing import Any

from commands.table import COMMANDS
from ledger.errors import LedgerError
from tests.faults import work
from tests.faults.ledgers import undisturbed

_VOICE = os.dup(1)  # what prints to standard output goes to standard error instead
_TO_BE_REMOVED: list[str] = []  # folders, at the end


def say(number: int, word: str, **facts: Any) -> None:
    """Write one line, at once and in one piece."""
    line = json.dumps({"of": number, "say": word, **facts}, ensure_ascii=False) + "\n"
    os.write(_VOICE, line.encode())


def main() -> None:
    """Fork what is ordered until the input ends."""
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in COMMANDS:
        importlib.import_module(f"commands.{name}")
    undisturbed("finance")
    died, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(died, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    gc.freeze()
    children: dict[int, int] = {}
    heard = b""
    say(0, "ready")
    while True:
        ready, _, _ = select.select([0, died], [], [])
        if died in ready:
            os.read(died, 4096)
            _bury(children)
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                break
            *lines, heard = (heard + more).split(b"\n")
            for line in lines:
                _obey(json.loads(line), children)
    _end(list(children.values()))


def _end(pids: list[int]) -> None:
    """End who is left, and leave a server time to put its things away."""
    for number, seconds in ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        for pid in pids:
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while pids and time.monotonic() < until:
            time.sleep(0.005)
            pids = [pid for pid in pids if os.waitpid(pid, os.WNOHANG) == (0, 0)]
    for folder in _TO_BE_REMOVED:
        shutil.rmtree(folder, ignore_errors=True)


def _obey(order: dict[str, Any], children: dict[int, int]) -> None:
    number = order.pop("of")
    if "remove" in order:
        _TO_BE_REMOVED.append(order["remove"])
    elif "job" in order:
        children[number] = _born(number, order)
    elif number in children:  # not buried yet, so that its process id is nobody else's
        os.kill(children[number], order["signal"])


def _bury(children: dict[int, int]) -> None:
    for number, pid in list(children.items()):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            del children[number]
            say(number, "died", code=os.waitstatus_to_exitcode(status))


def _born(number: int, order: dict[str, Any]) -> int:
    cradle = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code, job = 1, order.pop("job")
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        say(number, "born", pid=os.getpid())
        work.under(**order.pop("under", {}))
        work.die_with_the_cradle(signal.SIGKILL)
        if os.getppid() != cradle:
            os._exit(1)
        work.JOBS[job](lambda word, **facts: say(number, word, **facts), **order)
        code = 0
    except LedgerError as error:
        say(number, "failed", kind=type(error).__name__, message=str(error)[:700])
        code = 0
    except BaseException as error:
        say(number, "failed", kind=type(error).__name__, message=str(error)[:700])
        sys.stderr.write(traceback.format_exc(limit=-4)[-2000:])
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
