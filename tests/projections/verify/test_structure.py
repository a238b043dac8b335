"""Whoever bends the tables instead of their rows: what `verify` reads is what everybody reads."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from projections.rebuild import rebuild
from projections.verify import verify
from tests.given import Story
from tests.projections.verify.tampering import is_found

pytestmark = pytest.mark.tampers

VIEW = (
    "ALTER TABLE balances RENAME TO kept",
    "CREATE VIEW balances AS SELECT * FROM kept",
)
BENT = {
    "postgresql": {
        "a view in a table's place": VIEW,
        "rows hidden from some": ("ALTER TABLE balances ENABLE ROW LEVEL SECURITY",),
        "a rule": ("CREATE RULE r AS ON INSERT TO postings DO INSTEAD NOTHING",),
        "a child table": ("CREATE TABLE more () INHERITS (events)",),
        "a trigger of somebody else's": (
            "CREATE TRIGGER t BEFORE INSERT ON postings FOR EACH ROW "
            "EXECUTE FUNCTION events_are_immutable()",
        ),
        "a trigger that looks at one column": (
            "DROP TRIGGER events_are_never_changed ON events",
            "CREATE TRIGGER events_are_never_changed BEFORE UPDATE OF leaf_hash OR DELETE "
            "ON events FOR EACH ROW EXECUTE FUNCTION events_are_immutable()",
        ),
        "another type": ("ALTER TABLE postings ALTER won TYPE double precision",),
        "a lost key": ("ALTER TABLE balances DROP CONSTRAINT balances_pkey",),
        "a lost index": ("DROP INDEX postings_by_case",),
    },
    "sqlite": {
        "a view in a table's place": VIEW,
        "a trigger of somebody else's": (
            "CREATE TRIGGER t AFTER INSERT ON postings BEGIN "
            "UPDATE postings SET won = 1 WHERE seq = NEW.seq; END",
        ),
        "a lost key": (
            "CREATE TABLE copy AS SELECT * FROM balances",
            "DROP TABLE balances",
            "ALTER TABLE copy RENAME TO balances",
        ),
        "a lost index": ("DROP INDEX postings_by_case",),
    },
}
CASES = [(engine, how) for engine, ways in BENT.items() for how in ways]
MENDED = [case for case in CASES if case[1] in ("another type", "a lost key", "a lost index")]


def _bend(story: Story, statements: tuple[str, ...]) -> None:
    with story.engine.alchemy.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(("engine_name", "how"), CASES)
def test_a_table_that_was_bent_is_found(story: Story, engine_name: str, how: str) -> None:
    _bend(story, BENT[engine_name][how])
    is_found(story.engine, "the database itself was changed: ")


@pytest.mark.parametrize(("engine_name", "how"), MENDED)
def test_a_rebuild_makes_bent_projections_anew(story: Story, engine_name: str, how: str) -> None:
    _bend(story, BENT[engine_name][how])
    rebuild(story.engine)
    verify(story.engine)
