"""What an institution decided itself, as precedents for its next matches.

A match of several badges says nothing of one of them alone, and a refusal of several courses nothing of one of these, so that both
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.review.bodies import badge_text
from api.review.desk import Desk
from api.review.matches import Match, Wanted
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import CourseText


def own_precedents(desk: Desk) -> tuple[PrecedentRow, ...]:
    """Decisions that stand, as precedents.

    Parameters
    ----------
    desk : Desk
        Of the institution that asks; another one's decisions are not looked at.

    Returns
    -------
    tuple of PrecedentRow
        By match; the source names decision, match and date.
    """
    decided = [*desk.matches.full(Wanted(state="approved")), *desk.matches.full(Wanted(state="rejected"))]
    courses = desk.courses.some({name for match in decided for name in match.courses})
    return tuple(row for match in decided for row in _rows(match, desk, courses))


def _rows(match: Match, desk: Desk, courses: dict[str, CourseText]) -> Iterator[PrecedentRow]:
    known, decision = desk.world.catalog.credentials, match.decided
    rejected = match.standing.state == "rejected"
    if decision is None or len(match.badges) != 1 or match.badges[0] not in known or (rejected and len(match.courses) != 1):
        return
    source = f"decision {decision.number} on match {match.id}, {decision.at[:10]}"
    for name in match.courses:
        if name in courses:
            one = courses[name]
            yield PrecedentRow(
                badge_text(known[match.badges[0]]), one.title, one.institution, source, one.code, own=True, rejected=rejected
            )
