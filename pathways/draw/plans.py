"""A plan as a picture: its terms are the columns, what was earned before stands in front, the goal in a column of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from pathways.draw.picture import Arrow, ArrowKind, Column, Node, Picture, Status
from pathways.planning.problem import Plan, PlanItem, Problem
from pathways.requirements.rules import Held, NoneOf, Requirement, children_of
from pathways.requirements.rules import Node as RuleNode
from pathways.units import show, unit_words

#: Id of the goal's own step; no item can be called so, since ids have no space.
GOAL = "the goal"
EARNED, GOAL_COLUMN = "Earned", "Goal"
_UNKNOWN_CREDITS = "credits not published"


def picture_of_plan(
    problem: Problem,
    plan: Plan,
    *,
    title: str,
    earned: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    hrefs: Mapping[str, str] | None = None,
    warnings: Mapping[str, str] | None = None,
    footer: str = "",
) -> Picture:
    """Turn a plan into a picture.

    Parameters
    ----------
    problem, plan : Problem, Plan
        The plan need not be valid: an advisor may have moved a step.
    title, footer : str
    earned : collection of str
        Ids earned since: placed items among them are shown as earned in their term, other ids like those held.
    names : mapping of str to str, optional
        Labels by id, where they differ from the items' own; needed for held ids that are no items.
    hrefs : mapping of str to str, optional
        Where steps are described; key :data:`GOAL` for the goal.
    warnings : mapping of str to str, optional
        By item, why it cannot stand where it does; shown as blocked with that text.

    Returns
    -------
    Picture
        Columns: ``Earned`` where something held is mentioned by a step of the plan or by the goal, the terms in use, ``Goal``. In
        the first term with something left to earn, steps are ``next``. An arrow runs to a step from each id that its requirement
        mentions and that stands in an earlier column (for corequisites also in the same one), and to the goal from each of its own.
    """
    term_of = {placed.item: placed.term for placed in plan.placed}
    problem_names = {name: item.name for name, item in problem.items.items()} | dict(names or {})
    needs = {name: _needs(problem.items[name]) for name in term_of}
    needs[GOAL] = dict.fromkeys(_mentioned(problem.goal), "counts")
    done = problem.held | (frozenset(earned) - term_of.keys())
    used = [
        name for name in dict.fromkeys(name for kinds in needs.values() for name in kinds) if name in done and name not in term_of
    ]
    terms = sorted(set(term_of.values()))
    place = {term: position + bool(used) for position, term in enumerate(terms)}
    statuses = _statuses(term_of, earned, warnings or {})
    nodes = [_held(name, problem_names, hrefs or {}) for name in used]
    for placed in plan.placed:
        item = problem.items[placed.item]
        detail = (*_detail(item, problem.load_unit), *filter(None, [(warnings or {}).get(item.id)]))
        label = problem_names[item.id]
        nodes.append(Node(item.id, label, place[placed.term], statuses[item.id], detail, (hrefs or {}).get(item.id)))
    nodes.append(Node(GOAL, problem_names.get(GOAL, problem.name), len(terms) + bool(used), "target", (), (hrefs or {}).get(GOAL)))
    columns = [Column(EARNED, f"{len(used)} earned before")] if used else []
    columns += [Column(problem.terms[term].name, _load(problem, term_of, term)) for term in terms]
    return Picture(title, (*columns, Column(GOAL_COLUMN)), tuple(nodes), _arrows(nodes, needs, warnings or {}), footer)


def _mentioned(tree: Requirement) -> tuple[str, ...]:
    """Ids a tree asks for, first mention first; what it forbids is not among them."""
    found: dict[str, None] = {}
    stack: list[RuleNode] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Held):
            found[node.id] = None
        elif not isinstance(node, NoneOf):
            stack.extend(reversed(children_of(node)))
    return tuple(found)


def _needs(item: PlanItem) -> dict[str, ArrowKind]:
    """What an item asks for, and how. What is asked for in both ways is needed before."""
    both: dict[str, ArrowKind] = dict.fromkeys(_mentioned(item.requires), "needs")
    return both | {name: "with" for name in _mentioned(item.corequisites) if name not in both}


def _statuses(term_of: Mapping[str, int], earned: Collection[str], warnings: Mapping[str, str]) -> dict[str, Status]:
    """Earned, blocked, next in the first term with something left to earn, else planned."""
    left = [term for name, term in term_of.items() if name not in earned]
    first = min(left, default=-1)
    return {
        name: "earned" if name in earned else "blocked" if name in warnings else "next" if term == first else "planned"
        for name, term in term_of.items()
    }


def _arrows(nodes: Iterable[Node], needs: Mapping[str, Mapping[str, ArrowKind]], warnings: Mapping[str, str]) -> tuple[Arrow, ...]:
    """Arrows from what comes first; where a step is blocked, also from what it needs and has only later."""
    column = {node.id: node.column for node in nodes}
    return tuple(
        Arrow(start, end, kind)
        for end in column
        for start, kind in needs.get(end, {}).items()
        if start in column
        and start != end
        and (column[start] < column[end] or (kind == "with" and column[start] == column[end]) or end in warnings)
    )


def _held(name: str, names: Mapping[str, str], hrefs: Mapping[str, str]) -> Node:
    """Something held before the plan begins."""
    return Node(name, names.get(name, name), 0, "earned", (), hrefs.get(name))


def _credits(load: Fraction, unit: str) -> str:
    """``3 credits`` in semester credits, ``3 quarter credits``, ``6 PDP``."""
    return f"{show(load)} {unit_words(unit, load).removeprefix('semester ')}"


def _load(problem: Problem, term_of: Mapping[str, int], term: int) -> str:
    """Sum of what the term's items weigh: a least where somebody's credits are not published."""
    here = [problem.items[name] for name, at in term_of.items() if at == term]
    load = sum((item.load for item in here), Fraction(0))
    if not any(item.is_unweighed for item in here):
        return _credits(load, problem.load_unit)
    return f"at least {_credits(load, problem.load_unit)}" if load else _UNKNOWN_CREDITS


def _detail(item: PlanItem, unit: str) -> tuple[str, ...]:
    """Credits and hours, price; unknown figures are named, not left out."""
    if item.kind == "condition":
        return ("Condition to be met",)
    facts = [_UNKNOWN_CREDITS] if item.is_unweighed else [_credits(item.load, unit)] if item.load else []
    if item.hours is not None:
        facts.append(f"{show(item.hours)} hour{'' if item.hours == 1 else 's'}")
    is_whole = item.kind == "earn" and bool(_mentioned(item.corequisites))
    none = "no cost of its own" if is_whole else "cost with the last part" if "~part" in item.id else "no cost"
    price = "cost not published" if item.usd is None else _dollars(item.usd) if item.usd else none
    return tuple(filter(None, (" · ".join(facts), price)))


def _dollars(usd: Decimal) -> str:
    """``$1,050``, ``$12.50``."""
    return f"${usd:,.0f}" if usd == usd.to_integral_value() else f"${usd:,.2f}"
