"""Every rule of the contract, provoked at least once, each on a story of its own."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from app.cli.rules_of import rules_of
from commands.table import COMMANDS
from commands.words.names import RULES
from ledger.terms import catalogue
from tests.given import Given
from tests.steps import (
    DAON,
    FUTURE,
    HANBIT,
    KIM,
    Step,
    allocate,
    amend,
    amended,
    applied,
    apply,
    approve,
    approved,
    budgeted,
    claim,
    claimed,
    close_year,
    closed,
    excluded,
    item,
    line,
    open_year,
    opened,
    paid,
    pay,
    register,
    registered,
    reverse,
    revise,
    revised,
    settle,
)

CONTRACT = {
    *("invalid", "unknown", "already-exists", "wrong-status", "idempotency-conflict"),
    *("future-dated", "out-of-order", "year-not-open", "year-closed", "year-mismatch"),
    *("company-excluded", "min-companies", "subsidy-ratio", "annual-cap", "case-cap"),
    *("case-required", "case-not-allowed", "exceeds-request", "programme-budget"),
    *("within-award", "advance-limit", "duplicate-payment", "ineligible-cost"),
    *("duplicate-evidence", "outstanding-balance", "not-reversible", "four-eyes"),
}
"""The slugs of the contract's table, written out a second time."""

COMMANDS_OF_THE_CONTRACT = {
    *("register_company", "reclassify_company", "rename_company"),
    *("exclude_company", "readmit_company"),
    *("revise_terms", "allocate_budget", "open_year", "close_year", "reopen_year"),
    *("apply", "approve", "reject", "withdraw", "amend", "disburse", "claim", "accept_claim"),
    *("return_funds", "carry_over", "identify_case", "cancel", "order_recovery"),
    *("record_recovery", "settle", "reverse"),
}

PATENT = "domestic_patent"
NAMES = {programme.slug: programme.name for programme in catalogue()}


class Provocation(NamedTuple):
    """What is told before, and the command that the rule refuses."""

    rule: str
    given: tuple[Step, ...]
    when: Step


def provoke(rule: str, *steps: Step) -> Provocation:
    *before, last = steps
    return Provocation(rule, tuple(before), last)


# fmt: off
PROVOCATIONS = (
    provoke("invalid", open_year().but(year="2025")),
    provoke("unknown", pay(1)),
    provoke("already-exists", registered(), register()),
    provoke("wrong-status", approved(1_000), approve(1_000)),
    provoke("idempotency-conflict", opened(2024).but(id="X"), open_year(2025).but(id="X")),
    provoke("future-dated", register(on=FUTURE)),
    provoke("out-of-order", opened(2024), opened(2025), close_year(2025)),
    provoke("out-of-order", applied(9_000), approved(4_000), amended(9_000),
            pay(5_000, on="2025-07-01")),
    provoke("year-not-open", approved(1_000), pay(1, on="2026-01-05")),
    provoke("year-closed", approved(1_000), closed(), pay(1)),
    provoke("year-mismatch", applied(1_000), budgeted(), opened(2026),
            approve(1_000, on="2026-03-01")),
    provoke("company-excluded", registered(), excluded(on="2025-01-01", until=FUTURE),
            apply(1_000)),
    provoke("min-companies", registered(), apply(1_000, programme="training")),
    provoke("subsidy-ratio", registered(), apply(line(601, total_cost=1_000))),
    provoke("annual-cap", registered(), apply(20_000_001)),
    provoke("annual-cap", registered(), registered(DAON),
            apply(line(100_000_000), line(100_000_000, company=DAON),
                  programme="field_customised")),
    provoke("case-cap", registered(), apply(line(2_000_001, case="P-1"), programme=PATENT)),
    provoke("case-required", registered(), apply(1_000, programme=PATENT)),
    provoke("case-not-allowed", registered(), apply(line(1_000, case="P-1"))),
    provoke("exceeds-request", applied(1_000), budgeted(), approve(1_001)),
    provoke("programme-budget", applied(1_000), budgeted(999), approve()),
    provoke("within-award", approved(1_000), pay(1_001)),
    provoke("within-award", approved(1_000), paid(600), amend(599)),
    provoke("advance-limit", revised(on="2025-01-01", advance_percent=50), approved(1_000),
            pay(501)),
    provoke("duplicate-payment", approved(1_000), paid(1, bank_ref="KB-1"),
            pay(1, bank_ref="KB-1")),
    provoke("ineligible-cost", approved(1_000), claim(item(1, category="travel"))),
    provoke("duplicate-evidence", approved(1_000), claimed(item(1, evidence="A")),
            claim(item(1, evidence="A"), claim="C2")),
    provoke("outstanding-balance", approved(1_000), paid(1), settle()),
    provoke("not-reversible", approved(1_000).but(id="A"), reverse("A")),
    provoke("four-eyes", applied(1_000), budgeted(), approve(by=KIM)),
)
# fmt: on


def test_the_rules_are_those_of_the_contract() -> None:
    assert set(RULES) == CONTRACT
    assert len(RULES) == len(CONTRACT)


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(COMMANDS) == COMMANDS_OF_THE_CONTRACT


def test_every_rule_is_provoked() -> None:
    assert {provocation.rule for provocation in PROVOCATIONS} == CONTRACT


@pytest.mark.parametrize("provocation", PROVOCATIONS, ids=lambda one: one.rule)
def test_a_broken_rule_is_named_and_said(given: Given, provocation: Provocation) -> None:
    given(*provocation.given).when(provocation.when).refused(provocation.rule)


def test_a_refusal_on_an_amount_says_who_under_which_programme_and_in_which_year(
    given: Given,
) -> None:
    """Who: the company or grant, or the case whose ceiling it is (which has no year)."""
    consortium = line(100_000_000), line(100_000_000, company=DAON)
    half = revised("training", on="2025-01-01", advance_percent=50)
    story = given(
        *(applied(9_000_000), approved(4_000_000), amended(9_000_000), registered(DAON), half),
        *(
            approved(1_000, grant="G2", programme="training", partners=(DAON,)),
            paid(400, grant="G2"),
        ),
    )
    line_of_g1 = ((HANBIT, "G1"), "prototype", "2025")
    silent = []
    for asked, (who, *facts) in (
        (apply(line(601, total_cost=1_000), grant="G9"), ((HANBIT,), "prototype", "2025")),
        (apply(20_000_001, grant="G9"), ((HANBIT,), "prototype", "2025")),
        (
            apply(*consortium, grant="G9", programme="field_customised"),
            ((HANBIT, DAON, "G9"), "field_customised", "2025"),
        ),
        (
            apply(line(2_000_001, case="P-1"), grant="G9", programme=PATENT),
            ((HANBIT, "P-1"), PATENT),
        ),
        (allocate(-(10**12)), (("Prototype production",), "prototype", "2025")),
        (amend(9_000_001), line_of_g1),
        (pay(9_000_001), line_of_g1),
        (pay(5_000_000), line_of_g1),
        (pay(101, grant="G2"), ((HANBIT, "G2"), "training", "2025")),
    ):
        receipt = story.when(asked).refusal().receipt
        said = str(receipt.message("en"))
        numbers = receipt.as_json()
        facts = [NAMES.get(fact, fact) for fact in facts]
        facts += [f"{numbers['fits']:,} won would fit", f"{numbers['asked']:,}"]
        missing = [fact for fact in facts if fact not in said]
        if missing or not any(name in said for name in who):
            silent.append((receipt.rule, said, missing))
    assert not silent


def test_terms_dated_ahead_are_the_one_thing_that_may_be(given: Given) -> None:
    given().when(revise(on=FUTURE)).recorded()


def test_the_reference_names_every_rule_by_which_a_command_is_refused() -> None:
    for provocation in PROVOCATIONS:
        command = COMMANDS[str(provocation.when.command["command"])]
        assert provocation.rule in rules_of(command), command.name


def test_only_what_moves_money_is_refused_for_its_year() -> None:
    assert "year-closed" in rules_of(COMMANDS["disburse"])
    assert "year-closed" not in rules_of(COMMANDS["register_company"])
