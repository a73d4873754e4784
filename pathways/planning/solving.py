"""One call of CP-SAT, always with the same settings: one worker, a fixed seed, a limit of work, a guard of wall time.

One worker and a limit counted in the solver's own deterministic seconds give the same plan for the same problem on any machine,
as long as the wall guard does not strike first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from ortools.sat.python import cp_model

from pathways.planning.problem import PlanProgress

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
_STATUS: dict[object, Status] = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
}
#: How often a running solve asks whether it is still wanted, in seconds.
POLL_SECONDS = 0.05


@dataclass
class Clock:
    """What one request may still spend, who wants to hear of progress, and whether it is still wanted."""

    seconds: float
    progress: Callable[[PlanProgress], None] | None = None
    cancelled: Callable[[], bool] | None = None
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.seconds - (time.monotonic() - self.started)

    @property
    def is_over(self) -> bool:
        """Whether to stop now."""
        return self.left <= 0 or (self.cancelled is not None and self.cancelled())

    def tell(self, stage: str, incumbent: Fraction | None, bound: Fraction | None) -> None:
        """Report progress where somebody listens."""
        if self.progress is not None:
            self.progress(PlanProgress(stage, incumbent, bound))


@dataclass(frozen=True, slots=True)
class Solved:
    """How a solve ended; value and bound in whole numbers of the model, true literals by name of the caller's choice."""

    status: Status
    solver: cp_model.CpSolver
    value: int = 0
    bound: int = 0

    @property
    def has_plan(self) -> bool:
        """Whether there is a solution to read."""
        return self.status in {"optimal", "feasible"}

    def is_true(self, literal: Any) -> bool:
        """Value of a literal in the solution."""
        return bool(self.solver.boolean_value(literal))


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, clock: Clock, stage: str, unit: int, weight: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call, unused-ignore]
        self._clock, self._stage, self._unit, self._weight = clock, stage, unit, weight

    def on_solution_callback(self) -> None:
        """Report each better plan."""
        found, bound = (round(value) // self._weight for value in (self.objective_value, self.best_objective_bound))
        self._clock.tell(self._stage, Fraction(found, self._unit), Fraction(min(bound, found), self._unit))


def solve(  # noqa: PLR0913 - one call for every setting a solve has, each by name
    model: cp_model.CpModel,
    clock: Clock,
    *,
    stage: str,
    minimize: Any = None,
    unit: int = 1,
    weight: int = 1,
    assumptions: Sequence[Any] = (),
    work: float | None = None,
    presolve: bool = True,
) -> Solved:
    """Solve a model, perhaps making an expression small.

    Parameters
    ----------
    model : CpModel
        Its objective and assumptions are replaced.
    clock : Clock
        Its time left bounds the solve, in wall seconds and in deterministic ones.
    stage : str
        Named in the progress.
    minimize : expression, optional
    unit : int
        What the whole numbers of the objective are divided by in the progress.
    weight : int
        What the first of several sums in the objective is multiplied by; the progress tells that sum alone.
    assumptions : sequence of literals
        Taken as true; an infeasible result can name those that are impossible together.
    work : float, optional
        Deterministic seconds at most (default: the seconds of the clock).
    presolve : bool
        Whether to simplify the model first, which takes longer than solving where it is easy.

    Returns
    -------
    Solved
        ``unknown`` where time ran out, or nobody wants the answer any more.
    """
    solver = cp_model.CpSolver()
    if clock.is_over:
        return Solved("unknown", solver)
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.max_deterministic_time = min(clock.seconds, work or clock.seconds)
    solver.parameters.max_time_in_seconds = max(clock.left, POLL_SECONDS)
    model.clear_objective()  # type: ignore[no-untyped-call, unused-ignore]
    model.clear_assumptions()  # type: ignore[no-untyped-call, unused-ignore]
    if minimize is not None:
        model.minimize(minimize)
    if assumptions:
        model.add_assumptions(list(assumptions))
    listener = _Listener(clock, stage, unit, weight) if clock.progress is not None and minimize is not None else None
    status = _watched(solver, model, clock, listener)
    name = _STATUS.get(status, "unknown")
    if name in {"optimal", "feasible"} and minimize is not None:
        value = round(solver.objective_value)
        bound = value if name == "optimal" else min(value, _ceil(solver.best_objective_bound))
        clock.tell(stage, Fraction(value // weight, unit), Fraction(bound // weight, unit))
        return Solved(name, solver, value, bound)
    return Solved(name, solver)


def _watched(solver: cp_model.CpSolver, model: cp_model.CpModel, clock: Clock, listener: _Listener | None) -> Any:
    """Run, and stop as soon as nobody wants the answer any more."""
    if clock.cancelled is None:
        return solver.solve(model, listener)
    done = threading.Event()
    wanted = clock.cancelled

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if wanted():
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model, listener)
    finally:
        done.set()
        watcher.join()


def _ceil(bound: float) -> int:
    """A whole bound from a solver's float, allowing for its rounding."""
    return int(-(-(bound - 1e-6) // 1))
