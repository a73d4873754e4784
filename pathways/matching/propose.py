"""Badges to courses: proposals with a probability and evidence, "none fits", "elective only", or a reasoned refusal to say.

The answer is a proposal for a person to decide on. A probability means that colleges recorded such matches; it is withheld for
kinds of credential that the model was not trained on, until the institution has decided on enough of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final

from pathways.matching.candidates import candidates
from pathways.matching.courses import CourseIndex
from pathways.matching.evidence import evidence, precedents_for
from pathways.matching.features import kin
from pathways.matching.kinds import DECISIONS_NEEDED, is_trained, kind_of
from pathways.matching.model import MatchModel, Profile, ProfileName
from pathways.matching.precedents import InForce, PrecedentRow, Precedents
from pathways.matching.precedents import told as told_of
from pathways.matching.proposal import Abstention, BadgeText, CourseText, Evidence, MatchResult, Proposal
from pathways.matching.standing_out import VerySame, one_each
from pathways.matching.text import is_english
from pathways.matching.views import BadgeViews, Encode

#: Credentials among the precedents from which on the ranker looks at them all; fewer count for the very same credential alone.
#: On held-out folds 120 credentials were better than none, 60 were no better, 10 were worse.
ENOUGH: Final = 100

#: Share of answers that may be wrong, unless the caller says otherwise.
RISK: Final = 0.1


@dataclass(frozen=True)
class Asked:
    """How to answer.

    Parameters
    ----------
    k : int
        Proposals wanted, at most 10.
    risk : float
        Share of wrong answers that is acceptable; below it the matcher abstains.
    own_decisions : int
        Decisions of the asking institution on the kind of credential asked about.
    with_evidence : bool
        Whether to compare fields and outcomes of each proposal, which costs an encoding of outcomes.
    """

    k: int = 5
    risk: float = RISK
    own_decisions: int = 0
    with_evidence: bool = True


class Matcher:
    """A model, a list of courses and the precedents, made ready once; read-only after.

    Parameters
    ----------
    model : MatchModel
    courses : sequence of CourseText
    encode : callable
        From texts to unit vectors.
    precedents : sequence of PrecedentRow
        What similar credentials earned elsewhere, and what the asking institution decided itself; may be empty.
    notes : sequence of str
        Said with every result, before what is found about the courses.
    """

    def __init__(
        self, model: MatchModel, courses: Sequence[CourseText], encode: Encode, precedents: Sequence[PrecedentRow] = (),
        notes: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.model = model
        self.encode = encode
        known = {row.credential.id: row.credential for row in precedents}
        self.index = CourseIndex.build(courses, encode, tuple(known.values())) if courses else None
        self._by_title: dict[str, list[int]] = {}
        for place, group in enumerate(() if self.index is None else self.index.groups):
            self._by_title.setdefault(group.title, []).append(place)
        self.rows = tuple(precedents)
        self.notes = (*notes, *_notes(courses))
        self._take(self.rows)

    def with_own(self, decided: Sequence[PrecedentRow]) -> Matcher:
        """The same matcher with decisions of the asking institution beside its precedents; the list is not made ready again."""
        if not decided:
            return self
        other = copy(self)
        other._take((*self.rows, *decided))
        return other

    def _take(self, rows: Sequence[PrecedentRow]) -> None:
        self.told = told_of(rows)
        self.precedents = Precedents.build(rows, self.index, self.encode) if self.index is not None else None
        self._in_force = {} if self.precedents is None else InForce.by_kind(self.precedents)

    def match(self, badges: Sequence[BadgeText], asked: Asked = Asked()) -> Iterator[MatchResult]:
        """Match badges one by one, in their order.

        Parameters
        ----------
        badges : sequence of BadgeText
        asked : Asked

        Yields
        ------
        MatchResult
        """
        if self.index is None:
            yield from (self._refused(badge, "no_courses", "The list of courses is empty.") for badge in badges)
            return
        for start in range(0, len(badges), 256):
            part = badges[start : start + 256]
            views = BadgeViews.of(part, self.encode, self.index.lexicon)
            yield from (self._one(views, row, asked) for row in range(len(part)))

    def _one(self, views: BadgeViews, row: int, asked: Asked) -> MatchResult:
        badge = views.badges[row]
        assert self.index is not None
        if not badge.title.strip():
            return self._refused(badge, "no_text", "The badge has no title, so there is nothing to compare.")
        known = self._in_force.get(kind_of(badge) == "course")
        ranking = known if known is not None and known.credentials >= ENOUGH else None
        very_same = VerySame.of(badge.title, known)
        always = very_same.given.tolist()
        if ranking is None:
            listed = candidates(views, row, self.index, always=always)
        else:
            listed = candidates(
                views, row, self.index, precedents=ranking.precedents, active=ranking.active, popularity=ranking.popularity,
                always=always,
            )  # fmt: skip
        profile = self._profile(badge)
        variant = profile.alone if ranking is None else profile.with_precedents
        scores = variant.scores(listed.features) + very_same.bonus(listed.pool)
        kept = one_each(self.index.groups, listed.pool, scores)
        scored = variant.ordered(listed.pool[kept], listed.features[kept], scores[kept])
        told = is_trained(kind_of(badge), asked.own_decisions) and is_english(f"{badge.title}. {badge.description}")
        probabilities = variant.confidence.probabilities(scored)
        none_fits = variant.confidence.none_fits(scored) if told else None
        elective = None
        if told and kind_of(badge) == "course" and ranking is not None and profile.elective is not None:
            elective = float(profile.elective.predict(scored.rows[:1])[0])
        proposals = []
        for place in range(min(asked.k, len(scored.rows))):
            found = int(scored.groups[place])
            same = self._same_title(found)
            stated = float(probabilities[place]) if told else None
            spread, based_on = variant.confidence.range_of(stated) if stated is not None else (None, 0)
            proposals.append(
                Proposal(
                    badge.id, same[0], round(float(scored.scores[place]), 6), stated, spread, based_on,
                    self._evidence(views, row, found) if asked.with_evidence else Evidence(),
                    tuple(same[1:]),
                )
            )  # fmt: skip
        result = self._result(badge, tuple(proposals), none_fits, elective)
        reason, why = self._verdict(result, told, variant.confidence.threshold(asked.risk), asked)
        return replace(result, abstained=bool(reason), reason=reason, why=why)

    def _same_title(self, group: int) -> list[str]:
        """Ids of the courses of a group, then of those with its title and another description."""
        assert self.index is not None
        groups = self.index.groups
        others = (other for other in self._by_title[groups[group].title] if other != group)
        return [course.id for place in (group, *others) for course in groups[place].courses]

    def _verdict(self, result: MatchResult, told: bool, threshold: float, asked: Asked) -> tuple[Abstention, str]:
        if not told:
            return "kind_not_in_training", (
                "No record of credit given for this kind of credential, or for texts in this language, is in the training data; "
                f"no probability is stated until your institution has {DECISIONS_NEEDED} decisions of its own."
            )
        first = result.proposals[0].probability or 0.0
        if (result.none_fits or 0.0) >= 0.5:
            return "none_fits", "More likely than not, no course of this list is a recorded match."
        if (result.elective_only or 0.0) >= 0.5:
            return "elective_only", "Courses like this one mostly earned elective credit, without a course of their own."
        if first < threshold:
            return "too_uncertain", (
                f"The best match has a probability of {first:.2f}; below {min(threshold, 1.0):.2f} more than "
                f"{asked.risk:.0%} of such answers were wrong. A person should look at the list."
            )
        return "", f"Among answers this sure, at most {asked.risk:.0%} were wrong."

    def _profile(self, badge: BadgeText) -> Profile:
        """The profile whose training data looked like this: descriptions on both sides, or little more than titles."""
        assert self.index is not None
        described = bool(badge.description) and float(self.index.has_description.mean()) >= 0.5
        name: ProfileName = "described" if described else "titles"
        return self.model.profiles[name]

    def _evidence(self, views: BadgeViews, row: int, group: int) -> Evidence:
        assert self.index is not None
        shown: Any = ()
        known = self._in_force.get(kind_of(views.badges[row]) == "course")
        if known is not None:
            relatives = kin(views, row, known.precedents, known.active)
            shown = precedents_for(group, known.precedents, relatives, known.active)
        return evidence(views, row, self.index, group, encode=self.encode, precedents=shown)

    def _result(
        self, badge: BadgeText, proposals: tuple[Proposal, ...], none_fits: float | None, elective: float | None
    ) -> MatchResult:
        return MatchResult(
            badge.id, proposals, none_fits, elective, abstained=False, reason="", why="", model=self.model.name,
            trained_on=self.model.trained_on, precedents_used=0 if self.precedents is None else self.precedents.count,
            notes=self.notes, precedents=self.told,
        )  # fmt: skip

    def _refused(self, badge: BadgeText, reason: Abstention, why: str, *, none_fits: float | None = None) -> MatchResult:
        return replace(self._result(badge, (), none_fits, None), abstained=True, reason=reason, why=why)


def _notes(courses: Sequence[CourseText]) -> tuple[str, ...]:
    bare = sum(not course.description.strip() for course in courses)
    foreign = sum(not is_english(f"{course.title}. {course.description}") for course in courses)
    texts = len({(course.title.strip(), course.description.strip()) for course in courses})
    counts = (
        (bare, "have no description and are matched by their title"),
        (foreign, "seem not to be in English, which is all that the model reads"),
        (len(courses) - texts, "repeat the very text of another course and are shown with it"),
    )
    return tuple(f"{count:,} of {len(courses):,} courses {what}." for count, what in counts if count)
