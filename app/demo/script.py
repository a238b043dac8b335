"""What a story is made of: chapters, scenes and steps, each step with what must come of it.

A chapter has scenes; a scene is one sentence and the steps it tells of; a step is what one person
does on one day, perhaps several times. `on(day, who)` says a step as people at the desk would.
All amounts are won.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from commands.words import Language

Command: TypeAlias = dict[str, Any]


class Words(NamedTuple):
    """The same in English and in Korean."""

    en: str
    ko: str

    def said(self, language: Language) -> str:
        """The words of one language."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part; the ledger knows the Korean name, the English one is for readers."""

    number: str
    name: Words
    cluster: Words
    party_type: str = "company"
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Commands of one kind, person and day; recorded, or refused by a rule (and what would fit)."""

    commands: tuple[Command, ...]
    rule: str | None = None
    fits: int | None = None

    def refused(self, rule: str, *, fits: int | None = None) -> Step:
        """The same step, which a rule is to refuse."""
        return replace(self, rule=rule, fits=fits)


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence, and what is done."""

    told: Words
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A title, and the scenes under it."""

    title: Words
    scenes: tuple[Scene, ...]

    def commands(self) -> Iterator[tuple[Step, Command]]:
        """Every command in order, with its step."""
        for scene in self.scenes:
            for step in scene.steps:
                for command in step.commands:
                    yield step, command


def chapter(en: str, ko: str, *scenes: Scene) -> Chapter:
    """A chapter with its title in both languages."""
    return Chapter(Words(en, ko), scenes)


def scene(en: str, ko: str, *steps: Step) -> Scene:
    """A scene with its sentence in both languages."""
    return Scene(Words(en, ko), steps)


# ── lines ────────────────────────────────────────────────────────────────────────────────────


class Line(NamedTuple):
    """A line of a grant: who, for which year, for which filing."""

    grant: str
    party: Party
    year: int = 2024
    case: str | None = None


class Wish(NamedTuple):
    """What a company asks for one year: a subsidy, of a total cost."""

    party: Party
    subsidy: int
    total_cost: int
    year: int = 2024
    case: str | None = None


def award(party: Party, subsidy: int, year: int = 2024, case: str | None = None) -> Command:
    """A line of an approval."""
    return _without_none(company=party.number, year=year, case=case, subsidy=subsidy)


def _named(line: Line) -> Command:
    return _without_none(
        grant=line.grant, company=line.party.number, year=line.year, case=line.case
    )


def _without_none(**fields: Any) -> Command:
    return {name: value for name, value in fields.items() if value is not None}


# ── steps ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody does on a day."""

    day: str
    who: str

    def does(self, command: str, *several: Mapping[str, Any], **fields: Any) -> Step:
        """A command by its name, once or several times; fields that are None are left out."""
        common = {"command": command, "actor": self.who, "effective_on": self.day}
        return Step(
            tuple({**common, **_without_none(**fields), **each} for each in several or ({},))
        )

    def allocates(self, year: int, budgets: Mapping[str, int]) -> Step:
        """Budgets for programmes."""
        rows = ({"programme": slug, "amount": amount} for slug, amount in budgets.items())
        return self.does("allocate_budget", *rows, year=year)

    def applies(
        self, grant: str, programme: str, title: str, *wishes: Wish, partners: Iterable[Party] = ()
    ) -> Step:
        """An application; the first company leads it."""
        return self.does(
            "apply",
            grant=grant,
            programme=programme,
            title=title,
            lead=wishes[0].party.number,
            lines=[
                award(wish.party, wish.subsidy, wish.year, wish.case)
                | {"total_cost": wish.total_cost}
                for wish in wishes
            ],
            partners=[party.number for party in partners] or None,
        )

    def approves(self, *grants: str) -> Step:
        """Grants, each with all that it asked for the year."""
        return self.does("approve", *({"grant": grant} for grant in grants))

    def awards(self, grant: str, *awards: Command) -> Step:
        """An approval that names its lines."""
        return self.does("approve", grant=grant, lines=list(awards))

    def pays(self, ref: str, *payments: tuple[Line, int], id: str | None = None) -> Step:
        """Payments; where there are several, their bank references are numbered."""
        rows = (
            _named(line)
            | {"amount": amount, "bank_ref": ref if len(payments) == 1 else f"{ref}-{place}"}
            for place, (line, amount) in enumerate(payments, start=1)
        )
        return self.does("disburse", *rows, id=id)

    def claims(self, incurred_on: str, *claims: tuple[str, Line, str, tuple[int, ...]]) -> Step:
        """Claims: id, line, category and costs; evidence of `C24-01` is `T24-01-1` and so on."""
        rows = (
            {"claim": claim}
            | _named(line)
            | {
                "items": [
                    cost(f"T{claim[1:]}-{place}", category, supply, incurred_on)
                    for place, supply in enumerate(costs, start=1)
                ]
            }
            for claim, line, category, costs in claims
        )
        return self.does("claim", *rows)

    def accepts(self, *claims: str, disallow: Mapping[str, str] | None = None) -> Step:
        """Claims; `disallow` names evidence that is not recognised, and why."""
        refused = [{"evidence": name, "reason": why} for name, why in (disallow or {}).items()]
        rows = ({"claim": claim} for claim in claims)
        return self.does("accept_claim", *rows, disallow=refused or None)

    def moves(self, command: str, line: Line, amount: int, **fields: Any) -> Step:
        """An amount on a line: `carry_over`, `return_funds`, `record_recovery`."""
        return self.does(command, **_named(line), amount=amount, **fields)


def on(day: str, who: str) -> Desk:
    """The desk on a day, and who sits at it."""
    return Desk(day, who)


def cost(evidence: str, category: str, supply: int, incurred_on: str) -> Command:
    """A cost with its tax invoice, VAT beside it."""
    return {
        "evidence": evidence,
        "category": category,
        "supply": supply,
        "vat": supply // 10,
        "incurred_on": incurred_on,
    }
