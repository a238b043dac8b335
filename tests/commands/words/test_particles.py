"""Korean particles fit the word before them, however that word ends."""

from __future__ import annotations

import pytest

from commands.words.particles import PARTICLES, KoreanSentence, with_particle

WORDS = (
    # ── Hangul: no final consonant, ㄹ, another one ──
    ("과제", "는 가 를 와 로 라는"),
    ("한빛정밀", "은 이 을 과 로 이라는"),
    ("새롬금속", "은 이 을 과 으로 이라는"),
    # ── digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구 ──
    ("기록 10", "은 이 을 과 으로 이라는"),
    ("기록 1", "은 이 을 과 로 이라는"),
    ("기록 2", "는 가 를 와 로 라는"),
    ("기록 3", "은 이 을 과 으로 이라는"),
    ("기록 4", "는 가 를 와 로 라는"),
    ("609-86-00005", "는 가 를 와 로 라는"),
    ("기록 6", "은 이 을 과 으로 이라는"),
    ("기록 7", "은 이 을 과 로 이라는"),
    ("기록 8", "은 이 을 과 로 이라는"),
    ("기록 9", "는 가 를 와 로 라는"),
    ("２", "는 가 를 와 로 라는"),
    ("CASE-①", "은 이 을 과 로 이라는"),
    ("50%", "는 가 를 와 로 라는"),
    # ── a day is read 이월 이일 ──
    ("2026-02-02", "은 이 을 과 로 이라는"),
    # ── Latin letters by their names: 엘 and 알, 엠 and 엔, the others; kang as it is read ──
    ("R&D", "는 가 를 와 로 라는"),
    ("KB-URL", "은 이 을 과 로 이라는"),
    ("PR", "은 이 을 과 로 이라는"),
    ("kim", "은 이 을 과 으로 이라는"),
    ("N", "은 이 을 과 으로 이라는"),
    ("lee", "는 가 를 와 로 라는"),
    ("kang", "은 이 을 과 으로 이라는"),
    ("PNG", "는 가 를 와 로 라는"),
    # ── brackets do not count, quotation marks are looked through ──
    ("한빛정밀(609-86-00005)", "은 이 을 과 로 이라는"),
    ("홍보 (PR)", "는 가 를 와 로 라는"),
    ("과제(가)(서울)", "는 가 를 와 로 라는"),
    ("(서울)", "은 이 을 과 로 이라는"),
    ("'year'", "은 이 을 과 로 이라는"),
    ("“마감”", "은 이 을 과 으로 이라는"),
    ("open-year:", "은 이 을 과 로 이라는"),
    # ── what has no reading is taken to end in a vowel ──
    ("大", "는 가 를 와 로 라는"),
    ("🎉", "는 가 를 와 로 라는"),
    ("", "는 가 를 와 로 라는"),
    ("()", "는 가 를 와 로 라는"),
)


@pytest.mark.parametrize(("word", "forms"), WORDS, ids=lambda text: text or "nothing")
def test_a_particle_fits_the_word_before_it(word: str, forms: str) -> None:
    assert [with_particle(word, particle) for particle in PARTICLES] == [
        word + form for form in forms.split()
    ]


def test_every_particle_is_named_by_its_form_after_a_consonant() -> None:
    for particle, (after_consonant, after_vowel) in PARTICLES.items():
        assert particle == after_consonant != after_vowel


def test_every_syllable_of_hangul_is_read() -> None:
    for code in range(0xAC00, 0xD7A4):
        final = (code - 0xAC00) % 28
        assert with_particle(chr(code), "은")[1:] == ("은" if final else "는")
        assert with_particle(chr(code), "으로")[1:] == ("로" if final in (0, 8) else "으로")


def test_a_sentence_names_the_particle_as_a_format_and_numbers_keep_theirs() -> None:
    say = KoreanSentence().format
    assert say("{who:은} {won:,}원을", who="다온소재", won=1234567) == "다온소재는 1,234,567원을"
    assert say("{seq:으로} {year}년", seq=21, year=2025) == "21로 2025년"
