"""Matches as bodies, and catalog items as the texts that are matched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from api.bodies import item_of, number
from api.errors import InputError, InputProblem
from api.review.courses import text_sha256
from api.review.matches import Match
from api.review.state import Decision
from api.review_schemas import ChangesOut, CourseOut, DecisionOut, MatchOut
from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.errors import UnknownIdError, nearest_ids
from pathways.matching.kinds import KINDS
from pathways.matching.proposal import BadgeText, CourseText


def badge_texts(catalog: Catalog, ids: Sequence[str]) -> list[BadgeText]:
    """Catalog items as badges to match.

    Raises
    ------
    InputError
        Naming every id that is not in the catalog.
    """
    problems = [
        InputProblem(f"/badges/{index}", str(UnknownIdError(name[:100], "credential", nearest_ids(name, catalog.credentials))))
        for index, name in enumerate(ids)
        if name not in catalog.credentials
    ]
    if problems:
        raise InputError(tuple(problems))
    return [badge_text(catalog.credentials[name]) for name in ids]


def badge_text(item: Credential) -> BadgeText:
    """One catalog item as a badge to match; what it does not state stays unknown."""
    return BadgeText(
        id=item.id,
        title=item.name,
        issuer=item.issuer,
        description=" ".join(filter(None, (item.description, _listed(item.competencies)))),
        outcomes=item.competencies,
        hours=None if item.hours is None else float(item.hours),
        level=item.level or "",
        kind=_kind(item),
    )


def _listed(names: Sequence[str]) -> str:
    """Skills as a sentence: what a badge teaches often stands nowhere else in its text."""
    return f"Skills: {', '.join(names)}." if names else ""


def _kind(item: Credential) -> str:
    """Kind of an item for matching: a course that no college transcribes is no college course, whatever it is called."""
    if item.type == "course" and item.transcripted is not True:
        return "micro-credential"
    return item.type if item.type in KINDS else "credential"


def text_keys(badges: Iterable[BadgeText], courses: Iterable[CourseText]) -> dict[str, str]:
    """What each side's text is now, so that a later change is seen."""
    found = {f"course:{one.id}": text_sha256(one) for one in courses}
    for badge in badges:
        parts = [badge.title, badge.issuer, badge.description, list(badge.outcomes), badge.hours, badge.level]
        found[f"badge:{badge.id}"] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return found


def match_body(match: Match, catalog: Catalog, courses: Mapping[str, CourseText]) -> MatchOut:
    """One match as people read it."""
    return MatchOut(
        id=match.id,
        version=match.version,
        tag=match.tag,
        state=match.standing.state,
        badges=[item_of(catalog, name) for name in match.badges if name in catalog.credentials],
        courses=[_course(courses[name]) for name in match.courses if name in courses],
        probability=match.probability,
        proposal=dict(match.proposal),
        proposed_by=match.proposed_by,
        disputes=match.disputes,
        made_at=match.made_at,
        decided=None if match.decided is None else _decision(match.decided),
        history=[_decision(one) for one in match.history],
    )


def _course(course: CourseText) -> CourseOut:
    return CourseOut(
        id=course.id,
        institution=course.institution,
        title=course.title,
        description=course.description,
        outcomes=list(course.outcomes),
        credits=None if course.credits is None else number(Decimal(str(course.credits))),
        level=course.level,
    )


def _decision(one: Decision) -> DecisionOut:
    changes = one.changes
    return DecisionOut(
        number=one.number,
        match_version=one.match_version,
        kind=one.kind,
        reason_code=one.reason_code,
        reason=one.reason,
        person=one.person_id,
        at=one.at,
        changes=None
        if changes.is_empty
        else ChangesOut(
            credits=None if changes.credits is None else number(changes.credits),
            min_grade=changes.min_grade,
            expires_on=None if changes.expires_on is None else changes.expires_on.isoformat(),
            conditions=changes.conditions,
        ),
        settles=one.settles,
        seen_probability=one.seen_probability,
        seen_model=one.seen_model,
    )
