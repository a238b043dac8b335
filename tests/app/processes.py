"""The program as a process of its own: with any streams, on a terminal, stopped at any import."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(sys.executable).parent / "grants"


class Ended(NamedTuple):
    """A process that ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


class Office:
    """A folder with a SQLite ledger, and a way to call the program there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "grants.db"
        self.log = folder / "state" / "grants" / "errors.log"
        self.env = os.environ | {
            "GRANTS_LEDGER": f"sqlite:///{self.ledger}",
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "",
            "XDG_STATE_HOME": str(folder / "state"),
        }

    def shell(self, script: str, **env: str) -> Ended:
        """Run a script of bash in which `grants` is the program."""
        function = f'grants() {{ "{PROGRAM}" "$@"; }}\n'
        done = subprocess.run(
            ["bash", "-c", function + script],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def python(self, script: str, **env: str) -> Ended:
        """Run a script of Python."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def on_terminal(self, *arguments: str, pager: str = "cat") -> Ended:
        """Run the program on a terminal; all it printed, whichever stream it came by."""
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(self.folder)
            os.execve(
                PROGRAM, [str(PROGRAM), *arguments], self.env | {"TERM": "xterm", "PAGER": pager}
            )
        printed = b""
        with suppress(OSError):  # how Linux says that nobody writes any more
            while piece := os.read(terminal, 65_536):
                printed += piece
        os.close(terminal)
        _, status = os.waitpid(process, 0)
        said = printed.decode().replace("\r\n", "\n")
        return Ended(os.waitstatus_to_exitcode(status), said, said)

    @property
    def size(self) -> int:
        """How many events the ledger has."""
        return len(self.shell("grants events --json").out.splitlines())
