"""Days and fiscal years as they are counted in Seoul.

A `Day` is the ISO text of a calendar day, `"2026-12-31"`: it sorts as it reads, is the same in
JSON, in SQLite and in PostgreSQL, and cannot be mistaken for an instant. Fiscal years run from
1 January to 31 December, Seoul time (UTC+9, no summer time).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from ledger.errors import Unfit

SEOUL = ZoneInfo("Asia/Seoul")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@lru_cache(maxsize=10_000)
def checked_day(text: str) -> str:
    """The text itself if it is a day of the calendar, else `Unfit`."""
    if not _ISO_DAY.fullmatch(text):
        raise Unfit("day-form")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Unfit("no-such-day", day=text) from None
    return text


Day = Annotated[
    str,
    Field(strict=True, json_schema_extra={"format": "date"}),
    AfterValidator(checked_day),
]
"""A Korean calendar day, `YYYY-MM-DD`."""

Year = Annotated[int, Field(strict=True, ge=1, le=9999, json_schema_extra={"format": "year"})]
"""A fiscal year in Seoul."""


def day_of(instant: datetime) -> str:
    """The calendar day in Seoul at an instant (which must know its time zone)."""
    return instant.astimezone(SEOUL).date().isoformat()


def year_of(day: str) -> int:
    """The fiscal year a day belongs to."""
    return int(day[:4])


def first_day(year: int) -> str:
    """1 January of a fiscal year."""
    return f"{year:04d}-01-01"


def last_day(year: int) -> str:
    """31 December of a fiscal year."""
    return f"{year:04d}-12-31"


def instant_text(instant: datetime) -> str:
    """An instant as the log writes it: UTC, microseconds, `2026-12-31T15:00:00.000000Z`."""
    return f"{instant.astimezone(UTC).isoformat(timespec='microseconds').removesuffix('+00:00')}Z"


def parsed_instant(text: str) -> datetime:
    """An instant from ISO text; one without a zone is taken as Seoul time. `ValueError` if none."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=SEOUL)


def shown_instant(text: str) -> str:
    """An instant as people in Seoul read it: `2026-12-31 23:59:59`."""
    return f"{parsed_instant(text).astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def later_of(now: datetime, last: str | None) -> str:
    """The instant `now` as text, or one microsecond after `last` where the clock is not past it."""
    text = instant_text(now)
    if last is None or text > last:
        return text
    return instant_text(parsed_instant(last) + timedelta(microseconds=1))


def instant_asked(text: str) -> datetime:
    """The instant that people mean: a day alone means its end in Seoul, as for balances of a day.

    `ValueError` if it is none.
    """
    return _instant(text, time.max)


def begun(text: str) -> datetime:
    """The instant from which people mean: a day alone means its beginning in Seoul.

    `ValueError` if it is none.
    """
    return _instant(text, time.min)


def _instant(text: str, of_a_day: time) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return parsed_instant(text)
    return datetime.combine(day, of_a_day, SEOUL)
