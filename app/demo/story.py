"""The whole story: its chapters in order, every command with an id."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from app.demo import payments, promises, reckoning, turn
from app.demo.script import Chapter, Scene, Step


def story() -> tuple[Chapter, ...]:
    """Two fiscal years in eleven chapters; the same on any day after."""
    numbers = count(1)
    told = (
        promises.the_desk_opens(),
        promises.consortia(),
        promises.filings_and_prototypes(),
        promises.small_money(),
        payments.paid_in_advance(),
        payments.evidence(),
        turn.the_turn_of_the_year(),
        turn.ceilings_start_afresh(),
        turn.the_books_close(),
        reckoning.for_cause(),
        reckoning.settled(),
    )
    return tuple(_numbered(chapter, numbers) for chapter in told)


def _numbered(chapter: Chapter, numbers: count[int]) -> Chapter:
    scenes = (
        Scene(scene.told, tuple(_with_ids(step, numbers) for step in scene.steps))
        for scene in chapter.scenes
    )
    return replace(chapter, scenes=tuple(scenes))


def _with_ids(step: Step, numbers: count[int]) -> Step:
    commands = ({"id": f"demo-{next(numbers):03}"} | command for command in step.commands)
    return replace(step, commands=tuple(commands))
