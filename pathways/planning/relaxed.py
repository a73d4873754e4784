"""Requirements without time: what could hold at best, how early at best, and which items a goal can use at all.

Everything here is optimistic (caps, groups and ``none`` forbid nothing), so it may rule things out and never in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from pathways.planning.problem import Problem
from pathways.requirements.fold import fold
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    held_ids,
)  # fmt: skip

#: Done before the first term.
BEFORE = -1.0
NEVER = math.inf


def earliest(tree: Requirement, when: Callable[[str], float], loads: Mapping[str, Fraction]) -> float:
    """First term at whose end a tree could hold, from the first term at whose end each id could be done."""

    def combine(node: Node, children: tuple[float, ...]) -> float:
        match node:
            case Held():
                return when(node.id)
            case AllOf() | OpenAll() | Conflict() | Groups():
                return max(children, default=BEFORE)
            case AnyOf() | OpenAny():
                return min(children, default=NEVER)
            case AtLeast():
                unique = dict(zip(node.children, children, strict=True))
                return _nth(unique.values(), node.n)
            case CreditsFrom():
                return _enough(node, when, loads)
            case _:
                return BEFORE

    return fold(tree, combine, inside=lambda node: not isinstance(node, CreditsFrom | NoneOf))


def _nth(times: Iterable[float], count: int) -> float:
    ordered = sorted(times)
    if count <= 0:
        return BEFORE
    return ordered[count - 1] if count <= len(ordered) else NEVER


def _enough(node: CreditsFrom, when: Callable[[str], float], loads: Mapping[str, Fraction]) -> float:
    ids: dict[str, None] = {}
    for child in node.children:
        inner = child.children if isinstance(child, AtMostCredits) else (child,)
        ids.update(dict.fromkeys(one.id for one in inner if isinstance(one, Held)))
    total = Fraction(0)
    for time, name in sorted((when(name), name) for name in ids):
        total += loads.get(name, Fraction(0)) if time < NEVER else Fraction(0)
        if total >= node.min_credits:
            return time
    return NEVER


def loads_of(problem: Problem) -> dict[str, Fraction]:
    """What each item weighs."""
    return {name: item.load for name, item in problem.items.items()}


def could_hold(tree: Requirement, done: frozenset[str], problem: Problem) -> bool:
    """Whether a tree holds at best once these are done."""
    return earliest(tree, lambda name: BEFORE if name in done else NEVER, loads_of(problem)) < NEVER


def cone(problem: Problem) -> list[str]:
    """Items the goal, a pin or a required item can use, directly or through what those need, and optional ones; sorted.

    Other items nobody needs are never placed, so they cannot fill a term up to its minimum load either.
    """
    found: set[str] = set()
    stack = [*held_ids(problem.goal), *problem.pins, *problem.required, *problem.optional]
    while stack:
        name = stack.pop()
        if name in found or name not in problem.items:
            continue
        found.add(name)
        if name in problem.held and name not in problem.held_until:
            continue
        stack.extend(held_ids(problem.items[name].requires))
        stack.extend(held_ids(problem.items[name].corequisites))
    return sorted(name for name in found if name not in problem.held or name in problem.held_until)


def open_terms(problem: Problem, name: str) -> list[int]:
    """Terms an item may stand in: offered, not after the deadline, not excluded, its pin alone where it has one."""
    last = len(problem.terms) - 1 if problem.deadline is None else min(problem.deadline, len(problem.terms) - 1)
    item = problem.items[name]
    if name in problem.excluded:
        return []
    if name not in problem.pins and not problem.load_of_term and item.load <= problem.load_max:
        return list(range(last + 1)) if item.offered is None else sorted(term for term in item.offered if 0 <= term <= last)
    terms = [problem.pins[name]] if name in problem.pins else range(last + 1)
    return [
        term
        for term in terms
        if term <= last
        and (item.offered is None or term in item.offered)
        and item.load <= problem.load_of_term.get(term, problem.load_max)
    ]


def earliest_terms(problem: Problem, ids: Iterable[str], *, slots: Mapping[str, list[int]] | None = None) -> dict[str, float]:
    """First term each item could be done in, by its offers and the longest chain of what it needs.

    Parameters
    ----------
    problem : Problem
    ids : iterable of str
        Items that may be placed.
    slots : mapping, optional
        Terms each may stand in (default: :func:`open_terms`).
    """
    ids, loads = list(ids), loads_of(problem)
    open_in = {name: open_terms(problem, name) if slots is None else slots[name] for name in ids}
    found = {name: (float(open_in[name][0]) if open_in[name] else NEVER) for name in ids}

    def when(name: str) -> float:
        return BEFORE if name in problem.held else found.get(name, NEVER)

    # Times only rise, each to one of the item's own terms, so this ends; items that need each other rise out of the horizon.
    changed = True
    while changed:
        changed = False
        for name in ids:
            if found[name] == NEVER:
                continue
            after = earliest(problem.items[name].requires, when, loads)
            beside = earliest(problem.items[name].corequisites, when, loads)
            now = next((float(term) for term in open_in[name] if term > after and term >= beside), NEVER)
            if now > found[name]:
                found[name], changed = now, True
    return found


def goal_term(problem: Problem, times: Mapping[str, float]) -> float:
    """First term at whose end the goal could hold."""
    tree = problem.goal
    return earliest(tree, lambda name: BEFORE if name in problem.held else times.get(name, NEVER), loads_of(problem))
