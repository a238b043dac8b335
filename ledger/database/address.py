"""A ledger's URL: the file or the server that it means, and how it may be shown.

One reading for the engine, for the folder of the keys and for every message. It is SQLAlchemy's
own (2.1), in which the path of a file is percent-encoded, written out here because a command that
only records does not import SQLAlchemy.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode

from ledger.errors import Misused

SQLITE = ("sqlite", "sqlite+pysqlite")
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def sqlite_path(url: str) -> Path | None:
    """The file that a URL means, as it was said; None where it means no SQLite ledger.

    `Misused` where a URL of SQLite names no file.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in SQLITE:
        return None
    if rest and not rest.startswith("/"):
        raise Misused("a ledger's file comes after three slashes: sqlite:///grants.db")
    path = unquote(rest.partition("?")[0].removeprefix("/"))
    if not path or path == ":memory:" or "\0" in path:
        raise Misused("a ledger needs a file: sqlite:///grants.db")
    return Path(path)


def sqlite_url(path: Path | str) -> str:
    """The URL that means a file, as readable as it can be."""
    return f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}"


def sqlite_wait(url: str) -> str | None:
    """The seconds that a URL of SQLite says to wait, `?timeout=5`; `Misused` if it says more.

    Everything else that SQLite takes there could undo what the ledger sets: its locks, its
    durability, the file that is meant.
    """
    query = dict(parse_qsl(url.partition("?")[2], keep_blank_values=True))
    wait = query.pop("timeout", None)
    if query:
        raise Misused(
            "{url} is not a ledger's URL: after a file only ?timeout=SECONDS is understood (a ?"
            " in its name is written %3F)",
            url=shown(url),
        )
    return wait


def postgresql_conninfo(rest: str) -> dict[str, str]:
    """What libpq makes of a URL, of which `rest` stands behind the slashes.

    `ValueError`, without what was said: it may be a password that stands where none belongs.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(f"postgresql://{_with_hosts_together(rest)}")
    except psycopg.Error as error:
        unknown = re.search(r'invalid URI query parameter: "(\w+)"', str(error))
        raise ValueError(
            f"it has no place for {unknown[1]}" if unknown else f"it cannot be read; {_ESCAPES}"
        ) from None
    places = {name: str(given.get(name) or "") for name in ("host", "port", "dbname")}
    if any("@" in said for said in places.values()) or re.search(r"[^\d,]", places["port"]):
        raise ValueError(f"it cannot be read; {_ESCAPES}")
    return {name: str(value) for name, value in given.items() if value is not None}


_ESCAPES = "in a password @ is written %40, : %3A, / %2F, ? %3F and % %25"


def _with_hosts_together(rest: str) -> str:
    """SQLAlchemy names several servers one by one, `host=a:5432&host=b`, libpq in one list."""
    address, _, query = rest.partition("?")
    pairs = parse_qsl(query)
    hosts = [host.partition(":") for name, host in pairs if name == "host"]
    if len(hosts) < 2:
        return rest
    others = [(name, said) for name, said in pairs if name not in ("host", "port")]
    together = {
        "host": ",".join(host for host, _, _ in hosts),
        "port": ",".join(port for _, _, port in hosts),
    }
    return f"{address}?{urlencode([*together.items(), *others])}"


# ── showing ──────────────────────────────────────────────────────────────────────────────────


def shown(url: str) -> str:
    """An address as it may be printed and kept in logs: whatever may be a password is left out.

    What is shown of a SQLite ledger is a URL of the same file.
    """
    scheme, slashes, rest = url.partition("://")
    if not slashes:
        return url if _PLAIN.fullmatch(url) else "…"
    if scheme in SQLITE and rest.startswith("/"):
        path = unquote(rest.partition("?")[0].removeprefix("/"))
        return sqlite_url(path)
    well_formed = _SERVER.fullmatch(rest)
    if not well_formed or scheme not in POSTGRESQL:
        return f"{scheme if _NAME.fullmatch(scheme) else ''}://…"
    user, password, place, query = well_formed.groups()
    who = f"{user}{':***' if password else ''}@" if user is not None else ""
    harmless = [pair for pair in parse_qsl(query or "") if _is_harmless(*pair)]
    return f"{scheme}://{who}{place}{'?' if harmless else ''}{urlencode(harmless, safe='/,:')}"


_PLAIN = re.compile(r"[\w./\\ -]*")
_NAME = re.compile(r"[\w+]+")
_HOST = r"(?:\[[\da-fA-F:.%]*\]|[^\[\]@:/?,]*)(?::\d*)?"
_SERVER = re.compile(
    rf"(?:([^@:/?]*)(:[^@:/?]*)?@)?({_HOST}(?:,{_HOST})*(?:/[^@?]*)?)(?:\?(.*))?", re.DOTALL
)
"""Who asks, a password, the hosts and the database, a query. A password with a sign that belongs
elsewhere fits nowhere, so that nothing of such an address is shown."""

_HARMLESS = frozenset(
    ("host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "target_session_attrs")
)


def _is_harmless(name: str, value: str) -> bool:
    return name in _HARMLESS and "@" not in value
