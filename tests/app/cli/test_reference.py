"""Documentation is a tested artefact."""

from __future__ import annotations

import shlex
from pathlib import Path

from app.cli.forms import example
from app.cli.reference import questions, reference
from commands.table import COMMANDS

ROOT = Path(__file__).parents[3]


def test_the_reference_of_commands_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference()


def test_the_reference_of_questions_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "questions.md").read_text("utf-8") == questions()


def test_every_command_and_every_field_says_what_it_is() -> None:
    for command in COMMANDS.values():
        assert command.summary.endswith("."), command.name
        assert command.ask.__doc__, command.name
        for name, field in command.ask.model_fields.items():
            assert field.description, f"{command.name}.{name}"


def test_the_example_of_every_command_is_read_as_one() -> None:
    for command in COMMANDS.values():
        _, name, *options = shlex.split(example(command))
        assert name == command.name.replace("_", "-")
        told = dict(zip(options[::2], options[1::2], strict=True))
        assert "…" not in told.values(), command.name
        needed = {
            f"--{name.replace('_', '-')}"
            for name, field in command.ask.model_fields.items()
            if field.is_required()
        }
        assert told.keys() == needed
