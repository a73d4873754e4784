"""Matching for every face: a matcher around the shipped model, and a proposer for the review queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def proposer(
    settings: Settings,
) -> Callable[[Sequence[BadgeText], Sequence[CourseText], int, Mapping[str, int]], Sequence[MatchResult]]:
    """What the review queue is filled with: badges, courses, how many of each and decisions by kind to the results."""

    def propose(
        badges: Sequence[BadgeText], courses: Sequence[CourseText], k: int, own: Mapping[str, int]
    ) -> Sequence[MatchResult]:
        return match_all(_kept(settings, tuple(courses)), badges, own, k=k)

    return propose


def match_all(
    matcher: Matcher,
    badges: Sequence[BadgeText],
    own: Mapping[str, int],
    *,
    k: int,
    risk: float | None = None,
    evidence: bool = True,
) -> list[MatchResult]:
    """Match badges, in their order, each kind with the decisions that the institution has on it.

    Parameters
    ----------
    own : mapping of str to int
        Decisions of the asking institution by kind of credential.
    """
    from pathways.matching.kinds import kind_of
    from pathways.matching.propose import RISK, Asked

    rows: dict[int, list[int]] = {}
    for place, badge in enumerate(badges):
        rows.setdefault(own.get(kind_of(badge), 0), []).append(place)
    found: dict[int, MatchResult] = {}
    for count, places in rows.items():
        asked = Asked(k=k, risk=RISK if risk is None else risk, own_decisions=count, with_evidence=evidence)
        found.update(zip(places, matcher.match([badges[place] for place in places], asked), strict=True))
    return [found[place] for place in range(len(badges))]


@lru_cache(maxsize=4)
def _kept(settings: Settings, courses: tuple[CourseText, ...]) -> Matcher:
    """A matcher is made ready once for a list that stays the same: that takes seconds for a large one."""
    return open_matcher(settings, courses)
