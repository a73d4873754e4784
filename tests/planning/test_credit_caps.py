"""Caps inside credit rules bind alike in an audit, in the solver and in the verifier, however they lie to each other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.planning.check import check
from pathways.planning.credit_caps import is_nested
from pathways.planning.errors import ProblemError
from pathways.planning.problem import Plan
from pathways.planning.solver import is_feasible, plan
from pathways.planning.solving import Clock
from pathways.planning.verify_credits import credits_of
from pathways.planning.verify_trees import holds
from pathways.requirements.audit import audit
from pathways.requirements.rules import AtMostCredits, CreditsFrom, Held, NoneOf
from pathways.requirements.verdicts import Truth
from tests.builders import TODAY, catalog, course, record
from tests.planning.makers import asked, item

IDS = "abcde"
loads_drawn = st.fixed_dictionaries({name: st.integers(1, 4) for name in IDS})
some_ids = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True)
caps_drawn = st.builds(lambda most, ids: AtMostCredits(Fraction(most), tuple(map(Held, ids))), st.integers(0, 6), some_ids)
rules_drawn = st.builds(
    lambda least, plain, caps: CreditsFrom(Fraction(least), (*map(Held, plain), *caps)),
    st.integers(1, 12),
    some_ids,
    st.lists(caps_drawn, max_size=3),
)


def by_trying(rule: CreditsFrom, done: frozenset[str], loads: dict[str, int]) -> int:
    """The most credit, by trying every whole amount of every item."""
    caps = [(cap.max_credits, {one.id for one in cap.children if isinstance(one, Held)}) for cap in rule.children
            if isinstance(cap, AtMostCredits)]  # fmt: skip
    named = {one.id for one in rule.children if isinstance(one, Held)} | {name for _, ids in caps for name in ids}
    names = sorted(named & done)
    ways = product(*(range(loads[name] + 1) for name in names))
    taken = (dict(zip(names, way, strict=True)) for way in ways)
    return max(sum(one.values()) for one in taken if all(sum(one.get(name, 0) for name in ids) <= most for most, ids in caps))


@settings(max_examples=120, deadline=None)
@given(rules_drawn, st.frozensets(st.sampled_from(IDS)), loads_drawn)
def test_audit_solver_and_verifier_count_the_same_credit(rule: CreditsFrom, done: frozenset[str], loads: dict[str, int]) -> None:
    weights = {name: Fraction(amount) for name, amount in loads.items()}
    most = by_trying(rule, done, loads)
    assert credits_of(rule, done, weights) == most
    is_met = most >= rule.min_credits
    courses = [course(name, amount) for name, amount in loads.items()]
    assert (audit(rule, record(*sorted(done)), catalog(*courses), (), on=TODAY).truth is Truth.MET) == is_met
    items = [item(name, amount) for name, amount in loads.items()]
    held = replace(asked("held(a)", *items, held=done), goal=rule, excluded=frozenset(IDS) - done)
    assert is_feasible(held, Clock(10.0)) is is_met


@settings(max_examples=60, deadline=None)
@given(rules_drawn, st.frozensets(st.sampled_from(IDS)), loads_drawn)
def test_a_credit_rule_that_must_not_be_met_is_read_the_same_or_refused(
    rule: CreditsFrom, done: frozenset[str], loads: dict[str, int]
) -> None:
    items = [item(name, amount) for name, amount in loads.items()]
    problem = replace(asked("held(a)", *items, held=done), goal=NoneOf(rule))
    problem = replace(problem, excluded=frozenset(IDS) - done)
    caps = [cap for cap in rule.children if isinstance(cap, AtMostCredits)]
    weights = {name: Fraction(amount) for name, amount in loads.items()}
    if is_nested(frozenset(one.id for one in cap.children if isinstance(one, Held)) for cap in caps):
        assert is_feasible(problem, Clock(10.0)) is not holds(rule, done, weights)
        check(problem)
    else:
        with pytest.raises(ProblemError, match="caps that overlap"):
            check(problem)


def test_an_id_listed_plainly_and_under_a_cap_stays_under_the_cap() -> None:
    rule = CreditsFrom(Fraction(6), (Held("a"), Held("b"), AtMostCredits(Fraction(3), (Held("a"), Held("b")))))
    problem = replace(asked("held(a)", item("a", 3), item("b", 3), item("c", 3)), goal=rule)
    assert is_feasible(problem, Clock(10.0)) is False
    looser = CreditsFrom(Fraction(6), (*rule.children, Held("c")))
    made = plan(replace(problem, goal=looser))
    assert isinstance(made, Plan)
    assert {one.item for one in made.placed} == {"a", "c"}


def test_groups_and_overlapping_caps_that_must_not_be_met_are_refused_in_words() -> None:
    items = [item(name) for name in "abc"]
    grouped = asked("none(all(held(c), groups(held(a), held(b))))", *items)
    with pytest.raises(ProblemError, match="groups that must not be met"):
        plan(grouped)
    inside = replace(item("a"), requires=grouped.goal)
    with pytest.raises(ProblemError, match="requirement of a: found groups that must not be met"):
        plan(asked("held(a)", inside, item("b"), item("c")))
    twice = asked("none(none(groups(held(a), held(b))))", *items)
    assert isinstance(plan(twice), Plan), "what must not fail to be met is a plain requirement"
