"""Small planning problems for property tests: every kind of rule, small enough to try every placement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from pathways.planning.problem import Cap, Objective, PlanItem, PlanTerm, Problem, Season
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    Share,
)

#: Ways to place the items of one world: more would make trying all of them slow.
MOST_WAYS = 2187
_SEASONS: tuple[tuple[Season, int, int], ...] = (("fall", 8, 12), ("spring", 1, 5), ("summer", 6, 8))
_OBJECTIVES: tuple[tuple[Objective, ...], ...] = (
    ("terms", "cost", "hours"),
    ("cost", "terms", "hours"),
    ("hours", "terms"),
    ("terms", "balance", "cost"),
    ("balance", "cost"),
)


def some_terms(count: int) -> tuple[PlanTerm, ...]:
    """Terms from Fall 2026 on."""
    found = []
    year = 2026
    for number in range(count):
        season, first, last = _SEASONS[number % 3]
        year += season == "spring"
        found.append(PlanTerm(f"{season.title()} {year}", season, date(year, first, 15), date(year, last, 14)))
    return tuple(found)


def _some(draw: st.DrawFn, ids: list[str], least: int = 1) -> list[str]:
    return draw(st.lists(st.sampled_from(ids), min_size=min(least, len(ids)), max_size=4, unique=True))


@st.composite
def trees(draw: st.DrawFn, ids: list[str], depth: int = 2, *, in_groups: bool = False) -> Requirement:
    """A tree of any kind over the ids."""
    kinds = ["held", "credits", "none"] if depth == 0 else ["held", "all", "any", "count", "credits", "open", "none", "conflict"]
    kind = draw(st.sampled_from(kinds + ([] if in_groups or depth == 0 else ["groups"])))
    below = trees(ids, max(depth - 1, 0), in_groups=in_groups)
    match kind:
        case "held":
            return Held(draw(st.sampled_from(ids)))
        case "none":
            return NoneOf(Held(draw(st.sampled_from(ids))))
        case "credits":
            return _credits(draw, ids)
        case "count":
            chosen = _some(draw, ids, least=2)
            return AtLeast(draw(st.integers(1, len(chosen))), tuple(Held(name) for name in chosen), draw(st.booleans()))
        case "conflict":
            return Conflict(draw(below), draw(below))
        case "groups":
            return _groups(draw, ids)
    children = tuple(draw(st.lists(below, min_size=1, max_size=3, unique=True)))
    if kind == "any":
        return AnyOf(children)
    return draw(st.sampled_from((AllOf(children), OpenAll(children), OpenAny(children))[: 2 if kind == "all" else 3]))


def _credits(draw: st.DrawFn, ids: list[str]) -> CreditsFrom:
    """Plain ids and up to two caps, which may overlap each other and what is listed plainly."""
    chosen = _some(draw, ids, least=2)
    children: list[Held | AtMostCredits] = [Held(name) for name in draw(st.lists(st.sampled_from(chosen), unique=True))]
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        capped = draw(st.lists(st.sampled_from(chosen), min_size=1, unique=True))
        children.append(AtMostCredits(Fraction(draw(st.integers(1, 4))), tuple(map(Held, capped))))
    return CreditsFrom(Fraction(draw(st.integers(1, 7))), tuple(children or map(Held, chosen)))


def _groups(draw: st.DrawFn, ids: list[str]) -> Groups:
    children = tuple(draw(st.lists(trees(ids, 1, in_groups=True), min_size=2, max_size=3)))
    names = tuple(str(number + 1) for number in range(len(children)))
    shares: tuple[Share, ...] = ()
    if draw(st.booleans()):
        unit = draw(st.sampled_from(["item", "semester"]))
        shares = (Share(Fraction(draw(st.integers(1, 3))), unit, names[:2]),)
    return Groups(children, names, shares)


@st.composite
def problems(draw: st.DrawFn, *, most_ways: int = MOST_WAYS) -> Problem:
    """A problem of three to seven items in two to four terms, with any of the limits."""
    count = draw(st.sampled_from([number for number in range(3, 8) if 3**number <= most_ways]))
    terms = draw(st.sampled_from([number for number in (2, 3, 4) if (number + 1) ** count <= most_ways]))
    ids = [f"i{number}" for number in range(count)]
    items = {name: draw(_items(name, ids[:number], terms)) for number, name in enumerate(ids)}
    held = frozenset(draw(st.lists(st.sampled_from([*ids, "before"]), max_size=2, unique=True)))
    start = Problem(
        goal=draw(trees([*ids, *sorted(held)])),
        items=items,
        terms=some_terms(terms),
        held=held,
        held_until={name: draw(st.integers(0, terms - 1)) for name in sorted(held) if draw(st.booleans())},
        load_max=Fraction(draw(st.integers(3, 8))),
    )
    return draw(_limited(start))


@st.composite
def _items(draw: st.DrawFn, name: str, earlier: list[str], terms: int) -> PlanItem:
    offered = draw(st.none() | st.none() | st.frozensets(st.integers(0, terms - 1), max_size=terms))
    needs = draw(st.sampled_from(["nothing", "nothing", "before", "beside"])) if earlier else "nothing"
    item = PlanItem(
        name,
        name.upper(),
        kind=draw(st.sampled_from(["earn", "earn", "claim", "condition"])),
        load=Fraction(draw(st.integers(0, 4))),
        hours=draw(st.none() | st.integers(0, 60).map(Fraction)),
        usd=draw(st.none() | st.integers(0, 300).map(Decimal)),
        offered=offered,
        valid_terms=draw(st.none() | st.none() | st.integers(0, 2)),
        group=draw(st.none() | st.just("articulated")),
    )
    if needs == "nothing":
        return item
    tree = draw(trees(earlier, 1))
    return replace(item, requires=tree) if needs == "before" else replace(item, corequisites=tree)


@st.composite
def _limited(draw: st.DrawFn, problem: Problem) -> Problem:
    """Perhaps each of the limits, as often as not loose enough to leave a plan."""
    free = sorted(problem.items.keys() - problem.held)
    last = len(problem.terms) - 1
    names = st.sampled_from(free) if free else st.nothing()
    rarely = st.sampled_from([False, False, False, True])
    changes: dict[str, object] = {"objective": draw(st.sampled_from(_OBJECTIVES))}
    if draw(rarely):
        changes["load_min"] = Fraction(draw(st.integers(1, 3)))
    if draw(rarely):
        changes["load_of_term"] = {draw(st.integers(0, last)): Fraction(draw(st.integers(0, 5)))}
    if draw(rarely):
        changes["hours_per_week"] = Fraction(draw(st.integers(1, 8)))
    if draw(rarely):
        changes["budget"] = Decimal(draw(st.integers(0, 500)))
    if draw(rarely):
        changes["deadline"] = draw(st.integers(0, last))
    if draw(rarely) and free:
        changes["pins"] = {draw(names): draw(st.integers(0, last))}
    if draw(rarely) and free:
        changes["excluded"] = frozenset({draw(names)})
    if draw(rarely) and free:
        changes["required"] = frozenset({draw(names)})
    if draw(rarely):
        changes["caps"] = (Cap("articulated", Fraction(draw(st.integers(0, 5)))),)
    return replace(problem, **changes)  # type: ignore[arg-type]
