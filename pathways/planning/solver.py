"""The best plan of a problem, with how far it is proven best; or why there is none.

Prune to what the goal can use; bound without time; select and schedule; where that does not settle it, or the problem is small
anyway, the time-indexed model. Objectives are made small one after the other, each holding those before it. At the end ties are
settled: fewest items, each as early as possible, then by id; that pass changes no objective and is not part of the proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import Bounds, bounds, term_count
from pathways.planning.check import check
from pathways.planning.model import TimeModel
from pathways.planning.nearby import Places
from pathways.planning.parts import TIDY_WORK, Parts, Prepared, Stage, fitted, is_in_parts, places_of
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
from pathways.planning.solving import Clock, solve
from pathways.planning.windows import Cut

#: Below this many items one model is faster than its parts (measured).
ONE_PIECE = 80


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


def prepared(problem: Problem, clock: Clock) -> Prepared | None:
    """What every search of a checked problem starts from; None where the bounds prove that there is no plan."""
    ids, found = _bounded(problem, clock, None)
    if _is_refuted(problem, found):
        return None
    return Prepared(tuple(name for name in ids if found.times[name] < term_count(problem)), found)


def search(
    problem: Problem, clock: Clock, cuts: Sequence[Cut] = (), ready: Prepared | None = None, *, whole: bool = True
) -> Plan | Undecided | None:
    """The best plan of a checked problem, with every cut respected; None where it is proven that there is none.

    Without ``whole`` a problem that is solved in parts is left where the parts settle nothing, which bounds the time.
    """
    ready = ready or prepared(problem, clock)
    return None if ready is None else _Search(problem, ready, clock, cuts).run(whole=whole)


def is_feasible(problem: Problem, clock: Clock, among: Sequence[str] | None = None) -> bool | None:
    """Whether any plan exists (of these items, if named); None where time ran out."""
    ids, found = _bounded(problem, clock, among)
    if _is_refuted(problem, found):
        return False
    answer = fitted(problem, ids, found, clock)[0] if len(ids) > ONE_PIECE else None
    if answer is not None:
        return answer
    if clock.is_over:
        return None
    solved = solve(TimeModel(problem, ids).model, clock, stage="feasible")
    return {"optimal": True, "feasible": True, "infeasible": False}.get(solved.status)


def is_ruled_out(problem: Problem, clock: Clock, among: Sequence[str]) -> bool:
    """Whether the bounds without time already show that there is no plan of these items."""
    return _is_refuted(problem, _bounded(problem, clock, among)[1])


def _bounded(problem: Problem, clock: Clock, among: Sequence[str] | None) -> tuple[list[str], Bounds]:
    used = cone(problem) if among is None else [one for one in among if one not in problem.held or one in problem.held_until]
    ids = [name for name in used if open_terms(problem, name)]
    return ids, bounds(problem, ids, clock)


def _is_refuted(problem: Problem, found: Bounds) -> bool:
    return not found.is_possible or found.terms > term_count(problem)


class _Search:
    """One run over one problem."""

    def __init__(self, problem: Problem, ready: Prepared, clock: Clock, cuts: Sequence[Cut]) -> None:
        self._problem, self._ready, self._ids, self._clock = problem, ready, list(ready.ids), clock
        self._cuts, self._least_terms = cuts, int(ready.known.terms)
        self._places: Places | None = None
        self._is_impossible = False

    def run(self, *, whole: bool) -> Plan | Undecided | None:
        """Select and schedule where the problem is large, then the time-indexed model for what is still open."""
        stages: list[Stage] | None = None
        method, is_open = "one model", True
        if len(self._ids) > ONE_PIECE:
            parts = Parts(self._problem, self._ready, self._clock, self._cuts)
            stages, method = parts.run(), "selection, then schedule"
            self._places, is_open, self._least_terms = parts.places, stages is None or parts.is_open, parts.least_terms
        if is_open and (whole or len(self._ids) <= ONE_PIECE or not is_in_parts(self._problem)):
            found = self._one_piece()
            if found is not None or stages is None:
                stages, method = _sharper(found, stages), "one model" if len(self._ids) <= ONE_PIECE else "terms as steps"
        if self._places is None or stages is None:
            if self._is_impossible:
                return None
            return Undecided("Time ran out before a plan was found or ruled out.", self._clock.seconds)
        return self._plan(stages, method)

    def _one_piece(self) -> list[Stage] | None:
        model = TimeModel(self._problem, self._ids)
        model.model.add(model.objective("terms") >= self._least_terms)
        if self._places is not None:
            model.model.add(model.objective("terms") <= 1 + max(self._places.values()))
            self._hint(model)
        for names, least in self._cuts:
            here = sorted(names & set(model.ids))
            model.model.add(sum(1 - model.placed(name) for name in here) >= least - len(names) + len(here))
        stages: list[Stage] = []
        is_open = False
        for name in dict.fromkeys(self._problem.objective):
            expression, unit = model.objective(name), model.unit(name)
            solved = solve(model.model, self._clock, stage=name, minimize=expression, unit=unit)
            if solved.status == "infeasible":
                self._is_impossible = True
                return None
            if not solved.has_plan:
                break
            self._places = places_of(model, solved)
            # A bound under an earlier objective that is not proven holds for no other value of that one.
            stages.append(Stage(name, solved.value, 0 if is_open else solved.bound, unit))
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
            self._places = places_of(model, solved)
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
            self._places = places_of(model, solved)
        chosen = sorted(self._places or {})
        for name in model.ids:
            model.model.add(model.placed(name) == (name in chosen))
        solved = solve(model.model, self._clock, stage="early", minimize=model.early(chosen), work=TIDY_WORK)
        if solved.has_plan:
            self._places = places_of(model, solved)

    def _plan(self, stages: Sequence[Stage], method: str) -> Plan:
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
        return Fraction(self._least_terms) if name == "terms" else Fraction(0)


def _sharper(stages: list[Stage] | None, before: Sequence[Stage] | None) -> list[Stage] | None:
    """Stages with the better of two bounds, as far as both searches came to the same values."""
    made: list[Stage] = []
    is_same = before is not None
    for place, stage in enumerate(stages or ()):
        other = before[place] if before is not None and is_same and place < len(before) else None
        is_same = other is not None and other.name == stage.name
        made.append(replace(stage, bound=max(stage.bound, other.bound)) if other is not None and is_same else stage)
        is_same = is_same and other is not None and other.value == stage.value
    return None if stages is None else made


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
