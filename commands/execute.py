"""How commands are executed: lock, look, decide, append, fold, commit.

One transaction carries many commands, in order; each sees what the ones before it did. A refused
command leaves no trace. A crash before the commit leaves nothing of the whole batch, and the
same commands may simply be sent again: their ids settle which were recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from commands.fits import fitting, lowers_award
from commands.imagined import Imagined
from commands.naming import named
from commands.parse import Asked, Invalid, parsed
from commands.receipts import Failed, First, Receipt
from commands.rules import day_of
from ledger import log, seoul
from ledger.database.engine import outlasting
from ledger.envelope import Entry, Via
from ledger.errors import Disconnected, Refused, Unavailable
from ledger.events import AnyEvent, CostsClaimed, GrantApplied
from ledger.garbage import no_cycles_sought
from projections.balances import Balance, grant_key, keys_of
from projections.books import Books
from projections.facts.receipts import Recorded
from projections.flows import flows
from projections.fold import fold, fold_appended
from projections.rows import Group, Key
from projections.storage.prefetch import behind, behind_claims, moved_by, named_by
from projections.storage.stored_rows import StoredRows
from projections.storage.unit_of_work import deciding

if TYPE_CHECKING:
    from ledger.database.engine import Engine

_logger = logging.getLogger(__name__)


def execute(engine: Engine, raw: object, *, via: Via = "python") -> Receipt:
    """Execute one command that came by a door, durably, and give its receipt.

    Raises `Unavailable` where the ledger cannot be reached or is busy past the wait, and whatever
    else fails outside the rules.
    """
    ((receipt,),) = _together(engine, [Request([read(raw, via)])])
    return receipt


@dataclass(frozen=True, slots=True)
class Request:
    """Commands that somebody sends together, in order, parsed or not well-formed.

    With `stop_on_refusal` what follows the first that is not recorded is not executed and has no
    outcome.
    """

    items: Sequence[Asked | Invalid]
    stop_on_refusal: bool = False

    def stops_at(self, outcome: Receipt | Failed) -> bool:
        """Whether nothing after a command with this outcome is executed."""
        return self.stop_on_refusal and outcome.status in ("refused", "failed")


def failed(item: Asked | Invalid, error: Exception) -> Failed:
    """What became of a command that failed for a reason outside the rules."""
    return Failed(item.id, item.command.name if isinstance(item, Asked) else item.command, error)


def execute_all(
    engine: Engine,
    raws: Sequence[object],
    *,
    via: Via = "python",
    stop_on_refusal: bool = False,
) -> Iterator[Receipt | Failed]:
    """Execute commands in order in one transaction; an outcome for each, once all are durable.

    They are plain data that came by one door, or commands that were parsed before; what is raised
    is as for `execute_requests`.
    """
    with no_cycles_sought():
        request = Request([read(raw, via) for raw in raws], stop_on_refusal)
    for _, outcome in execute_requests(engine, [request]):
        yield outcome


def execute_requests(
    engine: Engine, requests: Sequence[Request]
) -> Iterator[tuple[int, Receipt | Failed]]:
    """Execute the commands of several requests in one transaction: outcomes, once all are durable,
    each with the place of its request.

    Where the transaction fails for a reason outside the rules, each command is run again by
    itself, and what fails then is that command's own outcome. Raises `Unavailable` alone: while
    the server is gone they are sent again until the wait is over, and what had been recorded when
    the connection broke is then a duplicate.
    """
    with no_cycles_sought():
        receipts = _all_together(engine, requests)
    for place, request in enumerate(requests):
        outcomes = _one_by_one(engine, request) if receipts is None else receipts[place]
        for outcome in outcomes:
            yield place, outcome


def _all_together(engine: Engine, requests: Sequence[Request]) -> list[list[Receipt]] | None:
    """The receipts; None where the transaction failed for a reason outside the rules."""
    try:
        return _together(engine, requests)
    except Unavailable:
        raise
    except Exception:
        many = sum(len(request.items) for request in requests)
        if many > 1:
            _logger.exception("a batch of %d commands failed; each is run by itself", many)
        return None


def _one_by_one(engine: Engine, request: Request) -> Iterator[Receipt | Failed]:
    outcome: Receipt | Failed
    for item in request.items:
        try:
            ((outcome,),) = _together(engine, [Request([item])])
        except Unavailable:
            raise
        except Exception as error:
            outcome = failed(item, error)
        yield outcome
        if request.stops_at(outcome):
            return


def dry_run(engine: Engine, raw: object, *, via: Via = "python") -> Receipt:
    """What would be recorded, and the balances after it; writes nothing and takes no lock."""
    (receipt,) = dry_run_all(engine, [raw], via=via)
    return receipt


def dry_run_all(
    engine: Engine, raws: Iterable[object], *, via: Via = "python"
) -> Generator[Receipt, None, None]:
    """What would be recorded of commands in order, each as if those before it had been.

    They look at one snapshot, and at what they would have done so far, which is remembered.
    """
    from projections.questions import snapshot
    from projections.questions.roll_ups import rows_after

    with snapshot.taken(engine) as taken:
        journal = Imagined(log.reader(taken.connection))
        for raw in raws:
            books = Books(taken.rows, journal, seoul.day_of(log.now()))
            receipt, after = _foreseen(read(raw, via), books, journal)
            receipt.balances = rows_after(taken, after, taken.rows.postings)
            yield receipt


def _foreseen(
    item: Asked | Invalid, books: Books, journal: Imagined
) -> tuple[Receipt, list[Balance]]:
    """What would become of a command, and the balances after it."""
    receipt, events = _decided(item, books)
    if not isinstance(item, Asked) or not events:
        return receipt, []
    day = day_of(item.ask, books)
    entries = [journal.append(event, item, day) for event in events]
    for entry in entries:
        fold(entry, books.rows)
    receipt.events = [entry.seq for entry in entries]
    return receipt, _balances_after(entries, books)


def _together(engine: Engine, requests: Sequence[Request]) -> list[list[Receipt]]:
    try:
        return outlasting(engine, lambda: _in_one_transaction(engine, requests))
    except Disconnected as error:
        raise _unsettled(_items_of(requests), error) from error


def _items_of(requests: Sequence[Request]) -> list[Asked | Invalid]:
    return [item for request in requests for item in request.items]


def _unsettled(items: Sequence[Asked | Invalid], error: Disconnected) -> Disconnected:
    ids = [item.id for item in items if isinstance(item, Asked)]
    if len(ids) == 1:
        return Disconnected(
            "{error}; whether command {id} was recorded is not known: sent again under the same "
            "id, it is once",
            error=error,
            id=ids[0],
        )
    return Disconnected(
        "{error}; whether this batch of {many} commands was recorded is not known: sent again "
        "under the same id, it is once",
        error=error,
        many=len(items),
    )


def _in_one_transaction(engine: Engine, requests: Sequence[Request]) -> list[list[Receipt]]:
    with deciding(engine) as (writer, rows):
        items = _items_of(requests)
        if len(items) > 1 or not writer.driver.is_at_hand:
            _fetch(items, rows)
        return [_executed_in_order(request, writer, rows) for request in requests]


def _executed_in_order(request: Request, writer: log.Writer, rows: StoredRows) -> list[Receipt]:
    receipts = []
    for item in request.items:
        receipts.append(_executed(item, writer, rows))
        if request.stops_at(receipts[-1]):
            break
    return receipts


def _fetch(items: Sequence[Asked | Invalid], rows: StoredRows) -> None:
    """Load what a batch will look at: what it names, what that names, and what claims are for."""
    asked = [item for item in items if isinstance(item, Asked)]
    ids: Iterator[Group] = ((Recorded, (item.id,)) for item in asked)
    asks = [item.ask for item in asked]
    rows.fetch(chain(ids, named_by(asks)))
    rows.fetch(behind(asks, rows))
    rows.fetch(behind_claims(asks, rows))


def _executed(item: Asked | Invalid, writer: log.Writer, rows: StoredRows) -> Receipt:
    books = Books(rows, writer, seoul.day_of(log.now()))
    receipt, events = _decided(item, books)
    if isinstance(item, Asked):
        day = day_of(item.ask, books)
        if len(events) > 1:
            rows.fetch(named_by(events))
            rows.fetch(moved_by(events))
        for event in events:
            entry = writer.append(
                event,
                effective_on=day,
                actor=item.ask.actor,
                via=item.via,
                command_id=item.id,
                command_digest=item.digest,
            )
            fold_appended(entry, writer.head.edge, rows)
            receipt.events.append(entry.seq)
    return receipt


def _decided(item: Asked | Invalid, books: Books) -> tuple[Receipt, Sequence[AnyEvent]]:
    if isinstance(item, Invalid):
        return Receipt(item.id, item.command, "refused", refusal=item), ()
    receipt = Receipt(item.id, item.command.name, "recorded")
    before = books.recorded(item.id)
    if before is not None:
        first = books.entry(before.first)
        if first.command_digest == item.digest:
            receipt.status = "duplicate"
            receipt.events = list(range(before.first, before.last + 1))
            receipt.made = _made(first.event)
            receipt.first = First(first.actor, first.recorded_at, first.effective_on)
            return receipt, ()
        receipt.status = "refused"
        receipt.refusal = Refused("idempotency-conflict", id=item.id, seq=before.first)
        return receipt, ()
    try:
        events = item.command.decide(item.ask, books)
    except Refused as refusal:
        refusal.facts |= named(refusal.facts, books)
        refusal.lowers_award = lowers_award(item.ask, refusal)
        receipt.status, receipt.refusal = "refused", refusal.kept()
        if refusal.short is not None:
            receipt.fits = fitting(item.command, item.ask, books, refusal)
        return receipt, ()
    receipt.made = _made(events[-1])
    receipt.warnings = [
        warned._replace(names=named(warned.figures, books))
        for warned in item.command.warnings(item.ask, books, events)
    ]
    return receipt, events


def read(raw: object, via: Via) -> Asked | Invalid:
    """A command as it is executed, from plain data; or what is wrong with it."""
    if isinstance(raw, Asked | Invalid):
        return raw
    try:
        return parsed(raw, via)
    except Invalid as invalid:
        return invalid.kept()


def _made(event: AnyEvent) -> dict[str, str] | None:
    match event:
        case GrantApplied(grant=grant):
            return {"grant": grant}
        case CostsClaimed(claim=claim):
            return {"claim": claim}
        case _:
            return None


def _balances_after(entries: Sequence[Entry], books: Books) -> list[Balance]:
    keys = {key for entry in entries for key in _keys_of(entry)}
    return [books.balance(key) for key in sorted(keys)]


def _keys_of(entry: Entry) -> Iterator[Key]:
    for flow in flows(entry.event, entry.effective_on):
        yield from keys_of(flow)
        if flow.grant:
            yield grant_key(flow.grant, flow.programme, flow.year)
