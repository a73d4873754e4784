"""Bundled targets: each is planned with a proven optimum that verifies, or says what closed it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest

from pathways.catalog.entities import Catalog
from pathways.catalog.folder import bundled_folder
from pathways.catalog.load import load
from pathways.planning.from_catalog import problem_for
from pathways.planning.problem import Infeasible, Plan, Problem
from pathways.planning.radar import radar
from pathways.planning.solver import plan
from pathways.planning.terms import parse_terms
from pathways.planning.verify import violations
from pathways.requirements.rules import held_ids
from tests.builders import TODAY, earned, record

TERMS = parse_terms("Spring 2027..Fall 2029")


@cache
def bundled() -> Catalog:
    return load(bundled_folder())


def planned(target: str, *held: str) -> tuple[Problem, Plan]:
    problem = problem_for(target, record(*held), bundled(), terms=TERMS, load_max=Fraction(9), on=TODAY)
    found = plan(problem)
    assert isinstance(found, Plan), found
    return problem, found


@pytest.mark.parametrize(
    "target",
    [
        "oh-reading-endorsement", "mo-career-admin", "mo-mlds-15", "la-edl1", "la-llas", "ut-stack-sci-3d", "nb-art-emc",
        "va-cs-addon", "va-esl-endorsement", "augie-med", "lipscomb-med-stackable",
    ],
)  # fmt: skip
def test_a_bundled_target_is_planned_proven_and_right(target: str) -> None:
    problem, found = planned(target)
    assert found.proof.status == "optimal"
    assert violations(problem, found) == ()
    assert target in {one.item for one in found.placed}
    assert found.proof.unpriced == sum(problem.items[one.item].is_unpriced for one in found.placed)
    assert radar(problem, found, record(), bundled(), TODAY) is not None


def test_fifteen_missouri_microcredentials_are_fifteen_different_ones() -> None:
    _, found = planned("mo-mlds-15")
    parts = [one.item for one in found.placed if one.item != "mo-mlds-15"]
    assert len(parts) == len(set(parts)) == 15
    learner = record(*(earned("mo-mlds-mc", name=f"topic {number}") for number in range(6)))
    fewer = plan(problem_for("mo-mlds-15", learner, bundled(), terms=TERMS, load_max=Fraction(9), on=TODAY))
    assert isinstance(fewer, Plan)
    assert len(fewer.placed) == 10


def test_holding_a_part_of_a_target_takes_it_out_of_the_plan() -> None:
    problem, found = planned("oh-reading-endorsement")
    courses = [one.item for one in found.placed if one.item in held_ids(problem.items["oh-reading-endorsement"].corequisites)]
    part = next(name for name in courses if problem.items[name].kind == "earn")
    again, shorter = planned("oh-reading-endorsement", part)
    assert violations(again, shorter) == ()
    assert part not in {one.item for one in shorter.placed}


def test_a_target_whose_parts_are_all_retired_has_no_plan_and_says_why() -> None:
    problem = problem_for("pbs-kqed-cert", record(), bundled(), terms=TERMS, load_max=Fraction(9), on=TODAY)
    found = plan(problem)
    assert isinstance(found, Infeasible)
    assert {"offered", "closed"} & {fact.kind for fact in found.facts}
