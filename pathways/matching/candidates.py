"""Which courses of a list are looked at closely: the best by each way of being alike, and those precedents point at.

A course that no way brings near the top is not proposed; measured, the recorded course is among the candidates for 98 of 100
credentials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pathways.matching.courses import CourseIndex
from pathways.matching.features import (
    ALL_FEATURES,
    TEXT_FEATURES,
    kin,
    listed,
    precedent_features,
    precedent_pull,
    text_features,
)  # fmt: skip
from pathways.matching.precedents import Popularity, Precedents
from pathways.matching.views import BadgeViews

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

#: Candidates taken by each way of being alike.
EACH: Final = 50

#: Titles taken in any case, where the list has them: also courses that are alike in nothing.
LEAST: Final = 10

_WAYS: Final = (
    "meaning_title", "meaning_title_issuer", "meaning_spelled", "meaning_text", "words_spelled", "words_text", "characters_title",
    "bm25_text",
)  # fmt: skip


@dataclass(frozen=True)
class Candidates:
    """Candidates of one badge: groups of the course list in growing order, and a row of features for each.

    ``columns`` are the names of the features: `ALL_FEATURES` with precedents, `TEXT_FEATURES` without.
    """

    pool: IntArray
    features: Float64Array
    columns: tuple[str, ...]


def candidates(
    views: BadgeViews,
    row: int,
    index: CourseIndex,
    *,
    precedents: Precedents | None = None,
    active: BoolArray | None = None,
    popularity: Popularity | None = None,
    always: Sequence[int] = (),
    without: Sequence[int] = (),
) -> Candidates:
    """Choose candidates for one badge and compute their features.

    Parameters
    ----------
    views, row : BadgeViews, int
        The badge.
    index : CourseIndex
    precedents : Precedents, optional
        Made ready for the same list.
    active : bool array, optional
        Which credentials of the precedents count; all by default.
    popularity : Popularity, optional
        Counted over the active ones; computed where not given.
    always : sequence of int
        Groups to take in any case: the recorded ones, in training.
    without : sequence of int
        Groups to leave out, as if the list did not hold them: to measure what is said when no course fits.

    Returns
    -------
    Candidates
    """
    similarities = listed(views, row, index)
    for values in similarities.values():
        values[list(without)] = 0
    chosen = [_best(similarities[way]) for way in _WAYS]
    if precedents is None:
        pool = _filled(_union([*chosen, np.array(always, dtype=np.int64)]), similarities["meaning_title"], index, without)
        return Candidates(pool, text_features(views, row, index, pool, similarities), TEXT_FEATURES)
    counted = np.ones(len(precedents.rows), dtype=np.bool_) if active is None else active
    relatives = kin(views, row, precedents, counted)
    chosen += [_best(pull) for pull in precedent_pull(relatives, precedents)]
    chosen.append(_in_series(views.badges[row].title, index, precedents, counted))
    pool = np.setdiff1d(_union([*chosen, np.array(always, dtype=np.int64)]), np.array(without, dtype=np.int64))
    pool = _filled(pool, similarities["meaning_title"], index, without)
    more = precedent_features(
        views, row, index, pool, precedents=precedents, relatives=relatives, active=counted,
        popularity=Popularity.of(precedents, counted) if popularity is None else popularity,
    )  # fmt: skip
    return Candidates(pool, np.hstack([text_features(views, row, index, pool, similarities), more]), ALL_FEATURES)


def _in_series(title: str, index: CourseIndex, precedents: Precedents, active: BoolArray) -> IntArray:
    """Courses that the numbered series of a title points at, best first."""
    counted = active.tolist()
    places = sorted({group for place in precedents.series.places(title, counted) for group in index.places.get(place, ())})
    fits = precedents.series.expected(title, counted, (index.groups[group].codes for group in places))
    ranked = sorted(zip((-max(fit) for fit in fits), places, strict=True))
    return np.array([group for _, group in ranked[:EACH]], dtype=np.int64)


def _best(scores: Float32Array | Float64Array) -> IntArray:
    """Positions of the highest scores above zero; ties at the border go to the earlier course."""
    if len(scores) <= EACH:
        return np.flatnonzero(scores > 0)
    border = np.partition(scores, -EACH)[-EACH]
    above, at = np.flatnonzero(scores > max(border, 0)), np.flatnonzero((scores == border) & (scores > 0))
    return np.concatenate([above, at[: EACH - len(above)]])


def _filled(pool: IntArray, scores: Float32Array, index: CourseIndex, without: Sequence[int]) -> IntArray:
    """A pool with the next courses by a score, where it has fewer titles than `LEAST`."""
    titles = {index.groups[place].title for place in pool.tolist()}
    if len(titles) >= LEAST:
        return pool
    more: list[int] = []
    others = np.setdiff1d(np.argsort(-scores, kind="stable"), [*pool, *without])
    for place in others[np.argsort(-scores[others], kind="stable")].tolist():
        if len(titles) < LEAST and index.groups[place].title not in titles:
            titles.add(index.groups[place].title)
            more.append(place)
    return _union([pool, np.array(more, dtype=np.int64)])


def _union(parts: Sequence[IntArray]) -> IntArray:
    return np.unique(np.concatenate(parts)).astype(np.int64)
