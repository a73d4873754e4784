"""Plans of degree size: proofs, time against models solved whole, a greedy planner, alternatives, reasons, and real degrees.

Times are CPU seconds in one process, because other work may share the cores; the ten seconds of a proof are wall time. A planner
that does not close in its time counts with the time it spent, which makes our ratio look worse than it is, never better.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from pathways.planning.alternatives import alternatives, different
from pathways.planning.facts import facts_of, keeping
from pathways.planning.problem import Infeasible, Plan, PlanFact, Problem, Undecided
from pathways.planning.solver import is_feasible, plan, plan_from
from pathways.planning.solving import Clock
from pathways.planning.verify import violations
from tests.benchmarks.degrees import SEED, Kind, Size, degree, impossible
from tests.benchmarks.other_planners import Answer, greedy, highs, one_piece
from tests.planning import readers

Row = dict[str, Any]
T = TypeVar("T")
#: Candidates and terms; each with two seeds, normal and tight.
SIZES = (Size(200, 12), Size(500, 12), Size(1000, 14), Size(2000, 16))
SEEDS = (1, 2)
SECONDS = 10.0
#: Wall seconds a reason may take here: the search, then as many again for the conflict and the changes.
REASON_SECONDS = 30.0
IMPOSSIBLE = ("never offered", "horizon", "budget", "load", "cap")


@dataclass(frozen=True)
class Case:
    """One problem, what the solver and the others made of it, and their CPU seconds."""

    problem: Problem
    found: Plan | Infeasible | Undecided
    cpu: float
    wall: float
    whole: Answer | None = None
    whole_cpu: float = 0.0
    highs: Answer | None = None
    highs_cpu: float = 0.0


def timed(call: Callable[[], T]) -> tuple[T, float, float]:
    """A result with CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = call()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def run(seeds: Sequence[int] = SEEDS) -> list[Row]:
    """All rows."""
    plan(degree(Size(200, 12), 0), seconds=SECONDS)  # Loads what is imported late.
    rows: list[Row] = []
    for kind in ("normal", "tight"):
        cases = [
            case_of(degree(size, seed, kind), against=kind == "normal" or size.candidates <= 500)
            for size in SIZES
            for seed in seeds
        ]
        rows += proof_rows(kind, cases) + agreement_rows(kind, cases) + greedy_rows(kind, cases)
        if kind == "normal":
            rows += speed_rows(cases) + alternative_rows(cases)
    return rows + reason_rows(seeds) + real_rows()


def case_of(problem: Problem, *, against: bool) -> Case:
    """Solve one problem, and perhaps with both models solved whole."""
    found, cpu, wall = timed(lambda: plan(problem, seconds=SECONDS))
    if not against:
        return Case(problem, found, cpu, wall)
    whole, whole_cpu, _ = timed(lambda: one_piece(problem, SECONDS))
    other, other_cpu, _ = timed(lambda: highs(problem, SECONDS))
    return Case(problem, found, cpu, wall, whole, whole_cpu, other, other_cpu)


def row(name: str, figure: float, unit: str, **more: Any) -> Row:
    """One row of the table."""
    return {"name": name, "figure": figure, "unit": unit, "seed": SEED, **more}


def share(hits: Sequence[bool]) -> float:
    """Percent that hold."""
    return round(100 * sum(hits) / len(hits), 1) if hits else 0.0


def proof_rows(kind: Kind, cases: Sequence[Case]) -> list[Row]:
    """How many are proven best in time, how long it takes, and what the verifier says."""
    plans = [(case.problem, case.found) for case in cases if isinstance(case.found, Plan)]
    proven = share(
        [isinstance(case.found, Plan) and case.found.proof.status == "optimal" and case.wall <= SECONDS for case in cases]
    )
    right = share([violations(problem, found) == () for problem, found in plans])
    ways = sum(found.proof.method == "selection, then schedule" for _, found in plans)
    cpu, wall = statistics.median(case.cpu for case in cases), statistics.median(case.wall for case in cases)
    sizes = f"{len(cases)} instances, {min(len(p.placed) for _, p in plans)} to {max(len(p.placed) for _, p in plans)} items"
    slowest = f"slowest {max(case.wall for case in cases):.2f} s wall"
    return [
        row(f"{kind}: proven best in 10 s", proven, "%", asked="95 or more", holds=proven >= 95, note=f"{sizes}; {ways} by parts"),
        row(f"{kind}: one plan", round(cpu, 3), "CPU s, median", note=f"{wall:.2f} s wall, {slowest}"),
        row(f"{kind}: plans the verifier passes", right, "%", asked="100", holds=right == 100),
    ]


def agreement_rows(kind: Kind, cases: Sequence[Case]) -> list[Row]:
    """Whether HiGHS and our own model solved whole come to the same values, as far as each proves them."""
    rows = []
    for name, answers in (("HiGHS", [c.highs for c in cases]), ("the model solved whole", [c.whole for c in cases])):
        pairs = [(c.found, a) for c, a in zip(cases, answers, strict=True) if a is not None and len(a.values) >= 2]
        same = [isinstance(found, Plan) and found.proof.values[: len(a.values)] == a.values for found, a in pairs]
        asked = sum(a is not None for a in answers)
        note = f"terms and cost proven on {len(pairs)} of {asked}"
        rows.append(row(f"{kind}: {name} agrees", share(same), "%", asked="100", holds=all(same) if same else None, note=note))
    return rows


def greedy_rows(kind: Kind, cases: Sequence[Case]) -> list[Row]:
    """Whether the greedy planner ever has a better plan, and what it costs to follow it."""
    never, terms, usd = [], [], []
    for case in cases:
        places = greedy(case.problem, SEED)
        if places is None or not isinstance(case.found, Plan):
            continue
        other = plan_from(case.problem, places, "greedy")
        assert violations(case.problem, other) == (), "the greedy planner broke a rule"
        never.append(case.found.proof.values <= other.proof.values)
        terms.append(other.terms_used - case.found.terms_used)
        usd.append(float(other.usd / case.found.usd) - 1)
    more = 100 * statistics.median(usd or [0.0])
    note = f"greedy found {len(never)} of {len(cases)}; {min(terms, default=0)} to {max(terms, default=0)} terms more, "
    note += f"{more:+.1f}% cost (median)"
    return [row(f"{kind}: never worse than greedy", share(never), "%", asked="100", holds=all(never) and bool(never), note=note)]


def speed_rows(cases: Sequence[Case]) -> list[Row]:
    """Time of a plan against the faster of the two models solved whole, instance by instance."""
    best = [min(case.whole_cpu, case.highs_cpu) for case in cases]
    ratio = statistics.median(case.cpu / other for case, other in zip(cases, best, strict=True))
    closed = [
        sum(a is not None and a.status == "optimal" for a in some) for some in ([c.whole for c in cases], [c.highs for c in cases])
    ]
    note = f"closed: ours whole {closed[0]}, HiGHS {closed[1]} of {len(cases)}"
    return [
        row(
            "normal: time against the best model solved whole",
            round(statistics.median(case.cpu for case in cases), 3),
            "CPU s, median",
            baseline=round(statistics.median(best), 2),
            ratio=round(ratio, 3),
            asked="ratio 0.5 or less",
            holds=ratio <= 0.5,
            note=note,
        )
    ]


def alternative_rows(cases: Sequence[Case]) -> list[Row]:
    """Five more plans, and what `alternatives` makes with the named ones."""
    ratios, named, checked = [], [], []
    for case in cases:
        if not isinstance(case.found, Plan):
            continue
        first = case.found
        one = statistics.median(timed(lambda p=case.problem: plan(p, seconds=SECONDS))[1] for _ in range(3))  # type: ignore[misc]
        five, cpu, _ = timed(lambda p=case.problem, f=first: different(p, [f], Clock(SECONDS), count=5))  # type: ignore[misc]
        ratios.append(cpu / one)
        checked.append(len(five) == 5 and all(violations(case.problem, other) == () and _differ(first, other) for other in five))
    for case in cases[:2]:
        if isinstance(case.found, Plan):
            found, cpu, _ = timed(lambda c=case: alternatives(c.problem, c.found, count=5))  # type: ignore[misc]
            named.append((len(found), cpu))
    ratio = statistics.median(ratios)
    return [
        row(
            "normal: five alternatives",
            round(ratio, 2),
            "x one plan",
            asked="3 or less",
            holds=ratio <= 3,
            note=f"{len(ratios)} instances",
        ),
        row("normal: alternatives that verify and differ", share(checked), "%", asked="100", holds=all(checked)),
        row(
            "normal: five and the named ones (cheapest, lightest load)",
            round(statistics.median(cpu for _, cpu in named), 2),
            "CPU s, median",
            note=f"{', '.join(str(count) for count, _ in named)} plans found",
        ),
    ]


def _differ(first: Plan, other: Plan) -> bool:
    return len({one.item for one in first.placed} - {one.item for one in other.placed}) >= 2


# Reasons


def reason_rows(seeds: Sequence[int]) -> list[Row]:
    """Whether each impossible problem gets a reason, and whether the reason holds when solved again."""
    rows: list[Row] = []
    every: list[tuple[bool, bool, bool]] = []
    for kind in IMPOSSIBLE:
        told, cpus, notes = [], [], []
        for seed in seeds:
            problem = impossible(kind, *_least(degree(Size(200, 12), seed)))
            found, cpu, _ = timed(lambda p=problem: plan(p, seconds=REASON_SECONDS))  # type: ignore[misc]
            judged = judge(problem, found)
            told.append(judged)
            cpus.append(cpu)
            if isinstance(found, Infeasible):
                notes.append(
                    f"{len(found.facts)} facts{'' if found.minimal else ' (not shown minimal)'}, {len(found.changes)} changes"
                )
        every += told
        rows.append(
            row(
                f"impossible, {kind}: reason given, holds, no fact idle",
                share([all(one) for one in told]),
                "%",
                asked="100",
                holds=all(map(all, told)),
                note=f"{statistics.median(cpus):.1f} CPU s; {'; '.join(notes)}",
            )
        )
    names = ("a reason is given", "without the named set there is a plan", "each fact is necessary")
    for place, name in enumerate(names):
        hits = [one[place] for one in every]
        rows.append(row(f"impossible: {name}", share(hits), "%", asked="100", holds=all(hits), note=f"{len(hits)} instances"))
    return rows


def _least(problem: Problem) -> tuple[Problem, Decimal, Fraction]:
    """A problem with the least any plan of it costs and weighs."""
    cheapest = plan(replace(problem, objective=("cost", "terms")), seconds=REASON_SECONDS)
    assert isinstance(cheapest, Plan)
    assert cheapest.proof.status == "optimal", "the least cost is not proven"
    light = {name: replace(item, usd=Decimal(item.load.numerator)) for name, item in problem.items.items()}
    lightest = plan(replace(problem, items=light, objective=("cost", "terms")), seconds=REASON_SECONDS)
    assert isinstance(lightest, Plan)
    return problem, cheapest.usd, lightest.load


def judge(problem: Problem, found: object) -> tuple[bool, bool, bool]:
    """Whether there is a reason; whether dropping its facts leaves a plan; whether no smaller set of them is impossible."""
    if not isinstance(found, Infeasible) or not found.facts:
        return False, False, False
    named = [_fact(one) for one in found.facts]
    rest = [fact for fact in facts_of(problem) if fact not in named]
    freed = _possible(keeping(problem, rest)) is True
    alone = _possible(keeping(problem, named)) is False
    needed = all(_possible(keeping(problem, [other for other in named if other != fact])) is True for fact in named)
    return True, freed and alone, needed


def _fact(one: PlanFact) -> tuple[Any, str]:
    return one.kind, one.about


def _possible(problem: Problem) -> bool | None:
    return is_feasible(problem, Clock(SECONDS))


# Real degrees


def real_rows() -> list[Row]:
    """Nine real computer-science degrees, where their files are here."""
    folder = readers.DATA / "curriculum-metrics"
    if not folder.is_dir():
        return [row("real degrees", 0, "degrees", note="the data set curriculum-metrics is not here")]
    made = [readers.degree(path) for path in sorted(folder.glob("*_w_metrics.csv"))]
    cases = [case_of(problem, against=True) for problem in made]
    proven = [isinstance(case.found, Plan) and case.found.proof.status == "optimal" for case in cases]
    right = [isinstance(case.found, Plan) and violations(case.problem, case.found) == () for case in cases]
    closed = [case for case in cases if case.highs is not None and case.highs.status == "optimal"]
    same = [
        isinstance(case.found, Plan) and case.highs is not None and case.found.proof.values == case.highs.values for case in closed
    ]
    ratio = statistics.median(case.cpu / max(min(case.whole_cpu, case.highs_cpu), 1e-3) for case in cases)
    count = f"{len(cases)} degrees of {min(len(p.items) for p in made)} to {max(len(p.items) for p in made)} courses"
    best = statistics.median(min(case.whole_cpu, case.highs_cpu) for case in cases)
    usual = statistics.median(case.cpu for case in cases)
    both = [a and b for a, b in zip(proven, right, strict=True)]
    note = "below 80 items ours is one model too, and settles ties"
    return [
        row("real degrees: proven fewest terms, verified", share(both), "%", asked="100", holds=all(both), note=count),
        row("real degrees: HiGHS agrees", share(same), "%", asked="100", holds=all(same), note=f"closed {len(closed)}"),
        row("real degrees: one plan", round(usual, 3), "CPU s, median", baseline=round(best, 3), ratio=round(ratio, 2), note=note),
    ]


def main() -> None:
    """Rows as text, with as many seeds as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="instances of each size and kind")
    for one in run(tuple(range(1, parser.parse_args().seeds + 1))):
        print(one)


if __name__ == "__main__":
    main()
