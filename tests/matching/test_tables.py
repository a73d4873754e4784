"""Files of badges and courses, as they come out of other systems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathways.errors import DataError
from pathways.matching.tables import line, read_badges, read_courses
from tests.matching.worlds import COURSES, certificate, matcher


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "rows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_badges_keep_what_is_given_and_nothing_else(tmp_path: Path) -> None:
    header = "\ufeffid,title,issuer,description,outcomes,hours,color\n"
    path = written(tmp_path, header + '1,A+,CompTIA,"two\nlines",x; y|z,40,red\n2,B,,,,,\n')
    first, second = read_badges(path)
    assert (first.description, first.outcomes, first.hours) == ("two lines", ("x", "y", "z"), 40.0)
    assert (second.outcomes, second.hours, second.kind) == ((), None, "")


def test_a_course_without_words_is_left_out_and_a_formula_is_text(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,institution,title,description,credits\n1,X,,,\n2,X,"=cmd|calc",,3.0\n')
    (course,) = read_courses(path)
    assert (course.id, course.title, course.credits) == ("2", "=cmd|calc", 3.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title\nA\n", 'column "id"'),
        ("id,title\n1,A\n1,B\n", "second time"),
        ("id,title\n,A\n", "nothing"),
        ("id,title,hours\n1,A,many\n", "a number"),
        ("id,title\n1,A,B\n", "3 cells"),
        ("id,title\n", "no row"),
        ("", "empty"),
        ("id,title\n1,Caf\u00e9\n".encode("latin-1"), "UTF-8"),
        ("id,title\n1,A\n".encode("utf-16"), "UTF-8"),
        ('id,title\n1,"A\n', "not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read_badges(written(tmp_path, content))
    assert said in str(caught.value)
    assert "rows.csv:" in str(caught.value)


def test_a_line_holds_the_answer_for_a_program() -> None:
    (result,) = matcher(COURSES).match([certificate("ASE A5 — Brakes")])
    told = json.loads(line(result))
    assert told["badge"] == result.badge_id
    assert [one["course"] for one in told["candidates"]] == [one.course_id for one in result.proposals]
    assert all(0 <= one["probability"] <= 1 for one in told["candidates"])
    assert 0 <= told["none_fits"] <= 1
    assert told["abstained"] is result.abstained
