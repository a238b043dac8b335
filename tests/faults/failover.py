"""Servers that stop, networks that are cut, primaries that die: `python -m tests.faults.failover
--rounds 20` strikes each fault so often and prints a table of what became of it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, fields
from functools import partial

from tests.faults.cluster import Cluster, primary_and_standby, until, whichever_writes
from tests.faults.proxy import Proxy
from tests.faults.writers import WRITERS, Load, Reckoning, prepared, reckoned


def restart(server: Cluster, pause: float = 1.0) -> None:
    """Stop a server without a word to anybody, and start it again."""
    server.stop_at_once()
    time.sleep(pause)
    server.start()


def terminate_a_writer(server: Cluster, url: str) -> None:
    """Terminate the connection of whoever is in the middle of recording."""
    question = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
    """
    until(lambda: server.ask(question, url) > 0)


def struck(url: str, rounds: int, strike: Callable[[], None]) -> Reckoning:
    """Strike so often while writers are at work; they go on by themselves."""
    with Load(url) as load:
        for _ in range(rounds):
            load.goes_on()
            strike()
        load.goes_on()
    return reckoned(url, load.writers)


def failed_over(end: Callable[[Cluster], None], most: int = 120) -> Reckoning:
    """End the primary while writers work, promote its standby, and let the streams run out."""
    with primary_and_standby() as (primary, standby):
        url = prepared(whichever_writes(primary, standby))
        with Load(url, most=most) as load:
            load.goes_on(most)
            end(primary)
            assert load.acknowledged < WRITERS * most, "the primary outlived the load"
            standby.promote()
            load.ends()
        return reckoned(url, load.writers)


def _faults(server: Cluster, rounds: int) -> Iterator[tuple[str, Reckoning]]:
    url = prepared(server.create_database())
    yield "server stopped at once, restarted", struck(url, rounds, partial(restart, server))
    url = prepared(server.create_database())
    terminate = partial(terminate_a_writer, server, url)
    yield "connection terminated while recording", struck(url, rounds, terminate)
    with Proxy(prepared(server.create_database())) as proxy:
        cut = partial(proxy.cut_and_wait, "before")
        yield "network cut before the commit arrives", struck(proxy.url, rounds, cut)
    with Proxy(prepared(server.create_database())) as proxy:
        cut = partial(proxy.cut_and_wait, "after")
        yield "network cut before the commit is answered", struck(proxy.url, rounds, cut)
    for fault, end in (("killed", Cluster.kill), ("stopped at once", Cluster.stop_at_once)):
        results = [failed_over(end) for _ in range(rounds)]
        yield f"primary {fault}, standby promoted", sum(results, Reckoning())


def main() -> None:
    """Strike each fault so often, and print what became of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.failover")
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    names = [field.name.replace("_", " ") for field in fields(Reckoning)]
    print("| " + " | ".join(("fault", "rounds", *names)) + ", s |")
    print("|---|" + "---:|" * (len(names) + 1))
    with Cluster.fresh() as server:
        for fault, result in _faults(server, rounds):
            *numbers, pause = astuple(result)
            cells = (fault, *map(str, (rounds, *numbers)), f"{pause:.1f}")
            print("| " + " | ".join(cells) + " |", flush=True)
            assert result.is_whole, fault


if __name__ == "__main__":
    main()
