"""The best plan of a problem, with how far it is proven best; or why there is none.

Prune to what the goal can use; bound without time; select and schedule; where that does not settle it, or the problem is small
anyway, the time-indexed model. Objectives are made small one after the other, each holding those before it. At the end ties are
settled: fewest items, each as early as possible, then by id; that pass changes no objective and is not part of the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import Bounds, Selection, bounds, term_count
from pathways.planning.check import check
from pathways.planning.model import TimeModel
from pathways.planning.problem import (
    Infeasible,
    Objective,
    Placed,
    Plan,
    PlanProgress,
    Problem,
    Proof,
    Undecided,
)  # fmt: skip
from pathways.planning.relaxed import cone, open_terms
from pathways.planning.solving import Clock, Solved, solve

#: Below this many items one model is faster than its parts (measured).
ONE_PIECE = 80
#: Deterministic seconds for settling ties.
TIDY_WORK = 1.0

Places = dict[str, int]
#: Items of another plan, and how many of them a plan must do without.
Cut = tuple[frozenset[str], int]


def plan(
    problem: Problem,
    *,
    seconds: float = 10.0,
    progress: Callable[[PlanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan | Infeasible | Undecided:
    """Plan a problem.

    Only items that the goal, a pin or a required item can use are placed.

    Parameters
    ----------
    problem : Problem
    seconds : float
        For the search, and as many again for a reason where there is no plan.
    progress : callable, optional
        Hears of each better plan and bound.
    cancelled : callable, optional
        Asked often; True ends the search with what is found.

    Returns
    -------
    Plan, Infeasible or Undecided
        Equal for equal problems unless wall time ends the search.

    Raises
    ------
    ProblemError
        If the problem contradicts itself.
    """
    check(problem)
    found = search(problem, Clock(seconds, progress, cancelled))
    if found is not None:
        return found
    from pathways.planning.explain import explain

    return explain(problem, Clock(seconds, progress, cancelled))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked problem's items that may be placed, and its bounds: what several searches of it share."""

    ids: tuple[str, ...]
    known: Bounds


def prepared(problem: Problem, clock: Clock) -> Prepared | None:
    """What every search of a checked problem starts from; None where the bounds prove that there is no plan."""
    ids, found = _bounded(problem, clock, None)
    if _is_refuted(problem, found):
        return None
    return Prepared(tuple(name for name in ids if found.times[name] < term_count(problem)), found)


def search(problem: Problem, clock: Clock, cuts: Sequence[Cut] = (), ready: Prepared | None = None) -> Plan | Undecided | None:
    """The best plan of a checked problem, with every cut respected; None where it is proven that there is none."""
    ready = ready or prepared(problem, clock)
    return None if ready is None else _Search(problem, ready.ids, clock, ready.known, cuts).run()


def is_feasible(problem: Problem, clock: Clock, among: Sequence[str] | None = None) -> bool | None:
    """Whether any plan exists (of these items, if named); None where time ran out."""
    ids, found = _bounded(problem, clock, among)
    if _is_refuted(problem, found):
        return False
    if len(ids) > ONE_PIECE and _has_schedule(problem, ids, found, clock):
        return True
    if clock.is_over:
        return None
    solved = solve(TimeModel(problem, ids).model, clock, stage="feasible")
    return {"optimal": True, "feasible": True, "infeasible": False}.get(solved.status)


def _has_schedule(problem: Problem, ids: Sequence[str], known: Bounds, clock: Clock) -> bool:
    """Whether the lightest selection (within a budget: the cheapest) fits into terms, which settles most that have a plan."""
    selection = Selection(problem, ids, known.times)
    selection.fit_into(term_count(problem))
    amounts = selection.amounts.load if problem.budget is None else selection.amounts.usd
    solved = selection.least(amounts, clock, "selection: load", TIDY_WORK)
    if not solved.has_plan:
        return False
    chosen = selection.names(solved)
    model = TimeModel(replace(problem, required=problem.required | frozenset(chosen)), chosen)
    return solve(model.model, clock, stage="schedule", work=TIDY_WORK).has_plan


def is_ruled_out(problem: Problem, clock: Clock, among: Sequence[str]) -> bool:
    """Whether the bounds without time already show that there is no plan of these items."""
    return _is_refuted(problem, _bounded(problem, clock, among)[1])


def _bounded(problem: Problem, clock: Clock, among: Sequence[str] | None) -> tuple[list[str], Bounds]:
    used = cone(problem) if among is None else [one for one in among if one not in problem.held or one in problem.held_until]
    ids = [name for name in used if open_terms(problem, name)]
    return ids, bounds(problem, ids, clock)


def _is_refuted(problem: Problem, found: Bounds) -> bool:
    return not found.is_possible or found.terms > term_count(problem)


@dataclass(frozen=True, slots=True)
class _Stage:
    """What one objective came to, in whole numbers of its own unit."""

    name: Objective
    value: int
    bound: int
    unit: int


class _Search:
    """One run over one problem."""

    def __init__(self, problem: Problem, ids: Sequence[str], clock: Clock, known: Bounds, cuts: Sequence[Cut]) -> None:
        self._problem, self._ids, self._clock, self._known = problem, list(ids), clock, known
        self._cuts = cuts
        self._places: Places | None = None
        self._is_impossible = False
        self._is_too_few = False

    def run(self) -> Plan | Undecided | None:
        """Select and schedule where the problem is large, then the time-indexed model for what is still open."""
        stages: list[_Stage] | None = None
        method = "one model"
        if len(self._ids) > ONE_PIECE:
            stages = self._decomposed()
            method = "selection, then schedule"
        if stages is None:
            stages = self._one_piece()
            method = "one model" if len(self._ids) <= ONE_PIECE else "terms as steps"
        if self._places is None or stages is None:
            if self._is_impossible:
                return None
            return Undecided("Time ran out before a plan was found or ruled out.", self._clock.seconds)
        return self._plan(stages, method)

    def _decomposed(self) -> list[_Stage] | None:
        """The best selection for the fewest terms, scheduled: proven best where it fits; None where it settles nothing."""
        order = tuple(dict.fromkeys(self._problem.objective))
        if "balance" in order or not ("terms" in order[:2] or len(order) == 1):
            return None
        if order[0] == "terms":
            for count in range(int(self._known.terms), term_count(self._problem) + 1):
                stages = self._at(count, order[1:])
                if stages is not None or not self._is_too_few:
                    return stages
            return None
        return self._after_amount(order[0], (order[0], *order[2:]))

    def _after_amount(self, first: Objective, order: Sequence[Objective]) -> list[_Stage] | None:
        """An amount before terms: the least of it, then the fewest terms in which a selection of so little has room."""
        most = term_count(self._problem)
        lead = self._least(first, most)
        if lead.status != "optimal":
            return None
        for count in range(int(self._known.terms), most + 1):
            # The least for so many terms is far faster to find than to rule out a selection of a given amount.
            found = self._least(first, count)
            if found.status == "optimal" and found.value == lead.value:
                return self._at(count, order)
            if found.status not in {"optimal", "infeasible"}:
                return None
        return None

    def _least(self, name: Objective, count: int) -> Solved:
        selection = self._selection(count, (name,))
        amounts, unit = _amounts(selection, name)
        return solve(selection.model, self._clock, stage=f"selection: {name}", minimize=selection.total(amounts), unit=unit)

    def _selection(self, count: int, order: Sequence[Objective]) -> Selection:
        """Selections with room in so many terms; what is to be cheap first of all is held to no budget while it is looked for."""
        free = replace(self._problem, budget=None) if "cost" in order else self._problem
        selection = Selection(free, self._ids, self._known.times)
        selection.fit_into(count)
        for names, least in self._cuts:
            here = sorted(names & selection.chosen.keys())
            selection.model.add(sum(1 - selection.chosen[name] for name in here) >= least - len(names) + len(here))
        return selection

    def _at(self, count: int, order: Sequence[Objective]) -> list[_Stage] | None:
        """The best selection for so many terms, scheduled; the last tie goes to the fewest items."""
        self._is_too_few = False
        selection = self._selection(count, order[:1])
        wanted = [(name, *_amounts(selection, name)) for name in order]
        sums = [amounts for _, amounts, _ in wanted] + [dict.fromkeys(selection.ids, 1)]
        stage, unit = (f"selection: {wanted[0][0]}", wanted[0][2]) if wanted else ("selection: items", 1)
        found = selection.in_order(sums, self._clock, stage, unit)
        stages = [_Stage("terms", count, count, 1)]
        if found is None:
            return self._one_by_one(selection, wanted, count, stages)
        solved, weight = found
        chosen = selection.names(solved) if solved.has_plan else []
        is_over = self._is_over_budget(chosen)
        # Even the cheapest selection for so many terms is too dear, or there is none: more terms are needed.
        self._is_too_few = solved.status == "infeasible" or (solved.status == "optimal" and is_over)
        if is_over or not solved.has_plan:
            return None
        for place, (name, amounts, unit) in enumerate(wanted):
            value = sum(amounts.get(one, 0) for one in chosen)
            bound = value if solved.status == "optimal" else solved.bound // weight if place == 0 else 0
            stages.append(_Stage(name, value, bound, unit))
        return self._scheduled(chosen, count, stages)

    def _one_by_one(
        self, selection: Selection, wanted: Sequence[tuple[Objective, dict[str, int], int]], count: int, stages: list[_Stage]
    ) -> list[_Stage] | None:
        """As :meth:`_at`, for amounts too large to weigh together."""
        is_open = False
        for name, amounts, unit in wanted:
            solved = solve(selection.model, self._clock, stage=f"selection: {name}", minimize=selection.total(amounts), unit=unit)
            if not solved.has_plan:
                return None
            selection.model.add(selection.total(amounts) <= solved.value)
            stages.append(_Stage(name, solved.value, 0 if is_open else solved.bound, unit))
            is_open = is_open or solved.status != "optimal"
        solved = selection.least(dict.fromkeys(selection.ids, 1), self._clock, "selection: items")
        if not solved.has_plan or self._is_over_budget(selection.names(solved)):
            return None
        return self._scheduled(selection.names(solved), count, stages)

    def _is_over_budget(self, names: Sequence[str]) -> bool:
        budget, items = self._problem.budget, self._problem.items
        return budget is not None and sum((items[name].usd or Decimal(0) for name in names), Decimal(0)) > budget

    def _scheduled(self, chosen: list[str], count: int, stages: list[_Stage]) -> list[_Stage] | None:
        """All of a selection in so many terms, or None."""
        shorter = replace(self._problem, deadline=count - 1, required=self._problem.required | frozenset(chosen))
        model = TimeModel(shorter, chosen)
        model.model.add(model.objective("terms") == count)
        solved = solve(model.model, self._clock, stage="schedule", minimize=model.early(chosen), work=TIDY_WORK)
        if not solved.has_plan:
            return None
        self._places = _places(model, solved)
        return stages

    def _one_piece(self) -> list[_Stage] | None:
        model = TimeModel(self._problem, self._ids)
        model.model.add(model.objective("terms") >= int(self._known.terms))
        for names, least in self._cuts:
            here = sorted(names & set(model.ids))
            model.model.add(sum(1 - model.placed(name) for name in here) >= least - len(names) + len(here))
        stages: list[_Stage] = []
        is_open = False
        for name in dict.fromkeys(self._problem.objective):
            expression, unit = model.objective(name), model.unit(name)
            solved = solve(model.model, self._clock, stage=name, minimize=expression, unit=unit)
            if solved.status == "infeasible":
                self._is_impossible = True
                return None
            if not solved.has_plan:
                break
            self._places = _places(model, solved)
            # A bound under an earlier objective that is not proven holds for no other value of that one.
            stages.append(_Stage(name, solved.value, 0 if is_open else solved.bound, unit))
            is_open = is_open or solved.status != "optimal"
            model.model.add(expression <= solved.value)
            self._hint(model)
        if not stages and not self._is_bare(model):
            return None
        self._tidy(model)
        return stages

    def _is_bare(self, model: TimeModel) -> bool:
        """Whether there is a plan for a problem that wants nothing small, or that nothing was proven of in time."""
        solved = solve(model.model, self._clock, stage="any plan")
        self._is_impossible = solved.status == "infeasible"
        if solved.has_plan:
            self._places = _places(model, solved)
        return solved.has_plan

    def _hint(self, model: TimeModel) -> None:
        model.model.clear_hints()  # type: ignore[no-untyped-call, unused-ignore]
        for name in model.ids:
            for term, literal in model.place[name].items():
                model.model.add_hint(literal, (self._places or {}).get(name) == term)

    def _tidy(self, model: TimeModel) -> None:
        fewest = model.fewest()
        solved = solve(model.model, self._clock, stage="fewest items", minimize=fewest, work=TIDY_WORK)
        if solved.has_plan:
            self._places = _places(model, solved)
        chosen = sorted(self._places or {})
        for name in model.ids:
            model.model.add(model.placed(name) == (name in chosen))
        solved = solve(model.model, self._clock, stage="early", minimize=model.early(chosen), work=TIDY_WORK)
        if solved.has_plan:
            self._places = _places(model, solved)

    def _plan(self, stages: Sequence[_Stage], method: str) -> Plan:
        problem, places = self._problem, self._places or {}
        made = plan_from(problem, places, method)
        known = {stage.name: stage for stage in stages}
        limits = []
        for name, value in zip(problem.objective, made.proof.values, strict=True):
            stage = known.get(name)
            bound = Fraction(0) if stage is None else Fraction(stage.bound, stage.unit)
            limits.append(min(max(bound, self._floor(name)), value))
        status = "optimal" if tuple(limits) == made.proof.values else "feasible"
        proof = replace(made.proof, status=status, bounds=tuple(limits))  # type: ignore[arg-type]
        return replace(made, proof=proof)

    def _floor(self, name: Objective) -> Fraction:
        return Fraction(int(self._known.terms)) if name == "terms" else Fraction(0)


def plan_from(problem: Problem, places: Places, method: str) -> Plan:
    """Placements as a plan with its totals, claiming no bound yet."""
    placed = tuple(sorted((Placed(name, term) for name, term in places.items()), key=lambda one: (one.term, one.item)))
    items = [problem.items[one.item] for one in placed]
    usd = sum((item.usd for item in items if item.usd is not None), Decimal(0))
    hours = sum((item.hours for item in items if item.hours is not None), Fraction(0))
    terms = max((one.term for one in placed), default=-1) + 1
    loads: dict[int, Fraction] = {}
    for one in placed:
        loads[one.term] = loads.get(one.term, Fraction(0)) + problem.items[one.item].load
    spread = max(loads.values(), default=Fraction(0)) - min(loads.values(), default=Fraction(0))
    reached = {"terms": Fraction(terms), "cost": Fraction(usd), "hours": hours, "balance": spread}
    values = tuple(reached[name] for name in problem.objective)
    return Plan(
        placed,
        terms,
        usd,
        hours,
        sum((item.load for item in items), Fraction(0)),
        Proof(
            "feasible",
            problem.objective,
            values,
            tuple(Fraction(0) for _ in values),
            unpriced=sum(item.is_unpriced for item in items),
            untimed=sum(item.is_untimed for item in items),
            method=method,
        ),
    )


def _amounts(selection: Selection, name: Objective) -> tuple[dict[str, int], int]:
    """What an objective adds up over a selection, and its unit."""
    amounts = selection.amounts
    return (amounts.usd, amounts.usd_scale) if name == "cost" else (amounts.hours, amounts.hours_scale)


def _places(model: TimeModel, solved: Solved) -> Places:
    return {name: term for name in model.ids for term, literal in model.place[name].items() if solved.is_true(literal)}
