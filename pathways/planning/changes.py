"""Single changes that make an impossible problem possible, each as small as works, each solved again before it is told.

Order: wishes first (a pin dropped, an exclusion lifted: nothing is given up but the wish), then by how large a share of the limit
is given up (a budget of 1,000 raised by 100 is a tenth; a deadline two terms after the fourth is a half), then by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import term_count
from pathways.planning.facts import DROP_ORDER, Fact, extended, extension
from pathways.planning.problem import Change, FactKind, Plan, Problem
from pathways.planning.solver import is_feasible, search
from pathways.planning.solving import Clock
from pathways.units import show, unit_words

#: More changes than this help nobody choose.
MOST_CHANGES = 6
#: Steps in which hours a week are raised: halves.
HOUR_STEP = Fraction(1, 2)

Candidate = tuple[FactKind, str, Fraction, Fraction, Problem]


def changes(problem: Problem, facts: Sequence[Fact], clock: Clock) -> tuple[Change, ...]:
    """Changes of one limit or wish that make a plan possible.

    Parameters
    ----------
    problem : Problem
        Without a plan.
    facts : sequence of (kind, about)
        A conflict in it. Whatever helps has to touch one of these.
    clock : Clock

    Returns
    -------
    tuple of Change
        Cheapest first, :data:`MOST_CHANGES` at most.
    """
    made: list[tuple[tuple[Fraction, int, str], Change]] = []
    for kind, about in facts:
        for found in _candidates(problem, kind, about, clock):
            text, share, cost, changed = found[1], found[2], found[3], found[4]
            plan = search(changed, clock)
            if isinstance(plan, Plan):
                made.append(((share, DROP_ORDER.index(found[0]), text), Change(text, found[0], cost, plan, changed)))
    return tuple(change for _, change in sorted(made, key=lambda pair: pair[0])[:MOST_CHANGES])


def _candidates(problem: Problem, kind: FactKind, about: str, clock: Clock) -> Iterator[Candidate]:
    match kind:
        case "deadline":
            yield from _later(problem, clock)
        case "load":
            yield from _heavier(problem, clock)
        case "budget":
            yield from _dearer(problem, clock)
        case "hours":
            yield from _longer_weeks(problem, clock)
        case "minimum load":
            yield from _lighter(problem, clock)
        case "pin":
            yield from _unpinned(problem, about)
        case "excluded":
            changed = replace(problem, excluded=problem.excluded - {about})
            yield "excluded", f"allow {_name(problem, about)}", Fraction(0), Fraction(1), changed


def _name(problem: Problem, about: str) -> str:
    return problem.items[about].name if about in problem.items else about


def _unpinned(problem: Problem, about: str) -> Iterator[Candidate]:
    pins = {name: term for name, term in problem.pins.items() if name != about}
    if about in problem.pins:
        text = f"let {_name(problem, about)} stand in any term"
        yield "pin", text, Fraction(0), Fraction(1), replace(problem, pins=pins)
    if about in problem.required:
        text = f"do without {_name(problem, about)}"
        yield "pin", text, Fraction(0), Fraction(1), replace(problem, required=problem.required - {about})


def _smallest(low: int, high: int, changed: Callable[[int], Problem], clock: Clock) -> int | None:
    """Smallest number from ``low`` to ``high`` that makes a plan possible, by halving; None where not even the largest does."""
    if low > high or not is_feasible(changed(high), clock):
        return None
    while low < high:
        middle = (low + high) // 2
        # An undecided half counts as no: what is told was solved, though something smaller may have worked.
        if is_feasible(changed(middle), clock):
            high = middle
        else:
            low = middle + 1
    return high


def _later(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    now, more = term_count(problem), extension(problem)
    longer = extended(problem, more)

    def until(count: int) -> Problem:
        changed = longer if count > len(problem.terms) else problem
        short = replace(changed, deadline=count - 1)
        return short if changed is problem else _cut(problem, count)

    count = _smallest(now + 1, len(longer.terms), until, clock)
    if count is not None:
        changed = until(count)
        yield "deadline", f"finish by {changed.terms[count - 1].name}", Fraction(count - now, now), Fraction(count - now), changed


def _cut(problem: Problem, count: int) -> Problem:
    """The problem with terms up to so many, all of which may be used."""
    return replace(extended(problem, count - len(problem.terms)), deadline=count - 1)


def _heavier(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    step = Fraction(1)
    total = sum((item.load for item in problem.items.values()), Fraction(0))
    high = int(max(total, problem.load_max) - problem.load_max) + 1

    def with_more(steps: int) -> Problem:
        return replace(problem, load_max=problem.load_max + steps * step)

    steps = _smallest(1, high, with_more, clock)
    if steps is not None:
        most = problem.load_max + steps * step
        text = f"take {show(most)} {unit_words(problem.load_unit, most)} a term"
        yield "load", text, Fraction(steps) / problem.load_max, Fraction(steps), with_more(steps)


def _dearer(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    """The cheapest plan there is says what the budget has to be."""
    cheapest = search(replace(problem, budget=None, objective=("cost",)), clock)
    if isinstance(cheapest, Plan) and problem.budget is not None:
        more = Fraction(cheapest.usd - problem.budget)
        share = more / Fraction(problem.budget) if problem.budget else more
        yield "budget", f"raise the budget to ${cheapest.usd:,}", share, more, replace(problem, budget=Decimal(cheapest.usd))


def _longer_weeks(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    now = problem.hours_per_week or Fraction(0)
    known = sum((item.hours for item in problem.items.values() if item.hours is not None), Fraction(0))
    weeks = min(term.weeks for term in problem.terms)
    high = int(known / weeks / HOUR_STEP) + 1

    def with_more(steps: int) -> Problem:
        return replace(problem, hours_per_week=now + steps * HOUR_STEP)

    steps = _smallest(1, high, with_more, clock)
    if steps is not None:
        hours = now + steps * HOUR_STEP
        share = (hours - now) / now if now else hours
        yield "hours", f"study {show(hours)} hours a week", share, hours - now, with_more(steps)


def _lighter(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    """Whole credits less, or no minimum at all."""

    def with_less(steps: int) -> Problem:
        return replace(problem, load_min=max(problem.load_min - steps, Fraction(0)))

    steps = _smallest(1, -int(-problem.load_min // 1), with_less, clock)
    if steps is not None:
        changed = with_less(steps)
        given_up = problem.load_min - changed.load_min
        text = f"allow terms of {show(changed.load_min)} {unit_words(problem.load_unit, changed.load_min)}"
        text = text if changed.load_min else "drop the minimum load"
        yield "minimum load", text, given_up / problem.load_min, given_up, changed
