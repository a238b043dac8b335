"""Laws of the register: companies, their sizes and exclusions; programmes and their terms."""

from __future__ import annotations

from ledger.envelope import Entry
from ledger.events import (
    CompanyEvent,
    CompanyExcluded,
    CompanyReclassified,
    CompanyRegistered,
    CompanyRenamed,
    TermsRevised,
)
from ledger.names import CATALOGUE, id_key
from projections.books import Books
from projections.facts.companies import Company
from projections.replay.laws.broken import Broken


def registered(entry: Entry, event: CompanyRegistered, books: Books) -> None:
    """A party is registered once; companies have a size, others none."""
    if books.company(event.business_number) is not None:
        raise Broken(entry, "already-exists", f"{event.business_number} is registered")
    if (event.party_type == "company") != (event.size is not None):
        raise Broken(entry, "invalid", f"a {event.party_type} of size {event.size}")


def of_known_company(entry: Entry, event: CompanyEvent, books: Books) -> None:
    """What is said of a party is said of a registered one."""
    _company(entry, event, books)


def _company(entry: Entry, event: CompanyEvent, books: Books) -> Company:
    company = books.company(event.business_number)
    if company is None:
        raise Broken(entry, "unknown", f"{event.business_number} is not registered")
    return company


def reclassified(entry: Entry, event: CompanyReclassified, books: Books) -> None:
    """Only companies have a size."""
    if _company(entry, event, books).party_type != "company":
        raise Broken(entry, "invalid", f"{event.business_number} is not a company")


def renamed(entry: Entry, event: CompanyRenamed, books: Books) -> None:
    """It has another name, or another Mini Cluster, or both."""
    _company(entry, event, books)
    if event.name is None and event.mini_cluster is None:
        raise Broken(entry, "invalid", "nothing of it was changed")


def excluded(entry: Entry, event: CompanyExcluded, books: Books) -> None:
    """An exclusion ends no earlier than it begins."""
    of_known_company(entry, event, books)
    if event.until < entry.effective_on:
        raise Broken(entry, "invalid", f"it ends on {event.until}, before {entry.effective_on}")


def revised(entry: Entry, event: TermsRevised, books: Books) -> None:
    """A programme comes from the catalogue, with its names; later editions are terms alone."""
    by_catalogue = id_key(entry.actor) == CATALOGUE
    if by_catalogue == (books.programme(event.programme) is not None):
        raise Broken(entry, "unknown", f"{entry.actor} revised {event.programme}")
    others = (event.order, event.name, event.name_ko, event.group, event.group_ko, event.detail)
    if not by_catalogue and any(other is not None for other in (*others, event.notes)):
        raise Broken(entry, "invalid", "a revision names the programme anew")
