"""The facts a reason can rest on, and a problem that keeps only some of them.

Dropping a fact is a problem of its own, so that what a reason claims can be solved again by anybody: the limit is lifted, the
item is offered always, needs nothing, does not lapse; without its deadline the horizon goes on as its last year went.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from pathways.planning.problem import FactKind, PlanItem, PlanTerm, Problem
from pathways.planning.relaxed import cone
from pathways.requirements.fold import fold
from pathways.requirements.rules import (
    NOTHING_REQUIRED,
    AllOf,
    AnyOf,
    AtLeast,
    Conflict,
    Groups,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    walk,
)  # fmt: skip

#: A kind, and the item, cap group or term it is about (empty: the whole problem).
Fact = tuple[FactKind, str]
#: The most terms a horizon goes on for when its deadline is dropped.
LONGEST_EXTENSION = 40
#: Facts in the order in which a reason tries to do without them: details first, what a learner knows best last.
DROP_ORDER: tuple[FactKind, ...] = (
    "cap", "groups", "expiry", "minimum load", "excluded", "corequisite", "prerequisite", "hours", "offered", "pin", "budget",
    "load", "deadline", "goal",
)  # fmt: skip


def facts_of(problem: Problem) -> list[Fact]:
    """Every fact of a problem that a reason can rest on, in the order of :data:`DROP_ORDER`, then by what it is about."""
    found: set[Fact] = {("goal", ""), ("load", ""), ("deadline", "")}
    limits: tuple[tuple[FactKind, bool], ...] = (
        ("minimum load", problem.load_min > 0),
        ("hours", problem.hours_per_week is not None),
        ("budget", problem.budget is not None),
    )
    found |= {(kind, "") for kind, is_set in limits if is_set}
    found |= {("cap", cap.group) for cap in problem.caps}
    found |= {("pin", name) for name in problem.pins.keys() | (problem.required - problem.held)}
    found |= {("expiry", name) for name in problem.held_until if name in problem.held}
    used = cone(problem)
    for name in used:
        found |= _of_item(problem.items[name])
    found |= {("excluded", name) for name in problem.excluded & set(used)}
    trees = [problem.goal, *(tree for name in used for tree in (problem.items[name].requires, problem.items[name].corequisites))]
    if any(isinstance(node, Groups) for tree in trees for node in walk(tree)):
        found.add(("groups", ""))
    return sorted(found, key=lambda fact: (DROP_ORDER.index(fact[0]), fact[1]))


def _of_item(item: PlanItem) -> set[Fact]:
    stated: tuple[tuple[FactKind, bool], ...] = (
        ("prerequisite", item.requires != NOTHING_REQUIRED),
        ("corequisite", item.corequisites != NOTHING_REQUIRED),
        ("offered", item.offered is not None),
        ("expiry", item.valid_terms is not None),
    )
    return {(kind, item.id) for kind, is_stated in stated if is_stated}


def keeping(problem: Problem, facts: Collection[Fact]) -> Problem:
    """The problem with only these facts; all others dropped.

    Parameters
    ----------
    problem : Problem
    facts : collection of (kind, about)
        Of :func:`facts_of`.

    Returns
    -------
    Problem
        Its horizon is longer where the deadline is not among the facts.
    """
    kept = set(facts)
    if ("deadline", "") not in kept:
        problem = replace(extended(problem, extension(problem)), deadline=None)
    apart = ("groups", "") in kept
    total = sum((item.load for item in problem.items.values()), Fraction(1))
    has_load = ("load", "") in kept
    return replace(
        problem,
        goal=_tree(problem.goal, apart) if ("goal", "") in kept else NOTHING_REQUIRED,
        items={name: _item(item, kept, apart=apart) for name, item in problem.items.items()},
        held_until={name: term for name, term in problem.held_until.items() if ("expiry", name) in kept},
        load_min=problem.load_min if ("minimum load", "") in kept else Fraction(0),
        load_max=problem.load_max if has_load else total,
        load_of_term=problem.load_of_term if has_load else {},
        hours_per_week=problem.hours_per_week if ("hours", "") in kept else None,
        budget=problem.budget if ("budget", "") in kept else None,
        pins={name: term for name, term in problem.pins.items() if ("pin", name) in kept},
        required=frozenset(name for name in problem.required if ("pin", name) in kept),
        excluded=frozenset(name for name in problem.excluded if ("excluded", name) in kept),
        caps=tuple(cap for cap in problem.caps if ("cap", cap.group) in kept),
    )


def _item(item: PlanItem, kept: Collection[Fact], *, apart: bool) -> PlanItem:
    name = item.id
    return replace(
        item,
        offered=item.offered if ("offered", name) in kept else None,
        requires=_tree(item.requires, apart) if ("prerequisite", name) in kept else NOTHING_REQUIRED,
        corequisites=_tree(item.corequisites, apart) if ("corequisite", name) in kept else NOTHING_REQUIRED,
        valid_terms=item.valid_terms if ("expiry", name) in kept else None,
    )


def _tree(tree: Requirement, apart: bool) -> Requirement:
    """The tree itself, or with its groups read as plain lists."""
    if apart or not any(isinstance(node, Groups) for node in walk(tree)):
        return tree
    return fold(tree, _ungrouped)  # type: ignore[return-value]


def _ungrouped(node: Node, children: tuple[Node, ...]) -> Node:
    match node:
        case Groups():
            return AllOf(children)  # type: ignore[arg-type]
        case AllOf() | AnyOf() | OpenAll() | OpenAny() | AtLeast():
            return replace(node, children=children)  # type: ignore[arg-type]
        case NoneOf():
            return NoneOf(children[0])  # type: ignore[arg-type]
        case Conflict():
            return Conflict(*children)  # type: ignore[arg-type]
        case _:
            return node


def extension(problem: Problem) -> int:
    """How many terms more a horizon gets when its deadline is dropped: room for one item a term of those the goal can use."""
    return min(LONGEST_EXTENSION, len(problem.terms) + 2 * len(cone(problem)))


def extended(problem: Problem, count: int) -> Problem:
    """The problem with more terms at the end: the seasons, lengths and offers of its last year, again and again."""
    terms, old = list(problem.terms), len(problem.terms)
    year = _year(terms)
    for _ in range(count):
        terms.append(_next_year(terms[-year]))
    items: Mapping[str, PlanItem] = {
        name: replace(item, offered=_offers(item, old, count, year)) for name, item in problem.items.items()
    }
    return replace(problem, items=items, terms=tuple(terms))


def _year(terms: list[PlanTerm]) -> int:
    """Number of terms until the season of the last one comes round."""
    back = [place for place in range(1, len(terms)) if terms[-1 - place].season == terms[-1].season]
    return back[0] if back else len(terms)


def _offers(item: PlanItem, old: int, count: int, year: int) -> frozenset[int] | None:
    if item.offered is None:
        return None
    offered = set(item.offered)
    for term in range(old, old + count):
        if term - year in offered:
            offered.add(term)
    return frozenset(offered)


def _next_year(term: PlanTerm) -> PlanTerm:
    year = str(term.start.year + 1)
    name, changed = re.subn(r"\d{4}", lambda found: str(int(found.group()) + 1), term.name)
    return replace(
        term, name=name if changed else f"{term.name} ({year})", start=_a_year_later(term.start), end=_a_year_later(term.end)
    )


def _a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
