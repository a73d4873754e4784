"""A pathway of the field comes in, is planned, goes out, and is planned the same."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.catalog.entities import Catalog
from pathways.catalog.formats.read import read_file, read_json
from pathways.planning.from_catalog import problem_for
from pathways.planning.problem import Plan
from pathways.planning.solver import plan
from pathways.planning.terms import parse_terms
from pathways.planning.verify import violations
from tests.builders import TODAY, record
from tests.catalog.formats.graphs import as_bytes
from tests.catalog.formats.verdicts import SAMPLES

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the standards' samples are not here (../shared/data/standards)")

GOAL, CAPSTONE = "ce-bbaa0b79-0000-4000-8000-000000000201", "ce-f3d259d3-0000-4000-8000-000000000206"


def _planned(whole: Catalog, *held: str) -> set[str]:
    terms = parse_terms("Spring 2027..Fall 2028")
    problem = problem_for(GOAL, record(*held), whole, terms=terms, load_max=Fraction(6), on=TODAY)
    found = plan(problem)
    assert isinstance(found, Plan)
    assert violations(problem, found) == ()
    return {one.item for one in found.placed} - {GOAL}


def test_two_of_four_and_a_capstone_are_planned_as_three_courses_before_and_after_an_export() -> None:
    """The sample asks for two of four courses and the capstone: three to take, two where one is held already."""
    imported = read_file(SAMPLES / "made/ctdl/pathway-2-of-4-and-capstone.json")
    again = read_json(as_bytes(imported.as_catalog()))
    for whole in (imported.as_catalog(), again.as_catalog()):
        courses = {item.id for item in whole.credentials.values() if item.type == "course"}
        taken = _planned(whole)
        assert CAPSTONE in taken
        assert len(taken & courses) == 3
        (one, *_) = sorted(courses - {CAPSTONE})
        rest = _planned(whole, one)
        assert one not in rest
        assert len(rest & courses) == 2
    assert as_bytes(again.as_catalog()) == as_bytes(imported.as_catalog())
