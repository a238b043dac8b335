"""Connecting to PostgreSQL, with everything set that the ledger's promises rest on.

A server, a database, a role and the environment each may say how a session behaves: how isolated,
how durable, in which encoding. None of that is left to them. What would need other rights to set
right is looked at, and refused if it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ledger.errors import Misused, Unavailable

if TYPE_CHECKING:
    import psycopg

_NOTICING_A_LOST_SERVER = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
"""A server that vanished without a word is given up after half a minute, not after hours."""

LONGEST_SILENCE_SECONDS = 300.0
"""After which a writer that hangs with the lock in its hand is ended, if others wait for it."""

LOCK_NOT_AVAILABLE = "55P03"


def end_the_hanging() -> str:
    """The question that ends writers which hang with the lock in their hand; a row for each.

    `LONGEST_SILENCE_SECONDS` ago they began to ask something, and the server still waits for more
    of it, or for them to take the answer. What travels together is one long question to it: it
    counts a silence by itself only where each question went alone. Whom one has no right to end
    (members of a role may end its writers) is left alone.
    """
    return f"""
        SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid)
        WHERE relation = 'head'::regclass AND mode = 'RowShareLock' AND granted
        AND state = 'active' AND wait_event_type = 'Client'
        AND state_change
            < pg_catalog.clock_timestamp() - interval '{LONGEST_SILENCE_SECONDS} seconds'
        AND pg_catalog.pg_has_role(usesysid, 'USAGE')"""


_SETTINGS: dict[str, str | int] = {
    # what a transaction sees, and when it is safe
    "default_transaction_isolation": "'read committed'",
    "default_transaction_deferrable": "off",
    "client_min_messages": "warning",  # which tell that a standby is no longer waited for
    # how long what may take
    "statement_timeout": 0,
    "idle_session_timeout": 0,
    "tcp_keepalives_idle": 10,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 3,
    # what words mean
    "search_path": "public, pg_temp",  # which is searched first where it is not named
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "row_security": "off",  # so that a policy which would hide rows is an error
    "default_table_access_method": "heap",
}
_SETTINGS_SINCE = {170_000: {"transaction_timeout": 0}}

_AT_LEAST_ON = """
    SELECT pg_catalog.set_config('synchronous_commit', 'on', false)
    WHERE pg_catalog.current_setting('synchronous_commit') <> 'remote_apply'"""

_PRIVILEGED = {
    "session_replication_role": "origin",
    "zero_damaged_pages": "off",
    "ignore_checksum_failure": "off",
}
"""What only a superuser may set: whether triggers protect the log, and damage is passed over."""


def opener(given: Mapping[str, str], wait_seconds: float) -> Callable[[], psycopg.Connection[Any]]:
    """What makes connections of what libpq is given; a writer waits so long for its turn."""
    arguments: dict[str, Any] = {
        "connect_timeout": max(2, int(wait_seconds)),
        **_NOTICING_A_LOST_SERVER,
        **given,
        "client_encoding": "UTF8",
    }
    waits = {
        "lock_timeout": _milliseconds(wait_seconds),
        "idle_in_transaction_session_timeout": _milliseconds(LONGEST_SILENCE_SECONDS),
    }

    def opened() -> psycopg.Connection[Any]:
        connection = _connected(arguments)
        try:
            _check_encoding(connection)
            _set_up(connection, _SETTINGS | waits)
            connection.autocommit = False
        except BaseException:
            connection.close()
            raise
        return connection

    return opened


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))  # 0 would be for ever


def _connected(arguments: dict[str, Any]) -> psycopg.Connection[Any]:
    import psycopg

    try:
        return psycopg.connect(**arguments, prepare_threshold=2, autocommit=True)
    except psycopg.Error as error:
        said = str(error)
        for name in _SECRETS & arguments.keys():
            said = said.replace(arguments[name], "***")
        raise type(error)(said) from None


_SECRETS = frozenset(("password", "sslpassword", "oauth_client_secret", "scram_client_key"))


def _check_encoding(connection: psycopg.Connection[Any]) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Misused(
            "this database keeps its text in {encoding}, which alters what it cannot hold: a "
            "ledger needs UTF8 (createdb --template=template0 --encoding=UTF8)",
            encoding=encoding,
        )


def _set_up(connection: psycopg.Connection[Any], settings: Mapping[str, str | int]) -> None:
    """One question, and another only where something privileged is not as it should be."""
    settings = dict(settings)
    for since, more in _SETTINGS_SINCE.items():
        if connection.info.server_version >= since:
            settings |= more
    looks = ", ".join(f"pg_catalog.current_setting('{name}')" for name in _PRIVILEGED)
    statements = [f"SET {name} = {said}" for name, said in settings.items()]
    found = connection.execute("; ".join([*statements, _AT_LEAST_ON, f"SELECT {looks}"]))
    while found.nextset():
        pass
    for (name, wanted), value in zip(_PRIVILEGED.items(), found.fetchone() or (), strict=True):
        if value != wanted:
            _insist(connection, name, wanted)


def _insist(connection: psycopg.Connection[Any], name: str, wanted: str) -> None:
    import psycopg

    try:
        connection.execute(f"SET {name} = {wanted}".encode())
    except psycopg.errors.InsufficientPrivilege:
        raise Unavailable(
            "the database or the role sets {name}, under which the ledger is not safe: have its"
            " administrator set it to {wanted}",
            name=name,
            wanted=wanted,
        ) from None
