"""What tests of signatures need: notes kept in files, keys, one more event, a history cut off."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from ledger.database.engine import connect
from ledger.transparency.merkle import Edge
from projections.replay.rebuild import rebuild
from tests.app.calling import Answer, Call
from tests.projections.replay.verify.tampering import triggers_off


def kept(answer: Answer, path: str) -> str:
    """Keep what was printed in a file; its name."""
    assert answer.code == 0, answer.err
    Path(path).write_text(answer.out, "utf-8")
    return path


def key_file(ending: str) -> Path:
    """The one file of the keys with this ending."""
    (found,) = Path("grant-keys").glob(f"*.{ending}")
    return found


def register(grants: Call, number: int) -> None:
    """Record one more event."""
    answer = grants(
        *f"register-company --business-number 999-81-{number:05d} --name U{number}".split(),
        *["--party-type", "university", "--actor", "kim", "--effective-on", "2024-01-02"],
    )
    assert answer.code == 0, answer.out


def cut_back(url: str, size: int) -> None:
    """Cut the log's tail off so well that everything left agrees, as if a backup was restored."""
    engine = connect(url)
    with engine.alchemy.begin() as connection:
        put_back = triggers_off(connection)
        connection.execute(text("DELETE FROM events WHERE seq > :size"), {"size": size})
        rows = connection.execute(text("SELECT leaf_hash, recorded_at FROM events ORDER BY seq"))
        edge, last = Edge(0, []), ""
        for row in rows:
            edge.append(bytes.fromhex(row.leaf_hash))
            last = row.recorded_at
        connection.execute(
            text("UPDATE head SET size = :size, recorded_at = :at, edge = :edge"),
            {"size": size, "at": last, "edge": edge.to_text()},
        )
        for statement in put_back:
            connection.exec_driver_sql(statement)
    rebuild(engine)
    engine.dispose()
