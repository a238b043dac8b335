"""The calls that are not commands: questions, and what keeps a ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from app import exits
from app.printing import console, print_json
from app.settings import Door
from ledger.errors import Misused

HERE = Door()
By = Literal["company", "programme", "grant", "case", "line"]
Company = Annotated[str | None, Parameter(help="business number")]
Programme = Annotated[str | None, Parameter(help="programme of the catalogue")]
Year = Annotated[int | None, Parameter(help="fiscal year")]
Grant = Annotated[str | None, Parameter(help="id of a grant")]
Case = Annotated[str | None, Parameter(help="case, typed in any way")]
AsOf = Annotated[str | None, Parameter(help="as of the end of a day, YYYY-MM-DD")]
AtSeq = Annotated[int | None, Parameter(help="as known at a position of the log")]
KnownAt = Annotated[str | None, Parameter(help="as known at an instant; Seoul time if no zone")]


def init(*, door: Door = HERE) -> int:
    """Make the ledger and record the catalogue; again does no harm."""
    from commands.catalogue import record_catalogue

    with door.opened("make_ledger") as engine:
        recorded = record_catalogue(engine)
    if door.json:
        print_json({"ledger": door.ledger, "programmes_recorded": recorded})
    else:
        console().print(f"{door.ledger}: {recorded} programmes recorded")
    return exits.DONE


def run(
    files: Annotated[
        list[str],
        Parameter(allow_leading_hyphen=True, help="files of JSON lines; - for standard input"),
    ],
    /,
    *,
    on_refusal: Annotated[
        Literal["continue", "stop"], Parameter(help="what a refusal does to the rest")
    ] = "continue",
    door: Door = HERE,
) -> int:
    """Run files of commands in order, in batches; a receipt a line.

    A command without an id gets one from the file's content and the line's number, so that a
    file run twice records once.
    """
    from app.recording import run as run_files

    return run_files(files, door, on_refusal)


def balances(
    *,
    by: Annotated[By, Parameter(help="what the flows are added up by")] = "company",
    company: Company = None,
    programme: Programme = None,
    year: Year = None,
    grant: Grant = None,
    case: Case = None,
    as_of: AsOf = None,
    at_seq: AtSeq = None,
    known_at: KnownAt = None,
    door: Door = HERE,
) -> int:
    """What every bucket holds, now or as of any day, position, or both."""
    from app import asking

    wanted = asking.wanted(company, programme, year, grant, case)
    return asking.balances(door, by, wanted, as_of, at_seq, known_at)


def show(
    what: Annotated[str, Parameter(help="a grant's id, or: company, programme, claim")],
    name: Annotated[str | None, Parameter(help="business number, slug or claim id")] = None,
    /,
    *,
    as_of: AsOf = None,
    at_seq: AtSeq = None,
    known_at: KnownAt = None,
    door: Door = HERE,
) -> int:
    """One thing, whole: show GRANT, show company N, show programme S, show claim C."""
    from app import asking

    return asking.show(door, what, name, as_of, at_seq, known_at)


def replay(
    *,
    company: Company = None,
    programme: Programme = None,
    year: Year = None,
    grant: Grant = None,
    case: Case = None,
    from_: Annotated[
        str | None, Parameter(name="--from", help="first day, or first position")
    ] = None,
    to: Annotated[str | None, Parameter(help="last day, or last position")] = None,
    door: Door = HERE,
) -> int:
    """The events one after another with the balance after each."""
    from app import asking

    wanted = asking.wanted(company, programme, year, grant, case)
    return asking.replay(door, wanted, from_, to)


def events(
    *,
    kind: Annotated[str | None, Parameter(help="only events of this kind")] = None,
    after: Annotated[int, Parameter(help="only positions after this one")] = 0,
    limit: Annotated[int | None, Parameter(help="at most so many")] = None,
    door: Door = HERE,
) -> int:
    """The raw events in order of position."""
    from app import asking

    return asking.events(door, kind, after, limit)


def diff(
    *,
    at_seq: Annotated[list[int] | None, Parameter(help="a position; twice", negative="")] = None,
    as_of: Annotated[list[str] | None, Parameter(help="a day; twice", negative="")] = None,
    by: Annotated[By, Parameter(help="what the flows are added up by")] = "line",
    company: Company = None,
    programme: Programme = None,
    year: Year = None,
    grant: Grant = None,
    case: Case = None,
    door: Door = HERE,
) -> int:
    """What changed between two positions, or between two days."""
    from app import asking

    wanted = asking.wanted(company, programme, year, grant, case)
    if (at_seq is None) == (as_of is None):
        raise Misused("name two positions (--at-seq A --at-seq B) or two days (--as-of)")
    pair: list[Any] = at_seq or as_of or []
    if len(pair) != 2:
        raise Misused(f"two moments are compared, not {len(pair)}")
    return asking.diff(door, by, wanted, pair, days=as_of is not None)


def verify(*, door: Door = HERE) -> int:
    """Recompute every hash, the tree and every projection; name the first thing that is wrong."""
    from app.progress import progress
    from projections.verify import verify as verify_all

    with door.opened("open_as_it_is") as engine, progress("verify") as advance:
        found = verify_all(engine, advance)
    if door.json:
        print_json({"events": found.events, "root": found.root})
    else:
        console().print(f"[green]✓[/] {found.events:,} events, root {found.root}")
    return exits.DONE


def rebuild(*, door: Door = HERE) -> int:
    """Drop the projections and fold the whole log again."""
    from app.progress import progress
    from projections.rebuild import rebuild as rebuild_all

    with door.opened("open_as_it_is") as engine, progress("rebuild") as advance:
        folded = rebuild_all(engine, advance)
    if door.json:
        print_json({"events": folded})
    else:
        console().print(f"[green]✓[/] {folded:,} events folded")
    return exits.DONE


def demo(
    *,
    door: Door = HERE,
) -> int:
    """Play a believable story of two fiscal years on a new embedded ledger.

    Without --ledger it makes grants-demo.db in the working directory, for exploring afterwards.
    """
    from app.demo import play

    return play(door)


def scheduler(
    *,
    once: Annotated[bool, Parameter(negative="", help="do what is due and stop")] = False,
    door: Door = HERE,
) -> int:
    """The year-end clock: opens years at midnight in Seoul, closes them after the late period."""
    from app import clock

    return clock.run_once(door) if once else clock.run_forever(door)
