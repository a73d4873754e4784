"""Small random catalogs, and what they mean, worked out the slow and obvious way from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from hypothesis import strategies as st

from pathways.catalog.entities import Catalog
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Conflict,
    CreditsFrom,
    Held,
    Manual,
    OpenAll,
    OpenAny,
    Requirement,
)
from tests.builders import agreement, catalog, course, row

IDS = tuple("abcdefgh")
NOTES = ("x", "y")


def leaves() -> st.SearchStrategy[Requirement]:
    held: st.SearchStrategy[Requirement] = st.sampled_from(IDS).map(Held)
    return held | st.sampled_from(NOTES).map(Manual)


def trees() -> st.SearchStrategy[Requirement]:
    return st.recursive(leaves(), _branches, max_leaves=5)


def _branches(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    items = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(lambda ids: tuple(Held(i) for i in ids))
    counted = st.builds(lambda n, children: AtLeast(min(n, len(children)), children), st.integers(1, 3), items)
    summed = st.builds(CreditsFrom, st.integers(1, 8).map(Fraction), items)
    kinds = [st.builds(kind, several) for kind in (AllOf, AnyOf, OpenAll, OpenAny)]
    return st.one_of(*kinds, counted, summed, st.builds(Conflict, inner, inner))


@st.composite
def worlds(draw: st.DrawFn) -> Catalog:
    """Eight courses of 1 to 4 credits, a rule for some, a few agreements. Anything may ask for anything, cycles included."""
    items = [
        course(i, draw(st.integers(1, 4)), status=draw(st.sampled_from(["active", "active", "active", "retired"]))) for i in IDS
    ]
    ruled = draw(st.lists(st.sampled_from(IDS), max_size=5, unique=True))
    rows = tuple(row(i, draw(trees())) for i in ruled)
    pairs = draw(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=3, unique=True))
    deals = tuple(agreement(one, other) for one, other in pairs if one != other)
    return catalog(*items, rows=rows, agreements=deals)


def met(world: Catalog, rule: Requirement, holds: frozenset[str]) -> bool:
    """Truth of a rule, read off the rule."""
    match rule:
        case Held(item):
            return item in holds
        case Manual(text):
            return text in holds
        case AllOf(children) | OpenAll(children):
            return all(met(world, child, holds) for child in children)
        case AnyOf(children) | OpenAny(children):
            return any(met(world, child, holds) for child in children)
        case Conflict(first, second):
            return met(world, first, holds) and met(world, second, holds)
        case AtLeast(n, children):
            return sum(isinstance(child, Held) and child.id in holds for child in children) >= n
        case CreditsFrom():
            return _credits(world, rule, holds) >= rule.min_credits
        case _:
            raise AssertionError(rule)


def _credits(world: Catalog, rule: CreditsFrom, holds: frozenset[str]) -> Fraction:
    listed = {child.id for child in rule.children if isinstance(child, Held)} & holds
    return sum((value.amount for value in (world.credentials[item].credits for item in listed) if value), Fraction(0))


def can_take(world: Catalog, item: str, holds: frozenset[str]) -> bool:
    """Whether one thing can be newly had by someone who holds these."""
    if item in NOTES:
        return True
    if world.credentials[item].status == "retired":
        return False
    if all(met(world, one.rule, holds) for one in world.rows_by_credential.get(item, ())):
        return True
    return any(set(deal.from_ids) <= holds for deal in world.agreements_to.get(item, ()))


def takes_all(world: Catalog, chosen: frozenset[str], holds: frozenset[str]) -> bool:
    """Whether the chosen things can all be had, in some order."""
    left = chosen - holds
    have = holds
    while left:
        now = {item for item in left if can_take(world, item, have)}
        if not now:
            return False
        have |= now
        left -= now
    return True


def ways(world: Catalog, target: str, holds: frozenset[str]) -> Iterator[frozenset[str]]:
    """Every set of things that leads to the target, smallest first."""
    rest = [item for item in (*IDS, *NOTES) if item not in holds and item != target]
    for size in range(len(rest) + 1):
        for extra in combinations(rest, size):
            chosen = frozenset((*extra, target))
            if takes_all(world, chosen, holds):
                yield chosen


def fewest(world: Catalog, target: str, holds: frozenset[str]) -> int | None:
    """Least number of things to take; None where there is no way."""
    if target in holds:
        return 0
    return next((len(way) for way in ways(world, target, holds)), None)
