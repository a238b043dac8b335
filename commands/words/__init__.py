"""What the ledger says to people, in English and in Korean.

    sentences   refusals, warnings and answers, by their slug
    names       commands, fields, events, buckets, rules, statuses, categories, questions
    korean      the help that commands, fields and questions give in English
    particles   Korean particles that fit the word before them
    saying      a sentence filled in with its facts

Below, in `ledger/` and `projections/`, there is no language: what goes wrong there carries a slug
and facts. `said` and `refusal` put it into words.
"""

from commands.words.saying import (
    LANGUAGES,
    Language,
    Named,
    Worded,
    field_said,
    line_named,
    refusal,
    said,
    say,
    value_said,
    word,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Named",
    "Worded",
    "field_said",
    "line_named",
    "refusal",
    "said",
    "say",
    "value_said",
    "word",
]
