"""Terms are read from names an advisor writes, and refused in words."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.errors import QuestionError
from pathways.planning.terms import last_term_by, parse_terms, term_named


def test_a_range_has_every_term_with_its_dates() -> None:
    terms = parse_terms("Fall 2026..Summer 2028")
    names = ["Fall 2026", "Spring 2027", "Summer 2027", "Fall 2027", "Spring 2028", "Summer 2028"]
    assert [term.name for term in terms] == names
    assert (terms[0].start, terms[0].end) == (date(2026, 8, 20), date(2026, 12, 15))
    assert (terms[1].start, terms[1].end) == (date(2027, 1, 15), date(2027, 5, 15))
    assert (terms[2].start, terms[2].end) == (date(2027, 6, 1), date(2027, 8, 10))
    assert terms[2].season == "summer"


def test_summers_may_be_left_out_and_single_terms_named() -> None:
    assert [term.name for term in parse_terms("fall 2026..SPRING 2027", seasons=("fall", "spring"))] == ["Fall 2026", "Spring 2027"]
    assert [term.name for term in parse_terms("Spring 2027, Autumn 2027")] == ["Spring 2027", "Fall 2027"]
    assert [term.name for term in parse_terms("Fall 2026..Fall 2026")] == ["Fall 2026"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Fal 2026", '"Fal 2026" is not a term'),
        ("2026 Fall", "is not a term"),
        ("", "is not a term"),
        ("Fall 26", "is not a term"),
        ("Fall 1066", "outside 1990 to 2100"),
        ("Fall 2027..Fall 2026", "runs backward: Fall 2026 is before Fall 2027"),
        ("Fall 2026..", "is not a range"),
        ("..", "is not a range"),
        ("Fall 2026..Fall 2027..Fall 2028", "is not a range"),
        ("Fall 2026, Fall 2026", "named twice"),
        ("Fall 2026..Fall 2027, Spring 2027", "Spring 2027 is named twice"),
        ("Fall 2027, Spring 2027", "Spring 2027 comes before Fall 2027"),
        ("Fall 2000..Fall 2090", "at most 60"),
    ],
)
def test_bad_names_and_ranges_are_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        parse_terms(text)


def test_a_range_without_any_of_the_seasons_is_empty_and_said_so() -> None:
    with pytest.raises(QuestionError, match="no summer term"):
        parse_terms("Fall 2026..Spring 2027", seasons=["summer"])


def test_a_deadline_names_the_last_term_that_has_ended_by_then() -> None:
    terms = parse_terms("Fall 2026..Fall 2027")
    assert last_term_by(terms, date(2027, 5, 15)) == 1
    assert last_term_by(terms, date(2030, 1, 1)) == 3
    with pytest.raises(QuestionError, match="before the end of the first term, Fall 2026"):
        last_term_by(terms, date(2026, 12, 14))


@given(st.integers(2000, 2050), st.integers(0, 30), st.sampled_from(["Spring", "Summer", "Fall"]))
def test_terms_of_a_range_follow_each_other_without_overlap_and_are_named_as_they_are_read(
    year: int, more: int, season: str
) -> None:
    terms = parse_terms(f"{season} {year}..{season} {year + more % 19}")
    assert len(terms) == 3 * (more % 19) + 1
    assert all(one.end < other.start for one, other in pairwise(terms))
    assert all(term_named(term.name) == term for term in terms)
