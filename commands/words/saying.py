"""How a sentence is said: with its facts filled in, amounts grouped, names in the same language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol, TypeAlias, get_args

from commands.words import failures, names, results
from commands.words.particles import KoreanSentence
from commands.words.sentences import INSTEAD, SENTENCES
from ledger.errors import Refused, Told, Unfit

Language: TypeAlias = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_WORDS = {
    "bucket": names.BUCKETS,
    "status": names.STATUSES,
    "allowed": names.STATUSES,
    "what": names.STEPS,
    "kind": names.EVENTS,
    "category": names.CATEGORIES,
    "eligible": names.CATEGORIES,
}
"""The facts that are such words, or several of them."""
_SLUGS = ("category", "eligible")
"""Those among them that people type: in Korean they stand beside the word."""


class Named(NamedTuple):
    """What something is called in each language."""

    en: str
    ko: str


class Worded(Protocol):
    """What carries the slug of a sentence and its facts."""

    @property
    def wording(self) -> str:
        """The sentence's name in the table of sentences."""

    @property
    def facts(self) -> Mapping[str, object]:
        """What fills it in."""


def say(wording: str, language: Language, **facts: object) -> str:
    """A sentence with its facts filled in."""
    sentence = SENTENCES[wording][LANGUAGES.index(language)]
    spoken = {name: _spoken(name, fact, language) for name, fact in facts.items()}
    if language == "ko":
        return KoreanSentence().vformat(sentence, (), spoken)
    return sentence.format(**spoken)


def said(told: Worded, language: Language) -> str:
    """What carries a sentence's slug and facts, in words."""
    return say(told.wording, language, **told.facts)


def failure(error: Told, language: Language) -> str:
    """What went wrong outside the rules, in words; in English where it has no Korean."""
    sentence = failures.KOREAN.get(error.text) if language == "ko" else None
    if sentence is None:
        return str(error)
    facts = {
        name: failure(fact, language) if isinstance(fact, Told) else fact
        for name, fact in error.facts.items()
    }
    return KoreanSentence().vformat(sentence, (), facts)


def result(text: str, /, language: Language, **facts: object) -> str:
    """What a call did, saw or found, in words: `text` is the English, with its facts to fill in."""
    if language == "ko":
        return KoreanSentence().vformat(results.KOREAN[text], (), facts)
    return text.format(**facts)


def refusal(refused: Refused, language: Language, fits: int | None = None) -> str:
    """A refusal in words; `fits` is added where it is known."""
    facts = dict(refused.facts)
    if "company" in facts and "year" in facts:
        line = line_named(facts["company"], facts["year"], facts.get("case"))
        facts = {"line": line, "company_name": facts["company"]} | facts
    text = say(refused.wording, language, **facts)
    if fits is not None:
        text += " " + say(_what_fits(refused, fits), language, **facts, fits=fits)
    return text


def word(name: str, language: Language) -> str:
    """A column, bucket, status, step, event kind or cost category as people call it."""
    known = names.ALL.get(name)
    return known[LANGUAGES.index(language)] if known else name.replace("_", " ")


def field_said(name: str, language: Language) -> str:
    """What a field is called: in Korean by its word, in English as it is typed."""
    return word(name, language) if language == "ko" else name


def value_said(field: str, value: str, language: Language) -> str:
    """What a field holds, as people call it: in Korean a word for a slug, in English the slug."""
    known = names.ALL.get(value) if language == "ko" and field in _SAID else None
    return known[1] if known else value


_SAID = (
    *("status", "kind", "entry_kind", "bucket", "by", "party_type", "size", "per", "bound"),
    *("category", "categories", "eligible", "excluded", "command", "why", "via"),
    *("source", "target"),
)
"""The fields that hold slugs for which people have words."""


def line_named(company: object, year: object, case: object = None) -> Named:
    """A line of a grant: its company, its year and, where there is one, its case."""
    english, korean = company if isinstance(company, Named) else (company, company)
    return Named(
        f"{english} in {year}" + (f", case {case}" if case else ""),
        f"{korean} {year}년도분" + (f"(건 {case})" if case else ""),
    )


def _what_fits(refused: Refused, fits: int) -> str:
    if not fits:
        return "nothing-fits"
    if refused.short is None or refused.short.company is None:
        return "fits-cut"
    return "fits-award" if refused.lowers_award else "fits"


def _spoken(name: str, fact: object, language: Language) -> object:
    if isinstance(fact, Named):
        return getattr(fact, language)
    if isinstance(fact, Unfit):
        return said(fact, language)
    if isinstance(fact, tuple):
        either = " or " if name == "allowed" and language == "en" else ", "
        return either.join(str(_spoken(name, part, language)) for part in fact)
    if name == "instead":
        instead = INSTEAD.get(str(fact))
        return f" {instead[LANGUAGES.index(language)]}" if instead else ""
    if name not in _WORDS:
        return fact
    known = _WORDS[name].get(str(fact))
    if name in _SLUGS:
        return f"{known[1]}({fact})" if known and language == "ko" else fact
    return known[LANGUAGES.index(language)] if known else str(fact).replace("_", " ")
