"""What a match is: the texts compared, the evidence, the proposals and what is said about all of them together.

Plain values without behavior, so that a store, a page and a program can hold the same thing. A probability in here means
"colleges recorded this match" and is made for evaluators: it is never a learner's chance of acceptance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "description", "outcomes", "all"]

#: Why no proposal is put forward as an answer; empty when one is.
Abstention = Literal[
    "", "kind_not_in_training", "too_uncertain", "none_fits", "elective_only", "no_courses", "no_text", "not_english",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class BadgeText:
    """What a badge, certification, exam or earlier course says of itself.

    ``hours`` are clock hours of learning, ``level`` is what the text names (such as ``"graduate"``), ``kind`` one of the kinds of
    :data:`pathways.matching.kinds.KINDS`. ``subject`` is the department or field it belongs to,
    ``code`` its number where it is itself a course. Blank or None is unknown, never zero.
    """

    id: str
    title: str
    issuer: str = ""
    description: str = ""
    outcomes: tuple[str, ...] = ()
    hours: float | None = None
    level: str = ""
    kind: str = ""
    subject: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class CourseText:
    """What an institution says of one of its courses; ``credits`` are semester credits, ``code`` its subject and number."""

    id: str
    institution: str
    title: str
    description: str = ""
    outcomes: tuple[str, ...] = ()
    credits: float | None = None
    level: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A credential like this one earned credit for a course like this one, at a named institution, according to a source.

    ``rejected``: it was asked for and people said no; that speaks against the course.
    """

    credential_title: str
    course_title: str
    institution: str
    source: str
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field of the badge against one of the course.

    ``meaning`` is the cosine of the two texts' vectors, ``words`` the cosine of their weighted words and word pairs, both from
    0 to 1; None where a side is blank. ``shared`` are words that stand on both sides, rarest first.
    """

    badge_field: Field
    course_field: Field
    meaning: float | None
    words: float | None
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomePair:
    """One outcome of the badge and the course outcome (or sentence of its description) assigned to it, with their closeness."""

    badge_outcome: str
    course_outcome: str
    closeness: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a course was proposed, and what speaks against it.

    Parameters
    ----------
    fields : tuple of FieldComparison
        Field by field, titles first.
    outcome_pairs : tuple of OutcomePair
        Best assignment, each side used once; closest first.
    not_covered : tuple of str
        Outcomes of the course that no outcome of the badge comes near.
    hours : float or None
        Clock hours the badge states.
    credits : float or None
        Semester credits of the course.
    hours_expected : float or None
        Clock hours of work that many credits usually stand for; None when credits are unknown.
    level : str
        How the levels compare, in words: ``"same"``, ``"badge lower"``, ``"badge higher"`` or ``"not stated"``.
    precedents : tuple of Precedent
        Closest first; empty also when no precedents were given.
    unstated : tuple of str
        What the badge does not say and an evaluator will ask for: ``"hours"``, ``"level"``, ``"outcomes"``, ``"description"``.
    """

    fields: tuple[FieldComparison, ...] = ()
    outcome_pairs: tuple[OutcomePair, ...] = ()
    not_covered: tuple[str, ...] = ()
    hours: float | None = None
    credits: float | None = None
    hours_expected: float | None = None
    level: str = "not stated"
    precedents: tuple[Precedent, ...] = ()
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One course for one badge.

    Parameters
    ----------
    badge_id, course_id : str
    score : float
        What proposals are ordered by; only differences mean anything.
    probability : float or None
        Share of matches with such a score that colleges recorded. None for a kind of credential the model was not trained on.
    probability_range : tuple of float, or None
        Where that share may lie, given how few cases it was learned from (95 %).
    based_on : int
        Training cases with a score near this one.
    evidence : Evidence
    same_text : tuple of str
        Other courses of the list with the very same title: the same text elsewhere, or one whose description fits less well.
    """

    badge_id: str
    course_id: str
    score: float
    probability: float | None
    probability_range: tuple[float, float] | None
    based_on: int
    evidence: Evidence
    same_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchResult:
    """All that is said about one badge and one list of courses.

    Parameters
    ----------
    badge_id : str
    proposals : tuple of Proposal
        Best first; shown also when the answer is to abstain.
    none_fits : float or None
        Probability that no course of the list is a match; None where the model was not trained on this kind.
    elective_only : float or None
        Probability that it earns elective credit without a direct equivalent; None unless the badge is itself a college course.
    abstained : bool
        Whether no proposal is put forward as an answer.
    reason : str
        Why, as a code; empty when an answer is put forward.
    why : str
        The same in a sentence.
    model : str
        Name and version of the model.
    trained_on : tuple of str
        Names of the data it learned from.
    precedents_used : int
        Number of precedent rows it could look at; 0 means it worked from the texts alone.
    notes : tuple of str
        What an evaluator should know about the lists: courses without a description, texts that seem not to be in English.
    precedents : str
        Which precedents those are, in words.
    """

    badge_id: str
    proposals: tuple[Proposal, ...]
    none_fits: float | None
    elective_only: float | None
    abstained: bool
    reason: Abstention
    why: str
    model: str
    trained_on: tuple[str, ...]
    precedents_used: int
    notes: tuple[str, ...] = ()
    precedents: str = ""
