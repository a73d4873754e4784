"""How good the matcher is on badges held out, beside TF-IDF, BM25 and plain dense search; every figure with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.base import Retriever
from models.calibration import PlattCalibrator
from models.dense import ExactSearch
from models.lexical import BM25, TfidfRetriever
from models.logistic import LogisticModel
from models.metrics import calibration_band, equal_mass_calibration_error, risk_coverage
from pathways.matching.datasets import RPI
from pathways.matching.training import Held, Prepared, elective_rows, stated
from pathways.matching.views import full_text

if TYPE_CHECKING:
    from models.base import Float64Array, IntArray

_SAMPLES = 2_000


def figures(data: Prepared, held: Held, *, seed: int) -> dict[str, Any]:
    """All figures of one data set.

    Parameters
    ----------
    data : Prepared
    held : Held
        From `hold_out`.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        Ready for JSON: ``systems``, ``kinds``, ``none_fits``, ``reliability`` and, for courses, ``elective``.
    """
    kinds = np.array([data.dataset.badges[case.row].kind for case in held.alone if case.emptied is not None])
    folds = np.array([case.fold for case in held.alone if case.emptied is not None])
    systems: dict[str, Any] = {}
    by_kind: dict[str, dict[str, Any]] = {kind: {"badges": int((kinds == kind).sum())} for kind in sorted(set(kinds))}
    said: dict[str, tuple[Any, Any]] = {}
    ranks: dict[str, IntArray] = {}
    for name, cases in (("with precedents", held.with_precedents), ("without precedents", held.alone)):
        ranks[name] = np.array([case.rank for case in cases if case.emptied is not None])
        first, right, _, _ = stated(cases)
        said[name] = (first, right)
    for name, (found, best) in _baselines(data).items():
        ranks[name] = found
        said[name] = (_platt(best, (found == 0).astype(np.float64), folds), (found == 0).astype(np.float64))
    for name, found in ranks.items():
        systems[name] = _system(found, *said[name], seed=seed)
        for kind, row in by_kind.items():
            row[name] = _interval((found[kinds == kind] < 5).astype(np.float64), seed)
    result = {
        "badges": len(kinds), "courses": len(data.index.groups), "systems": systems, "kinds": by_kind,
        "none_fits": {"with precedents": _none(held.with_precedents), "without precedents": _none(held.alone)},
        "reliability": reliability(*said["with precedents"]),
    }  # fmt: skip
    return result | ({"elective": _elective(data, held)} if data.dataset.name == RPI else {})


def reliability(probabilities: Float64Array, right: Float64Array, n_bins: int = 10) -> list[dict[str, float]]:
    """Stated and recorded share in bins of equal mass."""
    order = np.argsort(probabilities, kind="stable")
    return [
        {"n": len(part), "stated": float(probabilities[part].mean()), "recorded": float(right[part].mean())}
        for part in np.array_split(order, n_bins)
        if len(part)
    ]


def _system(ranks: IntArray, first: Float64Array, right: Float64Array, *, seed: int) -> dict[str, Any]:
    curve = risk_coverage(first, right)
    allowed = np.flatnonzero(curve.risk <= 0.1)
    low, high = calibration_band(first, seed=seed)
    return {
        "hit@1": _interval((ranks < 1).astype(np.float64), seed),
        "hit@5": _interval((ranks < 5).astype(np.float64), seed),
        "answered_at_10_percent_risk": float(curve.coverage[allowed[-1]]) if allowed.size else 0.0,
        "calibration_error": equal_mass_calibration_error(first, right),
        "band_of_a_perfect_model": [low, high],
    }


def _baselines(data: Prepared) -> dict[str, tuple[IntArray, Float64Array]]:
    """Rank of the first recorded course, and the best score, by each plain system over the whole list."""
    names = [str(row) for row in range(len(data.index.groups))]
    texts = [full_text(group.title, group.description) for group in data.index.groups]
    rows = [row for row, right in enumerate(data.right) if right]
    badges = [data.views.badges[row] for row in rows]
    queries = [full_text(badge.title, badge.description) for badge in badges]
    lexical: dict[str, Retriever] = {"TF-IDF": TfidfRetriever().fit(names, texts), "BM25": BM25().fit(names, texts)}
    scores = {name: [system.scores(query) for query in queries] for name, system in lexical.items()}
    dense = ExactSearch().fit(names, data.index.text)
    scores["dense"] = [np.asarray(dense.scores(data.views.text[row]), np.float64) for row in rows]
    return {
        name: (
            np.array([_rank(one, sorted(data.right[row])) for one, row in zip(found, rows, strict=True)]),
            np.array([float(one.max()) for one in found]),
        )
        for name, found in scores.items()
    }


def _rank(scores: Float64Array, right: list[int]) -> int:
    """Courses ahead of the best right one; a tie goes to the earlier row."""
    best = max(scores[right])
    first = min(place for place in right if scores[place] == best)
    return int((scores > best).sum() + (scores[:first] == best).sum())


def _platt(scores: Float64Array, right: Float64Array, folds: IntArray) -> Float64Array:
    out = np.zeros(len(scores))
    for fold in np.unique(folds):
        out[folds == fold] = PlattCalibrator().fit(scores[folds != fold], right[folds != fold]).predict(scores[folds == fold])
    return out


def _none(cases: Any) -> dict[str, float]:
    _, _, full, emptied = stated(cases)
    order = np.argsort(np.concatenate([full, emptied]), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    area = (ranks[len(full) :].sum() - len(emptied) * (len(emptied) + 1) / 2) / (len(full) * len(emptied))
    return {"area_under_curve": float(area), "mean_with_answer": float(full.mean()), "mean_without": float(emptied.mean())}


def _elective(data: Prepared, held: Held) -> dict[str, float]:
    rows, labels, folds = elective_rows(data, held.with_precedents)
    found = np.zeros(len(labels), dtype=np.bool_)
    for fold in np.unique(folds):
        model = LogisticModel().fit(rows[folds != fold], labels[folds != fold])
        found[folds == fold] = model.predict(rows[folds == fold]) >= 0.5
    return {
        "rules": len(labels), "elective_f1": _f1(found, labels), "specific_f1": _f1(~found, ~labels),
        "always_elective_f1": _f1(np.ones_like(found), labels), "accuracy": float((found == labels).mean()),
    }  # fmt: skip


def _f1(found: Any, wanted: Any) -> float:
    return float(2 * (found & wanted).sum() / max(int(found.sum() + wanted.sum()), 1))


def _interval(values: Float64Array, seed: int) -> list[float]:
    """Mean and its 95 % bootstrap interval."""
    if not len(values):
        return [float("nan")] * 3
    generator = np.random.default_rng(seed)
    means = [float(generator.choice(values, len(values)).mean()) for _ in range(_SAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return [float(values.mean()), float(low), float(high)]
