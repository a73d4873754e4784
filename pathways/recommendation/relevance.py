"""How well each credential matches a goal: meaning, words, the stack it belongs to, and the place it is bound to.

Meaning is the cosine of the goal with the mean of two texts of the credential. Words add the share of the goal's words that BM25
finds. A part of a stack that matches better than the part itself takes over some of that match. What another state issues for its
own licenses is held back. All four were fixed on half of the goal collection; the other half is measured in the README.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.lexical import BM25
from pathways.graph.arrays import ranges
from pathways.places import STATES, Place
from pathways.recommendation.columns import Columns
from pathways.recommendation.engine import Engine

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

#: What one full match of words is worth, in cosine.
WORDS_WEIGHT = 0.4
#: What holding a whole proper name of the goal is worth in the text, and in issuer or id, as a share of holding all its words.
NAME_SHARE, MAKER_SHARE = 0.6, 1.0
#: Proper names read, and how far into a goal.
MOST_NAMES, LONGEST_READ = 8, 2_000
#: How much of a better match of its stack a part takes over.
STACK_WEIGHT = 0.4
#: Held back: anything of another state, and more so what only that state's license holders can use.
OTHER_STATE, OTHER_AUTHORITY = 0.08, 0.12
#: Added: what this state's own issuers offer.
THIS_STATE = 0.05
#: Best match below which nothing in the catalog answers the goal, and below which the match is called weak.
NO_MATCH, WEAK_MATCH = 0.38, 0.48
#: A credential below this share of the best match is not a candidate.
CANDIDATE_SHARE = 0.6
#: Matches kept as candidates.
MOST_MATCHES = 120


_NAME = re.compile(r"\b[A-Z][\w-]*(?: [A-Z][\w-]*)*")
_STATE_NAMES = frozenset(name.casefold() for name in STATES.values())


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
    top : int array
        At most :data:`MOST_MATCHES` rows that match at least :data:`CANDIDATE_SHARE` as well as the best, best first.
    """

    scores: Float32Array
    best: float
    verdict: Literal["match", "weak", "none"]
    top: IntArray


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
        rows, found = _words_found(engine, goal)
        scores[rows] += (WORDS_WEIGHT * found).astype(np.float32)
    best = _best_open(scores, engine.columns)
    verdict: Literal["match", "weak", "none"] = "match"
    if best < WEAK_MATCH:
        verdict = "none" if best < NO_MATCH else "weak"
    _lift_parts(scores, engine.columns, at_least=CANDIDATE_SHARE * best)
    scores = _hold_back(scores, engine.columns, place)
    return Relevance(scores, best, verdict, _top(scores, CANDIDATE_SHARE * best))


def names_in(goal: str) -> tuple[str, ...]:
    """Proper names in a goal: runs of capitalized words after its first word, states left out (they are a place, not a subject).

    Examples
    --------
    >>> names_in("Get certified in Wilson, Orton-Gillingham or ALTA in Ohio")
    ('Wilson', 'Orton-Gillingham', 'ALTA')
    """
    found = (match.group() for match in _NAME.finditer(goal[:LONGEST_READ]) if match.start() > 0)
    return tuple(dict.fromkeys(name for name in found if name.casefold() not in _STATE_NAMES and len(name) > 1))[:MOST_NAMES]


def _words_found(engine: Engine, goal: str) -> tuple[IntArray, Float64Array]:
    """Rows that share words with a goal, and the share of it they hold; a row that holds one of several names holds much of it.

    Whoever asks for "Wilson, Orton-Gillingham or ALTA" means any of the three, not a text with all of them.
    """
    names = names_in(goal)
    queries: list[tuple[BM25, str, float]] = [(engine.words, goal, 1.0)]
    queries += [(engine.words, name, NAME_SHARE) for name in names] + [(engine.makers, name, MAKER_SHARE) for name in names]
    hits = [(index.matches(query), worth / index.ceiling(query)) for index, query, worth in queries if index.ceiling(query) > 0]
    if len(hits) == 1:
        (rows, found), worth = hits[0]
        return rows, found * worth
    rows = np.concatenate([rows for (rows, _), _ in hits])
    shares = np.concatenate([found * worth for (_, found), worth in hits])
    unique, where = np.unique(rows, return_inverse=True)
    best = np.zeros(len(unique))
    np.maximum.at(best, where, shares)
    return unique, best


def elsewhere(columns: Columns, place: Place) -> BoolArray:
    """Which credentials only holders of another state's license can use; none when the place is unknown."""
    if place.state is None:
        return np.zeros(len(columns.state), dtype=np.bool_)
    return _other_state(columns, place) & columns.place_bound


def _lift_parts(scores: Float32Array, columns: Columns, *, at_least: float) -> None:
    """Let parts take over some of a better match of their stack, in place; stacks below ``at_least`` lift nothing into the list."""
    wholes = np.flatnonzero(columns.composed & (scores >= at_least))
    starts, counts = columns.part_starts[wholes], columns.part_starts[wholes + 1] - columns.part_starts[wholes]
    parts = columns.parts[ranges(starts, counts)]
    gain = np.maximum(np.repeat(scores[wholes], counts) - scores[parts], 0)
    lifted, where = np.unique(parts, return_inverse=True)
    best_gain = np.zeros(len(lifted), dtype=np.float32)
    np.maximum.at(best_gain, where, gain)
    scores[lifted] += np.float32(STACK_WEIGHT) * best_gain


def _best_open(scores: Float32Array, columns: Columns) -> float:
    """Best score of anything not retired; the plain maximum where that is open, which is nearly always."""
    if not len(scores):
        return 0.0
    best = int(scores.argmax())
    if columns.retired[best]:
        return float(scores.max(initial=0.0, where=~columns.retired))
    return max(float(scores[best]), 0.0)


def _top(scores: Float32Array, at_least: float) -> IntArray:
    """Rows of the best matches, best first, ties by row."""
    rows = np.flatnonzero(scores >= at_least)
    if len(rows) > MOST_MATCHES:
        rows = rows[np.argpartition(-scores[rows], MOST_MATCHES - 1)[:MOST_MATCHES]]
    return rows[np.lexsort((rows, -scores[rows]))]


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
