"""Words, codes and languages of titles."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pathways.matching.text import (
    CODES_FILE,
    character_grams,
    codes_in,
    is_english,
    level_word,
    named_numbers,
    spelled_out,
    step_numbers,
    terms,
)  # fmt: skip


def test_roman_and_arabic_numbers_agree() -> None:
    assert step_numbers("Physics II") == step_numbers("Physics 2") == {"2"}


def test_codes_are_spelled_out_only_for_their_issuer() -> None:
    assert "brakes" in spelled_out("ASE A5", "")
    assert "brakes" not in spelled_out("Paper size A5", "")
    assert spelled_out("General Psychology") == "General Psychology"


def test_every_row_of_the_table_of_codes_can_be_found() -> None:
    rows = [row.split(",") for row in CODES_FILE.read_text("utf-8").splitlines()[1:]]
    assert len(rows) > 100
    for needs, code, words in rows:
        assert re.fullmatch(r"[A-Za-z0-9 ]+", words)
        assert words in spelled_out(f"{code} certificate", needs)


def test_levels_and_numbers_in_titles() -> None:
    assert [level_word(text) for text in ("Introduction to Art", "Advanced Art", "Art")] == [0, 2, -1]
    assert named_numbers("Culinary Arts 040") == {"40"}
    assert [(code.subject, code.number) for code in codes_in("AUTO 602 — Auto Course")] == [("auto", 602)]


def test_languages() -> None:
    assert is_english("The course introduces students to the principles of accounting and finance.")
    assert not is_english("El curso presenta los principios de la contabilidad para los estudiantes de la escuela.")
    assert not is_english("会计原理")
    assert is_english("Español 1")


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(text: str) -> None:
    terms(text)
    character_grams(text)
    codes_in(text)
    spelled_out(text)
    assert is_english(text) in {True, False}
