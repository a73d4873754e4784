"""The facts of a reason as few sentences: facts of one kind that say alike are told together, with their number and their sums.

Nothing is lost: each line names every fact it stands for. Facts that stand alone keep their own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pathways.credential import Source
from pathways.planning.problem import FactKind, PlanFact, PlanItem, Problem
from pathways.planning.remarks import listed
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, Held, Requirement, held_ids

#: So many facts that say alike are told one by one.
MOST_ALONE = 2
_WHEN: dict[FactKind, str] = {"prerequisite": "first", "corequisite": "before or beside them"}
_PLURAL = (
    (" is ", " are "),
    (" lapses ", " lapse "),
    (", which you hold, counts ", ", which you hold, count "),
    (" after its own", " after their own"),
)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One sentence, without its full stop, for one or more facts of one kind; ``about`` names each."""

    kind: FactKind
    about: tuple[str, ...]
    text: str
    sources: tuple[Source, ...]


def reason_lines(problem: Problem, facts: Sequence[PlanFact]) -> tuple[ReasonLine, ...]:
    """The facts of a reason in their order, those that say alike in one line where the first of them stood.

    What the headline says (a goal that is one item, and the deadline) has no line of its own beside other facts.

    Parameters
    ----------
    problem : Problem
        Which the facts are about.
    facts : sequence of PlanFact
    """
    groups: dict[tuple[str, ...], list[PlanFact]] = {}
    for number, fact in enumerate(facts):
        if len(facts) > 1 and _is_headline(problem, fact):
            continue
        groups.setdefault(_alike(problem, fact, number), []).append(fact)
    lines: list[ReasonLine] = []
    for key, group in groups.items():
        if len(group) <= MOST_ALONE:
            lines += [ReasonLine(fact.kind, (fact.about,), fact.text, fact.sources) for fact in group]
            continue
        sources = tuple(dict.fromkeys(source for fact in group for source in fact.sources))
        lines.append(ReasonLine(group[0].kind, tuple(fact.about for fact in group), _together(problem, group, key[-1]), sources))
    return tuple(lines)


def _is_headline(problem: Problem, fact: PlanFact) -> bool:
    says_no_more = isinstance(problem.goal, Held) and fact.text.startswith("It needs")
    return fact.kind == "deadline" or (fact.kind == "goal" and says_no_more)


def _alike(problem: Problem, fact: PlanFact, number: int) -> tuple[str, ...]:
    """What facts told together have in common: their kind and what is said after the name; of needs, how many of how many."""
    item = problem.items.get(fact.about)
    if item is None or not fact.text.startswith(item.name):
        return (fact.kind, str(number))
    said = _asked(_tree(item, fact.kind)) if fact.kind in _WHEN else fact.text.removeprefix(item.name)
    return (fact.kind, "", said)


def _tree(item: PlanItem, kind: FactKind) -> Requirement:
    return item.requires if kind == "prerequisite" else item.corequisites


def _asked(tree: Requirement) -> str:
    """A flat rule by its form and length; anything else by the number of items it names."""
    count = len(held_ids(tree))
    if isinstance(tree, AllOf | AnyOf | AtLeast) and all(isinstance(child, Held) for child in tree.children):
        return f"{'one' if isinstance(tree, AnyOf) else tree.n if isinstance(tree, AtLeast) else 'all'} of {count} items"
    return "one item" if isinstance(tree, Held) else f"what a rule over {count} items asks"


def _together(problem: Problem, group: Sequence[PlanFact], said: str) -> str:
    items = [problem.items[fact.about] for fact in group]
    names = listed([item.name for item in items])
    if group[0].kind not in _WHEN:
        for one, many in _PLURAL:
            said = said.replace(one, many)
        return f"{len(items)} items{said}: {names}"
    trees = [_tree(item, group[0].kind) for item in items]
    different = len({name for tree in trees for name in held_ids(tree)})
    needs = f"{len(items)} items each need {_WHEN[group[0].kind]} {said}, {different} different ones in all"
    return f"{needs}{_prices(problem, trees)}: {names}"


def _prices(problem: Problem, trees: Sequence[Requirement]) -> str:
    """What each of them asks for costs, where that is a plain sum of known prices."""
    sums: list[Decimal] = []
    for tree in trees:
        parts = [tree] if isinstance(tree, Held) else tree.children if isinstance(tree, AllOf) else ()
        names = {part.id for part in parts if isinstance(part, Held)}
        prices = [problem.items[name].usd for name in names - problem.held if name in problem.items]
        if len(names) < len(parts) or not prices or any(price is None for price in prices):
            return ""
        sums.append(sum((price for price in prices if price is not None), Decimal(0)))
    low, high = min(sums), max(sums)
    return f", at ${low:,} each" if low == high else f", at ${low:,} to ${high:,} each"
