"""One ledger that is open, and all that doors do with it: record, try out, ask, sign, keep time.

Every door (command line, server, pages) calls this and nothing below it: what it gives back is
receipts and plain data, and what goes wrong is an error of `ledger/errors.py`. What is heavy is
imported where it is first used, since a call of the command line is over in a moment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from app.settings import Settings

if TYPE_CHECKING:
    from app.keys import Keys
    from app.scheduler import Done
    from app.sequencer import Sequencer
    from commands.receipts import Failed, Receipt
    from ledger.database.engine import Engine
    from ledger.envelope import Via
    from projections.due import Due
    from projections.questions.snapshot import Snapshot

How = Literal["open_ledger", "open_as_it_is", "make_ledger"]
"""The ways in which `projections/opening.py` opens a ledger."""


class Application:
    """A ledger that is open, with one engine for whoever calls it."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self.engine = engine

    # ── commands ─────────────────────────────────────────────────────────────────────────

    def record(self, raw: object, via: Via) -> Receipt:
        """Record one command, durably, and give its receipt; raises as `commands/execute.py`."""
        from commands.execute import execute

        return execute(self.engine, raw, via=via)

    def record_all(
        self, raws: Sequence[object], via: Via, *, stop_on_refusal: bool = False
    ) -> Iterator[Receipt | Failed]:
        """Record commands in order in one transaction; an outcome for each, once it is durable."""
        from commands.execute import execute_all

        return execute_all(self.engine, raws, via=via, stop_on_refusal=stop_on_refusal)

    def try_out(self, raws: Iterable[object], via: Via) -> Generator[Receipt, None, None]:
        """What would become of commands in order, each as if those before it had been recorded.

        Of one snapshot; writes nothing and takes no lock.
        """
        from commands.execute import dry_run_all

        return dry_run_all(self.engine, raws, via=via)

    def resolved(self, fields: dict[str, Any], of_line: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of a command with names and left-out parts filled in, as people may say them.

        `Misused` where a name means nobody or several.
        """
        from app.resolving import resolved

        return resolved(self.engine, fields, of_line)

    @cached_property
    def sequencer(self) -> Sequencer:
        """The one writer for all who come at once; begins to write when it is started."""
        from app.sequencer import Sequencer
        from commands.execute import execute_requests

        return Sequencer(partial(execute_requests, self.engine))

    # ── questions ────────────────────────────────────────────────────────────────────────

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """What the ledger is now, for as many questions as belong together."""
        from app.late import late_days
        from projections.questions.snapshot import taken

        return taken(self.engine, late_days())

    def ask(self, name: str, values: Mapping[str, Any]) -> Any:
        """The answer to a question of the table, whole, as plain data."""
        from projections.questions.table import QUESTIONS, answered

        question = QUESTIONS[name].read(values)
        with self.snapshot() as snapshot:
            answer = answered(snapshot, question)
            return list(answer) if isinstance(answer, Iterator) else answer

    # ── the year end ─────────────────────────────────────────────────────────────────────────

    def due(self) -> list[Due]:
        """What of the year end is due now, in order; what waits for a person says why."""
        from app import scheduler

        return scheduler.look(self.engine)

    def run_due(self) -> Done:
        """Do what is due and waits for nobody; raises as `app/scheduler.py` does."""
        from app import scheduler

        return scheduler.run_due(self.engine)

    def run_confirmed(self, told: Callable[[Sequence[Due]], None]) -> Done:
        """Tell what is due, then do exactly that, as a person confirmed."""
        from app import scheduler
        from app.timekeeper import Timekeeper

        timekeeper = Timekeeper(self.engine)
        timekeeper.check()
        those = self.due()
        told(those)
        return scheduler.run(self.engine, those, timekeeper)

    def keep_the_year(self) -> None:
        """Wake at every midnight in Seoul until told to stop."""
        from app import scheduler

        scheduler.run_forever(self.engine)

    # ── what signs ───────────────────────────────────────────────────────────────────────

    @property
    def keys(self) -> Keys:
        """The keys of this ledger's log; `Misused` while it is empty."""
        from app.trusting import keys_of
        from ledger import log

        with log.reading(self.engine) as connection:
            origin = log.origin(connection)
        return keys_of(self.settings, origin, wait_seconds=self.engine.wait_seconds)


@contextmanager
def opened(settings: Settings, how: How = "open_ledger") -> Iterator[Application]:
    """A ledger, opened in one of three ways, and closed again.

    What nobody foresaw is `Corrupt` where values in the database that cannot be there explain it.
    """
    from projections import opening

    logging.getLogger("psycopg").addHandler(logging.NullHandler())  # we say what is wrong
    try:
        engine: Engine = getattr(opening, how)(settings.ledger)
        try:
            yield Application(settings, engine)
        finally:
            engine.dispose()
    except Exception as error:
        from app.diagnosis import diagnosed

        found = diagnosed(settings.ledger, error)
        if found is error:
            raise
        raise found from error
