"""How well each credential matches a goal: meaning, words, the stack it belongs to, and the place it is bound to.

Meaning is the cosine of the goal with the mean of two texts of the credential. Words add the share of the goal's words that BM25
finds. A part of a stack that matches better than the part itself takes over some of that match. What another state issues for its
own licenses is held back. All four were fixed on half of the goal collection; the other half is measured in the README.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pathways.places import Place
from pathways.recommendation.columns import Columns
from pathways.recommendation.engine import Engine

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array

#: What one full match of words is worth, in cosine.
WORDS_WEIGHT = 0.4
#: How much of a better match of its stack a part takes over.
STACK_WEIGHT = 0.4
#: Held back: anything of another state, and more so what only that state's license holders can use.
OTHER_STATE, OTHER_AUTHORITY = 0.08, 0.12
#: Added: what this state's own issuers offer.
THIS_STATE = 0.05
#: Best match below which nothing in the catalog answers the goal, and below which the match is called weak.
NO_MATCH, WEAK_MATCH = 0.38, 0.48
#: A credential below this share of the best match is not a candidate.
CANDIDATE_SHARE = 0.5


@dataclass(frozen=True)
class Relevance:
    """Match of every credential with one goal.

    Parameters
    ----------
    scores : float32 array, shape (n,)
        Higher is better; comparable between goals.
    best : float
        Best score before anything about place.
    verdict : {"match", "weak", "none"}
        Whether the catalog answers the goal at all.
    """

    scores: Float32Array
    best: float
    verdict: Literal["match", "weak", "none"]


def relevance(engine: Engine, goal: str, vector: Float32Array, place: Place) -> Relevance:
    """Match all credentials with a goal.

    Parameters
    ----------
    goal : str
        As typed.
    vector : float32 array, shape (dim,)
        The goal, encoded.
    place : Place
        Where the learner works.

    Returns
    -------
    Relevance
    """
    ceiling = engine.words.ceiling(goal)
    scores = engine.search.scores(vector)
    if ceiling > 0:
        scores = scores + (engine.words.scores(goal) * (WORDS_WEIGHT / ceiling)).astype(np.float32)
    best = float(scores[~engine.columns.retired].max(initial=0.0))
    verdict: Literal["match", "weak", "none"] = "match"
    if best < WEAK_MATCH:
        verdict = "none" if best < NO_MATCH else "weak"
    lifted = _lift_parts(scores, engine.columns)
    return Relevance(_hold_back(lifted, engine.columns, place), best, verdict)


def elsewhere(columns: Columns, place: Place) -> BoolArray:
    """Which credentials only holders of another state's license can use; none when the place is unknown."""
    if place.state is None:
        return np.zeros(len(columns.state), dtype=np.bool_)
    return _other_state(columns, place) & columns.place_bound


def _lift_parts(scores: Float32Array, columns: Columns) -> Float32Array:
    if not len(columns.parents):
        return scores
    counts = np.diff(columns.parent_starts)
    has = counts > 0
    best_parent = np.maximum.reduceat(scores[columns.parents], columns.parent_starts[:-1][has])
    lifted = scores.copy()
    lifted[has] += np.float32(STACK_WEIGHT) * np.maximum(best_parent - scores[has], 0)
    return lifted


def _hold_back(scores: Float32Array, columns: Columns, place: Place) -> Float32Array:
    if place.state is None:
        return scores
    other = _other_state(columns, place)
    here = (columns.state >= 0) & ~other
    away = np.where(columns.place_bound, np.float32(OTHER_STATE + OTHER_AUTHORITY), np.float32(OTHER_STATE))
    return np.asarray(scores - other * away + here * np.float32(THIS_STATE), dtype=np.float32)


def _other_state(columns: Columns, place: Place) -> BoolArray:
    here = columns.states.index(place.state) if place.state in columns.states else -2
    other: BoolArray = (columns.state >= 0) & (columns.state != here)
    return other
