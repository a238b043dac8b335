"""Addresses: one file under one URL, and no password in anything that is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import make_url

from ledger.database import address
from ledger.database.engine import connect
from ledger.errors import LedgerError, Misused, Unavailable

NAMES = (
    *("grants.db", "/tmp/grants.db", "p%20q.db", "p q.db", "a@b.db", "100%.db", "100%25.db"),
    *("사본.db", "%EC%82%AC.db", "(1).db", "2026-11-26T10:00.db", "a+b.db", "d%2Fe.db", "x#y.db"),
    *("file:x.db", "C:/x.db", "%3F.db", "a:b@c/d.db"),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["", "?timeout=5"])
def test_a_url_means_the_file_that_sqlalchemy_reads_in_it_with_a_query_or_without(
    name: str, query: str
) -> None:
    url = f"sqlite:///{name}{query}"
    assert address.sqlite_path(url) == Path(make_url(url).database or "")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
@example("100%.db")
@example("%41?.db")
def test_every_file_has_a_url_that_means_it(name: str) -> None:
    url = address.sqlite_url(name)
    assert str(address.sqlite_path(url)) == str(Path(name)) or name == ":memory:"
    assert address.shown(url) == url
    assert make_url(url).database == name


@pytest.mark.parametrize(
    "name", ["p%20q.db", "100%.db", "사본.db", "a@b.db", "2026-11-26T10:00.db"]
)
def test_one_ledger_is_made_and_found_under_each_of_its_addresses(
    tmp_path: Path, name: str
) -> None:
    for query in ("", "?timeout=5"):
        engine = connect(f"sqlite:///{tmp_path}/{name}{query}", create=True)
        with engine.driver() as driver:
            driver.do("CREATE TABLE IF NOT EXISTS once (x)")
        engine.dispose()
    assert len(list(tmp_path.iterdir())) == 1
    assert address.sqlite_path(f"sqlite:///{tmp_path}/{name}") == next(tmp_path.iterdir())


def test_the_seconds_to_wait_may_stand_in_the_address_of_a_file(tmp_path: Path) -> None:
    assert connect(f"sqlite:///{tmp_path}/x.db?timeout=3.5", create=True).wait_seconds == 3.5
    assert (
        connect(f"sqlite:///{tmp_path}/x.db?timeout=3", wait_seconds=1, create=True).wait_seconds
        == 1
    )
    with pytest.raises(Misused, match="timeout is a number of seconds"):
        connect(f"sqlite:///{tmp_path}/x.db?timeout=soon", create=True)


@pytest.mark.parametrize(
    "query",
    [
        "uri=true&nolock=1",
        "uri=true&mode=memory",
        "uri=true&immutable=1",
        "uri=true&vfs=unix-none",
        "isolation_level=DEFERRED",
        "check_same_thread=true",
        "journal_mode=MEMORY",
        "synchronous=OFF",
        "detect_types=3",
        "factory=x",
    ],
)
def test_what_would_undo_locks_or_durability_cannot_be_said_in_an_address(
    tmp_path: Path, query: str
) -> None:
    with pytest.raises(Misused, match="only \\?timeout=SECONDS"):
        connect(f"sqlite:///{tmp_path}/x.db?{query}", create=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///a%00b"]
)
def test_an_address_without_a_file_is_none(url: str) -> None:
    with pytest.raises(Misused, match="a ledger needs a file"):
        connect(url, create=True)


# ── passwords ────────────────────────────────────────────────────────────────────────────────

SECRETS = (
    "postgresql://office:s3cret@host/ledger",
    "postgresql+psycopg://office:s3cret@a:5432,b:5433/ledger?host=c&password=s3cret",
    "postgresql:///d?user=office&password=s3cret",
    "postgresql:///d?sslpassword=s3cret&sslkey=k",
    "postgresql:///d?passfile=s3cret&options=-cfoo%3Ds3cret",
    "postgresql://office:p@s3cret@host/ledger",
    "postgresql://office:p/s3cret@host/ledger",
    "postgresql://office:p?s3cret@host/ledger",
    "postgresql://office:s3cret/ledger",
    "postgresql://office:se%zzs3cret@host/ledger",
    "postgresql:///d?s3cret",
    "postgresql:///d?password=a=s3cret",
    "postgresql:///d?host=office:s3cret@h",
    "postgresql:office:s3cret@host/ledger",
    "postgresql:/office:s3cret@host/ledger",
    "host=h user=office password=s3cret",
    "office:s3cret@host/ledger",
    "mysql://office:s3cret@host/ledger",
    "s3cret@x://host/ledger",
    "sqlite://office:s3cret@host/ledger",
    "sqlite:///grants.db?key=s3cret",
)


@pytest.mark.parametrize("url", SECRETS)
def test_no_password_is_shown_of_whatever_address(url: str) -> None:
    assert "s3cret" not in address.shown(url)


@pytest.mark.parametrize("url", SECRETS)
def test_no_password_is_told_by_an_error(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def refuses(**arguments: Any) -> None:
        raise psycopg.OperationalError(f"connection failed, given {arguments}")

    monkeypatch.setattr(psycopg, "connect", refuses)
    with pytest.raises((LedgerError, psycopg.Error)) as told, connect(url).driver():
        pass
    if "passfile" not in url and "sslkey" not in url:
        assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://desk:s3cret@host/grants", "postgresql://desk:***@host/grants"),
        (
            "postgresql://desk@h:5433/g?sslmode=require",
            "postgresql://desk@h:5433/g?sslmode=require",
        ),
        ("postgresql:///g?host=/tmp&port=5432&password=x", "postgresql:///g?host=/tmp&port=5432"),
        ("postgresql://[::1]:5432/g", "postgresql://[::1]:5432/g"),
        ("postgresql://%2Ftmp/g", "postgresql://%2Ftmp/g"),
        ("sqlite:///사본 100%25.db?timeout=5", "sqlite:///사본 100%25.db"),
        ("grants.db", "grants.db"),
    ],
)
def test_what_is_harmless_is_shown(url: str, expected: str) -> None:
    assert address.shown(url) == expected


def test_a_path_without_slashes_is_answered_with_what_an_address_looks_like() -> None:
    with pytest.raises(Misused, match=r"grants.db is not the URL of a ledger.*sqlite:///grants.db"):
        connect("grants.db")


def test_a_file_that_is_not_there_is_named_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"there is no ledger at .*/p q\.db"):
        connect(f"sqlite:///{tmp_path}/p%20q.db")
