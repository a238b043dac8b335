"""Commands in a few words, as the lines of the story show them."""

from __future__ import annotations

from collections.abc import Sequence

from app.demo.cast import PARTIES
from app.demo.script import Command
from commands.words import Language
from ledger.terms import catalogue
from ledger.won import won

KOREAN = {
    "register_company": "등록",
    "exclude_company": "수행배제",
    "revise_terms": "조건 개정",
    "allocate_budget": "예산 배정",
    "open_year": "회계연도 개시",
    "close_year": "회계연도 마감",
    "apply": "교부신청",
    "approve": "교부결정",
    "disburse": "지급",
    "claim": "사용실적 보고",
    "accept_claim": "인정",
    "return_funds": "반납",
    "carry_over": "이월",
    "identify_case": "출원번호",
    "cancel": "교부결정 취소",
    "record_recovery": "환수",
    "settle": "정산 확정",
    "reverse": "기록 취소",
}
"""What the desk calls each command of the story."""

MANY = 5
"""More of a kind than these are told together."""


class Phrases:
    """Commands in a few words of one language."""

    def __init__(self, language: Language) -> None:
        self._korean = language == "ko"
        self._parties = {party.number: party.name.said(language) for party in PARTIES}
        self._programmes = {known.slug: known.name_ko for known in catalogue()}

    def verb(self, command: str) -> str:
        """The command's name: as it is called, or as the desk says."""
        return KOREAN[command] if self._korean else command.replace("_", "-")

    def subject(self, command: Command) -> str:
        """The one thing that a command is about, without its details."""
        return str(command.get("grant") or command.get("of"))

    def objects(self, commands: Sequence[Command]) -> str:
        """What commands of one kind are about; of many only the first, and all together."""
        if len(commands) <= MANY:
            return " · ".join(self._object(command) for command in commands)
        first, more = self._object(commands[0]), len(commands) - 1
        total = sum(_amount(command) for command in commands)
        in_all = self._either(f", {won(total)} in all", f", 모두 {won(total)}") if total else ""
        return self._either(f"{first}, and {more} more", f"{first} 외 {more}건") + in_all

    def _object(self, command: Command) -> str:
        match command["command"]:
            case "apply":
                return self._application(command)
            case "approve":
                return " ".join([command["grant"], self._lines(command.get("lines", ()))]).strip()
            case "claim":
                return f"{command['claim']} {self._party(command)} {won(_amount(command))}"
            case "register_company":
                return self._parties[command["business_number"]]
            case "accept_claim":
                return self._acceptance(command)
            case "cancel":
                recovering = self._either("recovering", "반환 명령")
                return f"{command['grant']}, {recovering} {self._lines(command['recover'])}"
            case "open_year" | "close_year":
                return str(command["year"])
            case "settle":
                return str(command["grant"])
            case "reverse":
                return str(command["of"])
            case "identify_case":
                return f"{command['case']} = {command['application_number']}"
            case "exclude_company":
                return f"{self._parties[command['business_number']]} → {command['until']}"
            case "allocate_budget":
                return f"{self._programme(command)} {won(command['amount'])}"
            case "revise_terms":
                share = f"{command['advance_percent']} %"
                advance = self._either(f"advance {share}", f"선지급 {share}")
                return f"{self._programme(command)}, {advance}"
            case _:
                return self._on_a_line(command)

    def _application(self, command: Command) -> str:
        partners = ", ".join(self._parties[number] for number in command.get("partners", ()))
        beside = f" + {partners}" if partners else ""
        lines = self._lines(command["lines"])
        return f"{command['grant']} {self._programme(command)} {lines}{beside}"

    def _lines(self, lines: Sequence[Command]) -> str:
        years: dict[int, list[str]] = {}
        for line in lines:
            amount = won(line["subsidy" if "subsidy" in line else "amount"])
            case = f" [{line['case']}]" if "case" in line else ""
            years.setdefault(line["year"], []).append(f"{self._party(line)} {amount}{case}")
        parts = {year: ", ".join(asked) for year, asked in years.items()}
        if len(parts) < 2:
            return "".join(parts.values())
        return "; ".join(f"{year} {part}" for year, part in parts.items())

    def _acceptance(self, command: Command) -> str:
        names = ", ".join(item["evidence"] for item in command.get("disallow", ()))
        without = self._either(f" without {names}", f" (불인정 {names})") if names else ""
        return f"{command['claim']}{without}"

    def _on_a_line(self, command: Command) -> str:
        interest = command.get("interest")
        beside = (
            self._either(f" + interest {won(interest)}", f" + 이자 {won(interest)}")
            if interest
            else ""
        )
        return f"{command['grant']} {self._party(command)} {won(command['amount'])}{beside}"

    def _party(self, command: Command) -> str:
        return self._parties[command["company"]]

    def _programme(self, command: Command) -> str:
        slug: str = command["programme"]
        return self._either(slug, self._programmes[slug])

    def _either(self, english: str, korean: str) -> str:
        return korean if self._korean else english


def _amount(command: Command) -> int:
    """What a command is about in won; 0 where it names no amount."""
    items = command.get("items", ())
    return int(command.get("amount", sum(item["supply"] for item in items)))
