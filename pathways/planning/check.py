"""What contradicts itself before anything is planned: each case has its message."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from pathways.errors import nearest_ids
from pathways.planning.errors import ProblemError
from pathways.planning.problem import PlanItem, Problem
from pathways.planning.relaxed import could_hold
from pathways.requirements.rules import (
    AtLeast,
    AtMostCredits,
    CreditsFrom,
    Groups,
    Node,
    NoneOf,
    children_of,
    held_ids,
    is_monotone,
    walk,
)


def check(problem: Problem) -> None:
    """Refuse a problem that contradicts itself.

    Raises
    ------
    ProblemError
        For the first contradiction found: terms, limits, items, requirements, then pins.
    """
    for part in (_terms, _limits, _items, _pins):
        for error in part(problem):
            raise error


def _terms(problem: Problem) -> Iterator[ProblemError]:
    if not problem.terms:
        yield ProblemError("terms", "no term at all", "at least one")
    for term in problem.terms:
        if term.end < term.start:
            yield ProblemError(f"term {term.name}", f"an end ({term.end}) before its start ({term.start})", "a start, then an end")
    for first, second in pairwise(problem.terms):
        if second.start < first.start:
            yield ProblemError(
                f"term {second.name}", f"it stands after {first.name}, which starts later", "terms in calendar order"
            )
        if second.start <= first.end:
            found = f"it starts on {second.start}, before {first.name} ends on {first.end}"
            yield ProblemError(f"term {second.name}", found, "terms that do not overlap")
    if problem.deadline is not None and problem.deadline < 0:
        yield ProblemError("deadline", "a day before the first term ends", "a term of the horizon")
    for index in sorted(problem.load_of_term):
        if not 0 <= index < len(problem.terms):
            yield ProblemError("load of a term", f"term number {index}", f"a number from 0 to {len(problem.terms) - 1}")


def _limits(problem: Problem) -> Iterator[ProblemError]:
    if problem.load_max <= 0:
        yield ProblemError("load maximum", str(problem.load_max), "more than 0")
    if problem.load_min < 0:
        yield ProblemError("load minimum", str(problem.load_min), "0 or more")
    if problem.load_min > problem.load_max:
        yield ProblemError(
            "load", f"a minimum of {problem.load_min} above the maximum of {problem.load_max}", "minimum, then maximum"
        )
    for index, most in sorted(problem.load_of_term.items()):
        if most < 0:
            yield ProblemError(f"load of {problem.terms[index].name}", str(most), "0 or more")
    for what, amount in (("budget", problem.budget), ("hours a week", problem.hours_per_week)):
        if amount is not None and amount < 0:
            yield ProblemError(what, str(amount), "0 or more")
    for cap in problem.caps:
        if cap.most < 0:
            yield ProblemError(f"cap of {cap.group}", str(cap.most), "0 or more")


def _items(problem: Problem) -> Iterator[ProblemError]:
    yield from _tree(problem.goal, problem.name)
    for name, item in sorted(problem.items.items()):
        if item.id != name:
            yield ProblemError(f"item {name}", f"another id ({item.id})", "the id it is listed under")
        for what, amount in (("load", item.load), ("hours", item.hours), ("price", item.usd)):
            if amount is not None and amount < 0:
                yield ProblemError(f"{what} of {name}", str(amount), "0 or more")
        if item.valid_terms is not None and item.valid_terms < 0:
            yield ProblemError(f"validity of {name}", f"{item.valid_terms} terms", "0 or more")
        yield from _tree(item.requires, name)
        yield from _tree(item.corequisites, name)
        yield from _itself(problem, item)


def _tree(tree: Node, where: str) -> Iterator[ProblemError]:
    for node in walk(tree):
        match node:
            case AtLeast() if node.n > len(node.children):
                yield ProblemError(f"requirement of {where}", f"{node.n} of {len(node.children)}", "no more than it lists")
            case CreditsFrom() if node.min_credits <= 0:
                yield ProblemError(f"requirement of {where}", f"{node.min_credits} credits", "more than 0")
            case AtMostCredits() if node.max_credits < Fraction(0):
                yield ProblemError(f"requirement of {where}", f"at most {node.max_credits} credits", "0 or more")
    for node in _forbidden(tree):
        what = "groups" if isinstance(node, Groups) else "a credit rule with caps that overlap"
        yield ProblemError(
            f"requirement of {where}", f"{what} that must not be met", "items, counts, or credits under caps that do not overlap"
        )


def _forbidden(tree: Node) -> Iterator[Node]:
    """What cannot be planned under ``none``: to rule it out, no way at all to share out its items or credit may work."""
    stack = [(tree, False)]
    while stack:
        node, is_forbidden = stack.pop()
        if is_forbidden and (isinstance(node, Groups) or (isinstance(node, CreditsFrom) and not _is_nested(node))):
            yield node
        stack += [(child, is_forbidden != isinstance(node, NoneOf)) for child in reversed(children_of(node))]


def _is_nested(rule: CreditsFrom) -> bool:
    lists = [frozenset(held_ids(cap)) for cap in rule.children if isinstance(cap, AtMostCredits)]
    return all(not (one & other) or one <= other or other <= one for place, one in enumerate(lists) for other in lists[:place])


def _itself(problem: Problem, item: PlanItem) -> Iterator[ProblemError]:
    """An item that could be had but for itself: nobody can ever start it."""
    # Looked at only where an item names itself: the rest costs time in the square of the number of items.
    if item.id in problem.held or item.id not in held_ids(item.requires) or not is_monotone(item.requires):
        return
    everything = frozenset(problem.items) | problem.held
    if could_hold(item.requires, everything, problem) and not could_hold(item.requires, everything - {item.id}, problem):
        yield ProblemError(f"prerequisites of {item.id}", "the item itself", "only other items")


def _pins(problem: Problem) -> Iterator[ProblemError]:
    for name, term in sorted(problem.pins.items()):
        where = f"pin of {name}"
        if name not in problem.items:
            near = nearest_ids(name, problem.items)
            yield ProblemError(where, "no such item", f"an item of the problem{', such as ' + near[0] if near else ''}")
            continue
        if not 0 <= term < len(problem.terms):
            yield ProblemError(where, f"term number {term}", f"one of the {len(problem.terms)} terms of the horizon")
            continue
        if name in problem.excluded:
            yield ProblemError(where, "an item that is excluded too", "one or the other")
        if name in problem.held and name not in problem.held_until:
            yield ProblemError(where, "an item that is held already", "an item still to be done")
        offered = problem.items[name].offered
        if offered is not None and term not in offered:
            given = ", ".join(problem.terms[index].name for index in sorted(offered) if 0 <= index < len(problem.terms))
            yield ProblemError(
                where, f"{problem.terms[term].name}, in which it is not offered", given or "no pin: it is never offered"
            )
        yield from _pin_against_prerequisite(problem, name, term)
    for name in sorted(problem.required & problem.excluded):
        yield ProblemError(f"required item {name}", "an item that is excluded too", "one or the other")
    for name in sorted(problem.required - problem.items.keys() - problem.held):
        yield ProblemError(f"required item {name}", "no such item", "an item of the problem")


def _pin_against_prerequisite(problem: Problem, name: str, term: int) -> Iterator[ProblemError]:
    tree = problem.items[name].requires
    if not is_monotone(tree):
        return
    everything = frozenset(problem.items) | problem.held
    late = {other for other, at in problem.pins.items() if at >= term} - problem.held
    if could_hold(tree, everything, problem) and not could_hold(tree, everything - late, problem):
        later = sorted(late - {name})
        yield ProblemError(
            f"pin of {name}",
            f"{problem.terms[term].name}, though what it needs is pinned no earlier ({', '.join(later)})",
            "prerequisites in earlier terms",
        )
