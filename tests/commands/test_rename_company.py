"""`rename_company`: the same company under another name, or in another Mini Cluster."""

from __future__ import annotations

from ledger import log
from ledger.database.engine import Engine
from projections.books import Books
from projections.storage.stored_rows import StoredRows
from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    NURI,
    approved,
    closed,
    exclude,
    opened,
    pay,
    register,
    registered,
    rename,
    renamed,
)


def named(engine: Engine, *days: str, number: str = HANBIT) -> list[tuple[str | None, str | None]]:
    """The name and the Mini Cluster that the books tell for each day."""
    with log.reading(engine) as connection:
        journal = log.reader(connection)
        books = Books(StoredRows(journal.driver), journal, FUTURE)
        return [(books.name_on(number, day), books.mini_cluster_on(number, day)) for day in days]


def test_a_name_holds_from_its_day_on_and_before_it_the_registrations(
    engine: Engine, given: Given
) -> None:
    story = given(registered(on="2025-05-01", mini_cluster="창원 정밀"))
    outcome = story.when(rename(name="한빛로봇", on="2025-06-01"))
    outcome.then(
        "company-renamed",
        business_number=HANBIT,
        name="한빛로봇",
        mini_cluster=None,
        reason="상호 변경",
    )
    outcome.moved().warned()
    days = ("2024-01-01", "2025-05-31", "2025-06-01", FUTURE)
    assert [name for name, _ in named(engine, *days)] == [
        "한빛정밀",
        "한빛정밀",
        "한빛로봇",
        "한빛로봇",
    ]
    assert {cluster for _, cluster in named(engine, *days)} == {"창원 정밀"}
    assert named(engine, FUTURE, number=DAON) == [(None, None)]


def test_the_latest_dated_name_holds_whatever_came_in_late(engine: Engine, given: Given) -> None:
    given(
        registered(),
        renamed(name="셋째", on="2025-06-01"),
        renamed(name="둘째", on="2025-03-01"),
        renamed(mini_cluster="구미 IT부품", on="2025-04-01"),
        renamed(name="그날의 나중", mini_cluster="울산 소재", on="2025-06-01"),
    )
    found = named(engine, "2025-02-28", "2025-03-01", "2025-04-01", "2025-06-01")
    assert found == [
        ("한빛정밀", ""),
        ("둘째", ""),
        ("둘째", "구미 IT부품"),
        ("그날의 나중", "울산 소재"),
    ]


def test_a_name_that_it_has_on_that_day_is_recorded_with_a_warning(given: Given) -> None:
    story = given(registered(mini_cluster="창원 정밀"), renamed(name="한빛로봇", on="2025-06-01"))
    same = {"business_number": HANBIT}
    asked = rename(name="한빛로봇", on="2025-06-02")
    story.when(asked).then("company-renamed").warned("same-name", **same, name="한빛로봇")
    story.when(rename(name="한빛정밀", on="2025-05-31")).warned(
        "same-name", **same, name="한빛정밀"
    )
    story.when(rename(name="한빛정밀", on="2025-06-03")).warned()
    story.when(rename(name="새 이름", mini_cluster="창원 정밀", on="2025-06-04")).warned(
        "same-name", **same, mini_cluster="창원 정밀"
    )


def test_earlier_events_keep_the_name_they_had_and_money_does_not_move(given: Given) -> None:
    story = given(approved(10_000))
    registration = next(
        entry
        for entry in story.entries(list(range(1, story.size + 1)))
        if "name" in str(entry.event) and entry.kind == "company-registered"
    )
    story.when(rename(name="한빛로봇", on="2025-03-02")).moved()
    assert story.entries([registration.seq]) == [registration]
    story.when(pay(1)).recorded()


def test_what_is_not_a_company_is_renamed_too_and_in_a_closed_year(given: Given) -> None:
    story = given(registered(NURI), opened(), opened(2026), closed())
    story.when(rename(NURI, name="누리종합대학교", on="2025-03-02")).recorded()
    story.when(rename(NURI, mini_cluster="창원 정밀", on="2019-03-02")).recorded()


def test_the_name_of_another_company_is_no_other_company(given: Given) -> None:
    """Two companies may be called the same; the number tells them apart."""
    story = given(registered(), registered(DAON))
    story.when(rename(name="다온소재", on="2025-03-01")).recorded().warned()
    story.when(register("220-81-23455", name="다온소재")).recorded().warned()


def test_something_must_change_for_a_reason_of_someone_registered(given: Given) -> None:
    story = given(registered())
    story.when(rename(on="2025-03-01")).refused("invalid", says=("name", "mini_cluster"))
    story.when(rename(name="새 이름", on="2025-03-01").without("reason")).refused(
        "invalid", says=("reason",)
    )
    for wrong in ("", " ", "\u3164", None, 7, "가" * 1_001):
        asked = rename(name="새 이름", on="2025-03-01").but(name=wrong)
        story.when(asked).refused("invalid", says=("name",))
    story.when(rename(name="새 이름", on="2025-03-01").but(size="sme")).refused("invalid")
    story.when(rename(DAON, name="새 이름", on="2025-03-01")).refused("unknown", says=(DAON,))
    story.when(rename(name="새 이름", on=FUTURE)).refused("future-dated")


def test_a_renamed_company_is_the_same_company(given: Given) -> None:
    story = given(approved(10_000), renamed(name="한빛로봇", on="2025-03-02"))
    story.when(register(name="한빛로봇")).refused("already-exists")
    story.when(exclude(on="2025-03-03", until="2025-12-31")).recorded()
    story.when(pay(1)).refused("company-excluded", says=(HANBIT,))
