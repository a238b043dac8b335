"""Documentation is a tested artefact."""

from __future__ import annotations

from pathlib import Path

from app.cli.reference import reference
from commands.table import COMMANDS

ROOT = Path(__file__).parents[3]


def test_the_reference_of_commands_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference()


def test_every_command_and_every_field_says_what_it_is() -> None:
    for command in COMMANDS.values():
        assert command.summary.endswith("."), command.name
        assert command.ask.__doc__, command.name
        for name, field in command.ask.model_fields.items():
            assert field.description, f"{command.name}.{name}"
