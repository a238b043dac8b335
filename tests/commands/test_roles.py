"""Who may give which command at a server: the one table says it of each."""

from __future__ import annotations

import pytest

from commands.table import COMMANDS, Role

PAIRS = [
    ({"apply", "claim", "disburse"}, "clerk"),
    ({"approve", "accept_claim", "order_recovery", "reopen_year"}, "approver"),
    ({"revise_terms", "allocate_budget", "open_year", "close_year"}, "administrator"),
]


def test_every_command_is_somebodys_and_no_auditors() -> None:
    for command in COMMANDS.values():
        assert command.roles, command.name
        assert "auditor" not in command.roles, command.name


def test_only_a_reversal_is_both_a_clerks_and_an_approvers() -> None:
    shared = [command.name for command in COMMANDS.values() if len(command.roles) > 1]
    assert shared == ["reverse"]


@pytest.mark.parametrize(("commands", "role"), PAIRS)
def test_the_steps_of_two_people_are_of_two_roles(commands: set[str], role: Role) -> None:
    assert {COMMANDS[name].roles for name in commands} == {(role,)}
