"""Numbered series of credentials and the courses they led to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pathways.matching.proposal import BadgeText
from pathways.matching.series import Series
from pathways.matching.text import Code, course_code


def learned(steps: list[tuple[int, int]]) -> Series:
    credentials = [BadgeText(str(number), f"Trade Apprenticeship — TRD {number}") for number, _ in steps]
    return Series.learn([[("Hill", Code("trade", course))] for _, course in steps], credentials)


@given(start=st.integers(1, 300), offset=st.integers(-200, 200), ahead=st.integers(1, 8))
def test_a_series_that_runs_in_step_points_at_the_course_in_step(start: int, offset: int, ahead: int) -> None:
    first = start + 250
    series = learned([(first, first + offset), (first + 2, first + 2 + offset)])
    number = first + 2 + ahead
    codes = [[("Hill", Code("trade", number + offset + off))] for off in (-4, 0, 4)]
    fits = [by_offset for by_offset, _ in series.expected(f"TRD {number}", [True, True], codes)]
    assert max(fits) == fits[1] > 0


def test_one_credential_is_no_series_and_masked_ones_do_not_count() -> None:
    codes = [[("Hill", Code("trade", 12))]]
    assert learned([(2, 12)]).expected("TRD 2", [True], codes) == [(0.0, 0.0)]
    two = learned([(1, 11), (3, 13)])
    assert two.expected("TRD 2", [True, True], codes)[0][0] > 0.5
    assert two.expected("TRD 2", [True, False], codes) == [(0.0, 0.0)]


def test_another_college_or_subject_is_not_pointed_at() -> None:
    series = learned([(1, 11), (3, 13)])
    others = [[("Dale", Code("trade", 12))], [("Hill", Code("art", 12))]]
    assert series.expected("TRD 2", [True, True], others) == [(0.0, 0.0), (0.0, 0.0)]


def test_a_course_code_is_its_letters_and_its_first_number() -> None:
    assert course_code("ADM JUS 049") == Code("adm jus", 49)
    assert course_code("WELD B30A") == Code("weld b", 30, "A")
    assert course_code("none") is None
