"""What had become of grants and claims by the moment: as the last event of those by then said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from projections.facts.claims import Claim, ClaimState
from projections.facts.grants import Grant, GrantStatus
from projections.questions.in_order import Span, in_state
from projections.questions.snapshot import Snapshot

_CHUNK = 500


def grant_statuses(snapshot: Snapshot, grants: Collection[Grant]) -> dict[str, str]:
    """The status of each grant at the moment, by its key."""
    snapshot.rows.fetch((GrantStatus, (grant.grant_key,)) for grant in grants)
    statuses = {}
    for grant in grants:
        changes = snapshot.rows.group(GrantStatus, grant.grant_key).values()
        held = [one for one in changes if snapshot.at.holds(one.day, one.seq)]
        last = max(held, key=lambda one: one.seq, default=None)
        statuses[grant.grant_key] = last.status if last else "applied"
    return statuses


def claim_states(snapshot: Snapshot, claims: Collection[Claim]) -> dict[str, list[ClaimState]]:
    """What was decided of each claim by the moment, in order, by its key."""
    snapshot.rows.fetch((ClaimState, (claim.claim_key,)) for claim in claims)
    return {
        claim.claim_key: sorted(
            (
                one
                for one in snapshot.rows.group(ClaimState, claim.claim_key).values()
                if snapshot.at.holds(one.day, one.seq)
            ),
            key=lambda one: one.seq,
        )
        for claim in claims
    }


def applied(snapshot: Snapshot) -> Iterator[Grant]:
    """The grants that were applied for and not decided yet at the moment, in order."""
    found = in_state(snapshot, Grant, GrantStatus, "applied", _all(snapshot))
    while some := list(islice(found, _CHUNK)):
        there = [one for one in some if snapshot.at.holds(one.applied_on, one.seq)]
        statuses = grant_statuses(snapshot, there)
        yield from (grant for grant in there if statuses[grant.grant_key] == "applied")


def undecided(snapshot: Snapshot) -> Iterator[Claim]:
    """The claims that were made and not decided at the moment, in order."""
    found = in_state(snapshot, Claim, ClaimState, "undecided", _all(snapshot))
    while some := list(islice(found, _CHUNK)):
        there = [one for one in some if snapshot.at.holds(one.claimed_on, one.seq)]
        states = claim_states(snapshot, there)
        for claim in there:
            decided = states[claim.claim_key]
            if not decided or decided[-1].status == "undecided":
                yield claim


def _all(snapshot: Snapshot) -> Span:
    """All positions that were known at the moment."""
    return 0, snapshot.position
