"""Matching for every face: a matcher around the shipped model, and a proposer for the review queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pathways.matching.proposal import BadgeText, CourseText, MatchResult

if TYPE_CHECKING:
    from api.settings import Settings
    from pathways.matching.propose import Matcher
    from pathways.matching.views import Encode


def encode_with(settings: Settings, warn: Callable[[str], None] | None = None) -> Encode:
    """Texts to vectors with the encoder in use, kept in the cache of vectors."""
    from models.encoders import BUNDLED_WEIGHTS, OnnxEncoder
    from models.vector_cache import VectorCache

    encoder = OnnxEncoder(settings.weights if settings.weights is not None else BUNDLED_WEIGHTS)
    cache = VectorCache(settings.home / "vectors", warn)
    return lambda texts: cache.encode(encoder, texts)


def open_matcher(
    settings: Settings, courses: Sequence[CourseText], *, precedents: Path | None = None, model: Path | None = None
) -> Matcher:
    """A matcher for one list of courses.

    Parameters
    ----------
    settings : Settings
    courses : sequence of CourseText
    precedents : Path, optional
        Folder of recorded matches; without it the matcher works from the texts alone.
    model : Path, optional
        Model file; the shipped one by default.

    Returns
    -------
    Matcher

    Raises
    ------
    PathwaysError, ModelError
        If the precedents are not there, or the model file is damaged or of another version.
    """
    from pathways.matching.measured import load_precedents
    from pathways.matching.model import SHIPPED, load
    from pathways.matching.propose import Matcher

    rows = () if precedents is None else load_precedents(precedents)
    return Matcher(load(SHIPPED if model is None else model), courses, encode_with(settings), rows)


def proposer(settings: Settings) -> Callable[[Sequence[BadgeText], Sequence[CourseText], int], Sequence[MatchResult]]:
    """What the review queue is filled with: badges, courses and how many of each to the results."""

    def propose(badges: Sequence[BadgeText], courses: Sequence[CourseText], k: int) -> Sequence[MatchResult]:
        from pathways.matching.propose import Asked

        return list(_kept(settings, tuple(courses)).match(badges, Asked(k=min(k, 10))))

    return propose


@lru_cache(maxsize=4)
def _kept(settings: Settings, courses: tuple[CourseText, ...]) -> Matcher:
    """A matcher is made ready once for a list that stays the same: that takes seconds for a large one."""
    return open_matcher(settings, courses)
