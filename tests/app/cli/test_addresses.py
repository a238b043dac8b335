"""The addresses of ledgers at the command line: what is printed of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from tests.app.calling import Call
from tests.postgres import Server

SECRET = "s3cret"


@pytest.fixture
def engine_name() -> str:
    """The ledger that is called beside those with a password."""
    return "sqlite"


@pytest.fixture(params=["password", "sslpassword", "before the host"])
def with_a_password(postgres: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database, by an address that holds a password."""
    url = postgres.create_database()
    address = make_url(url)
    if request.param == "before the host":
        address = address.set(password=SECRET)
    else:
        address = address.update_query_dict({request.param: SECRET})
    yield address.render_as_string(hide_password=False)
    postgres.drop_database(url)


def test_no_call_prints_a_password(grants: Call, with_a_password: str) -> None:
    grants("export", "--to", "house.jsonl")
    empty = grants("keys", "--ledger", with_a_password)
    loaded = grants("load", "house.jsonl", "--ledger", with_a_password)
    made = grants("init", "--ledger", with_a_password, "--keys", "keys")
    as_json = grants("init", "--ledger", with_a_password, "--keys", "keys", "--json")
    again = grants("load", "house.jsonl", "--ledger", with_a_password)
    assert [answer.code for answer in (loaded, made, as_json, again)] == [0, 0, 0, 2]
    name = make_url(with_a_password).database or ""
    assert name in made.out
    assert name in as_json.out
    for answer in (empty, loaded, made, as_json, again):
        assert SECRET not in answer.out + answer.err


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql:office:{SECRET}@host/ledger",
        f"postgresql://office:{SECRET}@/ledger?host=/nowhere",
        f"postgresql://office:{SECRET}@127.0.0.1:1/ledger",
        f"postgresql://office:p@{SECRET}@nowhere.invalid/ledger",
        f"postgresql:///d?user=office&pasword={SECRET}",
        f"mysql://office:{SECRET}@host/ledger",
        f"host=h password={SECRET}",
    ],
)
def test_no_error_repeats_a_password(
    grants: Call, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANTS_WAIT", "0")
    for call in ("init", "balances", "verify", "export", "keys", "checkpoint"):
        answer = grants(call, "--ledger", url)
        assert answer.code in (2, 5), answer.err
        assert SECRET not in answer.out + answer.err
