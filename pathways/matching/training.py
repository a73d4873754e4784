"""Training the matcher, and what it says about badges it has not seen.

Every badge is held out once: the rankers that score it, and the precedents it is compared with, come from other badges (other
institutions, for courses) only. What is measured and what the probabilities are learned from are these held-out scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.listwise import ListwiseRanker
from models.logistic import LogisticModel
from models.splits import folds_by_group
from pathways.matching.candidates import Candidates, candidates
from pathways.matching.confidence import Confidence, Scored, fit_curves
from pathways.matching.courses import CourseIndex
from pathways.matching.datasets import Dataset
from pathways.matching.features import ALL_FEATURES, TEXT_FEATURES
from pathways.matching.model import MatchModel, Profile, ProfileName, Variant
from pathways.matching.precedents import Popularity, Precedents
from pathways.matching.views import BadgeViews, Encode

if TYPE_CHECKING:
    from models.base import BoolArray, IntArray

FOLDS: Final = 5
PENALTY: Final = 10.0
_KEPT_WRONG: Final = 0.35
"""Share of wrong candidates that a ranker learns from: a third says as much as all, in a third of the time."""

Told = Callable[[str], None]
Columns = tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """A data set made ready: its courses, precedents, badges, and the right groups of each badge."""

    dataset: Dataset
    index: CourseIndex
    precedents: Precedents
    views: BadgeViews
    right: tuple[frozenset[int], ...]
    owners: tuple[str, ...]
    """Group (badge or institution) of each credential of the precedents."""


@dataclass(frozen=True)
class Case:
    """One badge, held out: its list scored, which of the first rows are right, and the same list without its right courses."""

    row: int
    fold: int
    scored: Scored
    right: BoolArray
    rank: int
    """Place of the first right course, from 0; the number of courses where none is among them."""
    emptied: Scored | None


@dataclass(frozen=True)
class Held:
    """Held-out cases of both variants, badges in the order of the data set."""

    alone: tuple[Case, ...]
    with_precedents: tuple[Case, ...]


def prepare(dataset: Dataset, encode: Encode) -> Prepared:
    """Compute everything about a data set that does not depend on who is held out."""
    known = {row.credential.id: row.credential for row in dataset.precedents}
    index = CourseIndex.build(dataset.courses, encode, tuple(known.values()))
    precedents = Precedents.build(dataset.precedents, index, encode)
    assert precedents is not None, "a training set has precedents"
    by_name: dict[str, set[int]] = {}
    for place, group in enumerate(index.groups):
        for name in {group.title, *(course.id for course in group.courses)}:
            by_name.setdefault(name, set()).add(place)
    right = tuple(
        frozenset(place for name in dataset.recorded.get(badge.id, ()) for place in by_name.get(name, ()))
        for badge in dataset.badges
    )
    group_of = {badge.id: group for badge, group in zip(dataset.badges, dataset.groups, strict=True)}
    owners = tuple(group_of[badge.id] for badge in precedents.views.badges)
    return Prepared(dataset, index, precedents, BadgeViews.of(dataset.badges, encode, index.lexicon), right, owners)


def hold_out(data: Prepared, *, seed: int, tell: Told = lambda _: None) -> Held:
    """Score every badge with rankers and precedents of the other folds."""
    found: dict[str, list[Case]] = {"alone": [], "with": []}
    for fold, (train, test) in enumerate(folds_by_group(data.dataset.groups, n_folds=FOLDS, seed=seed)):
        tell(f"{data.dataset.name}: fold {fold + 1} of {FOLDS}")
        seen = {data.dataset.groups[row] for row in train}
        alone, with_precedents = fit_rankers(data, train, seen, seed=seed)
        for row in test:
            listed = _candidates(data, row, seen)
            empty = _candidates(data, row, seen, emptied=True) if data.right[row] else None
            found["alone"].append(_case(data, (row, fold), listed, empty, (alone, TEXT_FEATURES)))
            found["with"].append(_case(data, (row, fold), listed, empty, (with_precedents, ALL_FEATURES)))
    ordered = {name: tuple(sorted(cases, key=lambda case: case.row)) for name, cases in found.items()}
    return Held(ordered["alone"], ordered["with"])


def fit_rankers(data: Prepared, rows: IntArray, seen: set[str], *, seed: int) -> tuple[ListwiseRanker, ListwiseRanker]:
    """Rankers without and with precedents, from the badges of some rows; none is its own precedent."""
    features: list[Any] = []
    labels: list[Any] = []
    for row in rows:
        if data.right[row]:
            listed = _candidates(data, row, seen, train=True)
            right = np.isin(listed.pool, list(data.right[row]))
            # Drawn for each badge by itself, so that one candidate more or less changes nothing for the others.
            kept = right | (np.random.default_rng([seed, int(row)]).random(len(right)) < _KEPT_WRONG)
            features.append(listed.features[kept])
            labels.append(right[kept])
    lists = np.repeat(np.arange(len(labels)), [len(found) for found in labels])
    matrix, right = np.vstack(features), np.concatenate(labels)
    alone = ListwiseRanker(PENALTY).fit(matrix[:, : len(TEXT_FEATURES)], right, lists)
    return alone, ListwiseRanker(PENALTY).fit(matrix, right, lists)


def confidences(cases: Sequence[Case], *, leave: int | None = None) -> tuple[LogisticModel, LogisticModel]:
    """Curves from held-out cases, those of one fold left out."""
    used = [case for case in cases if case.emptied is not None and case.fold != leave]
    return fit_curves([case.scored for case in used], [case.right for case in used], [c.emptied for c in used if c.emptied])


def stated(cases: Sequence[Case]) -> tuple[Any, Any, Any, Any]:
    """What would have been said about each case with a recorded course, by curves of the other folds.

    Returns
    -------
    probabilities, right : float arrays
        Of the first candidate, and whether it was recorded.
    none_fits, none_fits_emptied : float arrays
        Probability that nothing fits, with and without the recorded courses in the list.
    """
    told = [case for case in cases if case.emptied is not None]
    curves = {fold: confidences(cases, leave=fold) for fold in sorted({case.fold for case in told})}
    blank = np.zeros(0)
    said = {fold: Confidence(pairs, nothing, blank, blank) for fold, (pairs, nothing) in curves.items()}
    first = np.array([said[case.fold].probabilities(case.scored)[0] for case in told])
    right = np.array([float(case.right[0]) for case in told])
    full = np.array([said[case.fold].none_fits(case.scored) for case in told])
    emptied = np.array([said[case.fold].none_fits(case.emptied) for case in told if case.emptied is not None])
    return first, right, full, emptied


def confidence(cases: Sequence[Case]) -> Confidence:
    """The curves that are kept, with the held-out cases they are judged by."""
    pairs, nothing = confidences(cases)
    first, right, _, _ = stated(cases)
    order = np.argsort(first, kind="stable")
    return Confidence(pairs, nothing, first[order], right[order])


def elective_rows(data: Prepared, cases: Sequence[Case]) -> tuple[Any, Any, Any]:
    """Rows, labels and folds for telling elective credit from a specific course."""
    rows = np.vstack([case.scored.rows[:1] for case in cases])
    return rows, np.array([data.dataset.elective[case.row] for case in cases]), np.array([case.fold for case in cases])


def train(sets: dict[ProfileName, Prepared], held: dict[ProfileName, Held], *, seed: int, figures: dict[str, Any]) -> MatchModel:
    """Fit what ships: rankers on everything, probabilities on held-out scores.

    Parameters
    ----------
    sets, held : dict
        By profile; `held` from `hold_out` with the same seed.
    seed : int
    figures : dict
        Put into the header.

    Returns
    -------
    MatchModel
    """
    profiles = {}
    for name, data in sets.items():
        everyone = np.arange(len(data.dataset.badges))
        alone, with_precedents = fit_rankers(data, everyone, set(data.dataset.groups), seed=seed)
        elective = None
        if any(data.dataset.elective):
            rows, labels, _ = elective_rows(data, held[name].with_precedents)
            elective = LogisticModel().fit(rows, labels)
        profiles[name] = Profile(
            Variant(TEXT_FEATURES, alone, confidence(held[name].alone)),
            Variant(ALL_FEATURES, with_precedents, confidence(held[name].with_precedents)),
            elective,
        )
    named = [{"name": one.dataset.name, "sha256": one.dataset.checksum, "badges": len(one.dataset.badges)} for one in sets.values()]
    return MatchModel(profiles, "pathways-match 1", {"seed": seed, "data": named, "figures": figures})


def _candidates(data: Prepared, row: int, seen: set[str], *, train: bool = False, emptied: bool = False) -> Candidates:
    own = data.dataset.groups[row]
    active = np.array([owner in seen and owner != own for owner in data.owners])
    right = sorted(data.right[row])
    return candidates(
        data.views, row, data.index, precedents=data.precedents, active=active,
        popularity=Popularity.of(data.precedents, active),
        always=right if train else (), without=right if emptied else (),
    )  # fmt: skip


def _case(
    data: Prepared, place: tuple[int, int], listed: Candidates, empty: Candidates | None, ranker: tuple[ListwiseRanker, Columns]
) -> Case:
    row, fold = place
    scored = _scored(listed, ranker)
    right = np.isin(scored.groups, list(data.right[row]))
    rank = int(np.argmax(right)) if right.any() else len(data.index.groups)
    return Case(row, fold, scored, right[: len(scored.rows)], rank, None if empty is None else _scored(empty, ranker))


def _scored(listed: Candidates, ranker: tuple[ListwiseRanker, Columns]) -> Scored:
    fitted, columns = ranker
    used = listed.features[:, : len(columns)]
    return Scored.of(listed.pool, used, columns, fitted.score(used))
