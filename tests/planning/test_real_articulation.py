"""Recorded articulation, row by row: what articulates is met by its courses and by nothing less, and what does not never is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from pathways.planning.problem import Plan
from pathways.planning.solver import plan
from pathways.planning.verify import violations
from pathways.planning.verify_trees import holds
from pathways.requirements.audit import audit
from pathways.requirements.verdicts import Truth
from tests.builders import TODAY, catalog, course, record
from tests.planning import readers
from tests.planning.readers import UcRows, option_tree, sending_tree


def expected(options: Sequence[Sequence[Mapping[str, Any]]], done: frozenset[str]) -> bool:
    """What a row says, straight from its lists."""
    return any({one["code"] for one in option} <= done for option in options)


def tried(options: Sequence[Sequence[Mapping[str, Any]]], everything: frozenset[str]) -> set[frozenset[str]]:
    """Each option whole, each with one course missing, nothing, everything, and everything without any one listed course."""
    whole = [frozenset(one["code"] for one in option) for option in options]
    less = [option - {name} for option in whole for name in option]
    without = [everything - {name} for option in whole for name in option]
    return {frozenset(), everything, *whole, *less, *without}


def test_all_rows_to_nine_campuses_agree_with_what_is_recorded() -> None:
    seen = articulated = checked = 0
    for mine in readers.uc_rows():
        everything = frozenset(one["code"] for row in mine.rows for option in row["sending_options"] for one in option)
        for row in mine.rows:
            options, tree = row["sending_options"], option_tree(row["sending_options"])
            seen += 1
            articulated += row["articulated"]
            assert holds(tree, everything, {}) == row["articulated"], row
            for done in tried(options, everything):
                checked += 1
                assert holds(tree, done, {}) == expected(options, done), (row, done)
    assert (seen, articulated) == (3033, 2587)
    assert checked > 13_000


def test_the_audit_reads_the_rows_of_a_campus_as_the_plan_does() -> None:
    for mine in readers.uc_rows()[::40]:
        everything = frozenset(one["code"] for row in mine.rows for option in row["sending_options"] for one in option)
        facts = catalog(*(course(name) for name in sorted(everything)))
        for row in mine.rows:
            for done in tried(row["sending_options"], everything):
                truth = audit(option_tree(row["sending_options"]), record(*sorted(done)), facts, (), on=TODAY).truth
                assert truth is (Truth.MET if expected(row["sending_options"], done) else Truth.UNMET), (row, done)


def recorded_as_possible(mine: UcRows) -> bool:
    """Whether a college can prepare all of a campus's groups, straight from the rows."""
    sets: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for row in mine.rows:
        need, courses = sets.setdefault((row["group_id"], row["set_id"]), (int(row["num_required"]), set()))
        if row["articulated"]:
            courses.update(row["receiving"])
        sets[row["group_id"], row["set_id"]] = (max(need, int(row["num_required"])), courses)
    groups = {group for group, _ in sets}
    return all(any(len(courses) >= need for (name, _), (need, courses) in sets.items() if name == group) for group in groups)


def test_a_campus_is_planned_exactly_where_every_group_articulates() -> None:
    answers = set()
    for mine in [
        one for one in readers.uc_rows() if one.college in ("Cabrillo College", "De Anza College", "Allan Hancock College")
    ][:14]:
        problem = readers.uc_problem(mine)
        found = plan(problem)
        assert isinstance(found, Plan) == recorded_as_possible(mine), (mine.college, mine.campus, found)
        answers.add(isinstance(found, Plan))
        if isinstance(found, Plan):
            assert violations(problem, found) == ()
    assert answers == {True, False}


def test_words_of_the_agreements_say_what_the_structured_rules_say() -> None:
    rules = {tuple(one["code"] for one in rule["receiving"]): rule["sending_options"] for rule in readers.smc_rules()}
    pairs = {
        (readers.codes_in(received), sent)
        for agreement in readers.smc_agreements()
        for group in agreement["requirement_groups"]
        for section in group["sections"]
        for received, sent in section["requirements"]
        if sent
    }
    compared = closed = 0
    for received, sent in sorted(pairs):
        options = rules.get(received)
        if options is None:
            continue
        tree = sending_tree(sent)
        names = sorted({one["code"] for option in options for one in option})
        for size in range(len(names) + 1):
            for done in map(frozenset, combinations(names, size)):
                assert holds(tree, done, {}) == expected(options, done), (received, sent, done)
        compared += 1
        closed += not options
    assert compared > 60
    assert closed > 20


@pytest.mark.parametrize("major", ["CSE: Computer Science B.S.", "Bioengineering B.S.", "Data Science B.S."])
def test_a_real_major_is_prepared_at_the_college_in_the_order_of_its_ladders(major: str) -> None:
    agreement = next(one for one in readers.smc_agreements() if one["agreement"] == major)
    problem = readers.smc_problem(agreement)
    found = plan(problem)
    assert isinstance(found, Plan)
    assert violations(problem, found) == ()
    claims = {name for name, item in problem.items.items() if item.kind == "claim"}
    assert claims
    assert claims <= {one.item for one in found.placed}
    assert found.load > Fraction(0)
    assert found.proof.status == "optimal"
