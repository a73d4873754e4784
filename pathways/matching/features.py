"""Numbers that say how well a course fits a badge: one row a candidate, one named column a fact.

Each column is about texts, codes, or precedents; none knows an answer. What has no training data behind it (stated hours, listed
outcomes) is evidence for people and not a column here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array

from pathways.matching.courses import CourseIndex
from pathways.matching.precedents import Popularity, Precedents
from pathways.matching.text import (
    Code,
    codes_in,
    content,
    course_code,
    is_laboratory,
    level_word,
    named_numbers,
    step_numbers,
    terms,
)  # fmt: skip
from pathways.matching.views import BadgeViews, cosines, overlap

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

LISTED: Final = (
    "meaning_title", "meaning_title_issuer", "meaning_issuer", "meaning_spelled", "meaning_text", "meaning_title_to_text",
    "meaning_text_to_title", "meaning_description", "words_title", "words_title_issuer", "words_spelled", "words_text",
    "characters_title", "bm25_title", "bm25_spelled", "bm25_text",
)  # fmt: skip
"""Similarities computed for every course of a list, because candidates are chosen by them."""

RELATIVE: Final = (
    "meaning_title", "meaning_title_issuer", "meaning_spelled", "words_title", "words_spelled", "characters_title", "bm25_title",
    "meaning_text", "words_text",
)  # fmt: skip
"""Those that are also given as a share of the best in the list."""

PAIRED: Final = (
    "covered_badge", "covered_course", "same_title", "step_numbers", "level_words", "course_begins", "course_advanced",
    "course_length", "laboratory", "no_description", "colleges", "code_named", "number_named", "institution_named", "code_level",
)  # fmt: skip

_KINSHIP: Final = ("title", "title_issuer", "spelled", "text", "words", "characters")
_PRECEDENT: Final = (
    *(f"{what}_by_{how}" for how in _KINSHIP for what in ("same", "near", "share")),
    "closest_same_by_title_issuer", "closest_same_by_words", "closest_same_by_text",
    "closest_near_by_title_issuer", "closest_near_by_words",
    "issuer_same", "issuer_near", "times_given", "times_given_near", "series_offset", "series_between", "near_relative",
    "subject_given", "elective_share",
)  # fmt: skip

TEXT_FEATURES: Final = (*LISTED, *(f"{name}_relative" for name in RELATIVE), *PAIRED)
PRECEDENT_FEATURES: Final = _PRECEDENT
ALL_FEATURES: Final = (*TEXT_FEATURES, *PRECEDENT_FEATURES)

#: Credentials most like the badge that are looked at, for each way of being alike.
NEIGHBORS: Final = 12


@dataclass(frozen=True)
class Kin:
    """Credentials like a badge: closeness in each way, and which have its issuer or its subject."""

    closeness: dict[str, Float64Array]
    top: dict[str, IntArray]
    issuer: IntArray
    subject: IntArray


def listed(views: BadgeViews, row: int, index: CourseIndex) -> dict[str, Float32Array]:
    """Similarities of one badge with every course of a list; names as in `LISTED`."""
    badge, text = views.badges[row], views.text[row]
    full = f"{badge.title} {badge.description}".strip()
    return {
        "meaning_title": cosines(index.title, views.title[row]),
        "meaning_title_issuer": cosines(index.title, views.title_issuer[row]),
        "meaning_issuer": cosines(index.title, views.issuer[row]),
        "meaning_spelled": cosines(index.title, views.spelled[row]),
        "meaning_text": cosines(index.text, text),
        "meaning_title_to_text": cosines(index.text, views.title[row]),
        "meaning_text_to_title": cosines(index.title, text),
        "meaning_description": cosines(index.description, views.description[row]),
        "words_title": overlap(index.words, views.words[[row]]),
        "words_title_issuer": overlap(index.words, views.words_issuer[[row]]),
        "words_spelled": overlap(index.words, views.words_spelled[[row]]),
        "words_text": overlap(index.words_text, views.words_text[[row]]),
        "characters_title": overlap(index.characters, views.characters[[row]]),
        "bm25_title": _bm25(index.bm25.scores(badge.title), index.bm25.ceiling(badge.title)),
        "bm25_spelled": _bm25(index.bm25.scores(views.expanded[row]), index.bm25.ceiling(views.expanded[row])),
        "bm25_text": _bm25(index.bm25_text.scores(full), index.bm25_text.ceiling(full)),
    }


def text_features(
    views: BadgeViews, row: int, index: CourseIndex, pool: IntArray, similarities: dict[str, Float32Array]
) -> Float64Array:
    """Columns `TEXT_FEATURES` for the courses of a pool, shape (n_pool, n_features)."""
    columns: list[Any] = [similarities[name][pool] for name in LISTED]
    columns += [similarities[name][pool] / max(float(similarities[name].max()), 1e-9) for name in RELATIVE]
    columns += [*_titles(views, row, index, pool), *_places(views, row, index, pool)]
    return np.stack(columns, axis=1).astype(np.float64)


def _titles(views: BadgeViews, row: int, index: CourseIndex, pool: IntArray) -> list[Float64Array]:
    """Columns from covered_badge to no_description."""
    title = views.badges[row].title
    tokens = content(title)
    asked = np.zeros(index.bags.shape[1])
    asked[[index.bag_columns[word] for word in set(tokens) if word in index.bag_columns]] = 1
    rarest = np.log((len(index.groups) + 1) / 0.5)
    total = float((asked * index.bag_weights).sum()) + rarest * len({word for word in tokens if word not in index.bag_columns})
    shared = np.asarray(index.bags[pool] @ (asked * index.bag_weights))
    level = level_word(title)
    levels = index.level[pool]
    return [
        shared / max(total, 1e-9),
        shared / np.maximum(index.bag_totals[pool], 1e-9),
        (index.joined[pool] == index.joined_names.get(" ".join(tokens), -1)).astype(np.float64),
        np.array([_agreement(step_numbers(title), index.steps[place]) for place in pool]),
        np.where((levels < 0) | (level < 0), 0.0, np.where(levels == level, 1.0, -1.0)),
        (levels == 0).astype(np.float64),
        (levels == 2).astype(np.float64),
        np.asarray(index.bags[pool].sum(axis=1), dtype=np.float64).ravel(),
        (index.laboratory[pool] == is_laboratory(title)).astype(np.float64),
        1.0 - index.has_description[pool],
    ]


def _places(views: BadgeViews, row: int, index: CourseIndex, pool: IntArray) -> list[Float64Array]:
    """Columns from colleges to code_level."""
    badge = views.badges[row]
    named, numbers = codes_in(badge.title), named_numbers(badge.title)
    words = f" {' '.join(terms(f'{badge.title} {badge.issuer}'))} "
    own = course_code(badge.code) if badge.code else None
    groups = [index.groups[place] for place in pool]
    return [
        index.offered[pool],
        np.array([float(any(_is_named(code, named) for _, code in group.codes)) for group in groups]),
        np.array([float(any(f"{code.number}{code.suffix}" in numbers for _, code in group.codes)) for group in groups]),
        np.array([float(any(_mentions(words, place) for place in group.institutions)) for group in groups]),
        np.array([_digits(own, [code for _, code in group.codes]) for group in groups]),
    ]


def kin(views: BadgeViews, row: int, precedents: Precedents, active: BoolArray) -> Kin:
    """Credentials among the precedents that are like a badge; those left out by the mask have no closeness."""
    badge, others = views.badges[row], precedents.views
    found = {
        "title": cosines(others.title, views.title[row]),
        "title_issuer": cosines(others.title_issuer, views.title_issuer[row]),
        "spelled": cosines(others.spelled, views.spelled[row]),
        "text": cosines(others.text, views.text[row]),
        "words": overlap(others.words_issuer, views.words_issuer[[row]]),
        "characters": overlap(others.characters, views.characters[[row]]),
    }
    closeness = {how: np.where(active, np.maximum(values, 0), 0).astype(np.float64) for how, values in found.items()}
    top = {how: np.argsort(-values, kind="stable")[:NEIGHBORS] for how, values in closeness.items()}
    return Kin(
        closeness,
        top,
        _active(precedents.issuers.get(badge.issuer.casefold(), []) if badge.issuer else [], active),
        _active(precedents.subjects.get(badge.subject.casefold(), []) if badge.subject else [], active),
    )


def precedent_pull(relatives: Kin, precedents: Precedents) -> tuple[Float64Array, Float64Array, Float64Array]:
    """How strongly precedents point at every course: same title, near title, near title by issuer; each of shape (n_groups,)."""
    weights = np.zeros(precedents.given.shape[0])
    for how in ("title_issuer", "spelled", "words", "text"):
        near = relatives.top[how]
        weights[near] += relatives.closeness[how][near] ** 4
    titles = np.asarray(precedents.given.T @ weights)
    issuer = np.asarray(precedents.given[relatives.issuer].sum(axis=0)).ravel()
    return np.asarray(precedents.same @ titles), np.asarray(precedents.near @ titles), np.asarray(precedents.near @ issuer)


def precedent_features(
    views: BadgeViews, row: int, index: CourseIndex, pool: IntArray, *, precedents: Precedents, relatives: Kin,
    popularity: Popularity, active: BoolArray,
) -> Float64Array:  # fmt: skip
    """Columns `PRECEDENT_FEATURES` for the courses of a pool, shape (n_pool, n_features)."""
    looked_at = np.unique(np.concatenate([*relatives.top.values(), relatives.issuer]))
    given = csr_array(precedents.given[looked_at]).T
    same = np.asarray((precedents.same[pool] @ given).toarray(), dtype=np.float64)
    near = np.minimum(np.asarray((precedents.near[pool] @ given).toarray(), dtype=np.float64), 1.5)
    columns: list[Float64Array] = []
    for how in _KINSHIP:
        weights = np.where(np.isin(looked_at, relatives.top[how]), relatives.closeness[how][looked_at], 0) ** 4
        columns += [same @ weights, near @ weights, near @ weights / max(float(weights.sum()), 1e-6)]
    columns += [_closest(same, relatives, how, looked_at) for how in ("title_issuer", "words", "text")]
    columns += [_closest(np.minimum(near, 1), relatives, how, looked_at) for how in ("title_issuer", "words")]
    issuer = np.isin(looked_at, relatives.issuer) / max(len(relatives.issuer), 1)
    columns += [same @ issuer, near @ issuer]
    columns += [np.log1p(np.maximum(popularity.exact[pool], 0)), np.log1p(np.maximum(popularity.near[pool], 0))]
    fits = precedents.series.expected(views.badges[row].title, active.tolist(), (index.groups[place].codes for place in pool))
    columns += [np.array([one for one, _ in fits]), np.array([other for _, other in fits])]
    strongest = columns[_PRECEDENT.index("near_by_title_issuer")]
    columns += [strongest / max(float(strongest.max()), 1e-9), _subject_given(index, pool, precedents, relatives)]
    columns.append(np.full(len(pool), _elective_share(precedents, relatives)))
    return np.stack(columns, axis=1)


def _closest(reach: Float64Array, relatives: Kin, how: str, looked_at: IntArray) -> Float64Array:
    """Closeness of the one credential that is most like the badge among those that reach a course."""
    weights = np.where(np.isin(looked_at, relatives.top[how]), relatives.closeness[how][looked_at], 0)
    best: Float64Array = (reach * weights).max(axis=1, initial=0.0)
    return best


def _subject_given(index: CourseIndex, pool: IntArray, precedents: Precedents, relatives: Kin) -> Float64Array:
    """Log share of precedents of the badge's subject that led to a course of this subject; 0 where nothing is known."""
    counts: dict[str, int] = {}
    for place in relatives.subject:
        for subject in precedents.course_subjects[place]:
            counts[subject] = counts.get(subject, 0) + 1
    total = sum(counts.values())
    if not total:
        return np.zeros(len(pool))
    subjects = [{code.subject for _, code in index.groups[place].codes} for place in pool]
    best = np.array([max((counts.get(subject, 0) for subject in found), default=0) for found in subjects])
    return np.asarray(np.log((best + 0.2) / (total + 5.0)), dtype=np.float64)


def _elective_share(precedents: Precedents, relatives: Kin) -> float:
    """Weighted share of the credentials most like the badge that earned elective credit only."""
    near = relatives.top["text"]
    weights = relatives.closeness["text"][near] ** 8
    return float(weights @ precedents.elective[near]) / max(float(weights.sum()), 1e-9)


def _bm25(scores: Float64Array, ceiling: float) -> Float32Array:
    return (scores / max(ceiling, 1e-9)).astype(np.float32)


def _active(places: list[int], active: BoolArray) -> IntArray:
    found = np.array(places, dtype=np.int64)
    return found[active[found]] if found.size else found


def _agreement(one: frozenset[str], other: frozenset[str]) -> float:
    if one & other:
        return 1.0
    if one and other:
        return -1.0
    return -0.3 if one or other else 0.0


def _is_named(code: Code, named: tuple[Code, ...]) -> bool:
    return any(code.number == one.number and code.subject[:3] == one.subject[:3] for one in named)


def _digits(own: Code | None, codes: list[Code]) -> float:
    """Minus the distance of the levels that the first digits of two course numbers stand for."""
    if own is None or not codes:
        return 0.0
    first = min(int(str(own.number)[0]), 4)
    return float(-min(abs(first - int(str(code.number)[0])) for code in codes))


def _mentions(words: str, institution: str) -> bool:
    """Whether a text names an institution in full, without "College", or by its initials."""
    parts = terms(institution)
    short = " ".join(part for part in parts if part not in {"college", "community", "university"})
    initials = "".join(part[0] for part in parts)
    return (bool(short) and f" {short} " in words) or (len(initials) > 3 and f" {initials} " in words)
