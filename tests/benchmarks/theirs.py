"""The yardstick: applying, approving and paying in idiomatic `eventsourcing` 9.5.

Three kinds of aggregates, those that a command changes saved together in one `save(...)`. The
rules are the ceilings and budgets alone, checked on the aggregates' state: no terms by day, no
ratios, no people, no duplicate payments, no projections and no proofs. The repository's cache is
on and trusts itself (`AGGREGATE_CACHE_FASTFORWARD=n`): nobody else writes, so what is in the cache
is never read again, which is the fastest the library offers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from sqlalchemy import make_url

CAP = 20_000_000
BUDGET = 900_000_000_000_000


class OverLimit(Exception):
    """A ceiling, a budget or an award would be passed."""


def _within(there: int, asked: int, limit: int) -> None:
    if there + asked > limit:
        raise OverLimit(f"{there} + {asked} > {limit}")


class Grant(Aggregate):
    """A grant with one line."""

    @event("Applied")
    def __init__(
        self,
        grant: str,
        programme: str,
        title: str,
        company: str,
        year: int,
        total_cost: int,
        subsidy: int,
        actor: str,
        on: str,
    ) -> None:
        _within(0, subsidy, CAP)
        self.programme, self.company, self.year = programme, company, year
        self.asked, self.award, self.paid = subsidy, 0, 0

    @staticmethod
    def create_id(grant: str) -> UUID:
        """Found again by its name."""
        return uuid5(NAMESPACE_URL, f"/grants/{grant}")

    @event("Approved")
    def approve(self, award: int, actor: str, on: str) -> None:
        """Award what was asked for."""
        self.award = award

    def pay(self, amount: int, bank_ref: str, actor: str, on: str) -> None:
        """Pay within the award."""
        _within(self.paid, amount, self.award)
        self._paid(amount, bank_ref, actor, on)

    @event("Paid")
    def _paid(self, amount: int, bank_ref: str, actor: str, on: str) -> None:
        self.paid += amount


class CompanyYear(Aggregate):
    """What a company has under a programme in a year."""

    @event("Opened")
    def __init__(self, company: str, programme: str, year: int) -> None:
        self.awarded = self.paid = 0

    @staticmethod
    def create_id(company: str, programme: str, year: int) -> UUID:
        """Found again by what it is about."""
        return uuid5(NAMESPACE_URL, f"/companies/{company}/{programme}/{year}")

    def award(self, amount: int, grant: str, on: str) -> None:
        """Award within the ceiling."""
        _within(self.awarded, amount, CAP)
        self._awarded(amount, grant, on)

    @event("Awarded")
    def _awarded(self, amount: int, grant: str, on: str) -> None:
        self.awarded += amount

    @event("Paid")
    def pay(self, amount: int, grant: str, on: str) -> None:
        """Add a payment up."""
        self.paid += amount


class ProgrammeYear(Aggregate):
    """A programme's budget of a year."""

    @event("Allocated")
    def __init__(self, programme: str, year: int, budget: int) -> None:
        self.budget, self.committed, self.paid = budget, 0, 0

    @staticmethod
    def create_id(programme: str, year: int) -> UUID:
        """Found again by what it is about."""
        return uuid5(NAMESPACE_URL, f"/programmes/{programme}/{year}")

    def commit(self, amount: int, grant: str, on: str) -> None:
        """Commit within the budget."""
        _within(self.committed, amount, self.budget)
        self._committed(amount, grant, on)

    @event("Committed")
    def _committed(self, amount: int, grant: str, on: str) -> None:
        self.committed += amount

    @event("Paid")
    def pay(self, amount: int, grant: str, on: str) -> None:
        """Add a payment up."""
        self.paid += amount


class Office(Application[UUID]):
    """The same commands, answered by three aggregates."""

    env = {  # noqa: RUF012  # the library's own way
        "AGGREGATE_CACHE_MAXSIZE": "20000",
        "AGGREGATE_CACHE_FASTFORWARD": "n",
    }

    def run(self, commands: Iterable[dict[str, Any]], *, together: bool = False) -> None:
        """Do commands, one durable save for each, or one for all of them."""
        changed: dict[UUID, Aggregate] = {}
        for command in commands:
            getattr(self, f"_{command['command']}")(command, changed)
            if not together:
                self.save(*changed.values())
                changed.clear()
        if together:
            self.save(*changed.values())

    def _apply(self, said: dict[str, Any], changed: dict[UUID, Aggregate]) -> None:
        (line,) = said["lines"]
        grant = Grant(
            grant=said["grant"],
            programme=said["programme"],
            title=said["title"],
            actor=said["actor"],
            on=said["effective_on"],
            **line,
        )
        changed[grant.id] = grant

    def _approve(self, said: dict[str, Any], changed: dict[UUID, Aggregate]) -> None:
        grant, on = self._grant(said["grant"], changed), said["effective_on"]
        company, programme = self._parts(grant, changed)
        company.award(grant.asked, said["grant"], on)
        programme.commit(grant.asked, said["grant"], on)
        grant.approve(grant.asked, said["actor"], on)

    def _disburse(self, said: dict[str, Any], changed: dict[UUID, Aggregate]) -> None:
        grant, on = self._grant(said["grant"], changed), said["effective_on"]
        company, programme = self._parts(grant, changed)
        grant.pay(said["amount"], said["bank_ref"], said["actor"], on)
        company.pay(said["amount"], said["grant"], on)
        programme.pay(said["amount"], said["grant"], on)

    def _grant(self, name: str, changed: dict[UUID, Aggregate]) -> Grant:
        found = changed.get(Grant.create_id(name)) or self.repository.get(Grant.create_id(name))
        assert isinstance(found, Grant)
        changed[found.id] = found
        return found

    def _parts(
        self, grant: Grant, changed: dict[UUID, Aggregate]
    ) -> tuple[CompanyYear, ProgrammeYear]:
        of_company = (grant.company, grant.programme, grant.year)
        company = self._found(CompanyYear.create_id(*of_company), changed)
        company = company or CompanyYear(*of_company)
        of_programme = (grant.programme, grant.year)
        programme = self._found(ProgrammeYear.create_id(*of_programme), changed)
        programme = programme or ProgrammeYear(*of_programme, budget=BUDGET)
        changed[company.id], changed[programme.id] = company, programme
        assert isinstance(company, CompanyYear)
        assert isinstance(programme, ProgrammeYear)
        return company, programme

    def _found(self, id_: UUID, changed: dict[UUID, Aggregate]) -> Aggregate | None:
        try:
            found = changed.get(id_) or self.repository.get(id_)
        except AggregateNotFoundError:
            return None
        assert isinstance(found, Aggregate)
        return found


def office(url: str) -> Office:
    """The application on a database, as durable as ours: WAL and FULL, or fsync at each commit."""
    at = make_url(url)
    if at.get_backend_name() == "sqlite":
        made = Office(
            {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": at.database or ""}
        )
        with made.factory.datastore.get_connection(commit=True) as connection:  # type: ignore[attr-defined]
            _check_durable(connection._sqlite_conn)
        return made
    return Office(
        {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": at.database or "",
            "POSTGRES_HOST": str(at.host or at.query.get("host") or ""),
            "POSTGRES_PORT": str(at.port or at.query.get("port") or 5432),
            "POSTGRES_USER": at.username or "",
            "POSTGRES_PASSWORD": at.password or "",
        }
    )


def _check_durable(connection: sqlite3.Connection) -> None:
    journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    assert (journal, synchronous) == ("wal", 2), (journal, synchronous)
