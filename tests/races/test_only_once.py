"""Eight processes with one reference, one id, one name or one piece of work: it happens once."""

from __future__ import annotations

from typing import Any

from tests.given import Story
from tests.races.rounds import (
    EIGHT,
    ROUNDS,
    company,
    one_recorded_for_all,
    one_won,
    registered,
)
from tests.races.track import Track, done
from tests.steps import (
    Step,
    accept,
    applied,
    apply,
    approve,
    approved,
    claim,
    claimed,
    give_back,
    item,
    line,
    opened,
    paid,
    pay,
    reverse,
)


def spellings(reference: str) -> list[str]:
    """One bank reference, typed in eight ways."""
    return [
        f"KB-{reference}",
        f"kb-{reference}",
        f"Kb-{reference}",
        f"kB-{reference}",
        f"  KB-{reference}",
        f"kb-{reference} ",
        f"ＫＢ－{reference}",
        f"\tｋｂ-{reference}\n",
    ]


def test_one_bank_reference_typed_in_eight_ways_pays_one_of_eight_grants(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        grants = [f"G{turn}-{n}" for n in EIGHT]
        story.given(*(approved(1_000, grant=grant) for grant in grants))
        refs = spellings(f"{turn}")
        payments = [pay(1_000, grant=grants[n], bank_ref=refs[n]) for n in EIGHT]
        one_won(track.execute(url, payments), "duplicate-payment")
        assert [story.line(grant=grant) for grant in grants].count({"advanced": 1_000}) == 1


def test_payments_and_returns_share_one_space_of_references(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        grant, ref = f"G{turn}", f"KB-{turn}"
        story.given(approved(1_000, grant=grant), paid(500, grant=grant))
        kinds = (pay, give_back)
        asked = [kinds[n % 2](1, grant=grant, bank_ref=ref, on="2025-07-01") for n in EIGHT]
        one_won(track.execute(url, asked), "duplicate-payment")


def test_one_id_with_one_content_is_recorded_once_and_all_eight_get_its_receipt(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        story.given(approved(1_000, grant=f"G{turn}"))
        before = story.size
        asked = pay(100, grant=f"G{turn}", bank_ref=f"KB-{turn}").but(id=f"pay-{turn}")
        first = one_recorded_for_all(track.execute(url, [asked] * 8))
        assert first["events"] == [before + 1] == [story.size]
        assert story.line(grant=f"G{turn}") == {"committed": 900, "advanced": 100}


def test_what_one_id_made_is_named_to_all_eight(story: Story, url: str, track: Track) -> None:
    story.given(registered(1))
    for turn in range(ROUNDS):
        asked = apply(line(1_000, company=company(1)), grant=None).but(id=f"apply-{turn}")
        first = one_recorded_for_all(track.execute(url, [asked] * 8))
        assert story.asked_for(first["made"]["grant"])


def test_one_id_with_eight_contents_is_recorded_once_and_a_conflict_for_the_others(
    story: Story, url: str, track: Track
) -> None:
    for turn in range(ROUNDS):
        story.given(approved(1_000, grant=f"G{turn}"))
        asked = [pay(1 + n, grant=f"G{turn}").but(id=f"pay-{turn}") for n in EIGHT]
        won = one_won(track.execute(url, asked), "idempotency-conflict")
        (entry,) = story.entries(won["events"])
        assert entry.command_id == f"pay-{turn}"


def test_one_file_of_commands_run_by_eight_is_recorded_once(
    story: Story, url: str, track: Track
) -> None:
    """Each cuts it into other batches, so that transactions overlap in every way."""
    story.given(approved(10_000_000))
    for turn in range(ROUNDS):
        before = story.size
        file = [pay(1, bank_ref=f"{turn}-{n}").but(id=f"{turn}:{n}").command for n in range(24)]
        tasks = [{"do": "execute", "url": url, "steps": _batches(file, 1 + n)} for n in EIGHT]
        answered = done(track.race(tasks))
        for receipts in zip(*answered, strict=True):
            one_recorded_for_all(list(receipts))
        assert story.size == before + 24


def _batches(commands: list[dict[str, Any]], size: int) -> list[list[dict[str, Any]]]:
    return [commands[first : first + size] for first in range(0, len(commands), size)]


# ── names that are taken, steps that are taken once ──────────────────────────────────────────


def in_every_round(
    story: Story, url: str, track: Track, eight: list[list[Step]], rule: str
) -> None:
    """Of the eight of each round one is recorded, and the rule refuses the others."""
    for commands in eight:
        before = story.size
        won = one_won(track.execute(url, commands), rule)
        assert won["events"] == [before + 1] == [story.size]


def test_one_grant_id_is_given_to_one_of_eight_applications(
    story: Story, url: str, track: Track
) -> None:
    story.given(*(registered(n) for n in EIGHT))
    eight = [
        [apply(line(1, company=company(n)), grant=f"G{turn}") for n in EIGHT]
        for turn in range(ROUNDS)
    ]
    in_every_round(story, url, track, eight, "already-exists")


def test_one_company_is_registered_by_one_of_eight(story: Story, url: str, track: Track) -> None:
    eight = [[registered(turn)] * 8 for turn in range(ROUNDS)]
    in_every_round(story, url, track, eight, "already-exists")


def test_one_grant_is_approved_by_one_of_eight(story: Story, url: str, track: Track) -> None:
    story.given(approved(1), *(applied(1, grant=f"G-{turn}") for turn in range(ROUNDS)))
    eight = [[approve(grant=f"G-{turn}", by=f"lee{n}") for n in EIGHT] for turn in range(ROUNDS)]
    in_every_round(story, url, track, eight, "wrong-status")


def test_one_claim_is_accepted_by_one_of_eight_people(story: Story, url: str, track: Track) -> None:
    claims = [claimed(100, claim=f"C{turn}") for turn in range(ROUNDS)]
    story.given(approved(1_000_000), *claims)
    eight = [[accept(f"C{turn}", by=f"lee{n}") for n in EIGHT] for turn in range(ROUNDS)]
    in_every_round(story, url, track, eight, "wrong-status")
    assert story.line()["payable"] == ROUNDS * 50


def test_one_piece_of_evidence_is_claimed_by_one_of_eight_grants(
    story: Story, url: str, track: Track
) -> None:
    story.given(*(approved(1_000, grant=f"G{n}") for n in EIGHT))
    eight = [
        [claim(item(1, evidence=f"INV-{turn}"), claim=f"C{turn}-{n}", grant=f"G{n}") for n in EIGHT]
        for turn in range(ROUNDS)
    ]
    in_every_round(story, url, track, eight, "duplicate-evidence")


def test_one_payment_is_reversed_by_one_of_eight(story: Story, url: str, track: Track) -> None:
    payments = [paid(1).but(id=f"pay-{turn}") for turn in range(ROUNDS)]
    story.given(approved(1_000), *payments)
    eight = [[reverse(f"pay-{turn}") for _ in EIGHT] for turn in range(ROUNDS)]
    in_every_round(story, url, track, eight, "not-reversible")
    assert story.line() == {"committed": 1_000}


def test_one_year_is_opened_by_one_of_eight(story: Story, url: str, track: Track) -> None:
    eight = [[opened(2010 + turn)] * 8 for turn in range(min(ROUNDS, 15))]
    in_every_round(story, url, track, eight, "already-exists")
