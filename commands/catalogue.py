"""Recording the catalogue: the programmes' first terms as events, so the log explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import log
from ledger.envelope import Via, digest_of, plain
from ledger.events import TermsRevised
from ledger.names import CATALOGUE
from ledger.terms import Programme, catalogue
from projections.facts.receipts import Recorded
from projections.fold import fold_appended
from projections.storage.stored_rows import StoredRows

if TYPE_CHECKING:
    from ledger.database.engine import Engine

ACTOR = CATALOGUE


def record_catalogue(engine: Engine, *, via: Via = "python") -> int:
    """Record the programmes that the ledger does not have yet; how many that were."""
    recorded = 0
    with log.writing(engine) as writer:
        rows = StoredRows(writer.driver)
        for programme in catalogue():
            command_id = f"catalogue:{programme.slug}:{programme.holds_from}"
            if rows.get(Recorded, command_id) is not None:
                continue
            entry = writer.append(
                _first_edition(programme),
                effective_on=programme.holds_from,
                actor=ACTOR,
                via=via,
                command_id=command_id,
                command_digest=digest_of(plain(programme)),
            )
            fold_appended(entry, writer.head.edge, rows)
            recorded += 1
        rows.flush()
    return recorded


def _first_edition(programme: Programme) -> TermsRevised:
    return TermsRevised(
        programme=programme.slug,
        terms=programme.terms,
        order=programme.order,
        name=programme.name,
        name_ko=programme.name_ko,
        group=programme.group,
        group_ko=programme.group_ko,
        detail=programme.detail,
        notes=programme.notes,
        assumed=programme.assumed or None,
    )
