"""A problem solved in parts: which items, for the fewest terms that hold them; then when.

A selection is the best without time, so what can be scheduled of it in those terms is proven best. One that cannot is forbidden,
items are dealt out to terms by what they weigh and when they are given, and the next best selection is tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import Bounds, Selection, room, term_count
from pathways.planning.model import TimeModel
from pathways.planning.nearby import Places, is_plain, nearby
from pathways.planning.problem import Objective, Problem
from pathways.planning.relaxed import earliest_terms
from pathways.planning.solving import Clock, Solved, Status, solve
from pathways.planning.windows import Cut, least_in_steps

#: Deterministic seconds for a schedule of one selection, and for settling ties.
TIDY_WORK = 1.0
#: Selections tried for one count of terms before the time-indexed model is asked.
MOST_TRIES = 4
#: Deterministic seconds for each schedule after the first, and shares of the time that are left to a longer plan and to one model.
TRY_WORK, TRYING_UNTIL, LEAVING_ROOM_UNTIL, STEPS_UNTIL = 0.2, 0.6, 0.45, 0.3
#: Credits of room left in the terms where full ones cannot be scheduled.
MOST_SPARE = 4
#: Counts of terms tried for a first plan where a smaller count is neither shown to work nor ruled out.
SPARE_TERMS = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """What one objective came to, in whole numbers of its own unit."""

    name: Objective
    value: int
    bound: int
    unit: int


@dataclass(slots=True)
class _Kept:
    """A model of selections for so many terms, with the cuts it has so far."""

    selection: Selection
    cuts: list[Cut] = field(default_factory=list)
    is_dealt: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked problem's items that may be placed, and its bounds: what several searches of it share, models included.

    ``near`` are schedules that further ones may stay near to.
    """

    ids: tuple[str, ...]
    known: Bounds
    kept: dict[tuple[int, bool], _Kept] = field(default_factory=dict, compare=False, repr=False)
    near: list[Places] = field(default_factory=list, compare=False, repr=False)

    def anytime(self, problem: Problem) -> Selection:
        """Selections without regard to terms; to be measured, not narrowed."""
        if (0, False) not in self.kept:
            self.kept[0, False] = _Kept(Selection(problem, self.ids, self.known.times))
        return self.kept[0, False].selection


@dataclass(frozen=True, slots=True)
class _Tried:
    """What one count of terms came to: a plan, a proof that more are needed, or neither."""

    stages: list[Stage] | None = None
    is_too_few: bool = False
    #: Whether a better plan in as many terms was not ruled out.
    is_open: bool = False


def is_in_parts(problem: Problem) -> bool:
    """Whether terms come first or second and nothing depends on how loads are spread, so that a problem can be solved in parts."""
    order = tuple(dict.fromkeys(problem.objective))
    return "balance" not in order and ("terms" in order[:2] or len(order) == 1)


class Parts:
    """One search by parts.

    ``places`` is the plan found; ``is_open`` says that a better one was not ruled out (in ``least_terms`` or more).
    """

    def __init__(self, problem: Problem, ready: Prepared, clock: Clock, cuts: Sequence[Cut] = ()) -> None:
        self._problem, self._ready, self._clock, self._cuts = problem, ready, clock, list(cuts)
        self.places: Places | None = None
        self.least_terms = int(ready.known.terms)
        self.is_open = False

    def run(self) -> list[Stage] | None:
        """The best selection for the fewest terms, scheduled; None where it settles nothing."""
        if not is_in_parts(self._problem):
            return None
        order = tuple(dict.fromkeys(self._problem.objective))
        if order[0] == "terms":
            return self._fewest_terms(order[1:])
        return self._after_amount(order[0], (order[0], *order[2:]))

    def _fewest_terms(self, order: Sequence[Objective]) -> list[Stage] | None:
        most = term_count(self._problem)
        for count in range(self.least_terms, most + 1):
            tried = self._at(count, order)
            if tried.stages is not None:
                self.is_open = tried.is_open
                return tried.stages
            if not tried.is_too_few:
                self.is_open = True
                return self._longer(count, min(count + SPARE_TERMS, most), order)
            self.least_terms = count + 1
        return None

    def _longer(self, open_from: int, most: int, order: Sequence[Objective]) -> list[Stage] | None:
        """Some plan in more terms, where so few are neither shown to work nor ruled out."""
        for count in range(open_from + 1, most + 1):
            stages = self._at(count, order).stages
            if stages is not None:
                return [Stage("terms", count, open_from, 1), *(replace(stage, bound=0) for stage in stages[1:])]
        return None

    def _after_amount(self, first: Objective, order: Sequence[Objective]) -> list[Stage] | None:
        """An amount before terms: the least of it, then the fewest terms in which a selection of so little has room."""
        most = term_count(self._problem)
        selection = self._selection(most, order[:1]).selection
        amounts, unit = _amounts(selection, first)
        lead = selection.least_of(amounts, self._clock, f"selection: {first}", unit)
        if lead.status != "optimal":
            return None
        for count in range(self.least_terms, most + 1):
            # The least for so many terms is far faster to find than to rule out a selection of a given amount.
            tried = self._at(count, order, most=lead.value)
            self.is_open = tried.is_open
            if tried.stages is not None or not tried.is_too_few:
                return tried.stages
        return None

    def _selection(self, count: int, order: Sequence[Objective], *, fresh: bool = False) -> _Kept:
        """Selections with room in so many terms; what is to be cheap first of all is held to no budget while it is looked for."""
        is_free = "cost" in order and self._problem.budget is not None
        kept = None if fresh else self._ready.kept.get((count, is_free))
        if kept is None or kept.cuts != self._cuts[: len(kept.cuts)]:
            free = replace(self._problem, budget=None) if is_free else self._problem
            kept = _Kept(Selection(free, self._ready.ids, self._ready.known.times))
            kept.selection.fit_into(count)
            if not fresh:
                self._ready.kept[count, is_free] = kept
        for names, least in self._cuts[len(kept.cuts) :]:
            kept.selection.without(names, least)
        kept.cuts = list(self._cuts)
        return kept

    def _at(self, count: int, order: Sequence[Objective], most: int | None = None) -> _Tried:
        """The best selection for so many terms that can be scheduled; the last tie goes to the fewest items.

        With ``most``, a selection that needs more of the first objective shows that these terms are too few.
        """
        kept = self._selection(count, order[:1])
        wanted = [(name, *_amounts(kept.selection, name)) for name in order]
        sums = [amounts for _, amounts, _ in wanted] + [dict.fromkeys(kept.selection.ids, 1)]
        stage, unit = (f"selection: {wanted[0][0]}", wanted[0][2]) if wanted else ("selection: items", 1)
        floor: list[Stage] | None = None
        is_sure, least = True, 0
        for number in range(MOST_TRIES):
            if number and self._clock.left < TRYING_UNTIL * self._clock.seconds:
                break
            found = kept.selection.in_order(sums, self._clock, stage, unit)
            if found is None:
                return self._one_by_one(count, wanted, most)
            solved, weight = found
            chosen = kept.selection.names(solved) if solved.has_plan else []
            stages = _stages(count, wanted, chosen, solved, weight)
            if not solved.has_plan or self._is_over_budget(chosen) or (most is not None and stages[1].bound > most):
                self._forget(count, order, is_sure=is_sure)
                # Even the cheapest selection for so many terms is too dear, or there is none: more terms are needed.
                return _Tried(is_too_few=is_sure and solved.status in {"infeasible", "optimal"})
            status = self._scheduled(chosen, count, TRY_WORK if number else TIDY_WORK)
            floor, least = floor or stages, stages[1].bound if wanted and is_sure else least
            if status == "optimal":
                self._forget(count, order, is_sure=is_sure)
                return _Tried(stages if is_sure else _held_to(stages, floor))
            is_sure = is_sure and status == "infeasible"
            if not is_sure:
                break
            kept.selection.forbid(chosen)
            if not kept.is_dealt:
                kept.selection.deal_out(count)
                kept.is_dealt = True
        self._forget(count, order, is_sure=False)
        roomy = self._with_room(kept.selection, count, wanted, floor)
        stepped = self._in_steps(count, wanted, least, roomy) if wanted and floor is not None and most is None else None
        return stepped or roomy

    def _in_steps(
        self, count: int, wanted: Sequence[tuple[Objective, dict[str, int], int]], least: int, roomy: _Tried
    ) -> _Tried | None:
        """The best plan in so many terms, where selections cannot be scheduled though the terms are not too few."""
        left = self._clock.left - (STEPS_UNTIL * self._clock.seconds if roomy.stages is None else 0)
        part = Clock(left, self._clock.progress, self._clock.cancelled)
        order, ceiling = [name for name, _, _ in wanted], None if roomy.stages is None else roomy.stages[1].value
        ids, cuts = self._ready.ids, self._cuts
        found = least_in_steps(self._problem, ids, part, count=count, order=order, start=least, ceiling=ceiling, cuts=cuts)
        if found is None:
            return None
        values, self.places = found
        known = [Stage(name, value, value, unit) for (name, _, unit), value in zip(wanted, values, strict=True)]
        return _Tried([Stage("terms", count, count, 1), *known])

    def _with_room(
        self, selection: Selection, count: int, wanted: Sequence[tuple[Objective, dict[str, int], int]], floor: list[Stage] | None
    ) -> _Tried:
        """A plan that leaves some room, where full terms could not be scheduled: a good one, held to the bounds of the best."""
        sums = [amounts for _, amounts, _ in wanted] + [dict.fromkeys(selection.ids, 1)]
        for spare in range(1, MOST_SPARE + 1):
            most = math.floor((room(self._problem, count) - spare) * selection.amounts.load_scale)
            selection.model.add(selection.total(selection.amounts.load) <= most)
            if self._clock.left < LEAVING_ROOM_UNTIL * self._clock.seconds:
                break
            found = selection.in_order(sums, self._clock, "selection: with room")
            if found is None or not found[0].has_plan:
                break
            chosen = selection.names(found[0])
            if floor is None or self._is_over_budget(chosen):
                break
            if self._scheduled(chosen, count, TRY_WORK) == "optimal":
                return _Tried(_held_to(_stages(count, wanted, chosen, *found), floor), is_open=True)
        return _Tried()

    def _forget(self, count: int, order: Sequence[Objective], *, is_sure: bool) -> None:
        """Drop a model in which a selection was forbidden without proof that it has no schedule."""
        if not is_sure:
            self._ready.kept.pop((count, "cost" in order[:1] and self._problem.budget is not None), None)

    def _one_by_one(self, count: int, wanted: Sequence[tuple[Objective, dict[str, int], int]], most: int | None) -> _Tried:
        """As :meth:`_at`, for amounts too large to weigh together."""
        selection = self._selection(count, [name for name, _, _ in wanted][:1], fresh=True).selection
        stages = [Stage("terms", count, count, 1)]
        is_open = False
        for name, amounts, unit in wanted:
            solved = selection.least_of(amounts, self._clock, f"selection: {name}", unit)
            if not solved.has_plan:
                return _Tried(is_too_few=solved.status == "infeasible")
            if most is not None and len(stages) == 1 and solved.bound > most:
                return _Tried(is_too_few=True)
            selection.model.add(selection.total(amounts) <= solved.value)
            stages.append(Stage(name, solved.value, 0 if is_open else solved.bound, unit))
            is_open = is_open or solved.status != "optimal"
        solved = selection.least(dict.fromkeys(selection.ids, 1), self._clock, "selection: items")
        chosen = selection.names(solved) if solved.has_plan else []
        if not chosen or self._is_over_budget(chosen) or self._scheduled(chosen, count) != "optimal":
            return _Tried()
        return _Tried(stages)

    def _is_over_budget(self, names: Sequence[str]) -> bool:
        budget, items = self._problem.budget, self._problem.items
        return budget is not None and sum((items[name].usd or Decimal(0) for name in names), Decimal(0)) > budget

    def _scheduled(self, chosen: Sequence[str], count: int, work: float = TIDY_WORK) -> Status:
        """Place all of a selection in exactly so many terms: ``optimal`` where they are placed, ``infeasible`` where proven not."""
        beside = (nearby(self._problem, chosen, known, count) for known in self._ready.near)
        places = next((one for one in beside if one is not None), None)
        status: Status = "optimal"
        if places is None:
            status, places = scheduled(self._problem, chosen, count, self._clock, work=work)
        if places is not None:
            self.places = places
        return status


def scheduled(
    problem: Problem,
    chosen: Sequence[str],
    count: int,
    clock: Clock,
    *,
    exactly: bool = True,
    early: bool = True,
    work: float = TIDY_WORK,
) -> tuple[Status, Places | None]:
    """All of a selection, and nothing else, in so many terms (or in no more); each early, or anywhere."""
    shorter = replace(problem, deadline=count - 1, required=problem.required | frozenset(chosen))
    model = TimeModel(shorter, chosen)
    if exactly:
        model.model.add(model.objective("terms") == count)
    solved = solve(model.model, clock, stage="schedule", minimize=model.early(chosen) if early else None, work=work)
    return ("optimal", places_of(model, solved)) if solved.has_plan else (solved.status, None)


def fitted(
    problem: Problem,
    ids: Sequence[str],
    known: Bounds,
    clock: Clock,
    *,
    tries: int = 3,
    work: float = TIDY_WORK,
) -> tuple[bool | None, Places | None]:
    """Whether some light selection (or a cheap one, under a budget) fits into the terms, which settles most, and where it stands.

    False is proven; None is neither.
    """
    count = term_count(problem)
    selection = Selection(problem, ids, known.times)
    selection.fit_into(count)
    amounts = selection.amounts.usd if problem.budget is not None else selection.amounts.load
    for number in range(tries):
        solved = selection.least(amounts, clock, "selection: load", TIDY_WORK)
        if not solved.has_plan:
            return (False if solved.status == "infeasible" else None), None
        chosen = selection.names(solved)
        at_once = as_early(problem, chosen)
        if at_once is not None:
            return True, at_once
        status, places = scheduled(problem, chosen, count, clock, exactly=False, early=False, work=work)
        if status != "infeasible":
            return (True if places is not None else None), places
        selection.forbid(chosen)
        if number == 0:
            selection.deal_out(count)
    return None, None


def as_early(problem: Problem, chosen: Sequence[str]) -> Places | None:
    """Each item of a selection in the first term that its chain and its offers allow, where no limit of a term is broken by that.

    Enough where limits are wide, and a hundred times as fast as a model. None says nothing.
    """
    if not is_plain(problem, chosen):  # Where it is, the goal is settled by the selection.
        return None
    times = earliest_terms(problem, chosen)
    if any(time >= term_count(problem) for time in times.values()):
        return None
    carried: dict[int, Fraction] = {}
    for name, time in times.items():
        carried[int(time)] = carried.get(int(time), Fraction(0)) + problem.items[name].load
    fits = all(problem.load_min <= load <= problem.load_of_term.get(term, problem.load_max) for term, load in carried.items())
    return {name: int(time) for name, time in times.items()} if fits else None


def places_of(model: TimeModel, solved: Solved) -> Places:
    """Where a solution places each item."""
    return {name: term for name in model.ids for term, literal in model.place[name].items() if solved.is_true(literal)}


def _stages(
    count: int, wanted: Sequence[tuple[Objective, dict[str, int], int]], chosen: Sequence[str], solved: Solved, weight: int
) -> list[Stage]:
    stages = [Stage("terms", count, count, 1)]
    for place, (name, amounts, unit) in enumerate(wanted):
        value = sum(amounts.get(one, 0) for one in chosen)
        bound = value if solved.status == "optimal" else solved.bound // weight if place == 0 else 0
        stages.append(Stage(name, value, bound, unit))
    return stages


def _held_to(stages: Sequence[Stage], floor: Sequence[Stage]) -> list[Stage]:
    """Stages with the bounds of the first selection: each holds as long as those before it are reached."""
    made: list[Stage] = []
    is_open = False
    for stage, least in zip(stages, floor, strict=True):
        made.append(replace(stage, bound=0 if is_open else least.bound))
        is_open = is_open or stage.value != least.bound
    return made


def _amounts(selection: Selection, name: Objective) -> tuple[dict[str, int], int]:
    """What an objective adds up over a selection, and its unit."""
    amounts = selection.amounts
    return (amounts.usd, amounts.usd_scale) if name == "cost" else (amounts.hours, amounts.hours_scale)
