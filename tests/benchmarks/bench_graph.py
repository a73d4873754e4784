"""Readiness of every credential, and remaining cost, on generated graphs and the bundled catalog (CPU time, medians).

Answers are compared before anything is timed. Rows for the extra ``fast`` stand only where it is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.catalog.load import load
from pathways.graph.bounds import marginal, remaining
from pathways.graph.compiled import CompiledGraph, compile_graph
from pathways.graph.costs import costs
from pathways.graph.readiness import readiness
from tests.benchmarks.walks import full_costs, full_sweep, networkx_of, networkx_walk, object_walk, things_of
from tests.benchmarks.worlds import SEED, graph_of, learners

Row = dict[str, Any]
Ints = npt.NDArray[np.int64]
USUAL_SIZES = (10_000, 100_000, 1_000_000)
HAS_FAST = importlib.util.find_spec("numba") is not None
#: Plain walks are built only up to here: a million objects take minutes.
WALKED = 100_000


@dataclass(frozen=True)
class Timing:
    """Median CPU milliseconds of one method at one size."""

    method: str
    size: int
    ms: float


def run(sizes: Sequence[int] = USUAL_SIZES, repeats: int = 7) -> list[Row]:
    """All rows: readiness, cost, growth between sizes, bounds on a generated and the bundled catalog."""
    rows: list[Row] = []
    timings: list[Timing] = []
    for size in sizes:
        began = time.thread_time()
        graph = graph_of(size)
        built = time.thread_time() - began
        rows.append(_row("compile generated rows to arrays", size, round(built, 2), "CPU s", note=_shape(graph)))
        timings += _readiness(graph, size, repeats) + _costs(graph, size, repeats)
    rows += _ratios(timings) + _growth(timings)
    if sizes:
        size = max((size for size in sizes if size <= WALKED), default=min(sizes))
        graph = graph_of(size)
        rows += _bounds("generated", size, graph, _questions(graph, size, 300))
    return rows + _bundled()


def _shape(graph: CompiledGraph) -> str:
    stats = graph.stats
    return f"{len(graph):,} nodes, {stats['edges']:,} edges, {stats['bytes'] / 2**20:.0f} MiB"


def _row(name: str, size: int, figure: float, unit: str, **more: Any) -> Row:
    return {"name": name, "size": size, "figure": figure, "unit": unit, "seed": SEED, **more}


def _cpu_ms(calls: Sequence[Callable[[], object]], repeats: int) -> float:
    """Median over calls of each call's median CPU milliseconds."""
    found = []
    for call in calls:
        taken = []
        for _ in range(repeats):
            began = time.thread_time()
            call()
            taken.append(time.thread_time() - began)
        found.append(np.median(taken))
    return float(np.median(found)) * 1e3


# Readiness and cost


def _engines() -> dict[str, bool]:
    return {"numpy": False, "fast": True} if HAS_FAST else {"numpy": False}


def _readiness(graph: CompiledGraph, size: int, repeats: int) -> list[Timing]:
    people = learners(size, 60)
    found = []
    for name, fast in _engines().items():
        for held in people[:10]:
            assert (readiness(graph, held, fast=fast).missing == full_sweep(graph, held)).all()
        calls = [partial(readiness, graph, held, fast=fast) for held in people]
        found.append(Timing(f"readiness, {name}", size, _cpu_ms(calls, repeats)))
        written = [partial(_written, graph, held, fast) for held in people[:20]]
        found.append(Timing(f"readiness, {name}{TAIL}", size, _cpu_ms(written, repeats)))
    sweeps = [partial(full_sweep, graph, held) for held in people[:5]]
    found.append(Timing("readiness, full sweep", size, _cpu_ms(sweeps, 3)))
    if size <= WALKED:
        things, made = things_of(graph), networkx_of(graph)
        assert object_walk(things, size, people[0]) == full_sweep(graph, people[0]).tolist()
        assert networkx_walk(made, size, set(people[0].tolist())) == full_sweep(graph, people[0]).tolist()
        walks = [partial(object_walk, things, size, held.tolist()) for held in people[:10]]
        found.append(Timing("readiness, object walk", size, _cpu_ms(walks, 3)))
        traversals = [partial(networkx_walk, made, size, set(held.tolist())) for held in people[:3]]
        found.append(Timing("readiness, networkx", size, _cpu_ms(traversals, 1)))
    return found


def _written(graph: CompiledGraph, held: Ints, fast: bool) -> int:
    """The answer as arrays over all credentials instead of what differs from an empty record."""
    answer = readiness(graph, held, fast=fast)
    return len(answer.missing) + len(answer.ready)


def _costs(graph: CompiledGraph, size: int, repeats: int) -> list[Timing]:
    people = learners(size, 60)
    everything = np.arange(len(graph))
    found = []
    for name, fast in _engines().items():
        for held in people[:5]:
            assert np.allclose(costs(graph, held, fast=fast).of(everything), full_costs(graph, held), rtol=1e-9)
        calls = [partial(costs, graph, held, fast=fast) for held in people]
        found.append(Timing(f"additive cost, {name}", size, _cpu_ms(calls, repeats)))
    sweeps = [partial(full_costs, graph, held) for held in people[:3]]
    found.append(Timing("additive cost, full sweep", size, _cpu_ms(sweeps, 1)))
    return found


BASELINES = {"readiness": ("object walk", "networkx", "full sweep"), "additive cost": ("full sweep",)}
ASKED = {("readiness, numpy", "object walk"): 50, ("readiness, fast", "object walk"): 200}
TAIL = ", whole arrays written"


def _ratios(timings: Sequence[Timing]) -> list[Row]:
    """Each method beside each plain way at the same size."""
    ms = {(timing.method, timing.size): timing.ms for timing in timings}
    rows = []
    for (method, size), value in ms.items():
        kind, _, engine = method.partition(", ")
        if engine.removesuffix(TAIL) not in {"numpy", "fast"}:
            continue
        for plain in BASELINES[kind]:
            other = ms.get((f"{kind}, {plain}", size))
            if other is not None:
                least = ASKED.get((method, plain)) if size == 100_000 else None
                rows.append(_compared(method, size, value, plain=plain, other=other, least=least))
            elif plain == "full sweep":
                rows.append(_row(method, size, value, "CPU ms"))
    return rows


def _compared(method: str, size: int, value: float, plain: str, other: float, least: int | None) -> Row:
    ratio = other / value
    asked = {"asked": f"ratio >= {least}", "holds": ratio >= least} if least else {}
    return _row(method, size, value, "CPU ms", baseline=f"{plain}: {other:.3g} ms", ratio=ratio, **asked)


def _growth(timings: Sequence[Timing]) -> list[Row]:
    """Cost at a million beside cost at a hundred thousand."""
    ms = {(timing.method, timing.size): timing.ms for timing in timings}
    rows = []
    for (method, size), value in ms.items():
        small = ms.get((method, 100_000))
        if size == 1_000_000 and small is not None and method.endswith(("numpy", "fast")):
            growth = value / small
            rows.append(_row(f"{method}: growth from 100,000", size, growth, "x", asked="<= 4", holds=growth <= 4))
    return rows


# Bounds


def _questions(graph: CompiledGraph, size: int, count: int) -> list[tuple[Ints, int]]:
    """Learners, each with a target of an upper layer in a theme of theirs that they can reach and do not hold."""
    generator = np.random.default_rng(SEED)
    found = []
    for held in learners(size, 2 * count):
        theme = int(held[generator.integers(len(held))]) // 200
        target = theme * 200 + int(generator.integers(140, 200))
        if target not in held and graph.can_earn(target):
            found.append((held, target))
    return found[:count]


def _bundled() -> list[Row]:
    """Every credential of the bundled catalog that has a rule, for someone who holds nothing and for some who hold a few."""
    catalog = load()
    graph = compile_graph(catalog, date(2026, 11, 21))
    generator = np.random.default_rng(SEED)
    ruled = [graph.index[name] for name in catalog.rows_by_credential if graph.can_earn(graph.index[name])]
    few = [np.unique(generator.integers(graph.n_credentials, size=12)) for _ in ruled]
    questions = [(held, target) for target, held in zip(ruled, few, strict=True) if target not in held]
    return _bounds("bundled", graph.n_credentials, graph, [*((np.empty(0, np.int64), target) for target in ruled), *questions])


def _bounds(label: str, size: int, graph: CompiledGraph, questions: Sequence[tuple[Ints, int]]) -> list[Row]:
    rough = [remaining(graph, held, target, exact=False) for held, target in questions]
    exact = [remaining(graph, held, target) for held, target in questions]
    solved = [(one, two.exact) for one, two in zip(rough, exact, strict=True) if two.exact is not None]
    held_true = sum(one.lower <= best <= one.upper for one, best in solved) / max(1, len(solved))
    certified = sum(one.proof == "proven" for one in rough) / max(1, len(rough))
    ratio = float(np.mean([one.upper / best for one, best in solved if best > 0]))
    some = questions[:100]
    quick = _cpu_ms([partial(remaining, graph, held, target, exact=False) for held, target in some], 3)
    moved = _cpu_ms([_marginal(graph, held, target) for held, target in some], 1)
    steps = sorted(best for _, best in solved)
    note = f"{len(solved)} of {len(questions)} solved; {steps[len(steps) // 2]} steps in the middle, {steps[-1]} at most"
    name = f"remaining steps, {label}"
    return [
        _row(f"{name}: lower <= exact <= upper", size, held_true, "share", asked="1", holds=held_true == 1, note=note),
        _row(f"{name}: certified without a solver", size, certified, "share", asked=">= 0.7", holds=certified >= 0.7),
        _row(f"{name}: mean upper / optimum", size, ratio, "x", asked="<= 1.02", holds=ratio <= 1.02),
        _row(f"{name}: both bounds", size, quick, "CPU ms"),
        _row(f"{name}: with every item of the cone held in turn", size, moved, "CPU ms"),
    ]


def _marginal(graph: CompiledGraph, held: Ints, target: int) -> Callable[[], object]:
    everyone = np.arange(max(0, target - 200), min(graph.n_atoms, target + 200))
    return lambda: marginal(graph, held, target, everyone)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=USUAL_SIZES)
    for row in run(parser.parse_args().sizes):
        print("  ".join(f"{key}={value:.4g}" if isinstance(value, float) else f"{key}={value}" for key, value in row.items()))
