"""Goal search on the bundled catalog: nDCG@10 for BM25, dense search and the whole pipeline, with bootstrap intervals.

The pipeline's three constants were fixed on the goals with an even position (``chosen on``); the others are the honest half.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.dense import ExactSearch
from models.metrics import ndcg_at_k, paired_bootstrap
from pathways.places import ANYWHERE, parse_place
from pathways.recommendation.answer import Question
from pathways.recommendation.engine import Engine
from pathways.recommendation.ranking import ranked_ids
from pathways.record import LearnerRecord
from tests.benchmarks.engines import bundled_engine

GOALS = Path(__file__).parents[2] / "data" / "goals"
SEED, DEPTH = 20261121, 10


@dataclass(frozen=True)
class Goal:
    """One goal of the collection: its words, place and graded credentials."""

    id: str
    text: str
    place: str
    grades: dict[str, float]


def goals() -> list[Goal]:
    """The collection, in file order."""
    grades: dict[str, dict[str, float]] = {}
    with (GOALS / "qrels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grades.setdefault(row["goal_id"], {})[row["credential_id"]] = float(row["grade"])
    with (GOALS / "goals.csv").open(encoding="utf-8", newline="") as file:
        return [Goal(row["goal_id"], row["goal"], row["place"], grades[row["goal_id"]]) for row in csv.DictReader(file)]


def figures(engine: Engine) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """NDCG@10 of each goal for each system, in file order."""
    collection = goals()
    vectors = engine.encoder.encode([goal.text for goal in collection])
    items = list(engine.catalog.credentials.values())
    # Plain dense search is one vector per full text, as most systems do it.
    full = ExactSearch().fit([item.id for item in items], engine.encoder.encode([item.text for item in items]))
    found: dict[str, list[float]] = {"BM25": [], "dense": [], "pipeline": []}
    for goal, vector in zip(collection, vectors, strict=True):
        place = parse_place(goal.place) if goal.place else ANYWHERE
        question = Question(goal.text, LearnerRecord(place=place), engine.on, k=DEPTH)
        runs = {
            "BM25": engine.words.retrieve(goal.text, DEPTH)[0],
            "dense": full.retrieve(vector, DEPTH)[0],
            "pipeline": ranked_ids(question, engine, vector),
        }
        for name, ranked in runs.items():
            found[name].append(ndcg_at_k(ranked, goal.grades, DEPTH))
    return {name: np.array(values) for name, values in found.items()}


def run() -> list[dict[str, Any]]:
    """Rows of the bench table."""
    found = figures(bundled_engine())
    rows: list[dict[str, Any]] = []
    halves = {"all": slice(None), "chosen on": slice(0, None, 2), "held out": slice(1, None, 2)}
    for half, part in halves.items():
        for name, values in found.items():
            what = f"goal search, {half} ({len(values[part])} goals): {name}"
            rows.append({"name": what, "figure": round(float(values[part].mean()), 3), "unit": "nDCG@10", "seed": SEED})
        for other in ("BM25", "dense"):
            gain = paired_bootstrap(found["pipeline"][part], found[other][part], seed=SEED)
            rows.append(
                {
                    "name": f"goal search, {half}: pipeline minus {other}",
                    "figure": round(gain.mean, 3),
                    "unit": "nDCG@10",
                    "asked": "not below 0",
                    "holds": gain.mean >= 0,
                    "note": f"95% bootstrap {gain.low:+.3f} to {gain.high:+.3f}",
                    "seed": SEED,
                }
            )
    return rows
