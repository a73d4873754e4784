"""Matching for every face: a matcher around the shipped model, and a proposer for the review queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pathways.matching.proposal import BadgeText, CourseText, MatchResult

if TYPE_CHECKING:
    from api.settings import Settings
    from pathways.matching.precedents import PrecedentRow
    from pathways.matching.propose import Matcher
    from pathways.matching.views import Encode


Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class OwnDecisions:
    """What the asking institution decided itself: how often by kind of credential, and each as a precedent."""

    counts: Mapping[str, int] = field(default_factory=dict)
    precedents: tuple[PrecedentRow, ...] = ()


def encode_with(settings: Settings, warn: Callable[[str], None] | None = None, progress: Progress | None = None) -> Encode:
    """Texts to vectors with the encoder in use, kept in the cache of vectors."""
    from models.encoders import BUNDLED_WEIGHTS, OnnxEncoder
    from models.vector_cache import VectorCache

    encoder = OnnxEncoder(settings.weights if settings.weights is not None else BUNDLED_WEIGHTS)
    cache = VectorCache(settings.home / "vectors", warn)
    return lambda texts: cache.encode(encoder, texts, progress)


def open_matcher(
    settings: Settings, courses: Sequence[CourseText], *, precedents: Path | None = None, model: Path | None = None,
    progress: Progress | None = None,
) -> Matcher:  # fmt: skip
    """A matcher for one list of courses.

    Parameters
    ----------
    settings : Settings
    courses : sequence of CourseText
    precedents : Path, optional
        Folder of recorded matches; by default as :func:`api.kept_models.in_use` finds them.
    model : Path, optional
        Model file; by default likewise.
    progress : callable, optional
        Told how many texts of how many are encoded.

    Returns
    -------
    Matcher

    Raises
    ------
    PathwaysError, ModelError
        If the precedents are not there, or the model file is damaged or of another version.
    """
    from api.kept_models import in_use
    from pathways.matching.propose import Matcher

    found = in_use(settings, precedents=precedents, model=model)
    return Matcher(found.model, courses, encode_with(settings, None, progress), found.precedents, found.notes)


def proposer(
    settings: Settings,
) -> Callable[[Sequence[BadgeText], Sequence[CourseText], int, OwnDecisions], Sequence[MatchResult]]:
    """What the review queue is filled with: badges, courses, how many of each and own decisions to the results."""

    def propose(badges: Sequence[BadgeText], courses: Sequence[CourseText], k: int, own: OwnDecisions) -> Sequence[MatchResult]:
        from api.kept_models import stamp

        matcher = _kept(settings, tuple(courses), stamp(settings))
        return match_all(matcher.with_own(own.precedents), badges, own.counts, k=k)

    return propose


def match_all(
    matcher: Matcher,
    badges: Sequence[BadgeText],
    own: Mapping[str, int],
    *,
    k: int,
    risk: float | None = None,
    evidence: bool = True,
    progress: Progress | None = None,
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
        for place, result in zip(places, matcher.match([badges[place] for place in places], asked), strict=True):
            found[place] = result
            if progress is not None:
                progress(len(found), len(badges))
    return [found[place] for place in range(len(badges))]


@lru_cache(maxsize=4)
def _kept(settings: Settings, courses: tuple[CourseText, ...], _stamp: tuple[tuple[int, int], ...]) -> Matcher:
    """A matcher is made ready once for a list that stays the same: that takes seconds for a large one."""
    return open_matcher(settings, courses)
