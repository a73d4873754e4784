"""Real degrees and programs are planned whole, in no more terms than their credits ask for allow, and every plan verifies."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from pathways.planning.problem import Infeasible, Plan, Problem
from pathways.planning.solver import plan
from pathways.planning.verify import violations
from tests.planning import readers

DEGREES = (
    "BSCS_Hawaii_Manoa", "California_Berkely_V2", "Colostate_CSDegree_2017", "Colostate_CSDegree_2017_w_MATH", "Colostate_CSDegree",
    "Kennesaw_State_University_CS", "Metropolitan_State_University_CS", "Michigan_Ann_Arbor_CS", "U_of_Colorado_Boulder_CS",
)  # fmt: skip


def longest_chain(problem: Problem) -> int:
    """Terms that prerequisites alone ask for."""
    depth: dict[str, int] = {}

    def terms(name: str) -> int:
        if name not in depth:
            item = problem.items[name]
            before = [leaf.id for leaf in readers._leaves(item.requires)]
            depth[name] = 1 + max(map(terms, before), default=0)
        return depth[name]

    return max(terms(name) for name in problem.items)


@pytest.mark.parametrize("name", DEGREES)
def test_a_real_degree_is_planned_whole_in_the_fewest_terms(name: str) -> None:
    problem = readers.degree(readers.folder("curriculum-metrics") / f"{name}_w_metrics.csv")
    found = plan(problem)
    assert isinstance(found, Plan), found
    assert violations(problem, found) == ()
    assert {one.item for one in found.placed} == problem.items.keys()
    total = sum((item.load for item in problem.items.values()), Fraction(0))
    assert found.proof.status == "optimal"
    assert max(math.ceil(total / 18), longest_chain(problem)) <= found.terms_used <= 10


def test_programs_of_whole_lists_and_of_electives_are_planned_and_verify() -> None:
    programs = [one for one in readers.bcit_programs() if 4 <= len(one["courses"]) <= 24 and one["required_credits"]][:24]
    kinds = set()
    for program in programs:
        problem = readers.bcit_problem(program)
        total = sum((item.load for item in problem.items.values()), Fraction(0))
        found = plan(problem)
        needed = Fraction(str(program["required_credits"]))
        if any(item.load > problem.load_max for item in problem.items.values()) and total <= needed:
            assert isinstance(found, Infeasible), "a course above the load of a term can stand in none"
            continue
        assert isinstance(found, Plan), program["name"]
        assert violations(problem, found) == ()
        if total > needed:
            assert found.load >= needed
        else:
            assert {one.item for one in found.placed} == problem.items.keys()
        kinds.add(total > needed)
    assert kinds == {True, False}


def test_a_finished_smaller_program_shortens_the_larger_it_stacks_into() -> None:
    exact = [
        one
        for one in readers.bcit_programs()
        if one["total_listed_credits"] == one["required_credits"] and len(one["courses"]) >= 3
    ]
    pairs = [
        (small, large)
        for small in exact
        for large in exact
        if set(small["courses"]) < set(large["courses"]) and len(large["courses"]) <= 20
    ]
    assert pairs
    for small, large in pairs[:6]:
        problem = readers.bcit_problem(large, held=small["courses"])
        found = plan(problem)
        assert isinstance(found, Plan)
        assert violations(problem, found) == ()
        assert {one.item for one in found.placed} == set(large["courses"]) - set(small["courses"])
