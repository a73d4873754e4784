"""A whole recommendation beside its own similarity scan, for one learner, warm, from an encoded goal (CPU time).

Encoding, exact solves and routes are reported beside it, as they are not part of the figure.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from pathways.recommendation.answer import Question
from pathways.recommendation.engine import Engine
from pathways.recommendation.pipeline import recommend_encoded
from pathways.record import EarnedCredential, LearnerRecord
from tests.benchmarks.engines import bundled_engine, generated_engine

SEED, REPEATS, HELD = 20261121, 60, 12
GOAL = "subject7 subject21 for my school"


def run(sizes: tuple[int, ...] = (100_000,)) -> list[dict[str, Any]]:
    """Rows of the bench table; sizes above 100,000 are left out (the catalog's objects would not fit the time)."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        if size <= 100_000:
            engine = generated_engine(size)
            # As the server does: garbage collection need not walk a catalog that does not change.
            gc.freeze()
            rows.extend(_rows(engine, f"{size:,} generated", asked=size == 100_000))
    rows.extend(_rows(bundled_engine(), "bundled", asked=False))
    rows.extend(_beside(bundled_engine()))
    return rows


def _rows(engine: Engine, label: str, *, asked: bool) -> list[dict[str, Any]]:
    generator = np.random.default_rng(SEED)
    questions = [_question(engine, generator) for _ in range(REPEATS)]
    picks = generator.integers(len(engine.ids), size=REPEATS)
    vectors = [engine.search.matrix_[pick] / np.linalg.norm(engine.search.matrix_[pick]) for pick in picks]
    scan, whole = [], []
    for question, vector in zip(questions, vectors, strict=True):
        scan.append(_cpu(partial(engine.search.scores, vector)))
        whole.append(_cpu(partial(recommend_encoded, question, engine, vector)))
    base = float(np.median(scan[5:]))
    found = []
    for name, share, most in (("p50", 50, 1.5), ("p99", 99, 3.0)):
        value = float(np.percentile(whole[5:], share))
        found.append(
            {
                "name": f"whole recommendation, {label}, {name}", "figure": round(value * 1e3, 2), "unit": "CPU ms",
                "baseline": f"its own scan, p50: {base * 1e3:.2f} ms", "ratio": round(value / base, 2),
                "seed": SEED,
                **({"asked": f"ratio <= {most}", "holds": value <= most * base} if asked else {}),
            }
        )  # fmt: skip
    return found


def _question(engine: Engine, generator: np.random.Generator) -> Question:
    held = tuple(EarnedCredential(engine.ids[row]) for row in generator.choice(len(engine.ids), HELD, replace=False))
    return Question(GOAL, LearnerRecord(achievements=held), engine.on, k=5)


def _beside(engine: Engine) -> list[dict[str, Any]]:
    goal = "become a reading specialist for early grades"
    target = Question(goal, LearnerRecord(), engine.on, targets=("mo-career-admin",), k=5)
    vector = engine.encoder.encode([goal])[0]
    figures: dict[str, Callable[[], object]] = {
        "encoding one goal": partial(engine.encoder.encode, [goal]),
        "bundled, with an asked target: exact solve and routes included": partial(recommend_encoded, target, engine, vector),
    }
    found = []
    for what, call in figures.items():
        call()
        value = float(np.median([_cpu(call) for _ in range(7)]))
        found.append({"name": what, "figure": round(value * 1e3, 2), "unit": "CPU ms"})
    return found


def _cpu(call: Callable[[], object]) -> float:
    start = time.thread_time()
    call()
    return time.thread_time() - start
