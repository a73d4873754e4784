"""Search by words: the matching of the recommender without a person in it."""

from __future__ import annotations

import numpy as np

from api.errors import InputError, InputProblem
from api.world import World
from pathways.credential import Credential
from pathways.places import ANYWHERE
from pathways.recommendation.relevance import CANDIDATE_SHARE, relevance

#: Longest text searched for.
MAX_WORDS = 1000


def best_matches(world: World, words: str, k: int) -> list[Credential]:
    """At most ``k`` credentials that match, best first; an id typed in full comes first; empty where nothing clearly matches.

    Raises
    ------
    InputError
        If there are no words, or too many.
    """
    if not any(mark.isalnum() for mark in words) or len(words) > MAX_WORDS:
        raise InputError((InputProblem("/words", f"Type what to search for, in at most {MAX_WORDS:,} characters."),))
    engine = world.engine
    match = relevance(engine, words, engine.encoder.encode([words])[0], ANYWHERE)
    order = np.argsort(-match.scores, kind="stable")[:k]
    close = [] if match.verdict == "none" else [row for row in order if match.scores[row] >= CANDIDATE_SHARE * match.best]
    ids = dict.fromkeys([words, *(engine.ids[row] for row in close)])
    found = [world.catalog.credentials[key] for key in ids if key in world.catalog.credentials]
    return found[:k]


def scored_matches(world: World, words: str, k: int) -> list[tuple[str, float]]:
    """Ids of at most ``k`` credentials that match, with how well from 0 to 1, best first; empty where nothing clearly matches."""
    engine = world.engine
    match = relevance(engine, words[:MAX_WORDS], engine.encoder.encode([words[:MAX_WORDS]])[0], ANYWHERE)
    if match.verdict == "none":
        return []
    return [(engine.ids[row], float(np.clip(match.scores[row], 0, 1))) for row in match.top[:k]]
