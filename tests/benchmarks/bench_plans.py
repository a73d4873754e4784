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

from pathways.catalog.folder import bundled_folder
from pathways.catalog.load import load
from pathways.planning.alternatives import UNPROVEN, alternatives, different
from pathways.planning.facts import facts_of, keeping
from pathways.planning.from_catalog import problem_for
from pathways.planning.problem import Infeasible, Plan, PlanFact, Problem, Undecided
from pathways.planning.solver import is_feasible, plan, plan_from
from pathways.planning.solving import Clock
from pathways.planning.terms import parse_terms
from pathways.planning.verify import violations
from tests.benchmarks.degrees import SEED, Kind, Size, degree, impossible
from tests.benchmarks.other_planners import Answer, greedy, highs, one_piece
from tests.builders import TODAY, record
from tests.planning import readers

Row = dict[str, Any]
T = TypeVar("T")
#: Candidates and terms, each normal and tight.
SIZES = (Size(200, 12), Size(500, 12), Size(1000, 14), Size(2000, 16))
SEEDS = (1,)
#: Instances of each size and kind that are planned, also without the other planners, for the share that is proven best.
MANY_SEEDS = tuple(range(5))
SECONDS = 10.0
#: Wall seconds a reason may take: the search, then as many again for the conflict and the changes.
REASON_SECONDS = 10.0
KINDS: tuple[Kind, ...] = ("normal", "tight")
TARGETS = (
    "oh-reading-endorsement", "mo-career-admin", "mo-mlds-15", "la-edl1", "la-llas", "ut-stack-sci-3d", "nb-art-emc", "va-cs-addon",
)  # fmt: skip
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


def run() -> list[Row]:
    """All rows. Without a parameter, because the runner would hand its catalog sizes to one."""
    return rows_for(SEEDS)


def rows_for(seeds: Sequence[int]) -> list[Row]:
    """All rows, with the other planners on these seeds."""
    plan(degree(Size(200, 12), 0), seconds=SECONDS)  # Loads what is imported late.
    rows: list[Row] = []
    for kind in KINDS:
        problems = {(size, seed): degree(size, seed, kind) for size in SIZES for seed in {*seeds, *MANY_SEEDS}}
        cases = {key: case_of(one, against=key[1] in seeds and _is_compared(kind, key[0])) for key, one in problems.items()}
        few = [case for (_, seed), case in cases.items() if seed in seeds]
        rows += proof_rows(kind, list(cases.values())) + agreement_rows(kind, few) + greedy_rows(kind, few)
        if kind == "normal":
            rows += speed_rows(few)
        rows += alternative_rows(kind, few)
    return rows + reason_rows(seeds) + real_rows()


def _is_compared(kind: Kind, size: Size) -> bool:
    """Whether an instance is solved whole as well: the large tight ones are closed by no other planner in its ten seconds."""
    return kind == "normal" or size.candidates <= 500


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
    open_ = [found.proof for _, found in plans if found.proof.status != "optimal"]
    fewest = sum(proof.values[0] == proof.bounds[0] for proof in open_)
    left = f"; open: {len(open_)} with a plan, {fewest} of them in the fewest terms, {len(cases) - len(plans)} without"
    return [
        row(
            f"{kind}: proven best in 10 s",
            proven,
            "%",
            asked="95 or more",
            holds=proven >= 95,
            note=f"{sizes}; {ways} by parts{left}",
        ),
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


def alternative_rows(kind: Kind, cases: Sequence[Case]) -> list[Row]:
    """Five other plans that differ, and five with the named ones among them, against the time of one plan."""
    differing, mixed, checked, named = [], [], [], []
    for case in cases:
        first = case.found
        if not isinstance(first, Plan) or first.proof.status != "optimal":
            continue
        one = statistics.median(timed(lambda p=case.problem: plan(p, seconds=SECONDS))[1] for _ in range(3))  # type: ignore[misc]
        five, cpu, _ = timed(lambda p=case.problem, f=first: different(p, [f], Clock(SECONDS), count=5))  # type: ignore[misc]
        differing.append(cpu / one)
        checked.append(len(five) == 5 and all(violations(case.problem, other) == () and _differ(first, other) for other in five))
        some, cpu, _ = timed(lambda p=case.problem, f=first: alternatives(p, f, count=3))  # type: ignore[misc]
        mixed.append(cpu / one)
        checked.append(all(violations(case.problem, other) == () for other in some))
        named += [other.proof.method for other in some if not other.proof.method.startswith("without")]
    usual = [("five that differ in 2 items or more", differing), ("cheapest, lightest load and three that differ", mixed)]
    rows = [
        row(
            f"{kind}: {name}",
            round(statistics.median(ratios), 2),
            "x one plan, median",
            asked="3 or less",
            holds=statistics.median(ratios) <= 3,
            note=f"{len(ratios)} instances, {min(ratios):.1f} to {max(ratios):.1f}",
        )
        for name, ratios in usual
    ]
    unproven = sum(name.endswith(UNPROVEN) for name in named)
    note = f"named ones found: {len(named)}, of which {unproven} say that they are not proven"
    return [
        *rows,
        row(f"{kind}: alternatives that verify and differ", share(checked), "%", asked="100", holds=all(checked), note=note),
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
            problem = impossible(kind, *_least(degree(Size(500, 12), seed)))
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
    """Real degrees, programs, transfer majors and bundled targets, where their files are here."""
    sets: tuple[tuple[str, str, Callable[[], list[Problem]]], ...] = (
        ("curriculum-metrics", "nine real degrees", _degrees),
        ("bcit-stackable", "BCIT programs", _programs),
        ("assist-smc-ucsd", "SMC to UCSD majors", _majors),
    )
    rows: list[Row] = []
    for folder, name, made in sets:
        if (readers.DATA / folder).is_dir():
            rows += _real(name, made(), against=True)
        else:
            rows.append(row(name, 0, "problems", note=f"the data set {folder} is not here"))
    return rows + _real("bundled targets", _targets(), against=False)


def _real(name: str, made: Sequence[Problem], *, against: bool) -> list[Row]:
    cases = [case_of(problem, against=against) for problem in made]
    good = [_is_settled(one) for one in cases]
    impossible_ = sum(isinstance(one.found, Infeasible) for one in cases)
    sizes = [len(one.problem.items) for one in cases]
    confirmed = ", as HiGHS says too" if impossible_ and against else ""
    rows = [
        row(
            f"{name}: proven best, verified",
            share(good),
            "%",
            asked="100",
            holds=all(good),
            note=f"{len(cases)} problems of {min(sizes)} to {max(sizes)} items; {impossible_} impossible{confirmed}",
        )
    ]
    usual = statistics.median(case.cpu for case in cases)
    if not against:
        return [*rows, row(f"{name}: one plan", round(usual, 3), "CPU s, median")]
    closed = [case for case in cases if case.highs is not None and case.highs.status == "optimal"]
    same = [isinstance(one.found, Plan) and one.highs is not None and one.found.proof.values == one.highs.values for one in closed]
    best = statistics.median(min(case.whole_cpu, case.highs_cpu) for case in cases)
    ratio = statistics.median(case.cpu / max(min(case.whole_cpu, case.highs_cpu), 1e-3) for case in cases)
    note = "below 80 items ours is one model too, and settles ties"
    return [
        *rows,
        row(f"{name}: HiGHS agrees", share(same), "%", asked="100", holds=all(same), note=f"closed {len(closed)} of {len(cases)}"),
        row(f"{name}: one plan", round(usual, 3), "CPU s, median", baseline=round(best, 3), ratio=round(ratio, 2), note=note),
    ]


def _is_settled(case: Case) -> bool:
    """Proven best and right, or without a plan where HiGHS finds none either."""
    if isinstance(case.found, Infeasible):  # Without HiGHS beside it nobody else has said so.
        return case.highs is not None and case.highs.status == "infeasible"
    proven = isinstance(case.found, Plan) and case.found.proof.status == "optimal"
    return proven and isinstance(case.found, Plan) and violations(case.problem, case.found) == ()


def _degrees() -> list[Problem]:
    return [readers.degree(path) for path in sorted((readers.DATA / "curriculum-metrics").glob("*_w_metrics.csv"))]


def _programs() -> list[Problem]:
    fit = [one for one in readers.bcit_programs() if 4 <= len(one["courses"]) <= 60 and one["required_credits"]]
    return [readers.bcit_problem(program) for program in fit[::16]]


def _majors() -> list[Problem]:
    made = [readers.smc_problem(agreement) for agreement in readers.smc_agreements()[::16]]
    return [problem for problem in made if problem.items]


def _targets() -> list[Problem]:
    catalog, terms = load(bundled_folder()), parse_terms("Spring 2027..Fall 2029")
    return [problem_for(target, record(), catalog, terms=terms, load_max=Fraction(9), on=TODAY) for target in TARGETS]


def main() -> None:
    """Rows as text, with as many seeds as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="instances of each size and kind")
    for one in rows_for(tuple(range(1, parser.parse_args().seeds + 1))):
        print(one)


if __name__ == "__main__":
    main()
