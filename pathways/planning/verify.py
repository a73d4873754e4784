"""Check a plan against its problem, rule by rule, sharing no code with any solver.

Every plan is checked here before it is shown. A broken rule is named with the item and the term; the plan's own totals are
added up again. Amounts nobody published count as in the problem: left out of limits, counted in the proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pathways.planning.problem import FactKind, Objective, Plan, PlanItem, Problem
from pathways.planning.verify_trees import holds
from pathways.requirements.rules import Requirement

BrokenRule = FactKind | Literal["unknown item", "placed twice", "held already", "unknown term", "required", "order", "totals"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule a plan breaks: which, about what item (or cap group, or total), in which term (None: the whole plan), and how."""

    rule: BrokenRule
    item: str
    term: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan as looked up by the checks: where each known item stands, and the last term in use (-1: none)."""

    problem: Problem
    term_of: dict[str, int]
    last: int

    @property
    def by_term(self) -> dict[int, list[PlanItem]]:
        """Items of each used term."""
        found: dict[int, list[PlanItem]] = {}
        for name, term in sorted(self.term_of.items(), key=lambda pair: (pair[1], pair[0])):
            found.setdefault(term, []).append(self.problem.items[name])
        return found

    def done(self, until: int, seen_from: int, *, lapses: bool = True) -> frozenset[str]:
        """What is done by the end of term ``until`` and still counts in term ``seen_from``."""
        problem = self.problem
        held = {name for name in problem.held if not lapses or seen_from <= problem.held_until.get(name, seen_from)}
        placed = set()
        for name, term in self.term_of.items():
            valid = problem.items[name].valid_terms
            if term <= until and (not lapses or valid is None or seen_from <= term + valid):
                placed.add(name)
        return frozenset(held | placed)


def violations(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every rule of the problem a plan breaks; empty for a right plan.

    Parameters
    ----------
    problem : Problem
        What the plan has to respect.
    plan : Plan
        As a solver or a person made it.

    Returns
    -------
    tuple of Violation
        In the order: form of the plan, terms, single items, loads and sums, the goal, the plan's own totals.
    """
    known = [one for one in plan.placed if one.item in problem.items and 0 <= one.term < len(problem.terms)]
    term_of: dict[str, int] = {}
    for one in known:
        term_of.setdefault(one.item, one.term)
    schedule = Schedule(problem, term_of, max(term_of.values(), default=-1))
    checks = (_form, _asked, _items, _loads, _sums, _goal, _totals)
    return tuple(found for check in checks for found in check(schedule, plan))


def _form(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    problem = schedule.problem
    for one in plan.placed:
        if one.item not in problem.items:
            yield Violation("unknown item", one.item, one.term, f"{one.item} is not an item of this problem")
        if not 0 <= one.term < len(problem.terms):
            yield Violation("unknown term", one.item, one.term, f"term {one.term} of {one.item} is outside the horizon")
        if one.item in problem.held and one.item not in problem.held_until:
            yield Violation("held already", one.item, one.term, f"{one.item} is held already and takes no place")
    for name, count in Counter(one.item for one in plan.placed).items():
        if count > 1:
            yield Violation("placed twice", name, None, f"{name} stands in the plan {count} times")
    if list(plan.placed) != sorted(plan.placed, key=lambda one: (one.term, one.item)):
        yield Violation("order", "", None, "items are not in the order of terms and ids")


def _asked(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    problem, term_of = schedule.problem, schedule.term_of
    for name, term in sorted(problem.pins.items()):
        if term_of.get(name) != term:
            yield Violation("pin", name, term, f"{name} is pinned to term {term}, not placed there")
    for name in sorted(problem.excluded & term_of.keys()):
        yield Violation("excluded", name, term_of[name], f"{name} is excluded and still in the plan")
    for name in sorted(problem.required - term_of.keys() - problem.held):
        yield Violation("required", name, None, f"{name} must be used and is not in the plan")


def _items(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    problem = schedule.problem
    for name, term in sorted(schedule.term_of.items(), key=lambda pair: (pair[1], pair[0])):
        item = problem.items[name]
        where = problem.terms[term].name
        if problem.deadline is not None and term > problem.deadline:
            yield Violation("deadline", name, term, f"{name} stands in {where}, after the deadline")
        if item.offered is not None and term not in item.offered:
            yield Violation("offered", name, term, f"{name} is not offered in {where}")
        yield from _tree(schedule, item.requires, "prerequisite", name, until=term - 1, seen_from=term)
        yield from _tree(schedule, item.corequisites, "corequisite", name, until=term, seen_from=term)


def _goal(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    yield from _tree(schedule, schedule.problem.goal, "goal", "", until=schedule.last, seen_from=schedule.last)


def _tree(schedule: Schedule, rule: Requirement, kind: FactKind, name: str, *, until: int, seen_from: int) -> Iterator[Violation]:
    """A broken tree, told apart: something lapsed, something counted twice, or something missing."""
    problem = schedule.problem
    loads = {item.id: item.load for item in problem.items.values()}
    done = schedule.done(until, seen_from)
    if holds(rule, done, loads):
        return
    what = f"what {name} needs ({kind})" if name else problem.name
    term = seen_from if name else None
    if holds(rule, schedule.done(until, seen_from, lapses=False), loads):
        yield Violation("expiry", name, term, f"{what} rests on something that no longer counts by then")
    elif holds(rule, done, loads, keeps_groups_apart=False):
        yield Violation("groups", name, term, f"{what} is met only if an item counts in two groups")
    else:
        yield Violation(kind, name, term, f"{what} is not met by what is done by then")


def _loads(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    problem = schedule.problem
    for term, items in schedule.by_term.items():
        where, load = problem.terms[term], sum((item.load for item in items), Fraction(0))
        most = problem.load_of_term.get(term, problem.load_max)
        if load > most:
            yield Violation("load", "", term, f"{where.name} has load {load}, at most {most} is allowed")
        if load < problem.load_min:
            yield Violation("minimum load", "", term, f"{where.name} has load {load}, at least {problem.load_min} is asked for")
        hours = _known_hours(items)
        if problem.hours_per_week is not None and hours > problem.hours_per_week * where.weeks:
            yield Violation("hours", "", term, f"{where.name} has {hours} hours in {where.weeks} weeks, more than allowed")


def _sums(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    problem = schedule.problem
    items = [problem.items[name] for name in schedule.term_of]
    cost = _known_usd(items)
    if problem.budget is not None and cost > problem.budget:
        yield Violation("budget", "", None, f"known prices add up to {cost}, the budget is {problem.budget}")
    for cap in problem.caps:
        load = sum((item.load for item in items if item.group == cap.group), Fraction(0))
        if load > cap.most:
            yield Violation("cap", cap.group, None, f"{load} of {cap.group} are used, at most {cap.most} count")


def _totals(schedule: Schedule, plan: Plan) -> Iterator[Violation]:
    """What the plan says of itself against what its items add up to."""
    problem, proof = schedule.problem, plan.proof
    items = [problem.items[name] for name in schedule.term_of]
    values = tuple(_value(schedule, goal, items) for goal in proof.objective)
    stated_and_found: tuple[tuple[str, object, object], ...] = (
        ("usd", plan.usd, _known_usd(items)),
        ("hours", plan.hours, _known_hours(items)),
        ("load", plan.load, sum((item.load for item in items), Fraction(0))),
        ("terms_used", plan.terms_used, schedule.last + 1),
        ("unpriced", proof.unpriced, sum(item.is_unpriced for item in items)),
        ("untimed", proof.untimed, sum(item.is_untimed for item in items)),
        ("objective", proof.objective, problem.objective),
        ("values", proof.values, values),
    )
    for name, stated, found in stated_and_found:
        if stated != found:
            yield Violation("totals", name, None, f"the plan says {name} {stated}, its items say {found}")
    yield from _bounds(plan)


def _bounds(plan: Plan) -> Iterator[Violation]:
    """A bound above what is reached, or a claim of the best with a gap, is no proof."""
    proof = plan.proof
    if len(proof.bounds) != len(proof.values):
        yield Violation("totals", "bounds", None, f"{len(proof.bounds)} bounds for {len(proof.values)} values")
    elif any(bound > value for bound, value in zip(proof.bounds, proof.values, strict=True)):
        yield Violation("totals", "bounds", None, "a proven bound is above what the plan reaches")
    elif proof.status == "optimal" and proof.bounds != proof.values:
        yield Violation("totals", "status", None, "the plan is called optimal, its bounds are below its values")


def _value(schedule: Schedule, goal: Objective, items: list[PlanItem]) -> Fraction:
    match goal:
        case "terms":
            return Fraction(schedule.last + 1)
        case "cost":
            return Fraction(_known_usd(items))
        case "hours":
            return _known_hours(items)
        case "balance":
            loads = [sum((item.load for item in row), Fraction(0)) for row in schedule.by_term.values()]
            return max(loads, default=Fraction(0)) - min(loads, default=Fraction(0))


def _known_usd(items: list[PlanItem]) -> Decimal:
    return sum((item.usd for item in items if item.usd is not None), Decimal(0))


def _known_hours(items: list[PlanItem]) -> Fraction:
    return sum((item.hours for item in items if item.hours is not None), Fraction(0))
