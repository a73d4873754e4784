"""Why a course is proposed for a badge, and what speaks against it: field by field, outcome by outcome, with precedents.

Nothing here changes a score. What the badge does not say is named, because an evaluator has to ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from pathways.matching.courses import CourseIndex
from pathways.matching.features import Kin
from pathways.matching.precedents import Precedents
from pathways.matching.proposal import (
    BadgeText,
    CourseText,
    Evidence,
    Field,
    FieldComparison,
    OutcomePair,
    Precedent,
)  # fmt: skip
from pathways.matching.text import content
from pathways.matching.views import BadgeViews, Encode, Lexicon, full_text, vectors

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array

#: Clock hours of class and study that one semester credit stands for: about 45 over a term (34 CFR 600.2).
HOURS_PER_CREDIT: Final = 45.0

#: Closeness from which an outcome of the course counts as covered.
COVERED: Final = 0.45

#: Precedents shown for one proposal.
SHOWN: Final = 5

_LEVELS: Final = {
    "professional-development": 0, "introductory": 1, "lower-division": 1, "undergraduate": 1, "upper-division": 2, "graduate": 3,
}  # fmt: skip


def evidence(
    views: BadgeViews, row: int, index: CourseIndex, group: int, *, encode: Encode, precedents: tuple[Precedent, ...] = ()
) -> Evidence:
    """Compare one badge with one course.

    Parameters
    ----------
    views, row : BadgeViews, int
        The badge.
    index, group : CourseIndex, int
        The course.
    encode : callable
        For outcomes and sentences; asked only where the badge lists outcomes.
    precedents : tuple of Precedent
        From `precedents_for`.

    Returns
    -------
    Evidence
    """
    badge, course = views.badges[row], index.groups[group].courses[0]
    outcomes = course_outcomes(course)
    pairs, left = assigned(badge.outcomes, outcomes, encode)
    expected = None if course.credits is None else HOURS_PER_CREDIT * course.credits
    return Evidence(
        fields=_fields(views, row, index, group),
        outcome_pairs=pairs,
        not_covered=left,
        hours=badge.hours,
        credits=course.credits,
        hours_expected=expected,
        level=compare_levels(badge.level, course.level),
        precedents=precedents,
        unstated=unstated(badge),
    )


def unstated(badge: BadgeText) -> tuple[str, ...]:
    """What a badge does not say."""
    facts = (
        ("hours", badge.hours is not None),
        ("level", badge.level),
        ("outcomes", badge.outcomes),
        ("description", badge.description),
    )
    return tuple(name for name, given in facts if not given)


def course_outcomes(course: CourseText) -> tuple[str, ...]:
    """Outcomes of a course, or the sentences of its description where it lists none.

    Examples
    --------
    >>> course_outcomes(CourseText("c", "i", "T", "Plan a lesson. Assess it."))
    ('Plan a lesson.', 'Assess it.')
    """
    if course.outcomes:
        return course.outcomes
    return tuple(part.strip() for part in re.split(r"(?<=[.;!?])\s+", course.description) if len(part.strip()) > 8)[:40]


def assigned(outcomes: Sequence[str], others: Sequence[str], encode: Encode) -> tuple[tuple[OutcomePair, ...], tuple[str, ...]]:
    """Assign outcomes of a badge to those of a course so that the sum of closeness is largest.

    Parameters
    ----------
    outcomes, others : sequence of str
        Of the badge and of the course.
    encode : callable

    Returns
    -------
    pairs : tuple of OutcomePair
        Each outcome at most once, closest first.
    left : tuple of str
        Outcomes of the course that no outcome of the badge comes near; all of them where the badge lists none.
    """
    if not outcomes or not others:
        return (), tuple(others)
    from scipy.optimize import linear_sum_assignment

    closeness = vectors(encode, outcomes) @ vectors(encode, others).T
    rows, columns = linear_sum_assignment(-closeness)
    chosen = zip(rows.tolist(), columns.tolist(), strict=True)
    pairs = [OutcomePair(outcomes[a], others[b], round(float(closeness[a, b]), 4)) for a, b in chosen]
    left = tuple(other for column, other in enumerate(others) if float(closeness[:, column].max()) < COVERED)
    return tuple(sorted(pairs, key=lambda pair: (-pair.closeness, pair.badge_outcome))), left


def compare_levels(badge: str, course: str) -> str:
    """Compare two stated levels; "not stated" where one is blank or not known.

    Examples
    --------
    >>> compare_levels("undergraduate", "graduate"), compare_levels("", "graduate")
    ('badge lower', 'not stated')
    """
    one, other = _LEVELS.get(badge.casefold()), _LEVELS.get(course.casefold())
    if one is None or other is None:
        return "not stated"
    return "same" if one == other else "badge lower" if one < other else "badge higher"


def precedents_for(group: int, precedents: Precedents, relatives: Kin, active: BoolArray) -> tuple[Precedent, ...]:
    """Precedents that point at one course: credentials like the badge that earned credit for it or for one much like it."""
    looked_at = np.unique(np.concatenate([*relatives.top.values(), relatives.issuer]))
    looked_at = looked_at[active[looked_at]]
    reach = np.asarray(precedents.near[[group]].toarray()).ravel()
    like = np.maximum.reduce([relatives.closeness[how] for how in ("title_issuer", "words", "text")])
    found: dict[Precedent, float] = {}
    for place in looked_at:
        for row, column in zip(precedents.rows[place], precedents.columns[place], strict=True):
            strength = float(like[place] * reach[column])
            if reach[column] >= 0.2 and like[place] >= 0.3:
                one = Precedent(row.credential.title, row.course_title, row.institution, row.source, row.rejected)
                found[one] = max(strength, found.get(one, 0.0))
    best = sorted(found, key=lambda one: (-found[one], one.credential_title, one.course_title, one.institution))
    return tuple(best[:SHOWN])


def _fields(views: BadgeViews, row: int, index: CourseIndex, group: int) -> tuple[FieldComparison, ...]:
    badge, course = views.badges[row], index.groups[group]
    lexicon = index.lexicon
    text, full = full_text(badge.title, badge.description), full_text(course.title, course.description)
    found = [_compared("title", "title", (badge.title, course.title), (views.title[row], index.title[group]), lexicon)]
    if badge.description and course.description:
        texts = (badge.description, course.description)
        found.append(_compared("description", "description", texts, (views.description[row], index.description[group]), lexicon))
    if badge.description or course.description:
        found.append(_compared("all", "all", (text, full), (views.text[row], index.text[group]), lexicon))
    return tuple(found)


def _compared(
    one: Field, other: Field, texts: tuple[str, str], encoded: tuple[Float32Array, Float32Array], lexicon: Lexicon
) -> FieldComparison:
    if not all(text.strip() for text in texts):
        return FieldComparison(one, other, None, None)
    rows = lexicon.words.transform(texts)
    shared = set(content(texts[0])) & set(content(texts[1]))
    ordered = sorted(shared, key=lambda word: (-lexicon.words.weight(word), word))[:12]
    meaning = float(np.clip(encoded[0] @ encoded[1], 0, 1))
    words = float((rows[[0]] @ rows[[1]].T).toarray()[0, 0])
    return FieldComparison(one, other, round(meaning, 4), round(min(words, 1.0), 4), tuple(ordered))
