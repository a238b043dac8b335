"""A network between the ledger and its PostgreSQL server, to be cut at a chosen place.

`Proxy` passes bytes both ways between a socket of its own and the server's. Armed with `cut`, it
breaks the next connection that sends the given bytes: before they reach the server, in their
middle, or once the server has answered but before the answer arrives. Both ends then see what
they see when a cable is pulled, an address translator forgets, or a process dies.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Literal, Self, TypeAlias

from sqlalchemy import make_url

from tests.faults.cluster import until

COMMIT = b"COMMIT\x00"
"""What stands in the message of PostgreSQL's protocol with which psycopg commits."""

Cut: TypeAlias = Literal["before", "within", "after", "silence"]
"""Where the connection breaks; with `silence` it does not, but nothing passes any more."""

_PORT = 5433
_MUCH = 1 << 20  # bytes


@dataclass(slots=True)
class _Armed:
    """What to do, at which bytes, and how many times these may pass before."""

    where: Cut
    sent: bytes
    passing: int


@dataclass(eq=False, slots=True)
class _Link:
    """One client's connection, through to the server."""

    client: socket.socket
    server: socket.socket
    answers: bool = True
    silent: bool = False

    def end(self) -> None:
        """Break both halves; whoever is waiting on either wakes up."""
        for half in (self.client, self.server):
            with suppress(OSError):
                half.shutdown(socket.SHUT_RDWR)


class Proxy:
    """A socket that leads to a server, for as long as nobody cuts it."""

    def __init__(self, server: str) -> None:
        self._address = make_url(server)
        folder = Path(str(self._address.query["host"]))  # goes away with the server's
        self._server, self._path = (str(folder / f".s.PGSQL.{port}") for port in (5432, _PORT))
        self._armed: _Armed | None = None
        self._links: set[_Link] = set()
        self._threads: list[Thread] = []
        self._lock = Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self._path)
        self._listener.listen()
        self._start(self._welcome)

    @property
    def url(self) -> str:
        """The same database, reached through here."""
        address = self._address.update_query_dict({"port": str(_PORT)})
        return address.render_as_string(hide_password=False)

    def cut(self, where: Cut, sent: bytes = COMMIT, *, passing: int = 0) -> None:
        """Break the next connection that sends these bytes, after letting some of them pass."""
        with self._lock:
            self._armed = _Armed(where, sent, passing)

    def cut_and_wait(self, where: Cut, sent: bytes = COMMIT) -> None:
        """Break the next connection that sends these bytes, and wait until one has."""
        self.cut(where, sent)
        until(lambda: self.has_cut)

    @property
    def has_cut(self) -> bool:
        """Whether what was armed has struck."""
        return self._armed is None

    def spare(self) -> None:
        """Cut nothing after all."""
        with self._lock:
            self._armed = None

    def cut_all(self) -> None:
        """Break every connection there is, whatever it is doing."""
        with self._lock:
            for link in self._links:
                link.end()

    def close(self) -> None:
        """Break everything and be gone."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        self.cut_all()
        for thread in self._threads:
            thread.join()
        os.unlink(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, task: object, *given: object) -> None:
        thread = Thread(target=task, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with ExitStack() as ends:
            ends.enter_context(client)
            server = ends.enter_context(socket.socket(socket.AF_UNIX))
            try:
                server.connect(self._server)
            except OSError:
                return
            link = _Link(client, server)
            with self._lock:
                self._links.add(link)
            back = Thread(target=self._answer, args=(link,), daemon=True)
            back.start()
            self._ask(link)
            back.join()
            with self._lock:
                self._links.discard(link)

    def _ask(self, link: _Link) -> None:
        """Pass on what the client sends."""
        with suppress(OSError):
            while sent := link.client.recv(_MUCH):
                match self._strikes(sent):
                    case "before":
                        break
                    case "within":
                        link.server.sendall(sent[: len(sent) // 2])
                        break
                    case "after":
                        link.answers = False
                    case "silence":
                        link.silent = True
                if not link.silent:
                    link.server.sendall(sent)
        link.end()

    def _strikes(self, sent: bytes) -> Cut | None:
        """What is to be done now; each cut strikes once."""
        with self._lock:
            armed = self._armed
            if armed is None or armed.sent not in sent:
                return None
            if armed.passing:
                armed.passing -= 1
                return None
            self._armed = None
            return armed.where

    def _answer(self, link: _Link) -> None:
        """Pass on what the server answers, unless the answer is to be lost."""
        with suppress(OSError):
            while said := link.server.recv(_MUCH):
                if not link.answers:
                    break
                if not link.silent:
                    link.client.sendall(said)
        link.end()
