"""Opening a ledger, or making one: what is there, and whether this software can use it."""

from __future__ import annotations

from ledger import log
from ledger.database.engine import Engine, connect, patiently
from ledger.database.failures import speaking_plainly
from ledger.errors import Corrupt
from projections.fold import VERSION
from projections.storage import stored_rows


def open_ledger(url: str, *, wait_seconds: float | None = None) -> Engine:
    """An engine for the ledger at a URL, its projections up to date with this software.

    Raises `Unavailable` where there is none, `Corrupt` where it is something else.
    """
    return _checked(connect(url, wait_seconds=wait_seconds), up_to_date=True)


def open_as_it_is(url: str) -> Engine:
    """An engine for the ledger at a URL, whatever state its projections are in."""
    return _checked(connect(url), up_to_date=False)


def make_ledger(url: str, *, wait_seconds: float | None = None) -> Engine:
    """An engine for the ledger at a URL; an empty one is made where there is none."""
    engine = connect(url, wait_seconds=wait_seconds, create=True)
    try:
        with log.making(engine) as (writer, new):
            if new:
                from projections.storage import schema

                schema.create(writer.driver)
    except BaseException:
        engine.dispose()
        raise
    _checked(engine, up_to_date=True)
    return engine


def _checked(engine: Engine, *, up_to_date: bool) -> Engine:
    try:
        built = patiently(engine, lambda: _built_version(engine))
        if built is not None and built > VERSION:
            raise Corrupt(
                "the projections are of a newer version of this software ({built}, this one "
                "makes {own}): use that one",
                built=built,
                own=VERSION,
            )
        if up_to_date and built != VERSION:
            from projections.replay.rebuild import bring_up_to_date

            bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _built_version(engine: Engine) -> int | None:
    with speaking_plainly(), engine.driver() as driver:
        if not log.exists(driver):
            raise Corrupt("this database holds no ledger; make one with: grants init")
        log.read_head(driver)
        return stored_rows.built_version(driver)
