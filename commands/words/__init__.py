"""What the ledger says to people, in English and in Korean.

    sentences   refusals, warnings and answers, by their slug
    names       commands, fields, events, buckets, rules, statuses, categories, questions
    failures    what goes wrong outside the rules, by the English that errors carry
    results     what calls did, saw or found, by the English that says it
    korean      the help that commands, fields and questions give in English
    particles   Korean particles that fit the word before them
    saying      a sentence filled in with its facts

Below, in `ledger/` and `projections/`, rules and questions have no language: what is refused or not
found carries a slug and facts. Failures carry their English, as logs want it, and facts. `said`,
`refusal` and `failure` put it into words.
"""

from commands.words.saying import (
    LANGUAGES,
    Language,
    Named,
    Worded,
    failure,
    field_said,
    line_named,
    refusal,
    result,
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
    "failure",
    "field_said",
    "line_named",
    "refusal",
    "result",
    "said",
    "say",
    "value_said",
    "word",
]
