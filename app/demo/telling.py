"""The story on the page: an opening, the cast, and chapters of compact lines."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from app.cli.printing import console
from app.cli.terminal import styled
from app.demo.cast import PARTIES
from app.demo.phrases import Phrases
from app.demo.script import Chapter, Step, Words
from commands.receipts import Receipt
from commands.words import Language

PAGE, LEAST = 120, 80
"""Columns of the page; a narrower terminal has narrower lines, down to the least."""
MARGIN = (10, 11, 9)
"""Columns of the day, the person and the mark."""

TITLE = Words(
    "Two years of the Korean Industrial Cluster Programme",
    "산업집적지경쟁력강화사업의 두 해",
)
OPENING = (
    Words(
        "The programme brings companies, universities and institutes together in Mini Clusters: "
        "71 of them with 5,784 member companies in 2014. In 2021 it paid some KRW 66 billion for "
        "175 one-year and 105 multi-year R&D projects and 241 technology transfers.",
        "이 사업은 기업과 대학, 연구기관을 미니클러스터로 잇습니다. 2014년에는 71개 미니클러스터에 "
        "5,784개 회원기업이 있었고, 2021년에는 약 660억 원으로 단년도 과제 175개, 다년도 과제 "
        "105개, 기술이전 241건을 지원했습니다.",
    ),
    Words(
        "The story is made up. Its lines are ordinary commands: ✓ and the event's position, or ✗ "
        "and the reason.",
        "이야기는 지어낸 것이고, 줄은 모두 보통의 명령입니다. ✓와 기록 번호, 또는 ✗와 그 까닭이 "
        "보입니다.",
    ),
)
LEDGER = Words("The ledger", "장부")
CAST = (
    Words("party", "참여자"),
    Words("business number", "사업자번호"),
    Words("kind", "구분"),
    Words("Mini Cluster", "미니클러스터"),
)
KINDS = {
    "sme": Words("SME", "중소기업"),
    "mid_size": Words("mid-size", "중견기업"),
    "large": Words("large", "대기업"),
    "university": Words("university", "대학"),
    "research_institute": Words("research institute", "연구기관"),
}


class Page:
    """Where the story is printed, in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._out: Console = console()
        self.width = self._out.width = max(LEAST, min(PAGE, self._out.width))

    def rule(self, title: str) -> None:
        """A heading."""
        self._out.print(Rule(styled((title, "bold")), align="left", style="dim"))

    def say(self, words: Words, style: str = "") -> None:
        """A sentence."""
        self._out.print(words.said(self.language), style=style)

    def put(self, what: Table | Text | str, indent: int = 0) -> None:
        """A table, or a text, some columns from the edge."""
        self._out.print(Padding(what, (0, 0, 0, indent), expand=False))

    def line(self, text: Text | str = "") -> None:
        """A line that the terminal may wrap where it likes, so that it can be copied."""
        self._out.print(text, soft_wrap=True)


class Teller:
    """Tells the story as it is played."""

    def __init__(self, language: Language) -> None:
        self._page = Page(language)
        self._phrases = Phrases(language)
        self._language: Language = language

    def opening(self, ledger: str) -> None:
        """What the programme is, where the ledger is, and who takes part."""
        self._page.rule(TITLE.said(self._language))
        for words in OPENING:
            self._page.say(words)
        self._page.line(styled(f"{LEDGER.said(self._language)}: ", (ledger, "bold")))
        self._page.line()
        self._page.put(self._cast())

    def chapter(self, number: int, chapter: Chapter, receipts: Sequence[Receipt]) -> None:
        """A chapter, with the receipts of its commands."""
        self._page.rule(f"{number}  {chapter.title.said(self._language)}")
        left = iter(receipts)
        for scene in chapter.scenes:
            self._page.say(scene.told, style="italic")
            for step in scene.steps:
                self._step(step, [next(left) for _ in step.commands])

    def _step(self, step: Step, receipts: list[Receipt]) -> None:
        command = step.commands[0]
        verb, refusal = self._phrases.verb(command["command"]), receipts[0].refusal
        if refusal is None:
            mark = styled((f"✓ {_positions(receipts)}", "green"))
            done = styled(self._phrases.objects(step.commands))
        else:
            mark = styled(("✗", "red"))
            done = styled(f"{self._phrases.subject(command)}  ", (refusal.rule, "red"))
        row = Table.grid(padding=(0, 1))
        for width in MARGIN:
            row.add_column(width=width, no_wrap=True)
        row.add_column(overflow="fold")  # the default cuts Hangul short where a line ends
        who = styled((command["actor"], "dim"))
        row.add_row(command["effective_on"], who, mark, styled((verb, "bold"), " ", done))
        self._page.put(row, indent=2)
        if refusal is not None:
            self._page.put(receipts[0].message(self._language) or "", indent=13)

    def _cast(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for heading in CAST:
            table.add_column(heading.said(self._language), overflow="fold")
        for party in PARTIES:
            kind = KINDS[party.size or party.party_type]
            name = party.name.ko if self._language == "ko" else f"{party.name.en}  {party.name.ko}"
            table.add_row(
                name,
                party.number,
                kind.said(self._language),
                party.cluster.said(self._language),
            )
        return table


def _positions(receipts: Sequence[Receipt]) -> str:
    first, last = receipts[0].events[0], receipts[-1].events[-1]
    return f"{first}" if first == last else f"{first}–{last}"
