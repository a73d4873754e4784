"""Single changes that make an impossible problem possible, each as small as works, each solved again before it is told.

Order: wishes first (a pin dropped, an exclusion lifted: nothing is given up but the wish), then by how large a share of the limit
is given up (a budget of 1,000 raised by 100 is a tenth; a deadline two terms after the fourth is a half), then by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import bounds, room, term_count
from pathways.planning.facts import DROP_ORDER, Fact, extended, extension, facts_of, keeping
from pathways.planning.fillers import with_fillers
from pathways.planning.problem import Change, FactKind, Plan, Problem
from pathways.planning.relaxed import cone
from pathways.planning.solver import is_feasible, search
from pathways.planning.solving import Clock
from pathways.units import show, unit_words

#: More changes than this help nobody choose.
MOST_CHANGES = 4
#: Share of the time for all changes together, after which no further one is looked for once there is one.
CHANGES_SHARE = 0.3
#: Share of the time that one question (a number tried, a plan asked for) may take.
ONE_SHARE = 0.2
#: Wishes first, then what is quickest to try.
TRIED: tuple[FactKind, ...] = ("pin", "excluded", "deadline", "load", "budget", "minimum load", "hours", "cap", "expiry", "offered")
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
    share = _part(clock, CHANGES_SHARE)
    for kind, about in sorted((fact for fact in facts if fact[0] in TRIED), key=lambda fact: TRIED.index(fact[0])):
        if made and share.is_over:
            break
        for found in _candidates(problem, kind, about, clock):
            text, given_up, cost, changed = found[1], found[2], found[3], found[4]
            plan = search(changed, _part(clock, ONE_SHARE))
            if isinstance(plan, Plan):
                made.append(((given_up, DROP_ORDER.index(found[0]), text), Change(text, found[0], cost, plan, changed)))
    return tuple(change for _, change in sorted(made, key=lambda pair: pair[0])[:MOST_CHANGES])


def _part(clock: Clock, share: float) -> Clock:
    return Clock(min(clock.left, clock.seconds * share), clock.progress, clock.cancelled)


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
        case "cap" | "expiry" | "offered":
            yield from _of_others(problem, kind, about, clock)
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


def _of_others(problem: Problem, kind: FactKind, about: str, clock: Clock) -> Iterator[Candidate]:
    """What only a school can change: a cap, how long an item counts, when one is given. A whole limit is given up, or its share."""
    if kind == "cap":
        yield from _higher_cap(problem, about, clock)
    elif kind == "expiry":
        until = {name: term for name, term in problem.held_until.items() if name != about}
        items = dict(problem.items)
        if about in items:
            items[about] = replace(items[about], valid_terms=None)
        text = f"renew {_name(problem, about)}, so that it counts to the end"
        yield "expiry", text, Fraction(1), Fraction(1), replace(problem, held_until=until, items=items)
    elif about in problem.items:
        yield from _offered_too(problem, about, clock)


def _higher_cap(problem: Problem, group: str, clock: Clock) -> Iterator[Candidate]:
    now = min(cap.most for cap in problem.caps if cap.group == group)
    total = sum((item.load for item in problem.items.values() if item.group == group), Fraction(0))

    def with_more(steps: int) -> Problem:
        most = now + steps
        caps = tuple(replace(cap, most=max(cap.most, most)) if cap.group == group else cap for cap in problem.caps)
        return replace(problem, caps=caps)

    steps = _smallest(1, int(max(total - now, Fraction(0))) + 1, with_more, clock)
    if steps is not None:
        text = f"have {show(now + steps)} {unit_words(problem.load_unit, now + steps)} of {group} count"
        yield "cap", text, Fraction(steps) / now if now else Fraction(steps), Fraction(steps), with_more(steps)


def _offered_too(problem: Problem, about: str, clock: Clock) -> Iterator[Candidate]:
    """One term more: the one in which a plan with the item offered always puts it."""
    item = problem.items[about]
    always = replace(problem, items={**problem.items, about: replace(item, offered=None)})
    made = search(always, _part(clock, ONE_SHARE))
    term = next((one.term for one in made.placed if one.item == about), None) if isinstance(made, Plan) else None
    if term is not None:
        offered = (item.offered or frozenset()) | {term}
        changed = replace(problem, items={**problem.items, about: replace(item, offered=offered)})
        text = f"have {_name(problem, about)} offered in {problem.terms[term].name}"
        yield "offered", text, Fraction(1), Fraction(1), changed


def _smallest(low: int, high: int, changed: Callable[[int], Problem], clock: Clock) -> int | None:
    """Smallest number from ``low`` to ``high`` that makes a plan possible, by doubling and halving; None where none does.

    What is undecided in its time counts as no: what is told was solved, though something smaller may have worked.
    """

    def works(number: int) -> bool:
        return is_feasible(changed(number), _part(clock, ONE_SHARE)) is True

    if low > high:
        return None
    step, number = 1, low
    while not works(number):
        if number == high or clock.is_over:
            return None
        low, number, step = number + 1, min(number + step, high), step * 2
    high = number
    while low < high:
        middle = (low + high) // 2
        if works(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _least_load(problem: Problem, clock: Clock) -> Fraction:
    """Least load any plan takes without regard to terms."""
    loose = keeping(problem, [fact for fact in facts_of(problem) if fact[0] not in {"load", "deadline", "minimum load"}])
    return bounds(loose, cone(loose), clock).load or Fraction(0)


def _later(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    now, more = term_count(problem), extension(problem)
    longer = extended(problem, more)

    def until(count: int) -> Problem:
        changed = longer if count > len(problem.terms) else problem
        short = replace(changed, deadline=count - 1)
        return short if changed is problem else _cut(problem, count)

    least = _least_load(problem, clock)
    low = next((count for count in range(now + 1, len(longer.terms)) if room(longer, count) >= least), len(longer.terms))
    count = _smallest(low, len(longer.terms), until, clock)
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

    least, count = _least_load(problem, clock), term_count(problem)
    low = next((steps for steps in range(1, high) if room(with_more(steps), count) >= least), high)
    steps = _smallest(low, high, with_more, clock)
    if steps is not None:
        most = problem.load_max + steps * step
        text = f"take {show(most)} {unit_words(problem.load_unit, most)} a term"
        yield "load", text, Fraction(steps) / problem.load_max, Fraction(steps), with_more(steps)


def _dearer(problem: Problem, clock: Clock) -> Iterator[Candidate]:
    """The cheapest plan there is says what the budget has to be."""
    cheapest = search(replace(problem, budget=None, objective=("cost", "terms")), _part(clock, ONE_SHARE))
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
    """Whole credits less, or no minimum at all; or other courses beside."""
    filled = with_fillers(problem)
    if filled is not problem:
        text = "let other courses of your choice fill the terms (option fill)"
        yield "minimum load", text, Fraction(1), Fraction(0), filled

    def with_less(steps: int) -> Problem:
        return replace(problem, load_min=max(problem.load_min - steps, Fraction(0)))

    steps = _smallest(1, -int(-problem.load_min // 1), with_less, clock)
    if steps is not None:
        changed = with_less(steps)
        given_up = problem.load_min - changed.load_min
        text = f"allow terms of {show(changed.load_min)} {unit_words(problem.load_unit, changed.load_min)}"
        text = text if changed.load_min else "drop the minimum load"
        yield "minimum load", text, given_up / problem.load_min, given_up, changed
